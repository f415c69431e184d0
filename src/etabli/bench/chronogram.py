"""The chronogram of a bench: tick by tick what is seen, the program while the console is there, what screens show."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from etabli.bench.card import PlcCard
from etabli.bench.errors import BenchError
from etabli.bench.instruments import INSTRUMENTS
from etabli.bench.plant import Nodes, Plant, SeenChannel
from etabli.bench.state import BenchState
from etabli.physics.simulator import Simulator
from etabli.physics.text import Text

HISTORY_TICKS = 6000
"""One minute."""
MOST_CHANNELS = 16
LARGEST = 1e12
"""A screen may show "over limit"; JSON knows no infinity."""

Sample = Callable[[], float | None]


class Chronogram:
    """Records the chosen channels: a view only, nothing of the bench changes."""

    def __init__(
        self, plant: Plant, state: BenchState, card: PlcCard | None, seen: Sequence[SeenChannel], behind_doors: bool
    ) -> None:
        """``seen``: the channels that may be followed; ``behind_doors``: also while the cabinet is closed."""
        self._plant = plant
        self._state = state
        self._card = card
        self._seen = seen
        self._behind_doors = behind_doors
        self._chosen: tuple[str, ...] = ()
        self._samples: list[Sample] = []
        self.history: deque[list[float | None]] = deque(maxlen=HISTORY_TICKS)
        """Rows ``[time s, value, …]`` of the last minute, oldest first."""

    def channels(self) -> list[dict[str, Any]]:
        """Channels that may be followed, what people call them, and what each needs (README, *Layout*)."""
        program = [] if self._card is None else [f"{self._plant.machine.plc}.{name}" for name in self._card.names]
        return [
            *(_described(channel) for channel in self._seen),
            *({"id": identifier, "source": "console"} for identifier in program),
            *({"id": name, "source": "instrument"} for name in INSTRUMENTS),
        ]

    @property
    def chosen(self) -> list[str]:
        """Channels being recorded."""
        return list(self._chosen)

    def choose(self, identifiers: Sequence[str], simulator: Simulator, nodes: Nodes) -> None:
        """Record these channels from now on. Raises :class:`BenchError` for an unknown one, or for too many."""
        known = {channel["id"] for channel in self.channels()}
        unknown = [i for i in identifiers if i not in known]
        if unknown or len(identifiers) > MOST_CHANNELS:
            names = ", ".join(unknown)
            raise BenchError(
                "bad_argument",
                Text(f"voies du chronogramme inconnues : {names}", f"unknown chronogram channels: {names}")
                if unknown
                else Text(f"{len(identifiers)} voies demandées", f"{len(identifiers)} channels asked for"),
                Text(
                    f"en choisir {MOST_CHANNELS} au plus dans la liste", f"choose {MOST_CHANNELS} at most in the list"
                ),
            )
        self._chosen = tuple(identifiers)
        self.history.clear()
        self.bind(simulator, nodes)

    def bind(self, simulator: Simulator, nodes: Nodes) -> None:
        """Follow the arrays of the present simulator."""
        seen, program = {c.id: c for c in self._seen}, f"{self._plant.machine.plc}."
        self._samples = []
        for identifier in self._chosen:
            if identifier in seen:
                self._samples.append(self._of_channel(seen[identifier], simulator, nodes))
            elif identifier.startswith(program):
                self._samples.append(self._of_variable(identifier.removeprefix(program)))
            else:
                self._samples.append(self._of_screen(identifier))

    def sample(self, now_s: float) -> None:
        """Add the row of this tick."""
        if self._samples:
            self.history.append([round(now_s, 2), *(sample() for sample in self._samples)])

    def _of_channel(self, seen: SeenChannel, simulator: Simulator, nodes: Nodes) -> Sample:
        channel, values, state = seen.channel, simulator.values, self._state
        place = simulator.index(nodes.resolve(channel.ref))
        span = channel.high - channel.low
        hidden = not self._behind_doors and self._plant.is_enclosed(seen.tag)

        def sample() -> float | None:
            if hidden and not state.cabinet_open:
                return None
            return round(min(1.0, max(0.0, (float(values[place]) - channel.low) / span)), 4)

        return sample

    def _of_variable(self, name: str) -> Sample:
        card = self._card
        return lambda: None if card is None else card.value(name)

    def _of_screen(self, instrument: str) -> Sample:
        displays = self._state.instruments.displays

        def sample() -> float | None:
            display = displays.get(instrument)
            return None if display is None or display.value is None else round(min(display.value, LARGEST), 6)

        return sample


def _described(seen: SeenChannel) -> dict[str, Any]:
    text = seen.channel.text
    named = {} if text is None else {"text": {"fr": f"{seen.tag} · {text.fr}", "en": f"{seen.tag} · {text.en}"}}
    return {"id": seen.id, "source": "seen", **named}
