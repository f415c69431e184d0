"""A 32 × 100 mm cylinder between two meter-out flow controls, out and back once a second: network of benchmark P.

    python benchmarks/networks/pneumatic_cylinder.py [REFERENCE.npz] [--seconds 60]

6 bar, a 5/2 valve whose spool lags by 4 ms, tubes of 12.6 cm³, chambers with energy balance and wall heat exchange,
Stribeck friction, elastic end stops. Prints the error of the rod's position at several steps against the reference:
``x_mm`` every 10 ms, from t = 0 on.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from etabli.components.mechanical.inertia import moving_mass
from etabli.components.pneumatic.cylinder_chambers import air_energy, areas_cm2, double_acting_cylinder_with_heat
from etabli.components.pneumatic.flow_control import one_way_flow_control
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.components.pneumatic.seal_friction import seal_friction
from etabli.components.pneumatic.spool_5_3 import spool_body_5_3
from etabli.components.pneumatic.volume import air_mass, air_volume
from etabli.physics.network import Network, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

POSITION = StateRef("cylinder", "position")
COMMAND = ParameterRef("valve", "command")
HALF_PERIOD_S = 0.5
GRID_S = 0.01

BORE_MM, ROD_MM, STROKE_M = 32.0, 12.0, 0.1
OUTSIDE_BAR = 1.01325
SUPPLY_BAR = 6.0 + OUTSIDE_BAR
DEAD_DM3, LINE_DM3 = 4e-3, 12.6e-3
CRITICAL_RATIO = 0.3
_LARGE_DM3 = 1e9  # a volume that holds its pressure: compressor network, workshop

Floats = NDArray[np.float64]


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
    """The flow controls sit in the ports: port and chamber are one node, and nothing cushions."""
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
            "port_conductance": 1.0,
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


def positions_mm(simulator: Simulator, seconds: float) -> Floats:
    """Position every 10 ms, the start included; the spool is sent to the other side every half second."""
    per_point, per_half = round(GRID_S / simulator.step_s), round(HALF_PERIOD_S / GRID_S)
    found = [simulator.read(POSITION)]
    for point in range(round(seconds / GRID_S)):
        if point % per_half == 0:
            simulator.write(COMMAND, 1.0 if (point // per_half) % 2 == 0 else -1.0)
        simulator.advance(per_point)
        found.append(simulator.read(POSITION))
    return np.array(found) * 1e3


def main() -> None:
    """Print one line a step."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("reference", type=Path, nargs="?", help="npz file with x_mm every 10 ms")
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    exact = np.load(asked.reference)["x_mm"] if asked.reference else None
    if exact is None:
        exact = positions_mm(Simulator(network(), 5e-5), asked.seconds)
    print("step     RMS error  largest error   x real time (CPU)   unresolved")
    for step_s in (1e-4, 2.5e-4, 5e-4, 1e-3, 2e-3, 5e-3):
        simulator = Simulator(network(), step_s)
        start = time.process_time()
        found = positions_mm(simulator, asked.seconds)
        factor = asked.seconds / (time.process_time() - start)
        error = found - exact[: len(found)]
        rms, most = float(np.sqrt((error**2).mean())), float(np.abs(error).max())
        print(f"{step_s * 1e3:4.2f} ms  {rms:8.4f} mm  {most:8.4f} mm   {factor:10.0f}   {simulator.unresolved:10d}")


if __name__ == "__main__":
    main()
