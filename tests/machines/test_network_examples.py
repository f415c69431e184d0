"""Each network of examples/networks runs, and shows the physics that its first line promises."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml

from etabli.components.catalogue import catalogue
from etabli.machines.network_file import load_network
from etabli.machines.network_run import Recording

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "networks"
Fact = Callable[[Recording], None]


def close(value: float, expected: float, share: float = 0.03) -> None:
    assert value == pytest.approx(expected, rel=share), f"{value:g} instead of {expected:g}"


def rc(r: Recording) -> None:
    close(r.at("out", 0.1), 24.0 * (1.0 - math.exp(-1.0)), 2e-3)


def coil(r: Recording) -> None:
    close(r.at("L1.current", 0.149), 1000.0 * 24.0 / 192.0)
    assert -1.0 < r["coil voltage"].min() < -0.6
    after = r.at("L1.current", 0.155) / r.at("L1.current", 0.151)
    close(after, math.exp(-0.004 * 192.0 / 2.3), 0.05)


def relay(r: Recording) -> None:
    assert r.at("armature", 0.303) == 0.0
    assert r.at("armature", 0.4) == 1.0
    assert r["armature"][-1] == 0.0


def fuse(r: Recording) -> None:
    close(r.at("out", 0.4), 24.0)
    assert r["G1.current"].max() > 20.0
    assert abs(r["out"][-1]) < 0.01


def motor(r: Recording) -> None:
    assert r["M1.current"].max() > 4.0 * r["M1.current"][-1]
    close(r["M1.speed"][-1], 2.0 * math.pi * 50.0 / 2.0, 0.02)
    close(r["line voltage"][-1], 400.0)


def phase(r: Recording) -> None:
    assert r["M1.current"][-1] > 1.5 * r.at("M1.current", 1.9)
    assert r["M1.speed"][-1] < r.at("M1.speed", 1.9)


def tank(r: Recording) -> None:
    """Choked: C·rho0·p1 grams a second into 2 litres, isothermal (1.185 g/dm³ at 1 bar)."""
    slope = (r.at("tank", 1.0) - r.at("tank", 0.5)) / 0.5
    close(slope, 0.5 * r.at("pipe", 0.75) / 2.0, 0.05)
    close(r["tank"][-1], 7.013)


def cylinder(r: Recording) -> None:
    close(r["C1.position"].max(), 100.0)
    assert r.at("C1.position", 0.45) < 1.0
    assert r["C1.position"][-1] < 1.0


def tube(r: Recording) -> None:
    close(r.at("P1:P", 1.9), 8.013)
    close(r["P1:P"][-1], 1.013)


def switch(r: Recording) -> None:
    output, pressure, settled = r["output"], r["pressure"], r.time > 1.0
    changes = np.flatnonzero(np.diff((output > 12.0).astype(int)) * settled[1:])
    assert len(changes) == 2
    assert pressure[changes[0]] == pytest.approx(4.5, abs=0.1)
    assert pressure[changes[1]] == pytest.approx(3.9, abs=0.1)


def compression(r: Recording) -> None:
    close(r["line"][-1] - r.at("line", 5.0), 15000.0 / 1000.0 * 5.0, 0.05)


def throttle(r: Recording) -> None:
    """Two equal orifices share the pressure, and the flow goes with its root."""
    close(r.at("out", 0.9), 12.5)
    close(r["out"][-1], 50.0)


def relief(r: Recording) -> None:
    assert 120.0 < r["Y1:P"][-1] < 135.0


def accumulator(r: Recording) -> None:
    assert r["AC1:P"].max() > 100.0
    after = r.time > 20.0
    fall = -np.diff(r["AC1:P"][after])
    above = r["AC1:P"][after][:-1] > 95.0
    assert fall[~above].max() > 5.0 * fall[above].max()  # once the bladder is empty nothing feeds the line


def ram(r: Recording) -> None:
    area_cm2 = math.pi / 4.0 * 6.3**2
    close(r["C1.speed"][-1], 200.0 / area_cm2 * 10.0)
    assert r["C1:A"][-1] > 5000.0 / (area_cm2 * 10.0)


def body(r: Recording) -> None:
    close(r["body"][-1], 70.0, 0.01)
    close(r.at("body", 1150.0), 20.0 + 50.0 * (1.0 - math.exp(-1.0)), 0.01)


def flywheel(r: Recording) -> None:
    close(r["shaft"][-1], 100.0 - 2.0 / 0.5 * 10.0, 1e-3)


def spring(r: Recording) -> None:
    crossings = np.flatnonzero((r["slide"][:-1] < 0.0) & (r["slide"][1:] >= 0.0))
    close(float(np.diff(r.time[crossings]).mean()), 2.0 * math.pi * math.sqrt(10.0 / 4000.0), 5e-3)


def gearbox(r: Recording) -> None:
    close(r["R1:out"][-1], r["R1:in"][-1] / 20.0, 1e-3)


def belt(r: Recording) -> None:
    close(r.at("T1:in", 1.9) / r.at("T1:out", 1.9), 1.5, 0.02)
    assert r["T1:in"][-1] / r["T1:out"][-1] > 3.0


def choke(r: Recording) -> None:
    close(r["S1.current"][-1], 230.0 / math.hypot(3.011, 4.001), 1e-3)


def dry(r: Recording) -> None:
    assert abs(r["slide"][r.time < 1.95]).max() < 1e-3
    assert r["slide"][-1] > 0.1


def transformer(r: Recording) -> None:
    close(r.at("secondary", 0.3), 24.0 * 1.028, 5e-3)
    close(r.at("secondary", 0.6), 24.0, 0.035)
    close(r["T1.current"][-1], 250.0 / 24.0 / 0.065, 0.05)


def overload(r: Recording) -> None:
    """τ ln(1 / (1 - trip level / 1.5²)), τ = 265 s, trip level 1.13²."""
    opened = r.time[np.flatnonzero((r["95-96"] < 1.0) & (r.time > 1.0))[0]]
    close(opened, -265.0 * math.log(1.0 - 1.277 / 1.5**2), 0.02)


def soft(r: Recording) -> None:
    ramp = (r.time > 0.7) & (r.time < 1.5)
    close(r["M1.current"][ramp].min(), 22.5)
    close(r["M1.current"][ramp].max(), 22.5)
    assert r["bypass"][-1] == 1.0
    close(r["motor voltage"][-1], 400.0, 5e-3)


def heater(r: Recording) -> None:
    """What went in since the first minute stands in the block and in the heater's own 250 J/K."""
    late = r.time >= 60.0
    power = 230.0 * r["E1.current"][late].mean()
    block, sheath = (r[name][-1] - r.at(name, 60.0) for name in ("block", "sheath"))
    close(920.0 * block + 250.0 * sheath, 60.0 * power, 0.02)
    close(sheath, block, 0.1)


