"""Control part of a variable-frequency drive: commands, ramps with V/f and brake sequence, trips."""

from __future__ import annotations

import enum
from typing import Any

from etabli.components.curve import Axis, Curve, Piece, explain, sweep
from etabli.physics.expression import absolute, clamp, less, maximum, minimum, select
from etabli.physics.law import Stage, sampled
from etabli.physics.text import Text

INPUTS = ("DI1", "DI2", "DI3", "DI4")
_DI_ON_V, _DI_OFF_V = 11.0, 5.0
_ELECTRONICS_ON_V, _ELECTRONICS_OFF_V = 220.0, 150.0
_SQRT2, _SQRT3 = 2.0**0.5, 3.0**0.5
_STANDSTILL_HZ = 0.05
_RATED_HZ = 50.0
_TRIP_HEAT = 1.25
"""(I / I motor)² in the long run at which the motor image trips: 1.12 times the set current."""
_SLOW_COOLING = 0.7
_FAN_FULL_HZ = 30.0


class Trip(enum.IntEnum):
    """What the display shows after F."""

    NONE = 0
    OVERCURRENT = 1
    EARTH_FAULT = 2
    INPUT_PHASE = 3
    OUTPUT_PHASE = 4
    UNDERVOLTAGE = 5
    OVERVOLTAGE = 6
    OVERTEMPERATURE = 7
    MOTOR_OVERLOAD = 8
    INTERNAL = 9


TRIP_TEXTS = {
    Trip.OVERCURRENT: Text("surintensité", "overcurrent"),
    Trip.EARTH_FAULT: Text("défaut à la terre en sortie", "earth fault at the output"),
    Trip.INPUT_PHASE: Text("perte de phase réseau", "mains phase loss"),
    Trip.OUTPUT_PHASE: Text("perte de phase moteur", "motor phase loss"),
    Trip.UNDERVOLTAGE: Text("sous-tension", "undervoltage"),
    Trip.OVERVOLTAGE: Text("surtension du bus continu", "DC link overvoltage"),
    Trip.OVERTEMPERATURE: Text("surchauffe du variateur", "drive overtemperature"),
    Trip.MOTOR_OVERLOAD: Text("surcharge moteur", "motor overload"),
    Trip.INTERNAL: Text("défaut interne", "internal fault"),
}


