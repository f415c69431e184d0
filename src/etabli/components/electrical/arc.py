"""A contact that opens an inductive DC circuit: the arc holds the current until its voltage wins."""

from __future__ import annotations

from typing import Any

from etabli.components.curve import CURRENT, VOLTAGE, Curve, explain, sweep
from etabli.physics.expression import clamp, less, minimum, select
from etabli.physics.law import Domain, Flows, States, law
from etabli.physics.text import Text

_ARC_SIEMENS = 1e4


@law(
    {"a": Domain.DC, "b": Domain.DC},
    ("closed", "closed_ohm", "open_siemens", "first_v", "rise_v_s", "most_v"),
    ("open_s", "current"),
)
def arcing_contact(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """``closed`` 1: ``closed_ohm``. 0: an arc whose voltage is ``first_v`` and grows by ``rise_v_s`` up to ``most_v``.

    The arc goes out by itself where the circuit offers less voltage; then ``open_siemens`` is left. States: ``open_s``
    seconds since it opened, ``current`` A from ``a`` to ``b``. Source: arc voltage that grows with the gap, simple
    model of DC switching (constant electrode drop plus column).
    """
    open_s = select(less(0.5, p.closed), 0.0, s.open_s + ah)
    arc_v = minimum(p.most_v, p.first_v + p.rise_v_s * open_s)
    u = v.a - v.b
    arcing = _ARC_SIEMENS * (u - clamp(u, -arc_v, arc_v)) + p.open_siemens * u
    i = select(less(0.5, p.closed), u / p.closed_ohm, arcing)
    return {"a": i, "b": -i}, {"open_s": open_s, "current": i}


explain(
    arcing_contact,
    Text(
        "Contact qui s'ouvre en continu : l'arc impose une tension qui croît avec l'écartement et s'éteint quand le "
        "circuit offre moins. Source : modèle simple de coupure en continu (chute aux électrodes plus colonne).",
        "A contact that opens in DC: the arc takes a voltage that grows with the gap and goes out when the circuit "
        "offers less. Source: simple model of DC switching (electrode drop plus column).",
    ),
    Curve(
        Text("courant à travers l'arc, une milliseconde après l'ouverture", "arc current a millisecond after opening"),
        VOLTAGE,
        CURRENT,
        sweep(0.0, 320.0, lambda d, u: d.answer(None, 1e-3, a=u)[0]["a"]),
    ),
    plain=True,
)
