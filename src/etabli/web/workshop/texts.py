"""Words that the scripts of the bench page show, in the language of the page."""

from __future__ import annotations

from django.utils.translation import gettext as _


def bench_texts() -> dict[str, str]:
    """Return every sentence of the modules in ``static/workshop``; ``{name}`` marks what they fill in."""
    return {
        # link
        "connecting": _("connexion…"),
        "online": _("en ligne"),
        "waiting": _("liaison perdue, nouvel essai dans {seconds} s"),
        "lost": _(
            "La liaison avec l’atelier est coupée : l’action n’a pas été confirmée. "
            "Vérifiez l’état après la reconnexion."
        ),
        "back_online": _("Liaison rétablie."),
        "refused_4400": _("La page et le serveur ne se comprennent plus : rechargez la page."),
        "refused_4401": _("Vous n’êtes plus connecté : ouvrez de nouveau votre session."),
        "refused_4404": _("Ce poste n’existe pas, ou il n’est pas à vous."),
        "refused_4409": _("Ce poste ne peut pas être ouvert."),
        "refused_4429": _("Trop de commandes ont été envoyées : rechargez la page."),
        "refused": _("Le serveur a fermé la liaison."),
        "two_pages": _("{count} pages ouvertes sur ce poste : elles agissent sur la même machine."),
        "host_lost": _("Le moteur de simulation s’est arrêté ; il redémarre et rejoue le journal. Rien n’est perdu."),
        "host_back": _("Le moteur de simulation a redémarré : le poste est revenu là où il était."),
        "host_dead": _(
            "Le poste ne peut pas être rouvert pour le moment. Prévenez votre enseignant ; le journal est conservé."
        ),
        # clock
        "machine_paused": _("Machine en pause."),
        "machine_runs": _("La machine tourne."),
        "slow_motion": _("Ralenti : un cinquième de la vitesse."),
        "reset_title": _("Recommencer l’intervention ?"),
        "reset_text": _(
            "La machine revient à son état de départ, avec la même panne. Le journal actuel est conservé à part."
        ),
        "reset_yes": _("Recommencer"),
        # display
        "meter": _("Multimètre"),
        "clamp": _("Pince ampèremétrique"),
        "gauge": _("Manomètre"),
        "tachometer": _("Tachymètre"),
        "vat": _("VAT"),
        "status_ol": _("dépassement de calibre"),
        "status_fus": _("fusible de l’appareil fondu"),
        "status_beep": _("continuité : l’appareil sonne"),
        "status_unstable": _("valeur instable"),
        "status_off": _("appareil à l’arrêt"),
        "fuse_ok": _("Fusible 10 A : bon"),
        "fuse_blown": _("Fusible 10 A : fondu"),
        "lifted": _("levée"),
        "probe_red": _("Pointe rouge"),
        "probe_black": _("Pointe noire"),
        "probe_red_on": _("Pointe rouge sur {point}."),
        "probe_black_on": _("Pointe noire sur {point}."),
        "reading_is": _("Lecture : {value}."),
        "no_reading": _("Aucune mesure à insérer : posez d’abord un appareil."),
        # components
        "location": _("Emplacement"),
        "reference": _("Référence"),
        "price": _("Prix"),
        "stock": _("En stock"),
        "number": _("Repère"),
        "between": _("Relie"),
        "components": _("Composants"),
        "wires": _("Fils"),
        "tubes": _("Tuyaux"),
        "minutes": _("{minutes} min"),
        "range": _("de {minimum} à {maximum}"),
        "disconnect": _("Débrancher {point}"),
        "reconnect": _("Rebrancher {point}"),
        "select": _("Voir {tag}"),
        "on": _("1"),
        "off": _("0"),
        "position": _("position {value}"),
        "push": _("Appuyer"),
        "hold": _("Maintenir"),
        "let_go": _("Relâcher"),
        "latched": _("Enfoncé"),
        "unlatched": _("Déverrouillé"),
        "replace_title": _("Remplacer {tag} ?"),
        "replace_text": _("Pièce neuve sortie du magasin : {price}, {minutes} min de travail."),
        "replace_yes": _("Remplacer"),
        # lock-out
        "door_open": _("L’armoire est ouverte."),
        "door_closed": _("L’armoire est fermée."),
        "open_door": _("Ouvrir l’armoire"),
        "close_door": _("Fermer l’armoire"),
        "switch_off": _("Couper"),
        "switch_on": _("Remettre"),
        "padlock": _("Poser le cadenas"),
        "remove_padlock": _("Retirer le cadenas"),
        "label": _("Poser l’étiquette"),
        "remove_label": _("Retirer l’étiquette"),
        "is_on": _("en service"),
        "is_off": _("coupé"),
        "is_locked": _("cadenassé"),
        "is_labelled": _("étiqueté"),
        "no_danger": _("Aucune."),
        "accident": _("accident"),
        # notebook, conclusion
        "line": _("Ligne {number}"),
        "edit_line": _("Modifier la ligne {number}"),
        "hypothesis": _("Hypothèse"),
        "check": _("Contrôle"),
        "expected": _("Attendu"),
        "reading": _("Relevé"),
        "conclusion": _("Conclusion"),
        "no_note": _("Le carnet est vide : notez d’abord une hypothèse et un contrôle."),
        "noted": _("Ligne notée."),
        "no_evidence": _("Aucune ligne au carnet."),
        "declared": _("Déclaré : {cause}."),
        "no_fault": _("aucun défaut"),
        "good_of": _("{good} {good_parts} sur {wanted}, {bad} {bad_parts}"),
        "running": _("essai en cours"),
        "passed": _("essai réussi"),
        "failed": _("essai manqué"),
        "step_done": _("fait"),
        "step_now": _("étape en cours"),
        # drawings, documents
        "drawing_failed": _("Ce dessin n’a pas pu être chargé. Rechargez la page."),
        "document_failed": _("Ce document n’a pas pu être chargé. Rechargez la page."),
        "cycle": _("cycle {seconds}"),
        # programmable controller
        "connect_console": _("Connecter la console"),
        "disconnect_console": _("Débrancher la console"),
        "force_0": _("Forcer {name} à 0"),
        "force_1": _("Forcer {name} à 1"),
        "release": _("Libérer {name}"),
        # chronogram
        "freeze": _("Figer"),
        "follow": _("Reprendre"),
        "time_s": _("temps (s)"),
        "seen": _("vu sur la machine"),
        "console_channels": _("lu par la console"),
        "instrument": _("appareil de mesure"),
        "too_many": _("Seize voies au plus : retirez-en une."),
        # study
    }