@sampled(
    reads=("volts_plus", "volts_minus", "zero", "ai_plus", "ai_minus", "di1", "di2", "di3", "di4"),
    parameters=(
        "speed1_hz",
        "speed2_hz",
        "maximum_hz",
        "analog",
        "analog_gain",
        "dead",
        "dead_1",
        "dead_2",
        "dead_3",
        "dead_4",
    ),
    memory=("powered", "di1", "di2", "di3", "di4", "direction", "target", "reset"),
    writes=("supply_v",),
    stage=Stage.SENSE,
)
def drive_commands(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Terminal block: DI1 forward, DI2 reverse, DI3 second speed, DI4 reset, AI 0-10 V.

    The electronics lives on the DC link (V). Both directions at once ask for nothing. With ``analog`` (0/1) the first
    speed is the analog input's share of ``maximum_hz``; ``analog_gain`` is its drift. ``target`` Hz is signed.
    Thresholds of EN 61131-2 type 1 inputs.
    """
    volts = r.volts_plus - r.volts_minus
    powered = less(select(m.powered, _ELECTRONICS_OFF_V, _ELECTRONICS_ON_V), volts) * less(p.dead, 0.5)
    on = {}
    for k in range(1, 5):
        threshold = select(getattr(m, f"di{k}"), _DI_OFF_V, _DI_ON_V)
        on[f"di{k}"] = powered * less(getattr(p, f"dead_{k}"), 0.5) * less(threshold, getattr(r, f"di{k}") - r.zero)
    analog = clamp((r.ai_plus - r.ai_minus) / 10.0 * p.analog_gain, 0.0, 1.0) * p.maximum_hz
    first = select(less(0.5, p.analog), analog, p.speed1_hz)
    speed = minimum(select(on["di3"], p.speed2_hz, first), p.maximum_hz)
    direction = on["di1"] - on["di2"]
    return {
        "powered": powered,
        **on,
        "direction": direction,
        "target": direction * speed,
        "reset": on["di4"] * (1.0 - m.di4),
        "supply_v": powered * 24.0,
    }


explain(
    drive_commands,
    Text(
        "Bornier du variateur : DI1 avant, DI2 arrière, DI3 seconde vitesse, DI4 réarmement, entrée analogique "
        "0-10 V ; les deux sens à la fois ne demandent rien. Seuils de EN 61131-2 type 1.",
        "Drive terminals: DI1 forward, DI2 reverse, DI3 second speed, DI4 reset, analog input 0-10 V; both directions "
        "at once ask for nothing. Thresholds of EN 61131-2 type 1.",
    ),
    Curve(
        Text("consigne de fréquence selon l'entrée analogique", "frequency set point against the analog input"),
        Axis(Text("tension sur AI", "voltage at AI"), "V"),
        Axis(Text("consigne", "set point"), "Hz"),
        sweep(0.0, 12.0, lambda d, u: d.having(analog=1.0).step(volts_plus=560.0, di1=24.0, ai_plus=u)["target"], 61),
    ),
)


@sampled(
    reads=(
        "powered",
        "charged",
        "direction",
        "target",
        "code",
        "volts_plus",
        "volts_minus",
        "current",
        "power",
        "voltage",
        "energy",
    ),
    parameters=(
        "ramp_up_s",
        "ramp_down_s",
        "maximum_hz",
        "base_hz",
        "rated_v",
        "boost",
        "current_limit_a",
        "brake_logic",
        "brake_open_hz",
        "brake_close_hz",
        "brake_open_a",
        "brake_release_s",
        "brake_engage_s",
        "loss_w_a",
        "standby_w",
        "peak_w",
    ),
    memory=("hertz", "frequency", "running", "brake", "opened_s", "closing_s", "limiting", "voltage", "energy"),
    writes=("volts_per_s", "direction", "on", "link_w"),
    stage=Stage.ACTUATE,
)
def drive_output(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Ramps, current limit, V/f law and brake sequence; ``hertz`` is signed, ``frequency`` its size.

    Ramp times are from 0 to ``maximum_hz``. At the current limit the frequency gives way: down when motoring, up when
    the load drives. V/f: ``boost`` (share of the rated voltage at 0 Hz), straight to ``rated_v`` at ``base_hz``, flat
    above, never more than the DC link can give; the output is led there in a straight line until the next sample. The
    link gives what the output took on average since the last one. With ``brake_logic`` (0/1) the drive magnetises and
    turns at ``brake_open_hz``; once the current has passed ``brake_open_a`` it lets the brake go (``brake`` 1), waits
    ``brake_release_s``, then ramps. To stop it ramps to ``brake_close_hz``, applies the brake, holds the motor for
    ``brake_engage_s`` and cuts. A trip cuts everything at once. Source: functions of hoisting drives in their manuals.
    """
    alive = r.powered * less(r.code, 0.5)
    asked = alive * r.charged * less(0.5, absolute(r.direction))
    logic = less(0.5, p.brake_logic)
    opening = select(m.brake, maximum(less(p.brake_release_s, m.opened_s), 1.0 - logic), 1.0 - logic)
    toward = select(opening, r.target, clamp(r.target, -p.brake_open_hz, p.brake_open_hz))
    slow = select(less(m.hertz, 0.0), -1.0, 1.0) * logic * p.brake_close_hz
    wanted = select(asked, toward, clamp(m.hertz, minimum(slow, 0.0), maximum(slow, 0.0)))
    hertz, limiting = _ramp(r, p, m, h, wanted)
    reached = less(absolute(hertz), logic * p.brake_close_hz + _STANDSTILL_HZ)
    closing_s = select(asked, 0.0, select(reached, m.closing_s + h, m.closing_s))
    hold = select(logic, p.brake_engage_s, 0.0)
    running = alive * maximum(asked, m.running * (1.0 - reached * less(hold, closing_s)))
    at_speed = less(minimum(p.brake_open_hz, absolute(r.target)) - _STANDSTILL_HZ, absolute(hertz))
    release = asked * maximum(m.brake, m.running * at_speed * less(p.brake_open_a, r.current))
    sequence = select(asked, release, m.brake * (1.0 - reached))
    brake = running * select(logic, sequence, 1.0)
    hertz = running * hertz
    # Above the overcurrent level the transistors have cut within microseconds: the link never feeds such a step.
    power = (r.energy - m.energy) / h
    drawn = select(less(p.peak_w, maximum(absolute(power), absolute(r.power))), 0.0, power)
    voltage = running * _phase_voltage(r, p, absolute(hertz))
    return {
        "hertz": hertz,
        "frequency": absolute(hertz),
        "running": running,
        "brake": brake,
        "opened_s": select(brake, m.opened_s + h, 0.0),
        "closing_s": closing_s * running,
        "limiting": running * limiting,
        "voltage": voltage,
        "energy": r.energy,
        "volts_per_s": (voltage - r.voltage) / h,
        "direction": select(less(hertz, 0.0), -1.0, 1.0),
        "on": running,
        "link_w": r.powered * p.standby_w + m.running * (drawn + p.loss_w_a * r.current),
    }


explain(
    drive_output,
    Text(
        "Commande du variateur : rampes, limitation de courant, loi U/f (tension proportionnelle à la fréquence "
        "jusqu'à la fréquence de base, puis constante, avec un surcroît à l'arrêt) et séquence du frein. Source : "
        "notices de variateurs de levage.",
        "Drive control: ramps, current limit, V/f law (voltage in proportion to the frequency up to the base "
        "frequency, then flat, with a boost at standstill) and brake sequence. Source: manuals of hoisting drives.",
    ),
    Curve(
        Text("tension de sortie selon la fréquence (U/f)", "output voltage against frequency (V/f)"),
        Axis(Text("fréquence", "frequency"), "Hz"),
        Axis(Text("tension entre phases", "line voltage"), "V"),
        sweep(0.5, 70.0, lambda d, hz: 3.0**0.5 * _output(d, hz)["voltage"]),
    ),
)


def _output(piece: Piece, hertz: float) -> dict[str, float]:
    """The drive at a steady frequency, its link charged by a 400 V mains."""
    link = 2.0**0.5 * piece.p.rated_v
    memory = {"hertz": hertz, "frequency": hertz, "running": 1.0, "brake": 1.0, "opened_s": 9.0}
    return piece.step(
        memory, powered=1.0, charged=1.0, direction=1.0, target=hertz, volts_plus=link, power=0.0, current=0.0
    )


def _ramp(r: Any, p: Any, m: Any, h: Any, wanted: Any) -> tuple[Any, Any]:
    """Next frequency (Hz, signed) and whether the current limit holds it back."""
    up, down = h * p.maximum_hz / p.ramp_up_s, h * p.maximum_hz / p.ramp_down_s
    sign = select(less(m.hertz, 0.0), -1.0, 1.0)
    # Away from zero the ramp is the one up, towards zero the one down.
    speeding = less(0.0, (wanted - m.hertz) * sign)
    step = select(speeding, up, down)
    ramped = m.hertz + clamp(wanted - m.hertz, -step, step)
    limiting = less(p.current_limit_a, r.current) * m.running
    motoring = less(0.0, r.power)
    given_way = m.hertz - sign * select(motoring, 1.0, -1.0) * minimum(up, 0.5)
    held = clamp(given_way, -p.maximum_hz, p.maximum_hz)
    return select(limiting, held, ramped), limiting


def _phase_voltage(r: Any, p: Any, frequency: Any) -> Any:
    """RMS phase voltage for a frequency (Hz, positive)."""
    share = minimum(frequency / p.base_hz, 1.0)
    line = p.rated_v * (p.boost + (1.0 - p.boost) * share)
    return minimum(line, (r.volts_plus - r.volts_minus) / _SQRT2) / _SQRT3


@sampled(
    reads=(
        "powered",
        "charged",
        "running",
        "frequency",
        "reset",
        "volts_plus",
        "volts_minus",
        "unbalanced_s",
        "current_u",
        "current_v",
        "current_w",
        "earth",
    ),
    parameters=(
        "motor_a",
        "overcurrent_a",
        "earth_a",
        "phase_loss_s",
        "undervoltage_v",
        "overvoltage_v",
        "hot_c",
        "ambient_c",
        "heatsink_j_k",
        "cooling_w_k",
        "loss_w_a",
        "standby_w",
        "thermal_s",
        "sensor",
        "broken",
    ),
    memory=("code", "healthy", "heatsink_c", "motor_heat", "output_s", "earth_s", "current"),
    stage=Stage.PROTECT,
)
def drive_trips(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Protections; ``code`` is a :class:`Trip`, kept until a reset edge or a power cycle.

    Overcurrent at once, named an earth fault where it leaves by the earth; earth current 20 ms; a mains phase missing
    ``phase_loss_s`` while running; a motor phase with less than a tenth of the others for 0.5 s; DC link too low or too
    high; heatsink above ``hot_c`` (one heat capacity, losses of the sheet); motor image ``(I/Im)²`` with one time
    constant, a self-cooled motor bearing less below 30 Hz. ``sensor`` is the gain of the current sensors, ``broken``
    (0/1) a failed self-test. Source: protection functions and times of drive manuals (EN 61800-5-1).
    """
    currents = [p.sensor * x for x in (r.current_u, r.current_v, r.current_w)]
    largest = maximum(maximum(currents[0], currents[1]), currents[2])
    smallest = minimum(minimum(currents[0], currents[1]), currents[2])
    volts = r.volts_plus - r.volts_minus
    lost = r.running * less(smallest, 0.1 * largest) * less(0.2 * p.motor_a, largest)
    output_s = select(lost, m.output_s + h, 0.0)
    too_much = less(p.overcurrent_a, largest)
    to_earth = p.sensor * r.earth
    earth_s = select(less(p.earth_a, to_earth), m.earth_s + h, 0.0)
    loss = r.powered * p.standby_w + p.loss_w_a * largest
    heatsink = m.heatsink_c + h * (loss - p.cooling_w_k * (m.heatsink_c - p.ambient_c)) / p.heatsink_j_k
    cooled = _SLOW_COOLING + (1.0 - _SLOW_COOLING) * minimum(r.frequency / _FAN_FULL_HZ, 1.0)
    load = largest / (p.motor_a * cooled)
    motor_heat = m.motor_heat + (h / p.thermal_s) * (load * load - m.motor_heat)
    causes = (
        (Trip.MOTOR_OVERLOAD, less(_TRIP_HEAT, motor_heat)),
        (Trip.OUTPUT_PHASE, less(0.5, output_s)),
        (Trip.OVERTEMPERATURE, less(p.hot_c, heatsink)),
        (Trip.UNDERVOLTAGE, r.running * less(volts, p.undervoltage_v)),
        (Trip.INPUT_PHASE, r.running * less(p.phase_loss_s, r.unbalanced_s)),
        (Trip.OVERVOLTAGE, less(p.overvoltage_v, volts)),
        (Trip.OVERCURRENT, too_much),
        (
            Trip.EARTH_FAULT,
            maximum(less(0.02, earth_s), less(p.overcurrent_a, largest) * less(0.3 * largest, to_earth)),
        ),
        (Trip.INTERNAL, less(0.5, p.broken)),
    )
    cause: Any = 0.0
    for trip, present in causes:
        cause = select(present, float(trip), cause)
    kept = select(less(0.5, m.code) * (1.0 - r.reset), m.code, cause)
    code = r.powered * kept
    return {
        "code": code,
        "healthy": r.powered * less(code, 0.5),
        "heatsink_c": heatsink,
        "motor_heat": motor_heat,
        "output_s": output_s,
        "earth_s": earth_s,
        "current": largest,
    }


explain(
    drive_trips,
    Text(
        "Protections du variateur : surintensité, défaut de terre, phase manquante, sous- et surtension du bus, "
        "surchauffe, surcharge du moteur (I²t). Un défaut reste affiché jusqu'au réarmement. Source : notices de "
        "variateurs.",
        "Drive protections: overcurrent, earth fault, missing phase, under- and overvoltage of the link, "
        "overtemperature, motor overload (I²t). A trip stays until it is reset. Source: drive manuals.",
    ),
    Curve(
        Text("temps de déclenchement en surcharge du moteur", "tripping time for a motor overload"),
        Axis(Text("courant / courant du moteur", "current / motor current"), logarithmic=True),
        Axis(Text("temps", "time"), "s", logarithmic=True),
        sweep(1.1, 3.0, lambda d, x: _overload_time(d, x), 12, logarithmic=True),
    ),
)


def _overload_time(piece: Piece, load: float) -> float | None:
    """Seconds until the drive trips with ``load`` times the motor's current in the three phases, at 50 Hz."""
    amps, link = load * piece.sound.p.motor_a, 0.5 * (piece.p.undervoltage_v + piece.p.overvoltage_v)
    start = piece.start() | {"heatsink_c": piece.p.ambient_c}
    reads = {"powered": 1.0, "charged": 1.0, "running": 1.0, "frequency": 50.0, "volts_plus": link}
    currents = {"current_u": amps, "current_v": amps, "current_w": amps}
    return piece.time_until(lambda found: found["code"] > 0.5, 1800.0, start, **reads, **currents)
