"""Oil-to-air cooler with a DC fan: takes heat from the oil that goes through it."""

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
from etabli.components.curve import CELSIUS, DROP, L_MIN, OIL_FLOW, Axis, Curve, explain, sweep
from etabli.components.drawing import Circle, Line, Pin, Polygon, Symbol
from etabli.components.electrical.conductor import OPEN_OHM, dc_pole
from etabli.components.fluid_symbols import arrow
from etabli.components.hydraulic.external_leak import add_external_leak, external_leak_mode, leak_perceptions
from etabli.components.hydraulic.hydraulic_symbols import diamond
from etabli.components.hydraulic.oil import OIL_DENSITY, OIL_HEAT_J_G_K, add_oil_volume, oil_orifice
from etabli.physics.expression import absolute, clamp, minimum
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import MemoryRef, ParameterRef, StateRef
from etabli.physics.text import Text

_STILL_AIR = 0.12  # share of the rated cooling with the fan stopped


@law({"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC}, ("k", "opening"), ("flow",))
def cooler_core(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """The tubes of a cooler: turbulent passage that keeps its ``flow`` in cm³/s. See ``oil_orifice``."""
    flows, _ = oil_orifice.function(v, p, s, ah)
    return flows, {"flow": flows["a"]}


explain(
    cooler_core,
    Text("Faisceau du refroidisseur : orifice turbulent.", "Tubes of the cooler: turbulent passage."),
    Curve(
        Text("débit selon la perte de charge", "flow against pressure drop"),
        DROP,
        OIL_FLOW,
        sweep(0.0, 4.0, lambda d, x: d.flow("a", a=x) * L_MIN, 41),
    ),
)


@sampled(
    reads=("flow", "oil", "amps"),
    parameters=("rated_w_k", "ambient_c", "fouled", "rated_a", "fan_lag_s", "jammed", "core_j_k"),
    memory=("fan", "core", "cooling"),
    stage=Stage.SENSE,
)
def air_cooling(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Oil in the core, well mixed, between the stream and the air: ``core`` °C, ``cooling`` W taken from the stream.

    ``Cc dT/dt = C (oil - T) - UA (T - Ta)`` with C the capacity rate of the stream (W/K): at a steady flow this is the
    effectiveness ``UA / (UA + C)`` of an exchanger with much air (Kays and London). UA falls with the speed of the
    ``fan`` (0…1) and with dust (``fouled`` share lost).
    """
    turning = clamp(r.amps / p.rated_a, 0.0, 1.2) * (1.0 - p.jammed)
    fan = m.fan + (turning - m.fan) * minimum(h / p.fan_lag_s, 1.0)
    rate = absolute(r.flow) * OIL_DENSITY * OIL_HEAT_J_G_K
    conductance = p.rated_w_k * (1.0 - p.fouled) * (_STILL_AIR + (1.0 - _STILL_AIR) * fan)
    # Implicit in the temperature of the core: a flood of oil cannot make it overshoot.
    gain = h / p.core_j_k
    core = (m.core + gain * (rate * r.oil + conductance * p.ambient_c)) / (1.0 + gain * (rate + conductance))
    return {"fan": fan, "core": core, "cooling": rate * (r.oil - core)}


explain(
    air_cooling,
    Text(
        "Échangeur air-huile : chaleur prise selon l'efficacité U S / (U S + C), la vitesse du ventilateur et "
        "l'encrassement (Kays et London).",
        "Air-oil exchanger: heat taken by the effectiveness U A / (U A + C), the fan speed and the fouling (Kays and "
        "London).",
    ),
    Curve(
        Text(
            "chaleur évacuée selon la température de l'huile, 30 l/min", "heat taken against oil temperature, 30 l/min"
        ),
        CELSIUS,
        Axis(Text("puissance", "power"), "kW"),
        sweep(
            20.0,
            80.0,
            lambda d, t: (
                1e-3 * d.held(600.0, {"core": d.p.ambient_c}, 80, flow=30.0 / L_MIN, oil=t, amps=d.p.rated_a)["cooling"]
            ),
            31,
        ),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    add_oil_volume(b, "1", 400.0)
    add_oil_volume(b, "2", 400.0)
    b.device("core", cooler_core, {"a": "1", "b": "2"}, {"k": p["k"], "opening": 1.0})
    b.device("motor", dc_pole, {"a": "+", "b": "-"}, {"resistance": 24.0 / float(p["fan_a"])})
    oil = b.linked("temperature")
    b.sample(
        "air",
        air_cooling,
        {
            "flow": b.state("core", "flow"),
            "oil": b.parameter("air", "ambient_c") if oil is None else oil,
            "amps": b.state("motor", "current"),
        },
        {
            "rated_w_k": p["rated_w_k"],
            "ambient_c": p["ambient_c"],
            "fouled": 0.0,
            "rated_a": p["fan_a"],
            "fan_lag_s": 1.5,
            "jammed": 0.0,
            "core_j_k": 1000.0 * float(p["core_l"]) * OIL_DENSITY * OIL_HEAT_J_G_K,
        },
        initial={"core": float(p["ambient_c"])},
    )
    add_external_leak(b, "leak", "2")


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    fan = read(MemoryRef(f"{tag}.air", "fan"))
    spin = (
        Text("Le ventilateur tourne.", "The fan turns.")
        if fan > 0.1
        else Text("Le ventilateur est arrêté.", "The fan stands still.")
    )
    found = [Perception(Sense.LOOK, spin)]
    if read(ParameterRef(f"{tag}.air", "jammed")) > 0.5 and read(StateRef(f"{tag}.motor", "current")) > 0.1:
        found.append(
            Perception(Sense.LISTEN, Text("Le ventilateur ronfle sans tourner.", "The fan hums and does not turn."))
        )
    if read(MemoryRef(f"{tag}.air", "cooling")) > 500.0:
        found.append(Perception(Sense.TOUCH, Text("L'air soufflé est chaud.", "The air blown out is warm.")))
    where = Text("au faisceau de l'aéroréfrigérant", "at the core of the oil cooler")
    return (*found, *leak_perceptions(read, tag, "leak", f"{tag}:2", where))


def _fan() -> Symbol:
    blades = (Polygon(((2, 4), (0.9, 3.4), (0.9, 4.6)), True), Polygon(((2, 4), (3.1, 3.4), (3.1, 4.6)), True))
    return Symbol(
        4,
        8,
        (Line(((2, 0), (2, 2.4))), Line(((2, 5.6), (2, 8))), Circle(2, 4, 1.6), *blades),
        (Pin("+", 2, 0, "n"), Pin("-", 2, 8, "s")),
    )


COMPONENT = Component(
    family="oil_cooler",
    letter="Z",
    purpose="E",
    text=Text("aéroréfrigérant d'huile", "oil-to-air cooler"),
    sheet=Text(
        "Radiateur d'huile de 1 vers 2 avec ventilateur 24 V continu. Poussiéreux ou ventilateur arrêté, il ne "
        "refroidit "
        "presque plus. Valeurs : fiche d'aéroréfrigérant 6 kW à 40 K d'écart.",
        "Oil radiator from 1 to 2 with a 24 V DC fan. Dusty or with the fan stopped it hardly cools. Values: sheet "
        "of a "
        "cooler of 6 kW at 40 K of difference.",
    ),
    parameters=(
        Parameter("k", Text("passage", "passage"), "cm³/(s·√bar)", 1800.0, 10.0, 50000.0),
        Parameter(
            "rated_w_k", Text("échange, ventilateur en marche", "exchange with the fan on"), "W/K", 150.0, 1.0, 1e5
        ),
        Parameter("core_l", Text("huile dans le faisceau", "oil in the core"), "l", 3.0, 0.05, 200.0),
        Parameter("fan_a", Text("courant du ventilateur", "fan current"), "A", 3.0, 0.1, 40.0),
        Parameter("ambient_c", Text("température ambiante", "ambient temperature"), "°C", 22.0, -20.0, 60.0),
    ),
    ports=(
        Port("1", Domain.HYDRAULIC),
        Port("2", Domain.HYDRAULIC),
        Port("+", Domain.DC),
        Port("-", Domain.DC),
    ),
    build=_build,
    failure_modes=(
        FailureMode(
            "fouled",
            Text("faisceau colmaté par la poussière", "core clogged with dust"),
            (Effect("air.fouled", 0.9),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            1.5,
            (0.6, 1.0),
            Text("Un matelas de poussière couvre les ailettes.", "A mat of dust covers the fins."),
        ),
        FailureMode(
            "fan_open",
            Text("moteur du ventilateur coupé", "fan motor open"),
            (Effect("motor.resistance", OPEN_OHM, logarithmic=True),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        ),
        FailureMode("fan_jammed", Text("ventilateur bloqué", "fan jammed"), (Effect("air.jammed", 1.0),), rate=0.6),
        FailureMode(
            "blocked",
            Text("faisceau bouché côté huile", "core blocked on the oil side"),
            (Effect("core.opening", 0.03, logarithmic=True),),
            rate=0.3,
            degrees=(0.7, 1.0),
        ),
        external_leak_mode("leak", Text("faisceau fissuré", "core cracked"), "leak", 0.8, rate=0.6),
    ),
    channels=lambda tag, p: (
        Channel("fan", MemoryRef(f"{tag}.air", "fan"), seen=True, text=Text("ventilateur", "fan")),
        Channel("cooling", MemoryRef(f"{tag}.air", "cooling"), 0.0, 6000.0),
    ),
    signals={"cooling": lambda tag, p: MemoryRef(f"{tag}.air", "cooling")},
    optional_links=("temperature",),
    senses=_senses,
    spots=lambda tag, p: (Spot("core", Text("faisceau", "core"), lambda read: read(MemoryRef(f"{tag}.air", "core"))),),
    symbols={
        "main": Symbol(
            6,
            8,
            (
                Line(((3, 0), (3, 2))),
                Line(((3, 6), (3, 8))),
                diamond(3, 4),
                *arrow((1.6, 4), (0.2, 4), "thin", 0.5),
                *arrow((4.4, 4), (5.8, 4), "thin", 0.5),
            ),
            (Pin("2", 3, 0, "n"), Pin("1", 3, 8, "s")),
        ),
        "fan": _fan(),
    },
)
