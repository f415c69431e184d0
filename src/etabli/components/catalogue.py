"""The catalogue: every family found in this package. The folders' contents ARE the catalogue."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from etabli.components.component import Component

_FRAMEWORK = {"build", "catalogue", "component", "curve", "drawing"}


def _file_name(module: pkgutil.ModuleInfo) -> str:
    return module.name.rpartition(".")[2]


def catalogue() -> dict[str, Component]:
    """Family name -> component, in alphabetical order of the files."""
    return _read()[0]


def technology(family: str) -> str:
    """Folder of the family's file: "electrical", "pneumatic", "hydraulic", "mechanical", "thermal"."""
    return _read()[1][family].split(".")[-2]


@cache
def _read() -> tuple[dict[str, Component], dict[str, str]]:
    """The components, and the module of each."""
    import etabli.components as package

    found: dict[str, Component] = {}
    modules: dict[str, str] = {}
    for module in sorted(pkgutil.walk_packages(package.__path__, f"{package.__name__}."), key=_file_name):
        if module.ispkg or _file_name(module) in _FRAMEWORK:
            continue
        loaded = importlib.import_module(module.name)
        for component in getattr(loaded, "COMPONENTS", ()) or filter(None, [getattr(loaded, "COMPONENT", None)]):
            if component.family in found:
                raise ValueError(f"two component files declare the family {component.family!r}: rename one")
            found[component.family] = component
            modules[component.family] = module.name
    return found, modules
