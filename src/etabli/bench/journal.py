"""The journal: what was done to a bench, as JSON lines. The truth from which everything else derives.

Line 1 is the header (machine, content hash, engine, seed, faults). Then, in the order of machine time:

``{"k": "act", "n": 3, "tick": 1250, "name": "press", "args": {…}, "who": "…"}``  written, and flushed, *before* the
action is applied; ``{"k": "out", "n": 3, …}`` its outcome, for people who read (recomputed on replay, never trusted);
``{"k": "tick", "tick": 3000}`` "the machine had run this far", about once a second;
``{"k": "told", …}`` what the operator said (computed from the header, kept to save time).

A line is whole or absent: a short write is cut off again, a truncated last line (power cut) is dropped on reading.
Snapshots lie beside the journal (``NAME.snapshots/TICK``): they only save time and may be lost.
"""

from __future__ import annotations

import contextlib
import errno
import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from etabli.bench.errors import BenchError, journal_full
from etabli.bench.faults import InjectedFault
from etabli.bench.state import BenchMode, Told
from etabli.physics.text import Text, system_reason

FORMAT = 1
KEPT_SNAPSHOTS = 3


@dataclass(frozen=True)
class Header:
    """First line: everything that a replay starts from. It names the faults: learners never get a journal raw."""

    format: int
    bench: str
    machine: str
    machine_hash: str
    engine: str
    seed: int
    mode: BenchMode
    faults: list[InjectedFault]
    created: str
    """Wall-clock date, for people only (ISO 8601)."""


@dataclass(frozen=True)
class Event:
    """One accepted action."""

    n: int
    tick: int
    name: str
    args: dict[str, Any]
    who: str = ""


@dataclass
class Recorded:
    """What a journal file holds."""

    header: Header
    events: list[Event] = field(default_factory=list)
    outcomes: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_tick: int = 0
    crc: int = 0
    """Running checksum of the action lines: ties snapshots to this very past."""
    told: Told | None = None
    """What the operator said, where it was already computed."""
    whole_bytes: int = 0
    """Length of the part that can be read; what follows is a line cut by a crash."""


@dataclass(frozen=True)
class Snapshot:
    """A state of the bench after the action ``n``, at ``tick``."""

    tick: int
    n: int
    crc: int
    machine_hash: str
    engine: str
    state: bytes
    simulator: bytes


class Journal:
    """The open journal of a live bench. ``fsync`` also survives a power cut, not only the death of the process."""

    def __init__(self, path: Path, fsync: bool = False) -> None:
        self.path = path
        self._fsync = fsync
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self.crc = 0

    @classmethod
    def create(cls, path: Path, header: Header, fsync: bool = False) -> Journal:
        """Start a journal; an existing one is never overwritten. Raises :class:`BenchError`."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > 0:
            raise BenchError(
                "bench_exists",
                Text(f"le banc « {path.stem} » existe déjà", f"the bench “{path.stem}” already exists"),
                Text("l'ouvrir, ou choisir un autre nom", "open it, or choose another name"),
            )
        journal = cls(path, fsync)
        journal._write({"k": "header", **msgspec.to_builtins(header)}, flush=True)
        return journal

    @classmethod
    def resume(cls, path: Path, recorded: Recorded, fsync: bool = False) -> Journal:
        """Go on writing after what was read; a half-written last line is cut off."""
        if path.stat().st_size > recorded.whole_bytes:
            os.truncate(path, recorded.whole_bytes)
        journal = cls(path, fsync)
        journal.crc = recorded.crc
        return journal

    def act(self, event: Event) -> None:
        """Write one accepted action. Raises :class:`BenchError` (``journal_full``): then it must not be applied."""
        line = self._write({"k": "act", **msgspec.to_builtins(event)}, flush=True)
        self.crc = zlib.crc32(line, self.crc)

    def outcome(self, n: int, outcome: dict[str, Any]) -> None:
        """Note an outcome for readers; a full disk is no harm here."""
        with contextlib.suppress(BenchError):
            self._write({"k": "out", "n": n, **outcome}, flush=False)

    def tick(self, tick: int) -> None:
        """Note how far the machine has run; a full disk is no harm here."""
        with contextlib.suppress(BenchError):
            self._write({"k": "tick", "tick": tick}, flush=False)

    def told(self, told: Told) -> None:
        """Keep what the operator said."""
        with contextlib.suppress(BenchError):
            self._write({"k": "told", **msgspec.to_builtins(told)}, flush=False)

    def close(self) -> None:
        """Close the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _write(self, entry: dict[str, Any], flush: bool) -> bytes:
        line = msgspec.json.encode(entry) + b"\n"
        before = os.fstat(self._descriptor).st_size
        try:
            written = os.write(self._descriptor, line)
            if written != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if flush and self._fsync:
                os.fdatasync(self._descriptor)
        except OSError as error:
            # What was half-written must not stay: the next line would be glued to it.
            with contextlib.suppress(OSError):
                os.ftruncate(self._descriptor, before)
            raise journal_full(error.strerror or str(error)) from error
        return line

    # --- snapshots --------------------------------------------------------------------------------

    def save_snapshot(self, snapshot: Snapshot) -> None:
        """Write a snapshot and forget old ones; failing is no harm."""
        folder = snapshot_folder(self.path)
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
            data = msgspec.msgpack.encode(snapshot)
            partial = folder / "partial"
            partial.write_bytes(zlib.crc32(data).to_bytes(4, "big") + data)
            os.replace(partial, folder / f"{snapshot.tick:012d}")
            for old in sorted(folder.glob("[0-9]*"))[:-KEPT_SNAPSHOTS]:
                old.unlink()


