"""Power part of a variable-frequency drive: rectifier, DC link with its chopper, inverter.

Three islands that exchange sampled values: what the mains sees, the DC link, and the output, whose phasors turn at the
drive's own frequency. What crosses is energy: each side adds up what it gives, and the next one takes the mean over the
step, so that nothing is gained or lost whatever the step. The control of a real drive runs a thousand times a second or
more: between two samples the output goes on along its ramp.
"""

from __future__ import annotations

from typing import Any

from etabli.components.curve import Axis, Curve, explain, sweep
from etabli.physics.expression import Phasor, clamp, knee, less, maximum, minimum, select, sqrt
from etabli.physics.law import Domain, Flows, Stage, States, law, sampled
from etabli.physics.text import Text

_SIN_120 = 0.75**0.5
_LEAST_RIPPLE_V = 0.2
_RIPPLE_SHARE = 0.045
"""What the mean of six pulses is below their peak: 1 - 3 / pi."""
_CHOPPER_KNEE_V = 5.0
_POWER_FLOOR_V = 50.0
_CONVERTER_LAG_S = 0.02
_MOST_INPUT_S = 0.5
_LEAST_INPUT_S = 1e-8
_SQRT2 = 2.0**0.5
BALANCED_SHARE = 0.75
"""Smallest over largest line voltage below which a phase counts as missing."""


