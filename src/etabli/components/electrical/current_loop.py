"""4-20 mA loops: what every two-wire transmitter shares."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder, Effect, FailureMode, Onset
from etabli.components.curve import explain
from etabli.components.electrical.conductor import OPEN_OHM, dc_pole
from etabli.physics.expression import clamp, maximum
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.text import Text

LOW_A, HIGH_A = 0.004, 0.020
LEAST_A, MOST_A = 0.0036, 0.0215
"""Alarm and saturation currents of NAMUR NE 43."""

COUNT_A = (HIGH_A - LOW_A) / 4096
"""Resolution of the output stage of a transmitter: 12 bits over 4 to 20 mA (sheets: 12 to 16)."""

_WAKE_V = 8.0  # the electronics need this voltage at full current


@law({"a": Domain.DC, "b": Domain.DC}, ("current", "wake"), ("current",))
def loop_sink(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A two-wire transmitter: draws ``current`` A once the voltage across it passes ``wake`` V, less below.

    Source: Norton sink with a smooth foot; state ``current`` in A, from ``a`` to ``b``.
    """
    drop = v.a - v.b
    foot = drop / (p.wake + maximum(drop, 0.0) * 0.05)
    i = p.current * clamp(foot, 0.0, 1.0) + 1e-6 * drop
    return {"a": i, "b": -i}, {"current": i}


explain(
    loop_sink,
    Text(
        "Transmetteur deux fils : absorbe son courant dès qu'il a assez de tension. Source : charge de boucle des "
        "fiches de transmetteurs.",
        "Two-wire transmitter: draws its current as soon as it has voltage enough. Source: loop load of transmitter "
        "sheets.",
    ),
)


@law({"a": Domain.DC, "b": Domain.DC}, ("current", "conductance"))
def measuring_source(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Measuring current of an instrument: ``current`` A out of ``a``, back at ``b``, shunted by ``conductance`` S.

    Source: Norton equivalent of a measuring bridge or current source.
    """
    i = p.current - p.conductance * (v.a - v.b)
    return {"a": -i, "b": i}, {}


explain(
    measuring_source,
    Text(
        "Courant de mesure d'un appareil, avec sa conductance interne. Source : équivalent de Norton d'un "
        "pont de mesure.",
        "Measuring current of an instrument, with its inner conductance. Source: Norton equivalent of a bridge.",
    ),
    plain=True,
)


def add_loop(b: Builder) -> None:
    """Devices ``wire`` and ``loop`` between the ports + and -; a sampled law writes ``loop.current``."""
    b.device("wire", dc_pole, {"a": "+", "b": "inside"}, {"resistance": 1.0})
    b.device("loop", loop_sink, {"a": "inside", "b": "-"}, {"current": LOW_A, "wake": _WAKE_V})


LOOP_OPEN = FailureMode(
    "open",
    Text("électronique coupée (0 mA)", "electronics open (0 mA)"),
    (Effect("wire.resistance", OPEN_OHM, logarithmic=True),),
    onsets=(Onset.SUDDEN, Onset.INTERMITTENT),
)
ZERO_SHIFTED = FailureMode(
    "zero_shifted",
    Text("zéro dérivé vers le haut", "zero drifted up"),
    (Effect("cell.zero", 0.006),),
    onsets=(Onset.GROWING, Onset.SUDDEN),
    degrees=(0.5, 1.0),
)
SPAN_LOW = FailureMode(
    "span_low",
    Text("gain dérivé vers le bas", "span drifted down"),
    (Effect("cell.gain", 0.3),),
    onsets=(Onset.GROWING, Onset.SUDDEN),
    rate=0.7,
    degrees=(0.5, 1.0),
)
"""Failure modes of any transmitter whose measuring law is the sampled device ``cell`` (parameters zero A, gain)."""
