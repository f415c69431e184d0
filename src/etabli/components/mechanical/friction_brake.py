"""Spring-applied disc brake, released by a caliper, a magnet or a hand lever."""

from __future__ import annotations

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
from etabli.components.curve import MILLISECONDS, Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Moves, Pin, Polygon, Rectangle, Symbol
from etabli.components.fluid_symbols import spring
from etabli.components.mechanical.inertia import rotating_mass
from etabli.components.mechanical.lining import add_lining, lining_modes, lining_senses, lining_spot
from etabli.physics.expression import clamp, less, maximum, minimum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import GROUND, MemoryRef, NodeRef, ParameterRef
from etabli.physics.text import Text


@sampled(
    reads=("release",),
    parameters=("lever", "travel_s", "jammed"),
    memory=("squeeze",),
    stage=Stage.ACTUATE,
)
def brake_shoes(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Shoes on their spring: squeeze 1 (applied) … 0 (released), by the signal ``release`` or by the hand ``lever``.

    Full travel in ``travel_s`` s each way (release and engagement times of spring-applied brake sheets); ``jammed``
    (0/1): they stay where they are.
    """
    wanted = 1.0 - clamp(maximum(r.release, p.lever), 0.0, 1.0)
    step = h / p.travel_s
    moved = select(less(m.squeeze, wanted), minimum(m.squeeze + step, wanted), maximum(m.squeeze - step, wanted))
    return {"squeeze": select(less(0.5, p.jammed), m.squeeze, moved)}


explain(
    brake_shoes,
    Text(
        "Mâchoires à ressort : serrées sans commande, desserrées en un temps de course. Source : temps de serrage et "
        "de desserrage des fiches de freins.",
        "Spring-applied shoes: applied without a command, released in a travel time. Source: release and engagement "
        "times of brake sheets.",
    ),
    Curve(
        Text("serrage après l'ordre de desserrer", "squeeze after the order to release"),
        MILLISECONDS,
        Axis(Text("serrage (1 freiné)", "squeeze (1 applied)")),
        sweep(
            0.0,
            lambda d: 2e3 * d.p.travel_s,
            lambda d, ms: d.held(max(1e-3 * ms, 1e-5), {"squeeze": 1.0}, 40, release=1.0)["squeeze"],
            41,
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    b.device("disc", rotating_mass, {"w": "shaft"}, {"inertia": p["inertia_kg_m2"]})
    release = b.linked("release")
    b.sample(
        "shoes",
        brake_shoes,
        {"release": ParameterRef(f"{b.tag}.shoes", "lever") if release is None else release},
        {"lever": 0.0, "travel_s": p["travel_s"], "jammed": 0.0},
        initial={"squeeze": 1.0},
    )
    add_lining(
        b, "brake", "shaft", GROUND, b.memory("shoes", "squeeze"), float(p["torque_nm"]), breakaway=1.1, start=1.0
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("applied", MemoryRef(f"{tag}.shoes", "squeeze"), seen=True, text=Text("mâchoires", "shoes")),
        Channel("speed", NodeRef(f"{tag}:shaft"), 0.0, 160.0, seen=True, text=Text("vitesse", "speed")),
        Channel("rise", MemoryRef(f"{tag}.brake_lining", "rise"), 0.0, 300.0),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    squeeze = read(MemoryRef(f"{tag}.shoes", "squeeze"))
    if squeeze > 0.9:
        seen = Text("Le frein est serré.", "The brake is applied.")
    elif squeeze < 0.1:
        seen = Text("Le frein est desserré.", "The brake is released.")
    else:
        seen = Text("Le frein est entre deux positions.", "The brake is between two positions.")
    return (Perception(Sense.LOOK, seen), *lining_senses(tag, "brake", read))


def _symbol() -> Symbol:
    shoe = (Polygon(((5.5, 0.5), (6.5, 0.5), (6.5, 2), (5.5, 2)), True),)
    other = (Polygon(((5.5, 6), (6.5, 6), (6.5, 7.5), (5.5, 7.5)), True),)
    return Symbol(
        12,
        8,
        (
            Line(((0, 4), (6, 4))),
            Rectangle(5.7, 1.6, 0.6, 4.8),
            Moves("applied", 0, 0.5, shoe),
            Moves("applied", 0, -0.5, other),
            spring(7.5, 1.2, 3.0),
            Line(((6.5, 1.2), (7.5, 1.2))),
            Line(((10.5, 0.4), (10.5, 2.0))),
        ),
        (Pin("shaft", 0, 4, "w"),),
    )


COMPONENT = Component(
    family="friction_brake",
    letter="Y",
    text=Text("frein à disque à ressort", "spring-applied disc brake"),
    sheet=Text(
        "Serré par ressorts, desserré par le signal lié à « release » (0…1) ou par le levier à main. Frottement de "
        "Coulomb exact : une charge tenue ne dérive pas. La garniture perd son couple à chaud. Valeurs : fiche de "
        "frein à manque de courant de taille 16, 60 N·m.",
        "Applied by springs, released by the signal linked to “release” (0…1) or by the hand lever. Exact Coulomb "
        "friction: a held load does not drift. The lining fades when hot. Values: sheet of a size 16 spring-applied "
        "brake, 60 N·m.",
    ),
    parameters=(
        Parameter("torque_nm", Text("couple de freinage", "braking torque"), "N·m", 60.0, 0.05, 1e5),
        Parameter("travel_s", Text("temps de manœuvre", "operating time"), "s", 0.06, 0.005, 2.0),
        Parameter("inertia_kg_m2", Text("inertie du disque", "inertia of the disc"), "kg·m²", 2e-3, 1e-7, 100.0),
    ),
    ports=(Port("shaft", Domain.ROTATION),),
    build=_build,
    failure_modes=(
        *lining_modes("brake"),
        FailureMode(
            "spring_broken",
            Text("ressort de frein cassé", "brake spring broken"),
            (Effect("brake_lining.spring", 0.45),),
            rate=0.4,
            degrees=(0.6, 1.0),
            visible=Text("Un bout de ressort est tombé dans le capot.", "A piece of spring lies in the cover."),
        ),
        FailureMode(
            "shoes_jammed",
            Text("armature grippée sur ses guides", "armature seized on its guides"),
            (Effect("shoes.jammed", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.6,
        ),
    ),
    channels=_channels,
    optional_links=("release",),
    signals={
        "applied": lambda tag, p: MemoryRef(f"{tag}.shoes", "squeeze"),
        "speed": lambda tag, p: NodeRef(f"{tag}:shaft"),
    },
    senses=_senses,
    spots=lambda tag, p: (lining_spot(tag, "brake"),),
    symbols={"main": _symbol()},
    controls={"lever": "shoes.lever"},
)
