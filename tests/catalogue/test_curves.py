"""Curves of the catalogue: computed from the laws, they must meet the closed forms that the laws come from."""

from __future__ import annotations

import math

import pytest

from etabli.catalogue.pictures import MOST_CURVES, pictures
from etabli.components.catalogue import catalogue
from etabli.components.component import Effect
from etabli.components.curve import Piece, explained
from etabli.components.specimen import Specimen
from etabli.physics.law import Law

FAMILIES = sorted(catalogue())


def curve_of(family: str, device: str, number: int = 0) -> list[tuple[float, float]]:
    """The points of a sound device's curve."""
    piece = Specimen(catalogue()[family]).piece(device)
    told = explained(piece.law)
    assert told is not None
    return list(told.curves[number].trace(piece))


def test_a_coil_takes_its_current_with_its_time_constant() -> None:
    relay = Specimen(catalogue()["relay"]).piece("coil")
    tau_ms = 1e3 * relay.p.inductance / relay.p.resistance
    full_ma = 24e3 / relay.p.resistance
    for ms, ma in curve_of("relay", "coil"):
        assert ma == pytest.approx(full_ma * (1.0 - math.exp(-ms / tau_ms)), abs=0.01 * full_ma)


def test_an_air_passage_is_choked_below_its_critical_ratio() -> None:
    """ISO 6358: one level below b, a quarter of an ellipse above."""
    tube = Specimen(catalogue()["tube"]).piece("bore").p
    choked = tube.conductance * tube.opening * 7.013 * 60.0
    for gauge, flow in curve_of("tube", "bore"):
        ratio = (gauge + 1.013) / 7.013
        over = max(0.0, (ratio - tube.critical_ratio) / (1.0 - tube.critical_ratio))
        assert flow == pytest.approx(choked * math.sqrt(max(0.0, 1.0 - over * over)), abs=0.03 * choked)


def test_a_relief_valve_holds_its_setting_then_rises_with_the_flow() -> None:
    values = catalogue()["relief_valve"].defaults()
    shut = [bar for flow, bar in curve_of("relief_valve", "poppet") if flow < 0.01]
    assert max(shut) == pytest.approx(values["setting_bar"], rel=0.02)
    flows = [flow for flow, _ in curve_of("relief_valve", "poppet")]
    assert flows == sorted(flows)


def test_a_fuse_melts_by_its_joule_integral_in_a_short_circuit() -> None:
    values = catalogue()["fuse"].defaults()
    load, seconds = curve_of("fuse", "element")[-1]
    amps = load * values["rated_a"]
    assert amps * amps * seconds == pytest.approx(values["melting_i2t"], rel=0.35)


def test_a_breaker_holds_below_its_limit_and_snaps_above_the_magnetic_one() -> None:
    points = dict(curve_of("circuit_breaker", "mechanism"))
    assert min(points) > 1.13  # EN 60898: it must hold 1.13 In
    assert points[max(points)] < 0.1


def test_a_heater_gives_its_rated_power_at_its_rated_voltage() -> None:
    """The picture is of the whole element, not of one of its halves."""
    picture = pictures("heater")[0]
    values = catalogue()["heater"].defaults()
    for volts, watts in picture.lines[0].points:
        assert watts == pytest.approx(values["power_w"] * (volts / values["voltage_v"]) ** 2, rel=1e-3, abs=0.1)


def test_a_motor_without_slip_makes_no_torque_and_an_open_phase_none_at_standstill() -> None:
    component = catalogue()["induction_motor"]
    told = explained(Specimen(component).piece("machine").law)
    assert told is not None
    trace = told.curves[0].trace
    sound = dict(trace(Specimen(component).piece("machine")))
    synchronous = 60.0 * 50.0 / component.defaults()["pole_pairs"]
    nearest = min(sound, key=lambda rpm: abs(rpm - synchronous))
    assert abs(sound[nearest]) < 0.1 * max(sound.values())
    mode = next(m for m in component.failure_modes if "link_U.resistance" in targets(m))
    single = dict(trace(Specimen(component, mode).piece("machine")))
    assert abs(single[0.0]) < 0.02 * sound[0.0]


def targets(mode: object) -> set[str]:
    return {effect.target for effect in mode.effects if isinstance(effect, Effect)}  # type: ignore[attr-defined]


def test_a_directional_valve_passes_the_root_of_the_drop() -> None:
    points = curve_of("valve_4_3", "body")
    drop, flow = points[-1]
    piece = Specimen(catalogue()["valve_4_3"]).piece("body")
    assert flow == pytest.approx(0.06 * piece.p.k * math.sqrt(drop), rel=0.01)
    told = explained(piece.law)
    assert told is not None
    assert (told.curves[0].x.unit, told.curves[0].y.unit) == ("bar", "l/min")


def test_a_fault_changes_the_device_and_leaves_the_sound_one_alone() -> None:
    component = catalogue()["relay"]
    mode = next(m for m in component.failure_modes_of(component.defaults()) if m.id == "coil_open")
    broken = Specimen(component, mode).piece("coil")
    assert broken.p.resistance > 1e10
    assert broken.sound.p.resistance == component.defaults()["coil_ohm"]


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_with_a_law_has_a_picture(family: str) -> None:
    """Nothing but its file is needed: a law that nobody explained still gets a plain curve."""
    found = pictures(family)
    assert len(found) <= MOST_CURVES
    continuous = [piece for _, piece in Specimen(catalogue()[family]).pieces() if isinstance(piece.law, Law)]
    assert found or not continuous
    for picture in found:
        assert all(math.isfinite(x) and math.isfinite(y) for line in picture.lines for x, y in line.points)
        for language in ("fr", "en"):
            drawn = picture.svg(language)
            assert "style=" not in drawn  # forbidden by the content security policy
            assert "NaN" not in drawn
            assert picture.curve.text.get(language)
        assert len(picture.lines) == 1 + len(picture.legend("fr"))


@pytest.mark.parametrize("family", FAMILIES)
def test_a_law_is_told_in_both_languages(family: str) -> None:
    for _, piece in Specimen(catalogue()[family]).pieces():
        told = explained(piece.law)
        if told is not None:
            assert told.words.fr
            assert told.words.en
            assert told.words.fr != told.words.en


def test_a_plain_curve_is_drawn_only_where_nothing_more_telling_is() -> None:
    earth, relay = ([p.curve.device or p.number for p in pictures(f)] for f in ("earth", "relay"))
    assert len(earth) == 1
    assert len(relay) > 1


def test_a_piece_can_be_given_what_a_sampled_law_would_write() -> None:
    piece: Piece = Specimen(catalogue()["valve_5_2_monostable"]).piece("body")
    shut, open_ = piece.having(rest=0.0, work=0.0), piece.having(rest=0.0, work=1.0)
    assert open_.flow("p4", p1=7.0, p2=1.0, p3=1.0, p5=1.0) < shut.flow("p4", p1=7.0, p2=1.0, p3=1.0, p5=1.0) - 1.0