def snapshot_folder(path: Path) -> Path:
    """Where the snapshots of a journal lie."""
    return path.with_suffix(".snapshots")


def _unreadable(path: Path, why_fr: str, why_en: str) -> BenchError:
    return BenchError(
        "journal_unreadable",
        Text(f"{path.name} : {why_fr}", f"{path.name}: {why_en}"),
        Text("reprendre une copie de sauvegarde de ce fichier", "take a backup of this file"),
    )


def read_journal(path: Path) -> Recorded:
    """Read a journal. A truncated last line is dropped; a wrong line anywhere else is an error with its number."""
    try:
        data = path.read_bytes()
    except OSError as error:
        why = system_reason(error)
        raise _unreadable(path, f"lecture impossible ({why.fr})", f"cannot be read ({why.en})") from error
    recorded: Recorded | None = None
    lines = data.split(b"\n")
    whole = 0
    for number, line in enumerate(lines[:-1], start=1):
        try:
            entry = msgspec.json.decode(line)
            recorded = _take(recorded, entry, line + b"\n")
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as error:
            if number == len(lines) - 1 and recorded is not None:
                break  # the last line: cut by a crash
            raise _unreadable(path, f"ligne {number} illisible", f"line {number} cannot be read") from error
        whole += len(line) + 1
    if recorded is None:
        raise _unreadable(path, "l'en-tête est absent", "the header is missing")
    recorded.whole_bytes = whole
    return recorded


def _take(recorded: Recorded | None, entry: dict[str, Any], line: bytes) -> Recorded:
    kind = entry.pop("k")
    if recorded is None:
        if kind != "header" or entry.get("format") != FORMAT:
            raise ValueError("not a journal of this format")
        return Recorded(msgspec.convert(entry, Header))
    if kind == "act":
        event = msgspec.convert(entry, Event)
        recorded.events.append(event)
        recorded.last_tick = max(recorded.last_tick, event.tick)
        recorded.crc = zlib.crc32(line, recorded.crc)
    elif kind == "out":
        recorded.outcomes[entry.pop("n")] = entry
    elif kind == "tick":
        recorded.last_tick = max(recorded.last_tick, int(entry["tick"]))
    elif kind == "told":
        recorded.told = msgspec.convert(entry, Told)
    else:
        raise ValueError(f"unknown kind of line {kind!r}")
    return recorded


def newest_snapshot(path: Path, recorded: Recorded, machine_hash: str, engine: str) -> Snapshot | None:
    """The newest snapshot that belongs to this journal, this machine and this engine; broken files are skipped."""
    crcs = _crc_after(path, recorded)
    for file in sorted(snapshot_folder(path).glob("[0-9]*"), reverse=True):
        found = _read_snapshot(file)
        if found is None or found.machine_hash != machine_hash or found.engine != engine:
            continue
        if found.tick <= recorded.last_tick and crcs.get(found.n) == found.crc:
            return found
    return None


def _crc_after(path: Path, recorded: Recorded) -> dict[int, int]:
    """Checksum of the past after each action."""
    crc, known = 0, {0: 0}
    for line in path.read_bytes()[: recorded.whole_bytes].splitlines(keepends=True):
        if line.startswith(b'{"k":"act"'):
            crc = zlib.crc32(line, crc)
            known[len(known)] = crc
    return known


def _read_snapshot(file: Path) -> Snapshot | None:
    try:
        data = file.read_bytes()
        if zlib.crc32(data[4:]) != int.from_bytes(data[:4], "big"):
            return None
        return msgspec.msgpack.decode(data[4:], type=Snapshot)
    except (OSError, msgspec.MsgspecError):
        return None
