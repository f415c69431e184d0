"""Single-acting pneumatic cylinder: air extends the rod, a spring brings it back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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
from etabli.components.drawing import Line, Moves, Pin, Rectangle, Symbol
from etabli.components.fluid_symbols import spring
from etabli.components.mechanical.elastic import linear_spring
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.cylinder_chambers import port_conductance
from etabli.components.pneumatic.cylinder_parts import (
    CHAMBER_PARAMETERS,
    ROD_MODES,
    ROD_SIGNALS,
    START,
    add_chambers,
    add_rod,
    add_rod_reading,
    rod_channels,
    rod_senses,
    side_symbol,
)
from etabli.components.pneumatic.orifice import vent
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.law import Domain
from etabli.physics.network import GROUND
from etabli.physics.text import Text

_SHORT = {"stroke_mm": 50.0, "mass_kg": 0.5}
_KEPT = (
    *("bore_mm", "rod_mm", "stroke_mm", "mass_kg", "load_n", "friction_bar", "stiction", "stribeck_mm_s", "viscous"),
    *("dead_cm3", "port_conductance"),
)
_OF_CHAMBERS = tuple(replace(p, default=_SHORT.get(p.name, p.default)) for p in CHAMBER_PARAMETERS if p.name in _KEPT)


def _build(b: Builder, p: Parameters) -> None:
    stroke = float(p["stroke_mm"]) * 1e-3
    start = stroke * float(p["start"])
    # No cushion: the buffers of the end caps stop the piston. What is not a parameter here keeps its usual value.
    values: dict[str, Any] = {**{q.name: q.default for q in CHAMBER_PARAMETERS}, **p, "cushioning": 0.0}
    add_volume(b, "A")
    add_volume(b, "B")
    add_chambers(b, values, stroke, start, cushion_seal=0.0)
    conductance = float(p["port_conductance"]) or port_conductance(float(p["bore_mm"]))
    b.device("breather", vent, {"a": "B"}, {"conductance": conductance, "critical_ratio": 0.35, "opening": 1.0})
    add_leak(b, "rod_leak", "chamber_b")
    add_leak(b, "cap_leak", "chamber_a")
    add_rod(b, values)
    first, last = float(p["spring_rest_n"]), float(p["spring_end_n"])
    stiffness = max(last - first, 1.0) / stroke
    b.device(
        "return_spring",
        linear_spring,
        {"a": "rod", "b": GROUND},
        {"stiffness": stiffness, "damping": 0.0},
        {"stretch": first / stiffness + start},
    )
    add_rod_reading(b, values, stroke)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    return (
        *rod_senses(tag, p, read),
        *hiss(read, tag, "breather", f"{tag}.B", Text("à l'évent du vérin", "at the breather of the cylinder")),
        *hiss(read, tag, "cap_leak", f"{tag}.chamber_a", Text("au fond du vérin", "at the cap end of the cylinder")),
    )


def _symbol() -> Symbol:
    """Body 16 × 6 with its spring before the piston and its breather; rod and piston move over 9 modules."""
    moving = (
        Rectangle(1, 0.2, 1.4, 5.6, True),
        Line(((2.4, 2.6), (19, 2.6), (19, 3.4), (2.4, 3.4))),
    )
    breather = (Line(((14, 6), (14, 7))), Line(((13.4, 7), (14.6, 7)), "thin"))
    return Symbol(
        28,
        8,
        (
            Rectangle(0, 0, 16, 6),
            Line(((2, 6), (2, 8))),
            *breather,
            spring(11.4, 1.4, 4.4),
            spring(11.4, 4.6, 4.4),
            Moves("rod", 9, 0, moving),
        ),
        (Pin("A", 2, 8, "s"),),
    )


COMPONENT = Component(
    family="single_acting_cylinder",
    letter="A",
    purpose="M",
    text=Text("vérin simple effet", "single-acting cylinder"),
    sheet=Text(
        "L'air en A fait sortir la tige contre le ressort ; à l'échappement, le ressort la rentre, sans effort utile. "
        "La chambre du ressort respire par un évent filtré : bouché, il freine la sortie et l'écourte. Valeurs : fiche "
        "de vérin simple effet Ø 32, course 50 mm, ressort de 25 N tige rentrée à 55 N tige sortie.",
        "Air in A extends the rod against the spring; once exhausted, the spring retracts it, with no useful force. "
        "The spring chamber breathes through a filtered hole: blocked, it brakes the outward stroke and cuts it short. "
        "Values: data sheet of a 32 mm single-acting cylinder, 50 mm stroke, spring from 25 N retracted to 55 N "
        "extended.",
    ),
    parameters=(
        *_OF_CHAMBERS,
        Parameter(
            "spring_rest_n", Text("effort du ressort, tige rentrée", "spring force, retracted"), "N", 25.0, 0.0, 5000.0
        ),
        Parameter(
            "spring_end_n", Text("effort du ressort, tige sortie", "spring force, extended"), "N", 55.0, 1.0, 10000.0
        ),
        START,
    ),
    ports=(Port("A", Domain.PNEUMATIC),),
    build=_build,
    failure_modes=(
        FailureMode(
            "spring_broken",
            Text("ressort de rappel cassé", "return spring broken"),
            (Effect("return_spring.stiffness", 0.02, relative=True, logarithmic=True),),
            onsets=(Onset.SUDDEN,),
            degrees=(0.8, 1.0),
        ),
        FailureMode(
            "spring_tired",
            Text("ressort de rappel affaissé : retour lent", "return spring sagged: slow return"),
            (Effect("return_spring.stiffness", 0.3, relative=True),),
            onsets=(Onset.GROWING,),
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "breather_blocked",
            Text("évent du vérin bouché", "breather of the cylinder blocked"),
            (Effect("breather.opening", 1e-4, logarithmic=True),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING),
            1.2,
            (0.7, 1.0),
            Text("L'évent du vérin est plein de graisse et de poussière.", "The breather is full of grease and dust."),
        ),
        FailureMode(
            "piston_seal",
            Text("joint de piston usé : fuite à l'évent", "worn piston seal: leak at the breather"),
            (Effect("chambers.piston_leak", 0.1),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.5,
            degrees=(0.15, 1.0),
        ),
        leak_mode("cap_seal", Text("joint du fond usé : fuite", "worn cap seal: leak"), "cap_leak", 0.3, rate=0.5),
        *ROD_MODES,
    ),
    channels=rod_channels,
    signals=ROD_SIGNALS,
    senses=_senses,
    symbols={"main": _symbol(), "side": side_symbol()},
)
