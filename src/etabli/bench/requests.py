"""What a client may ask of a host: one message for each request, told apart by its field ``do``.

The README of this package says what each one gives back. Fields are checked here, so that whoever answers a request
deals with benches only; a field that a request does not have is passed over.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from etabli.bench.errors import BenchError
from etabli.bench.faults import InjectedFault
from etabli.physics.text import Text


class Request(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag=str.lower):
    """A message of a client; ``id`` comes back with its answer."""

    id: int = 0


class Machines(Request, frozen=True, kw_only=True):
    """The machines of the product."""


class BenchRequest(Request, frozen=True, kw_only=True):
    """A request about one bench."""

    bench: str = ""


class Drawn(msgspec.Struct, frozen=True):
    """Faults drawn by the seed of the bench."""

    count: int = 1


class Create(BenchRequest, frozen=True, kw_only=True):
    """A new bench, with these faults or with drawn ones."""

    machine: str
    seed: int = 0
    mode: str = "intervention"
    faults: list[InjectedFault] = []
    random: Drawn | None = None
    run: bool = True


class Open(BenchRequest, frozen=True, kw_only=True):
    """A bench brought back from its journal."""

    run: bool = True


class Close(BenchRequest, frozen=True, kw_only=True):
    """A bench saved, out of memory."""


class Status(BenchRequest, frozen=True, kw_only=True):
    """How one bench does, or all of them."""


class Layout(BenchRequest, frozen=True, kw_only=True):
    """What never changes for the life of a bench."""


class State(BenchRequest, frozen=True, kw_only=True):
    """What its person did, set and wrote."""


class Subscribe(BenchRequest, frozen=True, kw_only=True):
    """Frames and states from now on."""


class Unsubscribe(BenchRequest, frozen=True, kw_only=True):
    """No more frames."""


class Act(BenchRequest, frozen=True, kw_only=True):
    """An action; the registry of actions checks its ``arguments``."""

    action: str
    arguments: dict[str, Any] = {}
    who: str = ""


class Run(BenchRequest, frozen=True, kw_only=True):
    """Let machine time pass."""


class Pause(BenchRequest, frozen=True, kw_only=True):
    """Stop machine time."""


class Speed(BenchRequest, frozen=True, kw_only=True):
    """Slow motion, or faster than life."""

    factor: float


class Step(BenchRequest, frozen=True, kw_only=True):
    """Some ticks, then a pause."""

    ticks: int = 1


class Reset(BenchRequest, frozen=True, kw_only=True):
    """The same bench from its beginning."""


class Chronogram(BenchRequest, frozen=True, kw_only=True):
    """The channels to record."""

    channels: list[str] = []


class History(BenchRequest, frozen=True, kw_only=True):
    """What was recorded after ``since``, in s of machine time."""

    since: float = 0.0


class Program(BenchRequest, frozen=True, kw_only=True):
    """The program on line."""


class Evidence(BenchRequest, frozen=True, kw_only=True):
    """What the report needs."""


class Reveal(BenchRequest, frozen=True, kw_only=True):
    """The faults, for the teacher."""


class Journal(BenchRequest, frozen=True, kw_only=True):
    """All that was done, for the teacher."""


AboutOpenBench: TypeAlias = (
    Layout | State | Subscribe | Unsubscribe | Act | Run | Pause | Speed | Step | Reset | Chronogram | History
    | Program | Evidence | Reveal | Journal
)  # fmt: skip
Asked: TypeAlias = Machines | Status | Create | Open | Close | AboutOpenBench

NAMES = tuple(sorted(kind.__struct_config__.tag for kind in Asked.__args__))
_READER: msgspec.json.Decoder[Asked] = msgspec.json.Decoder(Asked)


class _Head(msgspec.Struct):
    id: int = 0
    do: str = ""


def number_of(payload: bytes) -> int:
    """The ``id`` of a message; 0 where it cannot be read."""
    try:
        return msgspec.json.decode(payload, type=_Head).id
    except msgspec.MsgspecError:
        return 0


def read_request(payload: bytes) -> Asked:
    """The request in a message. Raises :class:`BenchError` (``unknown_request``, ``bad_argument``)."""
    try:
        wanted = msgspec.json.decode(payload, type=_Head).do
        if wanted in NAMES:
            return _READER.decode(payload)
    except msgspec.MsgspecError as error:
        raise BenchError(
            "bad_argument",
            Text(f"demande incomplète ou mal formée ({error})", f"incomplete or badly formed request ({error})"),
            Text("voir le README du banc", "see the README of the bench"),
        ) from error
    names = ", ".join(NAMES)
    raise BenchError(
        "unknown_request",
        Text(f"demande « {wanted} » inconnue", f"unknown request “{wanted}”"),
        Text(f"choisir parmi : {names}", f"choose among: {names}"),
    )
