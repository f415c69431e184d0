"""Pressure transmitter, two wires, 4 to 20 mA, for oil."""

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
)
from etabli.components.curve import BAR, Axis, Curve, explain, sweep
from etabli.components.drawing import Label, Line, Pin, Rectangle, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, dc_pole
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import add_oil_volume
from etabli.physics.expression import clamp, maximum, minimum
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

LOW_A, HIGH_A = 0.004, 0.020
LEAST_A, MOST_A = 0.0036, 0.0215
"""Alarm and saturation currents of NAMUR NE 43."""

_WAKE_V = 8.0  # the electronics need this voltage at full current
_LAG_S = 0.01


@law({"a": Domain.DC, "b": Domain.DC}, ("current", "wake"), ("current",))
def loop_sink(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A two-wire transmitter: draws ``current`` A once the voltage across it passes ``wake`` V, less below.

    Source: Norton sink with a smooth foot; state ``current`` in A, from ``a`` to ``b``.
    """
    drop = v.a - v.b
    foot = drop / (p.wake + maximum(drop, 0.0) * 0.05)
    i = p.current * clamp(foot, 0.0, 1.0) + 1e-6 * drop
    return {"a": i, "b": -i}, {"current": i}


explain(
    loop_sink,
    Text(
        "Transmetteur deux fils : absorbe son courant dès qu'il a assez de tension. Source : charge de boucle des "
        "fiches de transmetteurs.",
        "Two-wire transmitter: draws its current as soon as it has voltage enough. Source: loop load of transmitter "
        "sheets.",
    ),
)


@sampled(
    reads=("pressure",),
    parameters=("range", "gain", "zero", "free"),
    memory=("signal",),
    writes=("current",),
    stage=Stage.SENSE,
)
def loop_signal(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Loop current for a pressure in bar: 4 mA at 0, 20 mA at ``range``, held within NAMUR NE 43.

    ``gain`` multiplies the span, ``zero`` (A) shifts it, ``free`` 0 freezes the measuring cell.
    """
    wanted = LOW_A + p.zero + p.gain * (HIGH_A - LOW_A) * r.pressure / p.range
    signal = m.signal + p.free * (clamp(wanted, LEAST_A, MOST_A) - m.signal) * minimum(h / _LAG_S, 1.0)
    return {"signal": signal, "current": signal}


explain(
    loop_signal,
    Text(
        "Signal 4-20 mA : 4 mA à 0 bar, 20 mA à l'étendue de mesure, borné par NAMUR NE 43.",
        "4-20 mA signal: 4 mA at 0 bar, 20 mA at the range, held within NAMUR NE 43.",
    ),
    Curve(
        Text("courant de boucle selon la pression", "loop current against pressure"),
        BAR,
        Axis(Text("courant", "current"), "mA"),
        sweep(0.0, lambda d: 1.1 * d.p.range, lambda d, x: 1e3 * d.held(5.0, d.start(), 100, pressure=x)["signal"], 45),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_oil_volume(b, "P")
    b.device("wire", dc_pole, {"a": "+", "b": "inside"}, {"resistance": 1.0})
    b.device("loop", loop_sink, {"a": "inside", "b": "-"}, {"current": LOW_A, "wake": _WAKE_V})
    b.sample(
        "cell",
        loop_signal,
        {"pressure": b.across("P")},
        {"range": p["range_bar"], "gain": 1.0, "zero": 0.0, "free": 1.0},
        {"current": b.parameter("loop", "current")},
        {"signal": LOW_A},
    )
    add_external_leak(b, "leak", "P")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    where = Text("au raccord du transmetteur", "at the fitting of the transmitter")
    return leak_perceptions(read, tag, "leak", f"{tag}:P", where)


COMPONENT = Component(
    family="pressure_transmitter",
    letter="B",
    text=Text("transmetteur de pression", "pressure transmitter"),
    sheet=Text(
        "Transmetteur 2 fils, 4 mA à 0 bar, 20 mA à la pleine échelle, alimenté par la boucle (10 à 30 V). Moins de "
        "3,6 mA : boucle coupée. Valeurs : fiche de transmetteur de pression 0,5 %.",
        "Two-wire transmitter, 4 mA at 0 bar, 20 mA at full scale, fed by the loop (10 to 30 V). Below 3.6 mA: loop "
        "open. Values: sheet of a 0.5 % pressure transmitter.",
    ),
    parameters=(Parameter("range_bar", Text("étendue", "range"), "bar", 250.0, 1.0, 1000.0),),
    ports=(Port("P", Domain.HYDRAULIC), Port("+", Domain.DC), Port("-", Domain.DC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "open",
            Text("électronique coupée (0 mA)", "electronics open (0 mA)"),
            (Effect("wire.resistance", OPEN_OHM, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        ),
        FailureMode(
            "zero_shifted",
            Text("zéro dérivé vers le haut", "zero drifted up"),
            (Effect("cell.zero", 0.006),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "span_low",
            Text("gain dérivé vers le bas", "span drifted down"),
            (Effect("cell.gain", 0.3),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.7,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "frozen", Text("cellule de mesure figée", "measuring cell frozen"), (Effect("cell.free", 0.0),), rate=0.5
        ),
        external_leak_mode("leak", Text("membrane fendue", "diaphragm split"), "leak", 0.15, rate=0.4),
    ),
    channels=lambda tag, p: (Channel("signal", MemoryRef(f"{tag}.cell", "signal"), LOW_A, HIGH_A),),
    signals={"signal": lambda tag, p: MemoryRef(f"{tag}.cell", "signal")},
    senses=_senses,
    symbols={
        "electrical": Symbol(
            4,
            8,
            (
                Line(((2, 0), (2, 2))),
                Line(((2, 6), (2, 8))),
                Rectangle(0.4, 2, 3.2, 4),
                Line(((0.4, 6), (3.6, 2)), "thin"),
                Label(1.2, 2.9, "p", 0.9),
                Label(2.8, 5.2, "I", 0.9),
            ),
            (Pin("+", 2, 0, "n"), Pin("-", 2, 8, "s")),
        ),
        "hydraulic": Symbol(
            8,
            7,
            (
                Rectangle(1, 1, 6, 4),
                Line(((1, 5), (7, 1)), "thin"),
                Label(2.4, 2.2, "p", 0.9),
                Label(5.6, 3.9, "I", 0.9),
                Line(((4, 5), (4, 7))),
            ),
            (Pin("P", 4, 7, "s"),),
        ),
    },
)
