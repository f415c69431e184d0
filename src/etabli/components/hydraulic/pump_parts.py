"""What the pumps share: filling of the chambers, losses, and what is heard."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Effect, FailureMode, Onset, Perception, Read, Repair, Sense
from etabli.components.hydraulic.oil import ATMOSPHERE_BAR, CAVITATION_BAR, HYDRAULIC_W, ramp
from etabli.components.mechanical.friction import ROTATION_CREEP
from etabli.physics.expression import maximum, sqrt
from etabli.physics.network import NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

RADIAN = 1.0 / (2.0 * 3.141592653589793)
"""Revolutions in a radian."""

_EMPTY_BAR = -1.0
_FILLING_BAND_BAR = 0.15
_REVERSAL_RAD_S = 1.0

RUNNING_RAD_S = 10.0
NOISY_FILLING = 0.97


def filling(inlet: Any, air: Any) -> Any:
    """Share of a chamber that liquid fills at the pressure ``inlet`` (bar gauge); ``air`` is the free-air share.

    The bubbles have swollen to the inlet pressure (Boyle), and below about -0.85 bar gauge vapour takes the rest: that
    is cavitation, the flow no longer follows the speed (suction limits of pump data sheets).
    """
    absolute_bar = maximum(inlet, CAVITATION_BAR) + ATMOSPHERE_BAR
    bubbles = 1.0 / (1.0 + air * ATMOSPHERE_BAR / absolute_bar)
    return bubbles * ramp((inlet - _EMPTY_BAR) / _FILLING_BAND_BAR, 0.2)


def both_ways(first: Any, second: Any, speed: Any) -> Any:
    """Filling of a pump that draws from ``first`` when it turns forwards, from ``second`` backwards."""
    forwards = 0.5 * (1.0 + speed / sqrt(speed * speed + _REVERSAL_RAD_S * _REVERSAL_RAD_S))
    return second + (first - second) * forwards


def loss_torque(speed: Any, drop: Any, per_radian: Any, p: Any) -> Any:
    """Torque lost in N·m: Coulomb ``p.dry`` (N·m), the share ``p.pressure_friction`` of the theoretical torque, and
    ``p.drag`` (N·m·s/rad at 46 mm²/s) in the oil (Wilson's model; Merritt, chapter 4)."""
    theoretical = HYDRAULIC_W * per_radian * sqrt(drop * drop + 1.0)
    dry = p.dry + p.pressure_friction * theoretical
    return dry * speed / sqrt(speed * speed + ROTATION_CREEP * ROTATION_CREEP) + p.drag * p.viscosity * speed


def pump_sound(tag: str, read: Read) -> Perception:
    """What the ear finds at a pump whose device is ``pump``."""
    if abs(read(NodeRef(f"{tag}:shaft"))) < RUNNING_RAD_S:
        return Perception(Sense.LISTEN, Text("La pompe est silencieuse.", "The pump is silent."))
    inlet = read(NodeRef(f"{tag}.chamber"))
    if read(StateRef(f"{tag}.pump", "filling")) < NOISY_FILLING and inlet < -0.5:
        return Perception(
            Sense.LISTEN,
            Text(
                "La pompe crépite comme si elle brassait du gravier.", "The pump rattles as if it were stirring gravel."
            ),
        )
    air = read(ParameterRef(f"{tag}.pump", "air")) + read(ParameterRef(f"{tag}.pump", "ingested"))
    if air > 0.02:
        return Perception(
            Sense.LISTEN,
            Text("La pompe siffle et claque de façon irrégulière.", "The pump whines and knocks irregularly."),
        )
    if read(NodeRef(f"{tag}:P")) > 40.0:
        return Perception(
            Sense.LISTEN, Text("La pompe débite en charge : son plein.", "The pump works under load: a full sound.")
        )
    return Perception(Sense.LISTEN, Text("La pompe ronronne à vide.", "The pump purrs without load."))


DRIVE_MODES = (
    FailureMode(
        "air_ingress",
        Text("prise d'air à l'aspiration (joint d'arbre de la pompe)", "air drawn in at the suction (pump shaft seal)"),
        (Effect("pump.ingested", 0.15),),
        onsets=(Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
        rate=1.2,
        degrees=(0.4, 1.0),
        visible=Text(
            "De la mousse perle autour du joint d'arbre de la pompe.", "Foam beads around the shaft seal of the pump."
        ),
    ),
    FailureMode(
        "seized",
        Text("pompe grippée", "pump seized"),
        (Effect("pump.dry", 400.0, relative=True, logarithmic=True),),
        onsets=(Onset.SUDDEN, Onset.GROWING),
        rate=0.4,
        degrees=(0.8, 1.0),
        visible=Text("L'arbre de la pompe ne tourne pas à la main.", "The pump shaft does not turn by hand."),
    ),
    FailureMode(
        "key_sheared",
        Text("clavette de la pompe cisaillée", "pump key sheared"),
        (Effect("pump.driven", 0.0),),
        rate=0.5,
        visible=Text(
            "Sous la lanterne, l'accouplement tourne autour de l'arbre de la pompe.",
            "In the bell housing, the coupling turns around the pump shaft.",
        ),
    ),
    FailureMode(
        "suction_restricted",
        Text("orifice d'aspiration de la pompe obstrué", "suction port of the pump obstructed"),
        (Effect("inlet.opening", 0.02, logarithmic=True),),
        Repair.CLEAN,
        (Onset.SUDDEN, Onset.GROWING),
        0.5,
        (0.85, 1.0),
    ),
)
"""Failure modes of any pump: its device is ``pump``, its suction passage ``inlet``."""
