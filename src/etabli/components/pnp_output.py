"""What every three-wire sensor shares: supply current, PNP output stage, LED, and the words for them."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Channel, Effect, FailureMode, Onset, Perception, Port, Read, Sense
from etabli.components.conductor import OPEN_OHM, knee, resistor
from etabli.components.drawing import Label, Pin, Polygon, Shape, Symbol
from etabli.components.electrical_symbols import box, led
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

SENSOR_PORTS = (Port("BN", Domain.DC), Port("BK", Domain.DC), Port("BU", Domain.DC))
MINIMUM_SUPPLY_V = 10.0
_KNEE_V = 0.1
_ON_SIEMENS = 2.0
_OFF_SIEMENS = 1e-6
_DROP_V = 1.2
_LIMIT_A = 0.2
_KNEE_A = 0.02


@law({"supply": Domain.DC, "output": Domain.DC}, ("conductance", "drop", "leak", "limit"))
def pnp_switch(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """PNP output transistor: slope ``conductance`` (S) above ``drop`` (V), current under ``limit`` (A), ``leak`` (S).

    Source: voltage drop (≤ 2 V), off-state current (≤ 0.1 mA) and 200 mA limit of three-wire sensor sheets,
    EN 60947-5-2.
    """
    u = v.supply - v.output
    wanted = p.conductance * knee(u - p.drop, _KNEE_V)
    i = wanted - knee(wanted - p.limit, _KNEE_A) + p.leak * u
    return {"supply": i, "output": -i}, {}


def add_pnp_stage(builder: Builder, supply_a: float) -> None:
    """Supply load ``electronics`` (BN-BU) and output ``output`` (BN-BK) of a sensor."""
    builder.device("electronics", resistor, {"a": "BN", "b": "BU"}, {"resistance": 24.0 / supply_a})
    builder.device(
        "output",
        pnp_switch,
        {"supply": "BN", "output": "BK"},
        {"conductance": _OFF_SIEMENS, "drop": _DROP_V, "leak": 2e-6, "limit": _LIMIT_A},
    )


def output_siemens() -> tuple[float, float]:
    """Conductance of the output transistor: off, on."""
    return _OFF_SIEMENS, _ON_SIEMENS


SENSOR_MODES = (
    FailureMode(
        "dead",
        Text("capteur hors service (aucune réaction)", "sensor dead (no reaction)"),
        (Effect("logic.dead", 1.0), Effect("electronics.resistance", OPEN_OHM, logarithmic=True)),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=1.0,
    ),
    FailureMode(
        "stuck_on",
        Text("sortie du capteur bloquée à 1", "sensor output stuck on"),
        (Effect("logic.stuck_on", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.7,
    ),
    FailureMode(
        "stuck_off",
        Text("étage de sortie du capteur coupé (LED normale)", "sensor output stage open (LED normal)"),
        (Effect("logic.output_open", 1.0),),
        onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        rate=0.6,
    ),
    FailureMode(
        "supply_short",
        Text("capteur en court-circuit interne", "sensor shorted inside"),
        (Effect("electronics.resistance", 0.5, logarithmic=True),),
        rate=0.3,
        visible=Text("Le corps du capteur est fendu et noirci.", "The sensor body is cracked and black."),
    ),
)


def sensor_channels(tag: str) -> tuple[Channel, ...]:
    """The LED of the sensor, which anybody sees, and its green supply light."""
    return (
        Channel("led", MemoryRef(f"{tag}.logic", "led"), seen=True, text=Text("LED jaune", "yellow LED")),
        Channel("powered", MemoryRef(f"{tag}.logic", "powered"), seen=True, text=Text("LED verte", "green LED")),
    )


def sensor_senses(tag: str, read: Read) -> tuple[Perception, ...]:
    """Words for the two lights."""
    if read(MemoryRef(f"{tag}.logic", "powered")) < 0.5:
        return (Perception(Sense.LOOK, Text("Aucune LED du capteur n'est allumée.", "No LED of the sensor is lit.")),)
    if read(MemoryRef(f"{tag}.logic", "led")) > 0.5:
        return (
            Perception(
                Sense.LOOK, Text("La LED jaune du capteur est allumée.", "The yellow LED of the sensor is lit.")
            ),
        )
    return (
        Perception(
            Sense.LOOK,
            Text("LED verte allumée, LED jaune éteinte.", "Green LED lit, yellow LED off."),
        ),
    )


def sensor_symbol(marks: tuple[Shape, ...]) -> Symbol:
    """Sensor box with its diamond, kind marks, LED, and the three wires below."""
    pins = (Pin("BN", 2, 6, "s"), Pin("BK", 6, 6, "s"), Pin("BU", 10, 6, "s"))
    body = box(12, 6, pins, ())
    diamond = Polygon(((2.2, 1.4), (3.0, 2.2), (2.2, 3.0), (1.4, 2.2)))
    leads = tuple(s for s in body.shapes[1:])
    return Symbol(
        12,
        6,
        (body.shapes[0], *leads, diamond, *marks, Label(8.6, 3.7, "PNP", 1.1), *led(8.6, 2.1, "led", "orange")),
        pins,
    )
