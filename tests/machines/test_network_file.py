"""A network file that is wrong gives one message, with its line and its mend; a right one runs from ten lines."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from etabli import cli
from etabli.machines.network_file import load_network
from etabli.machines.problem import MachineError

RIGHT = """\
title: {fr: "Lampe", en: "Lamp"}
seconds: 0.2
components:
  S1: {family: pushbutton}
  H1: {family: pilot_light, parameters: {current_a: 0.02}}
devices:
  G1: {law: lab_voltage, nodes: {plus: L+, minus: "0"}, parameters: {voltage: 24, resistance: 0.1}}
connect:
  - [L+, "S1:13"]
  - ["S1:14", "H1:X1"]
  - ["H1:X2", "0"]
inputs:
  - {to: G1.voltage, step: {at: 0.1, from: 24, to: 12}}
events:
  - {at: 0.05, press: S1}
record:
  - {value: "H1:X1", name: lamp}
  - {value: G1.current, unit: mA, scale: 1000}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "network.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_ten_lines_of_python(tmp_path: Path) -> None:
    recording = load_network(written(tmp_path, RIGHT)).run()
    assert recording.at("lamp", 0.04) == pytest.approx(0.0, abs=0.01)
    assert recording.at("lamp", 0.09) == pytest.approx(24.0, rel=0.01)
    assert recording["lamp"][-1] == pytest.approx(12.0, rel=0.01)
    assert recording["G1.current"][-1] == pytest.approx(10.0, rel=0.02)  # mA: half the voltage, half the current


@pytest.mark.parametrize(
    ("old", "new", "at", "says", "mend"),
    [
        ("family: pushbutton", "family: pushbuton", "S1:", "famille « pushbuton » inconnue", "pushbutton"),
        ("law: lab_voltage", "law: lab_voltag", "G1:", "loi « lab_voltag » inconnue", "lab_voltage"),
        ('"S1:13"]', '"S1:15"]', "S1:15", "S1 (pushbutton) n'a pas de borne S1:15", "S1:13"),
        ("current_a: 0.02", "current_b: 0.02", "H1:", "paramètre « current_b » inconnu", "current_a"),
        ("current_a: 0.02", "current_a: 9", "H1:", "hors des limites", "0.2"),
        (", resistance: 0.1", "", "G1:", "il manque resistance", "ajouter resistance"),
        ("resistance: 0.1}", "resistance: 0.1, colour: 3}", "G1:", "« colour » inconnu", "resistance"),
        ('minus: "0"', "minus: L-", "G1:", "circuit sans référence", "earth"),
        ("press: S1", "press: S7", "press:", "le composant « S7 » n'existe pas", "S1"),
        ("press: S1", "fault: H1.lamp_opne", "fault:", "n'a pas de panne « lamp_opne »", "lamp_open"),
        ("to: G1.voltage", "to: G1.volts", "- {to:", "« G1.volts » ne désigne rien", "G1.voltage"),
        ("step: {at: 0.1, from: 24, to: 12}", "table: [[1, 2], [0, 3]]", "- {to:", "croissante", "table: [["),
        ("value: G1.current", "value: G1.courant", "courant", "« G1.courant » ne désigne rien", "G1.current"),
        ("seconds: 0.2", "seconds: fast", "seconds", "doit être un nombre", "point décimal"),
        ("record:", "recorded:", "recorded:", "champ inconnu « recorded »", "record"),
        ("unit: mA", "name: lamp", "record:", "deux colonnes s'appellent « lamp »", "name"),
    ],
)
def test_one_mistake_one_message(tmp_path: Path, old: str, new: str, at: str, says: str, mend: str) -> None:
    assert old in RIGHT
    text = RIGHT.replace(old, new, 1)
    with pytest.raises(MachineError) as raised:
        load_network(written(tmp_path, text))
    fitting = [p for p in raised.value.problems if says in p.text.fr]
    assert fitting, [p.format() for p in raised.value.problems]
    lines = text.splitlines()
    assert at in lines[fitting[0].line - 1], (fitting[0].line, lines[fitting[0].line - 1])
    assert mend in fitting[0].mend.fr
    assert fitting[0].mend.en
    assert len(raised.value.problems) == 1, [p.format() for p in raised.value.problems]


