"""The goods lift: it carries trolleys level and in time, and what breaks trips the right protection. Also examples."""

from __future__ import annotations

import pytest

from etabli.bench import Bench, InjectedFault
from etabli.bench.live import operator_try
from etabli.bench.plant import Plant, as_plant
from etabli.components.electrical.drive_control import Trip
from etabli.machines import check_machine, load_machine
from etabli.machines.model import Machine
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, StateRef

CAR = StateRef("HL1.car", "position")
SPEED = NodeRef("HL1:car")
LEVELS = (0.0, 2.6, 5.2)


@pytest.fixture(scope="module")
def machine() -> Machine:
    return load_machine("monte_charge")


@pytest.fixture(scope="module")
def plant(machine: Machine) -> Plant:
    return as_plant(machine)


def lift(plant: Plant, *faults: str, seed: int = 1, onset_s: float = 0.0) -> Bench:
    """The lift put into service by its operator, with faults at their full degree."""
    injected = [InjectedFault(name, onset_s, degree=plant.machine.fault(name).mode.degrees[1]) for name in faults]
    bench = Bench.create(plant, seed, injected)
    for at_s, tag, control, value in sorted(plant.machine.operator.starts):
        bench.tick(max(0, round((at_s - bench.time_s) * 100)))
        bench.set_control(tag, control, value)
    bench.tick(50)
    return bench


def alarms(bench: Bench) -> set[str]:
    """What the program says, in English."""
    return {text.en for text in bench.alarms()}


def fastest(bench: Bench, seconds: float) -> tuple[float, float]:
    """Greatest speed up and down over a while, m/s."""
    up = down = 0.0
    for _ in range(round(seconds * 100)):
        bench.tick()
        up, down = max(up, bench.read(SPEED)), min(down, bench.read(SPEED))
    return up, down


# --- the sound machine ------------------------------------------------------------------------------------------------


def test_nothing_is_wrong_in_its_folder(machine: Machine) -> None:
    assert check_machine(machine.folder) == ()


@pytest.mark.parametrize("seed", range(3))
def test_it_carries_trolleys_level_and_in_time(plant: Plant, seed: int) -> None:
    bench = lift(plant, seed=seed)
    bench.tick(15_000)
    counters = bench.counters()
    assert counters["good"] >= 6
    assert counters["bad"] == 0
    assert counters["delivered"] >= 3
    assert counters["worst_error_mm"] < 10.0
    assert alarms(bench) == set()
    assert bench.simulator.unresolved == 0


def test_the_acceptance_run_passes(plant: Plant) -> None:
    bench = lift(plant)
    bench.act("acceptance")
    assert bench.state.acceptance is not None
    while bench.state.acceptance.state == "running":
        bench.tick(100)
    assert bench.state.acceptance.state == "passed"


def test_it_stops_where_the_flags_are_and_holds_the_load_on_its_brake(plant: Plant) -> None:
    """Between two trips the car stands; the ropes give by m g / k when a trolley rolls in, and nothing creeps."""
    bench = lift(plant)
    while bench.counters()["trips"] < 1:
        bench.tick(10)
    before = bench.read(CAR)
    assert min(abs(before - level) for level in LEVELS) < 0.01
    while bench.read(MemoryRef("SH1.load", "held")) < 1.0 or bench.read(MemoryRef("SH1.doorway", "held")) > 0.5:
        bench.tick(1)
    bench.tick(40)
    kg, stiffness = (
        bench.read(MemoryRef("SH1.load", "held")),
        bench.read(ParameterRef("TR1.traction", "rope_stiffness")),
    )
    assert before - bench.read(CAR) == pytest.approx(kg * 9.81 / stiffness, abs=1.5e-3)
    assert bench.read(MemoryRef("YB1.armature", "position")) == 0.0


def test_speeds_follow_the_drive(plant: Plant) -> None:
    """At 50 Hz the rope runs a little slower than the synchronous speed over the gearbox: 157 rad/s / 46 x 160 mm."""
    up, down = fastest(lift(plant), 60.0)
    synchronous = 157.08 / 46.0 * 0.16
    assert 0.92 * synchronous < max(up, -down) < 1.05 * synchronous
    assert max(up, -down) < 0.65, "below the tripping speed of the governor"


def test_the_same_seed_gives_the_same_day(plant: Plant) -> None:
    first, second = lift(plant, seed=4), lift(plant, seed=4)
    for bench in (first, second):
        bench.tick(3000)
    assert first.simulator.snapshot() == second.simulator.snapshot()
    assert first.saved_state() == second.saved_state()


def test_inspection_moves_the_car_slowly_while_the_button_is_held(plant: Plant) -> None:
    bench = Bench.create(plant, 1)
    bench.tick(250)
    for tag, control, value in (("S3", "pressed", 1.0), ("S3", "pressed", 0.0), ("S4", "position", 2.0)):
        bench.set_control(tag, control, value)
        bench.tick(30)
    bench.set_control("S5", "pressed", 1.0)
    up, _ = fastest(bench, 3.0)
    assert 0.05 < up < 0.12
    bench.set_control("S5", "pressed", 0.0)
    bench.tick(150)
    assert abs(bench.read(SPEED)) < 1e-3
    assert bench.read(MemoryRef("YB1.armature", "position")) == 0.0


