"""Permanent-magnet direct-current motor: what door operators, fans and small drives share."""

from __future__ import annotations

from typing import Any

from etabli.components.curve import ROTATION, RPM, TORQUE, Curve, explain, sweep
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.text import Text


@law(
    {"a": Domain.DC, "b": Domain.DC, "shaft": Domain.ROTATION},
    ("resistance", "constant"),
    ("current",),
)
def dc_machine(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Armature of ``resistance`` ohm behind its back e.m.f.: ``i = (va - vb - k w) / R``, torque ``k i`` on the shaft.

    ``constant`` k is in V·s/rad, which is N·m/A; the pair is a gyrator, so what the armature takes beyond its copper
    loss is what the shaft gives. Inductance is left out: L/R of such motors is below a step. State ``current`` in A
    from ``a`` to ``b``. Source: textbook model of the separately excited machine (Fitzgerald, Electric Machinery).
    """
    i = (v.a - v.b - p.constant * v.shaft) / p.resistance
    return {"a": i, "b": -i, "shaft": -p.constant * i}, {"current": i}


explain(
    dc_machine,
    Text(
        "Machine à courant continu : i = (u − k Ω) / R et couple k i. Source : modèle de la machine à excitation "
        "séparée (Fitzgerald, Electric Machinery).",
        "DC machine: i = (u − k Ω) / R and torque k i. Source: model of the separately excited machine (Fitzgerald, "
        "Electric Machinery).",
    ),
    Curve(
        Text("couple selon la vitesse, sous 24 V", "torque against speed, at 24 V"),
        ROTATION,
        TORQUE,
        sweep(0.0, lambda d: 24.0 / d.p.constant * RPM, lambda d, n: -d.flow("shaft", a=24.0, shaft=n / RPM), 13),
    ),
)
