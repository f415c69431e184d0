"""Drawings of a machine as SVG text: folios, cabinet, control panel, mimic.

Classes and ``data-*`` attributes only; ``drawing.css`` gives colours and ``binder.js`` life.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from etabli.machines.drawing.folio import write_folio
from etabli.machines.drawing.layout import Layout, Places, draw_up
from etabli.machines.drawing.plant import Plant
from etabli.machines.drawing.sheet import DrawingError, Folio, read_folio
from etabli.machines.model import Machine
from etabli.physics.text import Text

__all__ = ["DrawingError", "folio_ids", "folio_layout", "folio_svg", "folio_title"]


class _Book:
    """The drawings of one machine, made once."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.plant = Plant.of(machine)
        self.folios = _read_folios(machine.folder)
        self.places = Places.of(tuple(self.folios.values()))
        self._layouts: dict[str, Layout] = {}

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


def book(machine: Machine) -> _Book:
    """The drawings of a machine object, kept as long as that object lives."""
    found = machine.__dict__.get("_drawings")
    if found is None:
        found = _Book(machine)
        machine.__dict__["_drawings"] = found
    return found


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
