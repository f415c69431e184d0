"""``etabli machine check``: one mistake in a machine folder gives one message, with file, line and mend."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from etabli.machines import MachineError, Problem, UnknownMachine, check_machine, load_machine, machine_folder

GOOD = machine_folder("poste_tri")


@dataclass(frozen=True)
class Mistake:
    """What is changed in the folder, and the message that must come.

    ``at`` is text of the line that the message names (0: the whole file); ``says`` is part of the French message.
    """

    name: str
    change: Callable[[Path], None]
    file: str
    at: str
    says: str
    mend: str = ""


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Replace the first ``old`` of a file."""

    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} no longer holds {old!r}: mend this test"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def append(file: str, line: str) -> Callable[[Path], None]:
    """Add a line at the end of a file."""

    def change(folder: Path) -> None:
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + f"\n{line}\n", encoding="utf-8")

    return change


def remove(file: str) -> Callable[[Path], None]:
    """Delete a file."""
    return lambda folder: (folder / file).unlink()


def empty(name: str) -> Callable[[Path], None]:
    """Delete the files of a sub-folder."""

    def change(folder: Path) -> None:
        for path in (folder / name).iterdir():
            path.unlink()

    return change


def write(file: str, content: bytes) -> Callable[[Path], None]:
    """Give a file other contents."""

    def change(folder: Path) -> None:
        (folder / file).write_bytes(content)

    return change


def without(file: str, start: str) -> Callable[[Path], None]:
    """Delete the line that starts with ``start``."""

    def change(folder: Path) -> None:
        path = folder / file
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(start)]
        assert len(kept) == len(lines) - 1, f"{file} should have one line {start!r}"
        path.write_text("".join(kept), encoding="utf-8")

    return change


COMPONENTS, WIRES, TUBES, SHEET, PROGRAM, BOM = (
    "components.yaml",
    "wires.csv",
    "tubes.csv",
    "machine.yaml",
    "program.st",
    "bom.csv",
)
WORK = """  works:
    - id: part
      when: [{reading: counter.good, over: most, above: 1}]
      gestures: [{at_s: 0, tag: S1, control: pressed, value: 1}]
      most_s: 3
"""
W501 = "W501,200,A1:Q0.0,K1:23,BU,0.75,0.6,"
T11 = "T11,1V1:4,1V2:1,4.0,1.8,blue"
KM1_TEXT = '  text: {fr: "Contacteur du convoyeur", en: "Conveyor contactor"}'

