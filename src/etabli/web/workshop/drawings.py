"""Drawings of a machine by kind, as the tabs of the bench page show them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from etabli.machines import Machine, drawing
from etabli.machines.model import MACHINES_KEPT
from etabli.physics.law import Domain
from etabli.physics.text import Text

KINDS = ("mimic", "electrical", "pneumatic", "cabinet", "panel")
_DRAWN = re.compile(r' data-(?:components?|conductor)="([^"]+)"')
FLUIDS = (Domain.PNEUMATIC, Domain.HYDRAULIC)
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
        Named(folio, _numbered(machine, folio)) for folio in drawing.folio_ids(machine) if _kind(machine, folio) == kind
    ]


def svg(machine: Machine, kind: str, sheet: str, language: str) -> str:
    """One drawing. Raises ``KeyError`` when there is none of that name."""
    if kind in FOLIOS:
        if sheet not in {each.id for each in sheets(machine, kind)}:
            raise KeyError(sheet)
        return drawing.folio_svg(machine, sheet, language)
    makers = {"mimic": drawing.mimic_svg, "cabinet": drawing.cabinet_svg, "panel": drawing.panel_svg}
    return makers[kind](machine, language)


def _numbered(machine: Machine, folio: str) -> Text:
    number, title = drawing.folio_layout(machine, folio).folio.number, drawing.folio_title(machine, folio)
    return Text(f"{number} · {title.fr}", f"{number} · {title.en}")


@lru_cache(maxsize=MACHINES_KEPT)
def where(machine: Machine) -> dict[str, list[tuple[str, str]]]:
    """In which drawings each component and conductor is: tag -> [(kind, sheet), …]. Computed once for a machine."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in KINDS:
        for sheet in sheets(machine, kind):
            text = svg(machine, kind, sheet.id, "fr")
            tags = {tag for names in _DRAWN.findall(text) for tag in names.split()}
            for tag in sorted(tags & machine.parts.keys()):
                found.setdefault(tag, []).append((kind, sheet.id))
    return found


def _kind(machine: Machine, folio: str) -> str:
    """A folio is of fluids when most of the ports it draws carry air or oil: a valve's coil is on an electrical one."""
    pins = [pin for part in drawing.folio_layout(machine, folio).parts for pin in part.pins]
    fluid = sum(machine.domain(f"{pin.tag}:{pin.port}") in FLUIDS for pin in pins)
    return "pneumatic" if 2 * fluid > len(pins) else "electrical"
