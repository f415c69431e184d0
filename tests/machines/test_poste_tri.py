"""The sorting station: it is complete, it runs, it sorts, and every one of its faults is physics."""

from __future__ import annotations

import math

import pytest

from etabli.components.component import Effect, Swap
from etabli.machines import Machine, list_machines, load_machine
from etabli.physics.law import Domain
from etabli.physics.network import Network, ParameterRef, StateRef
from machines.headless import Headless


@pytest.fixture(scope="module")
def machine() -> Machine:
    return load_machine("poste_tri")


@pytest.fixture(scope="module")
def network(machine: Machine) -> Network:
    return machine.network()


def parameter(network: Network, ref: ParameterRef) -> float:
    """Healthy value of a parameter; raises ``KeyError`` when the network has none of this name."""
    device = network.devices.get(ref.device) or network.sampled[ref.device]
    return device.parameters[device.law.parameters.index(ref.parameter)]


# --- what it is ------------------------------------------------------------------------------------------------------


def test_it_comes_with_the_product() -> None:
    assert "poste_tri" in list_machines()


def test_loading_twice_gives_the_same_machine(machine: Machine) -> None:
    assert load_machine(machine.folder) is machine


def test_its_size_is_that_of_a_small_cell(network: Network) -> None:
    assert 150 <= network.unknowns <= 260


def test_it_joins_four_technologies(network: Network) -> None:
    domains = set(network.nodes.values())
    assert {Domain.DC, Domain.AC, Domain.PNEUMATIC, Domain.TRANSLATION, Domain.ROTATION, Domain.THERMAL} <= domains


def test_coupled_ports_are_one_node(machine: Machine, network: Network) -> None:
    assert machine.node("1A1:A") == machine.node("1V2:2")
    assert machine.node("X1:12") == machine.node("X1:20")
    assert machine.node("W501:b") == machine.node("K1:23")
    assert machine.node("M1:shaft") in network.nodes


def test_a_loose_wire_end_is_a_node_of_its_own(machine: Machine) -> None:
    loose = machine.network(moved={"W502:b": "W502:b"})
    assert "W502:b" in loose.nodes
    assert loose.devices["KM1.coil"].nodes[0] == "KM1:A1"


def test_a_wire_can_be_moved_to_another_terminal(machine: Machine) -> None:
    moved = machine.network(moved={"W502:b": "KM1:A2"})
    assert "KM1:A2" in {node for name, d in moved.devices.items() if name.startswith("W502.") for node in d.nodes}


def test_wires_of_one_potential_share_a_number_and_a_colour_code(machine: Machine) -> None:
    numbers = {w.number for w in machine.wires.values() if machine.node(w.a) == machine.node("X1:12")}
    assert numbers == {"0"}
    assert {w.colour.code for w in machine.wires.values() if w.number in {"L1", "L2", "L3"}} == {"OG"}


def test_every_component_can_be_ordered_or_belongs_to_the_building(machine: Machine) -> None:
    without = {tag for tag in machine.placed if machine.bom_line(tag) is None}
    assert without == {"G0", "E1", "E2", "0P1"}


def test_documents_are_in_both_languages(machine: Machine) -> None:
    assert {d.id for d in machine.documents} == {"notice", "fonctionnelle", "maintenance", "consignation"}
    assert all(set(d.files) == {"fr", "en"} for d in machine.documents)


# --- its faults ------------------------------------------------------------------------------------------------------


def test_it_offers_many_faults(machine: Machine) -> None:
    faults = machine.faults()
    assert len({f.id for f in faults}) == len(faults)
    assert len(faults) >= 500
    assert len({f.mode.id for f in faults}) >= 60


def test_every_component_wire_and_tube_can_fail(machine: Machine) -> None:
    failing = {f.tag for f in machine.faults()}
    assert set(machine.wires) | set(machine.tubes) <= failing
    # Terminal blocks without a cross-connection bar and earth bars have nothing that fails but their wires.
    assert set(machine.placed) - failing <= {"X0", "X1", "E1", "E2"}


def test_each_fault_changes_physics(machine: Machine, network: Network) -> None:
    same = []
    for fault in machine.faults():
        for effect in fault.mode.effects:
            if isinstance(effect, Effect):
                device, _, name = effect.target.rpartition(".")
                healthy = parameter(network, ParameterRef(f"{fault.tag}.{device}", name))
                changed = effect.at(healthy, 1.0)
                assert math.isfinite(changed), fault.id
                if changed == healthy:
                    same.append(fault.id)
    assert same == []


def test_crossed_hoses_change_the_network(machine: Machine, network: Network) -> None:
    crossed = [(f, e) for f in machine.faults() for e in f.mode.effects if isinstance(e, Swap)]
    assert crossed
    for fault, swap in crossed:
        other = machine.network([(fault.tag, swap)])
        assert other.unknowns == network.unknowns
        assert other.devices != network.devices, fault.id


def test_fault_texts_name_the_component(machine: Machine) -> None:
    fault = machine.fault("KM1.coil_open")
    assert fault.text.fr.startswith("KM1 (Contacteur du convoyeur) : ")
    assert "KM1" in fault.text.en


