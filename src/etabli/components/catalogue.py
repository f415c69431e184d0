"""The catalogue: every family found in this package. The folders' contents ARE the catalogue."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from etabli.components.component import Component

_FRAMEWORK = {"build", "catalogue", "component", "drawing"}


def _file_name(module: pkgutil.ModuleInfo) -> str:
    return module.name.rpartition(".")[2]


@cache
def catalogue() -> dict[str, Component]:
    """Family name -> component, in alphabetical order of the files."""
    import etabli.components as package

    found: dict[str, Component] = {}
    for module in sorted(pkgutil.walk_packages(package.__path__, f"{package.__name__}."), key=_file_name):
        if module.ispkg or _file_name(module) in _FRAMEWORK:
            continue
        loaded = importlib.import_module(module.name)
        for component in getattr(loaded, "COMPONENTS", ()) or filter(None, [getattr(loaded, "COMPONENT", None)]):
            if component.family in found:
                raise ValueError(f"two component files declare the family {component.family!r}: rename one")
            found[component.family] = component
    return found
