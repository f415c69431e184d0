"""Photoelectric sensor, diffuse with background suppression: PNP, NPN or two wires."""

from __future__ import annotations

from etabli.components.component import Builder, Effect, FailureMode, Onset, Parameter, Parameters, Repair
from etabli.components.drawing import Line
from etabli.components.electrical.sensor_output import add_sensor, presence_logic, presence_parameters, switching_sensor
from etabli.physics.text import Text


def _build(b: Builder, p: Parameters) -> None:
    add_sensor(b, p, presence_logic, presence_parameters(p["sensitivity"]))


COMPONENT = switching_sensor(
    "photoelectric_sensor",
    Text("détecteur photoélectrique", "photoelectric sensor"),
    Text(
        "Détecteur photoélectrique réflex direct, PNP, sensibilité réglable par vis, 10–30 V, 30 mA à vide, chute "
        "1,2 V, 200 mA. Brun +, noir sortie, bleu 0 V. Le réglage 1 voit l'objet avec une marge de 2. "
        "Valeurs : fiche EN 60947-5-2 de détecteur photoélectrique compact.",
        "Diffuse photoelectric sensor, PNP, sensitivity set by a screw, 10–30 V, 30 mA no load, drop 1.2 V, 200 mA. "
        "Brown +, black output, blue 0 V. Setting 1 sees the object with a margin of 2. "
        "Values: EN 60947-5-2 sheet of a compact photoelectric sensor.",
    ),
    parameters=(
        Parameter("supply_a", Text("courant propre", "own current"), "A", 0.030, 0.001, 0.1),
        Parameter("sensitivity", Text("sensibilité", "sensitivity"), "", 1.0, 0.1, 2.0, adjustable=True),
    ),
    build=_build,
    failure_modes=(
        FailureMode(
            "misaligned",
            Text("capteur désaligné", "sensor misaligned"),
            (Effect("logic.gain", 0.15),),
            repair=Repair.ADJUST,
            onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            rate=1.0,
            degrees=(0.7, 1.0),
            visible=Text("Le support du capteur a tourné.", "The bracket of the sensor has turned."),
        ),
        FailureMode(
            "dirty_lens",
            Text("lentille encrassée", "dirty lens"),
            (Effect("logic.gain", 0.1),),
            repair=Repair.CLEAN,
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.2,
            degrees=(0.7, 1.0),
            visible=Text("La lentille est couverte de poussière grasse.", "The lens is covered with greasy dust."),
        ),
        FailureMode(
            "wrong_setting",
            Text("sensibilité mal réglée", "sensitivity wrongly set"),
            (Effect("logic.sensitivity", 0.2),),
            repair=Repair.ADJUST,
            rate=0.8,
            degrees=(0.8, 1.0),
        ),
        FailureMode(
            "sees_background",
            Text("réflexion parasite sur le bâti : détection permanente", "reflection from the frame: always detects"),
            (Effect("logic.background", 0.9),),
            repair=Repair.CLEAN,
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.5,
            degrees=(0.65, 1.0),
            visible=Text(
                "Un ruban brillant est collé en face du capteur.", "A shiny tape sticks in front of the sensor."
            ),
        ),
    ),
    marks=(
        Line(((1.3, 4.6), (2.3, 3.6))),
        Line(((1.9, 3.7), (2.3, 3.6), (2.2, 4.0))),
        Line(((2.1, 4.8), (3.1, 3.8))),
        Line(((2.7, 3.9), (3.1, 3.8), (3.0, 4.2))),
    ),
    adjusts={"sensitivity": "logic.sensitivity"},
)
