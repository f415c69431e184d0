"""Benches of the first machine, started as its operator would."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.repairs import switch_on
from etabli.bench import Bench, InjectedFault
from etabli.bench.plant import Plant, as_plant


@pytest.fixture(scope="session")
def plant() -> Plant:
    return as_plant("poste_tri")


@pytest.fixture(scope="session")
def press() -> Plant:
    return as_plant("presse")


@pytest.fixture(scope="session")
def lift() -> Plant:
    return as_plant("monte_charge")


@pytest.fixture
def running(plant: Plant) -> Callable[..., Bench]:
    """``running("KM1.coil_open", …)``: a bench with these faults, started."""

    def make(*faults: str, seed: int = 1) -> Bench:
        bench = Bench.create(plant, seed, [InjectedFault(f) for f in faults])
        switch_on(bench)
        return bench

    return make


@pytest.fixture
def off(plant: Plant) -> Callable[..., Bench]:
    """``off(…)``: a bench whose isolator is open and padlocked, air purged, cabinet open, equipment worn."""

    def make(*faults: str, seed: int = 1) -> Bench:
        bench = Bench.create(plant, seed, [InjectedFault(f) for f in faults])
        bench.tick(100)
        lock_out(bench)
        return bench

    return make


def lock_out(bench: Bench) -> None:
    """Isolator open and padlocked, air shut off, vented and padlocked, cabinet open."""
    bench.act("operate", tag="Q1", control="position", value=0)
    bench.act("padlock", tag="Q1")
    bench.act("label", tag="Q1")
    bench.act("purge")
    bench.tick(300)
    bench.act("padlock", tag="0V1")
    bench.act("open_cabinet")
    bench.act("epi", worn=["gloves", "face_shield"])
