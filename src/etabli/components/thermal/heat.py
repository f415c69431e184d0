"""Heat: what stores it and what lets it pass. Temperatures in °C, heat flows in W."""

from __future__ import annotations

from typing import Any

from etabli.physics.law import Domain, Flows, States, law


@law({"t": Domain.THERMAL}, ("capacity",), ("heat",))
def heat_store(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """One lumped heat capacity, J/K; state ``heat`` J above 0 °C (first law; one temperature in it: Biot < 0.1)."""
    heat = p.capacity * v.t
    return {"t": (heat - s.heat) / ah}, {"heat": heat}


@law({"a": Domain.THERMAL, "b": Domain.THERMAL}, ("conductance",), ("flow",))
def heat_path(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Conduction (``λ A / l``) or convection (``h A``) between two nodes, W/K; state ``flow`` W from ``a`` to ``b``.

    Source: Fourier's law, Newton's law of cooling.
    """
    flow = p.conductance * (v.a - v.b)
    return {"a": flow, "b": -flow}, {"flow": flow}


@law({"t": Domain.THERMAL}, ("conductance", "air_c"), ("flow",))
def heat_to_air(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """Convection (``h A``, W/K) to air at ``air_c`` °C; state ``flow`` W out of ``t`` (Newton's law of cooling)."""
    flow = p.conductance * (v.t - p.air_c)
    return {"t": flow}, {"flow": flow}


@law({"t": Domain.THERMAL}, ("power",))
def heat_loss_in(v: Any, p: Any, s: Any, ah: Any) -> tuple[Flows, States]:
    """``power`` W of losses brought to ``t``; a sampled law may write it."""
    return {"t": -p.power + 0.0 * v.t}, {}
