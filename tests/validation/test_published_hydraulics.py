"""Delivery of pumps over pressure and pressure of a relief valve over flow, against figures that makers and textbooks
print. The parameters come from the same sheet; what the sheet says beside them is what is held.

Curves in makers' sheets are drawings; these are the figures that stand in their text:

* Gear pump: flow tables of the series FBE (Brazil), sizes 1/2 and 1DA, 0 to 10 bar at 1150 and 1750 rpm.
* Leakage of a piston pump: B. Casey, "How to determine hydraulic pump condition using volumetric efficiency"
  (Hydraulics & Pneumatics, 2015): 100 l/min in theory, 94 l/min at 350 bar and 40 mm²/s; the leakage does not depend on
  the stroke.
* Cut-off: Eaton, leaflets of the Vickers pumps PV3-240-18 (2.40 in³/rev, 37.5 gpm at 3750 rpm and 2850 psi) and
  PV3-300-13F (rated pressure 3000 psi, where such pumps give no more).
* Regulators DR of the pumps A10VSO, series 31 (Bosch Rexroth, RE 92711): the greatest rise of pressure from full flow
  to none, by size, as we know that table; only its front page was read in open text.
* Limits of a worn pump: Textron, manual of the Jacobsen 600 mowers, test of the implement pump.
* Relief valve: A. Esposito, Fluid Power with Applications, examples 8-1 and 8-2. Safety instructions of the type-tested
  valves DBD (Bosch Rexroth, RD 25710, page 9): set at 1 l/min, the greatest flow adds a tenth of the setting at most.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from components.rig import Rig, run_for, set_parameter
from etabli.components.hydraulic.oil import FREE_AIR
from etabli.components.hydraulic.relief_valve import RATED_BAR
from etabli.components.sources import lab_flow, lab_pressure
from etabli.physics.network import NodeRef, ParameterRef, StateRef
from etabli.physics.simulator import Simulator

L_MIN = 1000.0 / 60.0  # cm³/s
PSI_BAR, GPM_L_MIN, CUBIC_INCH_CM3, POUND_FORCE_N, HORSEPOWER_W = 0.0689476, 3.785412, 16.387064, 4.448222, 745.7
BUBBLES = 1.0 / (1.0 + FREE_AIR)
"""What the free air of the oil takes from each stroke."""


class Bench:
    """A pump against a circuit held at a pressure; it draws at ``inlet_bar``."""

    def __init__(self, family: str, rpm: float, *faults: str, inlet_bar: float = 0.0, **given: float) -> None:
        rig = Rig().add("P1", family, **given).motor("P1:shaft", rpm * math.pi / 30.0, 1e6)
        ports = {"S": inlet_bar, "P": 0.0} | ({"L": 0.0} if family == "hydraulic_pump_compensated" else {})
        for port, bar in ports.items():
            rig.network.add(f"at {port}", lab_pressure, {"a": f"P1:{port}"}, {"pressure": bar, "conductance": 1e4})
        self.sim = rig.start(*faults)

    def delivers(self, bar: float) -> float:
        """Flow at the outlet in l/min, settled."""
        set_parameter(self.sim, "at P.pressure", bar)
        run_for(self.sim, 1.0)
        return self.sim.read(StateRef("P1.pump", "flow")) / L_MIN


# --- fixed pump ----------------------------------------------------------------------------------------------------

GEAR_BAR = (0.0, 2.0, 4.0, 6.0, 8.0, 10.0)
GEAR_L_MIN = {
    "FBE 1/2": {
        1150.0: (12.0, 11.9, 11.8, 11.7, 11.6, 11.4),
        1750.0: (17.7, 17.6, 17.5, 17.3, 17.1, 16.8),
    },
    "FBE 1DA": {
        1150.0: (75.0, 74.0, 73.0, 71.5, 70.0, 68.5),
        1750.0: (112.0, 110.0, 108.0, 106.0, 104.0, 101.0),
    },
}


def gear_pump(size: str) -> dict[str, float]:
    """Displacement and leakage, one pair for both speeds: least squares of the relative error over the table."""
    rows = [
        (rpm / 1000.0 * BUBBLES / flow, -bar / flow)
        for rpm, table in GEAR_L_MIN[size].items()
        for bar, flow in zip(GEAR_BAR, table, strict=True)
    ]
    displacement, slip = np.linalg.lstsq(np.array(rows), np.ones(len(rows)), rcond=None)[0]
    return {"displacement_cm3": float(displacement), "slip_cm3_s_bar": float(slip) * L_MIN}


@pytest.mark.parametrize("rpm", [1150.0, 1750.0])
@pytest.mark.parametrize("size", GEAR_L_MIN)
def test_a_gear_pump_delivers_what_its_maker_s_table_says(size: str, rpm: float) -> None:
    """One displacement and one leakage for two speeds and six pressures. The tables bend and their two speeds do not
    quite agree; a linear leakage follows them within 4 %, 3 % on average."""
    bench = Bench("hydraulic_pump", rpm, **gear_pump(size))
    found = np.array([bench.delivers(bar) for bar in GEAR_BAR])
    error = np.abs(found / np.array(GEAR_L_MIN[size][rpm]) - 1.0)
    assert error.max() < 0.042
    assert error.mean() < 0.03


def test_a_pump_at_40_mm2_s_has_the_efficiency_of_a_worked_example() -> None:
    """94 l/min of 100 at 350 bar and 40 mm²/s; at the 46 mm²/s of our sheets the same clearances let through less."""
    slip = 6.0 * L_MIN / 350.0 * 40.0 / 46.0
    bench = Bench("hydraulic_pump", 1500.0, inlet_bar=5.0, displacement_cm3=100.0 / 1.5, slip_cm3_s_bar=slip)
    assert bench.delivers(355.0) == pytest.approx(100.0 - 6.0 * 40.0 / 46.0, rel=2e-3)
    set_parameter(bench.sim, "P1.pump.viscosity", 40.0 / 46.0)
    assert bench.delivers(355.0) == pytest.approx(94.0, rel=2e-3)


def test_the_leakage_does_not_depend_on_the_stroke() -> None:
    """The same example: the litres lost at full stroke are those lost at half stroke, where they weigh twice."""

    def lost(stroke: float) -> float:
        bench = Bench("hydraulic_pump_compensated", 1500.0, displacement_cm3=66.7, setting_bar=350.0)
        set_parameter(bench.sim, "P1.pump.most_stroke", stroke)
        return bench.delivers(0.0) - bench.delivers(300.0)

    assert lost(0.5) == pytest.approx(lost(1.0), rel=0.02)


@pytest.mark.parametrize(("faults", "least", "most"), [((), 0.0, 1.0), (("P1.worn",), 1.5, 20.0)])
def test_a_mower_s_maker_would_keep_the_sound_pump_and_replace_the_worn_one(
    faults: tuple[str, ...], least: float, most: float
) -> None:
    """Flow lost from no load to 2000 psi: below 1 gallon a minute the pump is good, above 1.5 it is to be replaced."""
    bench = Bench("hydraulic_pump", 1450.0, *faults)
    assert least < (bench.delivers(0.0) - bench.delivers(2000.0 * PSI_BAR)) / GPM_L_MIN < most


# --- cut-off -------------------------------------------------------------------------------------------------------

EATON = {"cm3": 2.40 * CUBIC_INCH_CM3, "rpm": 3750.0, "l_min": 37.5 * GPM_L_MIN, "full": 2850.0, "none": 3000.0}


def eaton_pump() -> Bench:
    """Displacement, setting and band of the leaflet, leakage from its one delivered point; an impeller feeds it."""
    theory = EATON["cm3"] * EATON["rpm"] / 60.0
    slip = (theory - EATON["l_min"] * L_MIN) / (EATON["full"] * PSI_BAR)
    return Bench(
        "hydraulic_pump_compensated",
        EATON["rpm"],
        inlet_bar=5.0,
        displacement_cm3=EATON["cm3"],
        setting_bar=EATON["full"] * PSI_BAR,
        band_bar=(EATON["none"] - EATON["full"]) * PSI_BAR,
        slip_cm3_s_bar=slip,
    )


def test_a_compensated_pump_holds_its_flow_up_to_the_cut_off_of_its_leaflet() -> None:
    bench = eaton_pump()
    assert bench.delivers(0.98 * EATON["full"] * PSI_BAR) == pytest.approx(EATON["l_min"], rel=2e-3)
    corner = bench.delivers(EATON["full"] * PSI_BAR)
    assert 0.95 * EATON["l_min"] < corner < EATON["l_min"], "the corner is round"
    assert abs(bench.delivers(EATON["none"] * PSI_BAR)) < 0.05 * EATON["l_min"]


DR_RISE_BAR = {18.0: 4.0, 28.0: 4.0, 45.0: 6.0, 71.0: 8.0, 100.0: 10.0, 140.0: 12.0}
"""Displacement in cm³ and greatest rise of pressure from full flow to none."""


@pytest.mark.parametrize("size", DR_RISE_BAR)
def test_from_full_flow_to_none_the_pressure_rises_by_no_more_than_the_dr_table_allows(size: float) -> None:
    """The band of the law is the table's rise; the 3 bar of hysteresis of the real valve are not modelled."""
    rise = DR_RISE_BAR[size]
    bench = Bench(
        "hydraulic_pump_compensated", 1500.0, displacement_cm3=size, setting_bar=250.0, band_bar=rise,
        slip_cm3_s_bar=0.05 * size * 25.0 / 280.0,
    )  # fmt: skip
    full = bench.delivers(249.0)
    assert full == pytest.approx(size * 1.5 * BUBBLES - 0.05 * size * 1.5 * 249.0 / 280.0, rel=0.03)
    assert bench.delivers(250.0 + rise) < 0.03 * full


