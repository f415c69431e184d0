"""Every sampled law of the catalogue (armatures, switches, logic, heat, what is seen and heard) is held by a test.

Those with physics or logic of some length have tests of their own, named in ``HELD_BY``; the others are held here, at
points that are computed by hand. A new law without an entry fails.
"""

from __future__ import annotations

import math

import pytest

from etabli.components.catalogue import catalogue
from etabli.components.mechanical.lift_shaft import MOST_LEVELS
from etabli.physics.law import SAMPLED_LAWS
from validation.test_every_law import TESTS, iso_6358, names_in

ELECTRIC, NETWORKS = "components/test_electrical_laws.py", "components/test_electrical_networks.py"
POWER, DRIVES = "components/test_electrical_power.py", "components/test_ac_power.py"
DEVICES, SIGNALS = "components/test_control_devices.py", "components/test_electrical_signals.py"
AIR, SUPPLY = "components/test_fluid_laws.py", "components/test_pneumatic_supply.py"
MECHANICS, MECHANICAL = "components/test_mechanics.py", "components/test_mechanical.py"
LIFT, OIL_VALVES = "components/test_lift.py", "components/test_hydraulic_valves.py"
CURVES = "validation/test_protection_curves.py"

HELD_BY: dict[str, str] = {
    "armature": f"{ELECTRIC}::test_armature_takes_its_closing_time_and_has_hysteresis",
    "bearing_heat": f"{MECHANICAL}::test_a_bearing_warms_up_to_its_losses_over_its_cooling",
    "bimetals": f"{POWER}::test_trip_time_is_the_closed_form_of_one_time_constant",
    "brake_linings": f"{DEVICES}::test_rubbing_heat_is_the_work_of_friction",
    "breaker_mechanism": f"{CURVES}::TestCurveC::test_2_55_in_takes_between_one_second_and_one_minute",
    "cabinet_fan": "components/test_heat.py::TestEnclosure::test_the_air_settles_where_walls_and_fan_take_the_losses",
    "contact": f"{ELECTRIC}::test_make_contact_closes_late_in_the_travel",
    "cpu_supply": f"{NETWORKS}::test_plc_rides_through_a_short_dip_and_stops_after_20_ms",
    "cup_watch": "components/test_vacuum.py::test_it_lifts_what_it_can_hold_and_no_more",
    "curtain_logic": f"{DEVICES}::test_a_clear_field_gives_two_outputs_and_a_hand_takes_them_away",
    "digital_input": f"{ELECTRIC}::test_plc_input_thresholds",
    "digital_output": f"{ELECTRIC}::test_shorted_plc_output_shuts_down_and_retries",
    "divider": f"{SIGNALS}::test_the_wiper_is_a_loaded_divider",
    "drive_commands": f"{DRIVES}::test_the_analog_input_sets_the_speed",
    "drive_output": f"{DRIVES}::test_torque_speed_and_current_at_rated_load",
    "drive_trips": f"{DRIVES}::test_each_protection_trips_with_its_code",
    "firing": f"{POWER}::test_the_motor_sees_the_voltage_of_the_ramp",
    "fuse_element": f"{ELECTRIC}::test_fuse_melting_time_follows_the_closed_form_of_its_bodies",
    "governor": f"{LIFT}::test_a_governor_trips_above_its_speed_and_is_put_back_at_rest",
    "half_wave": f"{DEVICES}::test_a_half_wave_rectifier_feeds_the_coil_with_0_45_u",
    "magnet_logic": f"{ELECTRIC}::test_cylinder_sensor_sees_the_magnet_near_it",
    "missing_tooth": f"{MECHANICAL}::test_a_missing_tooth_lets_go_once_a_turn",
    "overspeed_governor": f"{MECHANICS}::TestHoist::test_the_safety_gear_catches_a_fall_at_its_force",
    "phase_watch": f"{DEVICES}::test_asymmetry_is_the_negative_over_the_positive_sequence",
    "platinum": f"{SIGNALS}::test_pt100_meets_the_table_of_the_standard",
    "presence_logic": f"{ELECTRIC}::test_presence_sensor_switches_with_hysteresis",
    "pressure_loop": "components/test_proportional_pressure.py::test_the_static_line",
    "pressure_snap": f"{ELECTRIC}::test_pressure_switch_has_its_differential",
    "proportional_amplifier": f"{OIL_VALVES}::test_the_amplifier_jumps_the_dead_band_and_is_linear_beyond",
    "pt100_head": f"{SIGNALS}::test_the_loop_carries_the_temperature_whatever_its_leads",
    "rectifier": f"{DRIVES}::test_the_link_follows_the_peaks_unloaded_and_the_mean_of_six_pulses_under_load",
    "safety_logic": f"{ELECTRIC}::test_safety_relay_starts_on_the_falling_edge_of_reset",
    "solenoid_spool": f"{OIL_VALVES}::TestValve43::test_it_switches_in_the_time_of_its_sheet",
    "spool_centred": "components/test_pneumatic_actuation.py::test_each_pilot_moves_the_rod_its_own_way",
    "spool_spring_return": f"{AIR}::test_the_spool_travels_in_fifteen_milliseconds_at_six_bar",
    "spool_two_pilots": f"{AIR}::test_the_bistable_spool_keeps_the_last_order",
    "starter_sequence": f"{POWER}::test_a_soft_stop_and_a_trip_free_rest",
    "starter_trips": f"{POWER}::test_each_trip_shows_its_code",
    "supply_control": f"{NETWORKS}::test_isolator_off_drops_everything_and_hold_up_carries_a_dip",
    "supply_frequency": f"{DRIVES}::test_ramps_take_their_time_and_the_motor_follows",
    "thermistor": f"{SIGNALS}::test_ptc_lies_inside_the_limits_of_the_standard",
    "thermistor_watch": f"{SIGNALS}::test_the_thermistor_relay_holds_a_cool_motor_and_drops_a_hot_one",
    "timer": f"{DEVICES}::test_a_timer_holds_its_time_over_any_step",
    "two_hand_logic": f"{DEVICES}::test_both_hands_within_half_a_second",
    "unloader": f"{SUPPLY}::test_delivery_and_work_follow_the_textbook",
    "vacuum_logic": "components/test_vacuum.py::test_the_switch_closes_at_its_set_point_and_opens_lower",
}

