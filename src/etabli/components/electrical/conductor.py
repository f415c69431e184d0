"""Ohmic elements shared by every electrical family: resistors, measured poles and AC impedances.

Conductances stay finite (engine rule 2): an open path is :data:`OPEN_OHM`, a closed contact some tens of milliohms.
"""

from __future__ import annotations

from typing import Any

from etabli.components.component import Parameter, Parameters
from etabli.components.curve import CURRENT, VOLTAGE, Curve, explain, sweep
from etabli.physics.expression import Phasor, sqrt
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.text import Text

OPEN_OHM = 1e11
"""Resistance of an open path, ohm: below the solver's 1e-9 S to earth, so that a floating point sits near 0 V."""

CLOSED_OHM = 0.02
"""Resistance of a sound closed contact, ohm (contact data sheets: 10…50 milliohm when new)."""


DOMAIN = Parameter("domain", Text("courant", "current"), "", "dc", choices=("dc", "ac"))
"""Parameter of what carries direct or alternating current alike: wires, terminals, earth bars."""


def domain_of(parameters: Parameters) -> Domain:
    """The domain that :data:`DOMAIN` chose."""
    return Domain.AC if parameters["domain"] == "ac" else Domain.DC


@law({"a": Domain.DC, "b": Domain.DC}, ("resistance",))
def resistor(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Ohm's law. ``resistance`` in ohm, never 0."""
    i = (v.a - v.b) / p.resistance
    return {"a": i, "b": -i}, {}


explain(
    resistor,
    Text("Loi d'Ohm : i = u / R.", "Ohm's law: i = u / R."),
    Curve(
        Text("courant selon la tension", "current against voltage"),
        VOLTAGE,
        CURRENT,
        sweep(0.0, 24.0, lambda d, u: d.flow("a", a=u), 7),
    ),
    plain=True,
)


@law({"a": Domain.DC, "b": Domain.DC}, ("resistance",), ("current",))
def dc_pole(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A resistor whose current (A, from ``a`` to ``b``) is kept as a state for the sampled laws that watch it."""
    i = (v.a - v.b) / p.resistance
    return {"a": i, "b": -i}, {"current": i}


explain(
    dc_pole,
    Text(
        "Loi d'Ohm : i = u / R ; le courant sert aux protections et aux sens.",
        "Ohm's law: i = u / R; protections and senses use the current.",
    ),
    Curve(
        Text("courant selon la tension", "current against voltage"),
        VOLTAGE,
        CURRENT,
        sweep(0.0, 24.0, lambda d, u: d.flow("a", a=u), 7),
    ),
    plain=True,
)


@law({"a": Domain.AC, "b": Domain.AC}, ("resistance", "reactance"))
def ac_impedance(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Series R + jX in RMS phasors. Keep ``resistance / reactance`` above 1e-2 (engine rule 2)."""
    i = (v.a - v.b) * Phasor(p.resistance, p.reactance).inverse()
    return {"a": i, "b": -i}, {}


explain(
    ac_impedance,
    Text(
        "Impédance R + jX en série, en valeurs efficaces complexes (loi d'Ohm en alternatif).",
        "Series impedance R + jX, in complex RMS values (Ohm's law for AC).",
    ),
    Curve(
        Text("courant selon la tension", "current against voltage"),
        VOLTAGE,
        CURRENT,
        sweep(0.0, 230.0, lambda d, u: d.answer(a=Phasor(u, 0.0), b=Phasor(0.0, 0.0))[0]["a"].squared() ** 0.5, 7),
    ),
    plain=True,
)


@law({"a": Domain.AC, "b": Domain.AC}, ("resistance",), ("current",))
def ac_pole(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """A resistive AC pole; state ``current`` is the RMS value in A, never negative."""
    i = (v.a - v.b).scaled(1.0 / p.resistance)
    return {"a": i, "b": -i}, {"current": sqrt(i.squared())}


explain(
    ac_pole,
    Text("Loi d'Ohm pour un pôle en alternatif : I = U / R, en valeurs efficaces.", "Ohm's law of an AC pole, RMS."),
    Curve(
        Text("chute de tension selon le courant", "voltage drop against current"),
        CURRENT,
        VOLTAGE,
        sweep(0.0, 16.0, lambda d, i: i / d.answer(a=Phasor(1.0, 0.0), b=Phasor(0.0, 0.0))[1]["current"], 7),
    ),
    plain=True,
)
