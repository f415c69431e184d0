"""Drawings of a machine as SVG text: folios, cabinet, control panel, mimic.

Classes and ``data-*`` attributes only; ``drawing.css`` gives colours and ``binder.js`` life.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

from etabli.machines.drawing.cabinet import read_cabinet, write_cabinet
from etabli.machines.drawing.drawn import Layout
from etabli.machines.drawing.folio import write_folio
from etabli.machines.drawing.layout import draw_up
from etabli.machines.drawing.mimic import read_mimic, write_mimic
from etabli.machines.drawing.panel import write_panel
from etabli.machines.drawing.plant import Plant
from etabli.machines.drawing.references import Places, symbol_of
from etabli.machines.drawing.sheet import DrawingError, Folio, read_folio
from etabli.machines.model import MACHINES_KEPT, Machine
from etabli.machines.problem import Problem
from etabli.physics.text import Text

__all__ = [
    "DrawingError",
    "cabinet_svg",
    "channels_used",
    "check_drawings",
    "folio_ids",
    "folio_layout",
    "folio_svg",
    "folio_title",
    "mimic_svg",
    "panel_svg",
]


class _Book:
    """The drawings of one machine, made once."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.plant = Plant.of(machine)
        self.folios = _read_folios(machine.folder)
        for folio in self.folios.values():
            for element in folio.elements:
                symbol_of(self.plant, folio, element)
        self.places = Places.of(tuple(self.folios.values()))
        self._layouts: dict[str, Layout] = {}
        self.channels: tuple[str, ...] | None = None

    def layout(self, folio_id: str) -> Layout:
        """Geometry of a folio."""
        if folio_id not in self._layouts:
            self._layouts[folio_id] = draw_up(self.plant, self.folios[folio_id], self.places)
        return self._layouts[folio_id]


def _read_folios(folder: Path) -> dict[str, Folio]:
    found = [read_folio(folder, f"folios/{path.name}") for path in sorted((folder / "folios").glob("*.yaml"))]
    found.sort(key=lambda f: f.number)
    for before, after in itertools.pairwise(found):
        if before.number == after.number:
            raise DrawingError(
                after.file,
                1,
                Text(
                    f"le numéro de folio {after.number} sert déjà",
                    f"folio number {after.number} is already used",
                ),
                Text(f"changer « folio » ici ou dans {before.file}", f"change 'folio' here or in {before.file}"),
            )
    return {f.id: f for f in found}


@lru_cache(maxsize=MACHINES_KEPT)
def book(machine: Machine) -> _Book:
    """The drawings of a machine object: made once."""
    return _Book(machine)


def folio_ids(machine: Machine) -> tuple[str, ...]:
    """Ids of the folios, in the order of their numbers."""
    return tuple(book(machine).folios)


def folio_title(machine: Machine, folio_id: str) -> Text:
    """Title of a folio."""
    return book(machine).folios[folio_id].title


def folio_layout(machine: Machine, folio_id: str) -> Layout:
    """Geometry of a folio, without language (tests, cross-references)."""
    return book(machine).layout(folio_id)


def folio_svg(machine: Machine, folio_id: str, language: str) -> str:
    """A folio as SVG text."""
    made = book(machine)
    return write_folio(made.plant, made.layout(folio_id), len(made.folios), language)


def cabinet_svg(machine: Machine, language: str) -> str:
    """The mounting plate of the cabinet as SVG text."""
    return write_cabinet(book(machine).plant, read_cabinet(machine.folder), language)


def panel_svg(machine: Machine, language: str) -> str:
    """The control panel as SVG text."""
    return write_panel(book(machine).plant, language)


def mimic_svg(machine: Machine, language: str) -> str:
    """The mimic as SVG text."""
    return write_mimic(book(machine).plant, read_mimic(machine.folder), language)


_CHANNEL = re.compile(r' data-(?:channel|state|spin|signal)="([^"]+)"')


def channels_used(machine: Machine) -> tuple[str, ...]:
    """Every channel ("TAG.name") that a drawing of this machine follows, in alphabetical order.

    A frame for the page is the values 0…1 of these channels in this order, ``null`` where the reader may not see one.
    """
    made = book(machine)
    if made.channels is None:
        drawn = [folio_svg(machine, folio, "fr") for folio in made.folios]
        drawn += [cabinet_svg(machine, "fr"), panel_svg(machine, "fr"), mimic_svg(machine, "fr")]
        made.channels = tuple(sorted({name for text in drawn for name in _CHANNEL.findall(text)}))
    return made.channels


def check_drawings(machine: Machine) -> tuple[Problem, ...]:
    """What is wrong in the drawing files of a machine: the first mistake of each file."""
    found: list[Problem] = []
    try:
        made = book(machine)
    except DrawingError as wrong:
        return (wrong.problem,)
    makers: list[Callable[[], object]] = [partial(made.layout, folio) for folio in made.folios]
    makers += [partial(f, machine, "fr") for f in (cabinet_svg, panel_svg, mimic_svg)]
    for make in makers:
        try:
            make()
        except DrawingError as wrong:
            found.append(wrong.problem)
    return tuple(found)
