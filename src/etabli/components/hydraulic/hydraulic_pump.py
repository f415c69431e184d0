"""External gear pump of fixed displacement."""

from __future__ import annotations

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
)
from etabli.components.drawing import Line, Pin, Symbol
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.hydraulic_symbols import pump_circle, turning_shaft
from etabli.components.hydraulic.oil import FREE_AIR, HYDRAULIC_W, add_oil_volume, add_orifice, follow_oil
from etabli.components.hydraulic.pump_parts import DRIVE_MODES, RADIAN, both_ways, filling, loss_torque, pump_sound
from etabli.components.hydraulic.warmth import add_warmth, warmth_perception
from etabli.components.mechanical.inertia import rotating_mass
from etabli.physics.law import Domain, law
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.text import Text


@law(
    terminals={"S": Domain.HYDRAULIC, "P": Domain.HYDRAULIC, "shaft": Domain.ROTATION},
    parameters=(
        "displacement",
        "slip",
        "viscosity",
        "air",
        "ingested",
        "dry",
        "pressure_friction",
        "drag",
        "driven",
    ),
    states=("flow", "power", "loss", "filling"),
    friction=("shaft",),
)
def fixed_pump(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Fixed displacement (cm³/rev): ``Q = filling D n - slip dp / viscosity``, torque ``filling D dp / 2 pi`` + losses.

    slip in cm³/s per bar at 46 mm²/s through the clearances back to the suction (Wilson's model; Merritt, chapter 4),
    losses in :func:`loss_torque`, filling in :func:`filling` (``air`` of the oil plus ``ingested`` at a bad seal).
    ``driven`` 0: the key is gone. States: flow cm³/s out of P, power W taken from the shaft, loss W, filling 0…1.
    """
    per_radian = p.displacement * RADIAN * p.driven
    air = p.air + p.ingested
    share = both_ways(filling(v.S, air), filling(v.P, air), v.shaft)
    drop = v.P - v.S
    flow = share * per_radian * v.shaft - p.slip / p.viscosity * drop
    torque = HYDRAULIC_W * share * per_radian * drop + p.driven * loss_torque(v.shaft, drop, per_radian, p)
    power = torque * v.shaft
    return {"S": flow, "P": -flow, "shaft": torque}, {
        "flow": flow,
        "power": power,
        "loss": power - HYDRAULIC_W * flow * drop,
        "filling": share,
    }


def _build(b: Builder, p: Parameters) -> None:
    per_rev = float(p["displacement_cm3"])
    add_oil_volume(b, "S", 20.0)
    add_oil_volume(b, "chamber", per_rev)
    add_oil_volume(b, "P", 15.0)
    add_orifice(b, "inlet", "S", "chamber", 60.0 * per_rev)
    b.device(
        "pump",
        fixed_pump,
        {"S": "chamber", "P": "P", "shaft": "shaft"},
        {
            "displacement": per_rev,
            "slip": float(p["slip_cm3_s_bar"]),
            "viscosity": 1.0,
            "air": FREE_AIR,
            "ingested": 0.0,
            "dry": 0.02 * per_rev,
            "pressure_friction": 0.06,
            "drag": 2e-4 * per_rev,
            "driven": 1.0,
        },
    )
    b.device("rotor", rotating_mass, {"w": "shaft"}, {"inertia": p["inertia_kg_m2"]})
    follow_oil(b, viscosity=(("pump", "viscosity"),), air=(("pump", "air"),))
    add_external_leak(b, "leak", "P")
    add_warmth(b, b.state("pump", "loss"), 0.02)


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("speed", NodeRef(f"{tag}:shaft"), 0.0, 157.0, seen=True, text=Text("vitesse", "speed")),
        Channel("flow", StateRef(f"{tag}.pump", "flow"), 0.0, float(p["displacement_cm3"]) * 25.0),
        Channel("pressure", NodeRef(f"{tag}:P"), 0.0, 250.0),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    return (
        pump_sound(tag, read),
        warmth_perception(read, tag),
        *leak_perceptions(
            read,
            tag,
            "leak",
            f"{tag}:P",
            Text("au joint de refoulement de la pompe", "at the pressure flange of the pump"),
        ),
    )


def _symbol() -> Symbol:
    shapes = (
        Line(((4, 0), (4, 1.5))),
        *pump_circle(4, 4),
        Line(((4, 6.5), (4, 8))),
        *turning_shaft(6.5, 4, 8),
    )
    return Symbol(8, 8, shapes, (Pin("P", 4, 0, "n"), Pin("S", 4, 8, "s"), Pin("shaft", 8, 4, "e", label=False)))


COMPONENT = Component(
    family="hydraulic_pump",
    letter="P",
    text=Text("pompe hydraulique à engrenages", "hydraulic gear pump"),
    sheet=Text(
        "Pompe à engrenages externes à cylindrée fixe. Débit = cylindrée × vitesse, moins les fuites internes qui "
        "croissent avec la pression, l'usure et l'huile chaude. Aspiration mini -0,3 bar relatif : en dessous elle "
        "cavite. Valeurs : fiche de pompe 16 cm³/tr, 250 bar, 1450 tr/min (rendement volumétrique 95 % à 200 bar, "
        "46 mm²/s).",
        "External gear pump of fixed displacement. Flow = displacement × speed, less the internal leakage, which grows "
        "with pressure, wear and hot oil. Suction -0.3 bar gauge at least: below that it cavitates. Values: sheet of a "
        "16 cm³/rev pump, 250 bar, 1450 rpm (volumetric efficiency 95 % at 200 bar, 46 mm²/s).",
    ),
    parameters=(
        Parameter("displacement_cm3", Text("cylindrée", "displacement"), "cm³/tr", 16.0, 0.5, 200.0),
        Parameter(
            "slip_cm3_s_bar",
            Text("fuite interne par bar (46 mm²/s)", "internal leakage per bar (46 mm²/s)"),
            "cm³/(s·bar)",
            0.1,
            0.001,
            5.0,
        ),
        Parameter("inertia_kg_m2", Text("moment d'inertie", "moment of inertia"), "kg·m²", 0.0008, 1e-5, 1.0),
    ),
    ports=(Port("S", Domain.HYDRAULIC), Port("P", Domain.HYDRAULIC), Port("shaft", Domain.ROTATION)),
    build=_build,
    failure_modes=(
        FailureMode(
            "worn",
            Text("pompe usée (fuites internes)", "worn pump (internal leakage)"),
            (Effect("pump.slip", 40.0, relative=True, logarithmic=True),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=2.0,
            degrees=(0.5, 1.0),
        ),
        *DRIVE_MODES,
        external_leak_mode(
            "leak",
            Text("joint de refoulement de la pompe coupé", "seal of the pressure flange of the pump cut"),
            "leak",
            0.3,
            Repair.REPLACE,
        ),
    ),
    channels=_channels,
    signals={
        "power": lambda tag, p: StateRef(f"{tag}.pump", "power"),
        "flow": lambda tag, p: StateRef(f"{tag}.pump", "flow"),
        "speed": lambda tag, p: NodeRef(f"{tag}:shaft"),
    },
    optional_links=("viscosity", "air"),
    senses=_senses,
    symbols={"main": _symbol()},
)
