"""Hydraulic pressure gauge with a glycerine bath."""

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
from etabli.components.curve import BAR, Axis, Curve, explain, sweep
from etabli.components.drawing import Circle, Line, Pin, Symbol, Turns
from etabli.components.fluid_symbols import arrow
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import add_oil_volume
from etabli.physics.expression import maximum, minimum
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

_LAG_S = 0.15


@sampled(reads=("pressure",), parameters=("gain", "zero", "free"), memory=("reading",), stage=Stage.SENSE)
def oil_needle(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Needle of a Bourdon tube in glycerine (EN 837-1), bar: lag of 0.15 s; ``free`` 0 holds it where it is."""
    target = maximum(p.gain * r.pressure + p.zero, 0.0)
    return {"reading": m.reading + p.free * (target - m.reading) * minimum(h / _LAG_S, 1.0)}


explain(
    oil_needle,
    Text(
        "Manomètre à bain de glycérine (EN 837-1) : l'aiguille suit la pression, amortie.",
        "Glycerine-filled gauge (EN 837-1): the needle follows the pressure, damped.",
    ),
    Curve(
        Text("indication selon la pression", "reading against pressure"),
        BAR,
        Axis(Text("lecture", "reading"), "bar"),
        sweep(
            0.0,
            lambda d: d.value("range_bar", 250.0),
            lambda d, x: d.held(4.0, d.start(), 60, pressure=x)["reading"],
            21,
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_oil_volume(b, "P")
    b.sample("needle", oil_needle, {"pressure": b.across("P")}, {"gain": 1.0, "zero": 0.0, "free": 1.0})
    add_external_leak(b, "leak", "P")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    bar = round(read(MemoryRef(f"{tag}.needle", "reading")))
    text = Text(f"Le manomètre indique {bar} bar.", f"The pressure gauge shows {bar} bar.")
    where = Text("au raccord du manomètre", "at the fitting of the gauge")
    return (Perception(Sense.LOOK, text), *leak_perceptions(read, tag, "leak", f"{tag}:P", where))


COMPONENT = Component(
    family="hydraulic_gauge",
    letter="G",
    purpose="P",
    text=Text("manomètre hydraulique", "hydraulic pressure gauge"),
    sheet=Text(
        "Manomètre à tube de Bourdon dans un bain de glycérine, classe 1,6. Valeurs : fiche de manomètre 0–250 bar.",
        "Bourdon tube gauge in a bath of glycerine, class 1.6. Values: sheet of a 0–250 bar gauge.",
    ),
    parameters=(Parameter("range_bar", Text("étendue de mesure", "range"), "bar", 250.0, 1.0, 1000.0),),
    ports=(Port("P", Domain.HYDRAULIC),),
    build=_build,
    failure_modes=(
        FailureMode(
            "stuck", Text("aiguille du manomètre bloquée", "needle of the gauge stuck"), (Effect("needle.free", 0.0),)
        ),
        FailureMode(
            "reads_low",
            Text("manomètre qui indique trop bas", "gauge reads too low"),
            (Effect("needle.gain", 0.6),),
            onsets=(Onset.SUDDEN, Onset.GROWING),
            rate=0.6,
            degrees=(0.4, 1.0),
            visible=Text("La vitre du manomètre est fêlée.", "The glass of the gauge is cracked."),
        ),
        external_leak_mode("leak", Text("tube du manomètre fendu", "tube of the gauge split"), "leak", 0.2, rate=0.5),
    ),
    channels=lambda tag, p: (
        Channel(
            "needle",
            MemoryRef(f"{tag}.needle", "reading"),
            0.0,
            float(p["range_bar"]),
            seen=True,
            text=Text("aiguille", "needle"),
        ),
    ),
    signals={"reading": lambda tag, p: MemoryRef(f"{tag}.needle", "reading")},
    senses=_senses,
    symbols={
        "main": Symbol(
            6,
            7,
            (
                Circle(3, 3, 2.2),
                Turns("needle", 3, 3, 270.0, arrow((3.9, 2.1), (1.7, 4.3), "solid", 0.7)),
                Line(((3, 5.2), (3, 7))),
            ),
            (Pin("P", 3, 7, "s"),),
        )
    },
)
