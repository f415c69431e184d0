"""Chambers, piston, cushions and end stops of a pneumatic cylinder: shared by the families of cylinders.

Two laws of the same machine. :func:`double_acting_cylinder` keeps its air at the temperature of the workshop;
:func:`double_acting_cylinder_with_heat` balances energy too: air heats when it is compressed, cools when it expands and
exchanges heat with the walls. The second costs two unknowns more.
"""

from __future__ import annotations

import math
from typing import Any

from etabli.components.curve import AIR_FLOW, AIR_L_MIN, FORCE, Axis, Curve, Piece, explain, sweep
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR, air_flow
from etabli.components.pneumatic.volume import AIR_DENSITY_PER_BAR, GAS_CONSTANT, WORKSHOP_K
from etabli.physics.expression import clamp, less, maximum, minimum, select, sqrt
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

CRITICAL_RATIO = 0.35
STOP_STIFFNESS = 1e6
"""Polyurethane buffer on aluminium, N/m."""
STOP_FACTOR = 2.0
"""Hunt-Crossley factor, s/m: rebound near 0.4 at 0.5 m/s."""
NEWTON_PER_BAR_CM2 = 10.0
DM3_PER_CM2_M = 0.1

_CHECK_BAND_BAR = 0.02
_NEEDLE_SHARE = 0.06  # conductance of the cushioning needle wide open, as a share of the port
_LEAST_NEEDLE_SHARE = 0.003
_ENTRY_SHARE = 0.2  # share of the cushion over which the spigot closes the main passage
_HEAT_RATIO = 1.4  # cp / cv of air
_JOULE_PER_BAR_DM3 = 100.0
_HEAT_CAPACITY = _HEAT_RATIO / (_HEAT_RATIO - 1.0) * GAS_CONSTANT  # cp of air, J/(g·K)
_COLDEST_K = 60.0  # keeps the density defined while Newton searches; air is a liquid there
_M2_PER_CM2 = 1e-4

PORTS = {
    "port_a": Domain.PNEUMATIC,
    "port_b": Domain.PNEUMATIC,
    "a": Domain.PNEUMATIC,
    "b": Domain.PNEUMATIC,
}
PARAMETERS = (
    "area_a",
    "area_b",
    "stroke",
    "dead_a",
    "dead_b",
    "port_conductance",
    "cushion_length",
    "cushioning",
    "cushion_seal",
    "piston_leak",
    "load",
    "stop_stiffness",
    "stop_factor",
    "stop_damper",
)


def end_stop(
    depth: Any, closing: Any, stiffness: Any = STOP_STIFFNESS, factor: Any = STOP_FACTOR, damper: Any = 0.0
) -> Any:
    """Force in N of an elastic end stop for a depth in m that grows at ``closing`` m/s; never pulls.

    Stiffness in N/m with the damping of Hunt and Crossley (1975), ``factor`` in s/m, or of a plain ``damper`` in N·s/m
    (Kelvin-Voigt) that acts from contact on.
    """
    force = stiffness * depth * (1.0 + factor * closing) + damper * closing
    return select(less(0.0, depth), maximum(force, 0.0), 0.0)


def cushioned(port: Any, chamber: Any, travel_left: Any, p: Any) -> Any:
    """Flow from a port to its chamber when the piston is ``travel_left`` from that end cap, g/s.

    The cushion spigot enters its seal ``cushion_length`` before the end and shuts the main passage over the first fifth
    of that; the needle and, inwards, the lip of the seal remain.
    """
    entering = (travel_left / p.cushion_length - (1.0 - _ENTRY_SHARE)) / _ENTRY_SHARE
    main = clamp(maximum(entering, 1.0 - p.cushion_seal), 0.0, 1.0)
    drop = port - chamber
    inwards = 0.5 * (1.0 + drop / sqrt(drop * drop + _CHECK_BAND_BAR * _CHECK_BAND_BAR))
    needle = _NEEDLE_SHARE * (1.0 - p.cushioning) + _LEAST_NEEDLE_SHARE
    return air_flow(port, chamber, p.port_conductance * (maximum(main, inwards) + needle), CRITICAL_RATIO)


def _volumes(x: Any, p: Any) -> tuple[Any, Any]:
    """Volumes of the two chambers, dm³."""
    return p.dead_a + DM3_PER_CM2_M * p.area_a * x, p.dead_b + DM3_PER_CM2_M * p.area_b * (p.stroke - x)


def _rod_force(x: Any, v: Any, p: Any) -> Any:
    """Force of air and end stops on the rod, less the load, N."""
    push = NEWTON_PER_BAR_CM2 * ((v.a - ATMOSPHERE_BAR) * p.area_a - (v.b - ATMOSPHERE_BAR) * p.area_b)
    stop = (p.stop_stiffness, p.stop_factor, p.stop_damper)
    return push + end_stop(-x, -v.w, *stop) - end_stop(x - p.stroke, v.w, *stop) - p.load


