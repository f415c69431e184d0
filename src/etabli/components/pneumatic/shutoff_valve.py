"""Shut-off valve by hand, 3/2: closed, it empties the downstream side. It takes a padlock."""

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
from etabli.components.curve import AIR_FLOW, AIR_L_MIN, Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Moves, Pin, Rectangle, Shape, Symbol
from etabli.components.fluid_symbols import arrow, blocked, exhaust
from etabli.components.hand import add_hand
from etabli.components.pneumatic.air_leak import add_leak, hiss, hiss_of, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import clamp, maximum
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef
from etabli.physics.text import Text

_CRITICAL_RATIO = 0.4


@law(
    terminals={"a": Domain.PNEUMATIC, "b": Domain.PNEUMATIC},
    parameters=("conductance", "exhaust_conductance", "position", "travel", "seat_leak", "exhaust_opening"),
)
def shutoff_3_2(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Slide valve: ``position`` 1 joins a to b, 0 closes a and joins b to the workshop air (two ISO 6358-1 passages).

    ``travel`` is the share of the turn that the handle passes on to the slide, ``seat_leak`` what the closed seat
    still lets through.
    """
    lift = p.position * p.travel
    passed = air_flow(v.a, v.b, p.conductance * maximum(lift, p.seat_leak), _CRITICAL_RATIO)
    vented = air_flow(
        v.b, ATMOSPHERE_BAR, p.exhaust_conductance * (1.0 - p.position) * p.exhaust_opening, _CRITICAL_RATIO
    )
    return {"a": passed, "b": vented - passed}, {}


explain(
    shutoff_3_2,
    Text(
        "Vanne 3/2 à purge : ouverte elle relie l'amont à l'aval, fermée elle purge l'aval (deux passages ISO 6358).",
        "3/2 shut-off: open it joins inlet and outlet, closed it vents the outlet (two ISO 6358 passages).",
    ),
    Curve(
        Text("débit selon la pression aval, vanne ouverte, 6 bar en amont", "flow when open, 6 bar inlet"),
        Axis(Text("pression aval (relative)", "outlet gauge pressure"), "bar"),
        AIR_FLOW,
        sweep(0.0, 6.0, lambda d, x: d.flow("a", a=6.0 + ATMOSPHERE_BAR, b=x + ATMOSPHERE_BAR) * AIR_L_MIN, 61),
    ),
)


@sampled(reads=("handle",), writes=("position",), stage=Stage.SWITCH)
def slide_follows(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """The slide of the valve goes where the handle takes it."""
    return {"position": clamp(r.handle, 0.0, 1.0)}


explain(
    slide_follows,
    Text("Le tiroir suit la poignée.", "The slide follows the handle."),
)


def _build(b: Builder, p: Parameters) -> None:
    add_volume(b, "1", 10.0)
    add_volume(b, "2", 10.0)
    b.device(
        "slide",
        shutoff_3_2,
        {"a": "1", "b": "2"},
        {
            "conductance": p["conductance"],
            "exhaust_conductance": p["exhaust_conductance"],
            "position": p["position"],
            "travel": 1.0,
            "seat_leak": 0.0,
            "exhaust_opening": 1.0,
        },
    )
    add_leak(b, "leak", "2")
    position = float(p["position"])
    add_hand(b, "handle", position)
    b.sample(
        "stem",
        slide_follows,
        {"handle": b.memory("handle", "position")},
        writes={"position": b.parameter("slide", "position")},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (Channel("position", MemoryRef(f"{tag}.handle", "head"), seen=True, text=Text("position", "position")),)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    def value(name: str) -> float:
        return read(ParameterRef(f"{tag}.slide", name))

    closed = 1.0 - value("position")
    escaping = air_flow(
        read(NodeRef(f"{tag}:2")),
        ATMOSPHERE_BAR,
        value("exhaust_conductance") * closed * value("exhaust_opening"),
        _CRITICAL_RATIO,
    )
    handle = Text("La poignée est ouverte.", "The handle is open.")
    if read(MemoryRef(f"{tag}.handle", "head")) < 0.5:
        handle = Text("La poignée est fermée.", "The handle is closed.")
    return (
        Perception(Sense.LOOK, handle),
        *hiss_of(escaping, Text("à l'orifice d'échappement de la vanne", "at the exhaust port of the valve")),
        *hiss(read, tag, "leak", f"{tag}:2", Text("à la tige de la vanne", "at the stem of the valve")),
    )


def _symbol() -> Symbol:
    """Two squares that slide right when the handle opens; the closed (venting) square is in place at rest."""
    squares: tuple[Shape, ...] = (
        Rectangle(4, 2, 6, 6),
        *arrow((6, 8), (6, 2)),
        *blocked(9, 8, up=True),
        Rectangle(10, 2, 6, 6),
        *blocked(12, 8, up=True),
        *arrow((12, 2), (15, 8)),
        Line(((4, 5), (2, 5))),
        Line(((2, 3.5), (2, 6.5))),
    )
    pipes = (Line(((12, 8), (12, 10))), Line(((12, 0), (12, 2))), Line(((15, 8), (15, 8.6))), *exhaust(15, 8.6))
    pins = (Pin("1", 12, 10, "s"), Pin("2", 12, 0, "n"))
    return Symbol(22, 10, (*pipes, Moves("position", 6, 0, squares)), pins)


COMPONENT = Component(
    family="shutoff_valve",
    letter="V",
    text=Text("vanne d'isolement cadenassable", "lockable shut-off valve"),
    sheet=Text(
        "Vanne 3/2 manuelle en tête de machine. Fermée, elle coupe l'air et purge l'aval : elle sert à la consignation "
        'pneumatique et reçoit un cadenas. Valeurs : fiche de vanne coulissante 1/4".',
        "Manual 3/2 valve at the head of the machine. Closed, it cuts the air and vents the downstream side: it serves "
        'the pneumatic lock-out and takes a padlock. Values: data sheet of a 1/4" slide valve.',
    ),
    parameters=(
        Parameter("conductance", Text("conductance sonique C", "sonic conductance C"), "dm³/(s·bar)", 7.0, 0.1, 50.0),
        Parameter(
            "exhaust_conductance", Text("conductance de purge", "vent conductance"), "dm³/(s·bar)", 2.5, 0.1, 50.0
        ),
        Parameter("position", Text("position au départ (1 ouverte)", "initial position (1 open)"), "", 1.0, 0.0, 1.0),
    ),
    ports=(Port("1", Domain.PNEUMATIC), Port("2", Domain.PNEUMATIC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "stem_broken",
            Text("tige cassée : la vanne reste fermée", "stem broken: the valve stays closed"),
            (Effect("handle.loose", 1.0),),
            rate=0.5,
            visible=Text("La poignée tourne sans effort dans le vide.", "The handle turns freely with no effort."),
        ),
        FailureMode(
            "partly_open",
            Text("vanne grippée à demi ouverte", "valve seized half open"),
            (Effect("slide.travel", 0.03),),
            onsets=(Onset.SUDDEN, Onset.GROWING),
            rate=0.5,
            degrees=(0.9, 1.0),
        ),
        FailureMode(
            "seat_leak",
            Text("siège usé : fuite interne, vanne fermée", "worn seat: internal leak when closed"),
            (Effect("slide.seat_leak", 0.08),),
            onsets=(Onset.SUDDEN, Onset.GROWING),
            degrees=(0.3, 1.0),
        ),
        FailureMode(
            "exhaust_blocked",
            Text("orifice de purge bouché", "vent port blocked"),
            (Effect("slide.exhaust_opening", 0.0),),
            Repair.CLEAN,
            rate=0.7,
            visible=Text("L'orifice de purge est plein de peinture.", "The vent port is full of paint."),
        ),
        leak_mode("leak", Text("fuite à la tige", "leak at the stem"), "leak", 0.3),
    ),
    channels=_channels,
    signals={"position": lambda tag, p: MemoryRef(f"{tag}.handle", "head")},
    senses=_senses,
    symbols={"main": _symbol()},
    controls={"position": "handle.position", "lock": "handle.locked"},
)
