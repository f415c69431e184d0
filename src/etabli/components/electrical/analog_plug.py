"""Plug of a valve with its electronics inside: 24 V supply, analogue set point, analogue output."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Effect, FailureMode, Onset, Port, Repair, Swap
from etabli.components.curve import explain
from etabli.components.drawing import Label, Lights, Line, Pin, Rectangle, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, resistor
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.network import Ref
from etabli.physics.text import Text

PLUG_PORTS = tuple(Port(name, Domain.DC) for name in ("L+", "M", "+", "-"))
"""24 V, 0 V, set point and its reference."""

VOLTAGE_INPUT_OHM = 100e3
CURRENT_INPUT_OHM = 250.0
"""Input of a 0 to 10 V and of a 4 to 20 mA set point (data sheets of analogue cards)."""

OUTPUT_OHM = 100.0


@law({"plus": Domain.DC, "minus": Domain.DC}, ("volts", "resistance"))
def analog_output(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Analogue output: ``volts`` V behind ``resistance`` ohm (never 0) from ``minus`` to ``plus`` (Thévenin)."""
    i = (v.plus - v.minus - p.volts) / p.resistance
    return {"plus": i, "minus": -i}, {}


explain(
    analog_output,
    Text(
        "Sortie analogique : tension derrière une petite résistance (Thévenin).",
        "Analogue output: a voltage behind a small resistance (Thévenin).",
    ),
    plain=True,
)


def add_plug(b: Builder, supply_ohm: float, input_ohm: float = VOLTAGE_INPUT_OHM) -> None:
    """Devices ``feed`` and ``draw`` of the supply, ``entry`` and ``input`` of the set point, behind their pins."""
    b.device("feed", resistor, {"a": "L+", "b": "supply"}, {"resistance": 0.05})
    b.device("draw", resistor, {"a": "supply", "b": "M"}, {"resistance": supply_ohm})
    b.device("entry", resistor, {"a": "+", "b": "input"}, {"resistance": 10.0})
    b.device("input", resistor, {"a": "input", "b": "-"}, {"resistance": input_ohm})


def plug_reads(b: Builder) -> dict[str, Ref]:
    """What the electronics see of their plug: supply, ground, plus, minus (V)."""
    return {
        "supply": b.across("supply"),
        "ground": b.across("M"),
        "plus": b.across("input"),
        "minus": b.across("-"),
    }


PLUG_MODES = (
    FailureMode(
        "supply_open",
        Text("broche d'alimentation du connecteur coupée", "supply pin of the plug broken"),
        (Effect("feed.resistance", OPEN_OHM, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        ports=("L+",),
    ),
    FailureMode(
        "input_open",
        Text("broche de consigne du connecteur coupée", "set point pin of the plug broken"),
        (Effect("entry.resistance", OPEN_OHM, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        ports=("+",),
    ),
    FailureMode(
        "input_crossed",
        Text("fils de consigne inversés", "set point wires crossed"),
        (Swap("+", "-"),),
        Repair.RECONNECT,
        rate=0.5,
        ports=("+", "-"),
    ),
)
"""Failure modes of the plug; its devices are those of :func:`add_plug`."""


def amplifier_symbol(set_point: str, output: str = "") -> Symbol:
    """The electronics on an electrical folio: their pins above, the mark of an amplifier; ``output`` names one more
    port, that of an analogue output."""
    places = {"+": 2, "-": 6, "L+": 10, "M": 14, **({output: 18} if output else {})}
    width = max(places.values()) + 2
    box = (
        Rectangle(0, 2, width, 6),
        Line(((7.2, 3.2), (7.2, 6.8), (10.2, 5), (7.2, 3.2))),
        Label(3.5, 5, set_point),
        Label(13, 5, "24 V"),
        Lights("ready", (Rectangle(width - 1.4, 2.4, 0.8, 0.8, True),), "green"),
    )
    stems = tuple(Line(((x, 0), (x, 2))) for x in places.values())
    return Symbol(width, 8, (*box, *stems), tuple(Pin(name, x, 0, "n") for name, x in places.items()))
