"""Instruments load what they touch, and punish those who use them wrongly."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from etabli.bench import ActionRefused, Bench
from etabli.bench.instruments import calibrated
from etabli.bench.plant import Plant
from etabli.physics.network import NodeRef


def measure(bench: Bench, dial: str, red: str, black: str, jack: str = "v") -> tuple[str, str, str]:
    """Set, probe, wait a second, read."""
    bench.act("jack", jack=jack)
    bench.act("dial", position=dial)
    bench.act("probe", red=red, black=black)
    bench.tick(100)
    return bench.meters.screen("multimeter")


@pytest.fixture
def opened(running: Callable[..., Bench]) -> Bench:
    bench = running()
    bench.act("epi", worn=["gloves", "face_shield"])
    bench.act("open_cabinet")
    return bench


@pytest.mark.parametrize(
    ("dial", "red", "black", "low", "high", "unit"),
    [
        ("vdc", "G1:+", "G1:-", 23.5, 24.5, "V"),
        ("vdc", "G1:-", "G1:+", -24.5, -23.5, "V"),
        ("vac", "Q1:1", "Q1:3", 390, 410, "V"),
        ("vac", "Q1:1", "PE", 225, 236, "V"),
        ("vac", "Q1:1", "G1:-", 225, 236, "V"),  # from the AC part to the DC part, through earth
        ("vac", "G1:+", "G1:-", 0, 0.1, "V"),  # no alternating part in the 24 V
        ("vdc", "Q1:1", "Q1:3", -0.1, 0.1, "V"),
    ],
)
def test_volts(opened: Bench, dial: str, red: str, black: str, low: float, high: float, unit: str) -> None:
    display, shown_unit, status = measure(opened, dial, red, black)
    factor = 1e-3 if shown_unit == "mV" else 1.0
    assert low <= float(display) * factor <= high
    assert shown_unit.endswith(unit)
    assert status == "ok"


def test_a_voltmeter_of_10_megohm_loads_a_floating_wire(opened: Bench) -> None:
    """An output that is off leaks a microampere: the coil pulls it down, a meter alone shows a ghost voltage."""
    with_coil = measure(opened, "vdc", "KM1:A1", "KM1:A2")
    opened.act("operate", tag="S0", control="pressed", value=1)
    opened.tick(100)
    assert float(with_coil[0]) > 20
    assert abs(float(measure(opened, "vdc", "KM1:A1", "KM1:A2")[0])) < 20


@pytest.mark.parametrize(
    ("dial", "red", "black", "low", "high"),
    [
        ("ohm", "KM1:A1", "KM1:A2", 180, 205),
        ("ohm", "M1:U", "M1:V", 20, 120),
        ("beep", "Q2:1", "Q1:2", 0, 1),
        ("beep", "G1:-", "PE", 0, 2),
    ],
)
def test_ohms_on_a_dead_machine(
    off: Callable[..., Bench], dial: str, red: str, black: str, low: float, high: float
) -> None:
    display, unit, status = measure(off(), dial, red, black)
    assert unit == "Ω"
    assert low <= float(display) <= high
    assert status == ("beep" if dial == "beep" else "ok")


def test_open_circuits_read_ol(off: Callable[..., Bench]) -> None:
    bench = off("KM1.coil_open")
    assert measure(bench, "ohm", "KM1:A1", "KM1:A2")[0] == "OL"
    assert measure(bench, "ohm", "M1:U", "PE")[0] == "OL"  # sound insulation


def test_a_broken_winding_and_an_earth_fault_show_on_the_ohmmeter(off: Callable[..., Bench]) -> None:
    healthy = float(measure(off(), "ohm", "M1:U", "M1:V")[0])
    cut = measure(off("W115.open"), "ohm", "X0:1", "M1:U")
    assert healthy > 10
    assert cut[0] == "OL"
    display, unit, _ = measure(off("W115.earth_leak"), "ohm", "M1:U", "PE")
    assert display != "OL"
    assert unit == "Ω"


def test_ohms_under_400_v_blow_the_fuse_of_the_meter(opened: Bench) -> None:
    assert measure(opened, "ohm", "Q1:1", "Q1:3")[:1] == ("Fus",)
    assert opened.state.instruments.multimeter.fuse_ok is False
    cost = opened.state.cost
    opened.act("probe", red="KM1:A1", black="KM1:A2")
    opened.act("operate", tag="Q1", control="position", value=0)
    opened.tick(200)
    assert opened.meters.screen("multimeter")[0] == "Fus"  # still, on a dead circuit
    opened.act("meter_fuse")
    opened.tick(100)
    assert float(opened.meters.screen("multimeter")[0]) == pytest.approx(192, rel=0.05)
    assert opened.state.cost == cost + 9


def test_ohms_under_24_v_read_nonsense(opened: Bench) -> None:
    assert measure(opened, "ohm", "G1:+", "G1:-")[0] == "OL"  # though the load of the supply is some ohms
    assert opened.state.instruments.multimeter.fuse_ok


def test_amps_across_the_24_v_really_short_it(opened: Bench) -> None:
    display, unit, _ = measure(opened, "adc", "G1:+", "G1:-", jack="a")
    assert unit == "A"
    assert float(display) > 4  # the current limit of the supply
    assert opened.simulator.read(NodeRef(opened.nodes("G1:+"))) < 5
    assert not opened.state.plc_powered


def test_the_short_stays_when_only_the_dial_is_turned(opened: Bench) -> None:
    measure(opened, "adc", "G1:+", "G1:-", jack="a")
    opened.act("dial", position="vdc")
    opened.tick(100)
    assert opened.simulator.read(NodeRef(opened.nodes("G1:+"))) < 5
    opened.act("jack", jack="v")
    opened.tick(300)
    assert opened.simulator.read(NodeRef(opened.nodes("G1:+"))) > 20


def test_amps_across_400_v_blow_the_meter_or_trip_something(opened: Bench) -> None:
    measure(opened, "adc", "Q2:2", "Q2:4", jack="a")
    opened.tick(100)
    tripped = opened.meters.screen("multimeter")[0] == "Fus" or opened.judge.volts("Q2:2")[0] < 50
    assert tripped
    assert opened.simulator.unresolved == 0


def test_an_ammeter_across_400_v_is_an_arc_and_across_24_v_is_not(opened: Bench) -> None:
    measure(opened, "adc", "G1:+", "G1:-", jack="a")
    assert [d.kind for d in opened.state.dangers] in ([], ["live"])
    opened.act("probe", red=None, black=None)
    measure(opened, "adc", "Q1:2", "Q1:4", jack="a")
    assert opened.state.dangers[-1].kind == "arc"
    assert "400 V" in opened.state.dangers[-1].text.fr


def test_amps_in_series_with_a_wire_taken_off(opened: Bench, plant: Plant) -> None:
    wire = next(t for t, w in plant.machine.wires.items() if "KM1:A1" in (w.a, w.b))
    end = "a" if plant.machine.wires[wire].a == "KM1:A1" else "b"
    opened.act("disconnect", tag=wire, end=end)
    opened.tick(200)
    display, unit, _ = measure(opened, "adc", f"{wire}:{end}", "KM1:A1", jack="a")
    opened.act("press", tag="S3")
    opened.tick(100)
    opened.act("press", tag="S1")
    opened.tick(60)
    display, unit, _ = opened.meters.screen("multimeter")
    assert unit == "A"
    assert float(display) == pytest.approx(24 / 192, abs=0.03)


def test_a_connected_end_cannot_be_probed_inside_its_terminal(opened: Bench) -> None:
    with pytest.raises(ActionRefused) as refused:
        opened.act("probe", red="W115:a", black="PE")
    assert "branchée" in refused.value.text.fr


def test_clamp_gauge_and_tachometer(opened: Bench) -> None:
    opened.act("clamp", wire="W115")
    opened.act("gauge", point="0Z2:P")
    opened.act("tachometer", point="M1:shaft")
    opened.tick(200)
    rows = {name: (float(display), unit) for name, display, unit, _ in opened.meters.rows()}
    assert 0.4 < rows["clamp"][0] < 1.3
    assert 5.0 < rows["gauge"][0] < 7.0
    assert 1350 < rows["tachometer"][0] < 1500
    assert [u for _, u in rows.values()] == ["A", "bar", "min⁻¹"]


def test_a_tachometer_counts_no_mark_on_a_shaft_at_rest() -> None:
    for seed in range(3):
        assert calibrated(seed, "tachometer", 0.0) == 0.0
    assert calibrated(1, "tachometer", 1450.0) == pytest.approx(1450.0, rel=5e-4)


def test_the_voltage_tester_does_not_disturb_and_says_if_it_was_tested(opened: Bench) -> None:
    before = opened.simulator.snapshot()
    untested = opened.act("vat", first="Q1:1", second="Q1:3")
    assert untested.values == {"step_v": 400.0, "tested": False, "points": ["Q1:1", "Q1:3"]}
    opened.act("vat_test")
    assert opened.act("vat", first="Q1:1", second="PE").values["step_v"] == 230.0
    assert opened.act("vat", first="G1:+", second="G1:-").values["step_v"] == 24.0
    assert opened.simulator.snapshot() == before


def test_readings_are_kept_once_settled(opened: Bench) -> None:
    measure(opened, "vdc", "G1:+", "G1:-")
    opened.tick(500)
    [reading] = opened.state.readings
    assert reading.points == ["G1:+", "G1:-"]
    assert reading.unit == "V"
    assert float(reading.display) == pytest.approx(24, abs=0.5)


def test_two_meters_of_two_benches_have_their_own_calibration(running: Callable[..., Bench]) -> None:
    shown = set()
    for seed in range(6):
        bench = running(seed=seed)
        bench.act("open_cabinet")
        shown.add(measure(bench, "vdc", "G1:+", "G1:-")[0])
    assert len(shown) > 2
    assert all(abs(float(s) - 24) < 0.3 for s in shown)
