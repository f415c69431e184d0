"""What an ohmmeter puts between its leads: a small voltage behind a known resistance (used by the instruments)."""

from __future__ import annotations

from typing import Any

from etabli.physics.law import Domain, Flows, States, law


@law({"a": Domain.DC, "b": Domain.DC}, ("emf", "resistance"))
def ohmmeter_source(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Thévenin source: ``emf`` V from ``b`` to ``a`` behind ``resistance`` ohm.

    Source: multimeter service notes (1.2 V open, some mA through a short).
    """
    i = (v.a - v.b - p.emf) / p.resistance
    return {"a": i, "b": -i}, {}
