"""Oil tank: it gives the oil its temperature, hence its viscosity, and holds its level and its air."""

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
from etabli.components.curve import CELSIUS, WATTS, Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Moves, Pin, Symbol
from etabli.components.hydraulic.external_leak import external_leak_mode, leak_perceptions_of
from etabli.components.hydraulic.oil import (
    FREE_AIR,
    OIL_DENSITY,
    OIL_HEAT_J_G_K,
    add_oil_volume,
    oil_drain,
    orifice_flow,
    relative_viscosity,
)
from etabli.components.resolution import resolved
from etabli.physics.expression import clamp, less, maximum, minimum, select
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef, NodeRef, StateRef
from etabli.physics.text import Text

_HEAT_LINKS = ("pump_power", "pump_power_2", "work", "cooling")
_LEAST_SHARE = 0.12
"""Level (share of the full tank) below which the suction pipe draws air."""
_HEAD_BAR = 0.05
"""Pressure of the oil at the drain plug of a full tank: 0.6 m at 870 kg/m³."""
_PLUG_K = 60.0
"""A plug with its thread undone, cm³/s per √bar: half a litre a minute under the height of the oil."""
_LOW_MARK = 0.5
"""Low mark of the sight glass, share of the full tank (rule of thumb: never less than half)."""
_REFRESH_S = 0.1
"""How often the heat that the oil received is given to the tank, as its mean: the tank warms in hours."""
_VISCOSITY_SHARE = 2e-5
"""Share by which the viscosity differs before it is told anew: 0.001 K."""
_STEEL_J_K = 12000.0
"""About 25 kg of sheet steel."""


