"""The owner process: holds many benches, paces them in real time, sends frames, answers requests.

One thread, one loop. Each bench has its share of the loop; a bench that falls behind drops machine time (``late_s``)
instead of slowing the others. The messages are described in the README of this package. The host ends, saving every
bench, when its standard input closes: its parent is gone.
"""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import re
import selectors
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from etabli.bench import views
from etabli.bench.errors import BenchError
from etabli.bench.faults import InjectedFault
from etabli.bench.journal import read_journal, snapshot_folder
from etabli.bench.live import Bench, as_plant
from etabli.bench.operator import draw_with_symptom
from etabli.bench.plant import Plant
from etabli.bench.state import TICK_S
from etabli.bench.wire import ANSWER, FRAME, STATE, Message, Unpacker, WireError, pack
from etabli.components.component import Onset
from etabli.physics.text import Text

FRAME_S = 0.05
LOOP_S = 0.01
IDLE_S = 0.25
BUDGET_S = 0.03
"""Time that one turn of the loop may spend on all benches together."""
CHUNK_TICKS = 5
MOST_LATE_TICKS = 50
SPEEDS = (0.05, 4.0)
MOST_STEP_TICKS = 1000
RECEIVE_BYTES = 65_536
CONGESTED_BYTES = 262_144
"""Unsent bytes above which a client only keeps its newest frame of each bench."""
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

log = logging.getLogger(__name__)
Arguments = Mapping[str, Any]


@dataclass(eq=False)
class Client:
    """One connection."""

    connection: socket.socket
    unpacker: Unpacker = field(default_factory=Unpacker)
    unsent: bytearray = field(default_factory=bytearray)
    newest: dict[tuple[str, bytes], bytes] = field(default_factory=dict)

    def queue(self, data: bytes) -> None:
        """Send in order, never dropped (answers)."""
        self.unsent += data

    def offer(self, bench: str, kind: bytes, data: bytes) -> None:
        """Send unless the client is slow; then only the newest of each kind waits."""
        if len(self.unsent) < CONGESTED_BYTES:
            self.unsent += data
        else:
            self.newest[bench, kind] = data

    def flush(self) -> bool:
        """Send what the socket takes; False when the connection is gone."""
        if len(self.unsent) < CONGESTED_BYTES and self.newest:
            for data in self.newest.values():
                self.unsent += data
            self.newest.clear()
        if not self.unsent:
            return True
        try:
            sent = self.connection.send(self.unsent)
        except BlockingIOError:
            return True
        except OSError:
            return False
        del self.unsent[:sent]
        return True


@dataclass(eq=False)
class Live:
    """One bench in this process."""

    name: str
    bench: Bench
    running: bool = True
    speed: float = 1.0
    debt: float = 0.0
    late_s: float = 0.0
    load: float = 0.0
    clients: set[Client] = field(default_factory=set)
    frame_t: float = 0.0
    sent_tick: int = -1
    sent_version: int = -1
    sent_running: bool | None = None
    failed: bool = False
    made_s: float = 0.0
    """Time that a reopening took."""


