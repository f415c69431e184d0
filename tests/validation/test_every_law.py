"""Every continuous law of the catalogue is held by a test: a formula written out again, or another tool.

``HELD_BY`` names that test. A new law without an entry fails here; give it one, in the same commit.
"""

from __future__ import annotations

import ast
import math
from functools import cache
from pathlib import Path

import pytest

from etabli.components.catalogue import catalogue
from etabli.physics.expression import Phasor
from etabli.physics.law import LAWS

TESTS = Path(__file__).parents[1]
POINT = "validation/test_every_law.py::test_a_point_of_the_law"
NETWORKS = "components/test_mechanics.py"
NGSPICE_DC = "validation/test_ngspice.py::test_every_node_voltage_of_the_control_circuit"
NGSPICE_AC = "validation/test_ngspice.py::test_every_phasor_of_the_power_circuit"
MSL = "validation/test_msl.py::test_msl_example"
FLUID, OIL = "components/test_fluid_laws.py", "components/test_hydraulic_power.py"
VALVES, HYDRAULICS = "components/test_hydraulic_valves.py", "validation/test_hydraulics.py"
AIR = "components/test_pneumatic_more.py"
ELECTRIC, AC_POWER = "components/test_electrical_laws.py", "components/test_ac_power.py"
CLOSED = "validation/test_closed_forms.py"