def test_after_a_power_cut_between_two_levels_it_finds_its_way(plant: Plant) -> None:
    bench = lift(plant)
    while abs(bench.read(SPEED)) < 0.5:
        bench.tick(5)
    bench.tick(100)
    bench.set_control("Q1", "position", 0.0)
    bench.tick(800)
    assert min(abs(bench.read(CAR) - level) for level in LEVELS) > 0.1
    bench.set_control("Q1", "position", 1.0)
    bench.tick(400)
    for value in (1.0, 0.0):
        bench.set_control("S3", "pressed", value)
        bench.tick(30)
    good = bench.counters()["good"]
    bench.tick(12_000)
    assert bench.counters()["good"] >= good + 2
    assert bench.counters()["mislevelled"] == 0
    assert alarms(bench) == set()


# --- safety -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "control"), [("S0", "pressed"), ("S9", "pressed"), ("S11", "pushed"), ("GV1", "position")]
)
def test_each_switch_of_the_chain_drops_motor_and_brake(plant: Plant, tag: str, control: str) -> None:
    bench = lift(plant)
    while abs(bench.read(SPEED)) < 0.4:
        bench.tick(1)
    bench.act("operate", tag=tag, control=control, value=0 if tag == "GV1" else 1)
    bench.tick(100)
    assert bench.read(MemoryRef("KM1.armature", "position")) == 0.0
    assert bench.read(MemoryRef("YB1.armature", "position")) == 0.0
    assert abs(bench.read(SPEED)) < 0.005
    assert alarms(bench)


def test_a_landing_door_opened_with_the_key_stops_the_car(plant: Plant) -> None:
    bench = lift(plant)
    while abs(bench.read(SPEED)) < 0.4:
        bench.tick(1)
    bench.act("operate", tag="S22", control="key", value=1)
    bench.tick(100)
    assert abs(bench.read(SPEED)) < 0.005
    assert "Door contact open while running" in alarms(bench)


def test_a_car_without_drive_nor_brake_is_caught_by_the_safety_gear(plant: Plant) -> None:
    """The key of the gearbox shears: the heavier counterweight pulls the car up until the governor trips."""
    bench = lift(plant, "RD1.key_sheared", onset_s=5.0)
    up, _ = fastest(bench, 20.0)
    assert 0.64 <= up < 1.0  # it trips at 0.65, and is looked at every 10 ms
    assert bench.read(MemoryRef("GV1.governor", "tripped")) == 1.0
    assert abs(bench.read(SPEED)) < 0.005
    assert "Shaft safety chain open" in alarms(bench)


def test_a_brake_that_stays_applied_trips_the_motor_image_of_the_drive(plant: Plant) -> None:
    bench = lift(plant, "YB1.coil_open")
    bench.tick(4000)
    assert bench.read(MemoryRef("U1.trips", "code")) == Trip.MOTOR_OVERLOAD
    assert "Drive fault" in alarms(bench)
    assert bench.read(CAR) == pytest.approx(0.0, abs=0.02)


def test_a_lost_mains_phase_opens_the_chain(plant: Plant) -> None:
    bench = lift(plant, "G0.phase_L2_lost")
    bench.tick(3000)
    assert "Shaft safety chain open" in alarms(bench)


def test_a_lost_motor_phase_trips_the_drive(plant: Plant) -> None:
    bench = lift(plant, "W119.open")
    bench.tick(2000)
    assert bench.read(MemoryRef("U1.trips", "code")) == Trip.OUTPUT_PHASE


# --- faults that production shows -------------------------------------------------------------------------------------


def test_a_flag_out_of_place_mislevels_one_landing_only(plant: Plant) -> None:
    bench = lift(plant, "SH1.flag_1_high")
    errors: dict[int, float] = {}
    trips = 0.0
    for _ in range(1800):
        bench.tick(10)
        counters = bench.counters()
        if counters["trips"] > trips:
            trips = counters["trips"]
            level = min(range(3), key=lambda k: abs(LEVELS[k] - bench.read(CAR)))
            errors[level] = max(errors.get(level, 0.0), abs(bench.read(CAR) - LEVELS[level]))
    assert errors[1] > 0.03
    assert all(error < 0.01 for level, error in errors.items() if level != 1)


def test_a_dead_zone_sensor_makes_the_car_pass_its_level(plant: Plant) -> None:
    bench = lift(plant, "B2.dead")
    bench.tick(3000)
    assert bench.counters()["good"] == 0
    assert bench.read(CAR) > 3.0


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("SH1.flag_1_high", "step"),
        ("W201.open", "dark"),
        ("S21.contact_11_12_open", "nothing moves"),
        ("TR1.grooves_worn", "by itself"),
        ("B2.dead", "does not come where"),
        ("S31.contact_13_14_open", "call lamp does not even light"),
        ("B9.frame_jammed", "verload lamp"),
    ],
)
def test_the_users_complain_of_what_they_see(plant: Plant, fault: str, words: str) -> None:
    mode = plant.machine.fault(fault).mode
    told = operator_try(plant, 1, [InjectedFault(fault, degree=mode.degrees[1])])
    assert words in told.complaint.en


def test_a_sound_lift_gives_no_complaint(plant: Plant) -> None:
    assert "noticed nothing" in operator_try(plant, 1, ()).complaint.en


def test_it_can_fail_in_many_ways(machine: Machine) -> None:
    families = {
        f"{machine.placed[f.tag].component.family}.{f.mode.id}" for f in machine.faults() if f.tag in machine.placed
    }
    assert len(families) >= 150
