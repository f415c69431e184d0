"""Draws up a folio: symbols at their places, conductors routed, then every text (:mod:`.labels`)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from etabli.components.drawing import Label, Lights, Moves, Pin, Shape, Turns
from etabli.machines.drawing.drawn import TERMINAL_RADIUS, DrawnConductor, DrawnPart, DrawnPin, Layout
from etabli.machines.drawing.geometry import Box, Placement, placed
from etabli.machines.drawing.labels import Labels, mark_box
from etabli.machines.drawing.lettering import Lettering, ink_boxes, segment_boxes
from etabli.machines.drawing.plant import Conductor, Kind, Plant, PortName
from etabli.machines.drawing.references import Places, symbol_of
from etabli.machines.drawing.routing import Board, GridPoint, Unroutable, route
from etabli.machines.drawing.sheet import DrawingError, Element, Folio, Run, TerminalPlace
from etabli.physics.text import Text


def _relabelled(shapes: tuple[Shape, ...], ports: Mapping[str, str]) -> tuple[Shape, ...]:
    """Labels of the symbol that show a port take its new name."""
    if not ports:
        return shapes
    found: list[Shape] = []
    for shape in shapes:
        if isinstance(shape, Label) and shape.text in ports:
            found.append(replace(shape, text=ports[shape.text]))
        elif isinstance(shape, Moves | Turns | Lights):
            found.append(replace(shape, shapes=_relabelled(shape.shapes, ports)))
        else:
            found.append(shape)
    return tuple(found)


def draw_part(plant: Plant, folio: Folio, element: Element) -> DrawnPart:
    """A symbol at its place."""
    symbol = symbol_of(plant, folio, element)
    placement = placed(symbol, *element.at, element.quarters, element.mirror)
    pins = tuple(_draw_pin(element, placement, pin) for pin in symbol.pins)
    shapes = tuple(placement.shape(s) for s in _relabelled(symbol.shapes, element.ports))
    for pin in pins:
        if plant.port(pin.tag, pin.port) is None:
            raise DrawingError(
                folio.file,
                element.line,
                Text(f"{pin.tag} n'a pas de borne {pin.port}", f"{pin.tag} has no port {pin.port}"),
                Text("corriger « ports » de cet élément", "mend the 'ports' of this element"),
            )
    return DrawnPart(element, placement, shapes, pins)


def _draw_pin(element: Element, placement: Placement, pin: Pin) -> DrawnPin:
    (x, y), side = placement.pin(pin)
    return DrawnPin(element.tag, element.ports.get(pin.port, pin.port), round(x), round(y), side, pin.label)


class _Drafter:
    """Builds one layout, step by step."""

    def __init__(self, plant: Plant, folio: Folio, places: Places) -> None:
        self.plant = plant
        self.folio = folio
        self.places = places
        self.layout = Layout(folio)
        width, height = folio.format.area
        self.board = Board(width, height)
        self.lettering = Lettering(Box(0, 0, width, height))
        self.pins: dict[PortName, list[DrawnPin]] = {}

    # --- things ---------------------------------------------------------------------------------------------------
    def place_all(self) -> None:
        """Symbols, terminals and marks; raises :class:`DrawingError` where the machine has no such thing."""
        for element in self.folio.elements:
            part = draw_part(self.plant, self.folio, element)
            self.layout.parts.append(part)
            self.board.block(part.box)
            for box in ink_boxes(part.shapes):
                self.lettering.crowd.add(box, 2.0)
            for pin in part.pins:
                self._add_pin(pin)
        for terminal in self.folio.terminals:
            self._place_terminal(terminal)
        for plan in self.folio.plans:
            for port, _ in plan.terminals:
                self.plant.check_terminal(plan.tag, port, self.folio.file, plan.line)
        for mark in self.folio.marks:
            self.plant.part(mark.tag, self.folio.file, mark.line)
            self.layout.marks.append(mark)
            self.board.block(mark_box(mark))
            self.lettering.crowd.add(mark_box(mark), 2.0)

    def _add_pin(self, pin: DrawnPin) -> None:
        self.pins.setdefault((pin.tag, pin.port), []).append(pin)
        self.board.add_pin(pin.end)

    def _place_terminal(self, terminal: TerminalPlace) -> None:
        mend = Text("corriger le bornier ou le numéro", "mend the strip or the number")
        self.plant.check_terminal(terminal.tag, terminal.port, self.folio.file, terminal.line, mend)
        self.layout.terminals.append(terminal)
        x, y = terminal.at
        self._add_pin(DrawnPin(terminal.tag, terminal.port, x, y, ""))
        r = TERMINAL_RADIUS
        self.lettering.crowd.add(Box(x - r, y - r, x + r, y + r), 3.0)

    # --- conductors -----------------------------------------------------------------------------------------------
    def route_all(self) -> None:
        """Bridges and fittings first (they are straight), then the others, shortest first."""
        wanted = [(c, pair) for c in self._conductors() if (pair := self._pair(c)) is not None]
        wanted.sort(key=lambda item: self._difficulty(*item))
        for conductor, (first, second) in wanted:
            self._route(conductor, first, second)
        self._find_joints()

    def _conductors(self) -> Iterator[Conductor]:
        for index, (kind, group) in enumerate(self.plant.groups):
            yield from self._chain(kind, group, index)
        yield from self._repeated_ports()
        for conductor in self.plant.conductors:
            if conductor.id not in self.folio.hide:
                yield conductor

    def _repeated_ports(self) -> Iterator[Conductor]:
        """A port drawn several times on this folio (common of a light tower) is one point inside the part."""
        for (tag, port), pins in self.pins.items():
            for a, b in itertools.pairwise(pins):
                yield Conductor(f"{tag}:{port}@{a.x},{a.y}-{b.x},{b.y}", "", (tag, port), (tag, port), Kind.BRIDGE)

    def _chain(self, kind: Kind, group: tuple[PortName, ...], index: int) -> Iterator[Conductor]:
        """A coupling as links between neighbours on the sheet."""
        here = [p for name in group for p in self.pins.get(name, ())[:1]]
        rows: dict[int, list[DrawnPin]] = {}
        for pin in here:
            rows.setdefault(pin.y, []).append(pin)
        chains = rows.values() if kind is Kind.BRIDGE else [here]
        for chain in chains:
            ordered = sorted(chain, key=lambda p: (p.x, p.y))
            for a, b in itertools.pairwise(ordered):
                name = f"{a.tag}:{a.port}={b.tag}:{b.port}"
                yield Conductor(name, "", (a.tag, a.port), (b.tag, b.port), kind)

    def _pair(self, conductor: Conductor) -> tuple[DrawnPin, DrawnPin] | None:
        """The nearest two pins of this folio that the conductor joins."""
        if conductor.first == conductor.second:
            wanted = conductor.id.partition("@")[2]
            for a, b in itertools.pairwise(self.pins[conductor.first]):
                if wanted == f"{a.x},{a.y}-{b.x},{b.y}":
                    return a, b
        pairs = itertools.product(self.pins.get(conductor.first, ()), self.pins.get(conductor.second, ()))
        return min(pairs, key=lambda ab: abs(ab[0].x - ab[1].x) + abs(ab[0].y - ab[1].y), default=None)

    def _difficulty(self, conductor: Conductor, pair: tuple[DrawnPin, DrawnPin]) -> tuple[int, int, int]:
        a, b = pair
        run = self.folio.runs.get(conductor.id, Run())
        joined = conductor.kind in (Kind.BRIDGE, Kind.FITTING, Kind.SHAFT)
        straight = a.x == b.x or a.y == b.y
        return (
            0 if joined else 1 if run.via else 2 if straight else 3,
            abs(a.x - b.x) + abs(a.y - b.y),
            a.x,
        )

    def _mates(self, first: DrawnPin, second: DrawnPin) -> set[str]:
        ends = {(first.x, first.y), (second.x, second.y)}
        return {d.conductor.id for d in self.layout.conductors if {d.points[0], d.points[-1]} & ends}

    def _route(self, conductor: Conductor, first: DrawnPin, second: DrawnPin) -> None:
        if (first.x, first.y) == (second.x, second.y):
            points: tuple[GridPoint, ...] = (first.end.point, second.end.point)
        else:
            via = self.folio.runs.get(conductor.id, Run()).via
            try:
                points = route(self.board, first.end, second.end, self._mates(first, second), via)
            except Unroutable as error:
                ends = f"{first.tag}:{first.port} – {second.tag}:{second.port}"
                raise DrawingError(
                    self.folio.file,
                    1,
                    Text(
                        f"pas de chemin libre pour {conductor.id} ({ends})", f"no free way for {conductor.id} ({ends})"
                    ),
                    Text(
                        "écarter les symboles ou donner des points de passage (runs: … via:)",
                        f"move the symbols apart or give waypoints (runs: … via:); {error}",
                    ),
                ) from None
        self.board.lay(conductor.id, points)
        self.layout.conductors.append(DrawnConductor(conductor, points))
        for a, b in itertools.pairwise(points):
            for box in segment_boxes(a, b, 0.3):
                self.lettering.crowd.add(box, 3.0)

    def _find_joints(self) -> None:
        """A dot where conductors of one pin part from each other; a mere crossing gets none."""
        pins = {(p.x, p.y) for group in self.pins.values() for p in group}
        around: dict[GridPoint, dict[str, set[GridPoint]]] = {}
        for (a, b), names in self.board.edges.items():
            for name in names:
                around.setdefault(a, {}).setdefault(name, set()).add(b)
                around.setdefault(b, {}).setdefault(name, set()).add(a)
        ends = {d.conductor.id: {d.points[0], d.points[-1]} for d in self.layout.conductors}
        for point, ways in around.items():
            if point in pins:
                continue
            pairs = itertools.combinations(ways, 2)
            if any(ends[a] & ends[b] and len(ways[a] | ways[b]) > 2 for a, b in pairs):
                self.layout.joints.append(point)


def draw_up(plant: Plant, folio: Folio, places: Places) -> Layout:
    """The layout of a folio."""
    drafter = _Drafter(plant, folio, places)
    drafter.place_all()
    drafter.route_all()
    Labels(plant, places, drafter.layout, drafter.pins, drafter.lettering).write_all()
    return drafter.layout
