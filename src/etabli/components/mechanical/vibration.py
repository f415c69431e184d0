"""Vibration of rotating machines: what a vibration meter reads on a housing, and which frequencies it is made of.

Overall level in mm/s RMS, 10 Hz to 1 kHz, judged by the zones of ISO 10816-1 and ISO 20816-1. Rolling bearings have
their own four frequencies (cage, outer race, inner race, ball); unbalance shows at the speed of rotation, misalignment
at twice that, looseness at half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from etabli.components.component import Builder, Perception, Read, Sense, Vibration
from etabli.components.curve import ROTATION, RPM, Axis, Curve, explain, sweep
from etabli.physics.expression import absolute, sqrt
from etabli.physics.law import Stage, sampled
from etabli.physics.network import MemoryRef, NodeRef, Ref
from etabli.physics.text import Text

_REFERENCE_RAD_S = 157.0
"""1500 rpm: the speed at which the levels of defects are given."""
_TURN = 2.0 * math.pi
PARTS = ("unbalance", "misaligned", "loose", "cage", "outer", "inner", "ball", "rough")


@sampled(
    reads=("speed", "offset"),
    parameters=(
        "unbalance_um",
        "rotor_share",
        "offset_mm",
        "loose",
        "cage",
        "outer",
        "inner",
        "ball",
        "rough",
        "unlinked",
    ),
    memory=("rms", *PARTS),
    stage=Stage.SENSE,
)
def housing_vibration(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """Parts of the vibration of a housing, mm/s RMS, and their sum ``rms`` (root of the sum of squares).

    ``unbalance_um`` is the specific unbalance e in µm (ISO 21940-11: a free rotor moves at e w); ``rotor_share`` the
    rotor's share of the mass that moves. ``offset`` (mm, from a coupling) and ``offset_mm`` (the bearing's own): 20
    mm/s per mm at 1500 rpm. ``loose``, ``cage``, ``outer``, ``inner``, ``ball``, ``rough`` are severities (0…1) whose
    full level at 1500 rpm lies in zone D of a small machine or close to it (ISO 10816-1 class I, 4.5 mm/s): an impact's
    velocity grows with the speed. ``unlinked`` (0) is what ``offset`` reads where no coupling is linked. Source: these
    standards, and orders of magnitude of condition monitoring handbooks.
    """
    share = absolute(r.speed) / _REFERENCE_RAD_S
    parts = {
        "unbalance": 0.70710678 * 1e-3 * p.unbalance_um * p.rotor_share * absolute(r.speed),
        "misaligned": 20.0 * (absolute(r.offset) + p.offset_mm) * share,
        "loose": 6.0 * p.loose * share,
        "cage": 4.0 * p.cage * share,
        "outer": 8.0 * p.outer * share,
        "inner": 7.0 * p.inner * share,
        "ball": 6.0 * p.ball * share,
        "rough": 4.0 * p.rough * share,
    }
    squares = 0.0
    for value in parts.values():
        squares = squares + value * value
    return {"rms": sqrt(squares), **parts}


explain(
    housing_vibration,
    Text(
        "Vibration d'un palier : balourd, désalignement, jeu, défauts de roulement, composés en valeur efficace "
        "(ISO 10816-1, ISO 21940-11, ordres de grandeur des manuels de surveillance).",
        "Vibration of a housing: unbalance, misalignment, looseness, bearing defects, combined as RMS (ISO 10816-1, "
        "ISO 21940-11, orders of magnitude of condition monitoring handbooks).",
    ),
    Curve(
        Text("vibration du palier selon la vitesse", "housing vibration against speed"),
        ROTATION,
        Axis(Text("vitesse vibratoire efficace", "RMS vibration velocity"), "mm/s"),
        sweep(0.0, 3000.0, lambda d, n: d.step(speed=n / RPM)["rms"], 31),
    ),
)


@dataclass(frozen=True)
class BearingGeometry:
    """A rolling bearing: number of rolling elements, their diameter and pitch diameter (mm), contact angle (°)."""

    elements: int
    ball_mm: float
    pitch_mm: float
    angle_deg: float = 0.0

    @property
    def _slope(self) -> float:
        return self.ball_mm / self.pitch_mm * math.cos(math.radians(self.angle_deg))

    @property
    def cage(self) -> float:
        """FTF over the speed of rotation, outer ring at rest: ``(1 - d/D cos a) / 2``."""
        return 0.5 * (1.0 - self._slope)

    @property
    def outer(self) -> float:
        """BPFO over the speed of rotation: ``n/2 (1 - d/D cos a)``."""
        return self.elements * self.cage

    @property
    def inner(self) -> float:
        """BPFI over the speed of rotation: ``n/2 (1 + d/D cos a)``."""
        return 0.5 * self.elements * (1.0 + self._slope)

    @property
    def ball(self) -> float:
        """BSF over the speed of rotation: ``D/(2d) (1 - (d/D cos a)²)``."""
        return 0.5 * self.pitch_mm / self.ball_mm * (1.0 - self._slope * self._slope)


def add_vibration(
    b: Builder,
    node: str,
    unbalance_um: float,
    rotor_share: float,
    rough: float,
    offset: Ref | None = None,
    name: str = "vibration",
) -> None:
    """Sampled device ``name`` of a housing on the rotation node ``node``; ``offset`` (mm) of a coupling."""
    b.sample(
        name,
        housing_vibration,
        {"speed": b.across(node), "offset": b.parameter(name, "unlinked") if offset is None else offset},
        {
            "unbalance_um": unbalance_um,
            "rotor_share": rotor_share,
            "offset_mm": 0.0,
            "loose": 0.0,
            "cage": 0.0,
            "outer": 0.0,
            "inner": 0.0,
            "ball": 0.0,
            "rough": rough,
            "unlinked": 0.0,
        },
    )


def spectrum(
    tag: str, node: str, read: Read, geometry: BearingGeometry | None = None, name: str = "vibration"
) -> tuple[tuple[float, float, str], ...]:
    """Lines of the spectrum now: Hz, mm/s RMS, name of the part. ``node`` is the full name of the shaft's node."""
    hertz = abs(read(NodeRef(node))) / _TURN
    orders = {"unbalance": 1.0, "misaligned": 2.0, "loose": 0.5}
    if geometry is not None:
        orders |= {
            "cage": geometry.cage,
            "outer": geometry.outer,
            "inner": geometry.inner,
            "ball": 2.0 * geometry.ball,
        }
    return tuple((order * hertz, read(MemoryRef(f"{tag}.{name}", part)), part) for part, order in orders.items())


