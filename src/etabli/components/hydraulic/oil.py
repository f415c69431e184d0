"""Hydraulic oil: what a volume holds, what a passage and a gap let through, how thick it is. Pressures in bar gauge.

Units: bar gauge, cm³/s, cm³; 1 bar·cm³/s is 0.1 W. The oil is a mineral HM oil ISO VG 46 (46 mm²/s at 40 °C).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from etabli.components.component import Builder
from etabli.components.curve import BAR, DROP, L_MIN, OIL_FLOW, Axis, Curve, explain, sweep
from etabli.physics.expression import absolute, clamp, knee, maximum, sqrt, with_slopes
from etabli.physics.law import Domain, Stage, law, sampled
from etabli.physics.network import ParameterRef
from etabli.physics.text import Text

ATMOSPHERE_BAR = 1.013
"""Absolute pressure of the workshop air, bar."""

OIL_BULK_BAR = 14000.0
"""Isentropic bulk modulus of mineral oil without air, bar (oil sheets: 1.4 to 1.7 GPa at 40 °C and below 200 bar)."""

FREE_AIR = 0.005
"""Share of air in bubbles of a sound circuit, m³ at the atmosphere per m³ of oil (tank design sheets: below 1 %)."""

OIL_DENSITY = 0.870
"""Density at 15 °C, g/cm³ (sheet of an HM 46 oil)."""

OIL_HEAT_J_G_K = 1.9
"""Specific heat near 40 °C, J/(g·K)."""

NOMINAL_MM2_S = 46.0
"""Kinematic viscosity at 40 °C: where the relative viscosity is 1."""

CAVITATION_BAR = -0.95
"""Below this gauge pressure a volume fills with vapour instead of losing pressure."""

LEAST_VOLUME_CM3 = 5.0
"""Smallest volume given to a port: a fitting and its thread."""

ROUNDING_BAR = 0.1
"""Pressure drop under which a turbulent passage becomes laminar, hence linear."""

HYDRAULIC_W = 0.1
"""Watts in 1 bar·cm³/s."""

_VAPOUR_PER_BAR = 20.0  # share of the volume that turns to vapour per bar below the cavitation pressure
_VAPOUR_CORNER_BAR = 0.02

_COLDEST_C, _HOTTEST_C = -10.0, 110.0
# Cube root of the fluidity, a polynomial of (temperature - 40 °C) / 50 K, highest power first.
_FLUIDITY = (0.01180818, -0.04741454, 0.02104326, 0.76527556, 0.9999145)


def oil_strain(pressure: Any, bulk: Any, air: Any) -> Any:
    """How much more oil a volume holds than at atmospheric pressure, as a share of the volume (-1: it is empty).

    Liquid of bulk modulus ``bulk`` (bar) with the share ``air`` of free air that follows Boyle's law, so that the
    tangent bulk modulus is ``1/Be = 1/B + air pa / (p + pa)²`` (Merritt, Hydraulic Control Systems, 1967, chapter 2:
    effective bulk modulus with entrained gas). Below :data:`CAVITATION_BAR` vapour takes the place: the pressure stays
    above about -1 bar gauge however much is drawn, and comes back when the oil does.
    """
    return _strain(pressure, 1.0 / bulk, air)


def _strain(pressure: Any, compressibility: Any, air: Any) -> Any:
    below = pressure - CAVITATION_BAR
    liquid = knee(below, _VAPOUR_CORNER_BAR)
    p = CAVITATION_BAR + liquid
    return p * compressibility + air * (p / (p + ATMOSPHERE_BAR)) + _VAPOUR_PER_BAR * (below - liquid)


def oil_content(volume: Any, pressure: Any, bulk: Any = OIL_BULK_BAR, air: Any = FREE_AIR) -> Any:
    """Oil in a volume, in cm³ at atmospheric pressure: the charge of a chamber, whose ``volume`` (cm³) may change."""
    return volume * (1.0 + oil_strain(pressure, bulk, air))


def orifice_flow(p1: Any, p2: Any, k: Any) -> Any:
    """Flow in cm³/s from ``p1`` to ``p2`` through a sharp passage: ``k sqrt(drop)``, k in cm³/s per √bar.

    Turbulent orifice equation (Merritt, chapter 3), linear below :data:`ROUNDING_BAR` as flow becomes laminar there.
    """
    drop = p1 - p2
    root = 1.0 / sqrt(sqrt(drop * drop + ROUNDING_BAR * ROUNDING_BAR))
    share = drop * root * root
    return k * with_slopes(drop * root, (drop, root * (1.0 - 0.5 * share * share)))


def orifice_factor(flow_cm3_s: float, drop_bar: float) -> float:
    """The ``k`` of a data sheet that gives ``flow_cm3_s`` at ``drop_bar``."""
    return float(flow_cm3_s / drop_bar**0.5)


def orifice_factor_of_hole(diameter_mm: float) -> float:
    """The ``k`` of a round sharp-edged hole: ``Cd A sqrt(2 dp / rho)`` with Cd = 0.61 (Merritt, chapter 3)."""
    area_m2 = 3.141592653589793 / 4.0 * (diameter_mm * 1e-3) ** 2
    return float(0.61 * area_m2 * (2.0 * 1e5 / (OIL_DENSITY * 1000.0)) ** 0.5 * 1e6)


def line_flow(p1: Any, p2: Any, k: Any, conductance: Any) -> Any:
    """Flow in cm³/s through a passage that loses ``q / conductance + (q / k)²``: friction of a laminar stream along the
    walls (divide ``conductance`` by the relative viscosity) plus the bends. Pipes, filter elements, strainers, coolers.

    The root of that second-degree equation, written so that nothing is divided by 0.
    """
    drop = p1 - p2
    laminar = 1.0 / conductance
    root = sqrt(laminar * laminar + 4.0 * absolute(drop) / (k * k))
    return with_slopes(2.0 * drop / (laminar + root), (drop, 1.0 / root))


def relative_viscosity(temperature_c: Any) -> Any:
    """Kinematic viscosity over that at 40 °C, ISO VG 46, viscosity index near 100 (6.8 mm²/s at 100 °C).

    Cube of a polynomial that follows the Walther equation of ASTM D341 (``log log (v + 0.7) = A - B log T``) within
    0.2 % between -10 and 110 °C; held outside.
    """
    t = (clamp(temperature_c, _COLDEST_C, _HOTTEST_C) - 40.0) * 0.02
    root: Any = 0.0
    for factor in _FLUIDITY:
        root = root * t + factor
    return 1.0 / (root * root * root)


@law(terminals={"a": Domain.HYDRAULIC}, parameters=("volume", "compressibility", "air"), states=("content",))
def oil_volume(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A volume in cm³ full of oil; the state is what it holds, cm³ at atmospheric pressure. See :func:`oil_strain`.

    ``compressibility`` in 1/bar may include the stretch of the walls (a hose), ``air`` is the free-air share.
    """
    content = p.volume * (1.0 + _strain(v.a, p.compressibility, p.air))
    return {"a": (content - s.content) / ah}, {"content": content}


