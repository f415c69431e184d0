"""Evacuation time of a vacuum gripper against the worked example of a maker.

Source: Schmalz, know-how pages, "Calculation of evacuation times": six cups with their fittings, hoses and a manifold,
564 cm3 in all, an ejector that draws 6.95 m3/h, from 1013 to 400 mbar absolute::

    t = V ln(p start / p end) 1.3 / (suction) = 0.35 s

The factor 1.3 is the maker's margin over a pump of constant volume flow. An ejector draws less and less towards its
deepest vacuum; our law makes that a straight line (0.88 bar here, as on the sheets of single-stage ejectors).
"""

from __future__ import annotations

import math

import pytest

from components.rig import Rig, run_for, set_parameter, time_until
from etabli.components.pneumatic.orifice import ATMOSPHERE_BAR
from etabli.physics.network import NodeRef

VOLUME_L, SUCTION_M3_H, END_BAR = 0.564, 6.95, 0.4
RULE_S = 1.3 * VOLUME_L * 3.6 / SUCTION_M3_H * math.log(1.013 / END_BAR)


def test_the_rule_is_the_one_of_the_page() -> None:
    assert pytest.approx(0.35, abs=0.005) == RULE_S


def test_the_ejector_empties_the_gripper_in_about_that_time() -> None:
    rig = Rig().add("0Z0", "compressed_air_supply", pressure=4.5, conductance=50.0)
    rig.add("2P1", "vacuum_ejector", suction_l_min=SUCTION_M3_H * 1000.0 / 60.0, nozzle=0.5)
    rig.add("2T1", "air_receiver", volume_l=VOLUME_L, start_water_cm3=0.0, humidity=0.0, conductance=100.0)
    rig.pipe("0Z0:1", "2P1:1", 20.0).pipe("2T1:2", "2P1:V", 100.0)
    sim = rig.start(step_s=0.001)
    run_for(sim, 3.0)
    assert ATMOSPHERE_BAR - sim.read(NodeRef("2T1.tank")) == pytest.approx(0.86, abs=0.03)
    set_parameter(sim, "0Z0.handle.position", 0.0)
    run_for(sim, 5.0)
    set_parameter(sim, "0Z0.handle.position", 1.0)
    vacuum_grows = time_until(sim, NodeRef("0Z0:1"), 4.0, 1.0)
    start = sim.time_s
    assert vacuum_grows is not None
    while sim.read(NodeRef("2T1.tank")) > END_BAR:
        sim.advance(1)
        assert sim.time_s - start < 2.0
    assert sim.time_s - start == pytest.approx(RULE_S, rel=0.1)
