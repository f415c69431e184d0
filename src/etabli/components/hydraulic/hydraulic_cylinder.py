"""Double-acting hydraulic cylinder, with the seals of its piston and rod, and cushions where it has some."""

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
    Repair,
    Sense,
    Swap,
)
from etabli.components.curve import BAR, Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Moves, Pin, Rectangle, Symbol
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import (
    CAVITATION_BAR,
    FREE_AIR,
    OIL_BULK_BAR,
    add_oil_volume,
    follow_oil,
    oil_content,
    orifice_factor,
    orifice_flow,
)
from etabli.components.mechanical.dry_friction import add_dry_friction
from etabli.components.mechanical.elastic import GRAVITY
from etabli.components.mechanical.inertia import moving_mass
from etabli.physics.expression import absolute, clamp, less, maximum, positive, sqrt
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import GROUND, MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_NEWTON_PER_BAR_CM2 = 10.0
_CM3_PER_CM2_M = 100.0
_STOP_STIFFNESS = 5e8  # N/m, steel piston on a steel cap
_STOP_DAMPING = 4.0  # s/m, Hunt-Crossley factor
_STOP_ROUNDING_M = 5e-6
_BREAKAWAY = 1.3
_CHECK_BAND_BAR = 0.2
_NEEDLE_SHARE = 0.1  # share of the port that the cushioning screw wide open passes
_LEAST_NEEDLE = 0.002
_ENTRY_SHARE = 0.2  # share of the cushion over which the spigot closes the main passage
_USUAL_SPEED, _PORT_DROP_BAR = 0.4, 2.0  # m/s at which the port takes that drop
_LEAST_VOLUME = 0.2  # of the dead volume: a floor that keeps the chamber defined whatever the stop takes
_AT_END = 0.002  # share of the stroke
_THUD_M_S, _KNOCK_M_S = 0.04, 0.15


