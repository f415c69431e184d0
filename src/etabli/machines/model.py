"""What a machine is: components placed, wires, tubes, couplings, links, documents. Everything is read-only.

A machine makes its :class:`Network`: each component through its family, each wire and each tube as a component of its
own (they fail too), coupled ports as one node.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from etabli.automation import Program
from etabli.components.component import Builder, Component, FailureMode, Port, Swap
from etabli.components.electrical.terminal_strip import bridged
from etabli.components.electrical.wire import BESIDE
from etabli.physics.law import Domain
from etabli.physics.network import Network, NodeRef, Ref
from etabli.physics.text import Text

ELECTRICAL = frozenset({Domain.DC, Domain.AC})
MACHINES_KEPT = 16
"""How many machines stay in memory with what is made of them."""


class Colour(enum.Enum):
    """Colour of a conductor: the code of IEC 60757 and its use after EN 60204-1."""

    BLACK = ("BK", Text("noir", "black"))
    LIGHT_BLUE = ("LBU", Text("bleu clair", "light blue"))
    RED = ("RD", Text("rouge", "red"))
    BLUE = ("BU", Text("bleu", "blue"))
    ORANGE = ("OG", Text("orange", "orange"))
    GREEN_YELLOW = ("GNYE", Text("vert-jaune", "green-yellow"))
    BROWN = ("BN", Text("brun", "brown"))
    WHITE = ("WH", Text("blanc", "white"))
    GREY = ("GY", Text("gris", "grey"))
    YELLOW = ("YE", Text("jaune", "yellow"))
    GREEN = ("GN", Text("vert", "green"))

    def __init__(self, code: str, text: Text) -> None:
        self.code = code
        self.text = text


@dataclass(frozen=True, slots=True)
class Location:
    """Where components are.

    ``enclosed``: a door must be opened to see or reach them. ``hides_terminals``: their terminals are behind a door;
    also true of the door itself, whose devices are seen and worked from outside. ``boxed``: likewise behind a cover of
    its own, elsewhere than on the cabinet (a control panel, a push-button box).
    """

    id: str
    text: Text
    enclosed: bool = False
    hides_terminals: bool = False
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A component of the machine: a family of the catalogue with its tag and the values of its data sheet."""

    tag: str
    component: Component
    parameters: Mapping[str, Any]
    text: Text
    location: str = ""
    reference: str = ""

    @property
    def ports(self) -> tuple[Port, ...]:
        """Its connection points."""
        return self.component.ports_of(self.parameters)

    @property
    def failure_modes(self) -> tuple[FailureMode, ...]:
        """Its ways to fail."""
        return self.component.failure_modes_of(self.parameters)

    def signal(self, name: str) -> Ref:
        """The signal ``name`` that others may follow."""
        return self.component.signals[name](self.tag, self.parameters)


@dataclass(frozen=True, slots=True)
class Wire:
    """A conductor between two ports ("TAG:PORT"). Wires of one potential carry the same ``number``."""

    tag: str
    number: str
    a: str
    b: str
    colour: Colour
    section_mm2: float
    length_m: float
    cable: str
    domain: Domain


@dataclass(frozen=True, slots=True)
class Tube:
    """A hose between two pneumatic or two hydraulic ports."""

    tag: str
    a: str
    b: str
    diameter_mm: float
    length_m: float
    colour: str
    domain: Domain = Domain.PNEUMATIC

    @property
    def number(self) -> str:
        """Hoses are named by their tag."""
        return self.tag


Conductor = Wire | Tube


@dataclass(frozen=True, slots=True)
class Coupling:
    """Ports that are one and the same point: a comb bridge, fittings screwed together, a shaft in a hub."""

    ports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """What ``tag`` feels of another component without a wire: its input ``name`` follows ``signal`` of ``target``."""

    tag: str
    name: str
    target: str
    signal: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which this machine can fail; ``id`` is ``TAG.mode``."""

    id: str
    tag: str
    mode: FailureMode
    text: Text


@dataclass(frozen=True, slots=True)
class BomLine:
    """A line of the bill of materials; ``price_eur`` each, ``stock`` on the shelf, ``lead_days`` to get more."""

    reference: str
    text: Text
    price_eur: float
    stock: int
    lead_days: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the machine: one markdown file in each language, relative to the machine folder."""

    id: str
    title: Text
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PanelItem:
    """Something on the control panel, at a row and column; ``engraved`` is written beside it.

    ``control`` is empty for a lamp; ``positions`` names the positions of a selector.
    """

    tag: str
    control: str
    engraved: Text
    row: int
    column: int
    positions: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class IoLine:
    """A line of the input-output table: ``address`` as printed on the card ("I0.0"), the program's variable."""

    address: str
    variable: str
    text: Text


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm of the program: a BOOL variable that stays true while the alarm stands, and its sentence."""

    variable: str
    text: Text


GOOD_PARTS, BAD_PARTS = Text("pièces bonnes", "good parts"), Text("pièces mauvaises", "bad parts")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The machine is accepted with ``good_parts`` good parts in ``seconds``, at most ``bad_parts`` bad, no alarm.

    ``good`` and ``bad`` say what it counts, in the plural: parts, or the trips of a lift.
    """

    good_parts: int
    seconds: float
    bad_parts: int = 0
    good: Text = GOOD_PARTS
    bad: Text = BAD_PARTS


