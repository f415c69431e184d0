"""The catalogue: every family found in this package. The folder's contents ARE the catalogue."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from etabli.components.component import Component

_FRAMEWORK = {"build", "catalogue", "component", "drawing"}


@cache
def catalogue() -> dict[str, Component]:
    """Family name -> component, in alphabetical order of the files."""
    import etabli.components as package

    found: dict[str, Component] = {}
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        if module.name in _FRAMEWORK:
            continue
        loaded = importlib.import_module(f"{package.__name__}.{module.name}")
        for component in getattr(loaded, "COMPONENTS", ()) or filter(None, [getattr(loaded, "COMPONENT", None)]):
            if component.family in found:
                raise ValueError(f"two component files declare the family {component.family!r}: rename one")
            found[component.family] = component
    return found
