"""Cylinder sensor clamped in the groove: sees the magnet of the piston, three-wire PNP."""

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
from etabli.components.drawing import Line, Rectangle
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
from etabli.physics.expression import absolute, less, maximum, select
from etabli.physics.law import Stage, sampled
from etabli.physics.text import Text


@sampled(
    reads=("target", "plus", "minus"),
    parameters=("at_m", "shift_m", "width_m", "weak", "minimum_v", "off", "on", "dead", "stuck_on", "output_open"),
    memory=("led", "powered"),
    writes=("conductance",),
    stage=Stage.SENSE,
)
def magnet_logic(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Detects a magnet at ``target`` (m) within ``width_m`` of the sensor at ``at_m + shift_m``; 1 mm hysteresis.

    ``shift_m`` is how far the sensor slid along its groove, ``weak`` (0…1) the share of the field that is lost.
    """
    powered = less(p.minimum_v, r.plus - r.minus) * less(p.dead, 0.5)
    reach = p.width_m * (1.0 - p.weak) + select(m.led, 1e-3, 0.0) - 2e-3 * p.weak
    near = less(absolute(r.target - p.at_m - p.shift_m), reach)
    led = powered * maximum(near, less(0.5, p.stuck_on))
    return {
        "led": led,
        "powered": powered,
        "conductance": select(led * less(p.output_open, 0.5), p.on, p.off),
    }


def _build(b: Builder, p: Parameters) -> None:
    add_pnp_stage(b, p["supply_a"])
    off, on = output_siemens()
    b.sample(
        "logic",
        magnet_logic,
        {"target": b.link("target"), "plus": b.across("BN"), "minus": b.across("BU")},
        {
            "at_m": p["at_m"],
            "shift_m": 0.0,
            "width_m": p["width_m"],
            "weak": 0.0,
            "minimum_v": MINIMUM_SUPPLY_V,
            "off": off,
            "on": on,
            "dead": 0.0,
            "stuck_on": 0.0,
            "output_open": 0.0,
        },
        {"conductance": b.parameter("output", "conductance")},
    )


COMPONENT = Component(
    family="reed_sensor",
    letter="B",
    text=Text("détecteur de vérin", "cylinder sensor"),
    sheet=Text(
        "Détecteur magnétique de vérin en rainure, PNP 3 fils, plage d'enclenchement ± 6 mm, 8 mA, chute 1,2 "
        "V. Brun +, "
        "noir sortie, bleu 0 V ; LED jaune : piston présent. Position réglable dans la rainure. "
        "Valeurs : fiche de détecteur magnétique pour rainure en T.",
        "Magnetic cylinder sensor for the groove, 3-wire PNP, switching range ± 6 mm, 8 mA, drop 1.2 V. Brown +, black "
        "output, blue 0 V; yellow LED: piston present. Slides along the groove. "
        "Values: sheet of a magnetic sensor for T-slots.",
    ),
    parameters=(
        Parameter(
            "at_m", Text("position sur la course", "position along the stroke"), "m", 0.0, -0.05, 2.0, adjustable=True
        ),
        Parameter("width_m", Text("demi-plage d'enclenchement", "half switching range"), "m", 0.006, 0.001, 0.05),
        Parameter("supply_a", Text("courant propre", "own current"), "A", 0.008, 0.001, 0.05),
    ),
    ports=SENSOR_PORTS,
    build=_build,
    links=("target",),
    failure_modes=(
        *SENSOR_MODES,
        FailureMode(
            "misaligned",
            Text("détecteur glissé dans la rainure", "sensor slid along the groove"),
            (Effect("logic.shift_m", 0.025),),
            repair=Repair.ADJUST,
            onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            rate=1.5,
            degrees=(0.6, 1.0),
            visible=Text("La vis de blocage du détecteur est desserrée.", "The clamping screw of the sensor is loose."),
        ),
        FailureMode(
            "weak_magnet",
            Text("aimant du piston affaibli", "piston magnet weakened"),
            (Effect("logic.weak", 1.0),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.3,
            degrees=(0.9, 1.0),
        ),
    ),
    channels=lambda tag, p: sensor_channels(tag),
    senses=lambda tag, p, read: sensor_senses(tag, read),
    symbols={"main": sensor_symbol((Rectangle(1.5, 3.6, 1.4, 0.7), Line(((2.2, 3.6), (2.2, 4.3)))))},
    adjusts={"at_m": "logic.at_m"},
)
