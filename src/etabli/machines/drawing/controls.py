"""What a hand can move, as accessible interactive elements: roles, names and the state that ``binder.js`` keeps up.

``data-act`` says how the hand works it: "hold" (a push-button, 1 while pressed), "toggle" (lever, mushroom head: 0 or
1) or "turn" (selector: 0 … ``data-max``). ``data-state`` is the channel that shows its present position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from etabli.machines.drawing import svg
from etabli.machines.model import Placed
from etabli.physics.text import Text

_ROLES = {"hold": "button", "toggle": "switch", "turn": "slider"}


def seen_channels(placed: Placed) -> tuple[str, ...]:
    """Channels of a part that an eye can follow."""
    if placed.component.channels is None:
        return ()
    return tuple(c.name for c in placed.component.channels(placed.tag, placed.parameters) if c.seen)


def full_scale(placed: Placed, name: str) -> float:
    """What a channel of a part means at 1: the detent number of a selector at the end of its family's travel."""
    if placed.component.channels is None:
        return 1.0
    channels = {c.name: c for c in placed.component.channels(placed.tag, placed.parameters)}
    return channels[name].high - channels[name].low if name in channels else 1.0


def control(
    placed: Placed,
    name: str,
    act: str,
    label: Text,
    language: str,
    content: Iterable[str],
    state: str = "",
    positions: Sequence[Text] = (),
) -> str:
    """A control around its drawing. ``state`` is a local channel name, ``positions`` the detents of a selector."""
    most = len(positions) - 1 if positions else 1
    spoken = " | ".join(p.get(language) for p in positions)
    return svg.group(
        content,
        class_="control",
        data_component=placed.tag,
        data_control=name,
        data_act=act,
        data_max=most,
        data_state=f"{placed.tag}.{state}" if state else None,
        data_positions=spoken or None,
        role=_ROLES[act],
        tabindex="0",
        aria_label=f"{placed.tag} – {label.get(language)}",
        aria_checked="false" if act == "toggle" else None,
        aria_pressed="false" if act == "hold" else None,
        aria_valuemin=0 if act == "turn" else None,
        aria_valuemax=most if act == "turn" else None,
        aria_valuenow=0 if act == "turn" else None,
        aria_valuetext=positions[0].get(language) if positions else None,
    )


def lamp(x: float, y: float, r: float, channel: str, colour: str) -> str:
    """A lamp that lights with a channel ("TAG.name")."""
    return svg.group(
        (
            svg.circle(x, y, r, "lamp-off"),
            svg.group((svg.circle(x, y, r, "lamp"),), class_=f"lights {colour}", data_channel=channel),
        ),
        class_="lamp-body",
    )
