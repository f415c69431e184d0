"""Machines: their drawings and documents. Nothing here depends on a bench, so anybody who is logged in may read."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET

from etabli.machines import Machine
from etabli.machines import drawing as drawing_room
from etabli.web.workshop import catalogue, drawings
from etabli.web.workshop.errors import drawing_trouble, machine_trouble

DAY_S = 24 * 3600


@require_GET
def machines(request: HttpRequest) -> HttpResponse:
    """All machines of this installation."""
    language = get_language() or "fr"
    good, broken = catalogue.machines()
    context = {
        "machines": [{"id": m.id, "name": m.name.get(language), "summary": m.summary.get(language)} for m in good],
        "broken": [error.text.get(language) for error in broken],
    }
    return render(request, "workshop/machines.html", context)


@require_GET
def machine(request: HttpRequest, name: str) -> HttpResponse:
    """One machine: what it is, its documents, its bill of materials, the door to its study."""
    language = get_language() or "fr"
    try:
        found = catalogue.machine(name)
    except (catalogue.MachineError, catalogue.UnknownMachine) as error:
        return machine_trouble(request, error)
    context = {
        "machine": found,
        "name": found.name.get(language),
        "summary": found.summary.get(language),
        "documents": catalogue.documents(found, language),
        "components": [
            {
                "tag": part.tag,
                "text": part.text.get(language),
                "family": part.component.family,
                "place": _place(found, part.location, language),
                "reference": part.reference,
                "line": found.bom_line(part.tag),
            }
            for part in found.placed.values()
        ],
    }
    return render(request, "workshop/machine.html", context)


@require_GET
@gzip_page
@cache_control(private=True, max_age=DAY_S)
def drawing(request: HttpRequest, name: str, kind: str, sheet: str, language: str) -> HttpResponse:
    """One drawing as SVG. It is the same for everybody: nothing live is in it."""
    try:
        svg = drawings.svg(catalogue.machine(name), kind, sheet, language)
    except (catalogue.MachineError, catalogue.UnknownMachine) as error:
        return machine_trouble(request, error)
    except drawing_room.DrawingError as error:
        return drawing_trouble(request, error)
    except KeyError:
        raise Http404(_("Ce dessin n’existe pas.")) from None
    return HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")


@require_GET
def document(request: HttpRequest, name: str, document: str) -> HttpResponse:
    """One document of a machine, alone or as a part of the bench page (``?partie=1``)."""
    language = get_language() or "fr"
    try:
        found = catalogue.machine(name)
    except (catalogue.MachineError, catalogue.UnknownMachine) as error:
        return machine_trouble(request, error)
    chosen = next((each for each in found.documents if each.id == document), None)
    if chosen is None:
        raise Http404(_("Ce document n’existe pas."))
    context = {
        "name": found.name.get(language),
        "machine": found,
        "title": chosen.title.get(language),
        "body": catalogue.document_html(found, chosen, language),
    }
    template = "workshop/document_part.html" if request.GET.get("partie") else "workshop/document.html"
    return render(request, template, context)


def _place(found: Machine, location: str, language: str) -> str:
    known = found.locations.get(location)
    return known.text.get(language) if known is not None else location
