"""What an ohmmeter sees in the AC part of a machine.

AC networks are solved in RMS phasors, so the bench builds a second, purely resistive network for ohm and continuity
measurements on de-energised AC circuits. Each AC family says here what its present state is for direct current.
"""

from __future__ import annotations

from collections.abc import Callable

from etabli.components.component import Parameters, Read
from etabli.components.electrical.conductor import OPEN_OHM
from etabli.physics.network import GROUND, ParameterRef

Branch = tuple[str, str, float]
"""Two local names (a port, an inner point, or GROUND) and the resistance between them in ohm."""

DcBranches = Callable[[str, Parameters, Read], tuple[Branch, ...]]
"""``(tag, parameters, read) -> branches``."""

DC_IMAGES: dict[str, DcBranches] = {}
"""Family name -> function. Families that are not here have no AC branch."""

INSULATION_OHM = 1e9


def dc_image(family: str) -> Callable[[DcBranches], DcBranches]:
    """Register the DC image of a family; the function stays in the family's own file."""

    def register(function: DcBranches) -> DcBranches:
        DC_IMAGES[family] = function
        return function

    return register


def poles_image(tag: str, read: Read, poles: tuple[tuple[str, str], ...]) -> tuple[Branch, ...]:
    """The branches of contact poles ``contact_A_B``, with their present resistance."""
    return tuple((a, b, read(ParameterRef(f"{tag}.contact_{a}_{b}", "resistance"))) for a, b in poles)


__all__ = ["DC_IMAGES", "GROUND", "INSULATION_OHM", "OPEN_OHM", "Branch", "DcBranches", "dc_image", "poles_image"]
