"""What a learner does to mend a machine, whatever the machine: stop it, lock out, repair, restore, acceptance run."""

from __future__ import annotations

from etabli.bench import Bench, InjectedFault
from etabli.bench.plant import Plant
from etabli.components.component import Effect, Repair, Swap
from etabli.machines.model import Fault
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef

COOLING_S = 120
SUPPLIES = frozenset({"mains_supply", "compressed_air_supply"})
"""Families upstream of the machine, locked out for work on its own isolators."""


def switch_on(bench: Bench) -> None:
    """The operator's own starting gestures, as the file of the machine has them."""
    begun = bench.time_s
    for at_s, tag, control, value in sorted(bench.plant.machine.operator.starts):
        bench.tick(max(0, round((begun + at_s - bench.time_s) * 100)))
        bench.act("operate", tag=tag, control=control, value=value)
    bench.tick(100)


def start(bench: Bench) -> None:
    """The starting gestures; where production needs hands, they stay at the post."""
    switch_on(bench)
    if bench.plant.machine.operator.works:
        bench.act("produce", on=True)


def stop(bench: Bench) -> None:
    """The operator leaves, and every control that the starting gestures left away from 0 goes back there."""
    if bench.plant.machine.operator.works:
        bench.act("produce", on=False)
    for name in dict.fromkeys(f"{tag}.{control}" for _, tag, control, _ in bench.plant.machine.operator.starts):
        tag, _, control = name.partition(".")
        if bench.control_value(tag, control):
            bench.act("operate", tag=tag, control=control, value=0)


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
    plant = bench.plant
    tags = list(plant.isolators)
    for tag, placed in plant.machine.placed.items():
        if placed.component.family in SUPPLIES and touches(plant, fault.tag, (tag, *fed_by(plant, tag))):
            tags.append(tag)
    for tag in tags:
        bench.act("operate", tag=tag, control="position", value=0)
        bench.tick(5)
        bench.act("padlock", tag=tag)
    for tag in drains(plant):
        bench.act("operate", tag=tag, control="position", value=1)
    bench.tick(1000)
    for _ in range(12):  # a shaft that lost its load runs on for a while
        if bench.judge.mechanical(fault.tag, True) is None:
            break
        bench.tick(500)
    points = [f"{fault.tag}:{p.name}" for p in plant.parts[fault.tag].ports if p.domain in (Domain.DC, Domain.AC)]
    for _ in range(60):  # the DC link of a drive takes minutes
        if bench.judge.electrical(points, ()) is None:
            break
        bench.tick(500)
    for _ in range(240):  # twenty minutes for what burns the hand
        if bench.judge.hot(fault.tag) is None:
            break
        bench.tick(500)
    bench.act("open_cabinet")
    bench.act("epi", worn=["gloves", "face_shield"])
    for port in plant.parts[fault.tag].ports:
        for _ in range(12):
            if bench.judge.gauge_bar(f"{fault.tag}:{port.name}") <= 0.1:
                break
            bench.act("purge", point=f"{fault.tag}:{port.name}")
            bench.tick(1100)
    prop(bench)
    return tags


def prop(bench: Bench) -> None:
    """A prop under every load that hangs."""
    for load in bench.plant.loads:
        bench.act("prop", load=load, on=True)


def unprop(bench: Bench) -> None:
    """The props taken away."""
    for load in list(bench.state.props):
        bench.act("prop", load=load, on=False)


def drains(plant: Plant) -> tuple[str, ...]:
    """Valves of oil that stand closed in production: opened, they empty what stores pressure."""
    return tuple(
        tag
        for tag, placed in plant.machine.placed.items()
        if placed.component.family == "hydraulic_shutoff_valve" and float(placed.parameters["position"]) < 0.5
    )


def fed_by(plant: Plant, supply: str) -> tuple[str, ...]:
    """Isolators joined to a supply by a conductor: their upstream side stays live when they are open."""
    ends = (
        {c.a.partition(":")[0], c.b.partition(":")[0]}
        for c in plant.conductors.values()
        if supply in (c.a.partition(":")[0], c.b.partition(":")[0])
    )
    joined = set().union(*ends)
    return tuple(tag for tag in plant.isolators if tag in joined)


def touches(plant: Plant, tag: str, heads: tuple[str, ...]) -> bool:
    """Whether this part is one of ``heads`` or a conductor that ends on one."""
    conductor = plant.conductors.get(tag)
    ends = (conductor.a, conductor.b) if conductor is not None else (tag,)
    return any(end.partition(":")[0] in heads for end in ends)


def mend(bench: Bench, fault: Fault) -> None:
    """The repair that the failure mode asks for."""
    tag, mode = fault.tag, fault.mode
    swaps = [e for e in mode.effects if isinstance(e, Swap)]
    if swaps:
        for swap in swaps:
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
    assert outcome.danger is None, outcome.danger


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
    """Props away, drains closed, padlocks off, energies back."""
    unprop(bench)
    bench.act("close_cabinet")
    for tag in drains(bench.plant):
        bench.act("operate", tag=tag, control="position", value=0)
    for tag in reversed(locked):
        bench.act("remove_padlock", tag=tag)
        bench.tick(5)
        bench.act("operate", tag=tag, control="position", value=1)
    bench.tick(300)


def passes(bench: Bench) -> bool:
    """The acceptance run of the machine."""
    for tag in bench.processes:
        for action in ("clear", "empty_bins"):
            bench.act(action, tag=tag)
    start(bench)
    bench.act("acceptance")
    assert bench.state.acceptance is not None
    for _ in range(round(bench.plant.machine.acceptance.seconds) + 20):
        bench.tick(100)
        if bench.state.acceptance.state != "running" or bench.alarms():
            break
    return bench.state.acceptance.state == "passed"


def repaired(plant: Plant, fault: Fault) -> bool:
    """From the fault to a passed acceptance run."""
    bench = Bench.create(plant, 1, [InjectedFault(fault.id, degree=fault.mode.degrees[1])])
    start(bench)
    bench.tick(1500)
    stop(bench)
    locked = lock_out(bench, fault)
    mend(bench, fault)
    care_for_protections(bench)
    restore(bench, locked)
    assert all(f.cured_tick is not None for f in bench.state.faults), "not cured"
    return passes(bench)
