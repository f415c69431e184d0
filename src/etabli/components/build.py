"""Build step: the laws of every component file -> C kernels -> the compiled core.

Run by the package's build hook; by hand after a change of a law: ``python -m etabli.components.build``. Needs the
standard library and a C compiler only.
"""

from __future__ import annotations

import sys
from pathlib import Path

from etabli.components.catalogue import catalogue
from etabli.physics.build import BuildError, compile_core
from etabli.physics.kernels import c_source
from etabli.physics.law import LAWS, SAMPLED_LAWS


def build_core(output_directory: Path | str | None = None) -> Path:
    """Generate and compile the core; return the library's path. Raises :class:`BuildError` with the mend."""
    catalogue()
    return compile_core(c_source(LAWS, SAMPLED_LAWS), output_directory)


if __name__ == "__main__":
    try:
        print(build_core(sys.argv[1] if len(sys.argv) > 1 else None))
    except BuildError as error:
        sys.exit(str(error))