HELD_BY: dict[str, str] = {
    "ac_conductor": NGSPICE_AC,
    "ac_impedance": f"{ELECTRIC}::test_ac_impedance_and_measured_pole_follow_complex_ohm",
    "ac_pole": f"{ELECTRIC}::test_ac_impedance_and_measured_pole_follow_complex_ohm",
    "ac_source": f"{ELECTRIC}::test_source_gives_its_short_circuit_current",
    "air_network": "components/test_fluid_networks.py::test_a_charge_through_an_orifice_matches_its_closed_form",
    "air_tank": "components/test_pneumatic_supply.py::test_a_receiver_fills_in_the_time_that_its_volume_asks_for",
    "air_volume": f"{CLOSED}::test_a_tank_empties_exponentially_while_the_passage_is_choked",
    "analog_output": POINT,
    "arcing_contact": "components/test_heat.py::test_an_arc_takes_the_current_of_a_coil_down",
    "ball_valve": POINT,
    "bumper": POINT,
    "chain_mesh": f"{NETWORKS}::TestChain::test_it_reduces_speed_by_its_teeth",
    "check_seat": POINT,
    "coil": f"{CLOSED}::test_coil_current_rises_with_its_time_constant",
    "compensated_pump": f"{HYDRAULICS}::test_a_compensated_pump_gives_all_it_can_then_cuts_off_inside_its_band",
    "compensated_throttle": f"{VALVES}::test_a_flow_regulator_is_constant_whatever_the_load",
    "cooler_core": POINT,
    "counterbalance": f"{VALVES}::test_a_counterbalance_opens_on_its_characteristic",
    "crank_door": POINT,
    "cup_contact": "components/test_vacuum.py::test_pulled_off_a_part_too_heavy_it_lets_go_at_the_force_of_its_vacuum",
    "dc_conductor": f"{ELECTRIC}::test_wire_adds_its_ends_and_leaks_to_earth",
    "dc_link": f"{AC_POWER}::test_power_is_the_same_on_both_sides_of_the_drive",
    "dc_machine": NGSPICE_DC,
    "dc_pole": NGSPICE_DC,
    "diode": f"{CLOSED}::test_coil_current_dies_in_its_flyback_diode",
    "directional_body": POINT,
    "double_acting_cylinder": f"{CLOSED}::test_trapped_air_is_an_isothermal_spring",
    "double_acting_cylinder_with_heat": f"{AIR}::test_without_walls_the_air_follows_the_adiabatic",
    "drum_drive": "components/test_mechanical.py::test_a_drum_pulls_with_its_radius",
    "dry_friction": f"{NETWORKS}::TestDryFriction::test_a_thrown_block_stops_after_its_braking_distance",
    "dry_friction_torque": f"{NETWORKS}::TestDryFriction::test_two_shafts_reach_one_speed_and_stay_together",
    "driven_machine": NGSPICE_AC,
    "ejector": "components/test_vacuum.py::test_suction_falls_in_a_straight_line_with_the_vacuum",
    "filter_element": POINT,
    "fixed_pump": POINT,
    "fixed_stop": f"{NETWORKS}::TestEndStopAndSpring::test_a_stop_gives_back_what_its_loss_factor_leaves",
    "gas_bladder": "components/test_hydraulic_parts.py::test_an_accumulator_follows_boyle_when_filled_slowly",
    "gear_mesh": f"{CLOSED}::test_gearbox_divides_the_speed_and_loses_its_share_of_the_power",
    "gear_pair": MSL,
    "guided_mass": f"{NETWORKS}::TestGuides::test_a_free_load_falls_as_galileo_says_and_rests_on_its_buffer",
    "heat_loss_in": POINT,
    "heat_path": "components/test_heat.py::test_what_one_body_loses_the_other_gains",
    "heat_store": "components/test_heat.py::test_a_body_warms_up_to_its_power_over_its_cooling",
    "heat_to_air": "components/test_heat.py::test_a_body_warms_up_to_its_power_over_its_cooling",
    "high_side_switch": f"{ELECTRIC}::test_plc_output_limits_its_current_and_clamps_the_load",
    "hand_lift": "components/test_vacuum.py::test_the_lip_carries_the_weight_and_the_acceleration",
    "hot_wire": POINT,
    "induction_machine": f"{CLOSED}::test_motor_torque_and_current_follow_the_equivalent_circuit",
    "inverter": NGSPICE_AC,
    "lab_capacitor": POINT,
    "lab_current": POINT,
    "lab_flow": POINT,
    "lab_force": POINT,
    "lab_heat": POINT,
    "lab_mains": POINT,
    "lab_motor": POINT,
    "lab_pressure": POINT,
    "lab_slide": POINT,
    "lab_temperature": POINT,
    "lab_torque": POINT,
    "lab_voltage": POINT,
    "limited_source": f"{CLOSED}::test_power_supply_holds_its_voltage_then_its_current",
    "linear_spring": f"{NETWORKS}::TestEndStopAndSpring::test_a_mass_on_a_spring_swings_at_its_frequency",
    "lip_seal": POINT,
    "loop_sink": NGSPICE_DC,
    "measuring_source": POINT,
    "motor_heat": f"{ELECTRIC}::test_winding_heats_as_two_bodies",
    "moving_mass": f"{CLOSED}::test_a_sliding_mass_slows_down_in_a_straight_line_and_stops",
    "ohmmeter_source": POINT,
    "oil_check": f"{VALVES}::test_a_check_valve_is_an_orifice_one_way_and_tight_the_other",
    "oil_cushion": f"{VALVES}::test_the_cushion_shuts_the_way_out_near_its_end_only",
    "oil_cylinder": f"{VALVES}::TestCylinder::test_a_locked_cylinder_rings_at_the_frequency_of_its_oil",
    "oil_drain": f"{OIL}::test_a_chamber_empties_through_a_hole_as_the_closed_form_says",
    "oil_leak": POINT,
    "oil_line": POINT,
    "oil_motor": f"{VALVES}::TestMotor::test_speed_is_flow_less_leaks_over_displacement",
    "oil_orifice": f"{OIL}::test_orifice_is_that_of_the_textbook_above_half_a_bar",
    "oil_tank": POINT,
    "oil_volume": f"{OIL}::test_stored_oil_is_the_integral_of_the_compliance",
    "one_way_flow_control": POINT,
    "orifice": f"{CLOSED}::test_a_tube_passes_what_iso_6358_says",
    "output_transistor": f"{ELECTRIC}::test_pnp_output_drop_leak_and_limit",
    "pilot_check": f"{VALVES}::test_a_pilot_check_opens_at_the_load_over_its_ratio",
    "piston_compressor": "components/test_pneumatic_supply.py::test_delivery_and_work_follow_the_textbook",
    "press_tool": "components/test_press_station.py::test_a_blank_yields_along_its_hardening_line",
    "pressure_regulator": f"{FLUID}::test_the_regulator_droops_by_half_a_bar_at_full_opening",
    "proportional_body": f"{VALVES}::TestProportionalValve::test_its_spool_answers_like_a_second_order",
    "push_pull_joint": POINT,
    "quick_exhaust_disc": POINT,
    "rack_joint": f"{NETWORKS}::TestRack::test_the_rack_moves_by_the_pitch_radius",
    "rail_wedge": f"{NETWORKS}::TestHoist::test_the_safety_gear_catches_a_fall_at_its_force",
    "rectified_source": "components/test_control_devices.py::test_a_half_wave_rectifier_feeds_the_coil_with_0_45_u",
    "rectifier_input": NGSPICE_AC,
    "reducing_valve": f"{VALVES}::test_a_reducing_valve_feeds_below_its_setting_and_relieves_above",
    "relief": f"{HYDRAULICS}::test_a_relief_valve_follows_its_characteristic_without_ringing",
    "resistor": f"{ELECTRIC}::test_resistor_obeys_ohm",
    "roped_sheave": f"{NETWORKS}::TestHoist::test_the_ropes_slip_beyond_eulers_limit",
    "rotating_mass": "components/test_mechanical.py::test_inertia_is_newtons_second_law",
    "rotation_friction": POINT,
    "safety_seat": POINT,
    "screw_nut": f"{NETWORKS}::TestScrew::test_torque_is_that_of_the_inclined_plane",
    "seal_friction": f"{AIR}::test_the_seal_follows_the_stribeck_curve",
    "seat_valve": POINT,
    "shutoff_3_2": POINT,
    "slip_drive": f"{CLOSED}::test_belt_creeps_as_much_as_its_load_asks",
    "spool_body_5_3": POINT,
    "tank_heat": f"{HYDRAULICS}::test_a_tank_warms_in_an_exponential",
    "throttle_and_check": f"{VALVES}::test_a_throttle_follows_the_root_of_the_drop",
    "torsion_joint": f"{NETWORKS}::TestShaft::test_it_twists_like_a_round_bar",
    "torsion_spring": MSL,
    "transformer_unit": "components/test_electrical_power.py::test_short_circuit_voltage_is_that_of_the_plate",
    "translation_friction": f"{CLOSED}::test_a_sliding_mass_slows_down_in_a_straight_line_and_stops",
    "valve_body_3_2": POINT,
    "valve_body_5_2": POINT,
    "vent": f"{CLOSED}::test_a_tank_empties_exponentially_while_the_passage_is_choked",
    "zener": "components/test_heat.py::test_a_zener_holds_its_voltage",
}


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
    names = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
    for cls in (n for n in tree.body if isinstance(n, ast.ClassDef)):
        names |= {f"{cls.name}::{m.name}" for m in cls.body if isinstance(m, ast.FunctionDef)}
    return frozenset(names)


