"""Clients of a bench host: one for an asyncio loop (the web layer), one that blocks (scripts, tests)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from etabli.bench.errors import BenchError
from etabli.bench.wire import ANSWER, FRAME, REQUEST, STATE, Message, Unpacker, WireError, pack
from etabli.physics.text import Text

START_TIMEOUT_S = 20.0
RECEIVE_BYTES = 262_144


class HostError(BenchError):
    """The host refused a request (``code``, ``text``, ``mend``)."""


def _lost() -> HostError:
    return HostError(
        "host_lost",
        Text("le poste de simulation ne répond plus", "the bench host does not answer any more"),
        Text(
            "le relancer : les bancs se rouvrent depuis leur journal",
            "start it again: benches reopen from their journal",
        ),
    )


def _result(payload: bytes) -> tuple[int, dict[str, Any] | HostError]:
    answer = msgspec.json.decode(payload)
    if answer["ok"]:
        return answer["id"], answer["result"]
    error = answer["error"]
    return answer["id"], HostError(error["code"], Text(**error["text"]), Text(**error["mend"]))


def _request(number: int, do: str, arguments: dict[str, Any]) -> bytes:
    return pack(REQUEST, "", msgspec.json.encode({"id": number, "do": do, **arguments}))


# --- the process ----------------------------------------------------------------------------------


class HostProcess:
    """A host that runs as a child of this process and ends with it."""

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self.process = process
        self.address = address

    @property
    def pid(self) -> int:
        """Process number."""
        return self.process.pid

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self.process.poll() is None

    def stop(self, timeout_s: float = 5.0) -> None:
        """Ask the host to save its benches and end; kill it if it does not."""
        if self.process.stdin is not None and not self.process.stdin.closed:
            self.process.stdin.close()  # the lifeline: the host ends when it closes
        try:
            self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with contextlib.suppress(OSError):
            os.rmdir(os.path.dirname(self.address))


def start_host(folder: Path | str, fsync: bool = True) -> HostProcess:
    """Start a host whose journals live in ``folder``; returns when it answers."""
    # Unix socket paths are limited to about 100 bytes: a short folder of its own, mode 0700.
    address = os.path.join(tempfile.mkdtemp(prefix="etabli-"), "host")
    command = [sys.executable, "-m", "etabli.bench.host", "--folder", str(folder), "--address", address]
    process = subprocess.Popen(
        command + ([] if fsync else ["--no-fsync"]),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # The host finds the product where this process found it, installed or not.
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    deadline = time.monotonic() + START_TIMEOUT_S
    assert process.stdout is not None
    ready = process.stdout.readline()
    process.stdout.close()
    if ready.strip() != b"ready" or time.monotonic() > deadline:
        process.kill()
        process.wait()
        raise _lost()
    return HostProcess(process, address)


# --- asyncio --------------------------------------------------------------------------------------

Push = Callable[[str, str, bytes], None]


class HostClient:
    """One connection to a host inside an asyncio loop. Pushed messages are handed over unparsed."""

    def __init__(self, connection: socket.socket, loop: asyncio.AbstractEventLoop) -> None:
        self._socket = connection
        self._loop = loop
        self._unpacker = Unpacker()
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._number = 0
        self._unsent = bytearray()
        self.on_push: Push = lambda kind, bench, payload: None
        self.on_lost: Callable[[], None] = lambda: None
        self.closed = False
        loop.add_reader(connection.fileno(), self._readable)

    @classmethod
    async def connect(cls, address: str) -> HostClient:
        """Connect to the host at ``address``."""
        loop = asyncio.get_running_loop()
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            await loop.sock_connect(connection, address)
        except OSError as error:
            connection.close()
            raise _lost() from error
        return cls(connection, loop)

    async def request(self, do: str, **arguments: Any) -> dict[str, Any]:
        """Send one request and wait for its answer; raises :class:`HostError`."""
        if self.closed:
            raise _lost()
        self._number += 1
        number = self._number
        waiting: asyncio.Future[dict[str, Any]] = self._loop.create_future()
        self._waiting[number] = waiting
        self._send(_request(number, do, arguments))
        try:
            return await waiting
        finally:
            self._waiting.pop(number, None)

    def close(self) -> None:
        """End the connection; the host and its benches go on."""
        if self.closed:
            return
        self.closed = True
        self._loop.remove_reader(self._socket.fileno())
        self._loop.remove_writer(self._socket.fileno())
        self._socket.close()
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(_lost())

    def _send(self, data: bytes) -> None:
        idle = not self._unsent
        self._unsent += data
        if idle:
            self._writable()

    def _writable(self) -> None:
        try:
            sent = self._socket.send(self._unsent)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._lose()
            return
        del self._unsent[:sent]
        if self._unsent:
            self._loop.add_writer(self._socket.fileno(), self._writable)
        else:
            self._loop.remove_writer(self._socket.fileno())

    def _readable(self) -> None:
        try:
            data = self._socket.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose()
            return
        try:
            for message in self._unpacker.feed(data):
                self._take(message)
        except WireError:
            self._lose()

    def _take(self, message: Message) -> None:
        if message.kind != ANSWER:
            self.on_push(message.kind.decode("ascii"), message.bench, message.payload)
            return
        number, result = _result(message.payload)
        waiting = self._waiting.get(number)
        if waiting is None or waiting.done():
            return
        if isinstance(result, HostError):
            waiting.set_exception(result)
        else:
            waiting.set_result(result)

    def _lose(self) -> None:
        if not self.closed:
            self.close()
            self.on_lost()


# --- blocking -------------------------------------------------------------------------------------


class BlockingClient:
    """One connection to a host that waits for each answer."""

    def __init__(self, address: str, timeout_s: float = 30.0) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        self._socket.connect(address)
        self._unpacker = Unpacker()
        self._received: deque[Message] = deque()
        self._pushed: deque[Message] = deque(maxlen=10_000)
        self._number = 0

    def __enter__(self) -> BlockingClient:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def request(self, do: str, **arguments: Any) -> dict[str, Any]:
        """Send one request and wait for its answer; raises :class:`HostError`."""
        self._number += 1
        self._socket.sendall(_request(self._number, do, arguments))
        while True:
            message = self._receive()
            if message.kind != ANSWER:
                self._pushed.append(message)
                continue
            number, result = _result(message.payload)
            if number != self._number:
                continue
            if isinstance(result, HostError):
                raise result
            return result

    def act(self, bench: str, action: str, **arguments: Any) -> dict[str, Any]:
        """Shorthand of the request ``act``."""
        return self.request("act", bench=bench, action=action, arguments=arguments)

    def next_frame(self, bench: str) -> dict[str, Any]:
        """The next frame of ``bench`` (which must be subscribed)."""
        return self._next(FRAME, bench)

    def next_state(self, bench: str) -> dict[str, Any]:
        """The next pushed state of ``bench``."""
        return self._next(STATE, bench)

    def _next(self, kind: bytes, bench: str) -> dict[str, Any]:
        for index, message in enumerate(self._pushed):
            if message.kind == kind and message.bench == bench:
                del self._pushed[index]
                return self._decoded(message)
        while True:
            message = self._receive()
            if message.kind == kind and message.bench == bench:
                return self._decoded(message)
            self._pushed.append(message)

    @staticmethod
    def _decoded(message: Message) -> dict[str, Any]:
        decoded: dict[str, Any] = msgspec.json.decode(message.payload)
        return decoded

    def _receive(self) -> Message:
        while not self._received:
            try:
                data = self._socket.recv(RECEIVE_BYTES)
            except OSError as error:
                raise _lost() from error
            if not data:
                raise _lost()
            self._received.extend(self._unpacker.feed(data))
        return self._received.popleft()
