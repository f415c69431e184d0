"""Fixed words of the report in both languages, and how numbers are written in each."""

from __future__ import annotations

import re

WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "colon": "\u00a0: ",
        "between": "\u00a0; ",
        "title": "Compte rendu d'intervention",
        "order": "Ordre de travail",
        "asset": "Bien",
        "author": "Intervenant",
        "date": "Date",
        "identification": "Identification",
        "complaint": "Demande de l'exploitant",
        "observations": "Constat",
        "diagnosis": "Diagnostic",
        "hypothesis": "Hypothèse",
        "check": "Contrôle",
        "expected": "Attendu",
        "reading": "Relevé",
        "conclusion": "Conclusion",
        "cause": "Cause retenue",
        "proof": "● contrôle retenu comme preuve",
        "actions": "Actions",
        "parts": "Pièces remplacées",
        "no_parts": "Aucune pièce remplacée.",
        "no_actions": "Aucune action sur la machine.",
        "no_observation": "Aucun constat noté.",
        "no_measurement": "Aucune ligne au carnet.",
        "time": "Durée",
        "cost": "Coût",
        "result": "Résultat",
        "safety": "Sécurité",
        "recommendations": "Recommandations",
        "none_written": "Aucune recommandation écrite.",
        "signature": "Signature de l'intervenant",
        "validation": "Avis et visa du professeur",
        "more": "… et {count} de plus au journal.",
        "no_declaration": "Aucune conclusion déclarée.",
        "no_fault_found": "Aucun défaut trouvé sur la machine.",
        "not_tried": "Essai de remise en service non fait.",
        "passed": "Essai de remise en service réussi :",
        "failed": "Essai de remise en service non réussi :",
        "running": "Essai de remise en service en cours :",
        "counts": "{good_parts} : {good} (il en fallait {wanted}), {bad_parts} : {bad}.",
        "no_danger": "Aucune action dangereuse relevée.",
        "danger": "Une action dangereuse relevée : {first}",
        "dangers": "{count} actions dangereuses relevées ; la première : {first}",
        "made_by": "Établi par le banc virtuel à partir du journal de l'intervention.",
    },
    "en": {
        "colon": ": ",
        "between": "; ",
        "title": "Intervention report",
        "order": "Work order",
        "asset": "Asset",
        "author": "Technician",
        "date": "Date",
        "identification": "Identification",
        "complaint": "Operator's request",
        "observations": "Findings",
        "diagnosis": "Diagnosis",
        "hypothesis": "Hypothesis",
        "check": "Check",
        "expected": "Expected",
        "reading": "Reading",
        "conclusion": "Conclusion",
        "cause": "Cause retained",
        "proof": "● check retained as proof",
        "actions": "Actions",
        "parts": "Parts replaced",
        "no_parts": "No part replaced.",
        "no_actions": "No action on the machine.",
        "no_observation": "No finding noted.",
        "no_measurement": "No line in the notebook.",
        "time": "Time",
        "cost": "Cost",
        "result": "Result",
        "safety": "Safety",
        "recommendations": "Recommendations",
        "none_written": "No recommendation written.",
        "signature": "Technician's signature",
        "validation": "Teacher's opinion and signature",
        "more": "… and {count} more in the journal.",
        "no_declaration": "No conclusion declared.",
        "no_fault_found": "No fault found on the machine.",
        "not_tried": "Return-to-service test not done.",
        "passed": "Return-to-service test passed:",
        "failed": "Return-to-service test failed:",
        "running": "Return-to-service test under way:",
        "counts": "{good_parts}: {good} ({wanted} wanted), {bad_parts}: {bad}.",
        "no_danger": "No dangerous action recorded.",
        "danger": "One dangerous action recorded: {first}",
        "dangers": "{count} dangerous actions recorded; the first: {first}",
        "made_by": "Made by the virtual bench from the journal of the intervention.",
    },
}


def decimal(text: str, language: str) -> str:
    """Numbers inside ``text`` with the decimal sign of the language ("23.94 V" -> "23,94 V" in French)."""
    return re.sub(r"(?<=\d)\.(?=\d)", ",", text) if language == "fr" else text


def money(euros: float, language: str) -> str:
    """An amount in euros, two decimals: "61,00 €" in French, "€61.00" in English."""
    return decimal(f"{euros:.2f}\u202f€", "fr") if language == "fr" else f"€{euros:.2f}"


def minutes_text(minutes: float, language: str) -> str:
    """A duration: "1 h 05 min" or "42 min"."""
    whole = round(minutes)
    if whole < 60:
        return f"{whole}\u202fmin"
    return f"{whole // 60}\u202fh {whole % 60:02d}\u202fmin"
