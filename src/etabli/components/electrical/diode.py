"""The diode law, for flyback diodes and blocking diodes."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Effect, FailureMode
from etabli.components.curve import CURRENT, VOLTAGE, Curve, explain, sweep
from etabli.physics.expression import knee
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.text import Text

_KNEE_V = 0.05


@law({"anode": Domain.DC, "cathode": Domain.DC}, ("threshold", "conductance", "leak"))
def diode(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Threshold and slope, rounded over 50 mV at the knee, nothing but the leak below. V, S, S.

    Source: piecewise-linear diode of data sheets (V_F at rated current, differential resistance, reverse leakage).
    """
    u = v.anode - v.cathode
    i = p.conductance * knee(u - p.threshold, _KNEE_V) + p.leak * u
    return {"anode": i, "cathode": -i}, {}


explain(
    diode,
    Text(
        "Diode : rien sous le seuil (au courant de fuite près), puis une droite de pente 1 / résistance dynamique. "
        "Source : diode linéarisée des fiches (tension directe, résistance différentielle, fuite inverse).",
        "Diode: nothing below the threshold (but for a leak), then a straight line whose slope is 1 / differential "
        "resistance. Source: piecewise-linear diode of data sheets (forward voltage, resistance, reverse leakage).",
    ),
    Curve(
        Text("courant de la diode de roue libre selon sa tension", "current of the flyback diode against its voltage"),
        VOLTAGE,
        CURRENT,
        sweep(-1.0, 1.0, lambda d, u: d.flow("anode", anode=u), 81),
    ),
)


def add_flyback(builder: Builder, plus: str, minus: str, name: str = "flyback") -> None:
    """Free-wheeling diode in reverse across a coil (1N4007 class: 0.7 V, 50 milliohm)."""
    builder.device(
        name,
        diode,
        {"anode": minus, "cathode": plus},
        {"threshold": 0.7, "conductance": 20.0, "leak": 1e-8},
    )


FLYBACK_SHORTED = FailureMode(
    "diode_short",
    Text("diode de roue libre en court-circuit", "flyback diode shorted"),
    (Effect("flyback.leak", 20.0, logarithmic=True),),
    rate=0.4,
    visible=Text(
        "Le module antiparasite de la bobine est noirci et fendu.", "The coil suppressor module is black and cracked."
    ),
)
