"""Answers to what cannot be done: one clear sentence and the mend, in the language of the page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from etabli.bench.client import HostError
from etabli.machines.drawing import DrawingError
from etabli.machines.problem import MachineError, UnknownMachine
from etabli.web.workshop.hosts import LOST

STATUS = {
    "unknown_machine": 404,
    "unknown_bench": 404,
    "broken_machine": 500,
    "journal_unreadable": 500,
    "journal_outdated": 409,
    "bench_failed": 500,
    "request_failed": 500,
    "journal_full": 507,
    LOST: 503,
}
"""HTTP status of each refusal of the host; any other is a conflict with the state of the bench (409)."""


def refused(request: HttpRequest, error: HostError) -> HttpResponse:
    """The page of a refusal of the bench host."""
    language = get_language() or "fr"
    text, mend = error.text.get(language), error.mend.get(language)
    return _page(request, _("Cela n’a pas pu être fait"), text, mend, STATUS.get(error.code, 409))


def machine_trouble(request: HttpRequest, error: MachineError | UnknownMachine) -> HttpResponse:
    """The page of a machine that does not exist, or whose files are wrong."""
    language = get_language() or "fr"
    if isinstance(error, UnknownMachine):
        return _page(request, _("Machine inconnue"), error.text.get(language), error.mend.get(language), 404)
    title = _("Les fichiers de cette machine contiennent une erreur")
    return _page(request, title, error.text.get(language), error.mend.get(language), 500)


def drawing_trouble(request: HttpRequest, error: DrawingError) -> HttpResponse:
    """The page of a drawing file that is wrong."""
    title = _("Les fichiers de cette machine contiennent une erreur")
    language = get_language() or "fr"
    return _page(request, title, error.problem.format(language), "", 500)


def _page(request: HttpRequest, title: str, text: str, mend: str, status: int) -> HttpResponse:
    context = {"title": title, "text": _sentence(text), "mend": _sentence(mend)}
    return render(request, "workshop/refused.html", context, status=status)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
