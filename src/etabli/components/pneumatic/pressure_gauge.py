"""Pressure gauge screwed on the circuit: a needle that a person reads."""

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
from etabli.components.drawing import Circle, Line, Pin, Symbol, Turns
from etabli.components.fluid_symbols import arrow
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import maximum, minimum
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text


@sampled(
    reads=("pressure",),
    parameters=("gain", "zero", "free"),
    memory=("reading",),
    stage=Stage.SENSE,
)
def gauge_needle(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Needle in bar gauge, Bourdon tube (EN 837-1) with a time constant of 50 ms; ``free`` 0 holds it where it is."""
    target = maximum(p.gain * (r.pressure - ATMOSPHERE_BAR) + p.zero, 0.0)
    return {"reading": m.reading + p.free * (target - m.reading) * minimum(h / 0.05, 1.0)}


explain(
    gauge_needle,
    Text(
        "Manomètre à tube de Bourdon (EN 837-1) : l'aiguille suit la pression relative avec un léger retard.",
        "Bourdon tube gauge (EN 837-1): the needle follows the gauge pressure with a small lag.",
    ),
    Curve(
        Text("indication selon la pression", "reading against pressure"),
        Axis(Text("pression (relative)", "gauge pressure"), "bar"),
        Axis(Text("lecture", "reading"), "bar"),
        sweep(0.0, 10.0, lambda d, x: d.held(2.0, d.start(), 60, pressure=x + ATMOSPHERE_BAR)["reading"], 21),
    ),
)


def add_needle(b: Builder, node: str, name: str = "needle") -> None:
    """A needle that reads the local node ``node``."""
    b.sample(name, gauge_needle, {"pressure": b.across(node)}, {"gain": 1.0, "zero": 0.0, "free": 1.0})


def reading_perception(reading_bar: float) -> Perception:
    """What the eye reads on a dial graduated in 0.1 bar."""
    fr = f"{reading_bar:.1f}".replace(".", ",")
    return Perception(
        Sense.LOOK, Text(f"Le manomètre indique {fr} bar.", f"The pressure gauge shows {reading_bar:.1f} bar.")
    )


NEEDLE_MODES = (
    FailureMode(
        "gauge_stuck",
        Text("aiguille du manomètre bloquée", "needle of the gauge stuck"),
        (Effect("needle.free", 0.0),),
        rate=0.7,
    ),
    FailureMode(
        "gauge_offset",
        Text("manomètre déréglé", "gauge reads wrong"),
        (Effect("needle.zero", 1.2),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.5,
        degrees=(0.4, 1.0),
        visible=Text("La vitre du manomètre est fêlée.", "The glass of the gauge is cracked."),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_volume(b, "P")
    add_needle(b, "P")
    add_leak(b, "leak", "P")


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel(
            "needle",
            MemoryRef(f"{tag}.needle", "reading"),
            0.0,
            float(p["range"]),
            seen=True,
            text=Text("aiguille du manomètre", "gauge needle"),
        ),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    return (
        reading_perception(read(MemoryRef(f"{tag}.needle", "reading"))),
        *hiss(read, tag, "leak", f"{tag}:P", Text("au raccord du manomètre", "at the fitting of the gauge")),
    )


COMPONENT = Component(
    family="pressure_gauge",
    letter="G",
    purpose="P",
    text=Text("manomètre", "pressure gauge"),
    sheet=Text(
        "Indique la pression relative (au-dessus de l'atmosphère) du point où il est monté. Valeurs : manomètre Ø 40 "
        "mm, 0 à 10 bar, classe 2,5.",
        "Shows the gauge pressure (above the atmosphere) of the point where it is fitted. Values: 40 mm gauge, 0 to 10 "
        "bar, class 2.5.",
    ),
    parameters=(Parameter("range", Text("fin d'échelle", "full scale"), "bar", 10.0, 1.0, 40.0),),
    ports=(Port("P", Domain.PNEUMATIC),),
    build=_build,
    failure_modes=(
        *NEEDLE_MODES,
        leak_mode(
            "leak",
            Text("fuite au raccord du manomètre", "leak at the fitting of the gauge"),
            "leak",
            0.3,
            Repair.TIGHTEN,
        ),
    ),
    channels=_channels,
    signals={"reading": lambda tag, p: MemoryRef(f"{tag}.needle", "reading")},
    senses=_senses,
    symbols={
        "main": Symbol(
            4,
            6,
            (
                Line(((2, 6), (2, 4))),
                Circle(2, 2, 2),
                Turns("needle", 2, 2, 270.0, arrow((2.5, 1.5), (0.8, 3.2), size=0.6)),
            ),
            (Pin("P", 2, 6, "s"),),
        )
    },
)
