"""Set-point potentiometer on the door: resistive track, wiper, knob."""

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
from etabli.components.drawing import Line, Pin, Polygon, Rectangle, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, resistor
from etabli.physics.expression import clamp, less, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

_END_SHARE = 0.005
"""What is left of the track at either end of travel (end resistance of potentiometer sheets)."""
_WIPER_OHM = 20.0


@sampled(
    reads=(),
    parameters=("turn", "shift", "loose", "track_ohm", "broken_low", "broken_high"),
    memory=("knob", "position"),
    writes=("low_ohm", "high_ohm"),
    stage=Stage.SENSE,
)
def divider(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Linear track of ``track_ohm`` Ω divided by the wiper at ``turn`` (0…1) of the knob.

    ``shift`` (share of the travel) is a knob that slipped on its shaft, ``loose`` (0/1) one that no longer turns it;
    ``broken_low`` and ``broken_high`` (Ω) are a track cut at one end. Source: linear taper of panel potentiometers.
    """
    knob = clamp(p.turn, 0.0, 1.0)
    position = select(less(0.5, p.loose), m.position, clamp(knob + p.shift, 0.0, 1.0))
    share = _END_SHARE + (1.0 - 2.0 * _END_SHARE) * position
    return {
        "knob": knob,
        "position": position,
        "low_ohm": share * p.track_ohm + p.broken_low,
        "high_ohm": (1.0 - share) * p.track_ohm + p.broken_high,
    }


explain(
    divider,
    Text(
        "Potentiomètre : piste linéaire partagée par le curseur. Source : loi linéaire des potentiomètres de tableau.",
        "Potentiometer: a linear track divided by the wiper. Source: linear taper of panel potentiometers.",
    ),
    Curve(
        Text("résistances de part et d'autre du curseur (ici côté bas)", "resistance below the wiper"),
        Axis(Text("position du bouton", "knob position"), "%"),
        Axis(Text("résistance", "resistance"), "kΩ"),
        sweep(0.0, 100.0, lambda d, x: 1e-3 * d.having(turn=0.01 * x).step(d.start())["low_ohm"], 41),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    turn, track = float(p["initial_position"]), float(p["track_ohm"])
    b.device("low", resistor, {"a": "tap", "b": "1"}, {"resistance": 0.5 * track})
    b.device("high", resistor, {"a": "head", "b": "tap"}, {"resistance": 0.5 * track})
    b.device("series", resistor, {"a": "3", "b": "head"}, {"resistance": max(float(p["series_ohm"]), 0.01)})
    b.device("wiper", resistor, {"a": "tap", "b": "2"}, {"resistance": _WIPER_OHM})
    b.sample(
        "divider",
        divider,
        {},
        {"turn": turn, "shift": 0.0, "loose": 0.0, "track_ohm": track, "broken_low": 0.0, "broken_high": 0.0},
        {"low_ohm": b.parameter("low", "resistance"), "high_ohm": b.parameter("high", "resistance")},
        {"knob": turn, "position": turn},
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    percent = round(100.0 * read(MemoryRef(f"{tag}.divider", "knob")))
    said = Text(f"Le bouton est sur {percent} % de sa course.", f"The knob stands at {percent} % of its travel.")
    return (Perception(Sense.LOOK, said),)


def _cut(key: str, end: str, fr: str, en: str) -> FailureMode:
    return FailureMode(
        key,
        Text(f"piste coupée côté {fr}", f"track cut at the {en} end"),
        (Effect(f"divider.broken_{end}", OPEN_OHM),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.5,
    )


COMPONENT = Component(
    family="potentiometer",
    letter="R",
    purpose="S",
    text=Text("potentiomètre de consigne", "set-point potentiometer"),
    sheet=Text(
        "Potentiomètre linéaire de façade 4,7 kΩ : 1 bas de piste, 2 curseur, 3 haut de piste. Sous 10 V il donne 0 à "
        "10 V ; sous 24 V monter en série 6,58 kΩ (paramètre) côté 3. Valeurs : fiche de potentiomètre Ø 22 mm.",
        "Linear panel potentiometer 4.7 kΩ: 1 low end, 2 wiper, 3 high end. From 10 V it gives 0 to 10 V; from 24 V "
        "put 6.58 kΩ in series (parameter) at 3. Values: sheet of a Ø 22 mm potentiometer.",
    ),
    parameters=(
        Parameter("track_ohm", Text("résistance de la piste", "track resistance"), "Ω", 4700.0, 100.0, 1e6),
        Parameter("series_ohm", Text("résistance série côté 3", "series resistor at 3"), "Ω", 0.0, 0.0, 1e6),
        Parameter("initial_position", Text("position au départ", "position at start"), "", 0.5, 0.0, 1.0),
    ),
    ports=(Port("1", Domain.DC), Port("2", Domain.DC), Port("3", Domain.DC)),
    build=_build,
    failure_modes=(
        _cut("cut_low", "low", "1 (la consigne monte au maximum)", "1 (the set point goes to the top)"),
        _cut("cut_high", "high", "3 (la consigne tombe à zéro)", "3 (the set point falls to zero)"),
        FailureMode(
            "wiper_dirty",
            Text("curseur oxydé", "oxidised wiper"),
            (Effect("wiper.resistance", 2e6, logarithmic=True),),
            onsets=(Onset.INTERMITTENT, Onset.GROWING, Onset.SUDDEN),
            rate=1.2,
            degrees=(0.7, 1.0),
        ),
        FailureMode(
            "knob_slipped",
            Text("bouton déréglé sur son axe", "knob slipped on its shaft"),
            (Effect("divider.shift", -0.4),),
            repair=Repair.ADJUST,
            rate=0.5,
            degrees=(0.4, 1.0),
            visible=Text("La vis du bouton est desserrée.", "The grub screw of the knob is loose."),
        ),
        FailureMode(
            "knob_loose",
            Text("bouton qui tourne fou", "knob that turns on its shaft"),
            (Effect("divider.loose", 1.0),),
            repair=Repair.TIGHTEN,
            rate=0.5,
            visible=Text("L'axe ne suit pas le bouton.", "The shaft does not follow the knob."),
        ),
    ),
    channels=lambda tag, p: (
        Channel("position", MemoryRef(f"{tag}.divider", "knob"), seen=True, text=Text("bouton", "knob")),
    ),
    signals={"position": lambda tag, p: MemoryRef(f"{tag}.divider", "position")},
    senses=_senses,
    symbols={
        "main": Symbol(
            6,
            6,
            (
                Rectangle(1.4, 1.2, 1.2, 3.6),
                Line(((2, 0), (2, 1.2))),
                Line(((2, 4.8), (2, 6))),
                Line(((3.1, 3), (6, 3))),
                Polygon(((2.6, 3), (3.2, 2.7), (3.2, 3.3)), filled=True),
            ),
            (Pin("3", 2, 0, "n"), Pin("1", 2, 6, "s"), Pin("2", 6, 3, "e")),
        )
    },
    controls={"position": "divider.turn"},
)
