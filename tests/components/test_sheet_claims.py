"""What a data sheet says in figures, measured on a bench: text and law belong together.

Each case names the words of the sheet, French and English; a sheet that is worded anew, or a law that is changed, fails
here until both say the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from components.rig import Rig, run_for, set_parameter
from etabli.components.catalogue import catalogue
from etabli.components.electrical.conductor import resistor
from etabli.components.sources import lab_motor, lab_pressure, lab_voltage
from etabli.physics.network import GROUND, NodeRef, ParameterRef, Ref
from etabli.physics.simulator import Simulator

pytestmark = pytest.mark.usefixtures("run_on_core")

L_MIN = 1000.0 / 60.0  # cm³/s
MILLISECOND = 1e-3
G_PER_L_BAR, ANR_G_PER_L = 1.1884, 1.185


def says(family: str, french: str, english: str) -> None:
    sheet = catalogue()[family].sheet
    assert french in sheet.fr, sheet.fr
    assert english in sheet.en, sheet.en


# --- coils: from the switch that closes to the contact that does ------------------------------------------------------


def switched(family: str, plus: str, minus: str, outlet: str = "") -> Simulator:
    """The coil behind a switch that is open; air at 6 bar where the family has a port 1."""
    rig = Rig().add("K", family)
    rig.network.add("feed", lab_voltage, {"plus": "up", "minus": GROUND}, {"voltage": 24.0, "resistance": 0.01})
    rig.network.add("return", resistor, {"a": f"K:{minus}", "b": GROUND}, {"resistance": 0.01})
    rig.network.add("switch", resistor, {"a": "up", "b": f"K:{plus}"}, {"resistance": 1e9})
    if outlet:
        rig.add("0Z0", "compressed_air_supply", pressure=6.0).pipe("0Z0:1", "K:1", 50.0)
        for exhaust in ("3", "5"):
            if f"K:{exhaust}" in rig.network.nodes:
                rig.add(f"E{exhaust}", "silencer", conductance=20.0).pipe(f"E{exhaust}:1", f"K:{exhaust}", 50.0)
    sim = rig.start(step_s=0.5 * MILLISECOND)
    run_for(sim, 1.0 if outlet else 0.01)
    return sim


def milliseconds(sim: Simulator, ohms: float, there: Callable[[], bool]) -> float:
    """From the switch to what ``there`` waits for."""
    set_parameter(sim, "switch.resistance", ohms)
    start = sim.time_s
    while not there():
        sim.advance()
        assert sim.time_s - start < 1.0
    taken = sim.time_s - start
    run_for(sim, 1.0)
    return taken / MILLISECOND


Seen = Callable[[float], bool]
CONTACTS: tuple[tuple[str, tuple[str, str], str, Seen, Seen, str, str, float, float], ...] = (
    # family, coil, what it moves, when that is on and off, the words, on and off in ms
    ("relay", ("A1", "A2"), "K.contact_11_14.resistance", lambda ohm: ohm < 1.0, lambda ohm: ohm > 1.0,
     "Fermeture 16 ms, retombée 10 ms", "Operates in 16 ms, releases in 10 ms", 16.0, 10.0),
    ("contactor", ("A1", "A2"), "K.contact_1_2.resistance", lambda ohm: ohm < 1.0, lambda ohm: ohm > 1.0,
     "Fermeture 55 ms, ouverture 20 ms", "Closing 55 ms, opening 20 ms", 55.0, 20.0),
    # Released below a tenth of its torque, engaged above nine tenths (VDI 2241).
    ("motor_brake", ("A1", "A2"), "K.brake.limit", lambda nm: nm < 4.0, lambda nm: nm > 36.0,
     "desserrage 95 ms, serrage 100 ms", "release 95 ms, engage 100 ms", 95.0, 100.0),
    ("valve_2_2", ("a+", "a-"), "K.seat.opening", lambda share: share > 0.9, lambda share: share < 0.1,
     "commutation en 50 ms", "switches in 50 ms", 50.0, 50.0),
)  # fmt: skip


@pytest.mark.parametrize(
    ("family", "coil", "moved", "is_on", "is_off", "french", "english", "on", "off"),
    CONTACTS,
    ids=[row[0] for row in CONTACTS],
)
def test_a_coil_moves_what_it_moves_in_the_time_of_its_sheet(
    family: str,
    coil: tuple[str, str],
    moved: str,
    is_on: Seen,
    is_off: Seen,
    french: str,
    english: str,
    on: float,
    off: float,
) -> None:
    says(family, french, english)
    sim, ref = switched(family, *coil), ParameterRef(*moved.rsplit(".", 1))
    assert milliseconds(sim, 0.01, lambda: is_on(sim.read(ref))) == pytest.approx(on, rel=0.1)
    assert milliseconds(sim, 1e9, lambda: is_off(sim.read(ref))) == pytest.approx(off, rel=0.1)


AIR_VALVES = (
    ("valve_3_2", ("A1", "A2"), "2", "commutation 15 ms, retour 40 ms", "switches in 15 ms, back in 40", 15.0, 40.0),
    ("valve_5_2_monostable", ("A1", "A2"), "4", "commutation 20 ms, retour 55 ms", "switches in 20 ms, back in 55",
     20.0, 55.0),
)  # fmt: skip


@pytest.mark.parametrize(("family", "coil", "outlet", "french", "english", "on", "off"), AIR_VALVES)
def test_an_air_valve_switches_in_the_time_of_its_sheet(
    family: str, coil: tuple[str, str], outlet: str, french: str, english: str, on: float, off: float
) -> None:
    """From the voltage to half of the change of pressure at the closed outlet (ISO 12238)."""
    says(family, french, english)
    sim, half, outlet_bar = switched(family, *coil, outlet), 1.013 + 3.0, NodeRef(f"K:{outlet}")
    assert milliseconds(sim, 0.01, lambda: sim.read(outlet_bar) > half) == pytest.approx(on, rel=0.15)
    assert milliseconds(sim, 1e9, lambda: sim.read(outlet_bar) < half) == pytest.approx(off, rel=0.1)


def test_a_relay_picks_up_and_drops_at_the_voltages_of_its_sheet() -> None:
    says("relay", "enclenche à 17 V, retombe sous 5 V", "picks up at 17 V, drops below 5 V")
    sim = switched("relay", "A1", "A2")
    set_parameter(sim, "switch.resistance", 0.01)
    closed = {}
    for volts in (16.6, 17.0, 5.1, 4.7):
        set_parameter(sim, "feed.voltage", volts)
        run_for(sim, 0.5)
        closed[volts] = sim.read(ParameterRef("K.contact_11_14", "resistance")) < 1.0
    assert closed == {16.6: False, 17.0: True, 5.1: True, 4.7: False}


# --- what they draw from 24 V -----------------------------------------------------------------------------------------

DRAWS = (
    ("proximity_sensor", "BN", "BU", "10 mA à vide", "10 mA no load", 0.010),
    ("photoelectric_sensor", "BN", "BU", "30 mA à vide", "30 mA no load", 0.030),
    ("reed_sensor", "BN", "BU", "8 mA", "8 mA", 0.008),
    ("vacuum_switch", "BN", "BU", "35 mA", "35 mA", 0.035),
    ("pilot_light", "X1", "X2", "18 mA", "18 mA", 0.018),
    ("light_tower", "R", "C", "45 mA", "45 mA", 0.045),
    ("light_tower", "Z", "C", "25 mA", "25 mA", 0.025),
    ("light_curtain", "+", "-", "0,2 A", "0.2 A", 0.2),
    ("motor_brake", "A1", "A2", "45 W", "45 W", 45.0 / 24.0),
    ("clutch", "+", "-", "24 W", "24 W", 1.0),
    ("valve_4_3", "a+", "a-", "24 V 30 W", "24 V 30 W", 30.0 / 24.0),
    ("valve_2_2", "a+", "a-", "24 V 20 W", "24 V 20 W", 20.0 / 24.0),
    ("valve_5_3", "14A1", "14A2", "24 V 3 W", "24 V 3 W", 3.0 / 24.0),
    ("contactor", "A1", "A2", "3 W", "3 W", 3.0 / 24.0),
)


@pytest.mark.parametrize(("family", "plus", "minus", "french", "english", "amperes"), DRAWS)
def test_it_draws_the_current_of_its_sheet(
    family: str, plus: str, minus: str, french: str, english: str, amperes: float
) -> None:
    says(family, french, english)
    links: dict[str, Ref] = dict.fromkeys(catalogue()[family].links, ParameterRef("feed", "resistance"))
    rig = Rig().add("K", family, links)
    feed = {"voltage": 24.0, "resistance": 0.01}
    rig.network.add("feed", lab_voltage, {"plus": f"K:{plus}", "minus": f"K:{minus}"}, feed)
    rig.network.add("earthing", resistor, {"a": f"K:{minus}", "b": GROUND}, {"resistance": 0.01})
    sim = rig.start()
    run_for(sim, 3.0)
    volts = sim.read(NodeRef(f"K:{plus}")) - sim.read(NodeRef(f"K:{minus}"))
    assert (24.0 - volts) / 0.01 == pytest.approx(amperes, rel=0.02)


@pytest.mark.parametrize(
    ("family", "rated", "ohms"),
    [("circuit_breaker", 2.0, 0.45), ("circuit_breaker", 4.0, 0.11), ("circuit_breaker_ac", 6.0, 0.05)],
)
def test_the_pole_of_a_small_breaker_is_not_a_wire(family: str, rated: float, ohms: float) -> None:
    """1.4 to 2 W a pole at the rated current, and 3 W at most (EN 60898-1, up to 10 A)."""
    sim = Rig().add("F1", family, rated_a=rated).start()
    sim.advance(2)
    found = sim.read(ParameterRef("F1.contact_1_2", "resistance"))
    assert found == pytest.approx(ohms, rel=0.1)
    assert 1.4 < found * rated**2 < 2.0


# --- oil through a passage --------------------------------------------------------------------------------------------

PASSAGES = (
    ("hydraulic_check_valve", "1", "2", {}, 4.0, 40.0, "40 l/min sous 4 bar", "40 l/min at 4 bar"),
    ("pilot_check_valve", "1", "2", {}, 4.0, 40.0, "40 l/min sous 4 bar", "40 l/min at 4 bar"),
    ("throttle_valve", "1", "2", {"opening": 1.0}, 10.0, 30.0, "30 l/min sous 10 bar", "30 l/min at 10 bar"),
    ("valve_2_2", "2", "1", {"rest": "open"}, 9.0, 60.0, "60 l/min sous 9 bar", "60 l/min at 9 bar"),
    ("valve_4_2", "P", "B", {}, 3.0, 40.0, "40 l/min sous 3 bar", "40 l/min at 3 bar"),
    ("suction_strainer", "1", "2", {}, 0.1, 60.0, "60 l/min sous 0,1 bar", "60 l/min at 0.1 bar"),
    ("flow_regulator", "1", "2", {"opening": 1.0}, 20.0, 16.0, "16 l/min", "16 l/min"),
    ("flow_regulator", "1", "2", {"opening": 1.0}, 315.0, 16.32, "variation de 2 % à 315", "2 % change at 315 bar"),
)


@pytest.mark.parametrize(("family", "inlet", "outlet", "given", "bar", "l_min", "french", "english"), PASSAGES)
def test_oil_passes_as_the_sheet_says(
    family: str, inlet: str, outlet: str, given: dict[str, float], bar: float, l_min: float, french: str, english: str
) -> None:
    says(family, french, english)
    rig = Rig().add("V1", family, **given)
    for port, pressure in ((inlet, bar), (outlet, 0.0)):
        rig.network.add(f"at {port}", lab_pressure, {"a": f"V1:{port}"}, {"pressure": pressure, "conductance": 1e6})
    sim = rig.start()
    run_for(sim, 2.0)
    assert 1e6 * (bar - sim.read(NodeRef(f"V1:{inlet}"))) / L_MIN == pytest.approx(
        l_min, rel=0.07 if bar < 1.0 else 0.02
    )


# --- air --------------------------------------------------------------------------------------------------------------


def test_a_compressor_delivers_what_its_sheet_says() -> None:
    """By the pressure that a receiver gains in 5 s near 7 bar, and within the power of its motor."""
    says("compressor", "1,5 kW, 150 cm³/tr à 1450 tr/min, 175 l/min sous 7 bar", "175 l/min at 7 bar")
    rig = Rig().add("C1", "compressor").add("T1", "air_receiver", start_bar=6.9, start_water_cm3=0.0)
    speed = 1450.0 * math.pi / 30.0
    rig.network.add("motor", lab_motor, {"w": "C1:shaft"}, {"speed": speed, "stiffness": 100.0})
    sim = rig.pipe("C1:P", "T1:1", 20.0).start()
    run_for(sim, 3.0)
    before = sim.read(NodeRef("T1.tank"))
    run_for(sim, 5.0)
    gained = (sim.read(NodeRef("T1.tank")) - before) * 90.0 * G_PER_L_BAR / ANR_G_PER_L / 5.0 * 60.0
    assert gained == pytest.approx(175.0, rel=0.03)
    assert 700.0 < 100.0 * (speed - sim.read(NodeRef("C1:shaft"))) * speed < 1500.0
