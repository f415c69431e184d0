"""What every family must hold, whatever its technology: the checks of the electrical families, on all the others."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

from components import test_electrical_catalogue as electrical
from etabli.components.catalogue import catalogue
from etabli.physics.soundness import Unsound, check_network

OTHERS = sorted(set(catalogue()) - set(electrical.FAMILIES))
CHECKS = [
    check
    for name, check in vars(electrical).items()
    if name.startswith("test_") and list(inspect.signature(check).parameters) == ["family"] and "dc_image" not in name
]


@pytest.mark.parametrize("family", OTHERS)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.removeprefix("test_"))
def test_family(family: str, check: Callable[[str], None]) -> None:
    check(family)


MOVING = [f for f in OTHERS if catalogue()[f].build.__module__.split(".")[-2] in {"mechanical", "thermal"}]


@pytest.mark.parametrize("family", MOVING)
def test_its_network_is_sound_alone(family: str) -> None:
    """Every node stores something or has a law to hold it (a circuit that waits for its supply apart)."""
    findings = check_network(electrical._network(family))
    assert [f.text.en for f in findings if f.kind is not Unsound.FLOATING] == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_two_families_have_one_name(language: str) -> None:
    names = [getattr(component.text, language) for component in catalogue().values()]
    assert sorted(names) == sorted(set(names))
