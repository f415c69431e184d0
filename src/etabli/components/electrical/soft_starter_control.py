"""Control of a soft starter: sequence, firing of the thyristors as seen by the fundamental, trips."""

from __future__ import annotations

from typing import Any

from etabli.components.curve import SECONDS, Axis, Curve, explain, sweep
from etabli.physics.expression import Phasor, absolute, clamp, less, maximum, minimum, select, sqrt
from etabli.physics.law import Stage, sampled
from etabli.physics.text import Text

LEG_READS = tuple(f"{side}{k}_{part}" for k in (1, 2, 3) for side in ("in", "out") for part in ("re", "im"))
"""Voltages on both sides of the three legs."""

OFF_OHM = 1e6
"""Leakage and snubber of thyristors that are not fired."""
_MOST_REACTANCE = 1e4
_LEAST_R_OVER_X = 0.011
_BYPASS_OHM = 2e-3
_A, _A2 = Phasor(-0.5, 0.75**0.5), Phasor(-0.5, -(0.75**0.5))
_LIVE_V = 16.0
_ON_V, _OFF_V = 11.0, 5.0
_ALIVE = 0.4
_LAG_S = 0.02
_FULL_AFTER_S = 0.2


@sampled(
    reads=("a1", "a2", "st", "tripped", "limiting"),
    parameters=("start_share", "ramp_up_s", "ramp_down_s", "dead"),
    memory=("powered", "order", "running", "share", "full_s", "full"),
    stage=Stage.SENSE,
)
def starter_sequence(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Voltage ramp: ``share`` of the line voltage asked for, from ``start_share`` to 1 and back.

    The ramp waits while the current limit acts. ``full`` (bypass) once the full voltage has been there for 0.2 s
    without the limit; it opens again for a soft stop. 24 V inputs of EN 61131-2 type 1. Source: starting and stopping
    sequences of soft starter manuals (EN 60947-4-2, method of operation with bypass).
    """
    powered = less(_LIVE_V, r.a1 - r.a2) * less(p.dead, 0.5)
    order = powered * less(select(m.order, _OFF_V, _ON_V), r.st - r.a2) * less(r.tripped, 0.5)
    rise = (1.0 - p.start_share) * h / p.ramp_up_s * less(r.limiting, 0.5)
    fall = (1.0 - p.start_share) * h / p.ramp_down_s
    up = select(m.running, minimum(m.share + rise, 1.0), p.start_share)
    share = select(order, up, m.share - fall)
    running = powered * less(r.tripped, 0.5) * maximum(order, m.running * less(p.start_share, share))
    settled = order * less(0.999, share) * less(r.limiting, 0.5)
    full_s = select(settled, minimum(m.full_s + h, 1e3), 0.0)
    full = running * order * maximum(less(_FULL_AFTER_S, full_s), m.full)
    return {
        "powered": powered,
        "order": order,
        "running": running,
        "share": running * share,
        "full_s": full_s,
        "full": full,
    }


explain(
    starter_sequence,
    Text(
        "Démarreur progressif : la part de la tension monte en rampe, attend la limitation de courant, puis le "
        "contournement se ferme. Source : EN 60947-4-2.",
        "Soft starter: the share of the voltage rises along a ramp, waits for the current limit, then the bypass "
        "closes. Source: EN 60947-4-2.",
    ),
    Curve(
        Text("part de la tension pendant le démarrage", "share of the voltage during a start"),
        SECONDS,
        Axis(Text("part de la tension", "share of the voltage"), "%"),
        sweep(
            0.0,
            lambda d: 1.4 * d.p.ramp_up_s,
            lambda d, t: 100.0 * d.held(max(t, 1e-3), d.start(), 50, a1=24.0, st=24.0)["share"],
            36,
        ),
    ),
)


@sampled(
    reads=(*LEG_READS, "share", "bypass"),
    parameters=(
        "on_ohm",
        "rated_a",
        "limit_a",
        "shorted_1",
        "shorted_2",
        "shorted_3",
        "cut_1",
        "cut_2",
        "cut_3",
        "bypass_dead",
    ),
    memory=("fired", "reactance", "ohm", "limiting", "bypassed", "current_1", "current_2", "current_3"),
    writes=("ohm_1", "ohm_2", "ohm_3", "reactance_1", "reactance_2", "reactance_3"),
    stage=Stage.SWITCH,
)
def firing(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Phase control as the fundamental sees it: late firing delays the current, a series reactance X in each line.

    The line then carries the motor's own current and no active power is lost but in ``on_ohm``, as with real
    thyristors. X is what gives the asked share of the voltage on the motor's impedance Z (positive sequence, measured
    a step before): ``|Z + R + jX| = |Z| / share``, and at least what keeps the current at ``limit_a``. ``shorted_k``
    (0/1) conducts for ever, ``cut_k`` (0/1) is not fired; the bypass takes over the current unless ``bypass_dead``
    (0/1). Source: fundamental-frequency equivalent of three-phase AC voltage controllers (Mohan, Power Electronics).
    """
    lines, motors = _sides(r)
    fired = less(0.01, r.share)
    measured = m.fired
    line, motor = _positive(lines), _positive(motors)
    admittance = _safe_inverse(Phasor(m.ohm, m.reactance))  # nothing is fired before the first step: no impedance yet
    current = (line - motor) * admittance
    volts = sqrt(line.squared())
    guess = Phasor(0.3 * volts, 0.3 * volts).scaled(1.0 / (3.0 * p.rated_a))
    ratio = motor * _safe_inverse(current)
    z = Phasor(select(measured, ratio.re, guess.re), select(measured, ratio.im, guess.im))
    share = maximum(r.share, 0.01)
    real = z.re + p.on_ohm
    ramp = _series(sqrt(z.squared()) / share, real, z.im)
    limit = _series(volts / p.limit_a, real, z.im)
    reactance = clamp(maximum(ramp, limit), 0.0, _MOST_REACTANCE)
    ohm = maximum(p.on_ohm, _LEAST_R_OVER_X * reactance)
    bypassed = less(0.8, r.bypass) * less(p.bypass_dead, 0.5)
    written: dict[str, Any] = {
        "fired": fired,
        "reactance": reactance,
        "ohm": ohm,
        "limiting": fired * less(ramp + 1e-3, limit) * less(1e-3, limit),
        "bypassed": bypassed,
    }
    for k, (top, bottom) in enumerate(zip(lines, motors, strict=True), 1):
        conducts = maximum(less(0.5, getattr(p, f"shorted_{k}")), bypassed)
        driven = fired * less(getattr(p, f"cut_{k}"), 0.5)
        written[f"ohm_{k}"] = select(conducts, _BYPASS_OHM, select(driven, ohm, OFF_OHM))
        written[f"reactance_{k}"] = (1.0 - conducts) * driven * reactance
        through = sqrt(((top - bottom) * admittance).squared())
        seen = fired * (1.0 - bypassed) * less(getattr(p, f"shorted_{k}"), 0.5) * less(getattr(p, f"cut_{k}"), 0.5)
        written[f"current_{k}"] = seen * measured * through
    return written


explain(
    firing,
    Text(
        "Commande de phase vue du fondamental : une réactance en série qui laisse au moteur la tension voulue et tient "
        "le courant sous sa limite. Source : manuels d'électronique de puissance.",
        "Phase control seen by the fundamental: a series reactance that leaves the wanted voltage to the motor and "
        "holds the current under its limit. Source: power electronics textbooks.",
    ),
)


def _sides(r: Any) -> tuple[list[Phasor], list[Phasor]]:
    lines, motors = (
        [Phasor(getattr(r, f"{side}{k}_re"), getattr(r, f"{side}{k}_im")) for k in (1, 2, 3)] for side in ("in", "out")
    )
    return lines, motors


def _positive(u: list[Phasor]) -> Phasor:
    return (u[0] + _A * u[1] + _A2 * u[2]).scaled(1.0 / 3.0)


def _safe_inverse(x: Phasor) -> Phasor:
    d = 1.0 / maximum(x.squared(), 1e-12)
    return Phasor(x.re * d, -(x.im * d))


def _series(total: Any, real: Any, imaginary: Any) -> Any:
    """Reactance that brings ``real + j imaginary`` to the modulus ``total``; negative where it is there already."""
    return sqrt(maximum(total * total - real * real, 0.0)) - imaginary


@sampled(
    reads=(
        *LEG_READS,
        "current_1",
        "current_2",
        "current_3",
        "powered",
        "running",
        "full",
        "bypassed",
    ),
    parameters=(
        "on_ohm",
        "rated_v",
        "longest_s",
        "hot_c",
        "ambient_c",
        "heatsink_j_k",
        "cooling_w_k",
        "offset_k",
        "reset",
    ),
    memory=("phase_s", "shorted_s", "starting_s", "heatsink_c", "code", "tripped"),
    stage=Stage.PROTECT,
)
def starter_trips(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Trips: 1 phase loss, 2 shorted thyristor, 3 start longer than ``longest_s``, 4 heatsink above ``hot_c``.

    A phase is lost when a line voltage is missing or a leg carries a tenth of the others while the ramp runs. At rest
    every leg must hold voltage: one that shows less than a twentieth of it conducts. The heatsink is one heat capacity
    that takes ``on_ohm I²`` of the legs that are not bypassed. ``offset_k`` is the drift of its measurement, ``reset``
    (0/1) the button. Source: trips of soft starter manuals (EN 60947-4-2).
    """
    lines, motors = _sides(r)
    between = [(lines[k] - lines[(k + 1) % 3]).squared() for k in range(3)]
    least, most = minimum(minimum(*between[:2]), between[2]), maximum(maximum(*between[:2]), between[2])
    alive = less((_ALIVE * _ALIVE) * p.rated_v * p.rated_v, most)
    missing = alive * less(least, 0.56 * most)
    currents = [r.current_1, r.current_2, r.current_3]
    low, high = minimum(minimum(*currents[:2]), currents[2]), maximum(maximum(*currents[:2]), currents[2])
    ramping = r.running * (1.0 - r.bypassed)
    uneven = ramping * less(low, 0.1 * high) * less(1e-3, high)
    phase_s = select(maximum(missing * r.running, uneven), m.phase_s + h, 0.0)
    held = [(a - c).squared() for a, c in zip(lines, motors, strict=True)]
    passing = less(minimum(minimum(*held[:2]), held[2]), 0.0025 * p.rated_v * p.rated_v)
    shorted_s = select(r.powered * (1.0 - r.running) * alive * passing, m.shorted_s + h, 0.0)
    starting_s = select(r.running * (1.0 - r.full), m.starting_s + h, 0.0)
    watts = p.on_ohm * ((currents[0] * currents[0] + currents[1] * currents[1]) + currents[2] * currents[2])
    rate = h / p.heatsink_j_k
    heatsink = (m.heatsink_c + rate * (watts + p.cooling_w_k * p.ambient_c)) / (1.0 + rate * p.cooling_w_k)
    seen_c = heatsink + p.offset_k
    code = select(less(1.0, phase_s), 1.0, 0.0)
    code = select(less(1.0, shorted_s), 2.0, code)
    code = select(less(p.longest_s, starting_s), 3.0, code)
    code = select(less(p.hot_c, seen_c), 4.0, code)
    kept = r.powered * less(p.reset, 0.5) * m.code
    code = select(less(0.5, absolute(kept)), kept, r.powered * code)
    return {
        "phase_s": phase_s,
        "shorted_s": shorted_s,
        "starting_s": starting_s,
        "heatsink_c": heatsink,
        "code": code,
        "tripped": less(0.5, code),
    }


explain(
    starter_trips,
    Text(
        "Défauts du démarreur : phase absente, thyristor en court-circuit, démarrage trop long, surchauffe. "
        "Source : notices de démarreurs, EN 60947-4-2.",
        "Trips of the starter: phase loss, shorted thyristor, start too long, overheating. "
        "Source: manuals of soft starters, EN 60947-4-2.",
    ),
)
