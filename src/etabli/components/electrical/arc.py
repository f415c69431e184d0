"""A contact that opens an inductive DC circuit: the arc holds the current until its voltage wins."""

from __future__ import annotations

from typing import Any

from etabli.physics.expression import clamp, less, minimum, select
from etabli.physics.law import Domain, Flows, States, law

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