@pytest.mark.parametrize("written_as", ["2e-2", "2.e-2", "2E-2", "+2e-2", "0.02"])
def test_a_number_may_have_an_exponent(tmp_path: Path, written_as: str) -> None:
    text = RIGHT.replace("current_a: 0.02", f"current_a: {written_as}")
    recording = load_network(written(tmp_path, text)).run(seconds=0.1)
    assert recording["G1.current"][-1] == pytest.approx(20.0, rel=0.02)


def test_a_tag_that_looks_like_a_number_stays_a_tag(tmp_path: Path) -> None:
    text = RIGHT.replace("L+", "1E5")
    assert load_network(written(tmp_path, text)).run(seconds=0.1)["lamp"][-1] == pytest.approx(24.0, rel=0.01)


@pytest.mark.parametrize("endless", ["components: &a {S1: *a}\n", f"record: {'[' * 3000}{']' * 3000}\n"])
def test_a_file_without_end_is_one_message(tmp_path: Path, endless: str) -> None:
    with pytest.raises(MachineError) as raised:
        load_network(written(tmp_path, endless))
    (problem,) = raised.value.problems
    assert "imbriquées sans fin" in problem.text.fr


@pytest.mark.parametrize(
    ("devices", "says"),
    [
        (
            "R1: {law: oil_orifice, nodes: {a: p, b: '0'}, parameters: {k: 5, opening: 1}}",
            "nœud fluide sans volume : p",
        ),
        ("F1: {law: lab_force, nodes: {w: p}, parameters: {force: 5}}", "nœud mécanique sans inertie : p"),
        ("H1: {law: lab_heat, nodes: {t: p}, parameters: {power: 5}}", "nœud thermique sans capacité : p"),
        (
            "Z1: {law: ac_impedance, nodes: {a: p, b: '0'}, parameters: {resistance: 0.01, reactance: 100}}",
            "presque sans pertes",
        ),
    ],
)
def test_structural_mistakes_are_said_at_their_line(tmp_path: Path, devices: str, says: str) -> None:
    with pytest.raises(MachineError) as raised:
        load_network(written(tmp_path, f"devices:\n  {devices}\nrecord: [p]\n"))
    (problem,) = raised.value.problems
    assert says in problem.text.fr
    assert problem.line == 2


def test_a_parameter_that_the_component_writes_cannot_be_driven(tmp_path: Path) -> None:
    text = RIGHT.replace("to: G1.voltage", "to: S1.contact_13.resistance")
    with pytest.raises(MachineError) as raised:
        load_network(written(tmp_path, text))
    assert raised.value.problems[0].line == 13


