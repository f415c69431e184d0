"""Air stored in a volume. Every fluid node needs one: the pressure of a node without volume has no memory.

Perfect gas at 20 °C, ``m = p V / (R T)``: isothermal. Real chambers heat a little while they fill (polytropic
exponent about 1.1 to 1.2 in a second-long stroke); ``index`` divides the capacity for that, 1 for isothermal.
"""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder
from etabli.components.curve import explain
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.physics.law import Domain, law
from etabli.physics.text import Text

GAS_CONSTANT = 0.28705
"""Of dry air, J/(g·K)."""

WORKSHOP_K = 293.15
"""Temperature of the workshop: 20 °C."""

AIR_DENSITY_PER_BAR = 100.0 / (GAS_CONSTANT * WORKSHOP_K)
"""Dry air at 20 °C, 1 / (r T): 1.1884 g/(dm³·bar)."""

LEAST_VOLUME_CM3 = 2.0
"""Smallest volume given to a port: a fitting and its thread."""


@law(terminals={"a": Domain.PNEUMATIC}, parameters=("volume", "index"), states=("mass",))
def air_volume(v: Any, p: Any, s: Any, ah: Any) -> Any:
    """A rigid volume in dm³; the state is the air it holds, in g. Ideal gas at the temperature of the workshop."""
    mass = AIR_DENSITY_PER_BAR / p.index * p.volume * v.a
    return {"a": (mass - s.mass) / ah}, {"mass": mass}


explain(
    air_volume,
    Text(
        "Volume d'air : m = ρ p V / n (gaz parfait à la température de l'atelier).",
        "Air volume: m = ρ p V / n (perfect gas at the temperature of the workshop).",
    ),
    plain=True,
)


def air_mass(volume_dm3: float, pressure_bar: float = ATMOSPHERE_BAR) -> float:
    """Air in a volume, g: the initial state that goes with a pressure."""
    return AIR_DENSITY_PER_BAR * volume_dm3 * pressure_bar


def add_volume(
    b: Builder,
    node: str,
    volume_cm3: float = LEAST_VOLUME_CM3,
    name: str | None = None,
    pressure_bar: float = ATMOSPHERE_BAR,
) -> None:
    """Give the local node ``node`` a volume; the device is ``volume_NODE`` unless named."""
    volume_dm3 = max(volume_cm3, LEAST_VOLUME_CM3) * 1e-3
    if pressure_bar != ATMOSPHERE_BAR:
        b.initial(node, pressure_bar)
    b.device(
        name or f"volume_{node}",
        air_volume,
        {"a": node},
        {"volume": volume_dm3, "index": 1.0},
        {"mass": air_mass(volume_dm3, pressure_bar)},
    )
