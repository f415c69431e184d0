"""Single-stage piston compressor with its intake filter, check valve and unloader."""

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
)
from etabli.components.curve import AIR_FLOW, AIR_L_MIN, BAR, ROTATION, RPM, STATE, WATTS, Curve, Piece, explain, sweep
from etabli.components.drawing import Circle, Line, Pin, Polygon, Symbol
from etabli.components.hydraulic.hydraulic_symbols import turning_shaft
from etabli.components.hydraulic.warmth import add_warmth
from etabli.components.mechanical.friction import ROTATION_CREEP
from etabli.components.mechanical.inertia import rotating_mass
from etabli.components.pneumatic.air_check_valve import check_parameters
from etabli.components.pneumatic.air_leak import add_leak, hiss, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, LEAST_PRESSURE_BAR, vent
from etabli.components.pneumatic.seat import check_seat
from etabli.components.pneumatic.volume import AIR_DENSITY_PER_BAR, add_volume
from etabli.physics.expression import absolute, less, maximum, sqrt
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef, NodeRef, StateRef
from etabli.physics.text import Text

_RADIAN = 1.0 / (2.0 * 3.141592653589793)
_DM3_PER_CM3 = 1e-3
_JOULE_PER_BAR_CM3 = 0.1
_POLYTROPIC = 4.0  # n / (n - 1) for n = 4/3
_UNLOADED_RAD_S = 40.0
_UNLOADER_C = 0.3
_RUNNING_RAD_S = 10.0