def product_laws() -> set[str]:
    """Laws that component files declare (other tests declare rigs of their own)."""
    catalogue()
    return {name for name, law in LAWS.items() if law.function.__module__.startswith("etabli.")}


def test_every_law_is_held_by_a_test() -> None:
    missing = sorted(product_laws() - set(HELD_BY))
    assert not missing, f"no closed form or reference is named for {missing}: add a test and its name to HELD_BY"
    gone = sorted(set(HELD_BY) - product_laws())
    assert not gone, f"no such laws any more: {gone}"


@pytest.mark.parametrize("law", sorted(HELD_BY))
def test_the_test_that_is_named_exists(law: str) -> None:
    path, _, name = HELD_BY[law].partition("::")
    assert name in names_in(path), f"{HELD_BY[law]} does not exist"
    if HELD_BY[law] == POINT:
        assert law in POINTS


ATMOSPHERE = 1.01325


def iso_6358(p1: float, p2: float, c: float, b: float) -> float:
    """g/s from p1 to p2, bar absolute, at 20 °C: ISO 6358-1, c in dm³/(s·bar), 1.185 g/dm³ at the reference state."""
    return c * 1.185 * p1 * math.sqrt(1.0 - max(0.0, (p2 / p1 - b) / (1.0 - b)) ** 2)


