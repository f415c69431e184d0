"""Overspeed governor and safety gear of a car: wedges that grip the rails when the car falls."""

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
    Repair,
    Sense,
)
from etabli.components.curve import Axis, Curve, explain, sweep
from etabli.components.drawing import Circle, Line, Moves, Pin, Polygon, Symbol
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import contact_symbol
from etabli.components.mechanical.inertia import moving_mass
from etabli.physics.expression import clamp, less, maximum, select
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.network import MemoryRef, NodeRef, StateRef
from etabli.physics.text import Text

_BACKWARDS = 0.05  # share of the grip that a wedge opposes to a car that is raised off it
_RAISED_M = 0.02
_CARRIAGE_KG = 5.0


@law(
    {"w": Domain.TRANSLATION},
    ("limit", "grip", "rub", "stiffness", "damping"),
    ("bend", "force"),
)
def rail_wedge(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Progressive safety gear: N while it brakes a descent; a car that is raised frees it (self-tightening wedge).

    ``limit`` N (0 released), ``grip`` what grease leaves of it, ``rub`` N of a wedge that touches the rail all the
    time. Exact Coulomb by return mapping (dry_friction), so a held car stays. Source: constant braking force of
    progressive safety gears, EN 81-20 and EN 81-50.
    """
    level = p.grip * p.limit + p.rub
    # Raised, the wedge leaves its ramp: hardly any force that way.
    low, high = -level / p.stiffness, (_BACKWARDS * p.grip * p.limit + p.rub) / p.stiffness
    start = clamp(s.bend, low, high)
    bend = clamp(start + ah * v.w, low, high)
    force = clamp(p.stiffness * bend + p.damping / ah * (bend - start), p.stiffness * low, p.stiffness * high)
    return {"w": force}, {"bend": bend, "force": force}


explain(
    rail_wedge,
    Text(
        "Parachute progressif : effort de freinage constant à la descente, libéré en remontant (EN 81-20, EN 81-50 ; "
        "Coulomb exact).",
        "Progressive safety gear: constant braking force going down, freed by raising (EN 81-20, EN 81-50; exact "
        "Coulomb).",
    ),
)


@sampled(
    reads=("speed",),
    parameters=("trip", "drift", "force", "dead", "reset", "pushed"),
    memory=("tripped", "engaged", "raised"),
    writes=("limit",),
    stage=Stage.PROTECT,
)
def overspeed_governor(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Trips when the car goes down faster than ``trip * drift`` m/s (or when a hand trips it: ``pushed``).

    ``tripped`` opens the electrical contact until a hand resets it; ``engaged`` wedges let go only when the car has
    been raised by 20 mm with the governor reset. ``dead`` (0/1): the governor rope is slack, nothing trips.
    """
    fast = less(p.trip * p.drift, -r.speed) * less(p.dead, 0.5)
    tripping = maximum(fast, less(0.5, p.pushed))
    tripped = maximum(tripping, m.tripped * less(p.reset, 0.5))
    raised = select(m.engaged, m.raised + h * maximum(r.speed, 0.0), 0.0)
    freed = less(_RAISED_M, raised) * less(tripped, 0.5)
    engaged = maximum(tripping, m.engaged * (1.0 - freed))
    return {"tripped": tripped, "engaged": engaged, "raised": raised, "limit": engaged * p.force}


explain(
    overspeed_governor,
    Text(
        "Limiteur de vitesse du parachute : déclenche quand la cabine descend plus vite que le seuil.",
        "Overspeed governor of the safety gear: trips when the car goes down faster than its threshold.",
    ),
    Curve(
        Text("effort de freinage selon la vitesse de descente", "braking force against lowering speed"),
        Axis(Text("vitesse de descente", "lowering speed"), "m/s"),
        Axis(Text("effort", "force"), "kN"),
        sweep(0.0, lambda d: 2.0 * d.p.trip, lambda d, v: 1e-3 * d.step(speed=-v)["limit"], 121),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    stiffness = float(p["force_n"]) / 2e-4
    b.device("carriage", moving_mass, {"w": "car"}, {"mass": _CARRIAGE_KG})
    b.device(
        "wedge",
        rail_wedge,
        {"w": "car"},
        {"limit": 0.0, "grip": 1.0, "rub": 0.0, "stiffness": stiffness, "damping": 2e-3 * stiffness},
    )
    b.sample(
        "governor",
        overspeed_governor,
        {"speed": b.across("car")},
        {
            "trip": p["trip_m_s"],
            "drift": 1.0,
            "force": p["force_n"],
            "dead": 0.0,
            "reset": 0.0,
            "pushed": 0.0,
        },
        {"limit": b.parameter("wedge", "limit")},
    )
    add_contact(b, "11", "12", b.memory("governor", "tripped"), normally_closed=True)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    found = []
    if read(MemoryRef(f"{tag}.governor", "tripped")) > 0.5:
        found.append(Perception(Sense.LOOK, Text("Le limiteur de vitesse est déclenché.", "The governor has tripped.")))
    else:
        found.append(Perception(Sense.LOOK, Text("Le limiteur de vitesse est armé.", "The governor is set.")))
    if read(MemoryRef(f"{tag}.governor", "engaged")) > 0.5:
        found.append(Perception(Sense.LOOK, Text("Les coins serrent les rails.", "The wedges grip the rails.")))
    if abs(read(StateRef(f"{tag}.wedge", "force"))) > 5.0 and abs(read(NodeRef(f"{tag}:car"))) > 0.01:
        found.append(
            Perception(
                Sense.LISTEN, Text("Le parachute racle sur les rails.", "The safety gear scrapes along the rails.")
            )
        )
    return tuple(found)


def _symbol() -> Symbol:
    wedge = (Polygon(((2, 5), (3, 2), (3, 5)), True),)
    return Symbol(
        8,
        8,
        (
            Line(((3.4, 0.5), (3.4, 7.5))),
            Moves("engaged", 0.4, -1, wedge),
            Line(((1, 1), (3, 7)), "thin"),
            Circle(6, 4, 1.4),
            Circle(6, 4, 0.2, True),
            Line(((4.6, 4), (3.4, 4)), "dashed"),
            Line(((0, 4), (2, 4)), "thin"),
        ),
        (Pin("car", 0, 4, "w"),),
    )


COMPONENT = Component(
    family="safety_gear",
    letter="F",
    text=Text("parachute à coins et son limiteur", "wedge safety gear and its governor"),
    sheet=Text(
        "Au-delà de la vitesse de déclenchement en descente, les coins serrent les rails et le contact 11-12 s'ouvre. "
        "Réarmer : lever le réarmement du limiteur, puis remonter la cabine de 2 cm pour dégager les coins. "
        "Valeurs : fiche de parachute à prise amortie et limiteur 0,63 m/s, EN 81-50.",
        "Above the tripping speed going down, the wedges grip the rails and contact 11-12 opens. To reset: lift the "
        "reset of the governor, then raise the car by 2 cm to free the wedges. Values: sheet of a progressive safety "
        "gear and a 0.63 m/s governor, EN 81-50.",
    ),
    parameters=(
        Parameter("trip_m_s", Text("vitesse de déclenchement", "tripping speed"), "m/s", 0.63, 0.05, 5.0),
        Parameter("force_n", Text("effort de freinage", "braking force"), "N", 18000.0, 100.0, 1e6),
    ),
    ports=(Port("car", Domain.TRANSLATION), Port("11", Domain.DC), Port("12", Domain.DC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "governor_rope_slack",
            Text("câble du limiteur détendu : plus de déclenchement", "governor rope slack: it no longer trips"),
            (Effect("governor.dead", 1.0),),
            Repair.ADJUST,
            rate=0.5,
            visible=Text("La poulie tendeuse touche le fond de cuvette.", "The tension pulley touches the pit floor."),
        ),
        FailureMode(
            "trips_early",
            Text("limiteur déréglé : déclenche trop tôt", "governor out of adjustment: trips early"),
            (Effect("governor.drift", 0.2),),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.GROWING),
            0.8,
            (0.75, 1.0),
            Text("Le plomb de réglage du limiteur est rompu.", "The seal of the governor setting is broken."),
        ),
        FailureMode(
            "wedges_greasy",
            Text("coins et rails gras : prise insuffisante", "greasy wedges and rails: poor grip"),
            (Effect("wedge.grip", 0.15),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING),
            0.5,
            (0.6, 1.0),
            Text("Les faces des coins sont couvertes de graisse.", "The faces of the wedges are covered with grease."),
        ),
        FailureMode(
            "wedge_rubs",
            Text("coin décalé : il frotte le rail", "wedge out of place: it rubs the rail"),
            (Effect("wedge.rub", 900.0),),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.INTERMITTENT),
            0.7,
            (0.3, 1.0),
            Text("Un rail porte une rayure brillante continue.", "One rail bears one long bright scratch."),
        ),
        contact_not_closing("11", "12", rate=0.8),
        contact_resistive("11", "12", ohms=30000.0, rate=0.6),
        contact_welded("11", "12", rate=0.2),
    ),
    channels=lambda tag, p: (
        Channel(
            "tripped", MemoryRef(f"{tag}.governor", "tripped"), seen=True, text=Text("limiteur déclenché", "governor")
        ),
        Channel("engaged", MemoryRef(f"{tag}.governor", "engaged"), seen=True, text=Text("coins", "wedges")),
    ),
    signals={
        "tripped": lambda tag, p: MemoryRef(f"{tag}.governor", "tripped"),
        "engaged": lambda tag, p: MemoryRef(f"{tag}.governor", "engaged"),
    },
    senses=_senses,
    symbols={"main": _symbol(), "contact_11_12": contact_symbol("11", "12", "tripped", closed=True)},
    controls={"reset": "governor.reset", "test": "governor.pushed"},
)
