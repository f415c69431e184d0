"""Axial piston pump with pressure compensator: it gives just the flow that holds the set pressure."""

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
from etabli.components.curve import BAR, L_MIN, OIL_FLOW, RPM, Axis, Curve, explain, sweep
from etabli.components.drawing import Label, Line, Pin, Symbol
from etabli.components.fluid_symbols import adjustable
from etabli.components.hydraulic.external_leak import (
    leak_perceptions_of,
)
from etabli.components.hydraulic.hydraulic_symbols import pump_circle, turning_shaft
from etabli.components.hydraulic.oil import HYDRAULIC_W, ramp
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
from etabli.physics.expression import knee
from etabli.physics.law import Domain, law
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.text import Text

_SENSING_S = 0.02
"""Time constant of the damping orifice of the compensator."""
_LEAD = 0.6
"""Share of a fast change of pressure that the damping orifice adds to what the compensator feels."""
_LIP_K_CM3_S_BAR = 20.0


@law(
    terminals={
        "S": Domain.HYDRAULIC,
        "P": Domain.HYDRAULIC,
        "L": Domain.HYDRAULIC,
        "shaft": Domain.ROTATION,
    },
    parameters=(
        "displacement",
        "setting",
        "band",
        "response",
        "least_stroke",
        "most_stroke",
        "slip",
        "viscosity",
        "air",
        "ingested",
        "dry",
        "pressure_friction",
        "drag",
        "driven",
    ),
    states=("stroke", "felt", "flow", "power", "loss", "filling", "case"),
    friction=("shaft",),
)
def compensated_pump(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Variable displacement (cm³/rev) under a pressure compensator, with its dynamics.

    The stroke (0…1) goes with the time constant ``response`` (s) to 1 below ``setting`` (bar over the case) and to 0
    ``band`` bar above; the compensator feels the pressure and, through its damping orifice, its change. The leakage
    ``slip`` (cm³/s per bar at 46 mm²/s) goes to the case drain L. Losses and filling as in the fixed pump. Sources:
    Merritt chapter 4; band and response times of data sheets of DR-type axial piston pumps (30 to 60 ms).
    States: stroke, felt (bar), flow cm³/s out of P, power W from the shaft, loss W, filling 0…1, case cm³/s out of L.
    """
    over = v.P - v.L
    felt = (s.felt + ah / _SENSING_S * over) / (1.0 + ah / _SENSING_S)
    excess = over + _LEAD * (over - felt) - p.setting
    wanted = p.least_stroke + (p.most_stroke - p.least_stroke) * (1.0 - ramp(excess / p.band))
    stroke = (s.stroke + ah / p.response * wanted) / (1.0 + ah / p.response)
    per_radian = p.displacement * RADIAN * p.driven
    air = p.air + p.ingested
    share = both_ways(filling(v.S, air), filling(v.P, air), v.shaft)
    drawn = share * stroke * per_radian * v.shaft
    drop = v.P - v.S
    case = p.slip / p.viscosity * over
    torque = HYDRAULIC_W * share * stroke * per_radian * drop
    torque = torque + p.driven * loss_torque(v.shaft, drop, stroke * per_radian, p)
    flow, power = drawn - case, torque * v.shaft
    return {"S": drawn, "P": -flow, "L": -case, "shaft": torque}, {
        "stroke": stroke,
        "felt": felt,
        "flow": flow,
        "power": power,
        "loss": power - HYDRAULIC_W * flow * drop,
        "filling": share,
        "case": case,
    }


explain(
    compensated_pump,
    Text(
        "Pompe à cylindrée variable à régulation de pression : plein débit sous le réglage, cylindrée réduite à zéro "
        "quelques bars plus haut. Source : Merritt, chapitre 4 ; fiches de pompes à pistons à régulateur DR.",
        "Pressure-compensated pump: full stroke below the setting, zero stroke a few bar higher. Source: Merritt, "
        "chapter 4; data sheets of axial piston pumps with a DR regulator.",
    ),
    Curve(
        Text("débit selon la pression, à 1 450 tr/min", "flow against pressure, at 1450 rpm"),
        BAR,
        OIL_FLOW,
        sweep(0.0, lambda d: 1.2 * d.p.setting, lambda d, x: -d.flow("P", P=x, shaft=1450.0 / RPM) * L_MIN, 121),
    ),
)


@law(terminals={"a": Domain.HYDRAULIC}, parameters=("strength", "k"))
def lip_seal(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Lip seal of a shaft: it lets oil out when the case is above ``strength`` (bar; shaft seal sheets: 2 to 3 bar)."""
    return {"a": p.k * knee(v.a - p.strength, 0.2)}, {}


explain(
    lip_seal,
    Text(
        "Joint à lèvre d'arbre : il laisse sortir l'huile quand la pression du carter passe 2 à 3 bar.",
        "Shaft lip seal: it lets oil out when the case pressure passes 2 to 3 bar.",
    ),
    Curve(
        Text("fuite à l'arbre selon la pression du carter", "leak at the shaft against case pressure"),
        BAR,
        Axis(Text("fuite", "leak"), "cm³/s"),
        sweep(0.0, 6.0, lambda d, x: d.flow("a", a=x), 61),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_pump(
        b,
        p,
        compensated_pump,
        suction_cm3=30.0,
        pressure_cm3=40.0,
        pressure_friction=0.04,
        drain="L",
        drain_cm3=500.0,
        regulation={
            "setting": p["setting_bar"],
            "band": p["band_bar"],
            "response": p["response_s"],
            "least_stroke": 0.0,
            "most_stroke": 1.0,
        },
        initial={"stroke": 1.0},
    )
    b.device("lip", lip_seal, {"a": "L"}, {"strength": 3.0, "k": _LIP_K_CM3_S_BAR})


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        speed_channel(tag),
        Channel("stroke", StateRef(f"{tag}.pump", "stroke")),
        Channel("case_flow", StateRef(f"{tag}.pump", "case"), 0.0, 50.0),
        Channel("pressure", NodeRef(f"{tag}:P"), 0.0, 315.0),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    through_lip = _LIP_K_CM3_S_BAR * max(read(NodeRef(f"{tag}:L")) - 3.0, 0.0)
    lip = leak_perceptions_of(through_lip, Text("au joint d'arbre de la pompe", "at the shaft seal of the pump"))
    return (*pump_senses(tag, p, read), *lip)


def _symbol() -> Symbol:
    shapes = (
        Line(((4, 0), (4, 1.5))),
        *pump_circle(4, 4),
        *adjustable(4, 4, 3.0),
        Line(((4, 6.5), (4, 8))),
        *turning_shaft(6.5, 4, 10),
        Line(((2.2, 5.8), (1, 7), (1, 8)), "dashed"),
        Line(((4, 0.6), (1, 0.6), (1, 1.4)), "dashed"),
        Label(1, 2.0, "p", 0.9),
    )
    pins = (
        Pin("P", 4, 0, "n"),
        Pin("S", 4, 8, "s"),
        Pin("L", 1, 8, "s"),
        Pin("shaft", 10, 4, "e", label=False),
    )
    return Symbol(10, 8, shapes, pins)


COMPONENT = Component(
    family="hydraulic_pump_compensated",
    letter="P",
    purpose="G",
    text=Text("pompe à pistons à régulateur de pression", "pressure-compensated piston pump"),
    sheet=Text(
        "Pompe à pistons axiaux à cylindrée variable. Tant que la pression est sous le tarage, elle débite tout ; au "
        "tarage, le régulateur réduit la cylindrée jusqu'à ne plus fournir que les fuites. Le retour de carter L va "
        "directement au réservoir, sous 2 bar : au-delà de 3 bar le joint d'arbre laisse passer. Un débit de carter "
        "élevé signe l'usure. Valeurs : fiche de pompe 28 cm³/tr, 280 bar, réponse 40 ms.",
        "Axial piston pump of variable displacement. Below the setting it delivers all it can; at the setting, the "
        "compensator cuts the displacement until it only feeds the leakage. The case drain L goes straight to the "
        "tank, below 2 bar: above 3 bar the shaft seal lets oil out. A high case flow tells of wear. Values: sheet "
        "of a "
        "28 cm³/rev pump, 280 bar, response 40 ms.",
    ),
    parameters=(
        Parameter("displacement_cm3", Text("cylindrée maxi", "maximum displacement"), "cm³/tr", 28.0, 1.0, 500.0),
        Parameter(
            "setting_bar",
            Text("tarage du régulateur", "compensator setting"),
            "bar",
            160.0,
            15.0,
            350.0,
            adjustable=True,
        ),
        Parameter("band_bar", Text("plage de régulation", "regulating band"), "bar", 8.0, 2.0, 40.0),
        Parameter("response_s", Text("temps de réponse", "response time"), "s", 0.04, 0.01, 0.5),
        slip_parameter(0.08),
        inertia_parameter(0.002),
    ),
    ports=(
        Port("S", Domain.HYDRAULIC),
        Port("P", Domain.HYDRAULIC),
        Port("L", Domain.HYDRAULIC, "drain"),
        Port("shaft", Domain.ROTATION),
    ),
    build=_build,
    failure_modes=(
        worn_mode(Text("pompe usée (fuites internes vers le carter)", "worn pump (internal leakage to the case)")),
        FailureMode(
            "setting_low",
            Text("régulateur de pression taré trop bas", "compensator set too low"),
            (Effect("pump.setting", 0.35, relative=True),),
            Repair.ADJUST,
            rate=1.0,
            degrees=(0.4, 1.0),
            visible=Text("Le contre-écrou du régulateur est desserré.", "The lock nut of the compensator is loose."),
        ),
        FailureMode(
            "stuck_full",
            Text("plateau bloqué en pleine cylindrée", "swash plate stuck at full stroke"),
            (Effect("pump.least_stroke", 1.0),),
            rate=0.6,
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "stuck_low",
            Text("plateau bloqué près du zéro (débit très faible)", "swash plate stuck near zero (very little flow)"),
            (Effect("pump.most_stroke", 0.04),),
            rate=0.8,
            degrees=(0.7, 1.0),
        ),
        FailureMode(
            "slow_compensator",
            Text("gicleur du régulateur encrassé (réponse lente)", "compensator orifice dirty (slow response)"),
            (Effect("pump.response", 25.0, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            0.5,
            (0.7, 1.0),
        ),
        *PUMP_MODES,
    ),
    channels=_channels,
    signals=SIGNALS,
    optional_links=OPTIONAL_LINKS,
    senses=_senses,
    spots=pump_spots,
    symbols={"main": _symbol()},
    adjusts={"setting_bar": "pump.setting"},
)
