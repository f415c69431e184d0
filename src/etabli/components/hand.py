"""What a hand moves: buttons, levers, keys. The bench writes ``position``; the mechanism may not follow."""

from __future__ import annotations

from typing import Any

from etabli.components.component import Builder
from etabli.components.curve import explain
from etabli.physics.expression import less, maximum, select
from etabli.physics.law import Stage, sampled
from etabli.physics.network import Ref
from etabli.physics.text import Text


def _moved(p: Any, m: Any, pushed: Any) -> dict[str, Any]:
    """Where the head goes when it is pushed to ``pushed``, and what its contacts feel."""
    follows = less(p.locked, 0.5) * less(p.jammed, 0.5)
    wanted = select(follows, pushed, m.head)
    head = select(less(0.5, p.sticky), maximum(wanted, m.head), wanted)
    return {
        "head": head,
        "position": select(less(0.5, p.loose), 0.0, head),
        "at_1": less(0.5, head) * less(head, 1.5),
        "at_2": less(1.5, head),
    }


@sampled(
    reads=(),
    parameters=("position", "locked", "jammed", "sticky", "loose"),
    memory=("head", "position", "at_1", "at_2"),
    stage=Stage.ACTUATE,
)
def hand_operated(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """The head follows the hand (``p.position``: 0/1, or detent number), unless ``locked`` (padlock) or ``jammed``.

    ``sticky`` (0/1): it does not come back by itself. ``loose`` (0/1): the head turns but its contact block has come
    off, so the contacts stay at rest. Memory ``head`` is what an eye sees (``at_1``, ``at_2``: on that detent),
    ``position`` what the contacts feel.
    """
    return _moved(p, m, p.position)


explain(
    hand_operated,
    Text(
        "Organe à main : il suit la main, sauf cadenassé ou grippé ; le bloc de contacts peut s'être détaché.",
        "Hand control: it follows the hand unless padlocked or jammed; its contact block may have come off.",
    ),
)


@sampled(
    reads=("finger",),
    parameters=("position", "locked", "jammed", "sticky", "loose"),
    memory=("head", "position", "at_1", "at_2"),
    stage=Stage.ACTUATE,
)
def hand_or_finger(r: Any, p: Any, m: Any, h: Any) -> dict[str, Any]:
    """:func:`hand_operated` that somebody else may push too: ``finger`` (0/1) is a linked signal, the users of a lift
    who press its call buttons."""
    return _moved(p, m, maximum(p.position, less(0.5, r.finger)))


explain(
    hand_or_finger,
    Text(
        "Organe à main que d'autres peuvent aussi actionner (les usagers d'un ascenseur).",
        "Hand control that others may push too (the users of a lift).",
    ),
)


def add_hand(builder: Builder, name: str, position: float = 0.0, finger: Ref | None = None) -> None:
    """A sound control element ``name`` that stands at ``position`` (0/1, or detent number); ``finger``: see above."""
    builder.sample(
        name,
        hand_operated if finger is None else hand_or_finger,
        {} if finger is None else {"finger": finger},
        {"position": position, "locked": 0.0, "jammed": 0.0, "sticky": 0.0, "loose": 0.0},
        initial={"head": position, "position": position},
    )
