"""Quick exhaust valve: the air of a cylinder leaves at the cylinder, not through its valve."""

from __future__ import annotations

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
    Swap,
)
from etabli.components.curve import AIR_FLOW, AIR_L_MIN, Axis, Curve, explain, sweep
from etabli.components.drawing import Circle, Line, Pin, Rectangle, Symbol
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow
from etabli.components.pneumatic.seat import SEAT_RATIO, seat_lift
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import maximum
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

_SWITCH_BAR = 0.2
"""The disc goes over to its other seat when 1 is this much below 2."""

_BAND_BAR = 0.3
_LIP_BAND_BAR = 0.1
_LIP_SHARE = 0.04  # what the lip lets back from 2 to 1 before the disc moves


@law(
    terminals={"p1": Domain.PNEUMATIC, "p2": Domain.PNEUMATIC, "p3": Domain.PNEUMATIC},
    parameters=("conductance", "exhaust", "free", "held", "torn"),
)
def quick_exhaust_disc(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A disc between two seats: 1 to 2 past its lip while 1 feeds, 2 to 3 once 1 has fallen (ISO 6358-1 passages).

    ``conductance`` C of 1-2 and ``exhaust`` C of 2-3 in dm³/(s·bar). ``free`` 0: the disc stays on the exhaust seat;
    ``held`` 0…1: it hangs that far open; ``torn`` 0…1: share of the exhaust that a torn lip lets through from 1.
    Source: switching behaviour in quick exhaust valve sheets (smallest operating pressure 0.5 bar).
    """
    moved = maximum(p.free * seat_lift(v.p2 - v.p1 - _SWITCH_BAR, _BAND_BAR), p.held)
    lip = _LIP_SHARE + (1.0 - _LIP_SHARE) * seat_lift(v.p1 - v.p2, _LIP_BAND_BAR)
    fed = air_flow(v.p1, v.p2, p.conductance * (1.0 - moved) * lip, SEAT_RATIO)
    vented = air_flow(v.p2, v.p3, p.exhaust * moved, SEAT_RATIO)
    lost = air_flow(v.p1, v.p3, p.exhaust * p.torn, SEAT_RATIO)
    return {"p1": fed + lost, "p2": vented - fed, "p3": -vented - lost}, {}


explain(
    quick_exhaust_disc,
    Text(
        "Échappement rapide : un disque à lèvre passe d'un siège à l'autre quand l'alimentation tombe sous la pression "
        "du vérin (passages ISO 6358). Source : fiches de soupapes d'échappement rapide.",
        "Quick exhaust: a lipped disc goes from one seat to the other when the feed falls below the cylinder's "
        "pressure (ISO 6358 passages). Source: quick exhaust sheets.",
    ),
    Curve(
        Text("débit de 2 vers l'air libre, 6 bar au vérin", "flow from 2 to the open air, 6 bar in the cylinder"),
        Axis(Text("pression en 1 (relative)", "gauge pressure at 1"), "bar"),
        AIR_FLOW,
        sweep(
            0.0,
            7.0,
            lambda d, x: -d.flow("p3", p1=x + ATMOSPHERE_BAR, p2=6.0 + ATMOSPHERE_BAR, p3=ATMOSPHERE_BAR) * AIR_L_MIN,
            71,
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    for name in ("1", "2", "3"):
        add_volume(b, name, 3.0)
    b.device(
        "disc",
        quick_exhaust_disc,
        {"p1": "1", "p2": "2", "p3": "3"},
        {"conductance": p["conductance"], "exhaust": p["exhaust"], "free": 1.0, "held": 0.0, "torn": 0.0},
    )
    add_leak(b, "leak", "2")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    where = Text("au raccord de l'échappement rapide", "at the fitting of the quick exhaust")
    return hiss(read, tag, "leak", f"{tag}:2", where)


def _symbol() -> Symbol:
    """Frame with the disc between the seat of 1 (left) and that of 3 (below)."""
    return Symbol(
        8,
        8,
        (
            Rectangle(1, 1, 6, 6),
            Circle(4, 4, 0.6),
            Line(((0, 4), (2.8, 4))),
            Line(((3.6, 3.1), (2.8, 4), (3.6, 4.9))),
            Line(((4, 0), (4, 3.4))),
            Line(((3.1, 4.5), (4, 5.3), (4.9, 4.5))),
            Line(((4, 5.3), (4, 8))),
        ),
        (Pin("1", 0, 4, "w"), Pin("2", 4, 0, "n"), Pin("3", 4, 8, "s")),
    )


COMPONENT = Component(
    family="quick_exhaust",
    letter="V",
    text=Text("soupape d'échappement rapide", "quick exhaust valve"),
    sheet=Text(
        "Vissée sur le vérin : 1 vers 2 à l'alimentation ; dès que 1 tombe, 2 vers 3, directement à l'air libre. La "
        "tige va plus vite car l'air ne repasse pas par le tube ni le distributeur. Valeurs : fiche de soupape "
        '1/4" (C = 3 dm³/(s·bar) de 1 vers 2, 6 dm³/(s·bar) de 2 vers 3).',
        "Screwed on the cylinder: 1 to 2 while feeding; as soon as 1 falls, 2 to 3, straight to the open air. The rod "
        'goes faster because the air does not go back through tube and valve. Values: data sheet of a 1/4" quick '
        "exhaust (C = 3 dm³/(s·bar) from 1 to 2, 6 dm³/(s·bar) from 2 to 3).",
    ),
    parameters=(
        Parameter("conductance", Text("conductance de 1 vers 2", "conductance 1 to 2"), "dm³/(s·bar)", 3.0, 0.05, 50.0),
        Parameter("exhaust", Text("conductance de 2 vers 3", "conductance 2 to 3"), "dm³/(s·bar)", 6.0, 0.05, 100.0),
    ),
    ports=tuple(Port(name, Domain.PNEUMATIC) for name in ("1", "2", "3")),
    build=_build,
    failure_modes=(
        FailureMode(
            "stuck",
            Text(
                "disque collé sur l'échappement : le vérin se vide à peine",
                "disc stuck on the exhaust seat: the cylinder hardly empties",
            ),
            (Effect("disc.free", 0.0),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.INTERMITTENT),
            degrees=(0.97, 1.0),
        ),
        FailureMode(
            "held_open",
            Text("disque coincé vers l'échappement : fuite continue", "disc jammed towards the exhaust: steady leak"),
            (Effect("disc.held", 0.8),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.INTERMITTENT),
            0.8,
            (0.4, 1.0),
        ),
        FailureMode(
            "torn",
            Text("lèvre du disque déchirée", "lip of the disc torn"),
            (Effect("disc.torn", 0.15),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.2,
            degrees=(0.3, 1.0),
        ),
        FailureMode(
            "exhaust_clogged",
            Text("orifice d'échappement encrassé", "exhaust port clogged"),
            (Effect("disc.exhaust", 0.02, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            1.2,
            (0.7, 1.0),
        ),
        FailureMode(
            "hoses_crossed",
            Text("raccords 1 et 2 inversés", "connections 1 and 2 crossed"),
            (Swap("1", "2"),),
            Repair.RECONNECT,
            rate=0.5,
        ),
        leak_mode("leak", Text("joint de la soupape coupé", "seal of the quick exhaust cut"), "leak", 0.3),
    ),
    senses=_senses,
    symbols={"main": _symbol()},
)