MISTAKES = (
    # --- wires.csv
    Mistake(
        "wire end left empty", replace(WIRES, W501, "W501,200,,K1:23,BU,0.75,0.6,"), WIRES, "W501,", "raccordée à rien"
    ),
    Mistake(
        "wire end without port",
        replace(WIRES, W501, "W501,200,A1,K1:23,BU,0.75,0.6,"),
        WIRES,
        "W501,",
        "n'est pas une borne",
    ),
    Mistake(
        "unknown component",
        replace(WIRES, W501, "W501,200,A1:Q0.0,K9:23,BU,0.75,0.6,"),
        WIRES,
        "W501,",
        "« K9 » n'existe pas",
        "K1",
    ),
    Mistake(
        "unknown port",
        replace(WIRES, W501, "W501,200,A1:Q0.0,K1:33,BU,0.75,0.6,"),
        WIRES,
        "W501,",
        "pas de borne « 33 »",
        "23",
    ),
    Mistake("wire to itself", replace(WIRES, W501, "W501,200,K1:23,K1:23,BU,0.75,0.6,"), WIRES, "W501,", "lui-même"),
    Mistake("DC to AC", replace(WIRES, "W502,201,K1:24,KM1:A1", "W502,201,K1:24,KM1:1"), WIRES, "W502,", "(dc)"),
    Mistake(
        "wire on an air port",
        replace(WIRES, "W502,201,K1:24,KM1:A1", "W502,201,K1:24,1V1:4"),
        WIRES,
        "W502,",
        "borne électrique",
    ),
    Mistake("duplicate wire", replace(WIRES, W501, W501.replace("W501", "W502")), WIRES, "W502,201", "existe déjà"),
    Mistake("wire tag that is no tag", replace(WIRES, "W502,", "fil502,"), WIRES, "fil502", "repère de conducteur"),
    Mistake("wire without number", replace(WIRES, "W502,201,", "W502,,"), WIRES, "W502,", "numéro du fil"),
    Mistake(
        "number of another potential",
        replace(WIRES, "W307,25,", "W307,26,"),
        WIRES,
        "W307,",
        "son potentiel porte le n° 25",
    ),
    Mistake("one number, two potentials", replace(WIRES, "W502,201,", "W502,200,"), WIRES, "W502,", "deux potentiels"),
    Mistake(
        "unknown colour",
        replace(WIRES, "W502,201,K1:24,KM1:A1,BU", "W502,201,K1:24,KM1:A1,PK"),
        WIRES,
        "W502,",
        "couleur « PK »",
    ),
    Mistake(
        "green-yellow on a control wire",
        replace(WIRES, "KM1:A1,BU", "KM1:A1,GNYE"),
        WIRES,
        "W502,",
        "ne va pas à la terre",
    ),
    Mistake(
        "earth wire that is blue", replace(WIRES, "E2:PE,M1:PE,GNYE", "E2:PE,M1:PE,BU"), WIRES, "W122,", "vert-jaune"
    ),
    Mistake(
        "decimal comma in a section",
        replace(WIRES, W501, 'W501,200,A1:Q0.0,K1:23,BU,"0,75",0.6,'),
        WIRES,
        "W501,",
        "section_mm2",
        "point décimal",
    ),
    Mistake("negative length", replace(WIRES, W501, "W501,200,A1:Q0.0,K1:23,BU,0.75,-1,"), WIRES, "W501,", "length_m"),
    Mistake(
        "missing cell",
        replace(WIRES, W501, "W501,200,A1:Q0.0,K1:23,BU,0.75,0.6"),
        WIRES,
        "W501,",
        "7 cases au lieu de 8",
    ),
    Mistake("missing column", replace(WIRES, "section_mm2,", ""), WIRES, "id,number", "colonne absente : section_mm2"),
    Mistake("unknown column", replace(WIRES, "cable\n", "cable,\n"), WIRES, "id,number", "colonne inconnue"),
    Mistake(
        "broken quotes",
        replace(WIRES, W501, 'W501,"200"x,A1:Q0.0,K1:23,BU,0.75,0.6,'),
        WIRES,
        "W501,",
        "ligne illisible",
    ),
    Mistake(
        "bridged terminals joined again",
        append(WIRES, "W599,10,X1:1,X1:3,BU,0.75,0.2,"),
        WIRES,
        "W599,",
        "déjà pontées",
    ),
    Mistake(
        "three wires on a terminal", append(WIRES, "W599,14,S3:13,X1:8,BU,0.75,0.2,"), WIRES, "W599,", "reçoit 3 fils"
    ),
    Mistake("coil with one wire", without(WIRES, "W503,"), COMPONENTS, "KM1:", "KM1:A2", "wires.csv"),
    Mistake("contact with one wire", without(WIRES, "W308,"), COMPONENTS, "KM1:", "KM1:22"),
    Mistake("0 V not earthed", without(WIRES, "W203,"), COMPONENTS, "G1:", "n'est pas relié à la terre"),
    Mistake("wires file missing a byte of UTF-8", write(WIRES, b"id,number\n\xff\n"), WIRES, "", "UTF-8"),
    # --- tubes.csv
    Mistake(
        "tube on a terminal", replace(TUBES, T11, "T11,1V1:A1,1V2:1,4.0,1.8,blue"), TUBES, "T11,", "orifice pneumatique"
    ),
    Mistake("tube forgotten", without(TUBES, "T02,"), COMPONENTS, "0Z1:", "0Z1:2"),
    Mistake("two tubes in one port", append(TUBES, "T99,1V1:4,2V2:1,4.0,1.8,blue"), TUBES, "T99,", "2 tubes"),
    Mistake("tube colour", replace(TUBES, T11, T11.replace("blue", "bleu")), TUBES, "T11,", "couleur « bleu »", "blue"),
    Mistake("tube diameter", replace(TUBES, T11, T11.replace("4.0", "0.4")), TUBES, "T11,", "diameter_mm", "1 et 50"),
    # --- components.yaml
    Mistake(
        "YAML syntax",
        replace(COMPONENTS, KM1_TEXT, '  text: {fr: "Contacteur", en: "Contactor"'),
        COMPONENTS,
        "",
        "YAML illisible",
    ),
    Mistake(
        "tag written twice",
        append(COMPONENTS, "KM1:\n  family: contactor"),
        COMPONENTS,
        "KM1:\n  family: contactor\n$",
        "écrit deux fois",
    ),
    Mistake(
        "not a tag", append(COMPONENTS, "moteur:\n  family: gearbox"), COMPONENTS, "moteur:", "n'est pas un repère"
    ),
    Mistake(
        "unknown family",
        replace(COMPONENTS, "family: contactor", "family: contacteur"),
        COMPONENTS,
        "family: contacteur",
        "famille « contacteur » inconnue",
        "contactor",
    ),
    Mistake(
        "family of a wire",
        replace(COMPONENTS, "family: contactor", "family: wire"),
        COMPONENTS,
        "family: wire",
        "wires.csv",
    ),
    Mistake("no family", replace(COMPONENTS, "  family: contactor\n", ""), COMPONENTS, "KM1:", "il manque « family »"),
    Mistake(
        "unknown field",
        replace(COMPONENTS, KM1_TEXT, KM1_TEXT + "\n  couleur: rouge"),
        COMPONENTS,
        "couleur: rouge",
        "champ inconnu",
    ),
    Mistake(
        "text in one language",
        replace(COMPONENTS, KM1_TEXT, '  text: {fr: "Contacteur"}'),
        COMPONENTS,
        '  text: {fr: "Contacteur"}',
        "en français et en anglais",
    ),
    Mistake(
        "unknown location",
        replace(COMPONENTS, "location: panel", "location: pupitre"),
        COMPONENTS,
        "location: pupitre",
        "lieu « pupitre » inconnu",
    ),
    Mistake(
        "unknown parameter",
        replace(COMPONENTS, "opening: 0.10", "ouverture: 0.10"),
        COMPONENTS,
        "ouverture: 0.10",
        "paramètre « ouverture » inconnu",
    ),
    Mistake(
        "parameter out of range",
        replace(COMPONENTS, "opening: 0.10", "opening: 10"),
        COMPONENTS,
        "opening: 10",
        "hors des limites",
        "entre 0 et 1",
    ),
    Mistake(
        "parameter with a unit",
        replace(COMPONENTS, "opening: 0.10", 'opening: "0,1 bar"'),
        COMPONENTS,
        "opening: ",
        "n'est pas un nombre",
    ),
    Mistake(
        "parameter that is not a choice",
        replace(COMPONENTS, "colour: blue", "colour: bleu"),
        COMPONENTS,
        "colour: bleu",
        "n'est pas un choix",
    ),
    Mistake(
        "station of the conveyor",
        replace(COMPONENTS, "detects: metal}", "detects: iron}"),
        COMPONENTS,
        "  parameters:\n$",
        "stations.metal",
    ),
    Mistake(
        "unknown reference",
        replace(COMPONENTS, "ET-CTR-09BD", "ET-CTR-09BDX"),
        COMPONENTS,
        "ET-CTR-09BDX",
        "nomenclature",
        "ET-CTR-09BD",
    ),
    Mistake(
        "component without wires",
        append(COMPONENTS, 'KA9:\n  family: relay\n  text: {fr: "Relais", en: "Relay"}\n  location: cabinet'),
        COMPONENTS,
        "KA9:",
        "raccordé à aucun fil",
    ),
    # --- machine.yaml
    Mistake("sheet missing", remove(SHEET), SHEET, "", "fichier absent"),
    Mistake(
        "coupling of different kinds",
        replace(SHEET, "[M1:shaft, RD1:in]", "[M1:U, RD1:in]"),
        SHEET,
        "[M1:U, RD1:in]",
        "domaines différents",
    ),
    Mistake(
        "unknown enclosure", replace(SHEET, "enclosed: cover", "enclosed: covr"), SHEET, "panel:", "« covr » inconnu"
    ),
    Mistake("coupling of one port", replace(SHEET, "[S4:13, S4:23]", "[S4:13]"), SHEET, "[S4:13]", "au moins deux"),
    Mistake(
        "shaft that drives nothing",
        replace(SHEET, "  - [TR1:out, CV1:drive]\n", ""),
        COMPONENTS,
        "TR1:",
        "n'entraîne rien",
    ),
    Mistake(
        "unknown signal",
        replace(SHEET, "B4.target: CV1.at_exit", "B4.target: CV1.at_end"),
        SHEET,
        "B4.target",
        "signal « at_end »",
    ),
    Mistake("unknown link", replace(SHEET, "B4.target:", "B4.cible:"), SHEET, "B4.cible", "pas d'entrée « cible »"),
    Mistake(
        "sensor that follows nothing",
        replace(SHEET, "  3B2.target: 3A1.position\n", ""),
        SHEET,
        "links:",
        "3B2.target manque",
    ),
    Mistake("unknown section", append(SHEET, "acceptation: {}"), SHEET, "acceptation:", "champ inconnu", "acceptance"),
    Mistake(
        "acceptance forgotten",
        replace(SHEET, "acceptance: {good_parts: 10, seconds: 180, bad_parts: 0}\n", ""),
        SHEET,
        "",
        "il manque « acceptance »",
    ),
    Mistake(
        "acceptance of no part",
        replace(SHEET, "good_parts: 10", "good_parts: 0"),
        SHEET,
        "good_parts: 0",
        "hors limites",
    ),
    Mistake(
        "unknown panel control",
        replace(SHEET, "{tag: S1, control: pressed", "{tag: S1, control: poussé"),
        SHEET,
        "{tag: S1,",
        "pas de commande « poussé »",
    ),
    Mistake(
        "panel item of no component",
        replace(SHEET, "{tag: H1, row: 0", "{tag: H7, row: 0"),
        SHEET,
        "{tag: H7",
        "« H7 » n'existe pas",
    ),
    Mistake(
        "two items at one place",
        replace(SHEET, "row: 0, column: 2, engraved", "row: 0, column: 1, engraved"),
        SHEET,
        "{tag: S2,",
        "au même endroit",
    ),
    Mistake("unknown PLC", replace(SHEET, "plc: A1", "plc: A2"), SHEET, "plc: A2", "l'automate « A2 »"),
    Mistake(
        "operator reads what nobody sees",
        replace(SHEET, "reading: 3A1.rod", "reading: 3A1.pressure_a"),
        SHEET,
        "reading: 3A1.pressure_a",
        "ne montre pas",
    ),
    Mistake(
        "operator counts what is not counted",
        replace(SHEET, "reading: counter.jams", "reading: counter.bourrages"),
        SHEET,
        "counter.bourrages",
        "compteur",
    ),
    Mistake(
        "condition with two comparisons",
        replace(SHEET, "{reading: counter.jams, above: 0.5}", "{reading: counter.jams, above: 0.5, below: 3}"),
        SHEET,
        "counter.jams",
        "une et une seule comparaison",
    ),
    Mistake(
        "operator starts with an unknown control",
        replace(SHEET, "tag: S3, control: pressed, value: 1", "tag: S3, control: turned, value: 1"),
        SHEET,
        "control: turned",
        "pas de commande",
    ),
    Mistake(
        "operator works over a trial",
        replace(SHEET, "  complaints:\n", WORK + "  complaints:\n"),
        SHEET,
        "over: most",
        "instant présent",
    ),
    Mistake(
        "document missing",
        remove("documents/maintenance.fr.md"),
        SHEET,
        "file: documents/maintenance",
        "version française",
    ),
    Mistake(
        "document without translation",
        remove("documents/maintenance.en.md"),
        SHEET,
        "file: documents/maintenance",
        "version anglaise",
    ),
    Mistake(
        "empty document", write("documents/notice.fr.md", b"# Notice\n"), "documents/notice.fr.md", "# Notice", "vide"
    ),
    Mistake(
        "document about an unknown component",
        append("documents/notice.fr.md", "Voir aussi `KM7`."),
        "documents/notice.fr.md",
        "`KM7`",
        "« KM7 »",
    ),
    # --- program.st
    Mistake("program missing", remove(PROGRAM), PROGRAM, "", "fichier absent"),
    Mistake(
        "program error",
        replace(PROGRAM, "bande := en_marche", "bande := en_marchee"),
        PROGRAM,
        "bande := en_marchee",
        "colonne",
    ),
    Mistake(
        "variable without address",
        replace(PROGRAM, "B4_sortie      AT %IX1.4 : BOOL", "B4_sortie : BOOL"),
        PROGRAM,
        "B4_sortie : BOOL",
        "n'a pas d'adresse",
        "%IX1.4",
    ),
    Mistake(
        "address that is not on the card",
        replace(PROGRAM, "H2_ronfleur    AT %QX1.1", "H2_ronfleur    AT %QX3.1"),
        PROGRAM,
        "H2_ronfleur    AT",
        "n'existe pas sur la carte",
    ),
    Mistake(
        "channel used but not wired",
        replace(WIRES, "A1:I1.4,", "A1:I2.3,"),
        PROGRAM,
        "B4_sortie",
        "rien n'est câblé sur A1:I1.4",
    ),
    Mistake(
        "input-output table against program",
        replace(SHEET, "variable: B4_sortie", "variable: B44_sortie"),
        SHEET,
        "B44_sortie",
        "n'est pas dans le programme",
    ),
    Mistake(
        "channel that is not on the card",
        replace(SHEET, "  Q1.1: {variable", "  Q7.1: {variable"),
        SHEET,
        "Q7.1:",
        "la voie Q7.1",
    ),
    Mistake(
        "alarm without variable",
        replace(SHEET, "  AL_tri:", "  AL_trie:"),
        SHEET,
        "AL_trie:",
        "alarme AL_trie",
        "AL_tri",
    ),
    # --- bom.csv
    Mistake("bill of materials missing", remove(BOM), BOM, "", "fichier absent"),
    Mistake("price in words", replace(BOM, ",38.40,2,2", ",cher,2,2"), BOM, "ET-CTR-09BD", "price_eur « cher »"),
    Mistake(
        "half a part in stock",
        replace(BOM, ",38.40,2,2", ",38.40,2.5,2"),
        BOM,
        "ET-CTR-09BD",
        "stock « 2.5 »",
        "entier",
    ),
    Mistake(
        "reference given twice",
        append(BOM, "ET-CTR-09BD,Contacteur,Contactor,38.40,2,2"),
        BOM,
        "ET-CTR-09BD,Contacteur,",
        "déjà donnée",
    ),
    Mistake("line missing", without(BOM, "ET-MOT-71-037,"), COMPONENTS, "reference: ET-MOT-71-037", "nomenclature"),
    # --- drawings
    Mistake(
        "element without component",
        replace("folios/01_puissance.yaml", "tag: KM1", "tag: KM8"),
        "folios/01_puissance.yaml",
        "tag: KM8",
        "sans composant",
    ),
    Mistake(
        "symbol that the family has not",
        replace("folios/01_puissance.yaml", "tag: KM1, symbol: main", "tag: KM1, symbol: bobine"),
        "folios/01_puissance.yaml",
        "symbol: bobine",
        "pas de symbole « bobine »",
        "main",
    ),
    Mistake(
        "terminal that the strip has not",
        replace("folios/01_puissance.yaml", "strip: X0, ports: [1, 2, 3]", "strip: X0, ports: [1, 2, 33]"),
        "folios/01_puissance.yaml",
        "ports: [1, 2, 33]",
        "pas de borne « 33 »",
    ),
    Mistake(
        "folio without title",
        replace("folios/01_puissance.yaml", "title:", "titre:"),
        "folios/01_puissance.yaml",
        "",
        "titre",
    ),
    Mistake(
        "device of the cabinet without component",
        replace("cabinet.yaml", "tag: F4,", "tag: F9,"),
        "cabinet.yaml",
        "tag: F9,",
        "sans composant",
        "F4",
    ),
    Mistake(
        "item of the mimic without component",
        replace("mimic.yaml", "tag: TR1,", "tag: TR7,"),
        "mimic.yaml",
        "tag: TR7,",
        "sans composant",
        "TR1",
    ),
    Mistake("no folio", empty("folios"), "folios", "", "aucun folio"),
    Mistake("cabinet missing", remove("cabinet.yaml"), "cabinet.yaml", "", "fichier absent"),
    Mistake("mimic missing", remove("mimic.yaml"), "mimic.yaml", "", "fichier absent"),
)