Numbers = dict[str, float]
LUBRICATOR = {
    "conductance": 2.0, "passage": 1.0, "least_l_min": 20.0, "drops_m3": 10.0, "needle": 1.0, "bowl_cm3": 50.0,
    "missing": 0.1,
}  # fmt: skip
DROPS = 0.01 * (iso_6358(7.0, 6.9, 2.0, 0.4) / 1.185 * 60.0 - 20.0)
LANDINGS = {f"level_{k}": 3.0 * k if k < 3 else 1e6 for k in range(MOST_LEVELS)}
POINTS: dict[str, tuple[tuple[Numbers, Numbers, Numbers, float, Numbers], ...]] = {
    # law: (reads, parameters, memory, step s, what comes out by hand), …
    # 826.5 W/K of oil at 62 °C against 150 W/K to air at 22 °C: effectiveness 150/976.5, 5.08 kW once it is steady.
    "air_cooling": (
        (
            {"flow": 500.0, "oil": 62.0, "amps": 3.0},
            {
                "rated_w_k": 150.0,
                "ambient_c": 22.0,
                "fouled": 0.0,
                "rated_a": 3.0,
                "fan_lag_s": 1.0,
                "jammed": 0.0,
                "core_j_k": 1.0,
            },
            {"fan": 1.0, "core": 22.0, "cooling": 0.0},
            1e6,
            {"cooling": 826.5 * 150.0 / 976.5 * 40.0, "fan": 1.0},
        ),
        # The fan stands: still air takes 12 %.
        (
            {"flow": 500.0, "oil": 62.0, "amps": 0.0},
            {
                "rated_w_k": 150.0,
                "ambient_c": 22.0,
                "fouled": 0.0,
                "rated_a": 3.0,
                "fan_lag_s": 1.0,
                "jammed": 0.0,
                "core_j_k": 1.0,
            },
            {"fan": 0.0, "core": 22.0, "cooling": 0.0},
            1e6,
            {"cooling": 826.5 * 18.0 / 844.5 * 40.0},
        ),
    ),
    "ball_follows": (({"handle": 0.3}, {}, {}, 0.005, {"position": 0.3}),),
    "bimetal": (
        (
            {"temperature": 34.0},
            {"set_c": 35.0, "differential_k": 7.0, "drift_k": 0.0, "stuck": 0.0},
            {"position": 0.0},
            0.005,
            {"position": 0.0},
        ),
        (
            {"temperature": 36.0},
            {"set_c": 35.0, "differential_k": 7.0, "drift_k": 0.0, "stuck": 0.0},
            {"position": 0.0},
            0.005,
            {"position": 1.0},
        ),
        (
            {"temperature": 29.0},
            {"set_c": 35.0, "differential_k": 7.0, "drift_k": 0.0, "stuck": 0.0},
            {"position": 1.0},
            0.005,
            {"position": 1.0},
        ),
        (
            {"temperature": 27.0},
            {"set_c": 35.0, "differential_k": 7.0, "drift_k": 0.0, "stuck": 0.0},
            {"position": 1.0},
            0.005,
            {"position": 0.0},
        ),
    ),
    "bimetal_disc": (
        # It has felt the 100 °C for long; opened at 90, it closes at 75.
        (
            {"target": 100.0},
            {"contact": 1.0, "offset": 0.0, "ambient": 20.0, "lag_s": 1e-6, "response_c": 90.0, "differential_k": 15.0},
            {"element": 100.0, "open": 0.0},
            0.005,
            {"open": 1.0},
        ),
        (
            {"target": 76.0},
            {"contact": 1.0, "offset": 0.0, "ambient": 20.0, "lag_s": 1e-6, "response_c": 90.0, "differential_k": 15.0},
            {"element": 76.0, "open": 1.0},
            0.005,
            {"open": 1.0},
        ),
        (
            {"target": 74.0},
            {"contact": 1.0, "offset": 0.0, "ambient": 20.0, "lag_s": 1e-6, "response_c": 90.0, "differential_k": 15.0},
            {"element": 74.0, "open": 1.0},
            0.005,
            {"open": 0.0},
        ),
    ),
    # 100 W · 0.02 K/W = 2 K in the end; a tenth of the way in a tenth of the time constant.
    "body_warmth": (
        (
            {"loss": 100.0, "oil": 40.0},
            {"k_per_w": 0.02, "time_s": 60.0, "unlinked": 22.0},
            {"rise": 0.0, "celsius": 40.0},
            6.0,
            {"rise": 0.2, "celsius": 40.2},
        ),
    ),
    # Full travel in 60 ms: 15 ms are a quarter of it.
    "brake_shoes": (
        ({"release": 1.0}, {"lever": 0.0, "travel_s": 0.06, "jammed": 0.0}, {"squeeze": 1.0}, 0.015, {"squeeze": 0.75}),
        ({"release": 0.0}, {"lever": 0.0, "travel_s": 0.06, "jammed": 0.0}, {"squeeze": 0.0}, 0.015, {"squeeze": 0.25}),
        ({"release": 1.0}, {"lever": 0.0, "travel_s": 0.06, "jammed": 1.0}, {"squeeze": 1.0}, 0.015, {"squeeze": 1.0}),
    ),
    "buffer_knock": (
        (
            {"buffer": 500.0, "speed": -0.4},
            {"weight": 1000.0},
            {"knock": 0.0, "fastest": 0.0},
            0.005,
            {"knock": 0.4, "fastest": 0.4},
        ),
        ({"buffer": 5.0, "speed": 0.0}, {"weight": 1000.0}, {"knock": 0.4, "fastest": 0.0}, 1.0, {"knock": 0.2}),
    ),
    "car_image": (
        (
            {"height": 3.0, "speed": 0.5, "door": 0.2},
            {},
            {"height": 0.0, "speed": 0.0, "door": 0.0},
            0.005,
            {"height": 3.0, "speed": 0.5, "door": 0.2},
        ),
    ),
    "carried_load": (({"kg": 250.0}, {"full_kg": 625.0}, {"kg": 0.0}, 0.005, {"kg": 250.0, "load": 0.4}),),
    "chain_noise": (({"jumped": 3.5}, {}, {"before": 3.0, "noise": 0.2}, 1.0, {"before": 3.5, "noise": 0.6}),),
    "door_image": (
        (
            {"position": 0.45},
            {"travel": 0.9},
            {"fraction": 0.0, "at_open": 0.0, "at_closed": 0.0},
            0.005,
            {"fraction": 0.5, "at_open": 0.0, "at_closed": 0.0},
        ),
        (
            {"position": 0.9},
            {"travel": 0.9},
            {"fraction": 0.0, "at_open": 0.0, "at_closed": 0.0},
            0.005,
            {"fraction": 1.0, "at_open": 1.0, "at_closed": 0.0},
        ),
    ),
    # 50 ms of time constant: a tenth of the way in 5 ms. Absolute pressure in, gauge out.
    "gauge_needle": (
        ({"pressure": 7.01325}, {"gain": 1.0, "zero": 0.0, "free": 1.0}, {"reading": 0.0}, 0.005, {"reading": 0.6}),
    ),
    "guard_tongue": (
        ({"door": 1.0}, {"bypassed": 0.0, "misaligned": 0.0}, {"position": 0.0}, 0.005, {"position": 1.0}),
        ({"door": 1.0}, {"bypassed": 1.0, "misaligned": 0.0}, {"position": 0.0}, 0.005, {"position": 0.0}),
        ({"door": 0.0}, {"bypassed": 0.0, "misaligned": 0.4}, {"position": 0.0}, 0.005, {"position": 0.4}),
    ),
    # 9 kW taken, 5 kW of work, 1.5 kW cooled: 2.5 kW warm the bath.
    "heat_balance": (
        (
            {"pump_power": 7000.0, "pump_power_2": 2000.0, "work": 5000.0, "cooling": 1500.0},
            {"none": 0.0, "extra": 0.0},
            {"heat": 0.0, "given": 0.0, "waiting_j": 240.0, "waited_s": 0.096},
            0.005,
            {"heat": 2500.0, "given_w": 252.5 / 0.101},
        ),
    ),
    "hand_operated": (
        (
            {},
            {"position": 1.0, "locked": 0.0, "jammed": 0.0, "sticky": 0.0, "loose": 0.0},
            {"head": 0.0, "position": 0.0, "at_1": 0.0, "at_2": 0.0},
            0.005,
            {"head": 1.0, "position": 1.0, "at_1": 1.0},
        ),
        (
            {},
            {"position": 1.0, "locked": 1.0, "jammed": 0.0, "sticky": 0.0, "loose": 0.0},
            {"head": 0.0, "position": 0.0, "at_1": 0.0, "at_2": 0.0},
            0.005,
            {"head": 0.0, "position": 0.0},
        ),
        (
            {},
            {"position": 0.0, "locked": 0.0, "jammed": 0.0, "sticky": 1.0, "loose": 0.0},
            {"head": 1.0, "position": 1.0, "at_1": 1.0, "at_2": 0.0},
            0.005,
            {"head": 1.0, "position": 1.0},
        ),
        (
            {},
            {"position": 2.0, "locked": 0.0, "jammed": 0.0, "sticky": 0.0, "loose": 1.0},
            {"head": 0.0, "position": 0.0, "at_1": 0.0, "at_2": 0.0},
            0.005,
            {"head": 2.0, "position": 0.0, "at_2": 1.0},
        ),
    ),
    "hand_or_finger": (
        (
            {"finger": 1.0},
            {"position": 0.0, "locked": 0.0, "jammed": 0.0, "sticky": 0.0, "loose": 0.0},
            {"head": 0.0, "position": 0.0, "at_1": 0.0, "at_2": 0.0},
            0.005,
            {"position": 1.0},
        ),
    ),
    "held_value": (({}, {"value": 0.7}, {"held": 0.0}, 0.005, {"held": 0.7}),),
    # e ω at a free rotor: 16 µm at 157 rad/s are 2.51 mm/s peak, 1.776 RMS; a tenth of it at the housing.
    "housing_vibration": (
        (
            {"speed": 157.0, "offset": 0.0},
            {
                "unbalance_um": 16.0,
                "rotor_share": 0.1,
                "offset_mm": 0.0,
                "loose": 0.0,
                "cage": 0.0,
                "outer": 0.5,
                "inner": 0.0,
                "ball": 0.0,
                "rough": 0.0,
                "unlinked": 0.0,
            },
            dict.fromkeys(("rms", "unbalance", "misaligned", "loose", "cage", "outer", "inner", "ball", "rough"), 0.0),
            0.005,
            {"unbalance": 0.1 * 0.016 * 157.0 / math.sqrt(2.0), "outer": 4.0, "rms": math.hypot(0.17763, 4.0)},
        ),
    ),
    "kneaded_star": (({}, {"offset_mm": 0.5}, {"offset": 0.0}, 0.005, {"offset": 0.5, "coulomb": 0.3}),),
    "landing_door": (
        # The car is away: 0.2 of the way shut by the weight in 0.5 s.
        (
            {"car": 3.0, "car_door": 1.0, "key": 0.0},
            {"level": 0.0, "zone": 0.1, "closing_per_s": 0.4, "ajar": 0.0, "hook": 1.0},
            {"fraction": 1.0, "locked": 0.0},
            0.5,
            {"fraction": 0.8, "locked": 0.0},
        ),
        (
            {"car": 0.05, "car_door": 0.6, "key": 0.0},
            {"level": 0.0, "zone": 0.1, "closing_per_s": 0.4, "ajar": 0.0, "hook": 1.0},
            {"fraction": 0.0, "locked": 1.0},
            0.005,
            {"fraction": 0.6, "locked": 0.0},
        ),
        (
            {"car": 3.0, "car_door": 0.0, "key": 0.0},
            {"level": 0.0, "zone": 0.1, "closing_per_s": 0.4, "ajar": 0.0, "hook": 1.0},
            {"fraction": 0.0, "locked": 1.0},
            0.005,
            {"fraction": 0.0, "locked": 1.0},
        ),
    ),
    "lever_head": (
        (
            {"target": 1.0},
            {
                "low": 0.9,
                "high": 1.1,
                "differential": 0.002,
                "shift": 0.0,
                "pushed": 0.0,
                "broken": 0.0,
                "stuck": 0.0,
                "sluggish": 0.0,
            },
            {"head": 0.0, "position": 0.0},
            0.005,
            {"head": 1.0, "position": 1.0},
        ),
        (
            {"target": 1.101},
            {
                "low": 0.9,
                "high": 1.1,
                "differential": 0.002,
                "shift": 0.0,
                "pushed": 0.0,
                "broken": 0.0,
                "stuck": 0.0,
                "sluggish": 0.0,
            },
            {"head": 1.0, "position": 1.0},
            0.005,
            {"head": 1.0},
        ),
        (
            {"target": 1.103},
            {
                "low": 0.9,
                "high": 1.1,
                "differential": 0.002,
                "shift": 0.0,
                "pushed": 0.0,
                "broken": 0.0,
                "stuck": 0.0,
                "sluggish": 0.0,
            },
            {"head": 1.0, "position": 1.0},
            0.005,
            {"head": 0.0, "position": 0.0},
        ),
    ),
    # 275 K of rise: half way of the fading, 70 % of the torque is left. 50 W in, 27.5 W out of 900 J/K for a second.
    "lining": (
        (
            {"squeeze": 1.0, "torque": -10.0, "speed": 8.0, "other_speed": 3.0},
            {"rated": 40.0, "spring": 1.0, "drag": 0.0, "heat_capacity": 900.0, "cooling": 0.1},
            {"rise": 275.0, "power": 0.0, "slip": 0.0},
            1.0,
            {"limit": 28.0, "power": 50.0, "slip": 5.0, "rise": 275.025},
        ),
    ),
    "load_snap": (
        (
            {"load": 545.0},
            {"set_kg": 550.0, "differential_kg": 40.0, "offset_kg": 0.0, "stuck_on": 0.0},
            {"position": 0.0},
            0.005,
            {"position": 0.0},
        ),
        (
            {"load": 555.0},
            {"set_kg": 550.0, "differential_kg": 40.0, "offset_kg": 0.0, "stuck_on": 0.0},
            {"position": 0.0},
            0.005,
            {"position": 1.0},
        ),
        (
            {"load": 515.0},
            {"set_kg": 550.0, "differential_kg": 40.0, "offset_kg": 0.0, "stuck_on": 0.0},
            {"position": 1.0},
            0.005,
            {"position": 1.0},
        ),
        (
            {"load": 505.0},
            {"set_kg": 550.0, "differential_kg": 40.0, "offset_kg": 0.0, "stuck_on": 0.0},
            {"position": 1.0},
            0.005,
            {"position": 0.0},
        ),
    ),
    # 4 mA + 16 mA · 125/250, which the output stage takes over every 10 ms.
    "loop_signal": (
        (
            {"pressure": 125.0},
            {"range": 250.0, "gain": 1.0, "zero": 0.0, "free": 1.0},
            {"signal": 0.004, "shown": 0.004, "waited": 0.01},
            0.01,
            {"signal": 0.012},
        ),
        (
            {"pressure": 125.0},
            {"range": 250.0, "gain": 1.0, "zero": 0.0, "free": 1.0},
            {"signal": 0.012, "shown": 0.004, "waited": 0.01},
            0.005,
            {"current": 0.012},
        ),
    ),
    "loop_threshold": (
        (
            {"a1": 24.0, "a2": 0.0, "current": 0.0061},
            {"set_a": 0.006, "differential_a": 0.0005, "drift": 0.0, "dead": 0.0},
            {"powered": 1.0, "position": 0.0},
            0.005,
            {"position": 1.0},
        ),
        (
            {"a1": 24.0, "a2": 0.0, "current": 0.0056},
            {"set_a": 0.006, "differential_a": 0.0005, "drift": 0.0, "dead": 0.0},
            {"powered": 1.0, "position": 1.0},
            0.005,
            {"position": 1.0},
        ),
        (
            {"a1": 24.0, "a2": 0.0, "current": 0.0054},
            {"set_a": 0.006, "differential_a": 0.0005, "drift": 0.0, "dead": 0.0},
            {"powered": 1.0, "position": 1.0},
            0.005,
            {"position": 0.0},
        ),
        (
            {"a1": 12.0, "a2": 0.0, "current": 0.020},
            {"set_a": 0.006, "differential_a": 0.0005, "drift": 0.0, "dead": 0.0},
            {"powered": 1.0, "position": 1.0},
            0.005,
            {"position": 0.0},
        ),
    ),
    "losses": (({"linked": 200.0}, {"own": 30.0, "share": 0.1, "unlinked": 0.0}, {}, 0.005, {"power": 50.0}),),
    "oil_condition": (
        # Half full at 40 °C: the viscosity of the grade itself, the free air of sound oil.
        (
            {"temperature": 40.0, "volume": 5e4},
            {"full": 1e5, "missing_share": 0.0, "grade": 1.0, "foam": 0.0, "settling_s": 60.0},
            {"viscosity": 0.0, "air": 0.005, "level": 0.0},
            0.005,
            {"viscosity": 1.0, "air": 0.005, "level": 0.5},
        ),
    ),
    # 10 drops for each m³ above the 20 l/min that carry none; nothing from an empty bowl. 0.03 cm³ a drop.
    "oil_drip": (
        (
            {"up": 7.0, "down": 6.9},
            LUBRICATOR,
            {"rate": 0.0, "used": 10.0, "level": 0.9},
            60.0,
            {"rate": DROPS, "level": 0.7, "used": 10.0 + 0.03 * DROPS},
        ),
        ({"up": 7.0, "down": 6.999}, LUBRICATOR, {"rate": 9.0, "used": 0.0, "level": 0.9}, 0.005, {"rate": 0.0}),
        (
            {"up": 7.0, "down": 6.9},
            LUBRICATOR | {"missing": 1.0},
            {"rate": 9.0, "used": 0.0, "level": 0.9},
            0.005,
            {"rate": 0.0, "level": 0.0},
        ),
    ),
    "oil_follows": (({"value": 1.7}, {}, {}, 0.005, {"value": 1.7}),),
    # 150 ms of time constant.
    "oil_needle": (
        ({"pressure": 90.0}, {"gain": 1.0, "zero": 0.0, "free": 1.0}, {"reading": 0.0}, 0.015, {"reading": 9.0}),
    ),
    # 10 N per bar·cm²: 100 · 20 - 20 · 10 = 1800 → 18 kN, at 0.1 m/s 1.8 kW.
    "oil_rod_position": (
        (
            {"position": 0.15, "speed": 0.1, "pressure_a": 100.0, "pressure_b": 20.0},
            {"stroke": 0.3, "area_a": 20.0, "area_b": 10.0},
            dict.fromkeys(("fraction", "knock", "fastest", "force", "power"), 0.0),
            0.005,
            {"fraction": 0.5, "force": 18000.0, "power": 1800.0, "fastest": 0.1},
        ),
    ),
    "oil_snap": (
        (
            {"value": 101.0, "less": 0.0},
            {"set_point": 100.0, "differential": 10.0, "drift": 1.0, "stuck_on": 0.0, "dead": 0.0},
            {"position": 0.0},
            0.005,
            {"position": 1.0},
        ),
        (
            {"value": 111.0, "less": 20.0},
            {"set_point": 100.0, "differential": 10.0, "drift": 1.0, "stuck_on": 0.0, "dead": 0.0},
            {"position": 1.0},
            0.005,
            {"position": 1.0},
        ),
        (
            {"value": 109.0, "less": 20.0},
            {"set_point": 100.0, "differential": 10.0, "drift": 1.0, "stuck_on": 0.0, "dead": 0.0},
            {"position": 1.0},
            0.005,
            {"position": 0.0},
        ),
    ),
    "output_relay": (
        (
            {"command": 1.0},
            {"travel_s": 0.01, "welded": 0.0, "jammed": 0.0},
            {"position": 0.0, "activity": 0.0},
            0.004,
            {"position": 0.4},
        ),
    ),
    "plug_led": (
        ({"plus": 24.0, "minus": 0.0}, {"rated": 24.0}, {"lit": 0.0}, 0.005, {"lit": 1.0}),
        ({"plus": 18.0, "minus": 0.0}, {"rated": 24.0}, {"lit": 0.0}, 0.005, {"lit": 0.5}),
        ({"plus": 12.0, "minus": 0.0}, {"rated": 24.0}, {"lit": 0.0}, 0.005, {"lit": 0.0}),
    ),
    "poppet_lift": (
        ({"armature": 0.25}, {"rests_open": 0.0}, {}, 0.005, {"opening": 0.25}),
        ({"armature": 0.25}, {"rests_open": 1.0}, {}, 0.005, {"opening": 0.75}),
    ),
    "ram_cam": (
        ({"position": 0.21}, {"at": 0.2, "side": 1.0}, {"on": 0.0}, 0.005, {"on": 1.0}),
        ({"position": 0.19}, {"at": 0.2, "side": 1.0}, {"on": 1.0}, 0.005, {"on": 0.0}),
        ({"position": 0.19}, {"at": 0.2, "side": -1.0}, {"on": 0.0}, 0.005, {"on": 1.0}),
    ),
    "ram_image": (
        (
            {"position": 0.075, "speed": 0.3},
            {"stroke": 0.3},
            {"fraction": 0.0, "pace": 0.1},
            0.2,
            {"fraction": 0.25, "pace": 0.2},
        ),
    ),
    "redundant_contact": (
        ({"k1": 1.0, "k2": 1.0}, {"closed_ohm": 0.02, "cut": 0.0}, {}, 0.005, {"resistance": 0.02}),
        ({"k1": 1.0, "k2": 0.0}, {"closed_ohm": 0.02, "cut": 0.0}, {}, 0.005, {"resistance": 1e11}),
        ({"k1": 1.0, "k2": 1.0}, {"closed_ohm": 0.02, "cut": 1.0}, {}, 0.005, {"resistance": 1e11}),
    ),
    "rod_image": (({"outside": 1.2}, {}, {"fraction": 0.0}, 0.005, {"fraction": 1.0}),),
    # It arrives at the cap after 0.3 m/s: that is the knock, half forgotten a second later.
    "rod_position": (
        (
            {"position": 0.1, "speed": 0.0},
            {"stroke": 0.1},
            {"fraction": 0.9, "knock": 0.0, "fastest": 0.3},
            0.005,
            {"fraction": 1.0, "knock": 0.3},
        ),
        (
            {"position": 0.1, "speed": 0.0},
            {"stroke": 0.1},
            {"fraction": 1.0, "knock": 0.3, "fastest": 0.0},
            1.0,
            {"knock": 0.15},
        ),
    ),
    # A flag from -0.2 to 0.01 m about each floor comes in over 2 cm, half of it at its end.
    "shaft_mark": tuple(
        ({"height": height}, LANDINGS | {"low": -0.2, "high": 0.01, "edge": 0.02}, {"at": 0.0}, 0.005, {"at": at})
        for height, at in ((2.9, 1.0), (3.01, 0.5), (3.015, 0.25), (3.03, 0.0), (1.5, 0.0))
    ),
    "slide_follows": (({"handle": 0.6}, {}, {}, 0.005, {"position": 0.6}),),
    "strikers": (
        (
            {"blown_1": 0.0, "blown_2": 0.0, "blown_3": 0.0, "drawer": 1.0},
            {"stuck": 0.0},
            {"armed": 0.0},
            0.005,
            {"armed": 1.0},
        ),
        (
            {"blown_1": 0.0, "blown_2": 1.0, "blown_3": 0.0, "drawer": 1.0},
            {"stuck": 0.0},
            {"armed": 1.0},
            0.005,
            {"armed": 0.0},
        ),
        (
            {"blown_1": 0.0, "blown_2": 1.0, "blown_3": 0.0, "drawer": 1.0},
            {"stuck": 1.0},
            {"armed": 1.0},
            0.005,
            {"armed": 1.0},
        ),
        (
            {"blown_1": 0.0, "blown_2": 0.0, "blown_3": 0.0, "drawer": 0.0},
            {"stuck": 0.0},
            {"armed": 1.0},
            0.005,
            {"armed": 0.0},
        ),
    ),
}


def product_laws() -> set[str]:
    catalogue()
    return {name for name, law in SAMPLED_LAWS.items() if law.function.__module__.startswith("etabli.")}


def test_every_sampled_law_is_held_by_a_test() -> None:
    known = {*HELD_BY, *POINTS}
    assert not sorted(product_laws() - known), "no test is named for these: add a point, or a test and its name"
    assert not sorted(known - product_laws()), "no such laws any more"
    assert not set(HELD_BY) & set(POINTS)


@pytest.mark.parametrize("law", sorted(HELD_BY))
def test_the_test_that_is_named_exists(law: str) -> None:
    path, _, name = HELD_BY[law].partition("::")
    assert (TESTS / path).is_file()
    assert name in names_in(path), f"{HELD_BY[law]} does not exist"


@pytest.mark.parametrize("law", sorted(POINTS))
def test_points_of_the_law(law: str) -> None:
    catalogue()
    for reads, parameters, memory, h, expected in POINTS[law]:
        found = SAMPLED_LAWS[law].evaluate(reads, parameters, memory, h)
        for name, value in expected.items():
            assert found[name] == pytest.approx(value, rel=1e-3, abs=1e-9), (name, reads)