def striker(r: Recording) -> None:
    close(r["L1"][-1], 400.0 / math.sqrt(3.0), 2e-3)
    assert r["L2"][-1] < 1e-3
    assert abs(r["13-14"][-1]) < 1e-3
    close(r["fault current"].max(), 400.0 / math.sqrt(3.0) / 3.0, 0.05)


def set_point(r: Recording) -> None:
    half = 0.5 * 0.5 * 4700.0 + 20.0
    close(r.at("set point", 1.0), 5.0 * 30e3 / (30e3 + half), 5e-3)
    assert r.at("set point", 0.4) < 0.1
    assert r["set point"][-1] > 9.9


def two_wires(r: Recording) -> None:
    assert 0.2e-3 < r.at("load", 0.4) / 2400.0 < 1.5e-3
    assert r["across the sensor"][-1] == pytest.approx(4.0, abs=0.2)


def pt100(r: Recording) -> None:
    close(r.at("probe", 8.0), 20.0 + 100.0 * (1.0 - math.exp(-1.0)), 0.01)
    t = r["probe"][-1]
    close(r["ohms"][-1], 100.0 * (1.0 + 3.9083e-3 * t - 5.775e-7 * t * t), 1e-3)


def cores(r: Recording) -> None:
    assert r.at("lamp", 0.3) < 0.1
    close(r.at("lamp", 0.6), 24.0)
    assert r["lamp"][-1] < 0.1
    assert r["third core"].max() < 0.1


