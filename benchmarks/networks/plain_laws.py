"""Laws of benchmark H as textbooks write them: the very equations that the other tools are given.

The families of the catalogue have other physics: a cylinder conserves the mass of its oil (at 150 bar 1 % more of it
goes into the same volume), a relief valve has a damping piston, the edges of a spool are rounded. That moves the rod by
millimetres; to compare solvers, all must solve the same equations. What is the same comes from the catalogue: passages,
friction, mass, stops. The product's core does not know these laws: ``core.py`` compiles them.

Units as everywhere: bar, cm³/s, m/s, N, °C, W.
"""

from __future__ import annotations

from typing import Any

from etabli.components.hydraulic.oil import orifice_flow
from etabli.components.pneumatic.cylinder_chambers import end_stop
from etabli.physics.expression import maximum
from etabli.physics.law import Domain, law

_N_PER_BAR_CM2 = 10.0
_CM3_PER_CM2_M = 100.0
_W_PER_BAR_CM3_S = 0.1


@law({"w": Domain.TRANSLATION}, ("load", "against", "stroke", "stiffness", "damper"), ("position",))
def plain_load(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """What pushes on the rod: ``load`` N and ``against`` N·s/m hold it back on the way out; two elastic stops."""
    x = s.position + ah * v.w
    home = end_stop(-x, -v.w, p.stiffness, 0.0, p.damper)
    out = end_stop(x - p.stroke, v.w, p.stiffness, 0.0, p.damper)
    return {"w": p.load + p.against * maximum(v.w, 0.0) + out - home}, {"position": x}


@law(
    {"p": Domain.HYDRAULIC, "oil": Domain.THERMAL},
    ("flow", "leak", "volume", "bulk", "k", "setting", "range", "lag"),
    ("content", "lift"),
)
def plain_pump_unit(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Fixed pump with its leak, the oil behind it and a relief valve whose ``lift`` lags; its losses heat the oil."""
    content = p.volume / p.bulk * v.p
    lift = (s.lift * p.lag + ah * maximum((v.p - p.setting) / p.range, 0.0)) / (p.lag + ah)
    relieved = orifice_flow(v.p, 0.0, p.k * maximum(lift, 0.0))
    flows = {
        "p": (content - s.content) / ah - p.flow + p.leak * v.p + relieved,
        "oil": -_W_PER_BAR_CM3_S * relieved * v.p,
    }
    return flows, {"content": content, "lift": lift}


@law(
    {**dict.fromkeys(("p", "a", "b"), Domain.HYDRAULIC), "oil": Domain.THERMAL},
    ("k", "command", "natural", "damping", "overlap"),
    ("position", "speed"),
)
def plain_valve_4_3(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Spool of the second order (``natural`` rad/s), closed centre, edges that open beyond ``overlap``."""
    square = p.natural * p.natural
    speed = (s.speed + ah * square * (p.command - s.position)) / (
        1.0 + ah * (2.0 * p.damping * p.natural + ah * square)
    )
    position = s.position + ah * speed
    forward = p.k * maximum(position - p.overlap, 0.0)
    back = p.k * maximum(-position - p.overlap, 0.0)
    pa, bt = orifice_flow(v.p, v.a, forward), orifice_flow(v.b, 0.0, forward)
    pb, at = orifice_flow(v.p, v.b, back), orifice_flow(v.a, 0.0, back)
    lost = pa * (v.p - v.a) + bt * v.b + pb * (v.p - v.b) + at * v.a
    flows = {"p": pa + pb, "a": at - pa, "b": bt - pb, "oil": -_W_PER_BAR_CM3_S * lost}
    return flows, {"position": position, "speed": speed}


@law(
    {"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC, "w": Domain.TRANSLATION},
    ("area_a", "area_b", "stroke", "dead", "bulk", "leak"),
    ("pressure_a", "pressure_b", "position"),
)
def plain_oil_cylinder(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Chambers by volume, ``p' = B/V (q - A x')``: the oil that leaves is counted at the pressure of the chamber."""
    x = s.position + ah * v.w
    volume_a = p.dead + _CM3_PER_CM2_M * p.area_a * x
    volume_b = p.dead + _CM3_PER_CM2_M * p.area_b * (p.stroke - x)
    passed = p.leak * (v.a - v.b)
    flows = {
        "a": volume_a / p.bulk * ((v.a - s.pressure_a) / ah) + _CM3_PER_CM2_M * p.area_a * v.w + passed,
        "b": volume_b / p.bulk * ((v.b - s.pressure_b) / ah) - _CM3_PER_CM2_M * p.area_b * v.w - passed,
        "w": -_N_PER_BAR_CM2 * (v.a * p.area_a - v.b * p.area_b),
    }
    return flows, {"pressure_a": 1.0 * v.a, "pressure_b": 1.0 * v.b, "position": x}


@law({"t": Domain.THERMAL}, ("capacity", "loss", "outside"), ("heat",))
def plain_oil_heat(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Heat of the oil (J/K) and what the tank gives to the air (W/K)."""
    heat = p.capacity * v.t
    return {"t": (heat - s.heat) / ah + p.loss * (v.t - p.outside)}, {"heat": heat}