# --- relief valve --------------------------------------------------------------------------------------------------

POPPET_IN2, SPRING_LB_IN, PRELOAD_IN, LIFT_IN, FULL_GPM = 0.75, 2500.0, 0.20, 0.10, 20.0
CRACKS_PSI, FULL_PSI = SPRING_LB_IN * PRELOAD_IN / POPPET_IN2, SPRING_LB_IN * (PRELOAD_IN + LIFT_IN) / POPPET_IN2


def textbook_valve() -> Simulator:
    """The poppet and the spring of the example; its orifice lets 20 gpm through at the full lift."""
    litres = FULL_GPM * GPM_L_MIN
    rig = Rig().add(
        "V1",
        "relief_valve",
        setting_bar=CRACKS_PSI * PSI_BAR,
        override_bar=(FULL_PSI - CRACKS_PSI) * PSI_BAR,
        flow_l_min=litres * math.sqrt(RATED_BAR / (FULL_PSI * PSI_BAR)),
    )
    rig.network.add("pump", lab_flow, {"a": "V1:P"}, {"flow": 0.0})
    rig.network.add("tank", lab_pressure, {"a": "V1:T"}, {"pressure": 0.0, "conductance": 1e5})
    return rig.start(step_s=0.005)


def relief_pressures(litres: Sequence[float]) -> list[float]:
    """Pressure in bar before the valve of the example at each flow in l/min."""
    sim, found = textbook_valve(), []
    for q in litres:
        set_parameter(sim, "pump.flow", q * L_MIN)
        run_for(sim, 1.0)
        found.append(sim.read(NodeRef("V1:P")))
    return found


