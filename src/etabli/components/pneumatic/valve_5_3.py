"""5/3 solenoid valve with two pilots, centred by springs: closed, exhaust or pressure centre."""

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
)
from etabli.components.curve import Axis, Curve, explain, loop
from etabli.components.drawing import Moves, Rectangle, Shape, Symbol
from etabli.components.fluid_symbols import arrow, blocked, spring
from etabli.components.pneumatic.pilot_valve import (
    BODY_MODES,
    PARAMETERS,
    TWO_COIL_SYMBOLS,
    TWO_PILOT_CONTROLS,
    TWO_PILOT_MODES,
    TWO_PILOT_PORTS,
    TWO_SIDES,
    add_valve_body,
    led_channels,
    moved_spool,
    pilot_bar,
    pilot_shapes,
    position_ref,
    two_pilots,
    valve_senses,
)
from etabli.components.pneumatic.spool_5_3 import spool_body_5_3
from etabli.components.pneumatic.valve_5_2 import (
    FLUID_PORTS,
    HOSES_CROSSED,
    SQUARE,
    five_stems,
    rest_square,
    work_square,
)
from etabli.physics.expression import clamp, less, select
from etabli.physics.law import Stage, sampled
from etabli.physics.text import Text

CENTRES = {"closed": (0.0, 0.0), "exhaust": (0.0, 1.0), "pressure": (1.0, 0.0)}
"""Centre -> share of C that joins 2 and 4 to the supply, and to the exhausts."""

_FOLLOWING_S = 0.003  # air behind the spool: what its continuous lag adds to its travel