@dataclass(frozen=True, slots=True)
class Condition:
    """``reading`` taken ``over`` a run (last, least, most, mean, changes) compared with ``value``.

    A reading is ``TAG.signal``, ``TAG.channel`` (0…1), ``counter.NAME`` or ``control.TAG.NAME``.
    """

    reading: str
    over: str
    comparison: str
    value: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something the operator says when all conditions hold."""

    when: tuple[Condition, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the operator; the first answer whose conditions hold is given."""

    id: str
    text: Text
    answers: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """A round of gestures that the operator repeats in production (loads a part, presses two buttons, calls a lift).

    A round begins when every condition of ``when`` holds and ``every_s`` has passed since the last one began. It ends
    once all ``gestures`` are made and every condition of ``until`` holds, or after ``most_s``; then whatever a gesture
    still holds goes back to 0.
    """

    id: str
    gestures: tuple[tuple[float, str, str, float], ...]
    every_s: float
    most_s: float
    when: tuple[Condition, ...] = ()
    until: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class OperatorRules:
    """What the operator knows: the complaints (first that holds) and the answers, from what the machine does only.

    The complaint is drawn after the operator has tried the machine for ``try_s`` seconds with the gestures of
    ``starts`` ((time s, tag, control, value)), then with those of ``works`` for as long as the machine lets them.
    """

    try_s: float = 0.0
    starts: tuple[tuple[float, str, str, float], ...] = ()
    works: tuple[Work, ...] = ()
    complaints: tuple[Sentence, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, eq=False)
