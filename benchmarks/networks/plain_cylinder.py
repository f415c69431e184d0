"""Benchmark P by the plain laws: the very equations that the other tools are given (``plain_laws.py``).

32 × 100 mm cylinder, 6 bar, 5/2 valve whose spool lags by 4 ms, two meter-out flow controls; out and back once a
second.
``pneumatic_cylinder.py`` is the same with the families of the catalogue.
"""

from __future__ import annotations

import math

from networks.plain_laws import disc_cm2, plain_chamber, plain_rod, plain_valve_5_2

from etabli.components.pneumatic.cylinder_chambers import air_energy
from etabli.components.pneumatic.volume import air_mass, air_volume
from etabli.physics.network import Network, ParameterRef, StateRef

POSITION = StateRef("rod", "position")
COMMAND = ParameterRef("valve", "command")
SWITCHINGS = ((0.5, 1.0), (0.5, -1.0))
"""One cycle: seconds, command."""

ATMOSPHERE_BAR = 1.01325
SUPPLY_BAR = 6.0 + ATMOSPHERE_BAR


def network() -> Network:
    """P at t = 0: rod in, rod side under pressure, the spool about to be sent from 12 to 14."""
    made = Network()
    full = disc_cm2(32.0)
    sides = (("a", full, 0.0, 1.0, ATMOSPHERE_BAR), ("b", full - disc_cm2(12.0), 0.1, -1.0, SUPPLY_BAR))
    for side, area, start, sense, bar in sides:
        volume = 4e-3 + 0.1 * area * start
        made.initial[f"line_{side}"] = made.initial[f"chamber_{side}"] = bar
        made.add(
            f"line {side}",
            air_volume,
            {"a": f"line_{side}"},
            {"volume": 12.6e-3, "index": 1.0},
            {"mass": air_mass(12.6e-3, bar)},
        )
        made.add(
            f"chamber {side}",
            plain_chamber,
            {"line": f"line_{side}", "chamber": f"chamber_{side}", "w": "rod"},
            {
                "free": 1.6,
                "braked": 0.3,
                "critical": 0.3,
                "area": area,
                "dead": 4e-3,
                "start": start,
                "sense": sense,
                "perimeter": math.pi * 0.032,
                "wall": 60.0,
                "outside": ATMOSPHERE_BAR,
            },
            {"mass": air_mass(volume, bar), "energy": air_energy(volume, bar)},
        )
    made.add(
        "valve",
        plain_valve_5_2,
        {"line_a": "line_a", "line_b": "line_b"},
        {
            "conductance": 2.4,
            "critical": 0.3,
            "supply": SUPPLY_BAR,
            "outside": ATMOSPHERE_BAR,
            "command": 1.0,
            "lag": 0.004,
        },
        {"position": -1.0},
    )
    made.add(
        "rod",
        plain_rod,
        {"w": "rod"},
        {
            "mass": 2.0,
            "load": 0.0,
            "against": 0.0,
            "coulomb": 15.0,
            "breakaway": 25.0,
            "dip": 0.02,
            "creep": 1e-3,
            "viscous": 40.0,
            "stroke": 0.1,
            "stiffness": 5e6,
            "damper": 2000.0,
        },
    )
    return made