def test_the_command_writes_a_table_with_units(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "out.csv"
    assert (
        cli.main(["simulate", str(written(tmp_path, RIGHT)), "--seconds", "0.1", "--step", "5", "--csv", str(sheet)])
        == 0
    )
    with sheet.open(encoding="utf-8") as rows:
        table = list(csv.reader(rows))
    assert table[0] == ["t [s]", "lamp [V]", "G1.current [mA]"]
    assert len(table) == 1 + 21
    assert float(table[-1][0]) == pytest.approx(0.1)


def test_without_a_file_the_command_prints_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["simulate", str(written(tmp_path, RIGHT)), "--lang", "en"]) == 0
    printed = capsys.readouterr().out
    assert printed.splitlines()[0].split() == ["quantity", "first", "least", "most", "last"]
    assert "lamp [V]" in printed


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("--seconds", "0"), "--seconds 0 : valeur impossible → choisir entre 0,001 et 2000 s"),
        (("--seconds", "-1"), "--seconds -1 : valeur impossible"),
        (("--seconds", "nan"), "--seconds nan : valeur impossible"),
        (("--seconds", "1e9"), "--seconds 1e+09 : valeur impossible"),
        (("--step", "0"), "--step 0 : valeur impossible → choisir entre 0,001 et 1000 ms"),
        (("--step", "nan"), "--step nan : valeur impossible"),
        (("--step", "500"), "--step 500 : valeur impossible → choisir entre 0,001 et 200 ms"),
        (("--csv", "missing/x.csv"), "missing/x.csv : écriture impossible (fichier ou dossier absent)"),
        (("--csv", "."), ". : écriture impossible (c'est un dossier)"),
    ],
)
def test_an_option_that_makes_no_sense_is_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asked: tuple[str, ...],
    says: str,
) -> None:
    file = written(tmp_path, RIGHT)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["simulate", str(file), *asked]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"etabli: {says}")
    assert list(tmp_path.iterdir()) == [file], "nothing half-written stays"


def test_air_is_not_let_out_into_the_vacuum(tmp_path: Path) -> None:
    text = """\
components:
  Z1: {family: compressed_air_supply}
  V1: {family: valve_3_2}
connect:
  - ["Z1:1", "V1:1"]
  - ["V1:3", "0"]
record: ["V1:2"]
"""
    with pytest.raises(MachineError) as raised:
        load_network(written(tmp_path, text))
    (problem,) = raised.value.problems
    assert (problem.line, "vide absolu" in problem.text.fr, "silencer" in problem.mend.fr) == (6, True, True)


def test_the_first_row_is_the_instant_of_the_start(tmp_path: Path) -> None:
    """The capacitor holds what it was given, everything else is as that makes it: no value of before the network."""
    text = """\
devices:
  G1: {law: lab_voltage, nodes: {plus: in, minus: "0"}, parameters: {voltage: 12, resistance: 1}}
  R1: {law: resistor, nodes: {a: in, b: out}, parameters: {resistance: 3}}
  C1: {law: lab_capacitor, nodes: {a: out, b: "0"}, parameters: {capacitance: 0.01}}
nodes:
  out: {initial: 4}
record: [in, out]
"""
    recording = load_network(written(tmp_path, text)).run()
    assert recording["out"][0] == pytest.approx(4.0, rel=1e-6)
    assert recording["in"][0] == pytest.approx(10.0, rel=1e-6)


def test_an_event_after_the_end_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, RIGHT)
    assert cli.main(["simulate", str(path), "--seconds", "0.04", "--lang", "en"]) == 0
    assert "at 0.05 s (press S1): after the end" in capsys.readouterr().err
    assert cli.main(["simulate", str(path), "--seconds", "0.06"]) == 0
    assert capsys.readouterr().err == ""


def test_a_wrong_file_is_status_one_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["simulate", str(written(tmp_path, RIGHT.replace("lab_voltage", "battery")))]) == 1
    assert "network.yaml:7:" in capsys.readouterr().err
    assert cli.main(["simulate", str(tmp_path / "nothing.yaml")]) == 1


def test_a_step_without_a_number_names_the_culprit_and_is_status_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = RIGHT.replace(
        "G1.voltage, step: {at: 0.1, from: 24, to: 12}", "G1.resistance, step: {at: 0.1, from: 1, to: 0}"
    )
    text = text.replace('minus: "0"', "minus: M").replace('["H1:X2", "0"]', '["H1:X2", M]')
    text = text.replace(
        "connect:", "  R0: {law: resistor, nodes: {a: M, b: '0'}, parameters: {resistance: 0.1}}\nconnect:"
    )
    assert cli.main(["simulate", str(written(tmp_path, text)), "--lang", "en"]) == 3
    said = capsys.readouterr().err
    assert "G1 (lab_voltage: plus at L+" in said
    assert "resistance" in said