FOLLOWING = {
    # What is taken away or joined has two ends, and each is named.
    "contact with one wire": 1,
    "tube forgotten": 1,
    "two tubes in one port": 1,
    "shaft that drives nothing": 1,
    # A channel, a variable or a link written wrong leaves the right one out.
    "channel used but not wired": 1,
    "channel that is not on the card": 1,
    "address that is not on the card": 2,
    "variable without address": 2,
    "input-output table against program": 1,
    "unknown link": 1,
    "element without component": 1,
    "component without wires": 1,
}
"""Mistakes that rightly show at a second place."""


@pytest.fixture(scope="module")
def known() -> frozenset[Problem]:
    """Problems of the machine as it is (none once its drawings are complete)."""
    return frozenset(check_machine(GOOD))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sorting station that a test may spoil."""
    return Path(shutil.copytree(GOOD, tmp_path / "poste_tri"))


def line_of(folder: Path, file: str, at: str) -> int | None:
    """Number of the first (with a final $: the last) line that holds ``at``; None where any line is right."""
    if not at:
        return None
    wanted, last = at.split("\n")[0], at.endswith("$")
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    found = [number for number, line in enumerate(lines, start=1) if wanted in line]
    return found[-1 if last else 0]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda m: m.name)
def test_one_mistake_one_message(mistake: Mistake, folder: Path, known: frozenset[Problem]) -> None:
    mistake.change(folder)
    found = [p for p in check_machine(folder) if p not in known]
    fitting = [p for p in found if mistake.says in p.text.fr or mistake.says in p.mend.fr]

    assert fitting, [p.format() for p in found]
    problem = fitting[0]
    assert problem.file == mistake.file
    assert line_of(folder, mistake.file, mistake.at) in (None, problem.line)
    assert mistake.mend in problem.mend.fr
    assert problem.mend.fr
    assert problem.mend.en
    assert problem.text.en
    assert len(found) <= 1 + FOLLOWING.get(mistake.name, 0), [p.format() for p in found]


def test_at_least_forty_mistakes_are_tried() -> None:
    assert len({m.name for m in MISTAKES}) >= 40


def test_the_sorting_station_is_right(known: frozenset[Problem]) -> None:
    assert [p.format() for p in known] == []


def test_loading_a_broken_machine_says_all_that_is_wrong(folder: Path) -> None:
    replace(WIRES, W501, "W501,200,A1:Q0.0,K9:23,BU,0.75,0.6,")(folder)
    replace(TUBES, T11, T11.replace("4.0", "quatre"))(folder)
    with pytest.raises(MachineError) as raised:
        load_machine(folder)
    files = {p.file for p in raised.value.problems}
    assert {WIRES, TUBES} <= files
    assert "tubes.csv:" in str(raised.value)
    assert "(+ 1)" in str(raised.value)


def test_an_unknown_machine_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownMachine, match="poste_tri"):
        load_machine("poste_de_tri")


def test_a_folder_without_machine_says_what_to_create(tmp_path: Path) -> None:
    problems = check_machine(tmp_path)
    assert {"machine.yaml", "components.yaml"} <= {p.file for p in problems}


def test_a_structural_mistake_is_said_at_its_component(folder: Path) -> None:
    """A motor whose windings lose almost nothing: the solver's pivots would lose their digits."""
    values = "{stator_ohm: 0.01, stator_reactance_ohm: 500, rotor_ohm: 0.01, rotor_reactance_ohm: 500}"
    motor = "  family: induction_motor\n"
    replace("components.yaml", motor, f"{motor}  parameters: {values}\n")(folder)
    found = [p for p in check_machine(folder) if "sans pertes" in p.text.fr]
    assert found, [p.format() for p in check_machine(folder)]
    assert "M1." in found[0].text.en
    lines = (folder / "components.yaml").read_text(encoding="utf-8").splitlines()
    assert lines[found[0].line - 1] == "M1:"
