"""A bench inside a host: its pace in real time, what its clients were last sent, requests about it."""

from __future__ import annotations

import contextlib
import logging
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, assert_never

import msgspec

from etabli.bench import requests, views
from etabli.bench.connection import Client
from etabli.bench.errors import BenchError, bench_failed
from etabli.bench.journal import snapshot_folder
from etabli.bench.live import Bench
from etabli.bench.state import TICK_S
from etabli.bench.wire import FRAME, STATE, pack

FRAME_S = 0.05
CHUNK_TICKS = 5
MOST_LATE_TICKS = 50
LOAD_MEMORY = 0.02
"""Weight of the last turn in the load that is shown."""
SPEEDS = (0.05, 4.0)
MOST_STEP_TICKS = 1000

log = logging.getLogger(__name__)


@dataclass(eq=False)
class HostedBench:
    """One bench of a host; ``path`` is its journal."""

    name: str
    bench: Bench
    path: Path
    fsync: bool = True
    running: bool = True
    speed: float = 1.0
    debt: float = 0.0
    """Ticks that real time asks for and that are not run yet."""
    late_s: float = 0.0
    load: float = 0.0
    clients: set[Client] = field(default_factory=set)
    frame_t: float = 0.0
    sent_tick: int = -1
    sent_version: int = -1
    sent_running: bool | None = None
    """False or True as last sent; None: a frame is due whatever happened."""
    failed: bool = False
    made_s: float = 0.0
    """Time that a reopening took."""

    # --- pace -------------------------------------------------------------------------------------

    def advance(self, passed_s: float, share_s: float) -> None:
        """Run what ``passed_s`` of real time asks for, as far as ``share_s`` of computing goes."""
        self.debt += passed_s * self.speed / TICK_S
        start = time.perf_counter()
        spent = 0.0
        while self.debt >= 1.0 and spent < share_s:
            ticks = min(CHUNK_TICKS, int(self.debt))
            if not self._tick(ticks):
                break
            self.debt -= ticks
            spent = time.perf_counter() - start
        if self.debt > MOST_LATE_TICKS:
            self.late_s += (self.debt - MOST_LATE_TICKS) * TICK_S
            self.debt = MOST_LATE_TICKS
        self.load += LOAD_MEMORY * (spent / max(passed_s, 1e-6) - self.load)

    def _tick(self, ticks: int) -> bool:
        """Run some ticks; False when the software failed: the bench stands still from now on."""
        try:
            self.bench.tick(ticks)
        except Exception:  # one broken bench must not stop the others
            log.exception("bench %s failed", self.name)
            self.failed = True
            self.running = False
            return False
        return True

    def save(self) -> None:
        """Save and close the bench; what cannot be saved is in the journal all the same."""
        with contextlib.suppress(BenchError, OSError):
            self.bench.close()

    # --- frames -----------------------------------------------------------------------------------

    def send_frame(self, now: float) -> None:
        """Send a frame to the clients when one is due, and the state where it has changed."""
        if not self.clients or self.failed or now - self.frame_t < FRAME_S:
            return
        bench = self.bench
        present = (bench.state.tick, bench.state.version, self.running)
        if (self.sent_tick, self.sent_version, self.sent_running) == present:
            return
        self.frame_t = now if now - self.frame_t > 2 * FRAME_S else self.frame_t + FRAME_S
        payload = msgspec.json.encode(views.frame(bench, self.running, self.speed, self.sent_tick * TICK_S))
        frame = pack(FRAME, self.name, payload)
        state = b""
        if self.sent_version != bench.state.version:
            state = pack(STATE, self.name, msgspec.json.encode(views.state(bench)))
        self.sent_tick, self.sent_version, self.sent_running = present
        for client in self.clients:
            if state:
                client.offer(self.name, STATE, state)
            client.offer(self.name, FRAME, frame)

    # --- requests ---------------------------------------------------------------------------------

    def answer(self, client: Client, asked: requests.AboutOpenBench) -> dict[str, Any]:
        """What a request about this bench gives back (README, *Requests*). Raises :class:`BenchError`."""
        match asked:
            case requests.Layout():
                return views.layout(self.bench)
            case requests.State():
                return views.state(self.bench)
            case requests.Program():
                return views.program(self.bench)
            case requests.Evidence():
                return views.evidence(self.bench)
            case requests.Reveal():
                return views.reveal(self.bench)
            case requests.Journal():
                return views.journal(self.path)
            case requests.Act():
                outcome = self.bench.act(asked.action, asked.who, **asked.arguments)
                done: dict[str, Any] = msgspec.to_builtins(outcome)
                return done
            case requests.Subscribe() | requests.Unsubscribe():
                return self._subscribed(client, isinstance(asked, requests.Subscribe))
            case requests.Run() | requests.Pause() | requests.Step() | requests.Speed():
                return self._timed(asked)
            case requests.Chronogram():
                return {"channels": self.bench.watch(asked.channels)}
            case requests.History():
                return self._history(asked.since)
            case requests.Reset():
                return self._reset()
            case _:
                assert_never(asked)

    def status(self) -> dict[str, Any]:
        """How the bench does."""
        bench = self.bench
        return {
            "bench": self.name,
            "machine": bench.header.machine,
            "mode": bench.header.mode,
            "t": round(bench.time_s, 2),
            "i": bench.minutes_now,
            "running": self.running,
            "speed": self.speed,
            "load": round(self.load, 3),
            "late_s": round(self.late_s, 2),
            "clients": len(self.clients),
            "failed": self.failed,
            "finished": bench.state.finished is not None,
            "cost": round(bench.state.cost, 2),
        }

    def _subscribed(self, client: Client, wanted: bool) -> dict[str, Any]:
        if not wanted:
            self.clients.discard(client)
            return {}
        self.clients.add(client)
        self.sent_running = None  # one frame at once, also while paused
        return {"layout": views.layout(self.bench), "state": views.state(self.bench)}

    def _timed(self, asked: requests.Run | requests.Pause | requests.Step | requests.Speed) -> dict[str, Any]:
        match asked:
            case requests.Run():
                self.running, self.debt = True, 0.0
                return {"running": True}
            case requests.Pause():
                self.running = False
                return {"running": False}
            case requests.Speed():
                self.speed = min(max(asked.factor, SPEEDS[0]), SPEEDS[1])
                self.sent_running = None
                return {"speed": self.speed}
            case requests.Step():
                self.running = False
                if not self._tick(min(max(asked.ticks, 1), MOST_STEP_TICKS)):
                    raise bench_failed()
                return {"t": round(self.bench.time_s, 2)}

    def _history(self, since_s: float) -> dict[str, Any]:
        chronogram = self.bench.chronogram
        rows = [row for row in chronogram.history if row[0] is not None and row[0] > since_s]
        return {"channels": chronogram.chosen, "rows": rows}

    def _reset(self) -> dict[str, Any]:
        """A new bench of the same machine, seed and faults; the journal of the old one is kept beside."""
        old, path = self.bench, self.path
        self.save()
        number = next(n for n in range(1, 1_000_000) if not path.with_suffix(f".{n}.jsonl").exists())
        path.rename(path.with_suffix(f".{number}.jsonl"))
        shutil.rmtree(snapshot_folder(path), ignore_errors=True)
        header, told = old.header, old.told
        self.bench = Bench.create(old.plant, header.seed, header.faults, header.mode, path, self.fsync)
        self.bench.hear(told)
        self.debt, self.sent_tick, self.sent_version, self.sent_running = 0.0, -1, -1, None
        return {"bench": self.name}
