"""Cylinder sensor clamped in the groove: sees the magnet of the piston: PNP, NPN or two wires."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Effect, FailureMode, Onset, Parameter, Parameters, Repair
from etabli.components.curve import STATE, Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Rectangle
from etabli.components.electrical.sensor_output import (
    DETECTOR_MEMORY,
    DETECTOR_PARAMETERS,
    DETECTOR_READS,
    add_sensor,
    powered,
    shown,
    switching_sensor,
)
from etabli.physics.expression import absolute, less, select
from etabli.physics.law import Stage, sampled
from etabli.physics.text import Text


@sampled(
    reads=DETECTOR_READS,
    parameters=("at_m", "shift_m", "width_m", "weak", *DETECTOR_PARAMETERS),
    memory=DETECTOR_MEMORY,
    writes=("conductance",),
    stage=Stage.SENSE,
)
def magnet_logic(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Detects a magnet at ``target`` (m) within ``width_m`` of the sensor at ``at_m + shift_m``; 1 mm hysteresis.

    ``shift_m`` is how far the sensor slid along its groove, ``weak`` (0…1) the share of the field that is lost.
    Source: switching range and hysteresis of sensors for T-slots.
    """
    live = powered(r, p)
    reach = p.width_m * (1.0 - p.weak) + select(m.led, 1e-3, 0.0) - 2e-3 * p.weak
    near = less(absolute(r.target - p.at_m - p.shift_m), reach)
    return shown(p, live, near)


explain(
    magnet_logic,
    Text(
        "Capteur magnétique : détecte l'aimant du piston dans une fenêtre autour de sa place, 1 mm d'hystérésis. "
        "Source : fiches de capteurs pour rainure en T.",
        "Magnetic sensor: detects the piston's magnet in a window about its place, 1 mm of hysteresis. Source: sheets "
        "of sensors for T-slots.",
    ),
    Curve(
        Text("sortie selon la position du piston", "output against piston position"),
        Axis(Text("position de l'aimant par rapport au réglage", "magnet position from the setting"), "mm"),
        STATE,
        sweep(
            -30.0,
            30.0,
            lambda d, x: d.step(target=d.sound.p.at_m + 1e-3 * x, plus=24.0)["led"],
            121,
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    detection = {"at_m": p["at_m"], "shift_m": 0.0, "width_m": p["width_m"], "weak": 0.0}
    add_sensor(b, p, magnet_logic, detection)


COMPONENT = switching_sensor(
    "reed_sensor",
    Text("détecteur de vérin", "cylinder sensor"),
    Text(
        "Détecteur magnétique de vérin en rainure, PNP 3 fils, plage d'enclenchement ± 6 mm, 8 mA, chute 1,2 V. Brun "
        "+, noir sortie, bleu 0 V ; LED jaune : piston présent. Position réglable dans la rainure. "
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
    build=_build,
    failure_modes=(
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
    marks=(Rectangle(1.5, 3.6, 1.4, 0.7), Line(((2.2, 3.6), (2.2, 4.3)))),
    adjusts={"at_m": "logic.at_m"},
)
