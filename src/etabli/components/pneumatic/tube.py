"""Plastic tube between two push-in fittings."""

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
from etabli.components.drawing import Line, Pin, Symbol
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.orifice import orifice
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.law import Domain
from etabli.physics.text import Text


def tube_conductance(diameter_mm: float, length_m: float) -> tuple[float, float]:
    """Sonic conductance C in dm³/(s·bar) and critical ratio b of a smooth tube with its fittings.

    Formula of ISO 6358 (2013) for plastic tubes, in SI: ``C = 0.029 d² / sqrt(L / d**1.25 + 510)`` in m³/(s·Pa) and
    ``b = 474 C / d²``; 1e-8 m³/(s·Pa) is 1 dm³/(s·bar).
    """
    d = diameter_mm * 1e-3
    c = 0.029 * d * d / math.sqrt(max(length_m, 0.02) / d**1.25 + 510.0)
    return c * 1e8, 474.0 * c / (d * d)


def _build(b: Builder, p: Parameters) -> None:
    diameter, length = float(p["diameter_mm"]), float(p["length_m"])
    conductance, ratio = tube_conductance(diameter, length)
    half_cm3 = math.pi / 4.0 * (diameter * 0.1) ** 2 * length * 100.0 / 2.0
    add_volume(b, "a", half_cm3)
    add_volume(b, "b", half_cm3)
    b.device(
        "bore", orifice, {"a": "a", "b": "b"}, {"conductance": conductance, "critical_ratio": ratio, "opening": 1.0}
    )
    add_leak(b, "leak_a", "a")
    add_leak(b, "leak_b", "b")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    where = Text("le long du tube ou à son raccord", "along the tube or at its fitting")
    return (
        *hiss(read, tag, "leak_a", f"{tag}:a", where),
        *hiss(read, tag, "leak_b", f"{tag}:b", where),
    )


COMPONENT = Component(
    family="tube",
    letter="W",
    text=Text("tube pneumatique", "pneumatic tube"),
    sheet=Text(
        "Tube polyuréthane sur raccords instantanés. Plus il est fin et long, plus il freine l'air (conductance de "
        "l'ISO 6358). Valeurs : tube 6 × 4 mm (diamètre intérieur 4 mm).",
        "Polyurethane tube on push-in fittings. The thinner and longer it is, the more it slows the air (conductance "
        "of ISO 6358). Values: 6 × 4 mm tube (inner diameter 4 mm).",
    ),
    parameters=(
        Parameter("diameter_mm", Text("diamètre intérieur", "inner diameter"), "mm", 4.0, 1.5, 25.0),
        Parameter("length_m", Text("longueur", "length"), "m", 1.0, 0.0, 50.0),
    ),
    ports=(Port("a", Domain.PNEUMATIC), Port("b", Domain.PNEUMATIC)),
    build=_build,
    failure_modes=(
        leak_mode(
            "leak_a",
            Text("fuite au raccord de départ", "leak at the first fitting"),
            "leak_a",
            0.5,
            Repair.TIGHTEN,
            visible=Text(
                "Le tube n'est pas enfoncé à fond dans le raccord.", "The tube is not fully pushed in its fitting."
            ),
        ),
        leak_mode(
            "leak",
            Text("tube percé", "tube pierced"),
            "leak_b",
            0.8,
            visible=Text("Le tube est entaillé là où il frotte.", "The tube is cut where it rubs."),
        ),
        FailureMode(
            "disconnected",
            Text("tube déboîté de son raccord", "tube off its fitting"),
            (Effect("leak_a.opening", 1.0), Effect("bore.opening", 1e-6), Effect("leak_b.opening", 1.0)),
            Repair.RECONNECT,
            rate=0.5,
            visible=Text("Le tube pend hors de son raccord.", "The tube hangs out of its fitting."),
        ),
        FailureMode(
            "kinked",
            Text("tube plié", "tube kinked"),
            (Effect("bore.opening", 0.02, logarithmic=True),),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.INTERMITTENT),
            1.5,
            (0.7, 1.0),
            Text("Le tube est plié en coude sous la goulotte.", "The tube is folded under the duct."),
        ),
        FailureMode(
            "blocked",
            Text("tube bouché", "tube blocked"),
            (Effect("bore.opening", 1e-5, logarithmic=True),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING),
            0.4,
        ),
    ),
    senses=_senses,
    symbols={"main": Symbol(4, 2, (Line(((0, 1), (4, 1))),), (Pin("a", 0, 1, "w", False), Pin("b", 4, 1, "e", False)))},
)
