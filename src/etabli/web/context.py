"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "etabli_theme"


def platform(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``theme`` ("auto", "light" or "dark") and ``demo`` (true under ``etabli demo``)."""
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return {"theme": theme if theme in THEMES else "auto", "demo": settings.DEMO}
