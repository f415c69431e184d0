"""Thermostat in the oil: 11-14 made above its setting (a fan), 11-12 opened (an alarm)."""

from __future__ import annotations

from etabli.components.component import (
    Builder,
    Component,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Port,
    Read,
    Repair,
    Sense,
)
from etabli.components.drawing import Label, Line, Rectangle
from etabli.components.hydraulic.oil_snap import CONTACT_MODES, add_oil_snap, contact_with, tripped_channel
from etabli.physics.law import Domain
from etabli.physics.network import MemoryRef
from etabli.physics.text import Text

_BULB = (Rectangle(0.2, 1.3, 1.4, 1.4), Label(0.9, 2.0, "θ", 0.9), Line(((1.6, 2), (2.4, 2)), "dashed"))


def _build(b: Builder, p: Parameters) -> None:
    add_oil_snap(b, b.link("temperature"), float(p["setting_c"]), float(p["differential_k"]))


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.snap", "position")) > 0.5:
        return (Perception(Sense.LOOK, Text("L'index du thermostat est basculé.", "The thermostat has tripped.")),)
    return (Perception(Sense.LOOK, Text("L'index du thermostat est au repos.", "The thermostat is at rest.")),)


COMPONENT = Component(
    family="oil_thermostat",
    letter="B",
    text=Text("thermostat d'huile", "oil thermostat"),
    sheet=Text(
        "Thermostat à bulbe plongé dans l'huile, réglable de 20 à 90 °C, hystérésis 5 K, contact inverseur 11-12-14. "
        "Valeurs : fiche de thermostat de réservoir.",
        "Bulb thermostat in the oil, adjustable from 20 to 90 °C, hysteresis 5 K, change-over 11-12-14. Values: "
        "sheet of a "
        "tank thermostat.",
    ),
    parameters=(
        Parameter("setting_c", Text("seuil", "set point"), "°C", 60.0, 10.0, 100.0, adjustable=True),
        Parameter("differential_k", Text("hystérésis", "hysteresis"), "K", 5.0, 0.5, 20.0),
    ),
    ports=tuple(Port(n, Domain.DC) for n in ("11", "12", "14")),
    build=_build,
    links=("temperature",),
    failure_modes=(
        FailureMode(
            "set_low",
            Text("thermostat réglé trop bas", "thermostat set too low"),
            (Effect("snap.set_point", 15.0),),
            Repair.ADJUST,
            degrees=(0.9, 1.0),
        ),
        FailureMode(
            "bulb_lost",
            Text("bulbe vide : ne bascule plus", "bulb empty: no longer trips"),
            (Effect("snap.dead", 1.0),),
            rate=0.6,
        ),
        FailureMode(
            "stuck_on",
            Text("contact resté basculé", "contact stays tripped"),
            (Effect("snap.stuck_on", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            rate=0.6,
        ),
        *CONTACT_MODES,
    ),
    channels=lambda tag, p: (tripped_channel(tag, Text("contact basculé", "contact tripped")),),
    senses=_senses,
    symbols={"contact_11": contact_with(_BULB)},
    adjusts={"setting_c": "snap.set_point"},
)
