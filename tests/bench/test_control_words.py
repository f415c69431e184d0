"""The names that controls and their positions have for a person, on the page and in the journal."""

from __future__ import annotations

import pytest

from etabli.bench import Bench
from etabli.bench.control_words import has_words
from etabli.components.catalogue import catalogue


def test_every_control_of_every_family_has_words() -> None:
    names = {name for family in catalogue().values() for name in family.controls}
    assert [name for name in sorted(names) if not has_words(name)] == []


@pytest.mark.parametrize(
    ("tag", "control", "value", "french", "english"),
    [
        ("S1", "pressed", 1.0, "S1 : appuyé.", "S1: pressed."),
        ("S4", "position", 2.0, "S4 : position 2.", "S4: position 2."),
        ("Q1", "position", 0.0, "Q1 : position 0.", "Q1: position 0."),
        ("0V1", "position", 0.0, "0V1 : fermée.", "0V1: closed."),
        ("1V1", "override_14", 1.0, "1V1 : commande manuelle 14, appuyée.", "1V1: manual override 14, pressed."),
    ],
)
def test_a_gesture_is_told_in_both_languages(tag: str, control: str, value: float, french: str, english: str) -> None:
    bench = Bench.create("poste_tri", seed=1)
    told = bench.act("operate", tag=tag, control=control, value=value).text
    assert (told.fr, told.en) == (french, english)
