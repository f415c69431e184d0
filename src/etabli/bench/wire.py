"""Framing of the messages between a host and its clients (see the README of this package)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

MAX_MESSAGE_BYTES = 8_000_000
"""A longer message is a fault of the sender: the connection is closed."""

_HEAD = struct.Struct("!I")

REQUEST, ANSWER, FRAME, STATE = b"Q", b"A", b"F", b"S"


class WireError(ValueError):
    """The other side does not speak this protocol."""


class Message(NamedTuple):
    """One message; ``payload`` is JSON in UTF-8."""

    kind: bytes
    bench: str
    payload: bytes


def pack(kind: bytes, bench: str, payload: bytes) -> bytes:
    """One message as it goes over the socket."""
    name = bench.encode("ascii")
    return b"".join((_HEAD.pack(2 + len(name) + len(payload)), kind, bytes((len(name),)), name, payload))


class Unpacker:
    """Collects received bytes and gives back whole messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Add ``data`` and yield every message that is now complete."""
        self._buffer += data
        while (message := self._next()) is not None:
            yield message

    def _next(self) -> Message | None:
        if len(self._buffer) < _HEAD.size:
            return None
        (length,) = _HEAD.unpack_from(self._buffer)
        if not 2 <= length <= MAX_MESSAGE_BYTES:
            raise WireError(f"a message of {length} bytes was announced")
        end = _HEAD.size + length
        if len(self._buffer) < end:
            return None
        kind, named = bytes(self._buffer[4:5]), self._buffer[5]
        bench = bytes(self._buffer[6 : 6 + named]).decode("ascii")
        payload = bytes(self._buffer[6 + named : end])
        del self._buffer[:end]
        return Message(kind, bench, payload)
