"""Benchmark P by the laws of the catalogue's families.

32 × 100 mm cylinder, 6 bar, 5/2 valve whose spool lags by 4 ms, two meter-out flow controls; out and back once a
second. What the families have beside the equations of the other tools is set aside: no cushions, leaks or overlap, and
a check valve that opens over a hundredth of a millibar. Network and workshop are volumes so large that they hold their
pressures.
"""

from __future__ import annotations

import math

from etabli.components.mechanical.inertia import moving_mass
from etabli.components.pneumatic.cylinder_chambers import air_energy, areas_cm2, double_acting_cylinder_with_heat
from etabli.components.pneumatic.flow_control import one_way_flow_control
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.components.pneumatic.seal_friction import seal_friction
from etabli.components.pneumatic.spool_5_3 import spool_body_5_3
from etabli.components.pneumatic.volume import air_mass, air_volume
from etabli.physics.network import Network, ParameterRef, StateRef

POSITION = StateRef("cylinder", "position")
COMMAND = ParameterRef("valve", "command")
SWITCHINGS = ((0.5, 1.0), (0.5, -1.0))
"""One cycle: seconds, command."""
HELD = ("supply", "outside")
"""Nodes whose pressure never changes."""

OUTSIDE_BAR = 1.01325
SUPPLY_BAR = 6.0 + OUTSIDE_BAR

BORE_MM, ROD_MM, STROKE_M = 32.0, 12.0, 0.1
DEAD_DM3, LINE_DM3 = 4e-3, 12.6e-3
CRITICAL_RATIO = 0.3
_LARGE_DM3 = 1e9


def network() -> Network:
    """The network at t = 0: rod in, rod side under pressure, spool on 12 and about to be sent to 14."""
    made = Network()
    for name, dm3, bar in (
        ("supply", _LARGE_DM3, SUPPLY_BAR),
        ("outside", _LARGE_DM3, OUTSIDE_BAR),
        ("line_a", LINE_DM3, OUTSIDE_BAR),
        ("line_b", LINE_DM3, SUPPLY_BAR),
    ):
        made.add(f"{name} air", air_volume, {"a": name}, {"volume": dm3, "index": 1.0}, {"mass": air_mass(dm3, bar)})
        made.initial[name] = bar
    made.add(
        "valve",
        spool_body_5_3,
        {"p1": "supply", "p4": "line_a", "p2": "line_b", "p3": "outside", "p5": "outside"},
        {
            "conductance": 2.4,
            "critical_ratio": CRITICAL_RATIO,
            "command": 1.0,
            "lag": 0.004,
            "overlap": 0.0,
            "centre_supply": 0.0,
            "centre_exhaust": 0.0,
            "seal_leak": 0.0,
        },
        {"position": -1.0},
    )
    for side in ("a", "b"):
        made.add(
            f"flow control {side}",
            one_way_flow_control,
            {"a": f"line_{side}", "b": f"chamber_{side}"},
            {
                "screw_conductance": 0.3,
                "check_conductance": 1.3,
                "opening": 1.0,
                "check_leak": 0.0,
                "check_lift": 1.0,
                "passage": 1.0,
                "critical_ratio": CRITICAL_RATIO,
                "check_band": 1e-5,
            },
        )
    _add_cylinder(made)
    made.add("mass", moving_mass, {"w": "rod"}, {"mass": 2.0})
    friction = {"coulomb": 15.0, "stiction": 25.0 / 15.0, "stribeck": 0.02, "viscous": 40.0, "creep": 1e-3}
    made.add("friction", seal_friction, {"w": "rod"}, friction)
    return made


def _add_cylinder(made: Network) -> None:
    """The flow controls sit in the ports: port and chamber are one node, without a passage, and nothing cushions."""
    area_a, area_b = areas_cm2(BORE_MM, ROD_MM)
    volume_a, volume_b = DEAD_DM3, DEAD_DM3 + 0.1 * area_b * STROKE_M
    made.initial["chamber_a"], made.initial["chamber_b"] = OUTSIDE_BAR, SUPPLY_BAR
    made.add(
        "cylinder",
        double_acting_cylinder_with_heat,
        {
            "port_a": "chamber_a",
            "port_b": "chamber_b",
            "a": "chamber_a",
            "b": "chamber_b",
            "heat_a": "air_a",
            "heat_b": "air_b",
            "w": "rod",
        },
        {
            "area_a": area_a,
            "area_b": area_b,
            "stroke": STROKE_M,
            "dead_a": DEAD_DM3,
            "dead_b": DEAD_DM3,
            "port_conductance": 0.0,
            "cushion_length": 0.01,
            "cushioning": 0.0,
            "cushion_seal": 0.0,
            "piston_leak": 0.0,
            # The law counts from an atmosphere of 1.013 bar, the reference from 1.01325: on the rod's section.
            "load": 10.0 * (OUTSIDE_BAR - ATMOSPHERE_BAR) * (area_a - area_b),
            "stop_stiffness": 5e6,
            "stop_factor": 0.0,
            "stop_damper": 2000.0,
            "perimeter": math.pi * BORE_MM * 1e-3,
            "wall_coefficient": 60.0,
        },
        {
            "mass_a": air_mass(volume_a, OUTSIDE_BAR),
            "mass_b": air_mass(volume_b, SUPPLY_BAR),
            "energy_a": air_energy(volume_a, OUTSIDE_BAR),
            "energy_b": air_energy(volume_b, SUPPLY_BAR),
            "position": 0.0,
        },
    )