STILL = {"t": 20.0}
POINTS: dict[str, tuple[dict[str, float | Phasor], dict[str, float], dict[str, float], dict[str, float]]] = {
    # law: across variables, parameters, states, flows by hand
    "analog_output": ({"plus": 4.0, "minus": 0.0}, {"volts": 5.0, "resistance": 50.0}, {}, {"plus": -0.02}),
    "ball_valve": (
        {"a": 100.0, "b": 19.0},
        {"k": 30.0, "position": 0.5, "travel": 1.0, "seat_leak": 0.0},
        {},
        {"a": 15.0 * math.sqrt(81.0)},
    ),
    "bumper": ({"a": 0.0, "b": 0.0}, {"stiffness": 1e4, "damping": 0.0}, {"gap": -2e-3}, {"a": 20.0, "b": -20.0}),
    "cooler_core": ({"a": 25.0, "b": 0.0}, {"k": 40.0, "opening": 1.0}, {}, {"a": 200.0}),
    "crank_door": (
        # Middle of the travel: the belt slips at its limit, whatever the speed of the motor.
        {"shaft": 1e4, "w": 0.0},
        {"radius": 0.1, "limit": 150.0, "travel": 0.8, "obstacle": -1.0},
        {"position": 0.4},
        {"shaft": 15.0, "w": -150.0},
    ),
    "filter_element": (
        {"a": 2.0, "b": 0.0},
        {"conductance": 300.0, "viscosity": 1.5, "clean": 0.5, "bypass_bar": 3.0, "bypass_k": 500.0, "held_open": 0.0},
        {},
        {"a": 200.0},
    ),
    "fixed_pump": (
        # 10 cm³/rev at 25 rev/s against 100 bar: 250 cm³/s less 3 cm³/s of slip.
        {"S": 0.0, "P": 100.0, "shaft": 50.0 * math.pi},
        {
            "displacement": 10.0, "slip": 0.03, "viscosity": 1.0, "air": 0.0, "ingested": 0.0, "dry": 0.0,
            "pressure_friction": 0.0, "drag": 0.0, "driven": 1.0,
        },
        {},
        {"P": -247.0, "shaft": 250.0 * 100.0 * 0.1 / (50.0 * math.pi)},
    ),
    "heat_loss_in": (STILL, {"power": 12.0}, {}, {"t": -12.0}),
    "hot_wire": (
        {"a": Phasor(230.0, 0.0), "b": Phasor(0.0, 0.0), "wire": 120.0},
        {"resistance": 46.0, "per_k": 0.0015},
        {},
        {"wire": -(230.0**2) / (46.0 * 1.15)},
    ),
    "lab_capacitor": ({"a": 10.0, "b": 0.0}, {"capacitance": 1e-3}, {"charge": 0.0}, {"a": 10.0}),
    "lab_current": ({"plus": 3.0, "minus": 1.0}, {"current": 0.5, "conductance": 0.01}, {}, {"plus": -0.48}),
    "lab_flow": ({"a": 100.0}, {"flow": 20.0}, {}, {"a": -20.0}),
    "lab_force": ({"w": 0.3}, {"force": 50.0}, {}, {"w": -50.0}),
    "lab_heat": (STILL, {"power": 8.0}, {}, {"t": -8.0}),
    "lab_mains": (
        {"line": Phasor(0.0, 0.0), "neutral": Phasor(0.0, 0.0)},
        {"voltage": 230.0, "cosine": 1.0, "sine": 0.0, "resistance": 3.0, "reactance": 4.0},
        {},
        {"line": -46.0},  # modulus, see the test
    ),
    "lab_motor": ({"w": 99.0}, {"speed": 100.0, "stiffness": 30.0}, {}, {"w": -30.0}),
    "lab_pressure": ({"a": 90.0}, {"pressure": 100.0, "conductance": 7.0}, {}, {"a": -70.0}),
    "lab_slide": ({"w": 0.1}, {"speed": 0.2, "stiffness": 1e3}, {}, {"w": -100.0}),
    "lab_temperature": (STILL, {"temperature": 60.0, "conductance": 2.0}, {}, {"t": -80.0}),
    "lab_torque": ({"w": 3.0}, {"torque": 5.0}, {}, {"w": -5.0}),
    "lab_voltage": ({"plus": 20.0, "minus": 0.0}, {"voltage": 24.0, "resistance": 2.0}, {}, {"plus": -2.0}),
    "lip_seal": ({"a": 10.0}, {"strength": 2.0, "k": 5.0}, {}, {"a": 40.0}),
    "measuring_source": ({"a": 0.1, "b": 0.0}, {"current": 1e-3, "conductance": 1e-4}, {}, {"a": -0.99e-3}),
    "ohmmeter_source": ({"a": 1.0, "b": 0.0}, {"emf": 3.0, "resistance": 1000.0}, {}, {"a": -2e-3}),
    "oil_leak": ({"a": 50.0, "b": 10.0}, {"conductance": 0.3, "viscosity": 1.5}, {}, {"a": 8.0}),
    "oil_line": (
        # q / G + (q / k)² = drop: 100 / 50 + (100 / 50)² = 6 bar.
        {"a": 6.0, "b": 0.0},
        {"k": 50.0, "conductance": 50.0, "viscosity": 1.0, "opening": 1.0},
        {},
        {"a": 100.0},
    ),
    "push_pull_joint": (
        {"a": 0.0, "b": 0.0},
        {"stiffness": 1e5, "damping": 0.0, "play": 1e-3, "grip": 1.0},
        {"twist": 1.5e-3, "force": 0.0},
        {"a": 100.0, "b": -100.0},
    ),
    "rotation_friction": ({"w": 100.0}, {"coulomb": 2.0, "stiction": 1.0, "viscous": 0.01}, {}, {"w": 3.0}),
    "check_seat": (
        # 0.15 bar of drop, 0.1 more than it takes to crack: half of the lift that 0.2 bar give.
        {"a": 7.0, "b": 6.85},
        {
            "conductance": 2.5, "cracking": 0.05, "band": 0.2, "lift": 1.0, "leak": 0.0, "critical_ratio": 0.4,
            "lag": 0.0,
        },
        {"lift": 0.0},
        {"a": iso_6358(7.0, 6.85, 1.25, 0.4), "b": -iso_6358(7.0, 6.85, 1.25, 0.4)},
    ),
    "safety_seat": (
        # Half way from its set pressure to full lift 10 % above; choked.
        {"a": 8.4 + ATMOSPHERE},
        {"set_pressure": 8.0, "drift": 1.0, "conductance": 5.0, "free": 1.0, "leak": 0.0},
        {},
        {"a": 0.5 * 5.0 * 1.185 * (8.4 + ATMOSPHERE)},
    ),
    "quick_exhaust_disc": (
        # The feed has gone: 7 bar leave by the wide exhaust, choked.
        {"p1": ATMOSPHERE, "p2": 7.0, "p3": ATMOSPHERE},
        {"conductance": 3.0, "exhaust": 6.0, "free": 1.0, "held": 0.0, "torn": 0.0},
        {},
        {"p1": 0.0, "p2": 6.0 * 1.185 * 7.0, "p3": -6.0 * 1.185 * 7.0},
    ),
    "shutoff_3_2": (
        {"a": 7.0, "b": 6.5},
        {
            "position": 1.0, "travel": 1.0, "conductance": 7.0, "exhaust_conductance": 2.5, "seat_leak": 0.0,
            "exhaust_opening": 1.0,
        },
        {},
        {"a": iso_6358(7.0, 6.5, 7.0, 0.4), "b": -iso_6358(7.0, 6.5, 7.0, 0.4)},
    ),
    "valve_body_3_2": (
        # Half open from 1 to 2; a tenth leaks from 1 to 3, choked.
        {"p1": 7.0, "p2": 5.0, "p3": ATMOSPHERE},
        {"conductance": 2.9, "critical_ratio": 0.35, "supply": 0.5, "exhaust": 0.0, "seal_leak": 0.1},
        {},
        {
            "p1": iso_6358(7.0, 5.0, 1.45, 0.35) + 0.29 * 1.185 * 7.0,
            "p2": -iso_6358(7.0, 5.0, 1.45, 0.35),
            "p3": -0.29 * 1.185 * 7.0,
        },
    ),
    "valve_body_5_2": (
        {"p1": 7.0, "p2": 6.0, "p4": 3.0, "p3": ATMOSPHERE, "p5": ATMOSPHERE},
        {"conductance": 2.9, "critical_ratio": 0.35, "rest": 1.0, "work": 0.0, "seal_leak": 0.0},
        {},
        {
            "p1": iso_6358(7.0, 6.0, 2.9, 0.35), "p2": -iso_6358(7.0, 6.0, 2.9, 0.35), "p3": 0.0,
            "p4": 2.9 * 1.185 * 3.0, "p5": -2.9 * 1.185 * 3.0,
        },
    ),
    "spool_body_5_3": (
        # Travel 0.65: half of the way beyond an overlap of 0.3. 1 feeds 4 and 2 empties into 3, half open.
        {"p1": 7.0, "p2": 3.0, "p4": 5.0, "p3": ATMOSPHERE, "p5": ATMOSPHERE},
        {
            "conductance": 2.9, "critical_ratio": 0.35, "command": 0.65, "lag": 0.0, "overlap": 0.3,
            "centre_supply": 0.0, "centre_exhaust": 0.0, "seal_leak": 0.0,
        },
        {"position": 0.0},
        {
            "p1": iso_6358(7.0, 5.0, 1.45, 0.35), "p4": -iso_6358(7.0, 5.0, 1.45, 0.35), "p5": 0.0,
            "p2": 1.45 * 1.185 * 3.0, "p3": -1.45 * 1.185 * 3.0,
        },
    ),
    "one_way_flow_control": (
        # Against the check: the screw alone, a quarter open, choked.
        {"a": ATMOSPHERE, "b": 7.0},
        {
            "screw_conductance": 0.8, "check_conductance": 1.1, "opening": 0.25, "check_leak": 0.0, "check_lift": 1.0,
            "passage": 1.0, "critical_ratio": 0.35, "check_band": 0.02,
        },
        {},
        {"a": -0.2 * 1.185 * 7.0, "b": 0.2 * 1.185 * 7.0},
    ),
    "oil_tank": (
        # 4 bar bring 8000 cm³/s back, 9 bar 12000; nothing is drawn: the air gives way.
        {"S": 0.0, "R": 4.0, "D": 9.0, "air": 0.0},
        {"k": 4000.0, "full": 1e5, "plug_k": 100.0, "opening": 0.0},
        {"volume": 9e4, "leak": 0.0},
        {"S": 0.0, "R": 8000.0, "D": 12000.0, "air": -20000.0},
    ),
    "directional_body": (
        # P to A wide open: k √16; B to T half open: k/2 √9.
        {"p": 116.0, "a": 100.0, "b": 9.0, "t": 0.0},
        {"k": 100.0, "pa": 1.0, "pb": 0.0, "at": 0.0, "bt": 0.5, "pt": 0.0, "gap": 0.0, "viscosity": 1.0},
        {},
        {"p": 400.0, "a": -400.0, "b": 150.0, "t": -150.0},
    ),
    "seat_valve": (
        {"a": 16.0, "b": 0.0},
        {"k": 20.0, "opening": 1.0, "lift": 0.5, "cracking": 1e3, "span": 1.0, "seat_leak": 0.0},
        {},
        {"a": 40.0},
    ),
}  # fmt: skip
"""Linear laws and orifices at a point that is computed by hand."""


@pytest.mark.parametrize("law", sorted(POINTS))
def test_a_point_of_the_law(law: str) -> None:
    catalogue()
    across, parameters, states, expected = POINTS[law]
    flows, _ = LAWS[law].evaluate(across, parameters, states, ah=1e-3)
    for terminal, value in expected.items():
        found = flows[terminal]
        if isinstance(found, Phasor):
            found = -math.hypot(found.re, found.im)
        assert found == pytest.approx(value, rel=2e-3, abs=1e-6), terminal
