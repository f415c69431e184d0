"""The catalogue: every family of components, made from the component files. General knowledge, nothing of a bench."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from etabli.catalogue import card
from etabli.catalogue.pictures import pictures
from etabli.catalogue.symbols import drawn_symbols, symbol_svg
from etabli.components.catalogue import catalogue, technology
from etabli.components.component import Component
from etabli.web.workshop.catalogue import rendered

_CARD_MODULES = 24
"""Width of what is drawn on a card: two symbols where they fit."""


@require_GET
@gzip_page
@cache_control(private=True, max_age=0, must_revalidate=True)
def families(request: HttpRequest) -> HttpResponse:
    """All families, or those that a search and a technology leave."""
    language = _language()
    wanted, sought = request.GET.get("technologie", ""), _folded(request.GET.get("q", ""))
    groups = [
        {
            "id": name,
            "name": card.TECHNOLOGIES[name].get(language),
            "cards": [each for each in (_card(c.family, language) for c in components) if sought in each["search"]],
        }
        for name, components in card.by_technology().items()
        if wanted in ("", name)
    ]
    context = {
        "groups": [group for group in groups if group["cards"]],
        "technologies": [(name, text.get(language)) for name, text in card.TECHNOLOGIES.items()],
        "wanted": wanted,
        "q": request.GET.get("q", ""),
        "count": sum(len(group["cards"]) for group in groups),
    }
    return render(request, "workshop/catalogue.html", context)


@require_GET
@gzip_page
def family(request: HttpRequest, family: str) -> HttpResponse:
    """The sheet of one family."""
    if family not in catalogue():
        raise Http404(_("Cette famille n’existe pas dans le catalogue."))
    return render(request, "workshop/family.html", _sheet(family, _language()))


@cache
def _card(family: str, language: str) -> dict[str, Any]:
    """What the list shows of a family; drawn once."""
    component = catalogue()[family]
    drawn = drawn_symbols(component)
    few = drawn[:2] if sum(d.symbol.width for d in drawn[:2]) <= _CARD_MODULES else drawn[:1]
    words = (component.text.fr, component.text.en, family, component.letter)
    return {
        "family": family,
        "name": component.text.get(language),
        "letter": component.letter,
        "symbols": [SafeString(symbol_svg(component, d, _symbol_label(component, language), 9.0)) for d in few],
        "search": _folded(" ".join(words)),
    }


@cache
def _sheet(family: str, language: str) -> dict[str, Any]:
    """Everything of one family in one language; computed at its first request."""
    component = catalogue()[family]
    other = "en" if language == "fr" else "fr"
    iec = card.iec_class(component)
    return {
        "component": component,
        "name": component.text.get(language),
        "other_name": component.text.get(other),
        "other_language": other,
        "technology": card.TECHNOLOGIES[technology(component.family)].get(language),
        "iec": iec.get(language) if iec is not None else "",
        "sheet": rendered(component.sheet.get(language)),
        "symbols": _symbols(component, language),
        "ports": card.ports(component, language),
        "laws": card.laws(component, language),
        "curves": _curves(component, language),
        "parameters": card.parameters(component, language),
        "modes": card.modes(component, language),
        "senses": card.senses(component, language),
        "machines": [
            {"id": name, "name": text.get(language), "count": count}
            for name, text, count in card.machines_with(component.family)
        ],
    }


def _symbols(component: Component, language: str) -> list[dict[str, Any]]:
    label = _symbol_label(component, language)
    return [
        {
            "svg": SafeString(symbol_svg(component, drawn, f"{label} ({drawn.name})", 14.0)),
            "name": drawn.name,
            "alike": drawn.alike,
        }
        for drawn in drawn_symbols(component)
    ]


def _symbol_label(component: Component, language: str) -> str:
    words = {"fr": "symbole : {}", "en": "symbol: {}"}
    return words[language].format(component.text.get(language))


def _curves(component: Component, language: str) -> list[dict[str, Any]]:
    return [
        {
            "svg": SafeString(picture.svg(language)),
            "title": picture.curve.text.get(language),
            "legend": [{"index": i, "mark": m, "name": n} for i, (m, n) in enumerate(picture.legend(language), 1)],
        }
        for picture in pictures(component.family)
    ]


def _folded(text: str) -> str:
    """Without accents and capitals: what people type."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).strip()


def _language() -> str:
    return "en" if (get_language() or "fr").startswith("en") else "fr"
