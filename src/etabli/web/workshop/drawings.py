"""Drawings of a machine by kind, as the tabs of the bench page show them."""

from __future__ import annotations

from dataclasses import dataclass

from etabli.machines import Machine, drawing
from etabli.physics.law import Domain
from etabli.physics.text import Text

FOLIOS = frozenset({"electrical", "pneumatic"})


@dataclass(frozen=True)
class Named:
    """A drawing and its name."""

    id: str
    name: Text


def sheets(machine: Machine, kind: str) -> list[Named]:
    """Drawings of one kind: "electrical", "pneumatic", "mimic", "cabinet" or "panel"."""
    if kind not in FOLIOS:
        return [Named(kind, Text(kind, kind))]
    return [
        Named(folio, drawing.folio_title(machine, folio))
        for folio in drawing.folio_ids(machine)
        if _kind(machine, folio) == kind
    ]


def svg(machine: Machine, kind: str, sheet: str, language: str) -> str:
    """One drawing. Raises ``KeyError`` when there is none of that name."""
    if kind in FOLIOS:
        if sheet not in {each.id for each in sheets(machine, kind)}:
            raise KeyError(sheet)
        return drawing.folio_svg(machine, sheet, language)
    makers = {"mimic": drawing.mimic_svg, "cabinet": drawing.cabinet_svg, "panel": drawing.panel_svg}
    return makers[kind](machine, language)


def _kind(machine: Machine, folio: str) -> str:
    """A folio is pneumatic when most of its parts have air ports."""
    tags = {part.tag for part in drawing.folio_layout(machine, folio).parts}
    fluid = sum(any(port.domain is Domain.PNEUMATIC for port in machine.placed[tag].ports) for tag in tags)
    return "pneumatic" if 2 * fluid > len(tags) else "electrical"
