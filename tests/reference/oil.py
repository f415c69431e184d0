"""Oil with free air, from a book, written apart from the laws of the product."""

from __future__ import annotations

from etabli.components.hydraulic.oil import ATMOSPHERE_BAR, FREE_AIR, OIL_BULK_BAR


def tangent_bulk(pressure: float, bulk: float = OIL_BULK_BAR, air: float = FREE_AIR) -> float:
    """Tangent bulk modulus of oil with entrained air, bar, ``pressure`` in bar gauge above cavitation.

    Merritt, Hydraulic Control Systems, 1967, chapter 2: ``1/Be = 1/B + air pa / (p + pa)²``, isothermal.
    """
    absolute = pressure + ATMOSPHERE_BAR
    return 1.0 / (1.0 / bulk + air * ATMOSPHERE_BAR / (absolute * absolute))
