"""Every fault can be mended by a learner: lock out, the repair that the mode asks for, and production starts again.

A sample of families runs here; ``python tests/bench/test_every_repair.py`` tries them all (about ten minutes).
"""

from __future__ import annotations

import sys

import pytest

from etabli.bench import Bench, InjectedFault, Onset
from etabli.bench.live import as_plant
from etabli.bench.plant import Plant
from etabli.components.component import Effect, Repair, Swap
from etabli.machines.model import Fault
from etabli.physics.network import MemoryRef

SAMPLE = (
    "G0.phase_L1_lost", "G0.phases_crossed", "G0.low_voltage", "W101.open", "Q1.contact_3_4_open", "Q2.latch_broken",
    "Q2.wrong_setting", "KM1.contact_1_2_welded", "M1.winding_U_open", "G1.wrong_setting", "F2.wrong_rating",
    "F4.blown", "W110.earth_leak", "W120.earth_leak", "Q3.nuisance_trip", "W208.loose_a", "W211.earth_leak",
    "X2.bar_2_3_loose", "K1.k1_welded", "S0.block_loose", "S1.sticks",
    "A1.q0_1_dead", "A1.i1_1_stuck_on", "B1.dirty_lens", "B3.out_of_range", "1B1.supply_short", "0B1.wrong_setting",
    "0P1.no_pressure",
    "0P1.leak", "0V1.stem_broken", "T01.leak", "0Z1.set_low", "T11.disconnected", "T11.kinked", "1V1.hoses_crossed",
    "2V1.spool_stuck", "3V1.coil_open_14", "1V2.screw_closed", "1Z1.blocked", "3Z1.clogged", "3A1.seized",
    "RD1.key_sheared", "TR1.slipping", "CV1.torn",
)  # fmt: skip
COOLING_S = 120


def start(bench: Bench) -> None:
    """Reset, automatic mode, start."""
    bench.tick(150)
    bench.act("press", tag="S3")
    bench.tick(100)
    bench.act("operate", tag="S4", control="position", value=1)
    bench.tick(50)
    bench.act("press", tag="S1")
    bench.tick(100)


def tripped(bench: Bench) -> list[tuple[str, str]]:
    """Protections that let go: (tag, "tripped" or "blown")."""
    return [
        (device.name.partition(".")[0], memory)
        for device in bench.simulator.network.sampled.values()
        for memory in ("tripped", "blown")
        if memory in device.law.memory and bench.simulator.read(MemoryRef(device.name, memory)) > 0.5
    ]


def lock_out(bench: Bench, fault: Fault) -> list[str]:
    """Separate, padlock and vent, at the head of the machine, or upstream of it for what stays live there."""
    tags = ["Q1", "0V1"]
    if touches(bench.plant, fault.tag, ("G0", "Q1")):
        tags.append("G0")
    if touches(bench.plant, fault.tag, ("0P1", "0V1")):
        tags.append("0P1")
    for tag in tags:
        bench.act("operate", tag=tag, control="position", value=0)
        bench.tick(5)
        bench.act("padlock", tag=tag)
    bench.tick(1000)
    bench.act("open_cabinet")
    bench.act("epi", worn=["gloves", "face_shield"])
    for port in bench.plant.parts[fault.tag].ports:
        if bench.judge.gauge_bar(f"{fault.tag}:{port.name}") > 0.1:
            bench.act("purge", point=f"{fault.tag}:{port.name}")
            bench.tick(1100)
    return tags


def touches(plant: Plant, tag: str, heads: tuple[str, ...]) -> bool:
    """Whether this part is one of ``heads`` or a conductor that ends on one."""
    conductor = plant.conductors.get(tag)
    ends = (conductor.a, conductor.b) if conductor is not None else (tag,)
    return any(end.partition(":")[0] in heads for end in ends)


def mend(bench: Bench, fault: Fault) -> None:
    """The repair that the failure mode asks for."""
    tag, mode = fault.tag, fault.mode
    swap = next((e for e in mode.effects if isinstance(e, Swap)), None)
    if swap is not None:
        outcome = bench.act("exchange", first=f"{tag}:{swap.first}", second=f"{tag}:{swap.second}")
    elif mode.repair is Repair.ADJUST:
        outcome = bench.act("adjust", tag=tag, **setting(bench.plant, fault))
    elif mode.repair is Repair.RECONNECT:
        outcome = bench.act("reconnect", tag=tag, end="a")
    elif mode.repair in {Repair.TIGHTEN, Repair.CLEAN}:
        outcome = bench.act(mode.repair.value, target=tag)
    else:
        line = bench.plant.machine.bom_line(tag)
        if mode.repair is Repair.REPLACE and line is not None and line.stock == 0:
            bench.act("order", tag=tag)
        outcome = bench.act(mode.repair.value, tag=tag)
    assert outcome.ok, outcome.text
    assert outcome.danger is None, outcome.text


