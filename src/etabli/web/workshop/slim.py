"""The layout of a bench as one page needs it: one language, and each list of failure modes written once."""

from __future__ import annotations

import json
from typing import Any

from etabli.web.workshop.journal import translated


def slim_layout(layout: dict[str, Any], language: str) -> dict[str, Any]:
    """``modes`` of a component becomes a place in the new list ``mode_lists``: 100 wires share the same modes."""
    found: dict[str, Any] = translated(layout, language)
    lists: dict[str, int] = {}
    for component in found["components"]:
        key = json.dumps(component["modes"])
        component["modes"] = lists.setdefault(key, len(lists))
    found["mode_lists"] = [json.loads(key) for key in lists]
    return found