def drive(r: Recording) -> None:
    close(r.at("frequency", 1.6), 30.0, 0.05)
    close(r.at("M1.speed", 2.9), 157.0, 0.01)
    close(r["M1.speed"][-1], -157.0, 0.01)
    assert r["M1.current"].max() < 2.0 * 8.3  # five times it on the mains


def air_plant(r: Recording) -> None:
    later = r.time > 20.0
    assert 5.2 < r["tank"][later].min() < 5.6
    assert 6.95 < r["tank"][later].max() < 7.1
    turning = (r["P1.speed"] > 50.0).astype(int)
    assert (np.diff(turning) == 1).sum() >= 2
    stopped = (r["P1.speed"] < 1.0) & later
    assert r["head"][stopped].min() < 0.01


def spring_return(r: Recording) -> None:
    close(r.at("C1.position", 1.4), 50.0, 0.02)
    assert r["C1.position"][-1] < 1.0


def closed_centre(r: Recording) -> None:
    assert r.at("spool", 1.3) == 1.0
    assert 40.0 < r["C1.position"][-1] < 160.0
    assert abs(r["C1.position"][-1] - r.at("C1.position", 2.5)) < 2.0
    close(r["a"][-1] - 1.013, (r["b"][-1] - 1.013) * (32.0**2 - 12.0**2) / 32.0**2, 0.05)


def compensated_pump(r: Recording) -> None:
    """28 cm³ a turn less the bubbles and 0.08 cm³/s of leakage a bar; then nothing, inside the band of 8 bar."""
    close(r.at("flow", 0.9), 0.06 * (28.0 * 151.8 / (2.0 * math.pi) / 1.005 - 0.08 * r.at("P1:P", 0.9)), 0.02)
    assert abs(r["flow"][-1]) < 0.01
    assert 160.0 < r["P1:P"][-1] < 169.0


def seat_valve(r: Recording) -> None:
    assert abs(r.at("flow", 0.45)) < 1e-3
    close(r.at("flow", 0.95), -0.06 * 333.0 * math.sqrt(100.0 - 3.3), 0.02)
    assert abs(r["flow"][-1]) < 1e-3


def regulator(r: Recording) -> None:
    for at in (0.4, 1.0, 1.9):
        close(r.at("flow", at), 8.0, 0.02)


def chain(r: Recording) -> None:
    close(r["T1:in"][-1] / r["T1:out"][-1], 2.0, 1e-3)
    close(r["torque"][-1], 50.0, 0.02)


def screw(r: Recording) -> None:
    close(r["T1:nut"][-1], 0.005 / (2.0 * math.pi) * r["T1:shaft"][-1], 1e-3)


def quick(r: Recording) -> None:
    def half_empty(name: str) -> float:
        below = (r.time > 3.0) & (r[name] < 4.0)
        return float(r.time[np.argmax(below)]) - 3.0

    assert half_empty("through the quick exhaust") < 0.5 * half_empty("through the tube")


def check(r: Recording) -> None:
    close(r["kept"][-1], r.at("kept", 2.9), 1e-4)
    assert r["lost"][-1] < 1.1


def gripping(r: Recording) -> None:
    area_cm2 = math.pi / 4.0 * 4.0**2
    close(r.at("force", 3.9), -10.0 * area_cm2 * r.at("vacuum", 3.9), 0.01)
    assert r.at("output", 3.9) > 20.0
    assert r.at("lifted", 3.9) == 1.0
    assert r["lifted"][-1] == 0.0
    assert r["output"][-1] < 1.0


def proportional(r: Recording) -> None:
    for time, bar in ((1.9, 1.2), (3.9, 4.2), (5.9, 4.2)):
        close(r.at("outlet", time), bar, 0.015)
        close(r.at("monitor", time), bar / 0.6, 0.02)