@law(
    terminals={"intake": Domain.PNEUMATIC, "head": Domain.PNEUMATIC, "shaft": Domain.ROTATION},
    parameters=("displacement", "clearance", "blowby", "valves", "dry", "friction", "driven"),
    states=("flow", "power", "loss"),
    friction=("shaft",),
)
def piston_compressor(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """One stage, mean over a revolution; ``displacement`` in cm³/rev, pressures absolute, either sense of rotation.

    Volumetric efficiency ``valves (1 - clearance ((p2/p1)^(1/n) - 1)) - blowby (p2/p1 - 1)``: the air left in the
    clearance expands again before any comes in, worn rings let some back. Polytropic work
    ``n/(n-1) p1 V ((p2/p1)^((n-1)/n) - 1)`` a revolution, V what is drawn in. n = 4/3, between the isotherm and the
    adiabatic (textbooks on air-cooled reciprocating compressors). ``dry`` N·m and the share ``friction`` of the work
    are lost; ``driven`` 0: the key is gone. States: air delivered g/s, shaft power and heat W.
    """
    low = maximum(v.intake, LEAST_PRESSURE_BAR)
    ratio = maximum(v.head / low, 1.0)
    root = sqrt(ratio)
    fourth = sqrt(root)
    drawn = maximum(1.0 - p.clearance * (root * fourth - 1.0), 0.0)
    delivered = maximum(p.valves * drawn - p.blowby * (ratio - 1.0), 0.0)
    sense = v.shaft / sqrt(v.shaft * v.shaft + ROTATION_CREEP * ROTATION_CREEP)
    per_radian = p.driven * p.displacement * _RADIAN
    flow = AIR_DENSITY_PER_BAR * low * _DM3_PER_CM3 * per_radian * delivered * sense * v.shaft
    work = _JOULE_PER_BAR_CM3 * per_radian * _POLYTROPIC * low * drawn * (fourth - 1.0)
    torque = sense * (work * (1.0 + p.friction) + p.driven * p.dry)
    power = torque * v.shaft
    return {"intake": flow, "head": -flow, "shaft": torque}, {"flow": flow, "power": power, "loss": power}


explain(
    piston_compressor,
    Text(
        "Compresseur à piston : l'air resté dans l'espace mort se détend avant l'admission, donc le débit baisse avec "
        "la pression ; travail polytropique, n = 4/3. Source : manuels de machines à air refroidies par air.",
        "Piston compressor: the air left in the clearance expands before any comes in, so the delivery falls with the "
        "pressure; polytropic work, n = 4/3. Source: textbooks on air-cooled machines.",
    ),
    Curve(
        Text("débit selon la pression, 1450 tr/min", "delivery against pressure, 1450 rpm"),
        BAR,
        AIR_FLOW,
        sweep(0.0, 12.0, lambda d, x: _turning(d, x)["flow"] * AIR_L_MIN),
    ),
    Curve(
        Text("puissance sur l'arbre, 1450 tr/min", "shaft power, 1450 rpm"),
        BAR,
        WATTS,
        sweep(0.0, 12.0, lambda d, x: _turning(d, x)["power"]),
    ),
)


def _turning(piece: Piece, bar: float) -> dict[str, Any]:
    """States of the stage at 1450 rpm against ``bar`` gauge."""
    return piece.answer(intake=ATMOSPHERE_BAR, head=bar + ATMOSPHERE_BAR, shaft=1450.0 / RPM)[1]


@sampled(
    reads=("speed",),
    parameters=("threshold", "shut", "open"),
    memory=("position",),
    writes=("opening",),
    stage=Stage.SWITCH,
)
def unloader(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Centrifugal unloader: vents the head below ``threshold`` rad/s, so that the motor starts without load.

    ``shut`` (0/1) is one that no longer opens, ``open`` (0…1) how far one no longer closes. Source: unloading devices
    of small piston compressors.
    """
    opening = maximum(less(absolute(r.speed), p.threshold) * (1.0 - p.shut), p.open)
    return {"position": opening, "opening": opening}


explain(
    unloader,
    Text(
        "Décharge centrifuge : la culasse est à l'air libre sous une vitesse donnée. Source : petits compresseurs.",
        "Centrifugal unloader: the head is open to the air below a given speed. Source: small compressors.",
    ),
    Curve(
        Text("ouverture selon la vitesse", "opening against speed"),
        ROTATION,
        STATE,
        sweep(0.0, 1500.0, lambda d, x: d.step(speed=x / RPM)["position"], 151),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_volume(b, "intake", 100.0)
    add_volume(b, "head", 2.0 * float(p["displacement_cm3"]))
    add_volume(b, "P", 20.0)
    conductance = float(p["filter_conductance"])
    b.device("filter", vent, {"a": "intake"}, {"conductance": conductance, "critical_ratio": 0.4, "opening": 1.0})
    b.device(
        "stage",
        piston_compressor,
        {"intake": "intake", "head": "head", "shaft": "shaft"},
        {
            "displacement": p["displacement_cm3"],
            "clearance": p["clearance"],
            "blowby": 0.004,
            "valves": 0.97,
            "dry": p["dry_n_m"],
            "friction": 0.1,
            "driven": 1.0,
        },
    )
    b.device("flywheel", rotating_mass, {"w": "shaft"}, {"inertia": p["inertia_kg_m2"]})
    b.device("check", check_seat, {"a": "head", "b": "P"}, check_parameters(6.0, 0.05))
    b.device("vent", vent, {"a": "head"}, {"conductance": _UNLOADER_C, "critical_ratio": 0.4, "opening": 1.0})
    b.sample(
        "unloader",
        unloader,
        {"speed": b.across("shaft")},
        {"threshold": _UNLOADED_RAD_S, "shut": 0.0, "open": 0.0},
        {"opening": b.parameter("vent", "opening")},
        {"position": 1.0},
    )
    add_leak(b, "leak", "head")
    add_warmth(b, b.state("stage", "loss"), 0.07, 180.0)


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    return (
        Channel("speed", NodeRef(f"{tag}:shaft"), 0.0, 157.0, seen=True, text=Text("vitesse", "speed")),
        Channel("flow", StateRef(f"{tag}.stage", "flow"), 0.0, 0.03 * float(p["displacement_cm3"])),
        Channel("pressure", NodeRef(f"{tag}:P"), ATMOSPHERE_BAR, ATMOSPHERE_BAR + 10.0),
        Channel("unloader", MemoryRef(f"{tag}.unloader", "position")),
    )


def _sound(tag: str, read: Read) -> Text:
    if abs(read(NodeRef(f"{tag}:shaft"))) < _RUNNING_RAD_S:
        return Text("Le compresseur est silencieux.", "The compressor is silent.")
    if read(NodeRef(f"{tag}.intake")) < ATMOSPHERE_BAR - 0.15:
        return Text(
            "Le compresseur peine et siffle à l'aspiration.", "The compressor labours and whistles at its intake."
        )
    if read(NodeRef(f"{tag}.head")) > ATMOSPHERE_BAR + 1.0:
        return Text("Le compresseur martèle en charge.", "The compressor pounds under load.")
    return Text("Le compresseur tourne à vide.", "The compressor runs without load.")


def _touch(rise: float) -> Text:
    if rise > 35.0:
        return Text("La culasse est brûlante.", "The cylinder head is burning hot.")
    if rise > 10.0:
        return Text("La culasse est chaude.", "The cylinder head is warm.")
    return Text("La culasse est froide.", "The cylinder head is cold.")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    head = f"{tag}.head"
    return (
        Perception(Sense.LISTEN, _sound(tag, read)),
        Perception(Sense.TOUCH, _touch(read(MemoryRef(f"{tag}.warmth", "rise")))),
        *hiss(read, tag, "vent", head, Text("à la décharge du compresseur", "at the unloader of the compressor")),
        *hiss(read, tag, "leak", head, Text("au joint de culasse", "at the head gasket")),
    )


def _symbol() -> Symbol:
    """Compressor: circle with the open triangle of air, pointing out, shaft on the right."""
    return Symbol(
        8,
        8,
        (
            Line(((4, 0), (4, 1.5))),
            Circle(4, 4, 2.5),
            Polygon(((4, 1.5), (3.3, 2.8), (4.7, 2.8))),
            Line(((4, 6.5), (4, 7.4))),
            Polygon(((3.4, 7.4), (4.6, 7.4), (4, 6.9))),
            *turning_shaft(6.5, 4, 8),
        ),
        (Pin("P", 4, 0, "n"), Pin("shaft", 8, 4, "e", label=False)),
    )


COMPONENT = Component(
    family="compressor",
    letter="P",
    purpose="G",
    text=Text("compresseur à piston", "piston compressor"),
    sheet=Text(
        "Compresseur à piston mono-étage refroidi par air, avec filtre d'aspiration, clapet anti-retour et décharge de "
        "culasse à l'arrêt (le moteur repart à vide). Le débit baisse quand la pression monte. Marche et arrêt : un "
        "pressostat sur le réservoir commande le moteur. Valeurs : fiche de groupe 1,5 kW, 150 cm³/tr à 1450 tr/min, "
        "175 l/min sous 7 bar.",
        "Single-stage air-cooled piston compressor with intake filter, check valve and unloading of the head at "
        "standstill (the motor starts without load). The flow falls as the pressure rises. Start and stop: a pressure "
        "switch on the tank commands the motor. Values: data sheet of a 1.5 kW set, 150 cm³/rev at 1450 rpm, 175 "
        "l/min at 7 bar.",
    ),
    parameters=(
        Parameter("displacement_cm3", Text("cylindrée", "displacement"), "cm³/tr", 150.0, 5.0, 20000.0),
        Parameter("clearance", Text("espace mort", "clearance volume"), "", 0.04, 0.0, 0.2),
        Parameter("dry_n_m", Text("couple de frottement", "friction torque"), "N·m", 0.8, 0.01, 200.0),
        Parameter("inertia_kg_m2", Text("moment d'inertie", "moment of inertia"), "kg·m²", 0.02, 1e-4, 100.0),
        Parameter(
            "filter_conductance",
            Text("conductance du filtre d'aspiration", "conductance of the intake filter"),
            "dm³/(s·bar)",
            15.0,
            0.5,
            1000.0,
        ),
    ),
    ports=(Port("P", Domain.PNEUMATIC), Port("shaft", Domain.ROTATION)),
    build=_build,
    failure_modes=(
        FailureMode(
            "rings_worn",
            Text("segments usés : débit faible", "worn rings: low delivery"),
            (Effect("stage.blowby", 0.12),),
            onsets=(Onset.GROWING,),
            rate=2.0,
            degrees=(0.4, 1.0),
        ),
        FailureMode(
            "valve_broken",
            Text("lame de clapet cassée", "broken valve reed"),
            (Effect("stage.valves", 0.25),),
            onsets=(Onset.SUDDEN, Onset.GROWING),
            rate=1.5,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "filter_clogged",
            Text("filtre d'aspiration colmaté", "intake filter clogged"),
            (Effect("filter.opening", 0.05, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            2.0,
            (0.6, 1.0),
            Text("La mousse du filtre est noire.", "The foam of the filter is black."),
        ),
        FailureMode(
            "check_leaks",
            Text(
                "clapet anti-retour fuyard : l'air revient à l'arrêt",
                "leaking check valve: air comes back when stopped",
            ),
            (Effect("check.leak", 0.02),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.5,
            degrees=(0.3, 1.0),
        ),
        FailureMode(
            "check_stuck",
            Text("clapet anti-retour collé", "check valve stuck"),
            (Effect("check.lift", 0.004),),
            Repair.CLEAN,
            rate=0.4,
            degrees=(0.98, 1.0),
        ),
        FailureMode(
            "unloader_shut",
            Text("décharge bloquée : démarrage en charge", "unloader stuck shut: starts under load"),
            (Effect("unloader.shut", 1.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        ),
        FailureMode(
            "unloader_open",
            Text("décharge restée ouverte", "unloader stuck open"),
            (Effect("unloader.open", 1.0),),
            onsets=(Onset.SUDDEN, Onset.GROWING),
            degrees=(0.4, 1.0),
        ),
        leak_mode("leak", Text("joint de culasse brûlé", "head gasket burnt"), "leak", 0.5),
        FailureMode(
            "seized",
            Text("compresseur grippé", "compressor seized"),
            (Effect("stage.dry", 200.0, relative=True, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.GROWING),
            rate=0.4,
            degrees=(0.8, 1.0),
            visible=Text("Le volant ne tourne pas à la main.", "The flywheel does not turn by hand."),
        ),
        FailureMode(
            "key_sheared",
            Text("clavette du compresseur cisaillée", "compressor key sheared"),
            (Effect("stage.driven", 0.0),),
            rate=0.4,
        ),
    ),
    channels=_channels,
    signals={
        "flow": lambda tag, p: StateRef(f"{tag}.stage", "flow"),
        "power": lambda tag, p: StateRef(f"{tag}.stage", "power"),
        "speed": lambda tag, p: NodeRef(f"{tag}:shaft"),
    },
    senses=_senses,
    symbols={"main": _symbol()},
)