explain(
    oil_volume,
    Text(
        "Volume d'huile compressible avec air libre ; sous la pression de cavitation, la vapeur prend la place "
        "(module d'élasticité effectif, Merritt, chapitre 3).",
        "A volume of compressible oil with free air; below the cavitation pressure vapour takes its place (effective "
        "bulk modulus, Merritt, chapter 3).",
    ),
    plain=True,
)


@law(terminals={"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC}, parameters=("k", "opening"))
def oil_orifice(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A turbulent passage: k cm³/s per √bar, ``opening`` the share of it that is free. See :func:`orifice_flow`."""
    q = orifice_flow(v.a, v.b, p.k * p.opening)
    return {"a": q, "b": -q}, {}


explain(
    oil_orifice,
    Text(
        "Orifice turbulent : q = k × ouverture × √Δp, laminaire aux très faibles écarts (Merritt, chapitre 3).",
        "Turbulent orifice: q = k × opening × √Δp, laminar for very small drops (Merritt, chapter 3).",
    ),
    Curve(
        Text("débit selon la perte de charge", "flow against pressure drop"),
        DROP,
        OIL_FLOW,
        sweep(0.0, 5.0, lambda d, x: d.flow("a", a=x) * L_MIN, 51),
    ),
    plain=True,
)


@law(terminals={"a": Domain.HYDRAULIC}, parameters=("k", "opening"))
def oil_drain(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A turbulent passage to atmospheric pressure: a drain, a leak to the floor. See :func:`orifice_flow`."""
    return {"a": orifice_flow(v.a, 0.0, p.k * p.opening)}, {}


explain(
    oil_drain,
    Text(
        "Orifice turbulent vers l'air libre : fuite au sol, mise à l'air (Merritt, chapitre 3).",
        "Turbulent orifice to the open air: a leak to the floor, a vent (Merritt, chapter 3).",
    ),
    Curve(
        Text("fuite vers l'extérieur selon la pression", "leak to the outside against pressure"),
        BAR,
        Axis(Text("fuite", "leak"), "cm³/s"),
        sweep(0.0, 200.0, lambda d, x: d.flow("a", a=x), 41),
    ),
    plain=True,
)


@law(terminals={"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC}, parameters=("conductance", "viscosity"))
def oil_leak(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A laminar gap: conductance in cm³/s per bar at 46 mm²/s, ``viscosity`` relative (Hagen-Poiseuille)."""
    q = p.conductance / p.viscosity * (v.a - v.b)
    return {"a": q, "b": -q}, {}


explain(
    oil_leak,
    Text(
        "Fuite laminaire d'un jeu : proportionnelle à Δp, inverse de la viscosité (Hagen-Poiseuille).",
        "Laminar leak of a gap: in proportion to Δp, inverse to the viscosity (Hagen-Poiseuille).",
    ),
    Curve(
        Text("fuite selon la perte de charge", "leak against pressure drop"),
        DROP,
        Axis(Text("fuite", "leak"), "cm³/s"),
        sweep(0.0, 200.0, lambda d, x: d.flow("a", a=x), 11),
    ),
    plain=True,
)


@law(
    terminals={"a": Domain.HYDRAULIC, "b": Domain.HYDRAULIC},
    parameters=("k", "conductance", "viscosity", "opening"),
    states=("flow",),
)
def oil_line(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A pipe or an element: k cm³/s per √bar, conductance cm³/s per bar at 46 mm²/s, ``opening`` the free share.
    State ``flow`` in cm³/s from a to b. See :func:`line_flow`."""
    q = line_flow(v.a, v.b, p.k * p.opening, p.conductance * p.opening / p.viscosity)
    return {"a": q, "b": -q}, {"flow": q}


explain(
    oil_line,
    Text(
        "Conduite ou élément : perte laminaire le long des parois plus perte turbulente des coudes, Δp = q / G + "
        "(q / k)².",
        "Pipe or element: laminar loss along the walls plus turbulent loss of the bends, Δp = q / G + (q / k)².",
    ),
    Curve(
        Text("débit selon la perte de charge", "flow against pressure drop"),
        DROP,
        OIL_FLOW,
        sweep(0.0, 2.0, lambda d, x: d.flow("a", a=x) * L_MIN, 41),
    ),
)


@sampled(reads=("value",), writes=("value",), stage=Stage.SENSE)
def oil_follows(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """A property of the oil (relative viscosity, free-air share) goes from the tank to the parts that it acts in."""
    return {"value": maximum(r.value, 1e-4)}


explain(
    oil_follows,
    Text("L'état de l'huile du bac va aux organes où il agit.", "The state of the oil goes to the parts it acts in."),
)


def add_oil_volume(
    b: Builder,
    node: str,
    volume_cm3: float = LEAST_VOLUME_CM3,
    name: str | None = None,
    *,
    pressure_bar: float = 0.0,
    bulk_bar: float = OIL_BULK_BAR,
    air: float = FREE_AIR,
) -> None:
    """Give the local node ``node`` a volume of oil; the device is ``volume_NODE`` unless named."""
    volume = max(float(volume_cm3), LEAST_VOLUME_CM3)
    if pressure_bar != 0.0:
        b.initial(node, pressure_bar)
    b.device(
        name or f"volume_{node}",
        oil_volume,
        {"a": node},
        {"volume": volume, "compressibility": 1.0 / bulk_bar, "air": air},
        {"content": oil_content(volume, pressure_bar, bulk_bar, air)},
    )


def add_orifice(b: Builder, name: str, a: str, c: str, k: float, opening: float = 1.0) -> None:
    """A turbulent passage between the local nodes ``a`` and ``c``; k in cm³/s per √bar."""
    b.device(name, oil_orifice, {"a": a, "b": c}, {"k": k, "opening": opening})


def ramp(x: Any, width: float = 0.1) -> Any:
    """0 below 0, 1 above 1, a straight line between, both corners rounded over ``±width``."""
    return knee(x, width) - knee(x - 1.0, width)


def follow_oil(
    b: Builder, viscosity: Sequence[tuple[str, str]] = (), air: Sequence[tuple[str, str]] = (), name: str = "oil"
) -> None:
    """Bring the optional links ``viscosity`` and ``air`` of this component to its devices.

    Each target is ("device", "parameter"). Where the machine does not link them, the targets keep the values they were
    built with (relative viscosity 1, free air :data:`FREE_AIR`).
    """
    for link, targets in (("viscosity", viscosity), ("air", air)):
        source = b.linked(link)
        if source is None or not targets:
            continue
        writes: tuple[ParameterRef, ...] = tuple(b.parameter(device, parameter) for device, parameter in targets)
        b.sample(f"{name}_{link}", oil_follows, {"value": source}, writes={"value": writes})
