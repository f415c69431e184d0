"""Proportional pressure valve (electropneumatic regulator): the outlet pressure follows an electrical set point."""

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
from etabli.components.curve import Axis, Curve, explain, sweep
from etabli.components.drawing import Line, Pin, Rectangle, Symbol
from etabli.components.electrical.analog_plug import (
    CURRENT_INPUT_OHM,
    OUTPUT_OHM,
    PLUG_MODES,
    PLUG_PORTS,
    VOLTAGE_INPUT_OHM,
    add_plug,
    amplifier_symbol,
    analog_output,
    plug_reads,
)
from etabli.components.electrical.conductor import OPEN_OHM
from etabli.components.fluid_symbols import arrow, exhaust
from etabli.components.pneumatic.air_leak import add_leak, hiss, hiss_of, leak_mode
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.components.pneumatic.regulator import STAGE_MODES, pressure_regulator, relieved_air
from etabli.components.pneumatic.volume import add_volume
from etabli.physics.expression import absolute, clamp, less, maximum, minimum, select
from etabli.physics.law import Domain, Stage, sampled
from etabli.physics.network import MemoryRef, NodeRef
from etabli.physics.text import Text

SIGNALS = {"voltage": (0.0, 10.0, VOLTAGE_INPUT_OHM), "current": (1.0, 5.0, CURRENT_INPUT_OHM)}
"""Set point -> volts on the input at 0 and at full scale (4 and 20 mA through 250 ohm), input resistance."""

_FULL_OUTPUT_V = 10.0
_SUPPLY_OHM = 120.0
_LEAST_SUPPLY_V = 18.0
_RELIEF_GAP_BAR = 0.03
_DROOP_BAR = 0.2
_FOLLOWING_S = 0.02
_ARRIVED_BAR = 0.2
_TRIM_BAR = 0.6  # what the loop may add to the pilot pressure or take from it


