"""The books of the fuzz and of the storms say so when a protection does not do its work."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from etabli.machines import list_machines, load_machine
from etabli.physics.network import SampledDevice
from reference.guard import Book

BREAKER = {"rated": 4.0, "magnetic_a": 30.0, "trip_level": 1.69, "time_constant_s": 65.0, "sensitivity": 1.0}
FUSE = {"rated": 2.0, "melting_i2t": 9.0}


def carrying(plate: dict[str, float], amps: float, seconds: float) -> Book:
    book = Book(plate)
    for _ in range(round(seconds / 0.01)):
        book.carried(amps, 0.01)
    return book


def test_a_breaker_that_holds_a_short_circuit_is_late() -> None:
    assert not carrying(BREAKER, 29.0, 0.1).late()
    assert not carrying(BREAKER, 29.0, 0.1).could_open()
    assert "magnetic" in carrying(BREAKER, 31.0, 0.1).late()
    assert carrying(BREAKER, 31.0, 0.01).could_open()


def test_a_breaker_that_holds_an_overload_for_minutes_is_late() -> None:
    assert not carrying(BREAKER, 1.3 * 4.0, 600.0).late(), "1.3 In is where it may trip in the long run"
    assert "heat" in carrying(BREAKER, 1.45 * 4.0, 600.0).late(), "1.45 In must trip within the hour (EN 60898)"


def test_a_fuse_that_holds_more_than_its_joule_integral_is_late() -> None:
    assert not carrying(FUSE, 10.0, 5.0).late(), "10 A²s in each tenth of a second, and the element cools"
    assert "A²s" in carrying(FUSE, 20.0, 0.05).late()
    assert carrying(FUSE, 20.0, 0.03).could_open()


def test_a_current_that_has_just_come_asks_nothing_of_a_fuse_yet() -> None:
    book = Book(FUSE)
    book.carried(0.0, 0.01)
    book.carried(60.0, 0.01)
    assert not book.late(), "it may have come at the very end of the tick"
    assert book.could_open()


FUSES = {
    device.parameters: device
    for name in list_machines()
    for device in load_machine(name).network().sampled.values()
    if device.law.name == "fuse_element"
}


@pytest.mark.parametrize("fuse", FUSES.values(), ids=lambda fuse: f"{fuse.parameters[0]:g} A")
@given(st.floats(1.6, 100.0))
@example(4.87)
def test_a_sound_fuse_is_never_late(fuse: SampledDevice, multiple: float) -> None:
    """At any current the cartridges of our machines open before their book asks for it."""
    plate = dict(zip(fuse.law.parameters, fuse.parameters, strict=True))
    memory = dict(zip(fuse.law.memory, fuse.initial, strict=True))
    book, amps = Book(plate), multiple * plate["rated"]
    for _ in range(1000):
        book.carried(amps, 0.01)
        found = dict(fuse.law.evaluate({"current": amps}, plate, memory, 0.01))
        if found["blown"] > 0.5:
            assert book.could_open()
            return
        assert not book.late()
        memory = {name: found[name] for name in fuse.law.memory}
    assert multiple < 3.0, "three times its rating melts it within ten seconds"


def test_an_opened_protection_begins_again() -> None:
    book = carrying(BREAKER, 31.0, 0.1)
    book.opened()
    assert not book.late()
    assert book.could_open(), "why it opened is not forgotten"
