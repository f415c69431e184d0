"""The intervention report: what it says, and that it is one A4 page in French and in English."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pypdf import PdfReader

from etabli.physics.text import Text
from etabli.report import Form, build_report, intervention_report

MODES = {"KM1.coil_open": Text("bobine coupée", "coil open")}


def both(fr: str, en: str) -> dict[str, str]:
    return {"fr": fr, "en": en}


def evidence(lines: int = 3, actions: int = 4) -> dict[str, Any]:
    return {
        "identification": {"machine": {"id": "poste_tri", "name": both("Poste de tri", "Sorting station")}},
        "complaint": both("Le convoyeur ne démarre plus.", "The conveyor does not start any more."),
        "observations": [{"action": "look", "text": both("KM1 reste au repos.", "KM1 stays at rest.")}],
        "readings": [],
        "notebook": [
            {
                "line": n, "hypothesis": "Bobine de KM1 coupée", "check": "KM1:A1 – KM1:A2, ohmmètre",
                "expected": "190 Ω", "reading": "OL" if n == 2 else "23.94 V", "conclusion": "bobine coupée",
            }
            for n in range(1, lines + 1)
        ],
        "actions": [
            {"action": "replace", "text": both("KM1 remplacé", "KM1 replaced"), "minutes": 15.0} for _ in range(actions)
        ],
        "parts": [{"tag": "KM1", "reference": "CTR-9-24", "price": 42.5}],
        "declared": {"tag": "KM1", "mode": "coil_open", "evidence": [2]},
        "dangers": [],
        "minutes": 64.6,
        "cost": 61.0,
        "counted": {"good": {"fr": "pièces bonnes", "en": "good parts"}, "bad": {"fr": "mauvaises", "en": "bad parts"}},
        "acceptance": {"wanted": 10, "good": 10, "bad": 0, "state": "passed"},
        "finished": {"observation": "Voyant marche éteint.", "recommendation": "Vérifier les bornes à 6 mois."},
    }  # fmt: skip


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_it_works() -> None:
    form = Form(number="OT-0042", author="Élève 1", group="1re MSPC", date="23/11/2026")
    (page,) = pages(intervention_report(evidence(), MODES, form))
    for wanted in (
        "Compte rendu d'intervention", "OT-0042", "Élève 1", "Le convoyeur ne démarre plus.", "KM1 reste au repos.",
        "Voyant marche éteint.", "bobine coupée", "23,94 V", "CTR-9-24", "42,50", "1 h 05 min", "pièces bonnes : 10",
        "Aucune action dangereuse", "Vérifier les bornes à 6 mois.",
    ):  # fmt: skip
        assert wanted in page.replace("\u202f", " ").replace("\u2019", "'"), wanted


def test_the_same_report_in_english() -> None:
    (page,) = pages(intervention_report(evidence(), MODES, Form(author="Learner 1"), "en"))
    for wanted in ("Intervention report", "The conveyor does not start", "coil open", "23.94 V", "€42.50"):
        assert wanted in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_long_intervention_still_makes_one_page_and_says_what_it_left_out(language: str) -> None:
    long = evidence(lines=40, actions=60)
    for line in long["notebook"]:
        line["conclusion"] = "le circuit est bon jusqu'à cette borne, il faut chercher plus loin en aval " * 2
    long["finished"]["recommendation"] = "Former l'exploitant au contrôle visuel quotidien. " * 12
    (page,) = pages(intervention_report(long, MODES, Form(), language))
    assert "31" in page  # 40 lines, 9 printed


def test_a_repair_is_never_left_out_for_lack_of_place() -> None:
    names = ["epi", *["open_cabinet", "padlock"] * 20, "replace", *["close_cabinet"] * 20]
    told = [{"action": name, "text": both(f"{n} {name}", f"{n} {name}")} for n, name in enumerate(names)]
    report = build_report(evidence() | {"actions": told}, MODES)
    assert "41 replace" in report.actions
    assert list(report.actions) == sorted(report.actions, key=lambda text: int(text.split()[0]))
    assert {text.split()[1] for text in report.actions} == {"padlock", "replace"}
    assert len(report.actions) + report.left_out["actions"] == len(names)


def test_a_short_diagnosis_leaves_its_place_to_the_actions() -> None:
    """Nobody is sent to the journal by a page that is half empty."""
    told = [
        {"action": "padlock", "text": both(f"action {n}, " + "bien longue à raconter " * 5, f"{n}")} for n in range(17)
    ]
    short = evidence(lines=1) | {"actions": told}
    assert build_report(short, MODES).left_out["actions"] == 0
    (page,) = pages(intervention_report(short, MODES, Form()))
    assert "action 16" in page
    crowded = evidence(lines=9) | {"actions": told}
    assert build_report(crowded, MODES).left_out["actions"] == 8


def test_a_name_and_its_value_are_joined_as_the_language_joins_them() -> None:
    french, english = (build_report(evidence(), MODES, language=language) for language in ("fr", "en"))
    assert (french.cause, english.cause) == ("KM1\u00a0: bobine coupée", "KM1: coil open")
    (page,) = pages(intervention_report(evidence(), MODES, Form(), "en"))
    assert " :" not in page


def test_lines_chosen_as_proof_come_first() -> None:
    report = build_report(evidence(), MODES)
    assert [m.proof for m in report.measurements] == [True, False, False]
    assert report.measurements[0].reading == "OL"


def test_an_unfinished_intervention_says_so() -> None:
    empty = evidence(lines=0, actions=0) | {"declared": None, "parts": [], "acceptance": None, "finished": None}
    report = build_report(empty, MODES)
    assert report.cause == "Aucune conclusion déclarée."
    assert report.result == "Essai de remise en service non fait."
    assert len(pages(intervention_report(empty, MODES))) == 1


def test_no_fault_found_is_a_conclusion() -> None:
    healthy = evidence() | {"declared": {"tag": None, "mode": None, "evidence": []}}
    assert build_report(healthy, MODES).cause == "Aucun défaut trouvé sur la machine."


def test_dangerous_actions_are_in_the_report() -> None:
    risky = evidence() | {"dangers": [{"text": both("Fil W12 débranché sous tension.", "W12 undone live.")}]}
    assert "Fil W12 débranché sous tension." in build_report(risky, MODES).safety


def test_what_a_learner_writes_is_never_markup() -> None:
    report = evidence() | {"finished": {"observation": "#panic() *gras* $x$ @ref", "recommendation": "= titre"}}
    (page,) = pages(intervention_report(report, MODES))
    assert "#panic() *gras* $x$ @ref" in page
