"""Build hook: puts the compiled core and the compiled translations into the wheel (or into an editable checkout)."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COMPILERS = ("cc", "gcc", "clang")


def c_compiler_is_there() -> bool:
    """Tell whether this machine has a C compiler; without one, the ziglang package brings its own."""
    return bool(os.environ.get("CC")) or any(shutil.which(name) for name in COMPILERS)


class EtabliBuildHook(BuildHookInterface[Any]):
    """Compile what cannot be shipped as text, then name the wheel after this platform."""

    def dependencies(self) -> list[str]:
        needed = ["babel>=2.14"]
        if not c_compiler_is_there():
            needed.append("ziglang>=0.13")
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        source = Path(self.root, "src")
        self._compile_core(source)
        self._compile_translations(source)
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        # The core is loaded through ctypes: it depends on the platform, not on the version of Python.
        build_data["tag"] = f"py3-none-{platform}"

    def _compile_core(self, source: Path) -> None:
        sys.path.insert(0, str(source))
        try:
            from etabli.components.build import BuildError, build_core

            try:
                build_core(source / "etabli" / "physics")
            except BuildError as error:
                self.app.abort(str(error))
        finally:
            sys.path.remove(str(source))

    def _compile_translations(self, source: Path) -> None:
        from babel.messages.mofile import write_mo
        from babel.messages.pofile import read_po

        for po in sorted(source.glob("etabli/web/**/locale/*/LC_MESSAGES/*.po")):
            with po.open("rb") as text:
                catalogue = read_po(text)
            with po.with_suffix(".mo").open("wb") as binary:
                write_mo(binary, catalogue)