@sampled(
    reads=("supply", "ground", "plus", "minus", "pressure"),
    parameters=(
        "low_v",
        "high_v",
        "range",
        "zero",
        "gain",
        "healthy",
        "least_supply",
        "sensor_gain",
        "rise",
        "fall",
        "integral",
        "dead_band",
        "bleed_s",
    ),
    memory=("target", "pilot", "trim", "reading", "ready"),
    writes=("set_pressure", "volts"),
    stage=Stage.ACTUATE,
)
def pressure_loop(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Electronics of an electropneumatic regulator: set point to pilot pressure, closed on the outlet's sensor.

    The set point (``low_v`` to ``high_v`` V) asks for 0 to ``range`` bar gauge (``gain`` and ``zero`` bar are those of
    its card). Two small solenoid valves move the pilot pressure by ``rise`` and ``fall`` bar/s at most, an integrator
    (``integral`` 1/s, within 0.6 bar, off inside ``dead_band`` bar) trims it until the sensor (times ``sensor_gain``)
    reads the target. Below ``least_supply`` V, or with ``healthy`` 0, both solenoid valves stay shut: the pilot
    chamber keeps its air and loses it in ``bleed_s`` s. ``volts`` is the monitor output. Source: block diagrams of
    electropneumatic regulator sheets.
    """
    ready = less(p.least_supply, r.supply - r.ground) * less(0.5, p.healthy)
    asked = (r.plus - r.minus - p.low_v) / (p.high_v - p.low_v)
    target = clamp(p.gain * asked * p.range + p.zero, 0.0, p.range)
    reading = p.sensor_gain * maximum(r.pressure - ATMOSPHERE_BAR, 0.0)
    error = target - reading
    # The integrator waits until the pilot pressure has arrived: no overshoot from what a slow outlet lacks meanwhile.
    arrived = less(absolute(target + m.trim - m.pilot), _ARRIVED_BAR)
    wrong = arrived * select(less(absolute(error), p.dead_band), 0.0, clamp(error, -_ARRIVED_BAR, _ARRIVED_BAR))
    trim = clamp(m.trim + ready * p.integral * h * wrong, -_TRIM_BAR, _TRIM_BAR)
    # A set point of nothing shuts the loop off: the pilot chamber is emptied.
    wanted = select(less(target, 0.005 * p.range), 0.0, maximum(target + trim, 0.0))
    step = clamp((wanted - m.pilot) * minimum(h / _FOLLOWING_S, 1.0), -p.fall * h, p.rise * h)
    pilot = select(ready, m.pilot + step, m.pilot * maximum(1.0 - h / p.bleed_s, 0.0))
    return {
        "target": target,
        "pilot": pilot,
        "trim": trim,
        "reading": reading,
        "ready": ready,
        "set_pressure": pilot,
        "volts": ready * _FULL_OUTPUT_V * reading / p.range,
    }


explain(
    pressure_loop,
    Text(
        "Boucle de pression : la consigne fixe la pression de pilotage, un intégrateur la corrige jusqu'à ce que le "
        "capteur lise la consigne. Source : schémas-blocs des fiches de régulateurs électropneumatiques.",
        "Pressure loop: the set point gives the pilot pressure, an integrator trims it until the sensor reads the set "
        "point. Source: block diagrams of electropneumatic regulator sheets.",
    ),
    Curve(
        Text("pression demandée selon la consigne", "pressure asked for against the set point"),
        Axis(Text("tension d'entrée", "input voltage"), "V"),
        Axis(Text("pression (relative)", "gauge pressure"), "bar"),
        sweep(0.0, lambda d: d.p.high_v, lambda d, x: d.step(supply=24.0, plus=x)["target"], 41),
    ),
)


def _build(b: Builder, p: Parameters) -> None:
    low, high, ohms = SIGNALS[p["signal"]]
    add_volume(b, "1", 10.0)
    add_volume(b, "2", 15.0)
    b.device(
        "regulator",
        pressure_regulator,
        {"a": "1", "b": "2"},
        {
            "set_pressure": 0.0,
            "conductance": p["conductance"],
            "opening": 1.0,
            "droop": _DROOP_BAR,
            "seat_leak": 0.0,
            "torn": 0.0,
            "relief_gap": _RELIEF_GAP_BAR,
            "relief_conductance": p["exhaust_conductance"],
        },
    )
    add_leak(b, "leak", "2")
    add_plug(b, _SUPPLY_OHM, ohms)
    b.device("monitor", analog_output, {"plus": "X", "minus": "M"}, {"volts": 0.0, "resistance": OUTPUT_OHM})
    b.sample(
        "loop",
        pressure_loop,
        {**plug_reads(b), "pressure": b.across("2")},
        {
            "low_v": low,
            "high_v": high,
            "range": p["range_bar"],
            "zero": 0.0,
            "gain": 1.0,
            "healthy": 1.0,
            "least_supply": _LEAST_SUPPLY_V,
            "sensor_gain": 1.0,
            "rise": p["rate_bar_s"],
            "fall": p["rate_bar_s"],
            "integral": 4.0,
            "dead_band": 0.002 * float(p["range_bar"]),
            "bleed_s": 120.0,
        },
        {"set_pressure": b.parameter("regulator", "set_pressure"), "volts": b.parameter("monitor", "volts")},
    )


def _channels(tag: str, p: Parameters) -> tuple[Channel, ...]:
    full = float(p["range_bar"])
    return (
        Channel("ready", MemoryRef(f"{tag}.loop", "ready"), seen=True, text=Text("LED verte", "green LED")),
        Channel(
            "reading", MemoryRef(f"{tag}.loop", "reading"), 0.0, full, seen=True, text=Text("afficheur", "display")
        ),
        Channel("target", MemoryRef(f"{tag}.loop", "target"), 0.0, full),
        Channel("pressure", NodeRef(f"{tag}:2"), ATMOSPHERE_BAR, ATMOSPHERE_BAR + full),
    )


def _senses(tag: str, p: Parameters, read: Read) -> tuple[Perception, ...]:
    if read(MemoryRef(f"{tag}.loop", "ready")) > 0.5:
        bar = f"{read(MemoryRef(f'{tag}.loop', 'reading')):.2f}"
        seen = Text(f"L'afficheur indique {bar.replace('.', ',')} bar.", f"The display shows {bar} bar.")
    else:
        seen = Text("L'afficheur de la valve est éteint.", "The display of the valve is off.")
    relief = hiss_of(
        relieved_air(tag, read, f"{tag}:2"),
        Text("à l'échappement du régulateur", "at the exhaust of the regulator"),
    )
    where = Text("à l'embase de la valve", "at the base of the valve")
    return (Perception(Sense.LOOK, seen), *relief, *hiss(read, tag, "leak", f"{tag}:2", where))


def _symbol() -> Symbol:
    """Relieving pressure valve with its proportional solenoid above and the feedback of the outlet, dashed."""
    solenoid = (
        Rectangle(6.5, 1.0, 3, 3),
        Line(((6.5, 3.2), (9.5, 1.8))),
        *arrow((5.8, 4.0), (10.2, 0.8), "thin", 0.6),
    )
    return Symbol(
        16,
        12,
        (
            Line(((0, 6), (6, 6))),
            Rectangle(6, 4, 4, 4),
            *arrow((6, 6), (10, 6)),
            Line(((10, 6), (16, 6))),
            Line(((8, 8), (8, 9))),
            *exhaust(8, 9),
            Line(((13, 6), (13, 2.5), (9.5, 2.5)), "dashed"),
            *solenoid,
        ),
        (Pin("1", 0, 6, "w"), Pin("2", 16, 6, "e")),
    )


COMPONENT = Component(
    family="proportional_pressure_valve",
    letter="V",
    purpose="R",
    text=Text("régulateur de pression proportionnel", "proportional pressure valve"),
    sheet=Text(
        "La pression en 2 suit la consigne électrique (0–10 V, ou 4–20 mA). Un capteur interne ferme la boucle ; la "
        "sortie X (0–10 V) recopie la pression mesurée. Sans 24 V la pression reste, puis baisse lentement. Valeurs : "
        "fiche de régulateur électropneumatique 0 à 6 bar, linéarité 1 %, hystérésis 0,5 %.",
        "The pressure at 2 follows the electrical set point (0–10 V, or 4–20 mA). An inner sensor closes the loop; "
        "output X (0–10 V) copies the measured pressure. Without 24 V the pressure stays, then falls slowly. Values: "
        "data sheet of an electropneumatic regulator 0 to 6 bar, linearity 1 %, hysteresis 0.5 %.",
    ),
    parameters=(
        Parameter("signal", Text("signal de consigne", "set point signal"), "", "voltage", choices=tuple(SIGNALS)),
        Parameter("range_bar", Text("pleine échelle (relative)", "full scale (gauge)"), "bar", 6.0, 0.5, 12.0),
        Parameter("conductance", Text("conductance de 1 vers 2", "conductance 1 to 2"), "dm³/(s·bar)", 3.0, 0.05, 50.0),
        Parameter(
            "exhaust_conductance",
            Text("conductance d'échappement", "exhaust conductance"),
            "dm³/(s·bar)",
            2.0,
            0.05,
            50.0,
        ),
        Parameter("rate_bar_s", Text("vitesse de pilotage", "pilot rate"), "bar/s", 20.0, 0.5, 200.0),
    ),
    ports=(Port("1", Domain.PNEUMATIC), Port("2", Domain.PNEUMATIC), *PLUG_PORTS, Port("X", Domain.DC, "optional")),
    build=_build,
    failure_modes=(
        *PLUG_MODES,
        FailureMode(
            "electronics_dead",
            Text("électronique hors service : la pression reste", "electronics dead: the pressure stays"),
            (Effect("loop.healthy", 0.0),),
            onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
        ),
        FailureMode(
            "sensor_drift",
            Text(
                "capteur interne dérivé : la pression réelle est trop haute",
                "inner sensor drifted: real pressure too high",
            ),
            (Effect("loop.sensor_gain", 0.9),),
            onsets=(Onset.GROWING, Onset.SUDDEN),
            rate=1.2,
            degrees=(0.4, 1.0),
        ),
        FailureMode(
            "zero_drift",
            Text("zéro de consigne décalé", "zero of the set point shifted"),
            (Effect("loop.zero", 0.8),),
            Repair.ADJUST,
            (Onset.GROWING, Onset.SUDDEN),
            degrees=(0.4, 1.0),
        ),
        FailureMode(
            "wrong_range",
            Text("mauvaise échelle programmée", "wrong scale programmed"),
            (Effect("loop.gain", 0.5),),
            Repair.ADJUST,
            rate=0.7,
            degrees=(0.5, 1.0),
        ),
        FailureMode(
            "fill_pilot_stuck",
            Text("électrovanne de montée collée", "filling solenoid valve stuck"),
            (Effect("loop.rise", 1e-3, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "exhaust_pilot_stuck",
            Text("électrovanne de descente collée", "exhausting solenoid valve stuck"),
            (Effect("loop.fall", 1e-3, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.SUDDEN, Onset.GROWING, Onset.INTERMITTENT),
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "exhaust_clogged",
            Text("échappement du régulateur colmaté", "exhaust of the regulator clogged"),
            (Effect("regulator.relief_conductance", 0.01, relative=True, logarithmic=True),),
            Repair.CLEAN,
            (Onset.GROWING, Onset.SUDDEN),
            degrees=(0.6, 1.0),
        ),
        FailureMode(
            "monitor_open",
            Text("fil de recopie coupé dans le connecteur", "monitor wire broken in the plug"),
            (Effect("monitor.resistance", OPEN_OHM, logarithmic=True),),
            rate=0.5,
            ports=("X",),
        ),
        *STAGE_MODES,
        leak_mode("leak", Text("joint d'embase coupé", "base seal cut"), "leak", 0.3),
    ),
    channels=_channels,
    signals={
        "reading": lambda tag, p: MemoryRef(f"{tag}.loop", "reading"),
        "target": lambda tag, p: MemoryRef(f"{tag}.loop", "target"),
    },
    senses=_senses,
    symbols={"main": _symbol(), "amplifier": amplifier_symbol("0–10 V", "X")},
)
