"""The surface of a coil: what the thermometer of the bench shows on a relay."""

from __future__ import annotations

import pytest

from components.electrical_rig import Rig
from etabli.components.catalogue import catalogue
from etabli.physics.network import Ref


def celsius(degree: float | None, seconds: float = 120.0) -> float:
    """A relay on 24 V, its coil sound or with some of its turns shorted."""
    rig = Rig()
    rig.feed_24_v()
    rig.place("KA1", "relay")
    rig.wire("G1:+", "KA1:A1")
    rig.wire("G1:-", "KA1:A2")
    if degree is not None:
        rig.fault("KA1.coil_short_turns", degree)
    rig.run(seconds)
    simulator = rig.simulator

    def read(ref: Ref) -> float:
        return float(simulator.read(ref))

    [spot] = catalogue()["relay"].spots("KA1", {})
    assert spot.celsius is not None
    return spot.celsius(read)


@pytest.mark.usefixtures("run_on_core")
def test_a_sound_coil_is_60_kelvins_above_the_air() -> None:
    assert celsius(None) == pytest.approx(82.0, abs=12.0)


@pytest.mark.usefixtures("run_on_core")
@pytest.mark.parametrize("degree", [0.5, 0.9, 1.0])
def test_shorted_turns_make_it_burn_but_not_melt(degree: float) -> None:
    assert celsius(None) + 20.0 < celsius(degree) < 600.0