def switches_on(r: Recording, name: str, above: float) -> list[float]:
    """Instants at which a column goes above a value."""
    return [float(r.time[i + 1]) for i in np.flatnonzero(np.diff((r[name] > above).astype(int)) == 1)]


def timer(r: Recording) -> None:
    (on,) = switches_on(r, "lamp", 12.0)
    close(on, 0.7, 0.02)
    assert r.at("lamp", 1.52) < 1.0


def safety_chain(r: Recording) -> None:
    first, again = switches_on(r, "armature", 0.5)
    assert 0.6 < first < 0.75, "a monitored reset acts when it is let go"
    assert r.at("armature", 1.1) == 0.0
    assert 2.3 < again < 2.45, "by the reset, not by the guard"
    assert r["armature"][-1] == 0.0


def two_hands(r: Recording) -> None:
    (on,) = switches_on(r, "output", 12.0)
    assert 0.7 <= on < 0.75
    assert r.at("output", 1.6) < 1.0
    assert r["output"][-1] < 1.0


def supply_limit(r: Recording) -> None:
    close(r.at("output", 0.9), 24.06, 0.005)
    close(r["current"][-1], 12.0, 0.01)
    close(r["output"][-1], 0.5 * 12.0, 0.01)


def monitor(r: Recording) -> None:
    (on,) = switches_on(r, "contact", 12.0)
    assert on < 0.2
    assert r.at("contact", 1.95) > 20.0
    assert r.at("contact", 2.1) < 1.0
    assert r["M1.speed"][-1] > 150.0, "a motor that turns goes on on two phases"


def loop(r: Recording) -> None:
    """4 to 20 mA over 100 °C, through the 100 Ω of the relay."""
    close(r.at("shunt", 49.9), 1000.0 * 100.0 * (4.0 + 16.0 * 0.40) * 1e-3, 0.01)
    assert r["shunt"][-1] > 2000.0
    assert r.at("alarm", 49.9) < 1.0
    assert r["alarm"][-1] > 20.0


def counterbalance(r: Recording) -> None:
    """6 cm³ a turn at 152 rad/s through 63 mm (31.2 cm²), less leakage; held to 0.1 mm a second."""
    close(r.at("C1.speed", 2.0), 10.0 * 6.0 * 152.0 / (2.0 * math.pi) / (math.pi / 4.0 * 6.3**2), 0.06)
    assert abs(r.at("C1.position", 5.0) - r.at("C1.position", 3.0)) < 0.2
    lowering = r.at("C1.speed", 6.0)
    assert -90.0 < lowering < -50.0
    close(r.at("under the piston", 4.0), 15000.0 / (math.pi / 4.0 * 6.3**2) / 10.0, 0.04)


def pilot_check(r: Recording) -> None:
    close(r.at("kept", 1.45), r.at("kept", 0.45), 1e-3)
    assert r.at("before", 1.0) < 0.01
    assert r["kept"][-1] < 1.0


def motor_turns(r: Recording) -> None:
    assert abs(r.at("speed", 0.5)) < 0.2
    slope = r.at("speed", 4.5) - r.at("speed", 2.5)
    close(slope, r.at("speed", 4.0) - r.at("speed", 2.0), 0.02)


def filter_clogged(r: Recording) -> None:
    assert r.at("before", 0.9) < 0.2
    assert r.at("indicator", 0.9) < 1.0
    assert 3.0 < r["before"][-1] < 3.5, "the bypass opens at 3 bar"
    assert r["indicator"][-1] > 20.0
    close(r["loop"][-1], 4.0 + 16.0 * r["before"][-1] / 25.0, 0.01)


def reduced(r: Recording) -> None:
    assert 56.0 < r["reduced"][-1] < r.at("reduced", 0.9) < 64.0
    assert r["switch"][-1] > 20.0


