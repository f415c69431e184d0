"""Exhaust silencer: sintered bronze plug on an exhaust port."""

from __future__ import annotations

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
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.fluid_symbols import exhaust
from etabli.components.pneumatic.air_leak import vent_flow
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, vent
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.law import Domain
from etabli.physics.network import NodeRef
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    add_volume(b, "1")
    b.device("plug", vent, {"a": "1"}, {"conductance": p["conductance"], "critical_ratio": 0.35, "opening": 1.0})


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (Channel("pressure", NodeRef(f"{tag}:1"), ATMOSPHERE_BAR, ATMOSPHERE_BAR + 6.0),)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    flow = vent_flow(read, tag, "plug", f"{tag}:1")
    if flow < 0.05:
        return ()
    if flow < 0.4:
        text = Text("L'air sort doucement par le silencieux.", "Air leaves softly through the silencer.")
    else:
        text = Text("L'air s'échappe franchement par le silencieux.", "Air rushes out through the silencer.")
    return (Perception(Sense.LISTEN, text),)


COMPONENT = Component(
    family="silencer",
    letter="V",
    purpose="R",
    text=Text("silencieux d'échappement", "exhaust silencer"),
    sheet=Text(
        "Bouchon fritté vissé sur un orifice d'échappement : il laisse sortir l'air en réduisant le bruit. Encrassé, "
        "il freine l'échappement et donc le vérin. Valeurs : fiche de silencieux bronze 1/8\".",
        "Sintered plug screwed on an exhaust port: it lets air out and reduces the noise. Clogged, it slows the "
        'exhaust and therefore the cylinder. Values: data sheet of a 1/8" bronze silencer.',
    ),
    parameters=(
        Parameter("conductance", Text("conductance sonique C", "sonic conductance C"), "dm³/(s·bar)", 4.0, 0.1, 30.0),
    ),
    ports=(Port("1", Domain.PNEUMATIC),),
    build=_build,
    failure_modes=(
        FailureMode(
            "clogged",
            Text("silencieux encrassé", "silencer clogged"),
            (Effect("plug.opening", 0.003, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            2.0,
            (0.75, 1.0),
            Text("Le fritté du silencieux est noir et gras.", "The sintered body of the silencer is black and oily."),
        ),
        FailureMode(
            "blocked",
            Text("silencieux bouché", "silencer blocked"),
            (Effect("plug.opening", 1e-5, logarithmic=True),),
            Repair.REPLACE,
            visible=Text("Le silencieux est couvert de peinture.", "The silencer is covered with paint."),
        ),
    ),
    channels=_channels,
    senses=_senses,
    symbols={
        "main": Symbol(
            4,
            4,
            (Line(((2, 0), (2, 1))), Rectangle(1, 1, 2, 1.4), Line(((1, 1.7), (3, 1.7)), "thin"), *exhaust(2, 2.4)),
            (Pin("1", 2, 0, "n", label=False),),
        )
    },
)
