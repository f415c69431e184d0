"""What can be recorded of a machine, by name: the columns of a campaign."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from etabli.bench.errors import BenchError
from etabli.bench.plant import ELECTRICAL, FLUIDS, Nodes, Plant
from etabli.machines.source import closest_words
from etabli.physics.law import Domain
from etabli.physics.network import NodeRef, Ref
from etabli.physics.text import Text


class Source(StrEnum):
    """Where a signal comes from; also the name of a group of signals."""

    CHANNELS = "channels"
    """Every channel of every part, as its own file names it (lamp, rod, speed, winding temperature…)."""
    SEEN = "seen"
    """The channels that an eye sees on the machine."""
    PLC = "plc"
    """Supply, inputs and outputs of the PLC: the lights of its cards, 0 or 1."""
    ALARMS = "alarms"
    """Alarms that the program holds, 0 or 1."""
    PROGRAM = "program"
    """Every variable of the program, as the console shows it; NaN while the CPU is off."""
    COUNTERS = "counters"
    """Production counts and cycle times."""
    POINTS = "points"
    """What a meter or a gauge shows at every node, named after its first point: V to earth (RMS in AC), bar (absolute
    in air, gauge in oil)."""


USUAL = (Source.CHANNELS, Source.PLC, Source.ALARMS, Source.COUNTERS)
"""Recorded when nothing else is asked."""

_UNIT = {Domain.DC: "V", Domain.AC: "V", Domain.PNEUMATIC: "bar abs", Domain.HYDRAULIC: "bar"}


@dataclass(frozen=True)
class Signal:
    """One column: ``refs`` is what is read in the network, with the points' own names (two: the parts of a phasor, of
    which the RMS is taken); otherwise ``name`` is that of a variable of the program or of a counter."""

    id: str
    source: Source
    refs: tuple[Ref, ...] = ()
    name: str = ""
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    text: Text | None = None

    def described(self) -> dict[str, object]:
        """For the metadata of a file."""
        about: dict[str, object] = {"id": self.id, "source": self.source.value}
        if self.unit:
            about["unit"] = self.unit
        if self.source in (Source.CHANNELS, Source.SEEN):
            about |= {"low": self.low, "high": self.high}
        if self.text is not None:
            about["text"] = {"fr": self.text.fr, "en": self.text.en}
        return about


def chosen_signals(plant: Plant, asked: Sequence[str] = ()) -> list[Signal]:
    """The signals named by ``asked`` (groups and single ids; the usual groups without any).

    Raises :class:`BenchError` for an unknown name, with the nearest ones.
    """
    names = list(asked) or [group.value for group in USUAL]
    known: dict[str, list[Signal]] = {group.value: signals_of(plant, group) for group in Source if group.value in names}
    if len(known) < len(set(names)):
        known |= {signal.id: [signal] for _, signal in _points(plant)}
        known |= {signal.id: [signal] for group in Source for signal in signals_of(plant, group)}
    found: dict[str, Signal] = {}
    for name in names:
        if name not in known:
            raise _unknown(name, [*(group.value for group in Source), *known])
        for signal in known[name]:
            found.setdefault(signal.id, signal)
    return list(found.values())


def _unknown(name: str, known: Iterable[str]) -> BenchError:
    near = closest_words(name, tuple(known)) or [g.value for g in Source]
    return BenchError(
        "bad_argument",
        Text(f"signal « {name} » inconnu", f"unknown signal “{name}”"),
        Text(f"vouliez-vous : {', '.join(near)} ?", f"did you mean: {', '.join(near)}?"),
    )


def signals_of(plant: Plant, group: Source) -> list[Signal]:
    """All signals of one group, in a fixed order."""
    if group in (Source.CHANNELS, Source.SEEN):
        return [
            Signal(
                c.id,
                Source.SEEN if c.channel.seen else Source.CHANNELS,
                (c.channel.ref,),
                low=c.channel.low,
                high=c.channel.high,
                text=c.channel.text,
            )
            for c in (plant.channels if group is Source.CHANNELS else plant.seen_channels)
        ]
    if group is Source.POINTS:
        first: dict[str, Signal] = {}
        for node, signal in _points(plant):
            first.setdefault(node, signal)
        return list(first.values())
    if group is Source.COUNTERS:
        return [Signal(f"counter.{name}", group, name=name) for name in plant.counters]
    if not plant.machine.plc:
        return []
    return _of_plc(plant, group)


def _of_plc(plant: Plant, group: Source) -> list[Signal]:
    plc, program = plant.machine.plc, plant.program
    if group is Source.PLC:
        ports = [(a, plant.input_ref(a)) for a in plant.plc_inputs] + [
            (a, plant.output_ref(a)) for a in plant.plc_outputs
        ]
        supply = Signal(f"{plc}.supply", group, (plant.plc_supply_ref,))
        return [supply, *(Signal(f"{plc}.{address}", group, (ref,)) for address, ref in ports)]
    if group is Source.ALARMS:
        return [Signal(f"alarm.{a.variable}", group, name=a.variable, text=a.text) for a in plant.machine.alarms]
    if program is None:
        return []
    names = [v.name for v in program.variables if program.slot_of(v.name) is not None]
    return [Signal(f"{plc}.{name}", group, name=name) for name in names]


def _points(plant: Plant) -> list[tuple[str, Signal]]:
    """Every point with its node; points of one node show the same."""
    nodes, network = Nodes(plant, {}), plant.network({})
    found = []
    for point in plant.points(*ELECTRICAL, *FLUIDS):
        domain = network.nodes.get(nodes(point))
        if domain is not None:
            refs = tuple(NodeRef(point, part) for part in range(domain.unknowns))
            found.append((nodes(point), Signal(point, Source.POINTS, refs, unit=_UNIT[domain])))
    return found