def clutch_brake(r: Recording) -> None:
    close(r.at("flywheel", 2.9), r.at("motor", 2.9), 1e-3)
    assert r.at("flywheel", 3.9) > 45.0
    slope = (r.at("flywheel", 4.5) - r.at("flywheel", 4.2)) / 0.3
    close(slope, -30.0 / 0.402, 0.06)  # 30 N·m on the wheel and the drum
    assert abs(r["flywheel"][-1]) < 1e-6


def brake_holds(r: Recording) -> None:
    assert abs(r.at("speed", 0.5)) < 1e-6
    assert r["speed"].max() > 30.0
    close((r.at("speed", 1.5) - r.at("speed", 1.3)) / 0.2, (20.0 - 40.0) / 0.2006, 0.05)
    assert abs(r["speed"][-1]) < 1e-9


def rack(r: Recording) -> None:
    way = r.at("carriage", 2.0) - r.at("carriage", 1.0)
    close(r.at("force", 2.0) - r.at("force", 1.0), 2.0 * way, 0.03)  # 2 N/mm
    assert 100.0 < r["carriage"][-1] < 106.0


def let_go(r: Recording) -> None:
    close(r.at("speed", 1.2), -(80.0 * 9.81 - 40.0) / 80.0 * 0.2, 0.03)
    assert abs(r["speed"][-1]) < 1e-6
    assert -30.0 < r["A1.position"].min() < 0.0


def overspeed(r: Recording) -> None:
    assert r["car"].min() > -0.66
    assert abs(r["car"][-1]) < 1e-6
    assert r["position"][-1] > 2.5


def bistable(r: Recording) -> None:
    assert r.at("C1.position", 0.4) < 1.0
    assert r.at("C1.position", 2.4) > 99.0, "long after the pulse"
    assert r["C1.position"][-1] < 1.0
    assert r.at("sensor", 2.0) > 20.0
    close(r.at("manifold", 2.4), 5.0 + 1.013, 0.02)


def cabinet(r: Recording) -> None:
    assert 28.0 < r.at("air", 7000.0) < 32.0
    assert 40.0 < r["air"][-1] < 45.0


def oil(r: Recording) -> None:
    later = r.time > 3000.0
    assert 53.0 < r["oil"][later].min() < 57.0
    assert 59.0 < r["oil"][later].max() < 61.0
    assert len(switches_on(r, "fan", 12.0)) > 5


def along(r: Recording) -> None:
    way = {name: [r.at("way", t) for t in switches_on(r, name, 12.0)] for name in ("limit switch", "barrier")}
    assert way["limit switch"] == [pytest.approx(0.2, abs=0.01)]
    assert way["barrier"] == [pytest.approx(0.5, abs=0.06)]
    assert r.at("limit switch", 3.9) < 1.0
    assert r.at("curtain", 2.5) > 20.0
    assert r["curtain"][-1] < 1.0


def wall(r: Recording) -> None:
    close(r["warm"][-1], (2.0 * 80.0 + 20.0) / 3.0, 0.005)
    close(r["cold"][-1], r["warm"][-1], 1e-3)


def four_two(r: Recording) -> None:
    for at, sign in ((0.45, -1.0), (1.45, 1.0), (2.4, -1.0)):
        close(r.at("across the load", at), sign * 100.0, 0.02)


def door(r: Recording) -> None:
    assert r["opening"].max() > 0.9
    assert r["opening"][-1] < 0.01


def too_hot(r: Recording) -> None:
    hot = r["probe"][np.argmax((r["contact"] < 1.0) & (r.time > 10.0))]
    close(float(hot), 130.0, 0.15)
    assert r["contact"][-1] < 1.0


def levels(r: Recording) -> None:
    assert r.at("car door", 3.0) > 0.3
    assert r.at("contact", 3.0) < 1.0
    assert r.at("contact", 9.0) > 20.0
    assert r["car door"][-1] > 0.3
    assert r["contact"][-1] > 20.0


def conveyor(r: Recording) -> None:
    close(r["belt"][-1], 0.04 * r["drum"][-1], 0.01)
    assert r["drum"][-1] > 4.5