@sampled(
    reads=("supply", "plunger_14", "plunger_12"),
    parameters=("spring_14", "spring_12", "friction", "travel_s", "gain_14", "gain_12"),
    memory=("position",),
    writes=("command",),
    stage=Stage.SWITCH,
)
def spool_centred(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Spool from -1 (12) over 0 (centre) to 1 (14). Springs and friction as pilot pressure, bar.

    ``spring_14`` pushes back what pilot 14 has moved, ``spring_12`` the other side; both end on washers, so a spool
    that comes home stops at the centre. With its spring broken a spool stays where the pilot left it. Source: pilot
    pressure ranges and switching times of 5/3 valve sheets.
    """
    x = m.position
    push = pilot_bar(r.supply, r.plunger_14, p.gain_14) - pilot_bar(r.supply, r.plunger_12, p.gain_12)
    at_centre = -clamp(push, -p.spring_12, p.spring_14)
    back = select(less(0.0, x), -p.spring_14, select(less(x, 0.0), p.spring_12, at_centre))
    moved = moved_spool(x, push + back, p.friction, p.travel_s, h, low=-1.0)
    position = select(less(x * moved, 0.0), 0.0, moved)
    return {"position": position, "command": position}


explain(
    spool_centred,
    Text(
        "Tiroir 5/3 centré par ressorts : un pilotage le déplace s'il bat le ressort et le frottement. Source : "
        "pressions de pilotage et temps des fiches de distributeurs 5/3.",
        "Spring-centred 5/3 spool: a pilot moves it when it beats spring and friction. Source: pilot pressures and "
        "times of 5/3 valve sheets.",
    ),
    Curve(
        Text(
            "tiroir selon la pression d'alimentation, pilotage 14 actif", "spool against supply pressure, pilot 14 on"
        ),
        Axis(Text("pression (absolue)", "absolute pressure"), "bar"),
        Axis(Text("tiroir (0 centre, 1 : 14)", "spool (0 centre, 1: 14)")),
        loop(1.0, 8.0, "supply", "position", count=80, plunger_14=1.0),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    supply, exhaust = CENTRES[p["centre"]]
    centre = {"command": 0.0, "lag": _FOLLOWING_S, "overlap": 0.3, "centre_supply": supply, "centre_exhaust": exhaust}
    add_valve_body(b, p, spool_body_5_3, FLUID_PORTS, centre)
    b.sample(
        "spool",
        spool_centred,
        two_pilots(b, p),
        {"spring_14": 1.2, "spring_12": 1.2, "friction": 0.3, "travel_s": 0.015, "gain_14": 1.0, "gain_12": 1.0},
        {"command": b.parameter("body", "command")},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    at = position_ref(tag, p)
    return (
        Channel("spool_14", at, 0.0, 1.0, seen=True, text=Text("tiroir vers 14", "spool towards 14")),
        Channel("spool_12", at, 0.0, -1.0, seen=True, text=Text("tiroir vers 12", "spool towards 12")),
        *led_channels(tag, TWO_SIDES),
    )


def _position_words(position: float) -> Text:
    if abs(position) < 0.1:
        return Text("Le témoin du tiroir est au centre.", "The spool indicator is at the centre.")
    side = "14" if position > 0.0 else "12"
    if abs(position) > 0.9:
        return Text(f"Le témoin du tiroir est du côté {side}.", f"The spool indicator is on side {side}.")
    return Text(
        f"Le témoin du tiroir est entre le centre et {side}.",
        f"The spool indicator is between the centre and {side}.",
    )


def _centre_square(x: float, centre: str) -> tuple[Shape, ...]:
    """The middle square, ``x`` its left edge: 5, 1, 3 below at 1, 5, 9 and 4, 2 above at 3, 7."""
    box = Rectangle(x, 2, SQUARE, 6)
    below = {"5": x + 1, "1": x + 5, "3": x + 9}
    closed = {name: blocked(at, 8, up=True) for name, at in below.items()}
    if centre == "exhaust":
        return (box, *closed["1"], *arrow((x + 3, 2), (x + 1, 8)), *arrow((x + 7, 2), (x + 9, 8)))
    if centre == "pressure":
        return (box, *closed["5"], *closed["3"], *arrow((x + 5, 8), (x + 3, 2)), *arrow((x + 5, 8), (x + 7, 2)))
    above = (*blocked(x + 3, 2, up=False), *blocked(x + 7, 2, up=False))
    return (box, *closed["5"], *closed["1"], *closed["3"], *above)


def _symbol(centre: str) -> Symbol:
    """Springs, pilots and three squares that slide with the spool, one square to each side."""
    at = 12.0
    sliding: tuple[Shape, ...] = (
        spring(at - 8, 5, 2.0),
        *pilot_shapes(at - 6, "led_14", "14"),
        *work_square(at),
        *_centre_square(at + SQUARE, centre),
        *rest_square(at + 2 * SQUARE),
        *pilot_shapes(at + 3 * SQUARE + 6, "led_12", "12", -1),
        spring(at + 3 * SQUARE + 6, 5, 2.0),
    )
    stems, pins = five_stems(at + SQUARE)
    moves = Moves("spool_14", SQUARE, 0, (Moves("spool_12", -SQUARE, 0, sliding),))
    return Symbol(60, 10, (*stems, moves), pins)


def _spring_mode(side: str) -> FailureMode:
    return FailureMode(
        f"spring_broken_{side}",
        Text(f"ressort de centrage côté {side} cassé", f"centring spring of side {side} broken"),
        (Effect(f"spool.spring_{side}", 0.0),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.6,
        degrees=(0.85, 1.0),
    )


COMPONENT = Component(
    family="valve_5_3",
    letter="V",
    text=Text("distributeur 5/3 centré par ressorts", "5/3 spring-centred solenoid valve"),
    sheet=Text(
        "Pilote 14 : 1 vers 4, 2 vers 3. Pilote 12 : 1 vers 2, 4 vers 5. Sans courant, les ressorts centrent le "
        "tiroir : centre fermé (le vérin garde son air et s'arrête), centre à l'échappement (le vérin est libre), "
        "centre sous pression (les deux chambres alimentées). Symboles : « main », « main_exhaust », "
        '« main_pressure ». Valeurs : fiche de distributeur 5/3 taille 1/8" (C = 2,9 dm³/(s·bar), b = 0,35, bobines '
        "24 V 3 W, commutation 20 ms, retour au centre 70 ms).",
        "Pilot 14: 1 to 4, 2 to 3. Pilot 12: 1 to 2, 4 to 5. With no current the springs centre the spool: closed "
        "centre (the cylinder keeps its air and stops), exhaust centre (the cylinder is free), pressure centre (both "
        'chambers fed). Symbols: “main”, “main_exhaust”, “main_pressure”. Values: data sheet of a 1/8" 5/3 valve '
        "(C = 2.9 dm³/(s·bar), b = 0.35, coils 24 V 3 W, switching time 20 ms, back to the centre in 70 ms).",
    ),
    parameters=(
        *PARAMETERS,
        Parameter("centre", Text("position centrale", "centre position"), "", "closed", choices=tuple(CENTRES)),
    ),
    ports=(*FLUID_PORTS, *TWO_PILOT_PORTS),
    build=_build,
    failure_modes=(
        *TWO_PILOT_MODES,
        _spring_mode("14"),
        _spring_mode("12"),
        *BODY_MODES,
        HOSES_CROSSED,
    ),
    channels=_channels,
    signals={"spool": position_ref},
    senses=lambda tag, p, read: valve_senses(tag, read, TWO_SIDES, _position_words),
    symbols={
        "main": _symbol("closed"),
        "main_exhaust": _symbol("exhaust"),
        "main_pressure": _symbol("pressure"),
        **TWO_COIL_SYMBOLS,
    },
    controls=TWO_PILOT_CONTROLS,
)
