"""Blanks under a press: a hand takes the formed part out and lays a blank, the tool forms it, an eye judges the part.

Nothing here is physics of the network: the process reads how deep the blank is pressed and how hard, and writes which
blank lies in the tool. Its random numbers are its own, so a bench replays bit for bit.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from etabli.components.component import Parameters
from etabli.components.mechanical.belt_parts import MatterError
from etabli.physics.network import ParameterRef, Ref, StateRef
from etabli.physics.text import Text

BIN = "tray"
UNTOUCHED_M = 2e-4
"""A blank pressed less deep than this is still a blank."""
NOTHING_IN_THE_TOOL = [0.0, 0.0, 0.0, 1.0, 0.0]
"""What is shown of no blank: there, strength, thicker, fresh, depth."""


@dataclass(slots=True)
class Tally:
    """What was laid in the tool and what left it."""

    fed: int = 0
    good: int = 0
    bad: int = 0
    removed: int = 0
    last_out_s: float = -1.0
    cycle_last_s: float = 0.0
    cycle_sum_s: float = 0.0
    cycles: int = 0
    depth_last_m: float = 0.0
    force_last_n: float = 0.0


@dataclass(slots=True)
class Blank:
    """What lies in the tool: how it differs from the nominal blank, and what the press did to it."""

    id: int
    strength: float
    thicker_m: float
    depth_m: float = 0.0
    force_n: float = 0.0


class PressBlanks:
    """The blanks of one press station (a :class:`etabli.components.component.Process`)."""

    gestures: ClassVar[Mapping[str, Text]] = {
        "clear": Text("Enlever la pièce de l'outil", "Take the part out of the tool")
    }

    def __init__(self, tag: str, p: Parameters, rng: random.Random) -> None:
        self._shown = (
            ParameterRef(f"{tag}.blank", "value"),
            ParameterRef(f"{tag}.tool", "strength"),
            ParameterRef(f"{tag}.tool", "thicker"),
            ParameterRef(f"{tag}.tool", "fresh"),
            ParameterRef(f"{tag}.formed", "value"),
        )
        self.reads: tuple[Ref, ...] = (
            *(StateRef(f"{tag}.tool", name) for name in ("position", "depth", "force")),
            ParameterRef(f"{tag}.hand", "position"),
            *self._shown,
        )
        self._shallow_m = (float(p["depth_mm"]) - float(p["tolerance_mm"])) * 1e-3
        self._deep_m = (float(p["depth_mm"]) + float(p["tolerance_mm"])) * 1e-3
        self._open_m = float(p["open_mm"]) * 1e-3
        self._handling_s = float(p["handling_s"])
        self._scatter = (float(p["strength_scatter"]), float(p["thickness_scatter_mm"]) * 1e-3)
        self._random = rng.getrandbits(64)
        self._blank: Blank | None = None
        self._hand_in_s = 0.0
        self._served = False
        self._tally = Tally()
        self._now_s = 0.0

    # --- one scan -----------------------------------------------------------------------------------------------

    def step(
        self, now_s: float, dt_s: float, seen: Sequence[float], write: Callable[[ParameterRef, float], None]
    ) -> None:
        """Advance by ``dt_s``: what the tool does to the blank, then what the hand does."""
        self._now_s = now_s
        position, depth, force, hand, *shown = seen
        blank = self._blank
        if blank is not None:
            blank.depth_m = max(blank.depth_m, depth)
            blank.force_n = max(blank.force_n, force)
        if hand > 0.5:
            self._hand_in_s += dt_s
        else:
            self._hand_in_s, self._served = 0.0, False
        if self._hand_in_s >= self._handling_s and not self._served and position < self._open_m:
            self._served = True
            self._serve()
        self._show(shown, write)

    def _serve(self) -> None:
        """The hand takes out what is formed and lays a blank; a blank that nothing has touched stays."""
        if self._blank is not None and self._blank.depth_m < UNTOUCHED_M:
            return
        if self._blank is not None:
            self._take_out(self._blank)
        strength_scatter, thickness_scatter = self._scatter
        self._tally.fed += 1
        self._blank = Blank(
            self._tally.fed, 1.0 + strength_scatter * self._spread(), thickness_scatter * self._spread()
        )

    def _take_out(self, blank: Blank) -> None:
        tally = self._tally
        good = self._shallow_m <= blank.depth_m <= self._deep_m
        tally.good += good
        tally.bad += not good
        tally.depth_last_m, tally.force_last_n = blank.depth_m, blank.force_n
        if tally.last_out_s >= 0.0:
            tally.cycle_last_s = self._now_s - tally.last_out_s
            tally.cycle_sum_s += tally.cycle_last_s
            tally.cycles += 1
        tally.last_out_s = self._now_s
        self._blank = None

    def _show(self, shown: list[float], write: Callable[[ParameterRef, float], None]) -> None:
        blank = self._blank
        values = NOTHING_IN_THE_TOOL
        if blank is not None:
            fresh = 1.0 if blank.depth_m == 0.0 else 0.0
            values = [1.0, blank.strength, blank.thicker_m, fresh, blank.depth_m]
        if shown == values:
            return
        for ref, before, value in zip(self._shown, shown, values, strict=True):
            if before != value:
                write(ref, value)

    # --- what is seen, what a hand does ---------------------------------------------------------------------------

    def view(self) -> dict[str, Any]:
        """Counts of the tray of parts and what lies in the tool, for the mimic."""
        return {
            "parts": [],
            "bins": {BIN: {"good": self._tally.good, "bad": self._tally.bad}},
            "in_tool": "" if self._blank is None else "blank" if self._blank.depth_m < UNTOUCHED_M else "part",
        }

    def counters(self) -> dict[str, float]:
        """Production counts and cycle times; a part counts when it is taken out and judged."""
        tally = self._tally
        return {
            "fed": float(tally.fed),
            "good": float(tally.good),
            "bad": float(tally.bad),
            "removed": float(tally.removed),
            "cycle_last_s": tally.cycle_last_s,
            "cycle_mean_s": tally.cycle_sum_s / tally.cycles if tally.cycles else 0.0,
            "depth_last_mm": round(1e3 * tally.depth_last_m, 2),
            "force_last_kn": round(1e-3 * tally.force_last_n, 1),
        }

    def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """``clear`` the tool (what lies there is not judged); ``empty_bins``: counts start again."""
        actions = {"clear": self._clear, "empty_bins": self._empty_bins}
        if action not in actions:
            known = ", ".join(actions)
            raise MatterError(
                Text(
                    f"un poste de presse ne connaît pas l'action {action!r} : choisir parmi {known}",
                    f"a press station knows no action {action!r}: choose one of {known}",
                )
            )
        actions[action]()

    def _clear(self) -> None:
        if self._blank is not None:
            self._blank = None
            self._tally.removed += 1

    def _empty_bins(self) -> None:
        self._tally = Tally(fed=self._tally.fed)

    # --- random numbers and snapshots ---------------------------------------------------------------------------

    def _spread(self) -> float:
        """Uniform in [-1, 1): linear congruential generator of Knuth (MMIX), upper 53 bits."""
        self._random = (self._random * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        return 2.0 * ((self._random >> 11) / (1 << 53)) - 1.0

    def snapshot(self) -> dict[str, Any]:
        """JSON-able state; the random state is text because JSON readers lose digits of large integers."""
        return {
            "random": str(self._random),
            "blank": None if self._blank is None else asdict(self._blank),
            "hand_in_s": self._hand_in_s,
            "served": self._served,
            "now_s": self._now_s,
            "tally": asdict(self._tally),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Back to a snapshot."""
        self._random = int(state["random"])
        self._blank = None if state["blank"] is None else Blank(**state["blank"])
        self._hand_in_s = float(state["hand_in_s"])
        self._served = bool(state["served"])
        self._now_s = float(state["now_s"])
        self._tally = Tally(**state["tally"])
