"""The operator's hands in production: rounds of gestures, begun and ended by what is seen, or by patience."""

from __future__ import annotations

from dataclasses import replace

import pytest

from etabli.machines import Machine, load_machine
from etabli.machines.hands import Hands, HandsState
from etabli.machines.model import Condition, Work
from etabli.physics.network import Ref

PRESS_BOTH = Work(
    "part",
    gestures=((0.0, "S1", "pressed", 1.0), (0.2, "S3", "pressed", 1.0)),
    every_s=5.0,
    most_s=3.0,
    when=(Condition("counter.fed", "last", "is", 0.0),),
    until=(Condition("counter.good", "last", "above", 0.5),),
)


@pytest.fixture
def machine() -> Machine:
    known = load_machine("poste_tri")
    return replace(known, operator=replace(known.operator, works=(PRESS_BOTH,)))


def nothing(ref: Ref) -> float:
    return 0.0


def moves(hands: Hands, now_s: float, fed: float = 0.0, good: float = 0.0) -> list[tuple[str, float]]:
    return [(m.tag, m.value) for m in hands.step(now_s, nothing, {"fed": fed, "good": good})]


def test_a_round_goes_from_its_first_gesture_to_letting_go(machine: Machine) -> None:
    hands = Hands(machine, HandsState())
    hands.begin()
    assert moves(hands, 1.0) == [("S1", 1.0)]
    assert moves(hands, 1.1) == []
    assert moves(hands, 1.2) == [("S3", 1.0)]
    assert moves(hands, 1.5, good=1.0) == [("S1", 0.0), ("S3", 0.0)]
    assert moves(hands, 5.9) == []
    assert moves(hands, 6.0) == [("S1", 1.0)]


def test_a_round_waits_until_its_conditions_hold(machine: Machine) -> None:
    hands = Hands(machine, HandsState())
    hands.begin()
    assert moves(hands, 1.0, fed=1.0) == []
    assert moves(hands, 1.5, fed=0.0) == [("S1", 1.0)]


def test_the_operator_gives_up_after_a_while(machine: Machine) -> None:
    hands = Hands(machine, HandsState())
    hands.begin()
    moves(hands, 0.0)
    moves(hands, 0.2)
    assert moves(hands, 2.95) == []
    assert moves(hands, 3.0) == [("S1", 0.0), ("S3", 0.0)]


def test_an_operator_who_leaves_lets_go(machine: Machine) -> None:
    hands = Hands(machine, HandsState())
    hands.begin()
    moves(hands, 0.0)
    assert [(m.tag, m.value) for m in hands.leave()] == [("S1", 0.0)]
    assert hands.idle
    assert moves(hands, 10.0) == []


def test_the_state_is_all_that_the_hands_remember(machine: Machine) -> None:
    state = HandsState()
    hands = Hands(machine, state)
    hands.begin()
    moves(hands, 0.0)
    again = Hands(machine, state)
    assert moves(again, 0.2) == [("S3", 1.0)]
