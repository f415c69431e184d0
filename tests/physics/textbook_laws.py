"""Textbook laws for the tests of the solver: it must solve laws that it has never seen."""

from __future__ import annotations

from typing import Any

from etabli.physics.expression import Phasor, less, maximum, positive, select, sqrt
from etabli.physics.law import Domain, Stage, law, sampled

DC, AC, LINE, TURN, OIL = Domain.DC, Domain.AC, Domain.TRANSLATION, Domain.ROTATION, Domain.HYDRAULIC


@law({"a": DC, "b": DC}, ("ohms",))
def textbook_resistor(v: Any, p: Any, s: Any, ah: Any) -> Any:
    i = (v.a - v.b) / p.ohms
    return {"a": i, "b": -i}, {}


@law({"a": DC, "b": DC}, ("farads",), ("charge",))
def textbook_capacitor(v: Any, p: Any, s: Any, ah: Any) -> Any:
    charge = p.farads * (v.a - v.b)
    i = (charge - s.charge) / ah
    return {"a": i, "b": -i}, {"charge": charge}


@law({"a": DC, "b": DC}, ("henries", "ohms"), ("current",))
def textbook_inductor(v: Any, p: Any, s: Any, ah: Any) -> Any:
    i = (s.current * p.henries + ah * (v.a - v.b)) / (p.henries + ah * p.ohms)
    return {"a": i, "b": -i}, {"current": i}


@law({"plus": DC, "minus": DC}, ("volts", "ohms"))
def textbook_source(v: Any, p: Any, s: Any, ah: Any) -> Any:
    i = (v.plus - v.minus - p.volts) / p.ohms
    return {"plus": i, "minus": -i}, {}


@law({"anode": DC, "cathode": DC}, ("threshold", "ohms"))
def textbook_diode(v: Any, p: Any, s: Any, ah: Any) -> Any:
    u = v.anode - v.cathode
    i = positive(u - p.threshold, 1e-3) / p.ohms + 1e-9 * u
    return {"anode": i, "cathode": -i}, {}


@law({"a": AC, "b": AC}, ("ohms", "reactance"))
def textbook_impedance(v: Any, p: Any, s: Any, ah: Any) -> Any:
    i = (v.a - v.b) * Phasor(p.ohms, p.reactance).inverse()
    return {"a": i, "b": -i}, {}


@law({"line": AC}, ("re", "im", "ohms"))
def textbook_phase(v: Any, p: Any, s: Any, ah: Any) -> Any:
    i = (v.line - Phasor(p.re, p.im)).scaled(1.0 / p.ohms)
    return {"line": i}, {}


@law({"v": LINE}, ("mass", "stiffness", "coulomb", "stretch"), ("momentum", "position"), friction=("v",))
def textbook_oscillator(v: Any, p: Any, s: Any, ah: Any) -> Any:
    position = s.position + ah * v.v
    momentum = p.mass * v.v
    friction = p.coulomb * v.v / sqrt(v.v * v.v + 1e-8)
    pull = p.stiffness * (position - p.stretch) + friction
    return {"v": (momentum - s.momentum) / ah + pull}, {"momentum": momentum, "position": position}


@law({"a": OIL, "b": OIL}, ("gain",))
def textbook_throttle(v: Any, p: Any, s: Any, ah: Any) -> Any:
    dp = v.a - v.b
    q = p.gain * dp / sqrt(sqrt(dp * dp + 1e-2))
    return {"a": q, "b": -q}, {}


@law({"a": OIL}, ("compliance",), ("volume",))
def textbook_oil_volume(v: Any, p: Any, s: Any, ah: Any) -> Any:
    volume = p.compliance * v.a
    return {"a": (volume - s.volume) / ah}, {"volume": volume}


@law({"a": OIL, "b": OIL}, ("gain",))
def textbook_bare_root(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A throttle written as in the textbook, ``q = gain sqrt(dp)`` forwards only: its slope is infinite at rest."""
    q = p.gain * sqrt(maximum(v.a - v.b, 0.0))
    return {"a": q, "b": -q}, {}


@law({"a": DC}, ("scale",))
def textbook_spiteful(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A law that gives no number for v < 0: Newton must survive it."""
    return {"a": p.scale * (sqrt(v.a) - 1.0)}, {}


@sampled(reads=("volts",), parameters=("threshold",), memory=("closed",), writes=("ohms",), stage=Stage.ACTUATE)
def textbook_relay(r: Any, p: Any, m: Any, h: Any) -> Any:
    closed = less(p.threshold, r.volts)
    return {"closed": closed, "ohms": select(closed, 0.01, 1e9)}
