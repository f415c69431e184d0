"""Colours: readable in light and in dark, chosen by the system or by the person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

CSS = Path(__file__).parents[2] / "src/etabli/web/static/etabli/etabli.css"
_COLOUR = re.compile(r"--([\w-]+): (?:light-dark\((#\w{6}), (#\w{6})\)|(#\w{6}));")

TEXT_ON_GROUND = [
    *[
        (text, ground)
        for text in ("text", "muted", "accent", "accent-hover")
        for ground in ("ground", "panel", "raised")
    ],
    ("text", "selected"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("bar-text", "bar"),
    ("bar-muted", "bar"),
    *[(state, f"{state}-ground") for state in ("alarm", "warning", "good")],
    *[(state, ground) for state in ("alarm", "warning", "good") for ground in ("panel", "raised")],
]
LINES_ON_GROUND = [
    *[(line, ground) for line in ("line-strong", "focus") for ground in ("ground", "panel", "raised")],
    ("bar-focus", "bar"),
]


def colours(dark: bool) -> dict[str, str]:
    first_block = CSS.read_text(encoding="utf-8").partition("}")[0]  # the other blocks are for paper
    found = _COLOUR.findall(first_block)
    return {name: both or (for_dark if dark else for_light) for name, for_light, for_dark, both in found}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_is_readable(text: str, ground: str, dark: bool) -> None:
    palette = colours(dark)
    assert contrast(palette[text], palette[ground]) >= 4.5


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("line", "ground"), LINES_ON_GROUND)
def test_borders_of_controls_and_focus_are_visible(line: str, ground: str, dark: bool) -> None:
    palette = colours(dark)
    assert contrast(palette[line], palette[ground]) >= 3


def test_the_choice_is_remembered(client: Client, db: None) -> None:
    assert 'data-theme="auto"' in client.get("/comptes/connexion/").text
    response = client.post("/theme/", {"theme": "dark", "next": "/comptes/connexion/"})
    assert response.url == "/comptes/connexion/"
    assert 'data-theme="dark"' in client.get("/comptes/connexion/").text


def test_another_theme_is_refused(client: Client, db: None) -> None:
    assert client.post("/theme/", {"theme": "pink"}).status_code == 400


def test_a_strange_cookie_is_ignored(client: Client, db: None) -> None:
    client.cookies["etabli_theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/comptes/connexion/").text
