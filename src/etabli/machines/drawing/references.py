"""Cross-references: where every part and terminal is drawn over all folios, and what belongs together."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from etabli.components.drawing import Symbol
from etabli.machines.drawing.geometry import placed
from etabli.machines.drawing.plant import Conductor, Plant, PortName
from etabli.machines.drawing.sheet import DrawingError, Element, Folio, TerminalPlace
from etabli.physics.text import Text


def column(folio: Folio, x: float) -> int:
    """Reference column of a position of the drawing area."""
    return min(folio.format.columns, int(x // folio.format.column_width) + 1)


@dataclass(frozen=True)
class Places:
    """Where every part and terminal is drawn, over all folios: the source of cross-references."""

    parts: Mapping[str, tuple[tuple[Folio, Element], ...]]
    terminals: Mapping[PortName, tuple[tuple[Folio, TerminalPlace], ...]]

    @staticmethod
    def of(folios: Sequence[Folio]) -> Places:
        """Index of these folios, in order of their numbers."""
        parts: dict[str, list[tuple[Folio, Element]]] = {}
        terminals: dict[PortName, list[tuple[Folio, TerminalPlace]]] = {}
        for folio in folios:
            for element in folio.elements:
                parts.setdefault(element.tag, []).append((folio, element))
            for terminal in folio.terminals:
                terminals.setdefault((terminal.tag, terminal.port), []).append((folio, terminal))
        return Places(
            {k: tuple(v) for k, v in parts.items()},
            {k: tuple(v) for k, v in terminals.items()},
        )

    def of_part(self, tag: str) -> tuple[tuple[Folio, Element], ...]:
        """Every place where a part of this component is drawn."""
        return self.parts.get(tag, ())

    def of_conductor(self, plant: Plant, conductor: Conductor) -> tuple[int, int, str] | None:
        """First folio that draws both ends of a conductor: number, column, id."""
        for folio, x in self.of_port(plant, conductor.first):
            for other, _ in self.of_port(plant, conductor.second):
                if other.id == folio.id and conductor.id not in folio.hide:
                    return folio.number, column(folio, x), folio.id
        return None

    def of_port(self, plant: Plant, name: PortName) -> Iterator[tuple[Folio, int]]:
        """Folios that draw a port, with its x."""
        for folio, terminal in self.terminals.get(name, ()):
            yield folio, terminal.at[0]
        tag, port = name
        part = plant.parts.get(tag)
        if part is None:
            return
        for folio, element in self.parts.get(tag, ()):
            symbol = part.component.symbols.get(element.symbol)
            if symbol and any(element.ports.get(p.port, p.port) == port for p in symbol.pins):
                yield folio, round(centre(plant, folio, element))


def symbol_of(plant: Plant, folio: Folio, element: Element) -> Symbol:
    """Symbol of an element; raises :class:`DrawingError` where the machine or the family has none."""
    part = plant.part(element.tag, folio.file, element.line)
    symbols = part.component.symbols
    if element.symbol not in symbols:
        known = ", ".join(sorted(symbols))
        family = part.component.family
        raise DrawingError(
            folio.file,
            element.line,
            Text(
                f"{family} n'a pas de symbole « {element.symbol} »",
                f"{family} has no symbol {element.symbol!r}",
            ),
            Text(f"symboles de cette famille : {known}", f"symbols of this family: {known}"),
        )
    return symbols[element.symbol]


def centre(plant: Plant, folio: Folio, element: Element) -> float:
    """x of the middle of an element: its reference column counts from there."""
    box = placed(symbol_of(plant, folio, element), *element.at, element.quarters, element.mirror).box
    return (box.left + box.right) / 2


def master_of(symbols: Mapping[str, Symbol]) -> str:
    """The symbol that commands the others of its component: the coil, else the main part; "" where there is none."""
    for name in ("coil", "main"):
        if name in symbols and len(symbols) > 1:
            return name
    return ""


def contact_pairs(symbol: Symbol) -> Iterator[tuple[tuple[str, str], str]]:
    """Pairs of ports that a symbol joins or separates, with "power", "no" or "nc", by the usual terminal numbers."""
    numbers = [p.port for p in symbol.pins if p.port.isdigit()]
    for first, second in itertools.pairwise(sorted(numbers, key=int)):
        if int(second) - int(first) != 1 or int(first) % 2 == 0:
            continue
        kind = "power" if int(first) < 10 else "no" if first.endswith("3") else "nc"
        yield (first, second), kind
