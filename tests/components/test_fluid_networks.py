"""Whole pneumatic circuits on the real engine: a cylinder behind its valve, healthy and failing."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import pytest

from components.rig import Rig, run_for, set_parameter, time_until
from etabli.components.catalogue import catalogue
from etabli.components.component import Effect, Sense
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow
from etabli.components.pneumatic.volume import AIR_DENSITY_PER_BAR
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

pytestmark = pytest.mark.usefixtures("run_on_core")

ROD = MemoryRef("1A1.rod_reading", "fraction")


def station(valve: str = "valve_5_2_monostable", opening: float = 0.35, crossed: str = "") -> Rig:
    """Supply, shut-off, filter-regulator, valve, two flow controls, cylinder 32 × 100 and silencers."""
    rig = Rig()
    rig.add("0Z0", "compressed_air_supply").add("0V1", "shutoff_valve").add("0Z1", "filter_regulator")
    rig.add("1V1", valve, crossed=("2", "4") if crossed == "valve" else None).add(
        "1A1", "cylinder", crossed=("A", "B") if crossed == "cylinder" else None
    )
    rig.add("1V2", "flow_control", opening=opening).add("1V3", "flow_control", opening=opening)
    rig.add("1V4", "silencer").add("1V5", "silencer")
    rig.pipe("0Z0:1", "0V1:1", 6.0).pipe("0V1:2", "0Z1:1", 6.0).pipe("0Z1:2", "1V1:1", 2.2)
    rig.pipe("1V1:4", "1V2:1").pipe("1V2:2", "1A1:A", 4.0).pipe("1V1:2", "1V3:1").pipe("1V3:2", "1A1:B", 4.0)
    return rig.pipe("1V1:3", "1V4:1", 8.0).pipe("1V1:5", "1V5:1", 8.0)


def ready(rig: Rig, *faults: str, degree: float = 1.0) -> Simulator:
    sim = rig.start(*faults, degree=degree)
    run_for(sim, 1.5)
    return sim


def stroke_s(sim: Simulator) -> float | None:
    """Time of the outward stroke by the manual override."""
    set_parameter(sim, "1V1.armature.pushed", 1.0)
    return time_until(sim, ROD, 0.99, 4.0)


def heard(sim: Simulator, rig: Rig, tag: str) -> list[str]:
    component = catalogue()[rig.families[tag]]
    assert component.senses is not None
    found = component.senses(tag, rig.parameters[tag], sim.read)
    return [p.text.en for p in found if p.sense is Sense.LISTEN]


def test_it_works() -> None:
    sim = ready(station())
    assert sim.read(ROD) == 0.0
    time = stroke_s(sim)
    assert time is not None
    assert 0.15 < time < 0.5
    run_for(sim, 1.0)
    set_parameter(sim, "1V1.armature.pushed", 0.0)
    run_for(sim, 1.0)
    assert sim.read(ROD) == 0.0
    assert sim.unresolved == 0


def test_the_flow_control_sets_the_speed() -> None:
    times = [stroke_s(ready(station(opening=opening))) for opening in (0.05, 0.2, 0.6)]
    assert all(t is not None for t in times)
    slow, middle, fast = (t or 0.0 for t in times)
    assert slow > 2.0 * middle > 2.0 * fast


def test_the_coil_moves_the_valve_and_so_the_rod() -> None:
    rig = station().supply("G1", "1V1:A1", "1V1:A2", 24.0)
    sim = rig.start()
    run_for(sim, 1.0)
    assert sim.read(ROD) > 0.99
    set_parameter(sim, "G1.volts", 12.0)  # above the drop-out current: it holds
    run_for(sim, 1.0)
    assert sim.read(ROD) > 0.99
    set_parameter(sim, "G1.volts", 0.0)
    run_for(sim, 1.0)
    assert sim.read(ROD) == 0.0


def test_a_low_voltage_does_not_pull_the_coil_in() -> None:
    sim = station().supply("G1", "1V1:A1", "1V1:A2", 14.0).start()
    run_for(sim, 1.5)
    assert sim.read(ROD) == 0.0
    assert sim.read(MemoryRef("1V1.led", "lit")) > 0.0  # and yet the LED glows


def test_the_bistable_valve_remembers() -> None:
    sim = station("valve_5_2_bistable").start()
    run_for(sim, 1.0)
    set_parameter(sim, "1V1.armature_14.pushed", 1.0)
    run_for(sim, 0.05)
    set_parameter(sim, "1V1.armature_14.pushed", 0.0)
    run_for(sim, 1.0)
    assert sim.read(ROD) > 0.99
    set_parameter(sim, "1V1.armature_12.pushed", 1.0)
    run_for(sim, 1.0)
    assert sim.read(ROD) == 0.0


def test_closing_the_shut_off_valve_empties_the_whole_circuit() -> None:
    sim = ready(station())
    assert sim.read(NodeRef("1A1.chamber_b")) > 6.5
    set_parameter(sim, "0V1.handle.position", 0.0)
    run_for(sim, 3.0)
    downstream = [
        n for n in sim.network.nodes if n.startswith(("0Z1", "1V", "1A1:", "1A1.chamber")) and ":A" not in n[3:6]
    ]
    for node in downstream:
        if sim.network.nodes[node].value == "pneumatic":
            assert sim.read(NodeRef(node)) == pytest.approx(ATMOSPHERE_BAR, abs=0.005), node


def test_a_padlock_holds_the_shut_off_valve() -> None:
    sim = ready(station())
    set_parameter(sim, "0V1.handle.position", 0.0)
    run_for(sim, 3.0)
    set_parameter(sim, "0V1.handle.locked", 1.0)
    set_parameter(sim, "0V1.handle.position", 1.0)
    run_for(sim, 1.0)
    assert sim.read(NodeRef("0Z1:2")) == pytest.approx(ATMOSPHERE_BAR, abs=0.005)


def test_a_worn_seat_shows_as_residual_pressure_behind_a_closed_valve() -> None:
    sim = ready(station(), "0V1.seat_leak", "0V1.exhaust_blocked")
    set_parameter(sim, "0V1.handle.position", 0.0)
    run_for(sim, 3.0)
    assert sim.read(NodeRef("0Z1:2")) > 5.0


def test_the_gauge_of_the_regulator_shows_the_set_pressure() -> None:
    sim = ready(station())
    assert sim.read(MemoryRef("0Z1.needle", "reading")) == pytest.approx(6.0, abs=0.1)


def test_a_stuck_needle_keeps_its_reading() -> None:
    sim = ready(station())
    set_parameter(sim, "0Z1.needle.free", 0.0)
    set_parameter(sim, "0V1.handle.position", 0.0)
    run_for(sim, 3.0)
    assert sim.read(MemoryRef("0Z1.needle", "reading")) == pytest.approx(6.0, abs=0.1)


@pytest.mark.parametrize(
    "fault",
    ["1V2.check_stuck_closed", "0Z1.set_low", "0Z1.filter_clogged", "1V1.body_clogged", "1V4.clogged", "1A1.stiff"],
)
def test_faults_that_slow_the_stroke(fault: str) -> None:
    healthy, failing = stroke_s(ready(station())), stroke_s(ready(station(), fault))
    assert healthy is not None
    assert failing is None or failing > 1.1 * healthy


def test_a_leak_on_the_driven_side_slows_the_rod_and_hisses() -> None:
    rig = station()
    sim = ready(rig, "1A1.cap_seal")
    set_parameter(sim, "1A1.cap_leak.opening", 1.2)
    time, healthy = stroke_s(sim), stroke_s(ready(station()))
    assert healthy is not None
    assert time is not None
    assert time > 1.2 * healthy
    assert any("cap end" in words for words in heard(sim, rig, "1A1"))
    assert heard(ready(station()), station(), "1A1") == []


@pytest.mark.parametrize(
    "fault",
    ["1V1.spool_stuck", "1V1.armature_jammed", "1V1.pilot_blocked", "1A1.seized", "0Z0.no_pressure", "0V1.stem_broken",
     "1V4.blocked", "1V2.blocked", "1A1.cushion_closed"],
)  # fmt: skip
def test_faults_that_stop_the_stroke(fault: str) -> None:
    assert stroke_s(ready(station(), fault)) is None


@pytest.mark.parametrize("fault", ["1V1.return_spring"])
def test_faults_that_prevent_the_return(fault: str) -> None:
    sim = ready(station(), fault)
    assert stroke_s(sim) is not None
    set_parameter(sim, "1V1.armature.pushed", 0.0)
    run_for(sim, 2.0)
    assert sim.read(ROD) > 0.99


def test_a_worn_piston_seal_blows_at_the_exhaust() -> None:
    rig = station()
    sim = ready(rig, "1A1.piston_seal")
    assert heard(sim, rig, "1V5") != []  # air passes the piston and leaves by 4 → 5
    assert heard(ready(station()), rig, "1V5") == []


def test_a_worn_spool_seal_hisses_at_the_exhausts_of_the_valve() -> None:
    rig = station()
    sim = ready(rig, "1V1.seal_worn")
    assert any("exhausts" in words for words in heard(sim, rig, "1V1"))


@pytest.mark.parametrize("part", ["valve", "cylinder"])
def test_crossed_hoses_turn_the_rest_position_round(part: str) -> None:
    sim = ready(station(crossed=part))
    assert sim.read(ROD) > 0.99


def test_a_destroyed_cushion_bangs() -> None:
    def knock(*faults: str) -> float:
        sim = ready(station(opening=0.8), *faults)
        stroke_s(sim)
        run_for(sim, 0.1)
        return sim.read(MemoryRef("1A1.rod_reading", "knock"))

    assert knock("1A1.cushion_damaged") > 2.0 * knock()


def test_a_charge_through_an_orifice_matches_its_closed_form() -> None:
    """Choked filling of a tank is linear in time: dm/dt = C rho0 p1 while p2 < b p1."""
    rig = Rig().add("S", "pressure_gauge").add("T", "compressed_air_supply", pressure=7.0, conductance=50.0)
    rig.pipe("T:1", "S:P", 0.01)
    sim = rig.start(step_s=0.001)
    volume_dm3, flow = 0.002, 0.01 * 1.185 * (7.0 + ATMOSPHERE_BAR)
    run_for(sim, 0.03)
    expected = ATMOSPHERE_BAR + flow * 0.03 / (AIR_DENSITY_PER_BAR * volume_dm3)
    assert expected < 0.35 * 8.0
    assert sim.read(NodeRef("S:P")) == pytest.approx(expected, rel=0.005)


def test_a_tube_joins_its_two_ends() -> None:
    rig = Rig().add("0Z0", "compressed_air_supply").add("W9", "tube", length_m=3.0).add("P1", "pressure_gauge")
    rig.pipe("0Z0:1", "W9:a", 5.0).pipe("W9:b", "P1:P", 5.0)
    sim = rig.start()
    run_for(sim, 1.0)
    assert sim.read(NodeRef("P1:P")) == pytest.approx(8.013, abs=0.01)
    for fault, low, high in (("W9.disconnected", 1.0, 1.1), ("W9.leak", 1.2, 7.5), ("W9.blocked", 1.0, 1.2)):
        sim = rig.start(fault)
        run_for(sim, 1.0)
        assert low < sim.read(NodeRef("P1:P")) < high, fault


def test_the_manifold_feeds_each_outlet() -> None:
    rig = Rig().add("0Z0", "compressed_air_supply").add("0V2", "air_manifold", count=3)
    rig.pipe("0Z0:1", "0V2:P", 5.0)
    sim = rig.start("0V2.outlet_2_blocked")
    set_parameter(sim, "0V2.outlet_2.opening", 0.0)
    run_for(sim, 1.0)
    pressures = [sim.read(NodeRef(f"0V2:{n}")) for n in "123"]
    assert pressures == pytest.approx([8.013, ATMOSPHERE_BAR, 8.013], abs=0.01)


# --- properties ----------------------------------------------------------------------------------------------------


def air_g(sim: Simulator) -> float:
    """All the air in the circuit: every state that is a mass of air."""
    refs = [
        StateRef(name, state)
        for name, device in sim.network.devices.items()
        for state in device.law.states
        if state in {"mass", "mass_a", "mass_b"}
    ]
    return sum(sim.read(ref) for ref in refs)


def test_no_air_is_made_or_lost() -> None:
    """What the circuit holds changes by what enters from the network less what leaves by the silencers."""
    sim = station().start(step_s=0.001)
    before, entered = air_g(sim), 0.0

    def net_flow() -> float:
        supply = air_flow(7.0 + ATMOSPHERE_BAR, sim.read(NodeRef("0Z0:1")), 8.0, 0.3)
        exhausts = sum(air_flow(sim.read(NodeRef(f"{tag}:1")), ATMOSPHERE_BAR, 4.0, 0.35) for tag in ("1V4", "1V5"))
        return float(supply - exhausts)

    for k in range(3000):
        if k in (1000, 2000):
            set_parameter(sim, "1V1.armature.pushed", 1.0 if k == 1000 else 0.0)
        earlier = net_flow()
        sim.advance(1)
        entered += 0.5 * (earlier + net_flow()) * 0.001
    assert air_g(sim) - before == pytest.approx(entered, rel=0.01)


def every_fault() -> Iterator[str]:
    rig = station()
    for tag, family in rig.families.items():
        for mode in catalogue()[family].failure_modes_of(rig.parameters[tag]):
            if all(isinstance(effect, Effect) for effect in mode.effects):
                yield f"{tag}.{mode.id}"


@pytest.mark.parametrize("seed", range(12))
def test_any_two_faults_together_stay_physical(seed: int) -> None:
    """No NaN, no unresolved step, no pressure at or below zero, whatever fails and whenever it is switched."""
    draw = random.Random(seed)
    sim = station().start(*draw.sample(sorted(every_fault()), 2))
    pneumatic = [NodeRef(n) for n, d in sim.network.nodes.items() if d.value == "pneumatic"]
    read = sim.reader(pneumatic)
    for _ in range(12):
        set_parameter(sim, "1V1.armature.pushed", float(draw.random() < 0.5))
        set_parameter(sim, "0V1.handle.position", float(draw.random() < 0.85))
        for _ in range(60):
            sim.advance(1)
            assert read().min() > 0.2
    assert all(math.isfinite(value) for value in sim.values)
    assert sim.unresolved == 0


def test_a_seized_rod_under_a_hundred_kilonewton_of_grip() -> None:
    sim = ready(station())
    sim.write(ParameterRef("1A1.rod_friction", "coulomb"), 1e5)
    assert stroke_s(sim) is None
    assert sim.unresolved == 0


def test_a_snapshot_gives_the_same_future() -> None:
    sim = ready(station())
    kept = sim.snapshot()
    first = stroke_s(sim), sim.values.tobytes()
    sim.restore(kept)
    assert (stroke_s(sim), sim.values.tobytes()) == first
