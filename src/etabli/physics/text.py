"""A text shown to people, in the two languages of the product (French is the source language)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One text in French and English, e.g. ``Text("bobine coupée", "coil open")``."""

    fr: str
    en: str

    def get(self, language: str) -> str:
        """Return the text in ``language`` ("fr" or "en"); any other code gives French."""
        return self.en if language.startswith("en") else self.fr
