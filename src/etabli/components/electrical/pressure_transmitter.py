"""Pressure transmitter, two wires, 4 to 20 mA, for oil."""

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
    Perception,
    Port,
    Read,
)
from etabli.components.curve import BAR, Axis, Curve, explain, sweep
from etabli.components.drawing import Label, Line, Pin, Rectangle, Symbol
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
)
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import add_oil_volume
from etabli.components.resolution import resolved
from etabli.physics.expression import clamp, less, minimum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

_LAG_S = 0.01
_REFRESH_S = 0.01 - 1e-6
"""Between two values of the output stage, s (less what a sum of steps may be short of it)."""


@sampled(
    reads=("pressure",),
    parameters=("range", "gain", "zero", "free"),
    memory=("signal", "shown", "waited"),
    writes=("current",),
    stage=Stage.SENSE,
)
def loop_signal(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Loop current for a pressure in bar: 4 mA at 0, 20 mA at ``range``, held within NAMUR NE 43.

    ``gain`` multiplies the span, ``zero`` (A) shifts it, ``free`` 0 freezes the measuring cell. ``signal`` (A) follows
    within 10 ms; the loop carries ``shown``, which the output stage takes from it every 10 ms with its 12 bits
    (``waited`` s since). Source: response time, refresh rate and resolution of digital pressure transmitter sheets.
    """
    wanted = LOW_A + p.zero + p.gain * (HIGH_A - LOW_A) * r.pressure / p.range
    signal = m.signal + p.free * (clamp(wanted, LEAST_A, MOST_A) - m.signal) * minimum(h / _LAG_S, 1.0)
    waited = m.waited + h
    due = less(_REFRESH_S, waited)
    shown = select(due, resolved(signal, m.shown, COUNT_A), m.shown)
    return {"signal": signal, "shown": shown, "waited": select(due, 0.0, waited), "current": shown}


explain(
    loop_signal,
    Text(
        "Signal 4-20 mA : 4 mA à 0 bar, 20 mA à l'étendue de mesure, borné par NAMUR NE 43, en 4 096 pas, "
        "toutes les 10 ms.",
        "4-20 mA signal: 4 mA at 0 bar, 20 mA at the range, held within NAMUR NE 43, in 4,096 counts, every 10 ms.",
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
    add_loop(b)
    b.sample(
        "cell",
        loop_signal,
        {"pressure": b.across("P")},
        {"range": p["range_bar"], "gain": 1.0, "zero": 0.0, "free": 1.0},
        {"current": b.parameter("loop", "current")},
        {"signal": LOW_A, "shown": LOW_A},
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
        "Transmetteur 2 fils, 4 mA à 0 bar, 20 mA à la pleine échelle, alimenté par la boucle (10 à 30 V). Réponse "
        "en 10 ms, sortie rafraîchie toutes les 10 ms avec une résolution de 12 bits (4 µA). Moins de "
        "3,6 mA : boucle coupée. Valeurs : fiche de transmetteur de pression 0,5 %.",
        "Two-wire transmitter, 4 mA at 0 bar, 20 mA at full scale, fed by the loop (10 to 30 V). Response in 10 ms, "
        "output refreshed every 10 ms with a resolution of 12 bits (4 µA). Below 3.6 mA: loop open. Values: "
        "sheet of a 0.5 % pressure transmitter.",
    ),
    parameters=(Parameter("range_bar", Text("étendue de mesure", "range"), "bar", 250.0, 1.0, 1000.0),),
    ports=(Port("P", Domain.HYDRAULIC), Port("+", Domain.DC), Port("-", Domain.DC)),
    build=_build,
    failure_modes=(
        LOOP_OPEN,
        ZERO_SHIFTED,
        SPAN_LOW,
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
