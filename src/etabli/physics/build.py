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
from pathlib import Path

CORE_DIRECTORY = Path(__file__).parent / "core"
LIBRARY_NAME = "_core.dll" if sys.platform == "win32" else "_core.so"
# Strict IEEE arithmetic: a replay and a mark must give the same bits on every machine.
FLAGS = (
    "-O3",
    "-std=c11",
    "-ffp-contract=off",
    "-fno-fast-math",
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
    """Hash of everything that decides the results of the core: the solver and the kernels ``laws_c``."""
    digest = hashlib.sha256(laws_c.encode())
    for name in ("solver.h", "solver.c"):
        digest.update((CORE_DIRECTORY / name).read_bytes())
    return digest.hexdigest()[:12]


def compile_core(laws_c: str, output_directory: Path | str | None = None) -> Path:
    """Compile the solver with the kernels ``laws_c`` into ``output_directory`` (this package by default).

    Returns the library's path; an existing library is replaced in one move, so that a running program keeps its own.

    Raises :class:`BuildError` when there is no compiler or when it refuses the code.
    """
    compiler = find_compiler()
    if compiler is None:
        raise BuildError(
            "no C compiler found (tried $CC, cc, gcc, clang, ziglang):"
            " install one, or run 'pip install ziglang', then again"
        )
    target = Path(output_directory or Path(__file__).parent) / LIBRARY_NAME
    with tempfile.TemporaryDirectory() as folder:
        laws = Path(folder) / "laws.c"
        laws.write_text(laws_c, encoding="utf-8")
        built = Path(folder) / LIBRARY_NAME
        command = [
            *compiler,
            *FLAGS,
            f'-DSOURCE_HASH="{source_hash(laws_c)}"',
            f"-I{CORE_DIRECTORY}",
            str(CORE_DIRECTORY / "solver.c"),
            str(laws),
            "-o",
            str(built),
            "-lm",
        ]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            raise BuildError(f"the C compiler {compiler[0]} refused the core:\n{result.stderr[-4000:]}")
        staged = target.with_suffix(".new")
        shutil.copyfile(built, staged)
        os.replace(staged, target)
    return target
