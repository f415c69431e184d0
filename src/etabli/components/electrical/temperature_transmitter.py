"""Head transmitter: Pt100 with three wires in, 4-20 mA loop out."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Effect,
    FailureMode,
    Parameter,
    Parameters,
    Port,
)
from etabli.components.curve import OHMS, Axis, Curve, explain, sweep
from etabli.components.drawing import Label, Line, Pin, Rectangle, Symbol
from etabli.components.electrical.conductor import resistor
from etabli.components.electrical.current_loop import (
    COUNT_A,
    HIGH_A,
    LEAST_A,
    LOOP_OPEN,
    LOW_A,
    MOST_A,
    SPAN_LOW,
    ZERO_SHIFTED,
    add_loop,
    measuring_source,
)
from etabli.components.electrical.temperature_probe import PT_A, PT_B
from etabli.components.resolution import resolved
from etabli.physics.expression import clamp, less, maximum, minimum, select, sqrt
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

_MEASURING_A = 0.0005
_SOURCE_OHM = 1e6
_REFERENCE_OHM = 1e6
_SENSE_OHM = 1e7
_LAG_S = 0.2
_SHORTED_OHM, _BROKEN_OHM = 20.0, 400.0
"""Resistance below which a Pt100 counts as shorted, above which as broken (-195 and 883 °C)."""


@sampled(
    reads=("one", "two", "three"),
    parameters=("low_c", "high_c", "gain", "zero", "upscale"),
    memory=("ohms", "celsius", "signal", "shown"),
    writes=("current",),
    stage=Stage.SENSE,
)
def pt100_head(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Resistance between 1 and 3 less that of one lead (3 to 2), linearised by IEC 60751, as a loop current.

    ``low_c`` gives 4 mA, ``high_c`` 20 mA; ``gain`` multiplies the span, ``zero`` (A) shifts it. A broken probe drives
    the loop to its upper alarm (``upscale`` 1) or its lower one (0), a shorted one to the lower (NAMUR NE 43).
    ``signal`` (A) follows within 0.2 s; the loop carries ``shown``, which has the 12 bits of the output stage (head
    transmitter sheets).
    """
    ohms = ((r.one - r.three) - (r.three - r.two)) / _MEASURING_A
    inside = clamp(ohms, _SHORTED_OHM, _BROKEN_OHM)
    celsius = (sqrt(maximum(PT_A * PT_A - 4.0 * PT_B * (1.0 - 0.01 * inside), 0.0)) - PT_A) / (2.0 * PT_B)
    share = (celsius - p.low_c) / (p.high_c - p.low_c)
    wanted = clamp(LOW_A + p.zero + p.gain * (HIGH_A - LOW_A) * share, LEAST_A, MOST_A)
    wanted = select(less(_BROKEN_OHM, ohms), select(less(0.5, p.upscale), MOST_A, LEAST_A), wanted)
    wanted = select(less(ohms, _SHORTED_OHM), LEAST_A, wanted)
    signal = m.signal + (wanted - m.signal) * minimum(h / _LAG_S, 1.0)
    shown = resolved(signal, m.shown, COUNT_A)
    return {"ohms": ohms, "celsius": celsius, "signal": signal, "shown": shown, "current": shown}


explain(
    pt100_head,
    Text(
        "Transmetteur de tête : résistance de la Pt100 moins celle d'un fil, linéarisée, en courant de boucle ; sonde "
        "coupée en haut d'échelle, en court-circuit en bas. Source : IEC 60751, NAMUR NE 43.",
        "Head transmitter: resistance of the Pt100 less that of one lead, linearised, as a loop current; a broken "
        "probe reads above the range, a shorted one below. Source: IEC 60751, NAMUR NE 43.",
    ),
    Curve(
        Text("courant de boucle selon la résistance de la sonde", "loop current against the resistance of the probe"),
        OHMS,
        Axis(Text("courant", "current"), "mA"),
        sweep(10.0, 180.0, lambda d, ohms: 1e3 * d.held(10.0, d.start(), 50, one=_MEASURING_A * ohms)["signal"], 60),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_loop(b)
    b.device(
        "source",
        measuring_source,
        {"a": "1", "b": "2"},
        {"current": _MEASURING_A, "conductance": 1.0 / _SOURCE_OHM},
    )
    b.device("reference", resistor, {"a": "2", "b": "-"}, {"resistance": _REFERENCE_OHM})
    b.device("sense", resistor, {"a": "3", "b": "2"}, {"resistance": _SENSE_OHM})
    b.sample(
        "cell",
        pt100_head,
        {name: b.across(port) for name, port in (("one", "1"), ("two", "2"), ("three", "3"))},
        {"low_c": p["low_c"], "high_c": p["high_c"], "gain": 1.0, "zero": 0.0, "upscale": float(p["upscale"])},
        {"current": b.parameter("loop", "current")},
        {"signal": LOW_A, "shown": LOW_A},
    )


COMPONENT = Component(
    family="temperature_transmitter",
    letter="B",
    text=Text("transmetteur de température", "temperature transmitter"),
    sheet=Text(
        "Transmetteur de tête 2 fils pour Pt100 trois fils (1 d'un côté, 2 et 3 de l'autre : la résistance des "
        "fils est compensée). 4 mA en bas d'échelle, 20 mA en haut, en 4 096 pas. Sonde coupée : 21,5 mA ; sonde "
        "en court-circuit : 3,6 mA. Valeurs : fiche de transmetteur de tête EN 60751, NAMUR NE 43.",
        "Two-wire head transmitter for a three-wire Pt100 (1 on one side, 2 and 3 on the other: the leads are "
        "compensated). 4 mA at the low end, 20 mA at the high end, in 4,096 counts. Broken probe: 21.5 mA; "
        "shorted probe: 3.6 mA. Values: sheet of a head transmitter EN 60751, NAMUR NE 43.",
    ),
    parameters=(
        Parameter("low_c", Text("bas d'échelle", "low end"), "°C", 0.0, -200.0, 500.0),
        Parameter("high_c", Text("haut d'échelle", "high end"), "°C", 100.0, -100.0, 850.0),
        Parameter("upscale", Text("rupture vers le haut", "broken goes up"), "", 1, 0, 1),
    ),
    ports=tuple(Port(n, Domain.DC) for n in ("1", "2", "3", "+", "-")),
    build=_build,
    failure_modes=(
        LOOP_OPEN,
        ZERO_SHIFTED,
        SPAN_LOW,
        FailureMode(
            "source_dead",
            Text("courant de mesure absent (lit trop bas)", "no measuring current (reads too low)"),
            (Effect("source.current", 1e-7, logarithmic=True),),
            rate=0.4,
        ),
    ),
    channels=lambda tag, p: (Channel("signal", MemoryRef(f"{tag}.cell", "signal"), LOW_A, HIGH_A),),
    signals={"signal": lambda tag, p: MemoryRef(f"{tag}.cell", "signal")},
    symbols={
        "main": Symbol(
            12,
            8,
            (
                Rectangle(1, 2, 10, 4),
                *(Line(((x, 0), (x, 2))) for x in (2, 6, 10)),
                Line(((2, 6), (2, 8))),
                Line(((10, 6), (10, 8))),
                Line(((1, 6), (11, 2)), "thin"),
                Label(3.6, 3.1, "ϑ", 1.1),
                Label(8.4, 5.0, "I", 1.1),
            ),
            (
                Pin("1", 2, 0, "n"),
                Pin("2", 6, 0, "n"),
                Pin("3", 10, 0, "n"),
                Pin("+", 2, 8, "s"),
                Pin("-", 10, 8, "s"),
            ),
        )
    },
)