# --- it runs ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def healthy(machine: Machine) -> Headless:
    """One minute of production without any fault."""
    run = Headless(machine, seed=7)
    run.start()
    run.alarms.clear()  # before the first reset the safety relay is off, and the PLC says so
    run.run(60.0)
    return run


def test_a_healthy_minute_sorts_parts_without_alarm(healthy: Headless) -> None:
    counters = healthy.counters()
    assert counters["good"] >= 8
    assert counters["bad"] == counters["jams"] == counters["lost"] == 0
    assert healthy.alarms == []
    assert healthy.simulator.unresolved == 0


def test_the_counters_of_the_program_agree_with_the_bins(healthy: Headless) -> None:
    counters = healthy.counters()
    assert healthy.plc.value("nb_metal") - counters["ejector_1_good"] in {0, 1}
    assert healthy.plc.value("nb_haute") - counters["ejector_2_good"] in {0, 1}
    assert healthy.plc.value("nb_basse") - counters["end_good"] in {0, 1}


def test_measured_values_are_those_of_the_documents(healthy: Headless, machine: Machine) -> None:
    speed_rpm = healthy.read(machine.placed["M1"].signal("speed")) * 30.0 / math.pi
    assert speed_rpm == pytest.approx(1480.0, abs=15.0)
    assert healthy.read(StateRef("M1.link_U", "current")) == pytest.approx(0.8, abs=0.1)
    assert healthy.read(machine.placed["0Z1"].signal("reading")) == pytest.approx(6.0, abs=0.2)
    assert healthy.read(machine.placed["CV1"].signal("belt_speed")) == pytest.approx(0.3, abs=0.02)


def test_it_passes_its_acceptance_run(machine: Machine) -> None:
    run = Headless(machine, seed=11)
    run.start()
    run.alarms.clear()
    run.run(machine.acceptance.seconds)
    assert run.counters()["good"] >= machine.acceptance.good_parts
    assert run.counters()["bad"] <= machine.acceptance.bad_parts
    assert run.alarms == []


def test_the_emergency_stop_stops_everything_and_needs_a_reset(machine: Machine) -> None:
    run = Headless(machine, seed=3)
    run.start()
    run.run(8.0)
    run.operate("S0", "pressed", 1.0)
    run.run(2.0)
    assert run.alarms[-1][1] == "AL_arret_urgence"
    assert abs(run.read(machine.placed["CV1"].signal("belt_speed"))) < 0.01
    run.operate("S0", "pressed", 0.0)
    run.run(0.5)
    run.press("S1")
    run.run(1.0)
    assert abs(run.read(machine.placed["CV1"].signal("belt_speed"))) < 0.01
    run.press("S3")
    run.run(0.5)
    run.press("S1")
    run.run(1.0)
    assert run.read(machine.placed["CV1"].signal("belt_speed")) > 0.2


def test_manual_mode_moves_the_belt_only_while_start_is_held(machine: Machine) -> None:
    run = Headless(machine)
    run.run(1.5)
    run.press("S3")
    run.run(0.5)
    run.operate("S1", "pressed", 1.0)
    run.run(1.0)
    assert run.read(machine.placed["CV1"].signal("belt_speed")) > 0.2
    run.operate("S1", "pressed", 0.0)
    run.run(1.0)
    assert abs(run.read(machine.placed["CV1"].signal("belt_speed"))) < 0.02


def test_step_mode_waits_for_start_at_each_part(machine: Machine) -> None:
    run = Headless(machine, seed=5)
    run.run(1.5)
    run.press("S3")
    run.run(0.5)
    run.operate("S4", "position", 2.0)
    run.run(0.3)
    run.press("S1")
    run.run(25.0)
    assert run.plc.value("etape") == 10
    assert run.counters()["good"] == 0
    run.press("S1")
    run.run(10.0)
    assert run.plc.value("etape") == 80
    run.run(1.0)
    assert run.plc.value("nb_metal") + run.plc.value("nb_haute") + run.plc.value("nb_basse") == 1
    assert run.alarms[1:] == []


# --- it fails --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "alarm"),
    [
        ("1A1.seized", "AL_ejecteur_1"),
        ("W514.open", "AL_butee"),
        ("0P1.no_pressure", "AL_air"),
        ("W502.open", "AL_contacteur"),
        ("Q2.contact_13_14_open", "AL_moteur"),
        ("B4.dead", "AL_piece_perdue"),
        ("2V1.coil_open", "AL_tri"),
    ],
)
def test_the_program_sees_what_goes_wrong(machine: Machine, fault: str, alarm: str) -> None:
    run = Headless(machine, seed=1, faults=(fault,))
    run.start()
    run.run(45.0)
    assert alarm in {name for _, name in run.alarms}


def test_a_dead_metal_sensor_sends_parts_to_the_wrong_bin(machine: Machine) -> None:
    run = Headless(machine, seed=1, faults=("B3.dead",))
    run.start()
    run.run(60.0)
    assert run.counters()["bad"] >= 1


def test_a_lost_phase_stops_the_motor_and_trips_its_breaker(machine: Machine) -> None:
    run = Headless(machine, seed=1, faults=("W109.open",))
    run.start()
    run.run(60.0)
    assert run.counters()["good"] == 0
    assert "AL_moteur" in {name for _, name in run.alarms}