@law(
    terminals={"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC, "w": Domain.TRANSLATION},
    parameters=(
        "area_a", "area_b", "stroke", "dead_a", "dead_b", "bulk", "air", "trapped", "piston_leak", "viscosity",
        "load",
    ),
    states=("content_a", "content_b", "position"),
)  # fmt: skip
def oil_cylinder(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Two oil chambers and the piston between them; ``w`` is the rod (m/s, positive when it extends).

    Areas in cm², stroke in m, dead volumes in cm³, ``air`` the free air of the oil, ``trapped`` what bleeding has left,
    ``piston_leak`` in cm³/s per bar at 46 mm²/s (Hagen-Poiseuille through the seal), ``load`` N against extension.
    Conservation of oil: a chamber holds ``V(x) (1 + strain(p))`` cm³ (see ``oil_content``; Merritt, chapter 3). The
    volumes that the rod sweeps and the areas that push it with ``10 (pa Aa - pb Ab)`` N are the same numbers, so the
    pair neither makes nor loses energy. End stops: Hunt and Crossley (1975), which never pull.
    """
    x = s.position + ah * v.w
    air = p.air + p.trapped
    volume_a = maximum(p.dead_a + _CM3_PER_CM2_M * p.area_a * x, _LEAST_VOLUME * p.dead_a)
    volume_b = maximum(p.dead_b + _CM3_PER_CM2_M * p.area_b * (p.stroke - x), _LEAST_VOLUME * p.dead_b)
    content_a, content_b = oil_content(volume_a, v.a, p.bulk, air), oil_content(volume_b, v.b, p.bulk, air)
    passed = p.piston_leak / p.viscosity * (v.a - v.b)
    push = _NEWTON_PER_BAR_CM2 * (v.a * p.area_a - v.b * p.area_b)
    home = positive(-x, _STOP_ROUNDING_M) * maximum(1.0 - _STOP_DAMPING * v.w, 0.0)
    out = positive(x - p.stroke, _STOP_ROUNDING_M) * maximum(1.0 + _STOP_DAMPING * v.w, 0.0)
    return {
        "a": (content_a - s.content_a) / ah + passed,
        "b": (content_b - s.content_b) / ah - passed,
        "w": p.load + _STOP_STIFFNESS * (out - home) - push,
    }, {"content_a": content_a, "content_b": content_b, "position": x}


explain(
    oil_cylinder,
    Text(
        "Vérin hydraulique : force 10 (pA SA − pB SB), huile compressible avec air libre, fuite laminaire du joint de "
        "piston, butées de Hunt et Crossley. Source : Merritt, chapitre 3.",
        "Hydraulic cylinder: force 10 (pA SA − pB SB), compressible oil with free air, laminar leak of the piston "
        "seal, Hunt-Crossley end stops. Source: Merritt, chapter 3.",
    ),
    Curve(
        Text("force de sortie selon la pression en A", "thrust against pressure at A"),
        BAR,
        Axis(Text("force", "force"), "kN"),
        sweep(
            0.0,
            250.0,
            lambda d, x: -1e-3 * d.answer({"position": 0.5 * d.sound.p.stroke}, a=x)[0]["w"],
            11,
        ),
    ),
    Curve(
        Text("fuite interne selon la pression en A", "internal leak against pressure at A"),
        BAR,
        Axis(Text("fuite", "leak"), "cm³/s"),
        sweep(0.0, 250.0, lambda d, x: d.flow("a", a=x), 11),
    ),
)


@law(
    terminals={"port": Domain.HYDRAULIC, "chamber": Domain.HYDRAULIC, "w": Domain.TRANSLATION},
    parameters=("k", "length", "end", "sense", "cushioning", "seal"),
    states=("position",),
)
def oil_cushion(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Passage from a port to its chamber: a spigot shuts it over the last ``length`` m before the end cap.

    ``end + sense * position`` is the way left to that cap (m). The main passage (k in cm³/s per √bar) closes over the
    first fifth of the cushion; the screw (``cushioning`` 0 open … 1 closed) and, inwards, a check valve remain.
    ``seal`` 1 sound … 0: the spigot no longer seals. Turbulent orifices (Merritt, chapter 3).
    """
    position = s.position + ah * v.w
    left = p.end + p.sense * position
    main = clamp((left / p.length - (1.0 - _ENTRY_SHARE)) / _ENTRY_SHARE, 0.0, 1.0)
    drop = v.port - v.chamber
    inwards = 0.5 * (1.0 + drop / sqrt(drop * drop + _CHECK_BAND_BAR * _CHECK_BAND_BAR))
    needle = _NEEDLE_SHARE * clamp(1.0 - p.cushioning, 0.0, 1.0) + _LEAST_NEEDLE
    q = orifice_flow(v.port, v.chamber, p.k * (maximum(maximum(main, 1.0 - p.seal), inwards) + needle))
    return {"port": q, "chamber": -q, "w": 0.0 * v.w}, {"position": position}


explain(
    oil_cushion,
    Text(
        "Amortissement de fin de course : le piston ferme le grand passage, il reste une vis réglable (orifices "
        "turbulents, Merritt, chapitre 3).",
        "End cushion: a spigot shuts the large passage, an adjustable screw remains (turbulent orifices, Merritt, "
        "chapter 3).",
    ),
)


@sampled(
    reads=("position", "speed", "pressure_a", "pressure_b"),
    parameters=("stroke", "area_a", "area_b"),
    memory=("fraction", "knock", "fastest", "force", "power"),
    stage=Stage.SENSE,
)
def oil_rod_position(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """The rod as eye and ear follow it, and what the oil gives to it.

    ``fraction`` 0 in … 1 out, ``fastest`` its highest speed of the last 20 ms, ``knock`` that speed at the last hit on
    an end cap (m/s, forgotten in 2 s); ``force`` of the oil on the rod (N), ``power`` that it gives (W, negative when
    the load pushes the oil back).
    """
    fraction = clamp(r.position / p.stroke, 0.0, 1.0)
    home = less(fraction, _AT_END) * less(_AT_END, m.fraction)
    out = less(1.0 - _AT_END, fraction) * less(m.fraction, 1.0 - _AT_END)
    force = _NEWTON_PER_BAR_CM2 * (r.pressure_a * p.area_a - r.pressure_b * p.area_b)
    return {
        "fraction": fraction,
        "knock": maximum(m.knock * maximum(1.0 - h / 2.0, 0.0), maximum(home, out) * m.fastest),
        "fastest": maximum(absolute(r.speed), m.fastest * maximum(1.0 - h / 0.02, 0.0)),
        "force": force,
        "power": force * r.speed,
    }


explain(
    oil_rod_position,
    Text("Ce que l'œil et l'oreille suivent de la tige.", "What eye and ear follow of the rod."),
)


def cylinder_areas_cm2(bore_mm: float, rod_mm: float) -> tuple[float, float]:
    """Area of the cap side and of the rod side."""
    full, rod = (math.pi / 4.0 * (diameter / 10.0) ** 2 for diameter in (bore_mm, rod_mm))
    return full, full - rod


def _cushioned(p: Parameters) -> bool:
    return float(p["cushion_mm"]) > 0.0


def _chambers(p: Parameters) -> tuple[str, str]:
    """Local nodes of the chambers: behind the cushions, else the ports themselves."""
    return ("chamber_a", "chamber_b") if _cushioned(p) else ("A", "B")


def _areas(p: Parameters) -> tuple[float, float]:
    return cylinder_areas_cm2(float(p["bore_mm"]), float(p["rod_mm"]))


def _against_extension(p: Parameters) -> float:
    """Outside force and the part of the weight of the moving mass along the rod, N against extension."""
    tilt = math.sin(math.radians(float(p["angle_deg"])))
    return float(p["load_n"]) + float(p["mass_kg"]) * GRAVITY * tilt


def _build(b: Builder, p: Parameters) -> None:
    area_a, area_b = _areas(p)
    stroke, start = float(p["stroke_mm"]) * 1e-3, float(p["start_mm"]) * 1e-3
    dead = 0.5 * area_a + 10.0  # 5 mm at each cap, and the port
    volume_a = dead + _CM3_PER_CM2_M * area_a * start
    volume_b = dead + _CM3_PER_CM2_M * area_b * (stroke - start)
    near_a, near_b = _chambers(p)
    b.device(
        "chambers",
        oil_cylinder,
        {"a": near_a, "b": near_b, "w": "rod"},
        {
            "area_a": area_a,
            "area_b": area_b,
            "stroke": stroke,
            "dead_a": dead,
            "dead_b": dead,
            "bulk": OIL_BULK_BAR,
            "air": FREE_AIR,
            "trapped": 0.0,
            "piston_leak": float(p["seal_leak_cm3_s_bar"]),
            "viscosity": 1.0,
            "load": _against_extension(p),
        },
        {"content_a": volume_a, "content_b": volume_b, "position": start},
    )
    if _cushioned(p):
        _add_cushions(b, p, stroke, start)
    seals_n = _NEWTON_PER_BAR_CM2 * float(p["friction_bar"]) * area_a
    b.device("rod_mass", moving_mass, {"w": "rod"}, {"mass": p["mass_kg"]})
    add_dry_friction(b, "seals", "rod", GROUND, seals_n, breakaway=_BREAKAWAY, viscous=2.0 * seals_n)
    add_external_leak(b, "rod_leak", near_b)
    add_external_leak(b, "cap_leak", near_a)
    b.sample(
        "rod_reading",
        oil_rod_position,
        {
            "position": b.state("chambers", "position"),
            "speed": b.across("rod"),
            "pressure_a": b.across(near_a),
            "pressure_b": b.across(near_b),
        },
        {"stroke": stroke, "area_a": area_a, "area_b": area_b},
        initial={"fraction": start / stroke},
    )
    ports = [("volume_A", "air"), ("volume_B", "air")] if _cushioned(p) else []
    follow_oil(b, viscosity=[("chambers", "viscosity")], air=[("chambers", "air"), *ports])


def _add_cushions(b: Builder, p: Parameters, stroke: float, start: float) -> None:
    """The oil in the ports, and the way from each to its chamber."""
    for side, area, end, sense in zip("AB", _areas(p), (0.0, stroke), (1.0, -1.0), strict=True):
        add_oil_volume(b, side, 10.0)
        b.device(
            f"cushion_{side.lower()}",
            oil_cushion,
            {"port": side, "chamber": f"chamber_{side.lower()}", "w": "rod"},
            {
                "k": orifice_factor(_CM3_PER_CM2_M * area * _USUAL_SPEED, _PORT_DROP_BAR),
                "length": min(float(p["cushion_mm"]) * 1e-3, 0.4 * stroke),
                "end": end,
                "sense": sense,
                "cushioning": p["cushioning"],
                "seal": 1.0,
            },
            {"position": start},
        )


def _chamber_ref(tag: str, p: Parameters, side: int) -> NodeRef:
    return NodeRef(f"{tag}.{_chambers(p)[side]}" if _cushioned(p) else f"{tag}:{_chambers(p)[side]}")


def _heard(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    """Knocks at the ends, oil that passes the piston, a chamber drawn empty, a rod that binds."""
    found = []
    pressures = [read(_chamber_ref(tag, p, side)) for side in (0, 1)]
    knock = read(MemoryRef(f"{tag}.rod_reading", "knock"))
    if knock > _KNOCK_M_S:
        found.append(Text("Le piston cogne violemment en fin de course.", "The piston hits its end cap hard."))
    elif knock > _THUD_M_S:
        found.append(Text("Choc sourd en fin de course.", "Dull thud at the end of the stroke."))
    if read(ParameterRef(f"{tag}.chambers", "piston_leak")) * abs(pressures[0] - pressures[1]) > 20.0:
        found.append(Text("L'huile chuinte à travers le piston.", "Oil hisses past the piston."))
    if min(pressures) < CAVITATION_BAR + 0.1:
        found.append(Text("Une chambre crépite : elle aspire à vide.", "A chamber crackles: it is drawn empty."))
    healthy = _NEWTON_PER_BAR_CM2 * float(p["friction_bar"]) * _areas(p)[0]
    binding = read(ParameterRef(f"{tag}.seals", "limit")) > 4.0 * healthy
    if binding and read(MemoryRef(f"{tag}.rod_reading", "fastest")) > 1e-3:
        found.append(Text("La tige grince en avançant.", "The rod squeaks as it moves."))
    return tuple(Perception(Sense.LISTEN, text) for text in found)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed = read(NodeRef(f"{tag}:rod"))
    if abs(speed) < 1e-3:
        words = Text("La tige est immobile.", "The rod does not move.")
    elif speed > 0.0:
        words = Text("La tige sort.", "The rod comes out.")
    else:
        words = Text("La tige rentre.", "The rod goes in.")
    cap, rod_side = (_chamber_ref(tag, p, side).node for side in (0, 1))
    return (
        Perception(Sense.LOOK, words),
        *_heard(tag, p, read),
        *leak_perceptions(read, tag, "rod_leak", rod_side, Text("au presse-étoupe de la tige", "at the rod gland")),
        *leak_perceptions(read, tag, "cap_leak", cap, Text("au joint du fond", "at the seal of the cap")),
    )


def _symbol() -> Symbol:
    rod = (Rectangle(4.6, 3, 1.6, 6), Rectangle(6.2, 5.4, 11.8, 1.2))
    body = (Rectangle(2, 3, 14, 6), Line(((4, 9), (4, 12))), Line(((14, 9), (14, 12))))
    return Symbol(
        22,
        12,
        (*body, Moves("rod", 8.0, 0.0, rod), Line(((18, 6), (22, 6)), "thin")),
        (Pin("A", 4, 12, "s"), Pin("B", 14, 12, "s"), Pin("rod", 22, 6, "e", label=False)),
    )


def _vertical() -> Symbol:
    """Rod downwards, as in a press: cap side on top, ports on the left."""
    rod = (Rectangle(3, 3.4, 6, 1.6), Rectangle(5.4, 5.0, 1.2, 12))
    body = (Rectangle(3, 2, 6, 14), Line(((0, 3), (3, 3))), Line(((0, 15), (3, 15))))
    return Symbol(
        10,
        20,
        (*body, Moves("rod", 0.0, 8.0, rod), Line(((6, 17), (6, 20)), "thin")),
        (Pin("A", 0, 3, "w"), Pin("B", 0, 15, "w"), Pin("rod", 6, 20, "s", label=False)),
    )


_MODES = (
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
    FailureMode(
        "stiff",
        Text("joints gonflés : vérin dur", "swollen seals: stiff cylinder"),
        (Effect("seals.limit", 12.0, relative=True),),
        onsets=(Onset.GROWING, Onset.INTERMITTENT),
        degrees=(0.4, 1.0),
    ),
    FailureMode(
        "seized",
        Text("vérin grippé", "cylinder seized"),
        (Effect("seals.limit", 300.0, relative=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.4,
    ),
    FailureMode(
        "trapped_air",
        Text("vérin mal purgé : air emprisonné", "cylinder badly bled: trapped air"),
        (Effect("chambers.trapped", 0.12),),
        Repair.CLEAN,
        (Onset.SUDDEN, Onset.GROWING),
        0.8,
        (0.3, 1.0),
    ),
    FailureMode(
        "hoses_crossed",
        Text("flexibles A et B du vérin croisés", "hoses A and B of the cylinder crossed"),
        (Swap("A", "B"),),
        Repair.RECONNECT,
        rate=0.7,
    ),
)

_CUSHION_MODES = (
    FailureMode(
        "cushion_damaged",
        Text("amortissement de fin de course détruit", "end cushioning destroyed"),
        (Effect("cushion_a.seal", 0.0), Effect("cushion_b.seal", 0.0)),
        rate=0.8,
        degrees=(0.5, 1.0),
    ),
    FailureMode(
        "cushion_closed",
        Text("vis d'amortissement vissées à fond", "cushioning screws fully closed"),
        (Effect("cushion_a.cushioning", 1.0), Effect("cushion_b.cushioning", 1.0)),
        Repair.ADJUST,
    ),
)


def _modes(p: Parameters) -> tuple[FailureMode, ...]:
    return (*_MODES, *_CUSHION_MODES) if _cushioned(p) else _MODES


COMPONENT = Component(
    family="hydraulic_cylinder",
    letter="A",
    purpose="M",
    text=Text("vérin hydraulique double effet", "double-acting hydraulic cylinder"),
    sheet=Text(
        "Vérin double effet : A côté fond, B côté tige. Force = pression × section ; vitesse = débit / section. Un "
        "joint de piston usé laisse passer l'huile d'une chambre à l'autre : la force baisse, la charge dérive. "
        "Valeurs : fiche ISO 6020-2 (160 bar).",
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
        Parameter("load_n", Text("effort opposé à la sortie", "force against extension"), "N", 0.0, -1e7, 1e7),
        Parameter("angle_deg", Text("inclinaison (90 : tige en haut)", "tilt (90: rod up)"), "°", 0.0, -90.0, 90.0),
        Parameter("cushion_mm", Text("amortissement (0 : sans)", "cushion (0: none)"), "mm", 0.0, 0.0, 200.0),
        Parameter(
            "cushioning", Text("serrage des vis d'amortissement", "tightness of the cushion screws"), "", 0.7, 0.0, 0.99
        ),
    ),
    ports=(Port("A", Domain.HYDRAULIC), Port("B", Domain.HYDRAULIC), Port("rod", Domain.TRANSLATION)),
    build=_build,
    failure_modes=_modes,
    channels=lambda tag, p: (
        Channel("rod", MemoryRef(f"{tag}.rod_reading", "fraction"), seen=True, text=Text("tige", "rod")),
        Channel("pressure_a", _chamber_ref(tag, p, 0), 0.0, 250.0),
        Channel("pressure_b", _chamber_ref(tag, p, 1), 0.0, 250.0),
    ),
    signals={
        "position": lambda tag, p: StateRef(f"{tag}.chambers", "position"),
        "extended": lambda tag, p: MemoryRef(f"{tag}.rod_reading", "fraction"),
        "speed": lambda tag, p: NodeRef(f"{tag}:rod"),
        "pressure_a": lambda tag, p: _chamber_ref(tag, p, 0),
        "pressure_b": lambda tag, p: _chamber_ref(tag, p, 1),
        "force": lambda tag, p: MemoryRef(f"{tag}.rod_reading", "force"),
        "work": lambda tag, p: MemoryRef(f"{tag}.rod_reading", "power"),
    },
    optional_links=("viscosity", "air"),
    senses=_senses,
    symbols={"main": _symbol(), "vertical": _vertical()},
)
