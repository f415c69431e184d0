"""Cabinet: the losses inside warm its air; walls, fan and filter carry them out, a thermostat watches."""

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
    Sense,
    Spot,
)
from etabli.components.curve import CELSIUS, VOLTAGE, Axis, Curve, explain, loop, sweep
from etabli.components.drawing import Circle, Label, Line, Pin, Rectangle, Symbol, Turns
from etabli.components.electrical.conductor import OPEN_OHM, dc_pole
from etabli.components.electrical.contact import add_contact, contact_not_closing, contact_resistive, contact_welded
from etabli.components.electrical.electrical_symbols import contact_symbol
from etabli.components.thermal.heat import add_losses, heat_store, heat_to_air, warmth
from etabli.physics.expression import clamp, less, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef, NodeRef, ParameterRef, StateRef
from etabli.physics.text import Text

_M3_H_PER_W_K = 3.1
"""Air flow that carries one watt per kelvin, m³/h (air at 20 °C: 3600 / (1.2 · 1005), rounded as cabinet makers do)."""
_WALL_W_M2_K = 5.5
"""Sheet steel wall in still air (cabinet makers, DIN 57660 part 500)."""
_LEAST_FAN_V = 9.0
_SPIN_UP_S = 2.0


@sampled(
    reads=("plus", "minus"),
    parameters=("rated_v", "airflow_w_k", "filter", "seized"),
    memory=("speed",),
    writes=("conductance",),
    stage=Stage.ACTUATE,
)
def cabinet_fan(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Fan whose ``speed`` (share of rated) follows its voltage in about 2 s and starts at 9 V.

    It carries ``airflow_w_k`` W/K at full speed through a clean ``filter`` (1; 0 clogged); ``seized`` 1: it is stuck.
    Source: fan sheets (flow in proportion to speed), air at 1.2 kg/m³.
    """
    volts = r.plus - r.minus
    wanted = select(less(_LEAST_FAN_V, volts), clamp(volts / p.rated_v, 0.0, 1.2), 0.0) * less(p.seized, 0.5)
    speed = m.speed + (h / (_SPIN_UP_S + h)) * (wanted - m.speed)
    return {"speed": speed, "conductance": 1e-4 + p.airflow_w_k * speed * p.filter}


explain(
    cabinet_fan,
    Text(
        "Ventilateur d'armoire : débit proportionnel à la vitesse, la vitesse suit la tension. Source : fiches de "
        "ventilateurs, air à 1,2 kg/m³.",
        "Cabinet fan: flow in proportion to speed, speed follows voltage. Source: fan sheets, air at 1.2 kg/m³.",
    ),
    Curve(
        Text("chaleur évacuée par kelvin selon la tension", "heat carried per kelvin against voltage"),
        VOLTAGE,
        Axis(Text("conductance", "conductance"), "W/K"),
        sweep(0.0, 28.0, lambda d, u: d.held(30.0, d.start(), 60, plus=u)["conductance"], 57),
    ),
)


@sampled(
    reads=("temperature",),
    parameters=("set_c", "differential_k", "drift_k", "stuck"),
    memory=("position",),
    stage=Stage.ACTUATE,
)
def bimetal(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Thermostat: closes above ``set_c`` + ``drift_k``, opens ``differential_k`` lower; ``stuck``: never closes."""
    point = p.set_c + p.drift_k
    above = less(select(m.position, point - p.differential_k, point), r.temperature)
    return {"position": above * less(p.stuck, 0.5)}


explain(
    bimetal,
    Text(
        "Thermostat à bilame : ferme au-dessus du réglage, ouvre un différentiel plus bas.",
        "Bimetal thermostat: closes above its setting, opens a differential lower.",
    ),
    Curve(
        Text("contact selon la température (aller et retour)", "contact against temperature, up and down"),
        CELSIUS,
        Axis(Text("contact (1 fermé)", "contact (1 closed)")),
        loop(10.0, 70.0, "temperature", "position", count=120),
    ),
)


def wall_conductance(width_mm: float, height_mm: float, depth_mm: float) -> float:
    """W/K through the walls of a cabinet against a wall: effective area of IEC 60890 × k."""
    w, h, d = (1e-3 * x for x in (width_mm, height_mm, depth_mm))
    return _WALL_W_M2_K * (1.4 * w * (h + d) + 1.8 * d * h)


def _build(b: Builder, p: Parameters) -> None:
    ambient, capacity = float(p["ambient_c"]), float(p["capacity_j_k"])
    b.initial("air", ambient)
    b.device("inside", heat_store, {"t": "air"}, {"capacity": capacity}, {"heat": capacity * ambient})
    walls = wall_conductance(float(p["width_mm"]), float(p["height_mm"]), float(p["depth_mm"]))
    b.device("walls", heat_to_air, {"t": "air"}, {"conductance": walls, "air_c": ambient})
    b.device("draught", heat_to_air, {"t": "air"}, {"conductance": 1e-4, "air_c": ambient})
    add_losses(b, "air", float(p["losses_w"]), b.linked("losses"))
    b.device("fan", dc_pole, {"a": "+", "b": "-"}, {"resistance": 24.0 / float(p["fan_a"])})
    b.sample(
        "blower",
        cabinet_fan,
        {"plus": b.across("+"), "minus": b.across("-")},
        {
            "rated_v": 24.0,
            "airflow_w_k": float(p["airflow_m3_h"]) / _M3_H_PER_W_K,
            "filter": 1.0,
            "seized": 0.0,
        },
        {"conductance": b.parameter("draught", "conductance")},
    )
    b.sample(
        "thermostat",
        bimetal,
        {"temperature": b.across("air")},
        {"set_c": p["set_c"], "differential_k": 7.0, "drift_k": 0.0, "stuck": 0.0},
    )
    add_contact(b, "1", "2", b.memory("thermostat", "position"))


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("fan", MemoryRef(f"{tag}.blower", "speed"), seen=True, text=Text("ventilateur", "fan")),
        Channel("thermostat", MemoryRef(f"{tag}.thermostat", "position")),
        Channel("temperature", NodeRef(f"{tag}.air"), 20.0, 70.0),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    speed = read(MemoryRef(f"{tag}.blower", "speed"))
    found = [warmth(read(NodeRef(f"{tag}.air")), Text("L'air du coffret", "The air of the cabinet"))]
    if speed < 0.1:
        found.append(Perception(Sense.LOOK, Text("Le ventilateur est arrêté.", "The fan stands still.")))
        return tuple(found)
    found.append(Perception(Sense.LOOK, Text("Le ventilateur tourne.", "The fan turns.")))
    found.append(Perception(Sense.LISTEN, Text("Souffle régulier du ventilateur.", "Steady blowing of the fan.")))
    if read(ParameterRef(f"{tag}.blower", "filter")) < 0.5:
        found.append(Perception(Sense.TOUCH, Text("Presque aucun air ne sort.", "Hardly any air comes out.")))
    return tuple(found)


def _symbol() -> Symbol:
    blades = tuple(Turns("fan", 6, 5, 120.0, (Line(((6, 5), end)),)) for end in ((6.0, 3.8), (7.05, 5.6), (4.95, 5.6)))
    return Symbol(
        12,
        10,
        (
            Rectangle(1, 2, 10, 7),
            Line(((4, 0), (4, 3.6), (4.9, 4.4))),
            Line(((8, 0), (8, 3.6), (7.1, 4.4))),
            Circle(6, 5, 1.4),
            *blades,
            Label(6, 8, "°C", 1.0),
        ),
        (Pin("+", 4, 0, "n"), Pin("-", 8, 0, "n")),
    )


COMPONENT = Component(
    family="enclosure",
    letter="E",
    text=Text("armoire ventilée", "ventilated cabinet"),
    sheet=Text(
        "Air de l'armoire chauffé par ses pertes (et la puissance liée à « losses », W), refroidi par les parois "
        "(5,5 W/(m²·K) sur la surface équivalente CEI 60890) et par le ventilateur 24 V (1 W/K pour 3,1 m³/h). "
        "Thermostat 1-2 à fermeture, hystérésis 7 K. Valeurs : coffret 600 × 800 × 250, ventilateur à filtre 55 m³/h.",
        "Air of the cabinet, warmed by its losses (and the power linked to “losses”, W), cooled by the walls (5.5 "
        "W/(m²·K) on the effective area of IEC 60890) and by the 24 V fan (1 W/K for 3.1 m³/h). Thermostat 1-2, closes "
        "on rise, differential 7 K. Values: cabinet 600 × 800 × 250, filter fan of 55 m³/h.",
    ),
    parameters=(
        Parameter("width_mm", Text("largeur", "width"), "mm", 600.0, 100.0, 5000.0),
        Parameter("height_mm", Text("hauteur", "height"), "mm", 800.0, 100.0, 3000.0),
        Parameter("depth_mm", Text("profondeur", "depth"), "mm", 250.0, 50.0, 2000.0),
        Parameter("losses_w", Text("pertes des appareils", "losses of the devices"), "W", 120.0, 0.0, 1e5),
        Parameter("capacity_j_k", Text("capacité thermique", "heat capacity"), "J/K", 9000.0, 10.0, 1e7),
        Parameter("ambient_c", Text("température ambiante", "ambient temperature"), "°C", 25.0, -30.0, 60.0),
        Parameter(
            "airflow_m3_h",
            Text("débit, filtre propre", "flow, clean filter"),
            "m³/h",
            55.0,
            1.0,
            2e3,
        ),
        Parameter("fan_a", Text("courant du ventilateur", "fan current"), "A", 0.18, 0.02, 20.0),
        Parameter("set_c", Text("seuil du thermostat", "thermostat set point"), "°C", 35.0, 0.0, 80.0, adjustable=True),
    ),
    ports=(Port("+", Domain.DC), Port("-", Domain.DC), Port("1", Domain.DC), Port("2", Domain.DC)),
    build=_build,
    failure_modes=(
        FailureMode(
            "filter_fouled",
            Text("filtre encrassé", "filter clogged"),
            (Effect("blower.filter", 0.05),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            2.5,
            (0.4, 1.0),
            Text("La toile du filtre est grise et feutrée.", "The filter mat is grey and felted."),
        ),
        FailureMode(
            "fan_seized",
            Text("ventilateur grippé", "fan seized"),
            (Effect("blower.seized", 1.0), Effect("fan.resistance", 0.5, relative=True)),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
            visible=Text("L'hélice ne tourne pas au doigt.", "The blades do not turn under a finger."),
        ),
        FailureMode(
            "fan_open",
            Text("ventilateur coupé", "fan open"),
            (Effect("fan.resistance", OPEN_OHM, logarithmic=True), Effect("blower.seized", 1.0)),
            onsets=(Onset.SUDDEN,),
        ),
        FailureMode(
            "thermostat_wrong",
            Text("thermostat réglé trop haut", "thermostat set too high"),
            (Effect("thermostat.set_c", 70.0),),
            Repair.ADJUST,
            rate=0.8,
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "thermostat_drift",
            Text("bilame fatigué : seuil dérivé", "tired bimetal: drifted set point"),
            (Effect("thermostat.drift_k", 25.0),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=0.6,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "thermostat_stuck",
            Text("thermostat bloqué ouvert", "thermostat stuck open"),
            (Effect("thermostat.stuck", 1.0),),
            rate=0.6,
        ),
        contact_not_closing("1", "2", rate=0.5),
        contact_resistive("1", "2", ohms=3000.0, rate=0.4),
        contact_welded("1", "2", rate=0.3),
    ),
    channels=_channels,
    optional_links=("losses",),
    signals={
        "temperature": lambda tag, p: NodeRef(f"{tag}.air"),
        "fan": lambda tag, p: MemoryRef(f"{tag}.blower", "speed"),
        "draught": lambda tag, p: StateRef(f"{tag}.draught", "flow"),
    },
    senses=_senses,
    spots=lambda tag, p: (
        Spot("inside", Text("air intérieur", "inner air"), lambda read: read(NodeRef(f"{tag}.air"))),
    ),
    symbols={"main": _symbol(), "contact_1_2": contact_symbol("1", "2", "thermostat")},
    adjusts={"set_c": "thermostat.set_c"},
)
