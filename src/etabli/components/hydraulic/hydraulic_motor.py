"""Hydraulic motor of fixed displacement, two senses of rotation, with a case drain."""

from __future__ import annotations

import math
from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
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
    Swap,
)
from etabli.components.curve import DROP, L_MIN, OIL_FLOW, RPM, TORQUE, Curve, explain, sweep
from etabli.components.drawing import Circle, Line, Pin, Symbol
from etabli.components.hydraulic.external_leak import leak_perceptions
from etabli.components.hydraulic.hydraulic_symbols import energy_triangle
from etabli.components.hydraulic.oil import HYDRAULIC_W, follow_oil
from etabli.components.hydraulic.valve_parts import add_ports, body_leak_mode
from etabli.components.mechanical.bearing import add_shaft, bearing_modes, shaft_senses, shaft_spot
from etabli.physics.expression import sqrt
from etabli.physics.law import Domain, law
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.text import Text

_OF_IT = Text("du moteur hydraulique", "of the hydraulic motor")
_CREEP_RAD_S = 0.5
_DROP_ROUNDING_BAR = 1.0


@law(
    terminals={
        "a": Domain.HYDRAULIC,
        "b": Domain.HYDRAULIC,
        "l": Domain.HYDRAULIC,
        "w": Domain.ROTATION,
    },
    parameters=("displacement", "drive", "gap", "case_gap", "viscosity", "torque_loss"),
    states=("flow", "power"),
)
def oil_motor(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Displacement machine with laminar leaks and a torque loss that grows with pressure (Wilson's model, 1946).

    ``displacement`` in cm³/rad, ``drive`` 0…1 what of the shaft is still joined to the rotor. Oil ``D w`` goes from a
    to b and turns the shaft with ``D (pa - pb)`` (1 bar·cm³ = 0.1 J): skew-symmetric, no energy made or lost. ``gap``
    from a to b and ``case_gap`` from each port to the case l, cm³/s per bar at 46 mm²/s; ``viscosity`` relative;
    ``torque_loss`` the share of the torque that friction takes. States: oil into a in cm³/s, shaft power in W.
    """
    d = p.displacement * p.drive
    drop = v.a - v.b
    swept = d * v.w
    across = p.gap / p.viscosity * drop
    case_a, case_b = p.case_gap / p.viscosity * (v.a - v.l), p.case_gap / p.viscosity * (v.b - v.l)
    turning = v.w / sqrt(v.w * v.w + _CREEP_RAD_S * _CREEP_RAD_S)
    rubbing = p.torque_loss * (sqrt(drop * drop + _DROP_ROUNDING_BAR * _DROP_ROUNDING_BAR) - _DROP_ROUNDING_BAR)
    torque = HYDRAULIC_W * d * (drop - rubbing * turning)
    flow = swept + across + case_a
    flows = {"a": flow, "b": case_b - swept - across, "l": -case_a - case_b, "w": -torque}
    return flows, {"flow": flow, "power": torque * v.w}


explain(
    oil_motor,
    Text(
        "Moteur hydraulique : débit D Ω, couple D Δp, moins les fuites laminaires et un frottement proportionnel à la "
        "pression (modèle de Wilson, 1946).",
        "Hydraulic motor: flow D Ω, torque D Δp, less laminar leaks and a friction in proportion to pressure (Wilson's "
        "model, 1946).",
    ),
    Curve(
        Text("couple à l'arbre selon Δp, à 1 000 tr/min", "shaft torque against Δp, at 1000 rpm"),
        DROP,
        TORQUE,
        sweep(0.0, 200.0, lambda d, x: -d.flow("w", a=x, w=1000.0 / RPM), 21),
    ),
    Curve(
        Text("débit absorbé selon Δp, à 1 000 tr/min", "flow taken against Δp, at 1000 rpm"),
        DROP,
        OIL_FLOW,
        sweep(0.0, 200.0, lambda d, x: d.flow("a", a=x, w=1000.0 / RPM) * L_MIN, 21),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    per_rad = float(p["displacement_cm3"]) / (2.0 * math.pi)
    add_ports(b, "A", "B", "L", leak_at="L", volume_cm3=max(5.0, 0.5 * float(p["displacement_cm3"])))
    b.device(
        "rotor",
        oil_motor,
        {"a": "A", "b": "B", "l": "L", "w": "shaft"},
        {
            "displacement": per_rad,
            "drive": 1.0,
            "gap": p["gap"],
            "case_gap": 0.5 * float(p["gap"]),
            "viscosity": 1.0,
            "torque_loss": 1.0 - float(p["mechanical_efficiency"]),
        },
    )
    # Seals and bearings at no load: about 2 bar; churning of oil: 4 bar at 3000 rev/min.
    torque_per_bar = HYDRAULIC_W * per_rad
    add_shaft(b, "shaft", "rotor", float(p["inertia"]), 2.0 * torque_per_bar, 4.0 * torque_per_bar / 314.0)
    volumes = tuple((f"volume_{port}", "air") for port in ("A", "B", "L"))
    follow_oil(b, viscosity=(("rotor", "viscosity"),), air=volumes)


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed = read(NodeRef(f"{tag}:shaft"))
    if abs(speed) < 0.5:
        turning = Text("L'arbre ne tourne pas.", "The shaft does not turn.")
    else:
        turning = Text("L'arbre tourne.", "The shaft turns.")
    healthy = 2.0 * HYDRAULIC_W * float(p["displacement_cm3"]) / (2.0 * math.pi)
    where = Text("du moteur hydraulique", "of the hydraulic motor")
    return (
        Perception(Sense.LOOK, turning),
        *shaft_senses(tag, "rotor", f"{tag}:shaft", healthy, read, where),
        *leak_perceptions(read, tag, "leak", f"{tag}:L", Text("au moteur hydraulique", "at the hydraulic motor")),
    )


def _symbol() -> Symbol:
    r = 3.0
    return Symbol(
        10,
        10,
        (
            Circle(5, 5, r),
            energy_triangle((5, 3.2), "s"),
            energy_triangle((5, 6.8), "n"),
            Line(((5, 0), (5, 2))),
            Line(((5, 8), (5, 10))),
            Line(((0, 5), (2, 5)), "dashed"),
            Line(((8, 4.7), (10, 4.7))),
            Line(((8, 5.3), (10, 5.3))),
        ),
        (Pin("A", 5, 0, "n"), Pin("B", 5, 10, "s"), Pin("L", 0, 5, "w"), Pin("shaft", 10, 5, "e", label=False)),
    )


COMPONENT = Component(
    family="hydraulic_motor",
    letter="M",
    text=Text("moteur hydraulique", "hydraulic motor"),
    sheet=Text(
        "L'huile de A vers B fait tourner l'arbre : vitesse = débit / cylindrée, couple = pression × cylindrée / 2π. "
        "Les fuites internes sortent par le drain L, à relier au réservoir. Valeurs : fiche de moteur orbital "
        "100 cm³/tr, 175 bar, rendement mécanique 0,9.",
        "Oil from A to B turns the shaft: speed = flow / displacement, torque = pressure × displacement / 2π. Internal "
        "leaks leave by the drain L, to be joined to the tank. Values: data sheet of a 100 cm³/rev orbital motor, 175 "
        "bar, mechanical efficiency 0.9.",
    ),
    parameters=(
        Parameter("displacement_cm3", Text("cylindrée", "displacement"), "cm³/tr", 100.0, 1.0, 5000.0),
        Parameter("inertia", Text("inertie du rotor", "inertia of the rotor"), "kg·m²", 0.01, 1e-5, 100.0),
        Parameter(
            "gap",
            Text("fuite interne à 46 mm²/s", "internal leak at 46 mm²/s"),
            "cm³/(s·bar)",
            0.08,
            1e-4,
            10.0,
        ),
        Parameter("mechanical_efficiency", Text("rendement mécanique", "mechanical efficiency"), "", 0.9, 0.3, 1.0),
    ),
    ports=(*(Port(name, Domain.HYDRAULIC) for name in ("A", "B", "L")), Port("shaft", Domain.ROTATION)),
    build=_build,
    failure_modes=(
        FailureMode(
            "worn",
            Text("moteur usé : fuites internes", "worn motor: internal leaks"),
            (
                Effect("rotor.gap", 60.0, relative=True, logarithmic=True),
                Effect("rotor.case_gap", 60.0, relative=True, logarithmic=True),
            ),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.5,
            degrees=(0.75, 1.0),
        ),
        FailureMode(
            "shaft_broken",
            Text(
                "clavette cisaillée : l'huile passe sans tourner l'arbre", "sheared key: oil passes, the shaft stands"
            ),
            (Effect("rotor.drive", 0.0), Effect("rotor.gap", 3.0)),
            rate=0.4,
        ),
        FailureMode(
            "rubbing",
            Text("rotor qui frotte : couple faible", "rubbing rotor: weak torque"),
            (Effect("rotor.torque_loss", 0.9),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.7,
            degrees=(0.3, 1.0),
        ),
        FailureMode(
            "hoses_crossed",
            Text("flexibles A et B du moteur croisés", "hoses A and B of the motor crossed"),
            (Swap("A", "B"),),
            Repair.RECONNECT,
            rate=0.7,
        ),
        *bearing_modes("rotor", 8.0, 150.0, _OF_IT),
        body_leak_mode(_OF_IT),
    ),
    channels=lambda tag, p: (
        Channel("speed", NodeRef(f"{tag}:shaft"), 0.0, 100.0, seen=True, text=Text("arbre", "shaft")),
        Channel("flow", StateRef(f"{tag}.rotor", "flow"), 0.0, 1000.0),
    ),
    signals={
        "speed": lambda tag, p: NodeRef(f"{tag}:shaft"),
        "flow": lambda tag, p: StateRef(f"{tag}.rotor", "flow"),
        "work": lambda tag, p: StateRef(f"{tag}.rotor", "power"),
    },
    optional_links=("viscosity", "air"),
    senses=_senses,
    spots=lambda tag, p: (shaft_spot(tag, "rotor", f"{tag}:shaft", _OF_IT),),
    symbols={"main": _symbol()},
)
