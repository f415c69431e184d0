"""What the pumps share: filling of the chambers, losses, and what is heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Effect,
    FailureMode,
    Onset,
    Parameter,
    Parameters,
    Perception,
    Read,
    Repair,
    Sense,
    Spot,
)
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.oil import (
    ATMOSPHERE_BAR,
    CAVITATION_BAR,
    FREE_AIR,
    HYDRAULIC_W,
    add_oil_volume,
    add_orifice,
    follow_oil,
    ramp,
)
from etabli.components.hydraulic.warmth import add_warmth, body_spot, warmth_perception
from etabli.components.mechanical.friction import ROTATION_CREEP
from etabli.components.mechanical.inertia import rotating_mass
from etabli.components.mechanical.vibration import add_vibration, housing_vibration_of
from etabli.physics.expression import maximum, sqrt
from etabli.physics.law import Law
from etabli.physics.network import NodeRef, ParameterRef, Ref, StateRef
from etabli.physics.text import Text

RADIAN = 1.0 / (2.0 * 3.141592653589793)
"""Revolutions in a radian."""

_EMPTY_BAR = -1.0
_FILLING_BAND_BAR = 0.15
_REVERSAL_RAD_S = 1.0

OPTIONAL_LINKS = ("viscosity", "air", "temperature", "misalignment")
"""What a pump follows of its oil, and the offset (mm) of its coupling."""

_UNBALANCE_UM = 16.0  # balance grade G 2.5 at 1500 rpm (ISO 21940-11)
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


def add_pump(
    b: Builder,
    p: Parameters,
    law: Law,
    *,
    suction_cm3: float,
    pressure_cm3: float,
    pressure_friction: float,
    drain: str | None = None,
    drain_cm3: float = 0.0,
    regulation: Mapping[str, float] | None = None,
    initial: Mapping[str, float] | None = None,
) -> None:
    """Device ``pump`` of ``law`` between its ports, with oil in them, suction passage, rotor, leak and heat.

    ``regulation`` holds the parameters of a variable pump, ``drain`` the port of its case.
    """
    per_rev = float(p["displacement_cm3"])
    add_oil_volume(b, "S", suction_cm3)
    add_oil_volume(b, "chamber", per_rev)
    add_oil_volume(b, "P", pressure_cm3)
    if drain is not None:
        add_oil_volume(b, drain, drain_cm3)
    add_orifice(b, "inlet", "S", "chamber", 60.0 * per_rev)
    case = {} if drain is None else {drain: drain}
    b.device(
        "pump",
        law,
        {"S": "chamber", "P": "P", **case, "shaft": "shaft"},
        {
            "displacement": per_rev,
            **(regulation or {}),
            "slip": float(p["slip_cm3_s_bar"]),
            "viscosity": 1.0,
            "air": FREE_AIR,
            "ingested": 0.0,
            "dry": 0.02 * per_rev,
            "pressure_friction": pressure_friction,
            "drag": 2e-4 * per_rev,
            "driven": 1.0,
        },
        initial,
    )
    b.device("rotor", rotating_mass, {"w": "shaft"}, {"inertia": p["inertia_kg_m2"]})
    follow_oil(b, viscosity=(("pump", "viscosity"),), air=(("pump", "air"),))
    add_external_leak(b, "leak", "P")
    add_warmth(b, b.state("pump", "loss"), 0.02)
    add_vibration(b, "shaft", _UNBALANCE_UM, 0.1, 0.3, b.linked("misalignment"))


def pump_spots(tag: str, p: Parameters) -> tuple[Spot, ...]:
    """Where the body of a pump is measured."""
    spot = body_spot(tag)
    return (Spot(spot.name, spot.text, spot.celsius, housing_vibration_of(tag, f"{tag}:shaft")),)


def speed_channel(tag: str) -> Channel:
    """The shaft, seen to turn; full scale 1500 rpm."""
    return Channel("speed", NodeRef(f"{tag}:shaft"), 0.0, 157.0, seen=True, text=Text("vitesse", "speed"))


def pump_senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    """Sound, warmth and flange leak of any pump."""
    where = Text("au joint de refoulement de la pompe", "at the pressure flange of the pump")
    leak = leak_perceptions(read, tag, "leak", f"{tag}:P", where)
    return (pump_sound(tag, read), warmth_perception(read, tag), *leak)


def slip_parameter(conductance: float) -> Parameter:
    """Internal leakage of a new pump, cm³/s per bar."""
    what = Text("fuite interne par bar (46 mm²/s)", "internal leakage per bar (46 mm²/s)")
    return Parameter("slip_cm3_s_bar", what, "cm³/(s·bar)", conductance, 0.001, 5.0)


def inertia_parameter(inertia: float) -> Parameter:
    """Moment of inertia of the rotor, kg·m²."""
    return Parameter("inertia_kg_m2", Text("moment d'inertie", "moment of inertia"), "kg·m²", inertia, 1e-5, 1.0)


SIGNALS: Mapping[str, Callable[[str, Parameters], Ref]] = {
    "power": lambda tag, p: StateRef(f"{tag}.pump", "power"),
    "flow": lambda tag, p: StateRef(f"{tag}.pump", "flow"),
    "speed": lambda tag, p: NodeRef(f"{tag}:shaft"),
}


def worn_mode(text: Text) -> FailureMode:
    """Worn clearances: forty times the leakage at degree 1."""
    return FailureMode(
        "worn",
        text,
        (Effect("pump.slip", 40.0, relative=True, logarithmic=True),),
        onsets=(Onset.GROWING, Onset.SUDDEN),
        rate=2.0,
        degrees=(0.5, 1.0),
    )


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


PUMP_MODES = (
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
    external_leak_mode(
        "leak",
        Text("joint de refoulement de la pompe coupé", "seal of the pressure flange of the pump cut"),
        "leak",
        0.3,
    ),
)
"""Failure modes of any pump: its device is ``pump``, its suction passage ``inlet``."""
