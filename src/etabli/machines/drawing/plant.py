"""What the drawings need to know of a machine: its parts, and everything that joins two of their ports."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from etabli.components.component import Port
from etabli.machines.drawing.geometry import Point
from etabli.machines.drawing.sheet import DrawingError
from etabli.machines.model import Machine, Placed, Tube, Wire, coupled_nodes, strip_bars
from etabli.physics.law import Domain
from etabli.physics.text import Text

PortName = tuple[str, str]
"""Tag and port."""

FIRST_AND_LAST = Text("corriger « first » et « last »", "mend 'first' and 'last'")


class Kind(enum.Enum):
    """What joins two ports."""

    WIRE = "wire"
    TUBE = "tube"
    BRIDGE = "bridge"
    """Comb of a terminal strip."""
    FITTING = "fitting"
    """Two fluid parts screwed together."""
    SHAFT = "shaft"


@dataclass(frozen=True, slots=True)
class Conductor:
    """A wire, tube, bridge, fitting or shaft between two ports. Bridges, fittings and shafts have no number."""

    id: str
    number: str
    first: PortName
    second: PortName
    kind: Kind
    colour: str = ""
    pilot: bool = False

    def far_end(self, here: PortName) -> PortName:
        """The other end, seen from ``here``."""
        return self.second if self.first == here else self.first


@dataclass(frozen=True)
class Plant:
    """A machine as its drawings see it. ``groups`` are the couplings: sets of ports that are one point."""

    machine: Machine
    conductors: tuple[Conductor, ...]
    groups: tuple[tuple[Kind, tuple[PortName, ...]], ...]

    @staticmethod
    def of(machine: Machine) -> Plant:
        """The plant of a machine."""
        joined: list[Wire | Tube] = [*machine.wires.values(), *machine.tubes.values()]
        groups = _potentials(machine)
        return Plant(
            machine,
            tuple(
                Conductor(
                    c.tag,
                    c.number,
                    split_port(c.a),
                    split_port(c.b),
                    Kind.TUBE if isinstance(c, Tube) else Kind.WIRE,
                    "" if isinstance(c, Tube) else c.colour.code,
                    _is_pilot(machine, c.a, c.b),
                )
                for c in joined
            ),
            tuple((_coupling_kind(_port(machine, *group[0])), group) for group in groups),
        )

    @property
    def parts(self) -> Mapping[str, Placed]:
        """The components by tag."""
        return self.machine.placed

    def part(self, tag: str, file: str, line: int) -> Placed:
        """The component that a drawing file names; raises :class:`DrawingError` where there is none."""
        found = self.parts.get(tag)
        if found is None:
            raise DrawingError(
                file,
                line,
                Text(f"{tag} n'est pas un composant de la machine", f"{tag} is not a component of the machine"),
                Text("corriger le repère ou l'ajouter à components.yaml", "mend the tag or add it to components.yaml"),
            )
        return found

    def check_terminal(self, tag: str, port: str, file: str, line: int, mend: Text = FIRST_AND_LAST) -> None:
        """Raise :class:`DrawingError` where a strip that a drawing file names has no such terminal."""
        if self.port(tag, port) is None:
            wrong = Text(f"la borne {tag}:{port} n'existe pas", f"terminal {tag}:{port} does not exist")
            raise DrawingError(file, line, wrong, mend)

    def port(self, tag: str, name: str) -> Port | None:
        """A port of a part, ``None`` where there is none."""
        return _port(self.machine, tag, name)

    def on(self, tag: str, port: str) -> tuple[Conductor, ...]:
        """Wires and tubes that end on a port."""
        return self._by_end.get((tag, port), ())

    def sides(self, tag: str, port: str) -> tuple[tuple[Conductor, ...], tuple[Conductor, ...]]:
        """What ends on a terminal of a strip: what goes on inside the cabinet (drawn above), and the rest (below)."""
        ends = self.on(tag, port)
        inside = tuple(c for c in ends if self._hides_terminals(c.far_end((tag, port))))
        return inside, tuple(c for c in ends if c not in inside)

    def combs(self, places: Mapping[PortName, Point]) -> Iterator[list[Point]]:
        """Places, from left to right, of the terminals that one comb joins; two at least."""
        for kind, group in self.groups:
            here = sorted(places[name] for name in group if name in places)
            if kind is Kind.BRIDGE and len(here) > 1:
                yield here

    def _hides_terminals(self, name: PortName) -> bool:
        location = self.machine.locations.get(self.parts[name[0]].location)
        return bool(location and location.hides_terminals and not location.boxed)

    @cached_property
    def _by_end(self) -> Mapping[PortName, tuple[Conductor, ...]]:
        found: dict[PortName, tuple[Conductor, ...]] = {}
        for conductor in self.conductors:
            for end in (conductor.first, conductor.second):
                found[end] = (*found.get(end, ()), conductor)
        return found


def split_port(name: str) -> PortName:
    """The port "KM1:A1" as ("KM1", "A1")."""
    tag, _, port = name.partition(":")
    return tag, port


def _potentials(machine: Machine) -> list[tuple[PortName, ...]]:
    """Ports that are one point, by couplings and by the bars of terminal strips, in the order of the files."""
    nodes = coupled_nodes([*machine.couplings, *strip_bars(machine.placed.values())])
    groups: dict[str, list[PortName]] = {}
    for port, node in nodes.items():
        groups.setdefault(node, []).append(split_port(port))
    return [tuple(group) for group in groups.values()]


def _port(machine: Machine, tag: str, name: str) -> Port | None:
    part = machine.placed.get(tag)
    if part is None:
        return None
    return next((p for p in part.ports if p.name == name), None)


def _coupling_kind(port: Port | None) -> Kind:
    domain = port.domain if port else None
    if domain in (Domain.PNEUMATIC, Domain.HYDRAULIC):
        return Kind.FITTING
    if domain in (Domain.ROTATION, Domain.TRANSLATION):
        return Kind.SHAFT
    return Kind.BRIDGE


def _is_pilot(machine: Machine, *ends: str) -> bool:
    ports = (_port(machine, *split_port(end)) for end in ends)
    return any(port is not None and port.kind == "pilot" for port in ports)
