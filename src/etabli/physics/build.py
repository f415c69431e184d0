"""Compiling the core: generated kernels and the solver -> a plain shared library.

Needs the standard library and a C compiler only (no Python headers, no numpy). Without a compiler on the machine, the
``ziglang`` package is one. :mod:`etabli.components.build` calls this with the laws of the catalogue.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CORE_DIRECTORY = Path(__file__).parent / "core"
_SUFFIX = ".dll" if sys.platform == "win32" else ".so"
LIBRARY_NAME = f"_core{_SUFFIX}"
LANES = 8
"""Runs side by side in a batch core."""
_INSTRUCTIONS: dict[str, tuple[str, ...]] = {"avx512": ("-mavx512f", "-mavx512dq", "-mavx512vl"), "avx2": ("-mavx2",)}
"""Instruction sets of x86-64 that the cores are also compiled for, best first; others have the plain ones."""
_WHOLE_VECTORS = {"avx512": ("-mprefer-vector-width=512",)}
# Strict IEEE arithmetic: a replay and a mark must give the same bits on every machine.
FLAGS = (
    "-O3",
    "-std=c11",
    "-ffp-contract=off",
    "-fno-fast-math",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-Wno-psabi",
    "-fPIC",
    "-fvisibility=hidden",
    "-shared",
    "-g0",
)


class BuildError(RuntimeError):
    """The core could not be built; the message says why and what to do."""


def find_compiler() -> list[str] | None:
    """The C compiler as a command: ``$CC``, else cc, gcc or clang from the path, else the ziglang package."""
    if os.environ.get("CC"):
        return shlex.split(os.environ["CC"])
    for name in ("cc", "gcc", "clang"):
        found = shutil.which(name)
        if found:
            return [found]
    if importlib.util.find_spec("ziglang") is not None:
        return [sys.executable, "-m", "ziglang", "cc"]
    return None


def source_hash(laws_c: str) -> str:
    """Hash of everything that decides the results of the core: the kernels ``laws_c``, then the solver."""
    return hashlib.sha256(laws_c.encode()).hexdigest()[:8] + solver_hash()


def solver_hash() -> str:
    """Hash of the files of the solver that are here now: a library made from others cannot be called."""
    digest = hashlib.sha256()
    for path in sorted(CORE_DIRECTORY.glob("*.[ch]")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def lane_libraries() -> dict[str, tuple[str, ...]]:
    """File name of each batch core that this processor can run, best first -> its compiler flags."""
    wide = {name: (*flags, *_WHOLE_VECTORS.get(name, ())) for name, flags in _own_instructions().items()}
    return {**{f"_lanes_{name}{_SUFFIX}": flags for name, flags in wide.items()}, f"_lanes{_SUFFIX}": ()}


def core_libraries() -> dict[str, tuple[str, ...]]:
    """The same of the cores for single runs; the last is :data:`LIBRARY_NAME`, which every processor runs."""
    named = {f"_core_{name}{_SUFFIX}": flags for name, flags in _own_instructions().items()}
    return {**named, LIBRARY_NAME: ()}


def _own_instructions() -> dict[str, tuple[str, ...]]:
    return {name: flags for name, flags in _INSTRUCTIONS.items() if name in instructions()}


def instructions() -> set[str]:
    """Which of the instruction sets that a core may use this processor has."""
    try:
        flags = set(Path("/proc/cpuinfo").read_text(encoding="utf-8").split())
    except OSError:  # not Linux: the plain one
        return set()
    wide = {"avx512": {"avx512f", "avx512dq", "avx512vl"}, "avx2": {"avx2"}}
    return {name for name, needed in wide.items() if needed <= flags}


def compile_core(laws_c: str, output_directory: Path | str | None = None, options: tuple[str, ...] = ()) -> Path:
    """Compile the solver with the kernels ``laws_c`` into ``output_directory`` (this package by default).

    Returns the library's path; an existing library is replaced in one move, so that a running program keeps its own.
    The core for the widest instructions of this processor is made too, and the batch core for them; all give the same
    bits. ``options`` are given to the compiler (``-DPROFILE``: the core counts where its time goes).

    Raises :class:`BuildError` when there is no compiler or when it refuses the code.
    """
    compiler = find_compiler()
    if compiler is None:
        raise BuildError(
            "no C compiler found (tried $CC, cc, gcc, clang, ziglang):"
            " install one, or run 'pip install ziglang', then again"
        )
    output = Path(output_directory or Path(__file__).parent)
    with tempfile.TemporaryDirectory() as folder:
        laws = Path(folder) / "laws.c"
        laws.write_text(laws_c, encoding="utf-8")
        command = [
            *compiler,
            *FLAGS,
            *options,
            f'-DSOURCE_HASH="{source_hash(laws_c)}"',
            f"-I{CORE_DIRECTORY}",
            str(laws),
        ]
        solver, structure = str(CORE_DIRECTORY / "solver.c"), str(CORE_DIRECTORY / "structure.c")
        widest, lanes = (next(iter(found.items())) for found in (core_libraries(), lane_libraries()))
        jobs = {name: [*command, solver, structure, *flags] for name, flags in (widest, (LIBRARY_NAME, ()))}
        jobs[lanes[0]] = [*command, solver, f"-DLANES={LANES}", *lanes[1]]
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            list(pool.map(lambda name: _compile(jobs[name], Path(folder) / name, output / name), jobs))
    return output / LIBRARY_NAME


def _compile(command: list[str], built: Path, target: Path) -> None:
    result = subprocess.run([*command, "-o", str(built), "-lm"], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise BuildError(f"the C compiler {command[0]} refused the core:\n{result.stderr[-4000:]}")
    staged = target.with_suffix(f".{os.getpid()}.new")  # another process may be making the same library
    shutil.copyfile(built, staged)
    os.replace(staged, target)
