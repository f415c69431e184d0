"""High-pressure ball valve with a lockable handle; closed at the start where it drains an accumulator."""

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
from etabli.components.curve import DROP, L_MIN, OIL_FLOW, Curve, explain, sweep
from etabli.components.drawing import Line, Pin, Polygon, Symbol, Turns
from etabli.components.hand import add_hand
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import add_oil_volume, orifice_flow
from etabli.physics.expression import clamp, maximum
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


@law({"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC}, ("k", "position", "travel", "seat_leak"))
def ball_valve(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A ball: ``position`` 1 open, ``travel`` the share of the turn that the handle passes on to it.

    ``k`` cm³/s per √bar, ``seat_leak`` the share that worn seats let through when closed (turbulent orifice).
    """
    q = orifice_flow(v.a, v.b, p.k * maximum(p.position * p.travel, p.seat_leak))
    return {"a": q, "b": -q}, {}


explain(
    ball_valve,
    Text(
        "Vanne à boisseau sphérique : orifice turbulent q = k × ouverture × √Δp.",
        "Ball valve: turbulent orifice q = k × opening × √Δp.",
    ),
    Curve(
        Text("débit selon Δp, vanne ouverte", "flow against Δp, valve open"),
        DROP,
        OIL_FLOW,
        sweep(0.0, 4.0, lambda d, x: d.flow("a", a=x) * L_MIN, 41),
    ),
)


@sampled(reads=("handle",), writes=("position",), stage=Stage.SWITCH)
def ball_follows(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """The ball goes where the handle takes it."""
    return {"position": clamp(r.handle, 0.0, 1.0)}


explain(ball_follows, Text("Le boisseau suit la poignée.", "The ball follows the handle."))


def _build(b: Builder, p: Parameters) -> None:
    add_oil_volume(b, "1", 10.0)
    add_oil_volume(b, "2", 10.0)
    position = float(p["position"])
    b.device(
        "ball",
        ball_valve,
        {"a": "1", "b": "2"},
        {"k": p["k"], "position": position, "travel": 1.0, "seat_leak": 0.0},
    )
    add_hand(b, "handle", position)
    b.sample(
        "stem",
        ball_follows,
        {"handle": b.memory("handle", "position")},
        writes={"position": b.parameter("ball", "position")},
    )
    add_external_leak(b, "leak", "1")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    handle = Text("La poignée est dans l'axe : ouverte.", "The handle is in line: open.")
    if read(MemoryRef(f"{tag}.handle", "head")) < 0.5:
        handle = Text("La poignée est en travers : fermée.", "The handle is across: closed.")
    where = Text("à la tige de la vanne", "at the stem of the valve")
    return (Perception(Sense.LOOK, handle), *leak_perceptions(read, tag, "leak", f"{tag}:1", where))


COMPONENT = Component(
    family="hydraulic_shutoff_valve",
    letter="V",
    text=Text("vanne d'isolement hydraulique", "hydraulic shut-off valve"),
    sheet=Text(
        "Vanne à boisseau sphérique haute pression, poignée cadenassable ; poignée dans l'axe, elle est ouverte. Elle "
        "n'évacue rien : ce qu'elle isole reste sous pression. Valeurs : fiche de vanne à boisseau G3/4 400 bar.",
        "High-pressure ball valve with a lockable handle; in line it is open. It vents nothing: what it isolates stays "
        "under pressure. Values: sheet of a G3/4 ball valve 400 bar.",
    ),
    parameters=(
        Parameter("position", Text("position au départ (1 : ouverte)", "position at start (1: open)"), "", 1, 0, 1),
        Parameter("k", Text("passage, ouverte", "passage, open"), "cm³/(s·√bar)", 1500.0, 5.0, 20000.0),
    ),
    ports=(Port("1", Domain.HYDRAULIC), Port("2", Domain.HYDRAULIC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "stem_broken",
            Text("tige cassée : la bille reste fermée", "stem broken: the ball stays closed"),
            (Effect("ball.travel", 0.0),),
            rate=0.4,
        ),
        FailureMode(
            "seat_worn",
            Text("sièges usés : la vanne ne ferme plus", "worn seats: the valve no longer closes"),
            (Effect("ball.seat_leak", 0.05),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.6,
            degrees=(0.3, 1.0),
        ),
        external_leak_mode(
            "leak", Text("presse-étoupe de la vanne fuyant", "stem packing leaks"), "leak", 0.3, Repair.TIGHTEN, 0.8
        ),
    ),
    channels=lambda tag, p: (
        Channel("position", MemoryRef(f"{tag}.handle", "head"), seen=True, text=Text("poignée", "handle")),
    ),
    senses=_senses,
    symbols={
        "main": Symbol(
            6,
            8,
            (
                Line(((3, 0), (3, 2))),
                Line(((3, 6), (3, 8))),
                Polygon(((1.6, 2), (4.4, 2), (3, 4))),
                Polygon(((1.6, 6), (4.4, 6), (3, 4))),
                Turns("position", 3, 4, 90.0, (Line(((3, 4), (5.6, 4))),)),
            ),
            (Pin("2", 3, 0, "n"), Pin("1", 3, 8, "s")),
        )
    },
    controls={"position": "handle.position", "lock": "handle.locked"},
)