class Machine:
    """A whole machine, as its folder says. Two are the same when they are one object: what is made of a machine
    (plant, drawings) is kept by it."""

    id: str
    name: Text
    summary: Text
    folder: Path
    locations: Mapping[str, Location]
    placed: Mapping[str, Placed]
    wires: Mapping[str, Wire]
    tubes: Mapping[str, Tube]
    couplings: tuple[Coupling, ...]
    links: tuple[Link, ...]
    plc: str
    program: Program | None
    """None where its text cannot be compiled: such a machine is only checked."""
    program_source: str
    io: tuple[IoLine, ...]
    alarms: tuple[Alarm, ...]
    panel: tuple[PanelItem, ...]
    bom: Mapping[str, BomLine]
    documents: tuple[Document, ...]
    acceptance: Acceptance
    operator: OperatorRules
    folios: tuple[str, ...] = ()
    """Files of its drawings, in its folder; so are the cabinet and the mimic, "" where there is none."""
    cabinet: str = ""
    mimic: str = ""
    conductor_parts: Mapping[str, Placed] = field(default_factory=dict)
    """Wires and tubes as components of their families."""

    @cached_property
    def parts(self) -> dict[str, Placed]:
        """Everything that can fail or be replaced: components, wires and tubes, by tag."""
        return {**self.placed, **self.conductor_parts}

    @cached_property
    def _nodes(self) -> dict[str, str]:
        return coupled_nodes(self.couplings)

    def node(self, port: str) -> str:
        """Name of the node on which a port ("X1:3", or a wire end "W101:a") lies."""
        tag, _, end = port.partition(":")
        conductor = self.wires.get(tag) or self.tubes.get(tag)
        if conductor is not None:
            port = conductor.a if end == "a" else conductor.b
        return self._nodes.get(port, port)

    def resolve(self, ref: Ref) -> Ref:
        """The reference with the node's real name: component code names a node after its port (``"KM1:A1"``)."""
        return NodeRef(self.node(ref.node), ref.part) if isinstance(ref, NodeRef) else ref

    def conductor(self, tag: str) -> Conductor:
        """The wire or tube ``tag``."""
        return self.wires[tag] if tag in self.wires else self.tubes[tag]

    @cached_property
    def conductors(self) -> dict[str, Conductor]:
        """All wires and tubes by tag."""
        return {**self.wires, **self.tubes}

    def conductors_at(self, port: str) -> tuple[tuple[Conductor, str], ...]:
        """The wires and tubes fastened to this very port, each with its end ("a" or "b")."""
        found = [(c, end) for c in self.conductors.values() for end in ("a", "b") if getattr(c, end) == port]
        return tuple(found)

    def points(self, *domains: Domain) -> tuple[str, ...]:
        """All ports of the components in these domains, in the order of the files."""
        return tuple(
            f"{placed.tag}:{port.name}"
            for placed in self.placed.values()
            for port in placed.ports
            if port.domain in domains
        )

    def domain(self, port: str) -> Domain:
        """Domain of a port."""
        tag, _, name = port.partition(":")
        return next(p.domain for p in self.parts[tag].ports if p.name == name)

    def network(self, swaps: Iterable[tuple[str, Swap]] = (), moved: Mapping[str, str] | None = None) -> Network:
        """Build the network.

        ``swaps``: (tag, ports exchanged) of crossed hoses or wires. ``moved``: wire and tube ends that are not where
        the files say, e.g. ``{"W101:a": "X1:4"}``; ``{"W101:a": "W101:a"}`` leaves that end loose.
        """
        network = Network()
        exchanged = list(swaps)
        for placed in self.parts.values():
            wiring = self._wiring(placed, [s for tag, s in exchanged if tag == placed.tag], moved or {})
            placed.component.build(
                Builder(network, placed.tag, placed.ports, self._links_of(placed.tag), wiring), placed.parameters
            )
        return network

    def _wiring(self, placed: Placed, swaps: Iterable[Swap], moved: Mapping[str, str]) -> dict[str, str]:
        names = [port.name for port in placed.ports]
        points = {name: f"{placed.tag}:{name}" for name in names}
        wiring = {name: self.node(point) for name, point in points.items()}
        for name, point in points.items():
            if point in moved:
                target = moved[point]
                wiring[name] = target if target == point else self.node(target)
        for swap in swaps:
            wiring[swap.first], wiring[swap.second] = wiring[swap.second], wiring[swap.first]
        beside = placed.parameters.get(BESIDE)
        if beside:
            target = moved.get(beside, "")
            wiring[BESIDE] = target if target == beside else self.node(target or beside)
        return wiring

    def _links_of(self, tag: str) -> dict[str, Ref]:
        return {
            link.name: self.resolve(self.placed[link.target].signal(link.signal))
            for link in self.links
            if link.tag == tag
        }

    def faults(self) -> tuple[Fault, ...]:
        """Every failure mode of every component, wire and tube that this machine's connections allow."""
        return tuple(
            Fault(f"{placed.tag}.{mode.id}", placed.tag, mode, _fault_text(placed, mode))
            for placed in self.parts.values()
            for mode in placed.failure_modes
            if self._possible(placed.tag, mode)
        )

    def _possible(self, tag: str, mode: FailureMode) -> bool:
        """Whether the mode can do anything here.

        Only ends of wires or tubes can be crossed (nothing crosses two fittings screwed into each other), and nothing
        happens in a contact or a channel that is wired to nothing.
        """
        swaps = [effect for effect in mode.effects if isinstance(effect, Swap)]
        crossed = all(self.conductors_at(f"{tag}:{port}") for swap in swaps for port in (swap.first, swap.second))
        return crossed and all(self._is_connected(f"{tag}:{port}") for port in mode.ports)

    def _is_connected(self, port: str) -> bool:
        return port in self._nodes or bool(self.conductors_at(port))

    def fault(self, fault_id: str) -> Fault:
        """The fault ``TAG.mode``; raises ``KeyError``."""
        return self._faults[fault_id]

    @cached_property
    def _faults(self) -> dict[str, Fault]:
        return {fault.id: fault for fault in self.faults()}

    def bom_line(self, tag: str) -> BomLine | None:
        """The stores' line of a component, where there is one."""
        part = self.parts.get(tag)
        return self.bom.get(part.reference) if part is not None else None


def _fault_text(placed: Placed, mode: FailureMode) -> Text:
    return Text(
        f"{placed.tag} ({placed.text.fr}) : {mode.text.fr}",
        f"{placed.tag} ({placed.text.en}): {mode.text.en}",
    )


def strip_bars(parts: Iterable[Placed]) -> Iterator[Coupling]:
    """Terminals that the bars of terminal strips join, as couplings."""
    for part in parts:
        if part.component.family == "terminal_strip":
            for low, high in bridged(part.parameters):
                yield Coupling((f"{part.tag}:{low}", f"{part.tag}:{high}"))


def coupled_nodes(couplings: Iterable[Coupling]) -> dict[str, str]:
    """Port -> node of all coupled ports: ports that meet, directly or through others, lie on the first one's node."""
    parent: dict[str, str] = {}

    def root(port: str) -> str:
        while parent.setdefault(port, port) != port:
            port = parent[port]
        return port

    for coupling in couplings:
        first = root(coupling.ports[0])
        for port in coupling.ports[1:]:
            parent[root(port)] = first
    return {port: root(port) for port in parent}