class Host:
    """All benches of one process. ``folder`` holds their journals (``NAME.jsonl``)."""

    def __init__(self, folder: Path, listener: socket.socket | None = None, fsync: bool = True) -> None:
        self.folder = folder
        self.fsync = fsync
        self.benches: dict[str, Live] = {}
        self.clients: set[Client] = set()
        self._selector = selectors.DefaultSelector()
        self._listener = listener
        self._ended = False
        self._now = time.monotonic()
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._pending: list[tuple[Client, int, Future[Live]]] = []
        self._opening: dict[str, Future[Live]] = {}
        self._wake, self._woken = socket.socketpair()
        self._woken.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, "woken")
        self._requests: dict[str, Callable[[Client, Arguments], Any]] = {
            name.removeprefix("_do_"): getattr(self, name) for name in dir(self) if name.startswith("_do_")
        }
        if listener is not None:
            listener.setblocking(False)
            self._selector.register(listener, selectors.EVENT_READ, None)

    # --- the loop ---------------------------------------------------------------------------------

    def watch_parent(self, descriptor: int) -> None:
        """End when this descriptor reaches its end: the parent is gone."""
        self._selector.register(descriptor, selectors.EVENT_READ, "parent")

    def end(self) -> None:
        """Leave the loop after this turn."""
        self._ended = True

    def run(self) -> None:
        """Run until :meth:`end`; benches are saved on the way out."""
        while not self._ended:
            self.turn()
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._finish_pending()
        for live in list(self.benches.values()):
            self._save(live)
        for client in list(self.clients):
            client.flush()
            client.connection.close()

    def turn(self) -> None:
        """One turn: messages, ticks, frames."""
        busy = any(live.running for live in self.benches.values())
        for key, events in self._selector.select(LOOP_S if busy else IDLE_S):
            self._event(key, events)
        now = time.monotonic()
        self._pace(now - self._now)
        self._now = now
        self._send_frames(now)
        for client in list(self.clients):
            self._flush(client)

    def _event(self, key: selectors.SelectorKey, events: int) -> None:
        if key.data == "parent":
            if not os.read(key.fd, 4096):
                self.end()
        elif key.data == "woken":
            self._woken.recv(4096)
            self._finish_pending()
        elif key.data is None:
            self._accept()
        elif events & selectors.EVENT_READ:
            self._receive(key.data)

    def _accept(self) -> None:
        assert self._listener is not None
        with contextlib.suppress(OSError):
            connection, _ = self._listener.accept()
            connection.setblocking(False)
            client = Client(connection)
            self.clients.add(client)
            self._selector.register(connection, selectors.EVENT_READ, client)

    def _receive(self, client: Client) -> None:
        try:
            data = client.connection.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._drop(client)
            return
        try:
            for message in client.unpacker.feed(data):
                self._answer(client, message)
        except (WireError, UnicodeDecodeError):
            self._drop(client)

    def _drop(self, client: Client) -> None:
        if client not in self.clients:
            return
        self.clients.discard(client)
        for live in self.benches.values():
            live.clients.discard(client)
        self._selector.unregister(client.connection)
        client.connection.close()

    def _flush(self, client: Client) -> None:
        if client in self.clients and not client.flush():
            self._drop(client)
            return
        if client in self.clients:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if client.unsent else 0)
            if self._selector.get_key(client.connection).events != wanted:
                self._selector.modify(client.connection, wanted, client)

    # --- pacing -----------------------------------------------------------------------------------

    def _pace(self, passed_s: float) -> None:
        running = [live for live in self.benches.values() if live.running and not live.failed]
        if not running:
            return
        share = BUDGET_S / len(running)
        for live in running:
            live.debt += passed_s * live.speed / TICK_S
            spent = self._advance(live, share)
            live.load += 0.02 * (spent / max(passed_s, 1e-6) - live.load)

    def _advance(self, live: Live, share_s: float) -> float:
        start = time.perf_counter()
        spent = 0.0
        while live.debt >= 1.0 and spent < share_s:
            ticks = min(CHUNK_TICKS, int(live.debt))
            if not self._tick(live, ticks):
                break
            live.debt -= ticks
            spent = time.perf_counter() - start
        if live.debt > MOST_LATE_TICKS:
            live.late_s += (live.debt - MOST_LATE_TICKS) * TICK_S
            live.debt = MOST_LATE_TICKS
        return spent

    def _tick(self, live: Live, ticks: int) -> bool:
        try:
            live.bench.tick(ticks)
        except Exception:  # one broken bench must not stop the others
            log.exception("bench %s failed", live.name)
            live.failed = True
            live.running = False
            return False
        return True

    def _send_frames(self, now: float) -> None:
        for live in self.benches.values():
            if not live.clients or live.failed or now - live.frame_t < FRAME_S:
                continue
            seen = (live.sent_tick, live.sent_version, live.sent_running)
            if seen == (live.bench.state.tick, live.bench.state.version, live.running):
                continue
            live.frame_t = now if now - live.frame_t > 2 * FRAME_S else live.frame_t + FRAME_S
            self._push(live)

    def _push(self, live: Live) -> None:
        bench = live.bench
        since = live.sent_tick * TICK_S
        payload = msgspec.json.encode(views.frame(bench, live.running, live.speed, since))
        frame = pack(FRAME, live.name, payload)
        state = b""
        if live.sent_version != bench.state.version:
            state = pack(STATE, live.name, msgspec.json.encode(views.state(bench)))
        live.sent_tick, live.sent_version, live.sent_running = bench.state.tick, bench.state.version, live.running
        for client in live.clients:
            if state:
                client.offer(live.name, STATE, state)
            client.offer(live.name, FRAME, frame)

    # --- requests ---------------------------------------------------------------------------------

    def _answer(self, client: Client, message: Message) -> None:
        number = 0
        try:
            request = msgspec.json.decode(message.payload)
            number = int(request.get("id", 0))
            result = self._handle(client, request)
        except Exception as error:
            self._reply(client, number, None, error)
            return
        if isinstance(result, Future):  # made in the worker: answered when it is ready
            self._pending.append((client, number, result))
            result.add_done_callback(lambda _: self._wake.send(b"!"))
            return
        self._reply(client, number, result, None)

    def _reply(self, client: Client, number: int, result: Any, error: BaseException | None) -> None:
        if error is None:
            answer: dict[str, Any] = {"id": number, "ok": True, "result": result}
        elif isinstance(error, BenchError):
            answer = _refusal(number, error)
        elif isinstance(error, (msgspec.MsgspecError, KeyError, TypeError, ValueError, AttributeError)):
            log.warning("bad request: %s", error)
            answer = _refusal(number, _bad_request(error))
        else:
            log.error("request failed", exc_info=error)
            answer = _refusal(number, _broken())
        client.queue(pack(ANSWER, "", msgspec.json.encode(answer)))

    def _finish_pending(self) -> None:
        """Take in the benches that the worker has made, and answer who asked for them."""
        for waiting in [w for w in self._pending if w[2].done()]:
            self._pending.remove(waiting)
            client, number, future = waiting
            error = future.exception() if not future.cancelled() else _broken()
            if error is not None:
                self._reply(client, number, None, error)
                continue
            live = future.result()
            known = self.benches.get(live.name)
            if known is not None and known is not live:
                live.clients |= known.clients
                live.sent_version = -1
            self.benches[live.name] = live
            result = {"bench": live.name, "t": round(live.bench.time_s, 2), "replayed_s": round(live.made_s, 3)}
            self._reply(client, number, result, None)

    def _handle(self, client: Client, request: Arguments) -> Any:
        handler = self._requests.get(str(request.get("do")))
        if handler is None:
            names = ", ".join(sorted(self._requests))
            raise BenchError(
                "unknown_request",
                Text(f"demande « {request.get('do')} » inconnue", f"unknown request “{request.get('do')}”"),
                Text(f"choisir parmi : {names}", f"choose among: {names}"),
            )
        return handler(client, request)

    def _live(self, request: Arguments) -> Live:
        name = request.get("bench")
        live = self.benches.get(name) if isinstance(name, str) else None
        if live is None:
            raise BenchError(
                "unknown_bench",
                Text(f"le banc « {name} » n'est pas ouvert", f"the bench “{name}” is not open"),
                Text("l'ouvrir ou le créer", "open it or create it"),
            )
        if live.failed:
            raise _broken()
        return live

    def _path(self, name: Any) -> Path:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise BenchError(
                "bad_argument",
                Text(f"« {name} » ne peut pas nommer un banc", f"“{name}” cannot name a bench"),
                Text("lettres, chiffres, - et _, 64 au plus", "letters, digits, - and _, 64 at most"),
            )
        return self.folder / f"{name}.jsonl"

    def _plant(self, machine: Any) -> Plant:
        """The machine, loaded again when its files changed (plants share its networks)."""
        from etabli.machines import MachineError, UnknownMachine

        try:
            return as_plant(str(machine))
        except UnknownMachine as error:
            raise BenchError("unknown_machine", error.text, error.mend) from error
        except MachineError as error:
            raise BenchError("broken_machine", error.text, error.mend) from error

    def _do_machines(self, client: Client, request: Arguments) -> Any:
        from etabli.machines import list_machines, load_machine

        return {"machines": [{"id": name, "name": views.two(load_machine(name).name)} for name in list_machines()]}

    def _do_create(self, client: Client, request: Arguments) -> Any:
        """In the worker: the draw, and the operator's try of the machine, take about a second."""
        name = str(request.get("bench"))
        path = self._path(request.get("bench"))
        plant = self._plant(request["machine"])
        seed = int(request.get("seed", 0))
        mode = str(request.get("mode", "intervention"))
        drawn = request.get("random")
        faults = _faults(request) if not drawn else []

        def make() -> Live:
            told, chosen = None, faults
            if drawn:
                chosen, told = draw_with_symptom(plant, seed, int(drawn.get("count", 1)))
            bench = Bench.create(plant, seed, chosen, mode, path, self.fsync)
            bench.hear(told or bench.told)
            return Live(name, bench, bool(request.get("run", True)), sent_version=bench.state.version)

        return self._worker.submit(make)

    def _do_open(self, client: Client, request: Arguments) -> Any:
        """In the worker too: a replay may take some seconds."""
        name = request.get("bench")
        path = self._path(name)
        known = self.benches.get(str(name))
        if known is not None and not known.failed:
            return {"bench": name, "t": round(known.bench.time_s, 2), "replayed_s": 0.0}
        if not path.exists():
            raise BenchError(
                "unknown_bench",
                Text(f"le banc « {name} » n'a pas de journal", f"the bench “{name}” has no journal"),
                Text("le créer", "create it"),
            )

        def make() -> Live:
            begun = time.perf_counter()
            bench = Bench.open(path, self._plant(read_journal(path).header.machine), self.fsync)
            made_s = time.perf_counter() - begun
            version = bench.state.version
            return Live(str(name), bench, bool(request.get("run", True)), sent_version=version, made_s=made_s)

        opening = self._opening.get(str(name))
        if opening is None or opening.done():
            opening = self._opening[str(name)] = self._worker.submit(make)
        return opening

    def _do_close(self, client: Client, request: Arguments) -> Any:
        live = self._live(request)
        self._save(live)
        del self.benches[live.name]
        self._opening.pop(live.name, None)
        return {}

    def _save(self, live: Live) -> None:
        with contextlib.suppress(BenchError, OSError):
            live.bench.close()

    def _do_status(self, client: Client, request: Arguments) -> Any:
        if request.get("bench") is not None:
            return self._status(self._live(request))
        return {"pid": os.getpid(), "benches": [self._status(live) for live in self.benches.values()]}

    def _status(self, live: Live) -> dict[str, Any]:
        bench = live.bench
        return {
            "bench": live.name,
            "machine": bench.header.machine,
            "mode": bench.header.mode,
            "t": round(bench.time_s, 2),
            "i": bench.minutes_now,
            "running": live.running,
            "speed": live.speed,
            "load": round(live.load, 3),
            "late_s": round(live.late_s, 2),
            "clients": len(live.clients),
            "failed": live.failed,
            "finished": bench.state.finished is not None,
            "cost": round(bench.state.cost, 2),
        }

    def _do_layout(self, client: Client, request: Arguments) -> Any:
        return views.layout(self._live(request).bench)

    def _do_state(self, client: Client, request: Arguments) -> Any:
        return views.state(self._live(request).bench)

    def _do_subscribe(self, client: Client, request: Arguments) -> Any:
        live = self._live(request)
        live.clients.add(client)
        live.sent_running = None  # one frame at once, also while paused
        return {"layout": views.layout(live.bench), "state": views.state(live.bench)}

    def _do_unsubscribe(self, client: Client, request: Arguments) -> Any:
        self._live(request).clients.discard(client)
        return {}

    def _do_act(self, client: Client, request: Arguments) -> Any:
        live = self._live(request)
        arguments = request.get("arguments") or {}
        outcome = live.bench.act(str(request["action"]), str(request.get("who", "")), **arguments)
        return msgspec.to_builtins(outcome)

    def _do_run(self, client: Client, request: Arguments) -> Any:
        live = self._live(request)
        live.running, live.debt = True, 0.0
        return {"running": True}

    def _do_pause(self, client: Client, request: Arguments) -> Any:
        self._live(request).running = False
        return {"running": False}

    def _do_speed(self, client: Client, request: Arguments) -> Any:
        live = self._live(request)
        live.speed = min(max(float(request["factor"]), SPEEDS[0]), SPEEDS[1])
        live.sent_running = None
        return {"speed": live.speed}

    def _do_step(self, client: Client, request: Arguments) -> Any:
        live = self._live(request)
        live.running = False
        self._tick(live, min(max(int(request.get("ticks", 1)), 1), MOST_STEP_TICKS))
        return {"t": round(live.bench.time_s, 2)}

    def _do_reset(self, client: Client, request: Arguments) -> Any:
        live = self._live(request)
        header = live.bench.header
        self._save(live)
        path = self._path(live.name)
        number = next(n for n in range(1, 1_000_000) if not path.with_suffix(f".{n}.jsonl").exists())
        path.rename(path.with_suffix(f".{number}.jsonl"))
        shutil.rmtree(snapshot_folder(path), ignore_errors=True)
        faults = [InjectedFault(f.id, f.onset_s, f.degree, Onset(f.onset)) for f in header.faults]
        told = live.bench.told
        live.bench = Bench.create(live.bench.plant, header.seed, faults, header.mode, path, self.fsync)
        live.bench.hear(told)
        live.debt, live.sent_tick, live.sent_version, live.sent_running = 0.0, -1, -1, None
        return {"bench": live.name}

    def _do_chronogram(self, client: Client, request: Arguments) -> Any:
        channels = request.get("channels") or []
        return {"channels": self._live(request).bench.watch([str(c) for c in channels])}

    def _do_history(self, client: Client, request: Arguments) -> Any:
        bench = self._live(request).bench
        since = float(request.get("since", 0.0))
        return {
            "channels": bench.watched,
            "rows": [row for row in bench.history if row[0] is not None and row[0] > since],
        }

    def _do_program(self, client: Client, request: Arguments) -> Any:
        return views.program(self._live(request).bench)

    def _do_evidence(self, client: Client, request: Arguments) -> Any:
        return views.evidence(self._live(request).bench)

    def _do_reveal(self, client: Client, request: Arguments) -> Any:
        return views.reveal(self._live(request).bench)

    def _do_journal(self, client: Client, request: Arguments) -> Any:
        self._live(request)
        return journal_view(self._path(request.get("bench")))


