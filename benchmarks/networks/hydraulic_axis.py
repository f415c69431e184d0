"""Benchmark H: the very equations that the other tools are given, see ``plain_laws.py``.

Pump of 14.5 l/min with its leak, relief valve at 160 bar, 4/3 valve (30 Hz, 2 % of overlap), cylinder 40/25 × 200 mm,
200 kg, 1 kN and a process force of 25 kN·s/m on the way out; a cycle of 3 s.
"""

from __future__ import annotations

import math

from networks.plain_laws import (
    plain_load,
    plain_oil_cylinder,
    plain_oil_heat,
    plain_pump_unit,
    plain_valve_4_3,
)

from etabli.components.hydraulic.hydraulic_cylinder import cylinder_areas_cm2
from etabli.components.mechanical.inertia import moving_mass
from etabli.components.pneumatic.seal_friction import seal_friction
from etabli.physics.network import Network, ParameterRef, StateRef

POSITION = StateRef("rod", "position")
COMMAND = ParameterRef("valve", "command")
SWITCHINGS = ((1.3, 1.0), (0.2, 0.0), (1.3, -1.0), (0.2, 0.0))
"""One cycle: seconds, command."""

AMBIENT_C = 20.0


def network() -> Network:
    """H at t = 0: rod in, 100 bar at the pump, spool in the middle."""
    made = Network()
    full, annular = cylinder_areas_cm2(40.0, 25.0)
    k = 667.0 / math.sqrt(35.0)  # cm³/s per √bar: 40 l/min at 35 bar an edge
    bulk = 14000.0
    made.initial["pump"], made.initial["oil"] = 100.0, AMBIENT_C
    made.add(
        "pump unit",
        plain_pump_unit,
        {"p": "pump", "oil": "oil"},
        {
            "flow": 241.67,
            "leak": 0.1,
            "volume": 500.0,
            "bulk": bulk,
            "k": k,
            "setting": 160.0,
            "range": 10.0,
            "lag": 0.005,
        },
        {"content": 500.0 / bulk * 100.0},
    )
    made.add(
        "valve",
        plain_valve_4_3,
        {"p": "pump", "a": "a", "b": "b", "oil": "oil"},
        {"k": k, "command": 1.0, "natural": 2.0 * math.pi * 30.0, "damping": 0.8, "overlap": 0.02},
    )
    made.add(
        "cylinder",
        plain_oil_cylinder,
        {"a": "a", "b": "b", "w": "rod"},
        {
            "area_a": full,
            "area_b": annular,
            "stroke": 0.2,
            "dead": 50.0,
            "bulk": bulk,
            "leak": 0.02,
        },
    )
    made.add("mass", moving_mass, {"w": "rod"}, {"mass": 200.0})
    friction = {"coulomb": 150.0, "stiction": 250.0 / 150.0, "stribeck": 0.01, "viscous": 2000.0, "creep": 2e-3}
    made.add("friction", seal_friction, {"w": "rod"}, friction)
    load = {"load": 1000.0, "against": 2.5e4, "stroke": 0.2, "stiffness": 2e8, "damper": 2e5}
    made.add("rod", plain_load, {"w": "rod"}, load)
    capacity = 30.0 * 1900.0
    made.add(
        "tank",
        plain_oil_heat,
        {"t": "oil"},
        {"capacity": capacity, "loss": 15.0, "outside": AMBIENT_C},
        {"heat": capacity * AMBIENT_C},
    )
    return made
