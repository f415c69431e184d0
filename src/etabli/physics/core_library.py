"""The compiled core, loaded through ctypes: one for single runs, one for runs in lanes. Only :mod:`simulator` and
:mod:`lanes` of this package use it."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_int, c_int64, c_uint32, c_void_p
from functools import cache
from pathlib import Path
from typing import Any

from etabli.physics.build import LIBRARY_NAME, core_libraries, lane_libraries, solver_hash
from etabli.physics.kernels import signature
from etabli.physics.law import LAWS, SAMPLED_LAWS, Law, SampledLaw

_BUILD_AGAIN = "build the core again with 'python -m etabli.components.build'"


class CoreError(RuntimeError):
    """The compiled core is missing or older than the component files; the message gives the mend."""


class Group(ctypes.Structure):
    """Sampled devices of one law (``SampledGroup`` of solver.h)."""

    _fields_ = [(n, c_uint32) for n in ("law", "count", "read", "parameter", "memory", "write")]


class Watch(ctypes.Structure):
    """What is looked at after each tick of runs in lanes (``struct Watch`` of watch.h)."""

    _fields_ = [
        *((n, c_uint32) for n in ("switches", "numbers")),
        *((n, c_void_p) for n in ("switch_row", "number_row", "on", "number")),
    ]


class Core:
    """Functions of one compiled library, and the number of each law in it."""

    def __init__(self, path: Path) -> None:
        library = ctypes.CDLL(str(path))
        _declare(library.source_hash, c_char_p)
        self.source_hash: str = library.source_hash().decode()
        """Hash of the C text of laws and solver: two cores of the same hash give the same bits."""
        if not self.source_hash.endswith(solver_hash()):  # its functions may want other arguments
            raise CoreError(f"{path.name} was compiled from other files of the solver: {_BUILD_AGAIN}")
        self.lanes: int = _declare(library.lanes, c_uint32)()
        """Runs side by side: 1, or those of a batch core."""
        if self.lanes == 1:
            self._declare_single(library)
        else:
            self.simulation_exchange = _declare(
                library.simulation_exchange, None, c_void_p, c_uint32, c_void_p, c_uint32
            )
            self.simulation_watch = _declare(library.simulation_watch, None, c_void_p, POINTER(Watch))
            self.simulation_look = _declare(library.simulation_look, c_int, c_void_p)
            self.simulation_effort = _declare(library.simulation_effort, None, c_void_p, c_void_p)
            self.simulation_tick = _declare(library.simulation_tick, c_int, c_void_p, c_uint32)
        self.simulation_new = _declare(
            library.simulation_new, c_void_p, c_void_p, c_void_p, c_uint32, c_void_p, c_void_p, c_void_p, c_double,
            c_double, c_uint32, POINTER(Group), c_void_p, c_void_p, c_void_p,
        )  # fmt: skip
        self.simulation_free = _declare(library.simulation_free, None, c_void_p)
        self.simulation_advance = _declare(library.simulation_advance, None, c_void_p, c_uint32)
        self.simulation_locate = _declare(library.simulation_locate, None, c_void_p, c_uint32, c_uint32)
        self.simulation_one_stage = _declare(library.simulation_one_stage, None, c_void_p)
        self.simulation_write = _declare(library.simulation_write, None, c_void_p, c_uint32, c_uint32, c_double)
        self.simulation_catch_up = _declare(library.simulation_catch_up, None, c_void_p)
        self.simulation_counters = _declare(library.simulation_counters, None, c_void_p, POINTER(c_int64))
        self.simulation_unresolved = _declare(library.simulation_unresolved, None, c_void_p, c_void_p)
        _declare(library.law_signature, c_char_p, c_uint32)
        _declare(library.sampled_law_signature, c_char_p, c_uint32)
        _declare(library.law_count, c_uint32)
        self._laws = {library.law_signature(i).decode(): i for i in range(library.law_count())}
        self._sampled = {library.sampled_law_signature(i).decode(): i for i in range(library.sampled_law_count())}
        self._known: dict[int, int] = {}

    def _declare_single(self, library: ctypes.CDLL) -> None:
        """The structure of a network, which all cores share, and what only single runs have."""
        self.structure_new = _declare(library.structure_new, c_void_p, c_uint32, c_uint32, c_void_p, c_void_p, c_void_p)
        self.structure_free = _declare(library.structure_free, None, c_void_p)
        self.structure_sizes = _declare(library.structure_sizes, None, c_void_p, c_void_p)
        self.structure_layout = _declare(library.structure_layout, None, c_void_p, c_void_p, c_void_p, c_void_p)
        self.structure_islands = _declare(library.structure_islands, None, c_void_p, c_void_p)
        self.simulation_record = _declare(
            library.simulation_record, None, c_void_p, c_uint32, c_uint32, c_uint32, c_void_p, c_void_p
        )
        self.simulation_precise = _declare(library.simulation_precise, None, c_void_p, c_double)
        self.simulation_schedule = _declare(library.simulation_schedule, None, c_void_p, c_void_p)
        self.simulation_resume = _declare(library.simulation_resume, None, c_void_p, c_void_p)

    def number(self, law: Law | SampledLaw) -> int:
        """Number of a law in the core's tables."""
        found = self._known.get(id(law))
        if found is not None:
            return found
        table = self._laws if isinstance(law, Law) else self._sampled
        registered = (LAWS if isinstance(law, Law) else SAMPLED_LAWS).get(law.name)
        if registered is not law or signature(law) not in table:
            raise CoreError(f"the law {law.name!r} is not in the compiled core, or was changed since: {_BUILD_AGAIN}")
        self._known[id(law)] = table[signature(law)]
        return self._known[id(law)]


def _declare(function: Any, result: Any, *arguments: Any) -> Any:
    function.restype = result
    function.argtypes = arguments
    return function


_MISSING = "the compiled core is missing: build it with 'python -m etabli.components.build'"


_folder = Path(__file__).parent


def use_core(folder: Path) -> None:
    """From the next simulator on, use the cores that ``compile_core`` put into ``folder`` (laws of your own)."""
    global _folder
    _folder = folder
    core.cache_clear()
    batch_core.cache_clear()


@cache
def core() -> Core:
    """The compiled core in use: that of this installation, unless :func:`use_core` was called. The one for the widest
    instructions of this processor where it is there, made from the same C text as the one that every processor runs."""
    plain = _folder / LIBRARY_NAME
    if not plain.exists():
        raise CoreError(_MISSING)
    made = Core(plain)
    return _made_from(made.source_hash, [name for name in core_libraries() if name != LIBRARY_NAME]) or made


@cache
def batch_core() -> Core:
    """The batch core with the widest instructions that this processor has and this installation holds."""
    made = _made_from(core().source_hash, list(lane_libraries()))
    if made is None:
        raise CoreError(_MISSING.replace("compiled", "batch"))
    return made


def _made_from(source_hash: str, names: list[str]) -> Core | None:
    """The first library of that C text that is there."""
    for name in names:
        path = _folder / name
        if not path.exists():
            continue
        try:
            made = Core(path)
        except CoreError:  # left from an earlier build: the next one may do
            continue
        if made.source_hash == source_hash:
            return made
    return None
