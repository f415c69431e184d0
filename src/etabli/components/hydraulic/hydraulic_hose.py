"""Hydraulic hose: rubber reinforced with steel wire, crimped fittings."""

from __future__ import annotations

import math

from etabli.components.component import (
    Builder,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Repair,
)
from etabli.components.drawing import Arc, Circle, Pin, Symbol
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import OIL_DENSITY, add_oil_volume, add_orifice
from etabli.physics.law import Domain
from etabli.physics.text import Text

HOSE_BULK_BAR = 6000.0
"""Bulk modulus of oil in a two-braid hose that stretches, bar (hose sheets: 0.5 to 0.9 GPa with the oil)."""

_FITTING_LOSSES = 1.5  # in velocity heads: both crimped ends and a bend
_FRICTION = 0.03  # Darcy factor of a smooth hose at the flows of a power unit
_BURST_K = 25.0  # a torn hose, as a multiple of the reference leak


def hose_factor(diameter_mm: float, length_m: float) -> float:
    """k of a hose with its fittings, cm³/s per √bar: Darcy and Weisbach with losses at the ends.

    ``dp = (f L/d + losses) rho v²/2``, turbulent; source: textbook pipe loss (Idelchik, Handbook of Hydraulic
    Resistance).
    """
    d = diameter_mm * 1e-3
    heads = _FRICTION * max(length_m, 0.05) / d + _FITTING_LOSSES
    area = math.pi / 4.0 * d * d
    return area * math.sqrt(2.0 * 1e5 / (OIL_DENSITY * 1000.0 * heads)) * 1e6


def _build(b: Builder, p: Parameters) -> None:
    diameter, length = float(p["diameter_mm"]), float(p["length_m"])
    half_cm3 = math.pi / 4.0 * (diameter * 0.1) ** 2 * length * 100.0 / 2.0
    add_oil_volume(b, "a", half_cm3, bulk_bar=HOSE_BULK_BAR)
    add_oil_volume(b, "b", half_cm3, bulk_bar=HOSE_BULK_BAR)
    add_orifice(b, "bore", "a", "b", hose_factor(diameter, length))
    add_external_leak(b, "leak_a", "a")
    add_external_leak(b, "leak_b", "b")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    where = Text("le long du flexible ou à son raccord", "along the hose or at its fitting")
    return (
        *leak_perceptions(read, tag, "leak_a", f"{tag}:a", where),
        *leak_perceptions(read, tag, "leak_b", f"{tag}:b", where),
    )


def _symbol() -> Symbol:
    """A flexible line: an arc that hangs between its two dots (ISO 1219-1)."""
    ends = (Circle(0, 1, 0.3, True), Circle(4, 1, 0.3, True))
    pins = (Pin("a", 0, 1, "w", False), Pin("b", 4, 1, "e", False))
    return Symbol(4, 2, (Arc(2, -0.5, 2.5, 36.87, 143.13), *ends), pins)


COMPONENT = Component(
    family="hydraulic_hose",
    letter="W",
    text=Text("flexible hydraulique", "hydraulic hose"),
    sheet=Text(
        "Flexible caoutchouc à deux tresses d'acier, raccords sertis. Il gonfle un peu sous pression. Un flexible qui "
        "suinte ou cloque se remplace. Valeurs : fiche EN 853 2SN.",
        "Rubber hose with two steel braids, crimped fittings. It swells a little under pressure. A hose that weeps or "
        "blisters is replaced. Values: EN 853 2SN sheet.",
    ),
    parameters=(
        Parameter("diameter_mm", Text("diamètre intérieur", "inner diameter"), "mm", 12.0, 4.0, 80.0),
        Parameter("length_m", Text("longueur", "length"), "m", 1.0, 0.0, 50.0),
    ),
    ports=(Port("a", Domain.HYDRAULIC), Port("b", Domain.HYDRAULIC)),
    build=_build,
    failure_modes=(
        external_leak_mode(
            "leak_a",
            Text("raccord du flexible desserré", "fitting of the hose loose"),
            "leak_a",
            0.5,
            Repair.TIGHTEN,
            visible=Text("De l'huile perle au raccord du flexible.", "Oil beads at the fitting of the hose."),
        ),
        FailureMode(
            "burst",
            Text("flexible éclaté", "hose burst"),
            (Effect("leak_b.opening", _BURST_K),),
            rate=0.5,
            visible=Text("La gaine du flexible est ouverte sur 3 cm.", "The cover of the hose is open over 3 cm."),
        ),
        FailureMode(
            "pinched",
            Text("flexible écrasé", "hose crushed"),
            (Effect("bore.opening", 0.02, logarithmic=True),),
            onsets=(Onset.SUDDEN,),
            rate=0.8,
            degrees=(0.7, 1.0),
            visible=Text("Le flexible est écrasé sous une pièce.", "The hose is crushed under a part."),
        ),
        FailureMode(
            "liner_torn",
            Text("tube intérieur décollé : il bouche le passage", "inner tube torn: it blocks the bore"),
            (Effect("bore.opening", 3e-3, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.3,
            degrees=(0.8, 1.0),
        ),
    ),
    senses=_senses,
    symbols={"main": _symbol()},
)
