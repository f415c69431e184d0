"""One client of a host: what it sent, what waits to be sent to it."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

from etabli.bench.wire import Unpacker

CONGESTED_BYTES = 262_144
"""Unsent bytes above which a client only keeps its newest frame of each bench."""


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
