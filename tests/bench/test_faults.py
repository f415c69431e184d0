"""Faults are physics: they change parameters or connections, with a degree that may drift; repairs undo just that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from etabli.bench import Bench, BenchError, InjectedFault, Onset
from etabli.bench.draws import draw_with_symptom
from etabli.bench.faults import draw
from etabli.bench.live import operator_try
from etabli.bench.plant import Plant
from etabli.components.component import Swap
from etabli.physics.network import MemoryRef, ParameterRef

RESISTANCE = ParameterRef("W115.conductor", "resistance")


def test_a_sudden_fault_comes_at_its_time(plant: Plant) -> None:
    bench = Bench.create(plant, 1, [InjectedFault("W115.open", onset_s=2.0)])
    bench.tick(199)
    healthy = bench.simulator.read(RESISTANCE)
    bench.tick(2)
    assert healthy < 1.0
    assert bench.simulator.read(RESISTANCE) > 1e6


def test_a_growing_fault_grows_over_minutes(plant: Plant) -> None:
    bench = Bench.create(plant, 1, [InjectedFault("W115.loose_a", onset=Onset.GROWING)])
    end = ParameterRef("W115.conductor", "end_a")
    seen = []
    for _ in range(4):
        bench.tick(1500)
        seen.append(bench.simulator.read(end))
    assert seen == sorted(seen)
    assert len(set(seen)) == 4
    assert bench.state.faults[0].level < 1.0


def test_a_growing_fault_for_which_somebody_called_already_shows(plant: Plant) -> None:
    end = ParameterRef("W115.conductor", "end_a")
    called, later = (
        Bench.create(plant, 1, [InjectedFault("W115.loose_a", onset_s, onset=Onset.GROWING)]) for onset_s in (0.0, 0.02)
    )
    called.tick(5)
    later.tick(5)
    low = plant.machine.fault("W115.loose_a").mode.degrees[0]
    assert called.state.faults[0].level == low
    assert called.simulator.read(end) > 100.0
    assert later.simulator.read(end) < 0.01


def test_an_intermittent_fault_comes_and_goes_the_same_way_for_the_same_seed(plant: Plant) -> None:
    def changes(seed: int) -> list[float]:
        bench = Bench.create(plant, seed, [InjectedFault("W115.open", onset=Onset.INTERMITTENT)])
        found, last = [], None
        for _ in range(6000):
            bench.tick()
            now = bench.simulator.read(RESISTANCE) > 1.0
            if now != last:
                found.append(bench.time_s)
                last = now
        return found

    assert len(changes(3)) > 4
    assert changes(3) == changes(3)
    assert changes(3) != changes(4)


def test_two_faults_on_the_same_wire_add_up(plant: Plant) -> None:
    bench = Bench.create(plant, 1, [InjectedFault("W115.loose_a", degree=0.5), InjectedFault("W115.loose_b")])
    bench.tick(5)
    ends = [bench.simulator.read(ParameterRef("W115.conductor", f"end_{e}")) for e in "ab"]
    assert 0.001 < ends[0] < ends[1]


def test_no_fault_at_all_makes_good_parts(running: Callable[..., Bench]) -> None:
    bench = running()
    bench.tick(4000)
    assert bench.counters()["good"] >= 4
    assert bench.counters()["bad"] == 0
    assert bench.alarms() == []


@pytest.mark.parametrize("count", [1, 2])
def test_faults_drawn_at_random_are_of_different_components_and_depend_on_the_seed(plant: Plant, count: int) -> None:
    drawn = [draw(plant, seed, count) for seed in range(20)]
    assert all(len({f.id.split(".")[0] for f in faults}) == count for faults in drawn)
    assert drawn[3] == draw(plant, 3, count)
    assert len({faults[0].id for faults in drawn}) > 5


@pytest.mark.parametrize("seed", [11])
def test_each_of_two_faults_drawn_at_random_is_noticed_alone(plant: Plant, seed: int) -> None:
    nothing = operator_try(plant, seed, ()).complaint
    faults, told = draw_with_symptom(plant, seed, 2)
    assert len({f.id.partition(".")[0] for f in faults}) == 2
    assert told.complaint != nothing
    assert all(operator_try(plant, seed, [fault]).complaint != nothing for fault in faults)
    assert draw_with_symptom(plant, seed, 2)[0] == faults


def test_crossed_hoses_are_cured_by_putting_them_back(plant: Plant) -> None:
    crossed = next(
        f for f in plant.machine.faults() if f.tag == "1V1" and any(isinstance(e, Swap) for e in f.mode.effects)
    )
    swap = crossed.mode.effects[0]
    assert isinstance(swap, Swap)
    first, second = f"{crossed.tag}:{swap.first}", f"{crossed.tag}:{swap.second}"
    bench = Bench.create(plant, 1, [InjectedFault(crossed.id)])
    bench.tick(10)
    assert bench.state.ends
    bench.act("purge")
    bench.tick(600)
    outcome = bench.act("exchange", first=first, second=second)
    assert outcome.ok, outcome.text
    assert bench.state.ends == {}
    assert bench.state.faults[0].cured_tick is not None


# --- repairs --------------------------------------------------------------------------------------


def cured(bench: Bench) -> bool:
    return all(f.cured_tick is not None for f in bench.state.faults)


def test_the_right_repair_cures_and_the_physics_is_healthy_again(off: Callable[..., Bench]) -> None:
    bench = off("W115.open")
    assert bench.act("replace", tag="W115").ok
    assert cured(bench)
    assert bench.simulator.read(RESISTANCE) < 1.0


@pytest.mark.parametrize(
    ("fault", "action", "arguments", "cures"),
    [
        ("W115.loose_a", "tighten", {"target": "X0:1"}, True),
        ("W115.loose_a", "tighten", {"target": "M1:U"}, False),
        ("W115.loose_b", "tighten", {"target": "M1:U"}, True),
        ("W115.loose_a", "tighten", {"target": "W115"}, True),
        ("W115.loose_a", "clean", {"target": "W115"}, False),
        ("W115.open", "tighten", {"target": "W115"}, False),
        ("W115.open", "replace", {"tag": "W116"}, False),
        ("KM1.coil_open", "replace", {"tag": "KM1"}, True),
        ("KM1.coil_open", "tighten", {"target": "KM1"}, False),
        ("T11.kinked", "replace", {"tag": "T11"}, True),
        ("T11.disconnected", "replace", {"tag": "T11"}, True),
        ("B2.misaligned", "replace", {"tag": "B2"}, True),
        ("Q2.wrong_setting", "replace", {"tag": "Q2"}, False),
        ("1V1.hoses_crossed", "replace", {"tag": "1V1"}, False),
    ],
)
def test_a_repair_cures_its_own_kind_in_its_own_place_only(
    off: Callable[..., Bench], fault: str, action: str, arguments: dict[str, str], cures: bool
) -> None:
    bench = off(fault)
    before = bench.minutes_now
    outcome = bench.act(action, **arguments)
    assert outcome.ok, outcome.text
    assert cured(bench) is cures
    assert bench.minutes_now > before  # a wrong repair costs as much as a right one


def test_a_wrong_setting_is_cured_by_setting_it(plant: Plant) -> None:
    settings = [
        f
        for f in plant.machine.faults()
        if f.mode.repair.value == "adjust"
        and plant.parts[f.tag].component.adjusts
        and any(getattr(e, "target", "") in plant.parts[f.tag].component.adjusts.values() for e in f.mode.effects)
    ]
    fault = settings[0]
    part = plant.parts[fault.tag]
    name, target = next(
        (n, t)
        for n, t in part.component.adjusts.items()
        if any(getattr(e, "target", "") == t for e in fault.mode.effects)
    )
    bench = Bench.create(plant, 1, [InjectedFault(fault.id)])
    bench.tick(10)
    bench.state.cabinet_open = True
    value = float(part.parameters[name])
    bench.act("adjust", tag=fault.tag, parameter=name, value=value)
    assert cured(bench)
    device, _, parameter = target.rpartition(".")
    assert bench.simulator.read(ParameterRef(f"{fault.tag}.{device}", parameter)) == pytest.approx(value)


def test_a_fuse_that_blew_by_itself_is_cured_by_a_new_one(off: Callable[..., Bench]) -> None:
    bench, blown = off(), MemoryRef("F4.element", "blown")
    bench.set_memory(blown, 1.0)
    bench.tick(5)
    assert bench.act("replace", tag="F4").ok
    bench.tick(5)
    assert bench.simulator.read(blown) == 0.0
    assert bench.state.cost > 0


def test_study_is_done_on_a_healthy_machine(plant: Plant) -> None:
    with pytest.raises(BenchError) as refused:
        Bench.create(plant, 1, [InjectedFault("W115.open")], mode="study")
    assert refused.value.code == "faults_forbidden"


@pytest.mark.parametrize(
    "fault", [InjectedFault("KM9.coil_open"), InjectedFault("KM1.tired"), InjectedFault("KM1.coil_open", degree=2.0)]
)
def test_impossible_faults_are_refused_with_a_mend(plant: Plant, fault: InjectedFault) -> None:
    with pytest.raises(BenchError) as refused:
        Bench.create(plant, 1, [fault])
    assert refused.value.code == "unknown_fault"
    assert refused.value.mend.fr