ORDINARY_BEARING = BearingGeometry(9, 7.94, 39.04)
"""A 6205 ball bearing (bearing sheets): the usual one of small machines."""


def housing_vibration_of(
    tag: str, node: str, name: str = "vibration", geometry: BearingGeometry = ORDINARY_BEARING
) -> Vibration:
    """What a meter reads on the housing whose sampled device is ``name``; ``node`` is the full name of its shaft."""
    return Vibration(
        MemoryRef(f"{tag}.{name}", "rms"),
        lambda read: tuple((hz, level) for hz, level, _ in spectrum(tag, node, read, geometry, name)),
    )


def zone(rms_mm_s: float, limit_d_mm_s: float = 4.5) -> str:
    """Zone A (new) to D (damage) of ISO 10816-1; its boundaries are 2.5 apart (0.71, 1.8, 4.5 mm/s in class I)."""
    for name, factor in (("D", 1.0), ("C", 2.5), ("B", 6.3)):
        if rms_mm_s > limit_d_mm_s / factor:
            return name
    return "A"


def vibration_senses(
    tag: str, limit_d_mm_s: float, read: Read, where: Text, name: str = "vibration"
) -> tuple[Perception, ...]:
    """What a hand on the housing feels; ``where`` is "du palier" / "of the bearing housing"."""
    found = zone(read(MemoryRef(f"{tag}.{name}", "rms")), limit_d_mm_s)
    if found == "D":
        return (
            Perception(
                Sense.TOUCH,
                Text(f"Vibrations violentes {where.fr} : la main est secouée.", f"Violent vibration {where.en}."),
            ),
        )
    if found == "C":
        return (Perception(Sense.TOUCH, Text(f"Vibrations nettes {where.fr}.", f"Clear vibration {where.en}.")),)
    return ()