@law(
    {"l1": Domain.AC, "l2": Domain.AC, "l3": Domain.AC},
    ("conductance", "distortion"),
    ("current_1", "current_2", "current_3"),
)
def rectifier_input(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """What the mains sees of a diode rectifier: a delta of ``conductance`` (S) that takes its active power.

    A rectifier draws current in peaks. ``distortion`` is the rest of that current over its active part; phasors have no
    harmonics, so it stands here as a lagging current of the same RMS value (power factor = 1 / sqrt(1 + d²), 0.7 with a
    line choke in drive sheets). States: RMS line currents, A.
    """
    y = Phasor(p.conductance, -p.conductance * p.distortion)
    i12, i23, i31 = (v.l1 - v.l2) * y, (v.l2 - v.l3) * y, (v.l3 - v.l1) * y
    one, two, three = i12 - i31, i23 - i12, i31 - i23
    return {"l1": one, "l2": two, "l3": three}, {
        "current_1": sqrt(one.squared()),
        "current_2": sqrt(two.squared()),
        "current_3": sqrt(three.squared()),
    }


explain(
    rectifier_input,
    Text(
        "Entrée du redresseur vue du réseau : la puissance active prise, et un courant déformé de même valeur "
        "efficace. Source : fiches de variateurs avec self de ligne (facteur de puissance 0,7).",
        "What the mains sees of the rectifier: the active power that is taken, and a distorted current of the same "
        "RMS value. Source: drive sheets with a line choke (power factor 0.7).",
    ),
)


@law(
    {"plus": Domain.DC, "minus": Domain.DC},
    ("emf", "conductance", "capacitance", "power", "leak", "chopper_v", "chopper_s"),
    ("rectified", "charge", "braking", "taken"),
)
def dc_link(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """DC link between ``plus`` and ``minus``: rectifier in, capacitor, discharge resistor, inverter and chopper out.

    ``emf`` V, the peak of the pulses, behind ``conductance`` S through diodes: unloaded the link follows the peaks
    (1.41 times the RMS line voltage), under load the mean of six pulses (1.35 times), in between the diodes conduct
    for a part of each pulse. ``capacitance`` F, ``power`` W that the inverter takes (negative when the motor gives
    back), ``leak`` S of the discharge resistor, ``chopper_s`` S of the braking resistor, which the chopper
    regulates above ``chopper_v``. States: rectified current A, ``charge`` C, braking current A, ``taken`` J from
    the rectifier.
    Source: DC-link circuit diagrams and power balance of V/f drives; bridges with capacitive filter (Mohan, Power
    Electronics).
    """
    u = v.plus - v.minus
    below = maximum(p.emf - u, 0.0)
    rectified = p.conductance * below * below / (below + _RIPPLE_SHARE * p.emf + _LEAST_RIPPLE_V)
    inverter = p.power * u / (u * u + _POWER_FLOOR_V * _POWER_FLOOR_V)
    # The chopper's duty grows from 0 to 1 over twenty volts above its threshold.
    duty = minimum(knee(u - p.chopper_v, _CHOPPER_KNEE_V) / 20.0, 1.0)
    braking = p.chopper_s * duty * u
    charge = p.capacitance * u
    out = rectified - inverter - braking - p.leak * u - (charge - s.charge) / ah
    return {"plus": -out, "minus": out}, {
        "rectified": rectified,
        "charge": charge,
        "braking": braking,
        "taken": s.taken + ah * (u * rectified),
    }


explain(
    dc_link,
    Text(
        "Bus continu : redresseur, condensateur, résistance de décharge, onduleur et hacheur de freinage, qui "
        "absorbe l'énergie au-dessus de son seuil. Source : schémas et bilan de puissance des variateurs U/f.",
        "DC link: rectifier, capacitor, discharge resistor, inverter and braking chopper, which absorbs energy above "
        "its threshold. Source: circuit diagrams and power balance of V/f drives.",
    ),
    Curve(
        Text("puissance absorbée par la résistance de freinage", "power taken by the braking resistor"),
        Axis(Text("tension du bus", "link voltage"), "V"),
        Axis(Text("puissance", "power"), "kW"),
        sweep(
            lambda d: d.p.chopper_v - 60.0,
            lambda d: d.p.chopper_v + 40.0,
            lambda d, u: u * d.answer(plus=u)[1]["braking"] * 1e-3,
            80,
        ),
    ),
)


@law(
    {"u": Domain.AC, "v": Domain.AC, "w": Domain.AC},
    ("volts_per_s", "direction", "resistance", "leg_u", "leg_v", "leg_w", "on"),
    ("current_u", "current_v", "current_w", "earth", "power", "voltage", "energy"),
)
def inverter(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Three-phase source against earth (the mains neutral is earthed): fundamental of the pulse pattern.

    ``volts_per_s`` slope of its voltage, ``direction`` 1 or -1 (V and W exchanged), ``resistance`` of a transistor pair
    in ohm, ``leg_x`` what a broken leg adds, ``on`` 0 or 1. States: RMS currents and earth current (the sum of the
    three) in A, ``power`` W that comes out of the transistors, ``voltage`` V RMS phase to neutral, ``energy`` J that
    came out so far.
    """
    voltage = s.voltage + ah * p.volts_per_s
    side = voltage * (_SIN_120 * p.direction)
    emfs = (Phasor(voltage, 0.0), Phasor(-0.5 * voltage, -side), Phasor(-0.5 * voltage, side))
    ohms = (p.resistance + p.leg_u, p.resistance + p.leg_v, p.resistance + p.leg_w)
    i = [(node - e).scaled(p.on / r) for node, e, r in zip((v.u, v.v, v.w), emfs, ohms, strict=True)]
    power = -sum((e.re * a.re + e.im * a.im for e, a in zip(emfs[1:], i[1:], strict=True)), emfs[0].re * i[0].re)
    return {"u": i[0], "v": i[1], "w": i[2]}, {
        "current_u": sqrt(i[0].squared()),
        "current_v": sqrt(i[1].squared()),
        "current_w": sqrt(i[2].squared()),
        "earth": sqrt((i[0] + i[1] + i[2]).squared()),
        "power": power,
        "voltage": voltage,
        "energy": s.energy + ah * power,
    }


explain(
    inverter,
    Text(
        "Onduleur : source triphasée derrière la résistance d'une paire de transistors (fondamental de la MLI).",
        "Inverter: a three-phase source behind the resistance of a pair of transistors (fundamental of the PWM).",
    ),
)


MAINS_READS = ("l1_re", "l1_im", "l2_re", "l2_im", "l3_re", "l3_im")


@sampled(
    reads=(*MAINS_READS, "volts_plus", "volts_minus", "taken"),
    parameters=("source_ohm", "ripple_ohm", "precharge_ohm", "rated_v"),
    memory=("charged", "unbalanced_s", "input", "taken"),
    writes=("emf", "conductance", "input_s"),
    stage=Stage.SENSE,
)
def rectifier(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Diode bridge with precharge: the peak of the largest line voltage behind the ohms of its ripple and chokes.

    With three phases the source is ``source_ohm``; with one missing, the capacitor feeds the load between the peaks and
    its mean voltage falls by T/2C times the current: ``ripple_ohm`` more. The precharge resistor is bridged
    (``charged``) above 85 % of the peak and comes back below half of the rated DC voltage. ``unbalanced_s``: for how
    long a phase has been missing. ``input`` is the conductance shown to the mains, from the mean power over the step.
    Source: uncontrolled bridges with capacitive filter (Mohan, Power Electronics), precharge of drive manuals.
    """
    squares = [
        _square(r.l1_re - r.l2_re, r.l1_im - r.l2_im),
        _square(r.l2_re - r.l3_re, r.l2_im - r.l3_im),
        _square(r.l3_re - r.l1_re, r.l3_im - r.l1_im),
    ]
    largest = sqrt(maximum(maximum(squares[0], squares[1]), squares[2]))
    smallest = sqrt(minimum(minimum(squares[0], squares[1]), squares[2]))
    share = smallest / maximum(largest, 1.0)
    emf, volts = _SQRT2 * largest, r.volts_plus - r.volts_minus
    missing = clamp(2.0 * (1.0 - share), 0.0, 1.0)
    back, there = 0.5 * _SQRT2 * p.rated_v, maximum(0.85 * emf, 0.6 * _SQRT2 * p.rated_v)
    charged = less(select(m.charged, back, there), volts)
    source = select(charged, p.source_ohm + missing * p.ripple_ohm, p.precharge_ohm)
    power = maximum(r.taken - m.taken, 0.0) / h
    wanted = clamp(power / maximum(squares[0] + squares[1] + squares[2], 1e3), _LEAST_INPUT_S, _MOST_INPUT_S)
    shown = m.input + clamp(h / _CONVERTER_LAG_S, 0.0, 1.0) * (wanted - m.input)
    unbalanced = less(share, BALANCED_SHARE) * less(0.3 * p.rated_v, largest)
    return {
        "charged": charged,
        "unbalanced_s": select(unbalanced, m.unbalanced_s + h, 0.0),
        "input": shown,
        "taken": r.taken,
        "emf": emf,
        "conductance": 1.0 / source,
        "input_s": maximum(shown, _LEAST_INPUT_S),
    }


explain(
    rectifier,
    Text(
        "Pont de diodes avec précharge : crête de la plus grande tension composée ; une phase manquante ajoute "
        "l'ondulation. Source : ponts à condensateur (Mohan, Power Electronics), notices de variateurs.",
        "Diode bridge with precharge: peak of the largest line voltage; a missing phase adds ripple. Source: bridges "
        "with capacitive filter (Mohan, Power Electronics), drive manuals.",
    ),
)


def _square(re: Any, im: Any) -> Any:
    return re * re + im * im
