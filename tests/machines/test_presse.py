"""The hydraulic press: complete, run by the hands of its operator, making good parts; its faults are physics."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pytest

from etabli.components.component import Effect
from etabli.machines import Machine, drawing, list_machines, load_machine, machine_folder
from etabli.physics.law import Domain
from etabli.physics.network import Network, NodeRef, ParameterRef, StateRef
from machines.headless import Headless

POSITION = StateRef("PR1.tool", "position")
FORCE = StateRef("PR1.tool", "force")
CAP, ROD, SYSTEM = NodeRef("1A1:A"), NodeRef("1A1:B"), NodeRef("0Z6:P")


@pytest.fixture(scope="module")
def machine() -> Machine:
    return load_machine("presse")


@pytest.fixture(scope="module")
def network(machine: Machine) -> Network:
    return machine.network()


def produce(machine: Machine, *faults: str, seed: int = 1) -> Headless:
    """A press whose operator has started the pump and stands at the post; alarms of before the reset are forgotten."""
    run = Headless(machine, seed, faults)
    run.produce()
    run.alarms.clear()
    return run


def until(run: Headless, step: int, within_s: float = 15.0) -> None:
    """Run up to a step of the program."""
    end = run.time_s + within_s
    while run.plc.value("etape") != step:
        assert run.time_s < end, f"step {step} did not come"
        run.run(0.01)


# --- what it is ------------------------------------------------------------------------------------------------------


def test_it_comes_with_the_product() -> None:
    assert "presse" in list_machines()


def test_it_joins_electricity_oil_mechanics_and_heat(network: Network) -> None:
    domains = set(network.nodes.values())
    assert domains >= {
        Domain.DC, Domain.AC, Domain.HYDRAULIC, Domain.TRANSLATION, Domain.ROTATION, Domain.THERMAL
    }  # fmt: skip


def test_hoses_between_oil_ports_are_hydraulic(machine: Machine) -> None:
    assert {t.domain for t in machine.tubes.values()} == {Domain.HYDRAULIC}
    assert {machine.parts[tag].component.family for tag in machine.tubes} == {"hydraulic_hose"}


def test_its_rod_and_its_ram_are_one_node(machine: Machine) -> None:
    assert machine.node("1A1:rod") == machine.node("PR1:ram")


def test_every_component_can_be_ordered_or_belongs_to_the_building(machine: Machine) -> None:
    without = {tag for tag in machine.placed if machine.bom_line(tag) is None}
    assert without == {"G0", "E1", "E2"}


def test_its_drawings_show_every_wire_and_every_hose(machine: Machine) -> None:
    shown = "".join(drawing.folio_svg(machine, folio, "fr") for folio in drawing.folio_ids(machine))
    assert [tag for tag in (*machine.wires, *machine.tubes) if f'data-conductor="{tag}"' not in shown] == []
    assert len(drawing.folio_ids(machine)) >= 10


def test_its_mimic_follows_the_ram_the_part_and_the_hand(machine: Machine) -> None:
    mimic = drawing.mimic_svg(machine, "en")
    for channel in ("PR1.ram", "PR1.blank", "PR1.formed", "PR1.hand", "0Z1.level", "0G1.needle", "M1.speed"):
        assert f'"{channel}"' in mimic, channel
    assert 'data-control="hand"' in mimic


# --- its faults ------------------------------------------------------------------------------------------------------


def test_it_offers_many_faults(machine: Machine) -> None:
    faults = machine.faults()
    assert len(faults) >= 500
    assert len({f.mode.id for f in faults}) >= 60


def test_each_fault_changes_physics(machine: Machine, network: Network) -> None:
    same = []
    for fault in machine.faults():
        for effect in fault.mode.effects:
            if isinstance(effect, Effect):
                device, _, name = effect.target.rpartition(".")
                ref = ParameterRef(f"{fault.tag}.{device}", name)
                found = network.devices.get(ref.device) or network.sampled[ref.device]
                healthy = found.parameters[found.law.parameters.index(ref.parameter)]
                changed = effect.at(healthy, 1.0)
                assert math.isfinite(changed), fault.id
                if changed == healthy:
                    same.append(fault.id)
    assert same == []


# --- it runs ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def healthy(machine: Machine) -> Headless:
    """One minute of production without any fault."""
    run = produce(machine, seed=7)
    run.run(60.0)
    return run


def test_a_healthy_minute_makes_good_parts_without_alarm(healthy: Headless) -> None:
    counters = healthy.counters()
    assert counters["good"] >= 5
    assert counters["bad"] == 0
    assert healthy.alarms == []
    assert healthy.simulator.unresolved == 0


def test_the_counter_of_the_program_agrees_with_the_tray(healthy: Headless) -> None:
    assert healthy.plc.value("nb_pieces") - healthy.counters()["good"] in {0, 1}


def test_measured_values_are_those_of_the_documents(machine: Machine) -> None:
    run = produce(machine)
    until(run, 30)
    assert run.read(CAP) == pytest.approx(155.0, abs=8.0)
    run.run(0.25)
    assert 250e3 < run.read(FORCE) < 345e3
    assert run.read(StateRef("M1.link_U", "current")) < 22.0
    until(run, 0)
    run.hands.leave()
    run.run(8.0)
    assert run.read(machine.placed["0G1"].signal("reading")) == pytest.approx(160.0, abs=5.0)
    assert run.read(machine.placed["M1"].signal("speed")) * 30.0 / math.pi == pytest.approx(1490.0, abs=15.0)


def test_it_passes_its_acceptance_run(machine: Machine) -> None:
    run = produce(machine, seed=11)
    run.run(machine.acceptance.seconds)
    assert run.counters()["good"] >= machine.acceptance.good_parts
    assert run.counters()["bad"] <= machine.acceptance.bad_parts
    assert run.alarms == []


def test_it_slows_down_before_the_part(machine: Machine) -> None:
    run = produce(machine)
    until(run, 10)
    run.run(1.0)
    assert run.read(NodeRef("PR1:ram")) > 0.05
    until(run, 20)
    run.run(1.0)
    assert run.read(NodeRef("PR1:ram")) == pytest.approx(0.011, abs=0.003)


# --- it is safe ------------------------------------------------------------------------------------------------------


def test_one_hand_moves_nothing(machine: Machine) -> None:
    run = produce(machine)
    run.run(5.0)
    for move in run.hands.leave():
        run.operate(move.tag, move.control, move.value)
    until(run, 0, 30.0)
    run.run(1.0)
    before = run.read(POSITION)
    run.operate("S1", "pressed", 1.0)
    run.run(3.0)
    assert run.read(POSITION) == pytest.approx(before, abs=1e-3)


def test_two_hands_too_far_apart_move_nothing(machine: Machine) -> None:
    run = produce(machine)
    run.hands.leave()
    run.run(8.0)
    before = run.read(POSITION)
    run.operate("S1", "pressed", 1.0)
    run.run(1.0)
    run.operate("S2", "pressed", 1.0)
    run.run(2.0)
    assert run.read(POSITION) == pytest.approx(before, abs=1e-3)


def test_letting_go_brings_the_ram_up_again_and_counts_nothing(machine: Machine) -> None:
    run = produce(machine)
    until(run, 10)
    run.run(0.6)
    for move in run.hands.leave():
        run.operate(move.tag, move.control, move.value)
    lowest = run.read(POSITION)
    run.run(0.3)
    until(run, 0)
    assert run.read(POSITION) < lowest
    assert run.plc.value("nb_pieces") == 0


def test_the_emergency_stop_holds_the_ram_where_it_is(machine: Machine) -> None:
    run = produce(machine)
    until(run, 10)
    run.run(0.8)
    run.operate("S0", "pressed", 1.0)
    run.run(0.5)
    assert "AL_securite" in {name for _, name in run.alarms}
    stopped = run.read(POSITION)
    run.run(30.0)
    assert run.read(POSITION) == pytest.approx(stopped, abs=2e-3)
    assert abs(run.read(machine.placed["M1"].signal("speed"))) < 1.0
    run.operate("S0", "pressed", 0.0)
    run.press("S5")
    run.run(1.0)
    assert abs(run.read(machine.placed["M1"].signal("speed"))) < 1.0


def test_the_guard_stops_the_press(machine: Machine) -> None:
    run = produce(machine)
    until(run, 10)
    run.operate("S7", "open", 1.0)
    run.run(1.0)
    assert {"AL_securite", "AL_protecteur"} <= {name for _, name in run.alarms}
    stopped = run.read(POSITION)
    run.run(2.0)
    assert run.read(POSITION) == pytest.approx(stopped, abs=1e-3)


def test_the_accumulator_keeps_its_pressure_until_it_is_drained(machine: Machine) -> None:
    run = produce(machine)
    run.run(6.0)
    run.hands.leave()
    run.operate("Q1", "position", 0.0)
    run.run(20.0)
    assert run.read(SYSTEM) > 80.0
    run.operate("0V4", "position", 1.0)
    run.run(10.0)
    assert run.read(SYSTEM) < 1.0


# --- it fails --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "alarm"),
    [
        ("Q2.contact_13_14_open", "AL_moteur"),
        ("W502.open", "AL_contacteur"),
        ("AC1.star_torn", "AL_pression"),
        ("0P1.setting_low", "AL_pression"),
        ("1B1.piston_seized", "AL_pressage"),
        ("0B3.stuck_on", "AL_temperature"),
        ("0B2.float_sunk", "AL_niveau"),
        ("W522.open", "AL_montee"),
        ("KA4.coil_open", "AL_decompression"),
        ("B2.dead", "AL_capteurs"),
        ("S7.misaligned", "AL_securite"),
    ],
)
def test_the_program_sees_what_goes_wrong(machine: Machine, fault: str, alarm: str) -> None:
    run = Headless(machine, 1, (fault,))
    run.produce()
    run.run(45.0)
    assert alarm in {name for _, name in run.alarms}, run.alarms


@pytest.mark.parametrize("fault", ["PR1.scrap_in_die", "PR1.shim_lost", "1B1.set_low"])
def test_some_faults_only_spoil_the_parts(machine: Machine, fault: str) -> None:
    run = produce(machine, fault)
    run.run(60.0)
    assert run.counters()["bad"] >= 1


def test_a_lost_charge_slows_the_press_down(machine: Machine, healthy: Headless) -> None:
    run = produce(machine, "0Z5.bladder_burst", seed=7)
    run.run(60.0)
    assert run.counters()["good"] < healthy.counters()["good"]


def test_a_healthy_trial_brings_no_complaint_of_substance(machine: Machine) -> None:
    watch = Headless(machine, seed=1).trial()
    assert "rien remarqué" in watch.complaint().fr
    assert watch.answer("ram").fr.startswith("Il descend et remonte comme")


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ("F4.blown", "Rien ne s'allume"),
        ("W116.open", "La pompe"),
        ("W521.open", "le coulisseau ne descend pas"),
        ("W454.open", "reste en bas"),
        ("H2.lamp_open", "Prêt reste éteint"),
    ],
)
def test_the_complaint_is_what_was_seen(machine: Machine, fault: str, complaint: str) -> None:
    assert complaint in Headless(machine, seed=1, faults=(fault,)).trial().complaint().fr


def test_the_cooler_keeps_the_oil_at_its_temperature(tmp_path: Path) -> None:
    """Production with a quarter of the oil, so four times as fast: nearly all that the pump takes turns into heat."""
    folder = Path(shutil.copytree(machine_folder("presse"), tmp_path / "presse"))
    components = folder / "components.yaml"
    text = components.read_text(encoding="utf-8")
    assert "volume_l: 160" in text
    components.write_text(text.replace("volume_l: 160", "volume_l: 40"), encoding="utf-8")
    machine = load_machine(folder)
    temperature = machine.placed["0Z1"].signal("temperature")
    cooled, hot = produce(machine), produce(machine, "0Z4.fan_open")
    for run in (cooled, hot):
        run.run(225.0)
    assert cooled.read(temperature) == pytest.approx(47.0, abs=3.0)
    assert cooled.counters()["bad"] == 0
    assert cooled.alarms == []
    assert hot.read(temperature) > cooled.read(temperature) + 5.0
