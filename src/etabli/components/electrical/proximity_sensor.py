"""Inductive proximity sensor, PNP, NPN or two-wire, normally open."""

from __future__ import annotations

from etabli.components.component import Builder, Effect, FailureMode, Onset, Parameter, Parameters, Repair
from etabli.components.drawing import Line
from etabli.components.electrical.sensor_output import add_sensor, presence_logic, presence_parameters, switching_sensor
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    add_sensor(b, p, presence_logic, presence_parameters(1.0))


COMPONENT = switching_sensor(
    "proximity_sensor",
    Text("détecteur inductif", "inductive proximity sensor"),
    Text(
        "Détecteur inductif M18 PNP à fermeture, portée 8 mm, 10–30 V, 10 mA à vide, chute 1,2 V, 200 mA. "
        "Brun +, noir sortie, bleu 0 V. LED verte : alimenté ; LED jaune : objet détecté. "
        "Valeurs : fiche EN 60947-5-2 de détecteur M18.",
        "Inductive sensor M18 PNP normally open, range 8 mm, 10–30 V, 10 mA no load, drop 1.2 V, 200 mA. "
        "Brown +, black output, blue 0 V. Green LED: powered; yellow LED: object detected. "
        "Values: EN 60947-5-2 sheet of an M18 sensor.",
    ),
    parameters=(Parameter("supply_a", Text("courant propre", "own current"), "A", 0.010, 0.001, 0.05),),
    build=_build,
    failure_modes=(
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
    marks=(Line(((1.6, 3.6), (2.8, 3.6))), Line(((1.6, 3.9), (2.8, 3.9)))),
)
