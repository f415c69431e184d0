"""Evidence and journals in the words of one language, ready for templates."""

from __future__ import annotations

from typing import Any


def translated(value: Any, language: str) -> Any:
    """Replace each ``{"fr", "en"}`` by its text in ``language``, at any depth."""
    if isinstance(value, dict):
        if value.keys() == {"fr", "en"}:
            return value["en"] if language.startswith("en") else value["fr"]
        return {key: translated(inner, language) for key, inner in value.items()}
    if isinstance(value, list):
        return [translated(inner, language) for inner in value]
    return value
