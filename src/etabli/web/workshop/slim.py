"""The layout of a bench as one page needs it: one language, and each list of failure modes written once."""

from __future__ import annotations

import json
from typing import Any

from etabli.web.workshop.journal import translated


def slim_layout(layout: dict[str, Any], language: str) -> dict[str, Any]:
    """``modes`` of a component becomes a place in the new list ``mode_lists``: 100 wires share the same modes.

    What is empty or not for a page is left out.
    """
    kept = {key: value for key, value in layout.items() if key not in {"complaint", "name", "format"}}
    found: dict[str, Any] = translated(kept, language)
    found["actions"] = [{"name": each["name"], "minutes": each["minutes"]} for each in found["actions"]]
    lists: dict[str, int] = {}
    for component in found["components"]:
        key = json.dumps(component["modes"])
        component["modes"] = lists.setdefault(key, len(lists))
    found["components"] = [
        {key: value for key, value in each.items() if value or key == "modes"} for each in found["components"]
    ]
    found["mode_lists"] = [json.loads(key) for key in lists]
    return found