@law(
    terminals={**PORTS, "w": Domain.TRANSLATION},
    parameters=PARAMETERS,
    states=("mass_a", "mass_b", "position"),
)
def double_acting_cylinder(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """Two isothermal chambers, a piston between them and its end stops.

    Areas in cm², stroke and cushion_length in m, dead volumes in dm³, load in N against extension; ``piston_leak`` is
    the share of the port's conductance that passes a worn piston seal. ``a`` and ``b`` are
    the chambers behind the cushions, ``w`` the rod (m/s, positive when it extends). Mass balance ``m = rho p V(x)``,
    force ``(pa - patm) Aa - (pb - patm) Ab``: the pair is skew-symmetric, so it neither makes nor loses energy.
    """
    x = s.position + ah * v.w
    volume_a, volume_b = _volumes(x, p)
    mass_a, mass_b = AIR_DENSITY_PER_BAR * v.a * volume_a, AIR_DENSITY_PER_BAR * v.b * volume_b
    enter_a = cushioned(v.port_a, v.a, x, p)
    enter_b = cushioned(v.port_b, v.b, p.stroke - x, p)
    passed = air_flow(v.a, v.b, p.piston_leak * p.port_conductance, CRITICAL_RATIO)
    flows = {
        "port_a": enter_a,
        "port_b": enter_b,
        "a": (mass_a - s.mass_a) / ah + passed - enter_a,
        "b": (mass_b - s.mass_b) / ah - passed - enter_b,
        "w": -_rod_force(x, v, p),
    }
    return flows, {"mass_a": mass_a, "mass_b": mass_b, "position": x}


explain(
    double_acting_cylinder,
    Text(
        "Vérin double effet : deux chambres isothermes, masse d'air m = ρ p V(x), force (pA − patm) SA − (pB − patm) "
        "SB, amortisseurs de fin de course et butées. Conservation de la masse, gaz parfait.",
        "Double-acting cylinder: two isothermal chambers, mass of air m = ρ p V(x), force (pA − patm) SA − (pB − patm) "
        "SB, end cushions and stops. Conservation of mass, perfect gas.",
    ),
    Curve(
        Text("force de sortie selon la pression", "thrust against pressure"),
        Axis(Text("pression (relative)", "gauge pressure"), "bar"),
        FORCE,
        sweep(0.0, 10.0, lambda d, bar: _thrust(d, bar), 11),
    ),
    Curve(
        Text("débit à l'échappement selon la position (amortissement)", "exhaust flow against position (cushioning)"),
        Axis(Text("reste de course avant la butée", "travel left before the end"), "mm"),
        AIR_FLOW,
        sweep(0.0, lambda d: 2e3 * d.p.cushion_length, lambda d, mm: _let_out(d, 1e-3 * mm), 60),
    ),
)


def _thrust(piece: Piece, bar: float) -> float:
    """Force of the rod at mid-stroke with ``bar`` gauge behind the piston and the workshop's air before it, N."""
    middle = {"position": 0.5 * piece.sound.p.stroke}
    air = {"port_a": 1.0, "port_b": 1.0, "a": bar + ATMOSPHERE_BAR, "b": ATMOSPHERE_BAR}
    return -float(piece.answer(middle, **air)[0]["w"])


def _let_out(piece: Piece, left_m: float) -> float:
    """Flow out of the rod chamber at 6 bar gauge into the workshop, ``left_m`` before the end, l/min ANR."""
    at = {"position": piece.sound.p.stroke - left_m}
    air = {"port_a": 7.0, "a": 7.0, "port_b": ATMOSPHERE_BAR, "b": 6.0 + ATMOSPHERE_BAR}
    return -float(piece.answer(at, **air)[0]["port_b"]) * AIR_L_MIN


def _carried(flow: Any, from_k: Any, here_k: Any) -> Any:
    """Enthalpy that a flow (g/s, positive inwards) brings to a chamber, W: at the temperature it comes from."""
    return _HEAT_CAPACITY * (from_k * maximum(flow, 0.0) + here_k * minimum(flow, 0.0))


@law(
    terminals={**PORTS, "heat_a": Domain.THERMAL, "heat_b": Domain.THERMAL, "w": Domain.TRANSLATION},
    parameters=(*PARAMETERS, "perimeter", "wall_coefficient"),
    states=("mass_a", "mass_b", "energy_a", "energy_b", "position"),
)
def double_acting_cylinder_with_heat(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """:func:`double_acting_cylinder` with the energy balance of each chamber, perfect gas (first law, open system):

    ``dU/dt = cp Σ T m' - p dV/dt + h S (T0 - T)``, with ``U = p V / (γ - 1)``, ``m = p V / (r T)``, γ = 1.4.

    ``heat_a`` and ``heat_b`` are the temperatures of the air (°C); what enters comes at the temperature of the workshop
    (or of the other chamber, past the piston), what leaves at that of the chamber. Walls stay at T0 = 20 °C:
    ``wall_coefficient`` h in W/(m²·K) over both faces and the bore (``perimeter`` m). Heat transfer of cylinders: 20 to
    60 W/(m²·K) (P. Beater, Pneumatic Drives, 2007). Masses in g, energies in J.
    """
    x = s.position + ah * v.w
    volume_a, volume_b = _volumes(x, p)
    kelvin_a, kelvin_b = maximum(v.heat_a + 273.15, _COLDEST_K), maximum(v.heat_b + 273.15, _COLDEST_K)
    per_bar_dm3 = _JOULE_PER_BAR_DM3 / GAS_CONSTANT
    mass_a, mass_b = per_bar_dm3 * v.a * volume_a / kelvin_a, per_bar_dm3 * v.b * volume_b / kelvin_b
    stored = _JOULE_PER_BAR_DM3 / (_HEAT_RATIO - 1.0)
    energy_a, energy_b = stored * v.a * volume_a, stored * v.b * volume_b
    enter_a, enter_b = cushioned(v.port_a, v.a, x, p), cushioned(v.port_b, v.b, p.stroke - x, p)
    passed = air_flow(v.a, v.b, p.piston_leak * p.port_conductance, CRITICAL_RATIO)
    # What else enters the node of a chamber (a leak, or a flow control screwed into it): the rest of its mass balance.
    other_a = (mass_a - s.mass_a) / ah + passed - enter_a
    other_b = (mass_b - s.mass_b) / ah - passed - enter_b
    across = _HEAT_CAPACITY * passed * select(less(0.0, passed), kelvin_a, kelvin_b)
    gain_a = _carried(enter_a, WORKSHOP_K, kelvin_a) + _carried(other_a, WORKSHOP_K, kelvin_a) - across
    gain_b = _carried(enter_b, WORKSHOP_K, kelvin_b) + _carried(other_b, WORKSHOP_K, kelvin_b) + across
    wall_a = 2.0 * _M2_PER_CM2 * p.area_a + p.perimeter * maximum(x, 0.0)
    wall_b = 2.0 * _M2_PER_CM2 * p.area_b + p.perimeter * maximum(p.stroke - x, 0.0)
    lost_a = p.wall_coefficient * wall_a * (kelvin_a - WORKSHOP_K)
    lost_b = p.wall_coefficient * wall_b * (kelvin_b - WORKSHOP_K)
    work_a = NEWTON_PER_BAR_CM2 * v.a * p.area_a * v.w
    work_b = -NEWTON_PER_BAR_CM2 * v.b * p.area_b * v.w
    flows = {
        "port_a": enter_a,
        "port_b": enter_b,
        "a": other_a,
        "b": other_b,
        "heat_a": (energy_a - s.energy_a) / ah + work_a + lost_a - gain_a,
        "heat_b": (energy_b - s.energy_b) / ah + work_b + lost_b - gain_b,
        "w": -_rod_force(x, v, p),
    }
    states = {"mass_a": mass_a, "mass_b": mass_b, "energy_a": energy_a, "energy_b": energy_b, "position": x}
    return flows, states


explain(
    double_acting_cylinder_with_heat,
    Text(
        "Vérin double effet avec bilan d'énergie de chaque chambre : dU/dt = cp Σ T m' − p dV/dt + h S (T0 − T), gaz "
        "parfait (premier principe, système ouvert ; P. Beater, Pneumatic Drives).",
        "Double-acting cylinder with the energy balance of each chamber: dU/dt = cp Σ T m' − p dV/dt + h S (T0 − T), "
        "perfect gas (first law, open system; P. Beater, Pneumatic Drives).",
    ),
)


def air_energy(volume_dm3: float, pressure_bar: float = ATMOSPHERE_BAR) -> float:
    """Internal energy of the air in a volume, J: the initial state that goes with a pressure."""
    return _JOULE_PER_BAR_DM3 / (_HEAT_RATIO - 1.0) * volume_dm3 * pressure_bar


def areas_cm2(bore_mm: float, rod_mm: float) -> tuple[float, float]:
    """Piston area on the cap side and on the rod side."""
    full, rod = (math.pi / 4.0 * (diameter / 10.0) * (diameter / 10.0) for diameter in (bore_mm, rod_mm))
    return full, full - rod


def port_conductance(bore_mm: float) -> float:
    """Sonic conductance of the port of a cylinder of this bore (ISO 15552 sizes: G1/8 to G1/2), dm³/(s·bar)."""
    return 2.5 * (bore_mm / 32.0) * math.sqrt(bore_mm / 32.0)