def journal_view(path: Path) -> dict[str, Any]:
    """Header and events of a journal, with their outcomes (for the teacher)."""
    recorded = read_journal(path)
    events = [
        {**msgspec.to_builtins(e), "t": round(e.tick * TICK_S, 2), "outcome": recorded.outcomes.get(e.n)}
        for e in recorded.events
    ]
    return {
        "header": msgspec.to_builtins(recorded.header),
        "events": events,
        "last_s": round(recorded.last_tick * TICK_S, 2),
    }


def _faults(request: Arguments) -> list[InjectedFault]:
    return [
        InjectedFault(
            str(f["id"]),
            float(f.get("onset_s", 0.0)),
            float(f.get("degree", 1.0)),
            Onset(str(f.get("onset", "sudden"))),
        )
        for f in request.get("faults") or []
    ]


def _refusal(number: int, error: BenchError) -> dict[str, Any]:
    return {
        "id": number,
        "ok": False,
        "error": {"code": error.code, "text": views.two(error.text), "mend": views.two(error.mend)},
    }


def _bad_request(error: Exception) -> BenchError:
    return BenchError(
        "bad_argument",
        Text(f"demande incomplète ou mal formée ({error})", f"incomplete or badly formed request ({error})"),
        Text("voir le README du banc", "see the README of the bench"),
    )


def _broken() -> BenchError:
    return BenchError(
        "bench_failed",
        Text("ce banc s'est arrêté sur un défaut du logiciel", "this bench stopped on a fault of the software"),
        Text("le rouvrir : il repart de son journal", "open it again: it starts from its journal"),
    )


def main(arguments: list[str] | None = None) -> int:
    """``python -m etabli.bench.host --folder FOLDER --address SOCKET``: writes ``ready`` when it listens."""
    parser = argparse.ArgumentParser(prog="etabli.bench.host")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--address", required=True)
    parser.add_argument("--no-fsync", action="store_true")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="bench host: %(levelname)s %(message)s")
    options.folder.mkdir(parents=True, exist_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(options.address)
    os.chmod(options.address, 0o600)
    listener.listen(16)
    host = Host(options.folder, listener, fsync=not options.no_fsync)
    signal.signal(signal.SIGTERM, lambda *_: host.end())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which closes our standard input
    host.watch_parent(sys.stdin.fileno())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    os.close(sys.stdout.fileno())
    host.run()
    with contextlib.suppress(OSError):
        os.unlink(options.address)
    return 0


if __name__ == "__main__":
    os._exit(main())