def test_a_relief_valve_cracks_and_holds_as_in_the_textbook() -> None:
    """667 psi when it cracks, 1000 psi at full flow; a fifth of the flow lies in between, as Q = k lift √p has it."""
    assert (round(CRACKS_PSI), round(FULL_PSI)) == (667, 1000), "as printed"
    full = FULL_GPM * GPM_L_MIN
    cracks, fifth, whole = relief_pressures((0.001 * full, 0.2 * full, full))
    assert cracks == pytest.approx(CRACKS_PSI * PSI_BAR, rel=0.01)
    assert whole == pytest.approx(FULL_PSI * PSI_BAR, rel=2e-3)
    lift = (fifth / PSI_BAR - CRACKS_PSI) / (FULL_PSI - CRACKS_PSI)
    assert lift * math.sqrt(fifth / whole) == pytest.approx(0.2, rel=0.01)


def test_what_it_lets_through_is_heat_as_in_the_textbook() -> None:
    """20 gpm at 1000 psi are 11.7 hp (example 8-2)."""
    sim = textbook_valve()
    set_parameter(sim, "pump.flow", FULL_GPM * GPM_L_MIN * L_MIN)
    run_for(sim, 1.0)
    assert sim.read(StateRef("V1.poppet", "loss")) / HORSEPOWER_W == pytest.approx(11.7, rel=0.01)
    assert sim.read(ParameterRef("V1.poppet", "setting")) == pytest.approx(45.97, abs=0.01)


def test_the_valve_of_the_catalogue_adds_no_more_than_a_type_tested_one_may() -> None:
    """As it comes, 180 bar and 40 l/min. Set at 1 l/min; at its rated flow the pressure is a tenth higher at most."""
    rig = Rig().add("V1", "relief_valve")
    rig.network.add("pump", lab_flow, {"a": "V1:P"}, {"flow": 1.0 * L_MIN})
    rig.network.add("tank", lab_pressure, {"a": "V1:T"}, {"pressure": 0.0, "conductance": 1e5})
    sim = rig.start(step_s=0.005)
    run_for(sim, 1.0)
    set_at = sim.read(NodeRef("V1:P"))
    set_parameter(sim, "pump.flow", 40.0 * L_MIN)
    run_for(sim, 1.0)
    assert 180.0 < set_at < 1.02 * 180.0
    assert 1.02 * set_at < sim.read(NodeRef("V1:P")) <= 1.1 * set_at
