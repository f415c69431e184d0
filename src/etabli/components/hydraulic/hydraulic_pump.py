"""External gear pump of fixed displacement."""

from __future__ import annotations

from typing import Any

from etabli.components.component import (
    Builder,
    Channel,
    Component,
    Parameter,
    Parameters,
    Port,
)
from etabli.components.curve import BAR, L_MIN, OIL_FLOW, RPM, Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Pin, Symbol
from etabli.components.hydraulic.hydraulic_symbols import pump_circle, turning_shaft
from etabli.components.hydraulic.oil import HYDRAULIC_W
from etabli.components.hydraulic.pump_parts import (
    OPTIONAL_LINKS,
    PUMP_MODES,
    RADIAN,
    SIGNALS,
    add_pump,
    both_ways,
    filling,
    inertia_parameter,
    loss_torque,
    pump_senses,
    pump_spots,
    slip_parameter,
    speed_channel,
    worn_mode,
)
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


explain(
    fixed_pump,
    Text(
        "Pompe à cylindrée fixe : Q = remplissage × D n − fuite × Δp / viscosité ; couple D Δp / 2π plus pertes. "
        "Source : modèle de Wilson ; Merritt, chapitre 4.",
        "Fixed pump: Q = filling × D n − slip × Δp / viscosity; torque D Δp / 2π plus losses. Source: Wilson's model; "
        "Merritt, chapter 4.",
    ),
    Curve(
        Text("débit selon la pression, à 1 450 tr/min", "flow against pressure, at 1450 rpm"),
        BAR,
        OIL_FLOW,
        sweep(0.0, 250.0, lambda d, x: -d.flow("P", P=x, shaft=1450.0 / RPM) * L_MIN, 26),
    ),
    Curve(
        Text("puissance à l'arbre selon la pression, à 1 450 tr/min", "shaft power against pressure, at 1450 rpm"),
        BAR,
        Axis(Text("puissance", "power"), "kW"),
        sweep(0.0, 250.0, lambda d, x: d.flow("shaft", P=x, shaft=1450.0 / RPM) * 1450.0 / RPM * 1e-3, 26),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_pump(b, p, fixed_pump, suction_cm3=20.0, pressure_cm3=15.0, pressure_friction=0.06)


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        speed_channel(tag),
        Channel("flow", StateRef(f"{tag}.pump", "flow"), 0.0, float(p["displacement_cm3"]) * 25.0),
        Channel("pressure", NodeRef(f"{tag}:P"), 0.0, 250.0),
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
    purpose="G",
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
        slip_parameter(0.1),
        inertia_parameter(0.0008),
    ),
    ports=(Port("S", Domain.HYDRAULIC), Port("P", Domain.HYDRAULIC), Port("shaft", Domain.ROTATION)),
    build=_build,
    failure_modes=(
        worn_mode(Text("pompe usée (fuites internes)", "worn pump (internal leakage)")),
        *PUMP_MODES,
    ),
    channels=_channels,
    signals=SIGNALS,
    optional_links=OPTIONAL_LINKS,
    senses=pump_senses,
    spots=pump_spots,
    symbols={"main": _symbol()},
)
