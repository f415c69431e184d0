"""Inductive proximity sensor, three-wire PNP, normally open."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Repair,
)
from etabli.components.drawing import Line
from etabli.components.pnp_output import (
    MINIMUM_SUPPLY_V,
    SENSOR_MODES,
    SENSOR_PORTS,
    add_pnp_stage,
    output_siemens,
    sensor_channels,
    sensor_senses,
    sensor_symbol,
)
from etabli.physics.expression import less, maximum, select
from etabli.physics.law import Stage, sampled
from etabli.physics.text import Text


@sampled(
    reads=("target", "plus", "minus"),
    parameters=(
        "sensitivity",
        "gain",
        "background",
        "threshold",
        "minimum_v",
        "off",
        "on",
        "dead",
        "stuck_on",
        "output_open",
    ),
    memory=("led", "powered", "signal"),
    writes=("conductance",),
    stage=Stage.SENSE,
)
def presence_logic(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Detection with 10 % hysteresis: ``sensitivity * gain * target + background`` against ``threshold``.

    ``target`` (0…1) is how much of the object faces the sensor; ``sensitivity`` the adjusted one, ``gain`` what
    alignment and a clean face leave of it, ``background`` what it sees without object. The LED shows the detection;
    the output transistor (``off``/``on`` S) follows unless ``output_open``. Needs ``minimum_v`` between + and 0 V.
    """
    powered = less(p.minimum_v, r.plus - r.minus) * less(p.dead, 0.5)
    signal = p.sensitivity * p.gain * r.target + p.background
    seen = less(select(m.led, 0.9 * p.threshold, p.threshold), signal)
    led = powered * maximum(seen, less(0.5, p.stuck_on))
    return {
        "led": led,
        "powered": powered,
        "signal": signal,
        "conductance": select(led * less(p.output_open, 0.5), p.on, p.off),
    }


def build_presence_sensor(b: Builder, supply_a: float, sensitivity: float) -> None:
    """The network of a sensor that detects its link ``target`` (0…1)."""
    add_pnp_stage(b, supply_a)
    off, on = output_siemens()
    b.sample(
        "logic",
        presence_logic,
        {"target": b.link("target"), "plus": b.across("BN"), "minus": b.across("BU")},
        {
            "sensitivity": sensitivity,
            "gain": 1.0,
            "background": 0.0,
            "threshold": 0.5,
            "minimum_v": MINIMUM_SUPPLY_V,
            "off": off,
            "on": on,
            "dead": 0.0,
            "stuck_on": 0.0,
            "output_open": 0.0,
        },
        {"conductance": b.parameter("output", "conductance")},
    )


def _build(b: Builder, p: Parameters) -> None:
    build_presence_sensor(b, p["supply_a"], 1.0)


COMPONENT = Component(
    family="proximity_sensor",
    letter="B",
    text=Text("détecteur inductif", "inductive proximity sensor"),
    sheet=Text(
        "Détecteur inductif M18 PNP à fermeture, portée 8 mm, 10–30 V, 10 mA à vide, chute 1,2 V, 200 mA. "
        "Brun +, noir sortie, bleu 0 V. LED verte : alimenté ; LED jaune : objet détecté. "
        "Valeurs : fiche EN 60947-5-2 de détecteur M18.",
        "Inductive sensor M18 PNP normally open, range 8 mm, 10–30 V, 10 mA no load, drop 1.2 V, 200 mA. "
        "Brown +, black output, blue 0 V. Green LED: powered; yellow LED: object detected. "
        "Values: EN 60947-5-2 sheet of an M18 sensor.",
    ),
    parameters=(Parameter("supply_a", Text("courant propre", "own current"), "A", 0.010, 0.001, 0.05),),
    ports=SENSOR_PORTS,
    build=_build,
    links=("target",),
    failure_modes=(
        *SENSOR_MODES,
        FailureMode(
            "out_of_range",
            Text("capteur desserré, reculé hors de portée", "sensor worked loose, out of range"),
            (Effect("logic.gain", 0.2),),
            repair=Repair.ADJUST,
            onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            rate=1.0,
            degrees=(0.75, 1.0),
            visible=Text("Le contre-écrou du capteur est desserré.", "The lock nut of the sensor is loose."),
        ),
        FailureMode(
            "swarf",
            Text("copeaux collés sur la face : détection permanente", "swarf on the face: always detects"),
            (Effect("logic.background", 0.9),),
            repair=Repair.CLEAN,
            onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            rate=0.7,
            degrees=(0.65, 1.0),
            visible=Text("Des copeaux sont collés sur la face du capteur.", "Swarf sticks to the sensor face."),
        ),
    ),
    channels=lambda tag, p: sensor_channels(tag),
    senses=lambda tag, p, read: sensor_senses(tag, read),
    symbols={"main": sensor_symbol((Line(((1.6, 3.6), (2.8, 3.6))), Line(((1.6, 3.9), (2.8, 3.9)))))},
)