@law(
    terminals={
        "S": Domain.HYDRAULIC,
        "R": Domain.HYDRAULIC,
        "D": Domain.HYDRAULIC,
        "air": Domain.HYDRAULIC,
    },
    parameters=("k", "full", "plug_k", "opening"),
    states=("volume", "leak"),
)
def oil_tank(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Suction, return and drain pipes in one bath under the air of the tank; k cm³/s per √bar of each pipe mouth.

    State ``volume`` in cm³: what comes back less what leaves, so that a leak anywhere lowers the level. What the oil
    gives way to, the air cushion takes (node ``air``, bar gauge). The drain plug, ``opening`` 0…1 of ``plug_k`` cm³/s
    per √bar, lets oil out under its own height (:data:`_HEAD_BAR` for a tank that holds ``full`` cm³): state ``leak``,
    cm³/s.
    """
    drawn = orifice_flow(v.air, v.S, p.k)
    back = orifice_flow(v.R, v.air, p.k) + orifice_flow(v.D, v.air, p.k)
    height = _HEAD_BAR * clamp(s.volume / p.full, 0.0, 1.0)
    leak = orifice_flow(v.air + height, 0.0, p.plug_k * p.opening)
    return {
        "S": -drawn,
        "R": orifice_flow(v.R, v.air, p.k),
        "D": orifice_flow(v.D, v.air, p.k),
        "air": drawn - back + leak,
    }, {"volume": s.volume + ah * (back - drawn - leak), "leak": leak}


explain(
    oil_tank,
    Text(
        "Bac : conservation de l'huile ; ce qui revient moins ce qui part fait monter ou baisser le niveau.",
        "Tank: conservation of oil; what comes back less what leaves raises or lowers the level.",
    ),
)


@law(terminals={"oil": Domain.THERMAL}, parameters=("j_k", "wall_w_k", "air_c", "heat"), states=("energy",))
def tank_heat(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """One heat capacity ``j_k`` (J/K: oil and sheet steel) that takes ``heat`` W and loses through its walls.

    ``wall_w_k`` is the area times 8 to 12 W/(m²·K) in still air (hydraulic tank design rules); air at ``air_c`` °C.
    """
    energy = p.j_k * v.oil
    return {"oil": (energy - s.energy) / ah + p.wall_w_k * (v.oil - p.air_c) - p.heat}, {"energy": energy}


explain(
    tank_heat,
    Text(
        "Échauffement du bac : capacité thermique de l'huile et de la tôle, pertes par les parois (8 à 12 W/(m²·K), "
        "règles de dimensionnement des bacs).",
        "Heating of the tank: heat capacity of oil and steel, losses through the walls (8 to 12 W/(m²·K), tank design "
        "rules).",
    ),
    Curve(
        Text("chaleur perdue par les parois selon la température", "heat lost through the walls against temperature"),
        CELSIUS,
        WATTS,
        sweep(20.0, 80.0, lambda d, t: d.flow("oil", oil=t), 13),
    ),
)


@sampled(
    reads=_HEAT_LINKS,
    parameters=("none", "extra"),
    memory=("heat", "given", "waiting_j", "waited_s"),
    writes=("given_w",),
    stage=Stage.SENSE,
)
def heat_balance(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """First law: what the pumps take, less the work that leaves the oil and the heat the cooler takes, is heat (W).

    ``extra`` is one more source (an immersion heater left on). What comes within 0.1 s (``waiting_j``) is given to the
    tank in the next 0.1 s (``given`` W), so that its temperature need not be solved at every step: nothing is lost."""
    heat = r.pump_power + r.pump_power_2 - r.work - r.cooling + p.extra
    joules, seconds = m.waiting_j + heat * h, m.waited_s + h
    due = less(_REFRESH_S, seconds)
    given = select(due, joules / seconds, m.given)
    return {
        "heat": heat,
        "given": given,
        "waiting_j": select(due, 0.0, joules),
        "waited_s": select(due, 0.0, seconds),
        "given_w": given,
    }


explain(
    heat_balance,
    Text(
        "Premier principe : puissance des pompes moins travail fourni et chaleur du refroidisseur.",
        "First law: power of the pumps less work delivered and heat of the cooler.",
    ),
)


@sampled(
    reads=("temperature", "volume"),
    parameters=("full", "missing_share", "grade", "foam", "settling_s"),
    memory=("viscosity", "air", "level"),
    stage=Stage.ACTUATE,
)
def oil_condition(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """State of the oil in the bath: relative viscosity, free-air share, level (share of ``full``, cm³).

    ``missing_share`` of the full tank was never filled in, ``grade`` is the viscosity of the oil over that of ISO VG
    46, ``foam`` the air that old or wet oil keeps. Near the suction pipe the oil draws air; bubbles come and go in
    ``settling_s`` (the residence time of the bath).
    """
    level = maximum(r.volume / p.full - p.missing_share, 0.0)
    drawn = clamp((_LEAST_SHARE - level) / (0.5 * _LEAST_SHARE), 0.0, 1.0)
    air = FREE_AIR + p.foam + drawn
    viscosity = p.grade * relative_viscosity(r.temperature)
    return {
        "viscosity": resolved(viscosity, m.viscosity, _VISCOSITY_SHARE * viscosity),
        "air": m.air + (air - m.air) * minimum(h / p.settling_s, 1.0),
        "level": level,
    }


explain(
    oil_condition,
    Text(
        "État de l'huile : la viscosité suit l'équation de Walther (ASTM D341, ISO VG 46) ; près du tuyau "
        "d'aspiration l'huile prend de l'air.",
        "State of the oil: the viscosity follows the Walther equation (ASTM D341, ISO VG 46); near the suction pipe "
        "the oil draws air.",
    ),
    Curve(
        Text("viscosité de l'huile selon la température", "oil viscosity against temperature"),
        CELSIUS,
        Axis(Text("viscosité cinématique", "kinematic viscosity"), "mm²/s", logarithmic=True),
        sweep(0.0, 90.0, lambda d, t: 46.0 * d.step(temperature=t, volume=d.p.full)["viscosity"], 46),
    ),
    Curve(
        Text("air aspiré selon le niveau", "air drawn in against level"),
        Axis(Text("volume d'huile", "oil volume"), "%"),
        Axis(Text("air libre", "free air"), "%"),
        sweep(
            0.0,
            100.0,
            lambda d, x: 100.0 * d.held(1e3, None, 40, temperature=40.0, volume=0.01 * x * d.p.full)["air"],
            51,
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    full = float(p["volume_l"]) * 1000.0
    start = full * float(p["level"])
    for port in ("S", "R", "D"):
        add_oil_volume(b, port, 30.0)
    add_oil_volume(b, "air", max(1.25 * full - start, 1000.0), air=1.0)
    b.device(
        "bath",
        oil_tank,
        {"S": "S", "R": "R", "D": "D", "air": "air"},
        {"k": p["mouth_k"], "full": full, "plug_k": _PLUG_K, "opening": 0.0},
        {"volume": start},
    )
    b.device("breather", oil_drain, {"a": "air"}, {"k": 5000.0, "opening": 1.0})
    _add_heat(b, p, start)
    b.sample(
        "condition",
        oil_condition,
        {"temperature": b.across("oil"), "volume": b.state("bath", "volume")},
        {"full": full, "missing_share": 0.0, "grade": 1.0, "foam": 0.0, "settling_s": 20.0},
        initial={
            "viscosity": relative_viscosity(float(p["start_c"])),
            "air": FREE_AIR,
            "level": float(p["level"]),
        },
    )


def _add_heat(b: Builder, p: Parameters, start_cm3: float) -> None:
    start_c = float(p["start_c"])
    capacity = start_cm3 * OIL_DENSITY * OIL_HEAT_J_G_K + _STEEL_J_K
    b.initial("oil", start_c)
    b.device(
        "heat",
        tank_heat,
        {"oil": "oil"},
        {"j_k": capacity, "wall_w_k": p["wall_w_k"], "air_c": p["ambient_c"], "heat": 0.0},
        {"energy": capacity * start_c},
    )
    nothing = b.parameter("balance", "none")
    b.sample(
        "balance",
        heat_balance,
        {name: b.linked(name) or nothing for name in _HEAT_LINKS},
        {"none": 0.0, "extra": 0.0},
        {"given_w": b.parameter("heat", "heat")},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("level", MemoryRef(f"{tag}.condition", "level"), 0.0, 1.0, seen=True, text=Text("niveau", "level")),
        Channel(
            "temperature",
            NodeRef(f"{tag}.oil"),
            0.0,
            100.0,
            seen=True,
            text=Text("thermomètre de l'huile", "oil thermometer"),
        ),
        Channel("air", MemoryRef(f"{tag}.condition", "air"), 0.0, 0.2),
        Channel("viscosity", MemoryRef(f"{tag}.condition", "viscosity"), 0.0, 5.0),
    )


def _level_words(level: float) -> Text:
    if level < _LOW_MARK:
        return Text("Le niveau est sous le repère mini du voyant.", "The level is below the low mark of the glass.")
    if level > 1.02:
        return Text("Le niveau dépasse le repère maxi du voyant.", "The level is above the high mark of the glass.")
    share = round(level * 10.0) * 10
    return Text(f"Le voyant indique un niveau de {share} %.", f"The sight glass shows a level of {share} %.")


def _touch_words(oil_c: float) -> Text:
    if oil_c > 65.0:
        return Text("Réservoir brûlant : la main ne tient pas.", "Tank burning hot: the hand cannot stay.")
    if oil_c > 50.0:
        return Text("Réservoir très chaud.", "Tank very hot.")
    if oil_c > 30.0:
        return Text("Réservoir tiède.", "Tank warm.")
    return Text("Réservoir froid.", "Tank cold.")


def _oil_words(air: float) -> Text:
    if air > 0.02:
        return Text("L'huile du voyant est trouble et mousse.", "The oil in the sight glass is cloudy and foams.")
    return Text("L'huile du voyant est claire.", "The oil in the sight glass is clear.")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    oil_c = read(NodeRef(f"{tag}.oil"))
    return (
        Perception(Sense.LOOK, _level_words(read(MemoryRef(f"{tag}.condition", "level")))),
        Perception(Sense.LOOK, _oil_words(read(MemoryRef(f"{tag}.condition", "air")))),
        Perception(
            Sense.LOOK,
            Text(
                f"Le thermomètre du réservoir indique {oil_c:.0f} °C.",
                f"The tank thermometer shows {oil_c:.0f} °C.",
            ),
        ),
        Perception(Sense.TOUCH, _touch_words(oil_c)),
        *leak_perceptions_of(
            read(StateRef(f"{tag}.bath", "leak")),
            Text("au bouchon de vidange du réservoir", "at the drain plug of the tank"),
        ),
    )


def _symbol() -> Symbol:
    shapes = (
        Line(((1, 2), (1, 7), (15, 7), (15, 2))),
        Line(((3, 0), (3, 5.5))),
        Line(((8, 0), (8, 5.5))),
        Line(((13, 0), (13, 3))),
        Moves("level", 0.0, -4.0, (Line(((1, 6.8), (15, 6.8)), "dashed"),)),
    )
    return Symbol(16, 8, shapes, (Pin("S", 3, 0, "n"), Pin("R", 8, 0, "n"), Pin("D", 13, 0, "n")))


COMPONENT = Component(
    family="hydraulic_tank",
    letter="Z",
    purpose="C",
    text=Text("réservoir hydraulique", "hydraulic tank"),
    sheet=Text(
        "Réservoir d'huile minérale HM 46 avec voyant de niveau, thermomètre, reniflard et bouchon de vidange. Tout ce "
        "que le circuit perd chauffe l'huile ; les parois en évacuent une partie. L'huile chaude est plus fluide, "
        "l'huile froide plus épaisse. Plage normale : 30 à 60 °C. Valeurs : réservoir de groupe 100 l en tôle, parois "
        "1,5 m².",
        "Tank of mineral oil HM 46 with sight glass, thermometer, breather and drain plug. All that the circuit loses "
        "heats the oil; the walls carry part of it off. Hot oil is thinner, cold oil thicker. Normal range: 30 to "
        "60 °C. Values: 100 l sheet-steel power pack tank, walls of 1.5 m².",
    ),
    parameters=(
        Parameter("volume_l", Text("volume d'huile au repère maxi", "oil at the high mark"), "l", 100.0, 2.0, 5000.0),
        Parameter("level", Text("niveau au départ (part du maxi)", "initial level (share)"), "", 0.9, 0.05, 1.0),
        Parameter("wall_w_k", Text("échange des parois", "heat exchange of the walls"), "W/K", 15.0, 0.1, 1000.0),
        Parameter("ambient_c", Text("température ambiante", "ambient temperature"), "°C", 22.0, -20.0, 50.0),
        Parameter("start_c", Text("température de l'huile au départ", "oil at start"), "°C", 35.0, -10.0, 90.0),
        Parameter(
            "mouth_k", Text("passage de chaque tuyauterie", "passage of each pipe"), "cm³/(s·√bar)", 4000.0, 50.0, 1e5
        ),
    ),
    ports=(Port("S", Domain.HYDRAULIC), Port("R", Domain.HYDRAULIC), Port("D", Domain.HYDRAULIC, "drain")),
    build=_build,
    failure_modes=(
        FailureMode(
            "low_level",
            Text("niveau d'huile trop bas", "oil level too low"),
            (Effect("condition.missing_share", 0.85),),
            Repair.ADJUST,
            (Onset.SUDDEN, Onset.GROWING),
            1.5,
            (0.5, 1.0),
        ),
        FailureMode(
            "foaming",
            Text("huile émulsionnée (eau, huile usée)", "foaming oil (water, worn out)"),
            (Effect("condition.foam", 0.12),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "wrong_oil",
            Text("huile trop fluide (mauvais grade)", "oil too thin (wrong grade)"),
            (Effect("condition.grade", 0.2),),
            rate=0.5,
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "breather_clogged",
            Text("reniflard colmaté", "breather clogged"),
            (Effect("breather.opening", 3e-4, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            0.7,
            (0.8, 1.0),
        ),
        external_leak_mode(
            "leak",
            Text("bouchon de vidange desserré", "drain plug loose"),
            "bath",
            1.0,
            Repair.TIGHTEN,
            visible=Text("Une flaque d'huile s'étend sous le réservoir.", "A puddle of oil spreads under the tank."),
        ),
    ),
    channels=_channels,
    signals={
        "viscosity": lambda tag, p: MemoryRef(f"{tag}.condition", "viscosity"),
        "air": lambda tag, p: MemoryRef(f"{tag}.condition", "air"),
        "level": lambda tag, p: MemoryRef(f"{tag}.condition", "level"),
        "temperature": lambda tag, p: NodeRef(f"{tag}.oil"),
        "volume": lambda tag, p: StateRef(f"{tag}.bath", "volume"),
        "heat": lambda tag, p: MemoryRef(f"{tag}.balance", "heat"),
    },
    optional_links=_HEAT_LINKS,
    senses=_senses,
    spots=lambda tag, p: (Spot("wall", Text("paroi", "wall"), lambda read: read(NodeRef(f"{tag}.oil"))),),
    symbols={"main": _symbol()},
)