def press(r: Recording) -> None:
    close(r["force"][-1], 150.0 + 320.0 * 9.81e-3, 0.01)
    close(r["way"][-1] - r.at("way", 4.0), (r["force"][-1] - r.at("force", 4.0)) / 350.0, 0.03)


def plc(r: Recording) -> None:
    assert r.at("output", 0.4) < 1.0
    assert r.at("output", 0.9) > 23.0
    assert r["output"][-1] < 1.0
    assert r["input"].min() > 23.0


FACTS: dict[str, Fact] = {
    "ac_choke": choke,
    "air_cylinder": cylinder,
    "air_tank_fills": tank,
    "belt_of_parts": conveyor,
    "belt_slips": belt,
    "bistable_valve": bistable,
    "cabinet_warms": cabinet,
    "chain_hoist": chain,
    "check_valve_holds": check,
    "closed_centre": closed_centre,
    "clutch_and_brake": clutch_brake,
    "coil_with_diode": coil,
    "compensated_pump": compensated_pump,
    "compressed_air_plant": air_plant,
    "control_transformer": transformer,
    "cores_short": cores,
    "counterbalance_holds": counterbalance,
    "door_opens": door,
    "drive_ramps": drive,
    "dry_friction_holds": dry,
    "filter_clogs": filter_clogged,
    "flow_regulator": regulator,
    "flywheel_stops": flywheel,
    "fuse_blows": fuse,
    "gearbox_drive": gearbox,
    "heat_through_a_wall": wall,
    "heated_body": body,
    "heater_warms": heater,
    "hoist_overspeed": overspeed,
    "hydraulic_accumulator": accumulator,
    "hydraulic_cylinder": ram,
    "hydraulic_motor_turns": motor_turns,
    "leaking_tube": tube,
    "lift_levels": levels,
    "loop_4_20_mA": loop,
    "mass_on_a_spring": spring,
    "motor_brake_holds": brake_holds,
    "motor_start": motor,
    "oil_compression": compression,
    "oil_cools": oil,
    "oil_throttle": throttle,
    "one_fuse_melts": striker,
    "phase_lost": phase,
    "phase_monitor_drops": monitor,
    "pilot_check_holds": pilot_check,
    "plc_card": plc,
    "press_closes": press,
    "pressure_switch": switch,
    "proportional_pressure": proportional,
    "pt100_follows": pt100,
    "quick_exhaust": quick,
    "rack_against_a_spring": rack,
    "rc_charge": rc,
    "reduced_pressure": reduced,
    "relay_on_a_button": relay,
    "relief_valve": relief,
    "safety_chain": safety_chain,
    "screw_lowers": screw,
    "seat_valve": seat_valve,
    "sensors_along_a_stroke": along,
    "set_point": set_point,
    "single_acting_cylinder": spring_return,
    "soft_start": soft,
    "supply_in_its_limit": supply_limit,
    "thermal_relay_trips": overload,
    "timer_on_delay": timer,
    "two_hands": two_hands,
    "two_wire_sensor": two_wires,
    "vacuum_gripping": gripping,
    "valve_4_2_reverses": four_two,
    "vertical_axis_falls": let_go,
    "windings_too_hot": too_hot,
}


def test_each_example_has_its_fact() -> None:
    assert sorted(p.stem for p in FOLDER.glob("*.yaml")) == sorted(FACTS)


def test_each_family_is_in_an_example() -> None:
    files = (yaml.safe_load(path.read_text("utf-8")) for path in FOLDER.glob("*.yaml"))
    used = {component["family"] for file in files for component in file.get("components", {}).values()}
    assert set(catalogue()) - used == set(), "each family needs a network to be tried in"


@pytest.mark.parametrize("name", sorted(FACTS))
def test_it_shows_what_it_says(name: str) -> None:
    path = FOLDER / f"{name}.yaml"
    recording = load_network(path).run()
    assert recording.blame is None
    assert recording.unresolved == 0
    FACTS[name](recording)
    first = path.read_text("utf-8").splitlines()[0]
    assert first.startswith("# ")
    assert "ook " in first  # says what to look at
