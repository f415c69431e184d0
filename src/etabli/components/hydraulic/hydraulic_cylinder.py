"""Double-acting hydraulic cylinder, with the seals of its piston and rod."""

from __future__ import annotations

import math
from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Sense,
)
from etabli.components.drawing import Line, Moves, Pin, Rectangle, Symbol
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import FREE_AIR, OIL_BULK_BAR, follow_oil, oil_content
from etabli.components.mechanical.dry_friction import add_dry_friction
from etabli.components.mechanical.inertia import moving_mass
from etabli.physics.expression import clamp, maximum, positive
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import GROUND, MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_NEWTON_PER_BAR_CM2 = 10.0
_CM3_PER_CM2_M = 100.0
_STOP_STIFFNESS = 5e8  # N/m, steel piston on a steel cap
_STOP_DAMPING = 4.0  # s/m, Hunt-Crossley factor
_STOP_ROUNDING_M = 5e-6
_BREAKAWAY = 1.3


@law(
    terminals={"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC, "w": Domain.TRANSLATION},
    parameters=("area_a", "area_b", "stroke", "dead_a", "dead_b", "bulk", "air", "piston_leak", "viscosity"),
    states=("content_a", "content_b", "position"),
)
def oil_cylinder(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Two oil chambers and the piston between them; ``w`` is the rod (m/s, positive when it extends).

    Areas in cm², stroke in m, dead volumes in cm³, ``piston_leak`` in cm³/s per bar at 46 mm²/s (Hagen-Poiseuille
    through the seal). A chamber holds ``V(x) (1 + strain(p))`` cm³ (see ``oil_content``); the force is
    ``10 (pa Aa - pb Ab)`` N, so the pair neither makes nor loses energy. End stops: Hunt and Crossley (1975).
    """
    x = s.position + ah * v.w
    content_a = oil_content(p.dead_a + _CM3_PER_CM2_M * p.area_a * maximum(x, 0.0), v.a, p.bulk, p.air)
    content_b = oil_content(p.dead_b + _CM3_PER_CM2_M * p.area_b * maximum(p.stroke - x, 0.0), v.b, p.bulk, p.air)
    passed = p.piston_leak / p.viscosity * (v.a - v.b)
    push = _NEWTON_PER_BAR_CM2 * (v.a * p.area_a - v.b * p.area_b)
    home = positive(-x, _STOP_ROUNDING_M) * maximum(1.0 - _STOP_DAMPING * v.w, 0.0)
    out = positive(x - p.stroke, _STOP_ROUNDING_M) * maximum(1.0 + _STOP_DAMPING * v.w, 0.0)
    return {
        "a": (content_a - s.content_a) / ah + passed,
        "b": (content_b - s.content_b) / ah - passed,
        "w": _STOP_STIFFNESS * (out - home) - push,
    }, {"content_a": content_a, "content_b": content_b, "position": x}


@sampled(reads=("position",), parameters=("stroke",), memory=("fraction",), stage=Stage.SENSE)
def oil_rod_position(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """The rod as an eye follows it, 0 in … 1 out."""
    return {"fraction": clamp(r.position / p.stroke, 0.0, 1.0)}


def cylinder_areas_cm2(bore_mm: float, rod_mm: float) -> tuple[float, float]:
    """Area of the cap side and of the rod side."""
    full, rod = (math.pi / 4.0 * (diameter / 10.0) ** 2 for diameter in (bore_mm, rod_mm))
    return full, full - rod


def _build(b: Builder, p: Parameters) -> None:
    area_a, area_b = cylinder_areas_cm2(float(p["bore_mm"]), float(p["rod_mm"]))
    stroke, start = float(p["stroke_mm"]) * 1e-3, float(p["start_mm"]) * 1e-3
    dead = 0.5 * area_a + 10.0  # 5 mm at each cap, and the port
    volume_a = dead + _CM3_PER_CM2_M * area_a * start
    volume_b = dead + _CM3_PER_CM2_M * area_b * (stroke - start)
    b.device(
        "chambers",
        oil_cylinder,
        {"a": "A", "b": "B", "w": "rod"},
        {
            "area_a": area_a,
            "area_b": area_b,
            "stroke": stroke,
            "dead_a": dead,
            "dead_b": dead,
            "bulk": OIL_BULK_BAR,
            "air": FREE_AIR,
            "piston_leak": float(p["seal_leak_cm3_s_bar"]),
            "viscosity": 1.0,
        },
        {"content_a": volume_a, "content_b": volume_b, "position": start},
    )
    seals_n = _NEWTON_PER_BAR_CM2 * float(p["friction_bar"]) * area_a
    b.device("rod_mass", moving_mass, {"w": "rod"}, {"mass": p["mass_kg"]})
    add_dry_friction(b, "seals", "rod", GROUND, seals_n, breakaway=_BREAKAWAY, viscous=2.0 * seals_n)
    add_external_leak(b, "rod_leak", "B")
    add_external_leak(b, "cap_leak", "A")
    b.sample(
        "rod_reading",
        oil_rod_position,
        {"position": b.state("chambers", "position")},
        {"stroke": stroke},
        initial={"fraction": start / stroke},
    )
    follow_oil(b, viscosity=[("chambers", "viscosity")], air=[("chambers", "air")])


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed = read(NodeRef(f"{tag}:rod"))
    if abs(speed) < 1e-3:
        words = Text("La tige est immobile.", "The rod does not move.")
    elif speed > 0.0:
        words = Text("La tige sort.", "The rod comes out.")
    else:
        words = Text("La tige rentre.", "The rod goes in.")
    found = [Perception(Sense.LOOK, words)]
    drop = abs(read(NodeRef(f"{tag}:A")) - read(NodeRef(f"{tag}:B")))
    passed = read(ParameterRef(f"{tag}.chambers", "piston_leak")) * drop
    if passed > 20.0:
        hiss = Text("L'huile chuinte à travers le piston.", "Oil hisses past the piston.")
        found.append(Perception(Sense.LISTEN, hiss))
    return (
        *found,
        *leak_perceptions(read, tag, "rod_leak", f"{tag}:B", Text("au presse-étoupe de la tige", "at the rod gland")),
        *leak_perceptions(read, tag, "cap_leak", f"{tag}:A", Text("au joint du fond", "at the seal of the cap")),
    )


def _symbol() -> Symbol:
    rod = (Rectangle(4, 4.2, 1.6, 3.6), Line(((5.6, 5.4), (18, 5.4))), Line(((5.6, 6.6), (18, 6.6))))
    body = (Rectangle(2, 3, 14, 6), Line(((4, 9), (4, 12))), Line(((14, 9), (14, 12))))
    return Symbol(
        22,
        12,
        (*body, Moves("rod", 8.0, 0.0, rod), Line(((18, 6), (22, 6)), "thin")),
        (Pin("A", 4, 12, "s"), Pin("B", 14, 12, "s"), Pin("rod", 22, 6, "e", label=False)),
    )


def _vertical() -> Symbol:
    """Rod downwards, as in a press: cap side on top, ports on the left."""
    rod = (Rectangle(3.2, 3.4, 5.6, 1.6), Line(((5.4, 5.0), (5.4, 17))), Line(((6.6, 5.0), (6.6, 17))))
    body = (Rectangle(3, 2, 6, 14), Line(((0, 3), (3, 3))), Line(((0, 15), (3, 15))))
    return Symbol(
        10,
        20,
        (*body, Moves("rod", 0.0, 8.0, rod), Line(((6, 17), (6, 20)), "thin")),
        (Pin("A", 0, 3, "w"), Pin("B", 0, 15, "w"), Pin("rod", 6, 20, "s", label=False)),
    )


COMPONENT = Component(
    family="hydraulic_cylinder",
    letter="A",
    text=Text("vérin hydraulique double effet", "double-acting hydraulic cylinder"),
    sheet=Text(
        "Vérin double effet : A côté fond, B côté tige. Force = pression × section ; vitesse = débit / section. Un "
        "joint "
        "de piston usé laisse passer l'huile d'une chambre à l'autre : la force baisse, la charge dérive. Valeurs : "
        "fiche ISO 6020-2 (160 bar).",
        "Double-acting cylinder: A cap side, B rod side. Force = pressure × area; speed = flow / area. A worn piston "
        "seal lets oil from one chamber to the other: the force drops, the load drifts. Values: ISO 6020-2 sheet "
        "(160 bar).",
    ),
    parameters=(
        Parameter("bore_mm", Text("alésage", "bore"), "mm", 63.0, 10.0, 1000.0),
        Parameter("rod_mm", Text("diamètre de la tige", "rod diameter"), "mm", 36.0, 4.0, 900.0),
        Parameter("stroke_mm", Text("course", "stroke"), "mm", 300.0, 5.0, 5000.0),
        Parameter("start_mm", Text("sortie au départ", "extension at start"), "mm", 0.0, 0.0, 5000.0),
        Parameter("mass_kg", Text("masse de la tige et du piston", "mass of rod and piston"), "kg", 15.0, 0.1, 5000.0),
        Parameter("friction_bar", Text("frottement des joints", "friction of the seals"), "bar", 0.8, 0.05, 10.0),
        Parameter(
            "seal_leak_cm3_s_bar", Text("fuite du joint neuf", "leak of a new seal"), "cm³/(s·bar)", 2e-5, 1e-7, 0.1
        ),
    ),
    ports=(Port("A", Domain.HYDRAULIC), Port("B", Domain.HYDRAULIC), Port("rod", Domain.TRANSLATION)),
    build=_build,
    failure_modes=(
        FailureMode(
            "piston_seal_worn",
            Text("joint de piston usé (fuite interne)", "worn piston seal (internal leak)"),
            (Effect("chambers.piston_leak", 5.0, logarithmic=True),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.8,
            degrees=(0.85, 1.0),
        ),
        external_leak_mode(
            "rod_seal_cut",
            Text("joint de tige coupé", "rod seal cut"),
            "rod_leak",
            0.5,
            rate=1.5,
            visible=Text("La tige est rayée et mouillée d'huile.", "The rod is scored and wet with oil."),
        ),
        external_leak_mode(
            "cap_seal_cut",
            Text("joint du fond coupé", "seal of the cap cut"),
            "cap_leak",
            0.5,
            rate=0.6,
            visible=Text("De l'huile goutte sous le fond du vérin.", "Oil drips under the cap of the cylinder."),
        ),
        FailureMode(
            "rod_bent",
            Text("tige faussée : elle force dans son guide", "bent rod: it binds in its bearing"),
            (Effect("seals.limit", 30.0, relative=True, logarithmic=True),),
            rate=0.6,
            degrees=(0.7, 1.0),
            visible=Text("La tige n'est plus droite à l'œil.", "The rod is no longer straight to the eye."),
        ),
    ),
    channels=lambda tag, p: (
        Channel("rod", MemoryRef(f"{tag}.rod_reading", "fraction"), seen=True, text=Text("tige", "rod")),
        Channel("pressure_a", NodeRef(f"{tag}:A"), 0.0, 250.0),
        Channel("pressure_b", NodeRef(f"{tag}:B"), 0.0, 250.0),
    ),
    signals={
        "position": lambda tag, p: StateRef(f"{tag}.chambers", "position"),
        "extended": lambda tag, p: MemoryRef(f"{tag}.rod_reading", "fraction"),
        "speed": lambda tag, p: NodeRef(f"{tag}:rod"),
    },
    optional_links=("viscosity", "air"),
    senses=_senses,
    symbols={"main": _symbol(), "vertical": _vertical()},
)
