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
import signal
import socket
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from etabli.bench import requests, views
from etabli.bench.connection import Client
from etabli.bench.draws import draw_with_symptom
from etabli.bench.errors import BenchError, bench_failed, request_failed
from etabli.bench.hosted import HostedBench
from etabli.bench.journal import read_journal
from etabli.bench.live import Bench
from etabli.bench.plant import Plant, as_plant
from etabli.bench.requests import number_of, read_request
from etabli.bench.wire import ANSWER, Message, WireError, pack
from etabli.machines import MachineError, UnknownMachine, list_machines, load_machine
from etabli.physics.text import Text

LOOP_S = 0.01
IDLE_S = 0.25
BUDGET_S = 0.03
"""Time that one turn of the loop may spend on all benches together."""
RECEIVE_BYTES = 65_536
NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

log = logging.getLogger(__name__)
Answer: TypeAlias = dict[str, Any]


class Host:
    """All benches of one process. ``folder`` holds their journals (``NAME.jsonl``)."""

    def __init__(self, folder: Path, listener: socket.socket | None = None, fsync: bool = True) -> None:
        self.folder = folder
        self.fsync = fsync
        self.benches: dict[str, HostedBench] = {}
        self.clients: set[Client] = set()
        self._selector = selectors.DefaultSelector()
        self._listener = listener
        self._ended = False
        self._now = time.monotonic()
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._pending: list[tuple[Client, int, Future[HostedBench]]] = []
        self._opening: dict[str, Future[HostedBench]] = {}
        self._wake, self._woken = socket.socketpair()
        self._woken.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, "woken")
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
        for hosted in self.benches.values():
            hosted.save()
        for client in list(self.clients):
            client.flush()
            client.connection.close()

    def turn(self) -> None:
        """One turn: messages, ticks, frames."""
        busy = any(hosted.running for hosted in self.benches.values())
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
        for hosted in self.benches.values():
            hosted.clients.discard(client)
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
        running = [hosted for hosted in self.benches.values() if hosted.running and not hosted.failed]
        for hosted in running:
            hosted.advance(passed_s, BUDGET_S / len(running))

    def _send_frames(self, now: float) -> None:
        for hosted in self.benches.values():
            hosted.send_frame(now)

    # --- requests ---------------------------------------------------------------------------------

    def _answer(self, client: Client, message: Message) -> None:
        number = number_of(message.payload)
        try:
            result = self._handle(client, read_request(message.payload))
        except Exception as error:  # a fault of the software must not stop the host
            self._reply(client, number, None, error)
            return
        if isinstance(result, Future):  # made in the worker: answered when it is ready
            self._pending.append((client, number, result))
            result.add_done_callback(lambda _: self._wake.send(b"!"))
            return
        self._reply(client, number, result, None)

    def _reply(self, client: Client, number: int, result: Answer | None, error: BaseException | None) -> None:
        answer: Answer = {"id": number, "ok": True, "result": result}
        if error is not None:
            answer = _refusal(number, error)
        client.queue(pack(ANSWER, "", msgspec.json.encode(answer)))

    def _finish_pending(self) -> None:
        """Take in the benches that the worker has made, and answer who asked for them."""
        for waiting in [w for w in self._pending if w[2].done()]:
            self._pending.remove(waiting)
            client, number, future = waiting
            error = future.exception() if not future.cancelled() else bench_failed()
            if error is not None:
                self._reply(client, number, None, error)
                continue
            hosted = future.result()
            known = self.benches.get(hosted.name)
            if known is not None and known is not hosted:
                hosted.clients |= known.clients
                hosted.sent_version = -1
            self.benches[hosted.name] = hosted
            t, replayed_s = round(hosted.bench.time_s, 2), round(hosted.made_s, 3)
            self._reply(client, number, {"bench": hosted.name, "t": t, "replayed_s": replayed_s}, None)

    def _handle(self, client: Client, asked: requests.Asked) -> Answer | Future[HostedBench]:
        match asked:
            case requests.Machines():
                return {"machines": [{"id": n, "name": views.two(load_machine(n).name)} for n in list_machines()]}
            case requests.Status(bench=""):
                return {"pid": os.getpid(), "benches": [hosted.status() for hosted in self.benches.values()]}
            case requests.Status():
                return self._hosted(asked.bench).status()
            case requests.Create():
                return self._create(asked)
            case requests.Open():
                return self._open(asked)
            case requests.Close():
                self._hosted(asked.bench).save()
                del self.benches[asked.bench]
                self._opening.pop(asked.bench, None)
                return {}
            case _:
                return self._hosted(asked.bench).answer(client, asked)

    def _hosted(self, name: str) -> HostedBench:
        hosted = self.benches.get(name)
        if hosted is None:
            raise BenchError(
                "unknown_bench",
                Text(f"le banc « {name} » n'est pas ouvert", f"the bench “{name}” is not open"),
                Text("l'ouvrir ou le créer", "open it or create it"),
            )
        if hosted.failed:
            raise bench_failed()
        return hosted

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise BenchError(
                "bad_argument",
                Text(f"« {name} » ne peut pas nommer un banc", f"“{name}” cannot name a bench"),
                Text("lettres, chiffres, - et _, 64 au plus", "letters, digits, - and _, 64 at most"),
            )
        return self.folder / f"{name}.jsonl"

    def _create(self, asked: requests.Create) -> Future[HostedBench]:
        """In the worker: the draw, and the operator's try of the machine, take about a second."""
        name, path, plant = asked.bench, self._path(asked.bench), _plant(asked.machine)

        def make() -> HostedBench:
            told, faults = None, asked.faults
            if asked.random is not None:
                faults, told = draw_with_symptom(plant, asked.seed, asked.random.count)
            bench = Bench.create(plant, asked.seed, faults, asked.mode, path, self.fsync)
            bench.hear(told or bench.told)
            return HostedBench(name, bench, path, self.fsync, asked.run, sent_version=bench.state.version)

        return self._worker.submit(make)

    def _open(self, asked: requests.Open) -> Answer | Future[HostedBench]:
        """In the worker too: a replay may take some seconds."""
        name, path = asked.bench, self._path(asked.bench)
        known = self.benches.get(name)
        if known is not None and not known.failed:
            return {"bench": name, "t": round(known.bench.time_s, 2), "replayed_s": 0.0}
        if not path.exists():
            raise BenchError(
                "unknown_bench",
                Text(f"le banc « {name} » n'a pas de journal", f"the bench “{name}” has no journal"),
                Text("le créer", "create it"),
            )

        def make() -> HostedBench:
            begun = time.perf_counter()
            bench = Bench.open(path, _plant(read_journal(path).header.machine), self.fsync)
            made_s = time.perf_counter() - begun
            version = bench.state.version
            return HostedBench(name, bench, path, self.fsync, asked.run, sent_version=version, made_s=made_s)

        opening = self._opening.get(name)
        if opening is None or opening.done():
            opening = self._opening[name] = self._worker.submit(make)
        return opening


def _plant(machine: str) -> Plant:
    """The machine, loaded again when its files changed (plants share its networks)."""
    try:
        return as_plant(machine)
    except UnknownMachine as error:
        raise BenchError("unknown_machine", error.text, error.mend) from error
    except MachineError as error:
        raise BenchError("broken_machine", error.text, error.mend) from error


def _refusal(number: int, error: BaseException) -> Answer:
    """The answer to what cannot be done; a fault of the software goes to the log with its place."""
    if not isinstance(error, BenchError):
        log.error("request failed", exc_info=error)
        error = request_failed()
    return {
        "id": number,
        "ok": False,
        "error": {"code": error.code, "text": views.two(error.text), "mend": views.two(error.mend)},
    }


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
