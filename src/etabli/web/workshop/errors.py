"""Answers to what cannot be done: one clear sentence and the mend, in the language of the page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from etabli.bench.client import HostError
from etabli.machines.drawing import DrawingError
from etabli.machines.problem import MachineError, UnknownMachine
from etabli.web.workshop import rights
from etabli.web.workshop.hosts import LOST
from etabli.web.workshop.interventions import OUTDATED
from etabli.web.workshop.models import Intervention
from etabli.web.workshop.people import person

STATUS = {
    "unknown_machine": 404,
    "unknown_bench": 404,
    "broken_machine": 500,
    "journal_unreadable": 500,
    OUTDATED: 409,
    "bench_failed": 500,
    "request_failed": 500,
    "journal_full": 507,
    LOST: 503,
}
"""HTTP status of each refusal of the host; any other is a conflict with the state of the bench (409)."""


def refused(request: HttpRequest, error: HostError, intervention: Intervention | None = None) -> HttpResponse:
    """The page of a refusal of the bench host, about the bench of ``intervention`` where there is one."""
    if error.code == OUTDATED and intervention is not None:
        return _outdated(request, intervention)
    language = get_language() or "fr"
    text, mend = error.text.get(language), error.mend.get(language)
    return _page(request, _("Cela n’a pas pu être fait"), text, mend, STATUS.get(error.code, 409))


def _outdated(request: HttpRequest, intervention: Intervention) -> HttpResponse:
    """A bench that another version has written: its learner may start again on the same faults."""
    context: dict[str, object] = {
        "title": _("Cela n’a pas pu être fait"),
        "text": _("Le logiciel ou la machine a été mis à jour depuis : ce poste ne peut plus être rouvert."),
        "mend": "",
    }
    if rights.may_act(person(request), intervention):
        context["mend"] = _("Vous pouvez recommencer sur la même panne ; ce qui y avait été fait sera perdu.")
        context["start_again"] = intervention
    elif intervention.open_to_work:
        context["mend"] = _("L’élève à qui elle est confiée peut recommencer sur la même panne.")
    return render(request, "workshop/refused.html", context, status=STATUS[OUTDATED])


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
