"""Stroke time of a 32 x 100 cylinder against the sizing rule that a maker of valves publishes.

Source: Parker Hannifin. "Pneumatic Control Valve Sizing Guide" of its Schrader Bellows catalogue gives::

    Cv = area (sq in) x stroke (in) x compression factor x A / (stroke time (s) x 28.8)

with a table of compression factors and of the constants A for a pressure drop of 2, 5 or 10 psi through the valve ("use
5 psi for most applications"), and a worked example: 3 1/4 in bore, 12 in stroke, 1 s, 80 psig: Cv = 1.06. C. Landis of
Parker Hannifin explains A in "Sizing pneumatic cylinders and ISO valves" (Machine Design): the NFPA flow formula
Q = 22.48 Cv sqrt((p1 - p2) p2 / (G T)), in scfm, psia and degrees Rankine.

Read at 80 psig. The rule says nothing of the load: its pressure drop does, since what the valve does not take is left
for the load and for the air that leaves.
"""

from __future__ import annotations

import math

import pytest
from scipy.optimize import brentq

from components.rig import Rig, run_for, set_parameter, time_until
from etabli.physics.network import NodeRef, StateRef
from etabli.physics.simulator import Simulator

PSI = 0.0689476
SUPPLY_BAR = 80.0 * PSI
COMPRESSION = 6.4
CONSTANT = {2: 0.075, 5: 0.048, 10: 0.035}
"""A of the guide at 80 psig, by pressure drop in psi."""

AREA_SQ_IN, STROKE_IN = math.pi / 4.0 * (32.0 / 25.4) ** 2, 100.0 / 25.4
THRUST_N = SUPPLY_BAR * 10.0 * math.pi / 4.0 * 3.2**2
CRITICAL_RATIO = 0.35

# Both formulas at a small drop, p1 (1 - r) = d: 22.48 Cv p1 sqrt(d / T) scfm and C p1 sqrt(2 d / (1 - b)) (ISO 6358),
# with 1 scfm = 0.4719 dm3/s, T = 528 R (68 F).
C_PER_CV = 22.48 / math.sqrt(528.0) * 0.4719 / PSI * math.sqrt((1.0 - CRITICAL_RATIO) / 2.0)


def rule_cv(area_sq_in: float, stroke_in: float, seconds: float, drop_psi: int) -> float:
    return area_sq_in * stroke_in * COMPRESSION * CONSTANT[drop_psi] / (seconds * 28.8)


def test_the_rule_is_the_one_of_the_guide() -> None:
    """Its worked example; and A at 80 psig is what the flow formula gives (rounded to three decimals there)."""
    assert rule_cv(8.30, 12.0, 1.0, 5) == pytest.approx(1.06, abs=0.005)
    for drop, constant in CONSTANT.items():
        p1 = 80.0 + 14.7
        assert math.sqrt(520.0 / (drop * (p1 - drop))) / 22.48 == pytest.approx(constant, rel=0.03)


def out_stroke(conductance: float, load_n: float) -> Simulator:
    """A 5/2 valve of that C between a stiff 80 psig and the cylinder, free exhausts; it has just been switched."""
    rig = Rig().add("0Z0", "compressed_air_supply", pressure=SUPPLY_BAR, conductance=50.0)
    rig.add("1V1", "valve_5_2_monostable", conductance=conductance, critical_ratio=CRITICAL_RATIO)
    rig.add("1A1", "cylinder", load_n=load_n, cushioning=0.0, port_conductance=50.0)
    rig.add("1E3", "silencer", conductance=30.0).add("1E5", "silencer", conductance=30.0)
    rig.pipe("0Z0:1", "1V1:1", 100.0).pipe("1V1:4", "1A1:A", 100.0).pipe("1V1:2", "1A1:B", 100.0)
    rig.pipe("1V1:3", "1E3:1", 100.0).pipe("1V1:5", "1E5:1", 100.0)
    sim = rig.start(step_s=0.001)
    run_for(sim, 2.0)
    set_parameter(sim, "1V1.armature.pushed", 1.0)
    return sim


POSITION = StateRef("1A1.chambers", "position")


def middle(conductance: float, load_n: float) -> tuple[float, float]:
    """Pressure drop through the valve (psi) at mid-stroke, and speed there (mm/s)."""
    sim = out_stroke(conductance, load_n)
    assert time_until(sim, POSITION, 0.03, 10.0) is not None
    first = sim.time_s
    assert time_until(sim, POSITION, 0.05, 10.0) is not None
    drop = (sim.read(NodeRef("1V1:1")) - sim.read(NodeRef("1A1.chamber_a"))) / PSI
    assert time_until(sim, POSITION, 0.07, 10.0) is not None
    return drop, 40.0 / (sim.time_s - first)


@pytest.mark.parametrize("drop", [5, 10])
@pytest.mark.parametrize("seconds", [0.5, 1.0])
def test_with_the_pressure_drop_of_the_rule_the_rod_has_its_speed(drop: int, seconds: float) -> None:
    """The load is the one that leaves 5 or 10 psi to the valve; then 100 mm take the time that the rule was given.

    The guide counts the air of the stroke at the supply pressure: the chamber holds it at that drop less.
    """
    conductance = C_PER_CV * rule_cv(AREA_SQ_IN, STROKE_IN, seconds, drop)
    load = brentq(lambda n: middle(conductance, n)[0] - drop, 0.3 * THRUST_N, 0.9 * THRUST_N, xtol=2.0)
    margin = (80.0 + 14.7) / (80.0 + 14.7 - drop)
    assert middle(conductance, load)[1] == pytest.approx(margin * 100.0 / seconds, rel=0.04)


@pytest.mark.parametrize("seconds", [0.25, 0.5, 1.0])
def test_a_valve_sized_by_the_rule_makes_the_stroke_in_time_at_half_load(seconds: float) -> None:
    """From the command to the end of the stroke, at the 5 psi advised: in time, and not oversized by much."""
    sim = out_stroke(C_PER_CV * rule_cv(AREA_SQ_IN, STROKE_IN, seconds, 5), 0.5 * THRUST_N)
    taken = time_until(sim, POSITION, 0.099, 10.0)
    assert taken is not None
    assert 0.65 * seconds < taken < seconds
    assert sim.unresolved == 0