def setting(plant: Plant, fault: Fault) -> dict[str, object]:
    """The setting that is wrong, and its value in the papers; nothing when it is an alignment."""
    part = plant.parts[fault.tag]
    wrong = {e.target for e in fault.mode.effects if isinstance(e, Effect)}
    name = next((n for n, target in part.component.adjusts.items() if target in wrong), None)
    return {} if name is None else {"parameter": name, "value": float(part.parameters[name])}


def care_for_protections(bench: Bench) -> None:
    """What the fault made trip or blow is set right."""
    found = tripped(bench)
    if not found:
        return
    bench.tick(COOLING_S * 100)  # a bimetal must cool down before its breaker latches again
    for tag, memory in found:
        bench.act("replace" if memory == "blown" else "reset", tag=tag)


def restore(bench: Bench, locked: list[str]) -> None:
    """Padlocks off, energies back."""
    bench.act("close_cabinet")
    for tag in reversed(locked):
        bench.act("remove_padlock", tag=tag)
        bench.tick(5)
        bench.act("operate", tag=tag, control="position", value=1)
    bench.tick(300)


def passes(bench: Bench) -> bool:
    """The acceptance run of the machine."""
    for action in ("clear", "empty_bins"):
        bench.act(action, tag="CV1")
    start(bench)
    bench.act("acceptance")
    assert bench.state.acceptance is not None
    for _ in range(200):
        bench.tick(100)
        if bench.state.acceptance.state != "running" or bench.alarms():
            break
    return bench.state.acceptance.state == "passed"


def repaired(plant: Plant, fault: Fault) -> bool:
    """From the fault to a passed acceptance run."""
    bench = Bench.create(plant, 1, [InjectedFault(fault.id, degree=fault.mode.degrees[1])])
    start(bench)
    bench.tick(1500)
    bench.act("operate", tag="S4", control="position", value=0)
    locked = lock_out(bench, fault)
    mend(bench, fault)
    care_for_protections(bench)
    restore(bench, locked)
    assert all(f.cured_tick is not None for f in bench.state.faults), "not cured"
    return passes(bench)


@pytest.mark.parametrize("fault_id", SAMPLE)
def test_the_right_repair_brings_production_back(plant: Plant, fault_id: str) -> None:
    assert repaired(plant, plant.machine.fault(fault_id))


@pytest.mark.parametrize("kind", [Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT])
def test_two_faults_are_mended_one_at_a_time(plant: Plant, kind: Onset) -> None:
    faults = [plant.machine.fault(name) for name in ("W502.loose_a", "2V1.coil_open")]
    bench = Bench.create(plant, 1, [InjectedFault(f.id, onset=kind) for f in faults])
    start(bench)
    bench.tick(1000)
    results = []
    for number, fault in enumerate(faults, start=1):
        bench.act("operate", tag="S4", control="position", value=0)
        locked = lock_out(bench, fault)
        mend(bench, fault)
        restore(bench, locked)
        assert sum(f.cured_tick is not None for f in bench.state.faults) == number
        results.append(passes(bench))
    assert results[-1]
    assert kind is Onset.INTERMITTENT or not results[0]


def test_nothing_can_fail_in_a_contact_or_a_channel_that_is_wired_to_nothing(plant: Plant) -> None:
    offered = {fault.id for fault in plant.machine.faults()}
    assert not plant.machine.conductors_at("A1:I2.3")
    assert "A1.i2_2_dead" in offered
    assert not offered & {"A1.i2_3_dead", "A1.i2_3_stuck_on", "S1.contact_21_22_open", "S2.contact_13_14_welded"}


def _all() -> int:
    plant = as_plant("poste_tri")
    wrong = 0
    for fault in plant.machine.faults():
        try:
            good, why = repaired(plant, fault), "acceptance failed"
        except Exception as error:  # a survey: everything is told
            good, why = False, repr(error)
        if not good:
            wrong += 1
            print(f"{fault.id}: {why}", flush=True)
    print(f"{len(plant.machine.faults())} faults, {wrong} that the repair does not mend")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(_all())
