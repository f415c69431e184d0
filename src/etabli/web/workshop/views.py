"""Pages of a person at work: home, bench, notebook, report. Plain functions; every refusal returns early."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from etabli.bench.client import HostError
from etabli.machines.drawing import DrawingError
from etabli.web.workshop import benchpage, catalogue, interventions, rights
from etabli.web.workshop.errors import drawing_trouble, machine_trouble, refused
from etabli.web.workshop.forms import ReportForm
from etabli.web.workshop.journal import declared_text, mode_texts, readable
from etabli.web.workshop.models import Intervention, Kind, State
from etabli.web.workshop.people import person
from etabli.web.workshop.teaching import desk


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What there is to do: a learner's interventions, a teacher's desk."""
    user = person(request)
    if user.is_teacher:
        return desk(request)
    mine = rights.visible_to(user).filter(kind=Kind.INTERVENTION)
    rows = [_row(intervention) for intervention in mine]
    context = {
        "open": [row for row in rows if row["intervention"].open_to_work],
        "done": [row for row in rows if not row["intervention"].open_to_work],
    }
    return render(request, "workshop/home.html", context)


@require_GET
@gzip_page
def bench(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The bench page. The live link brings everything that moves."""
    user = person(request)
    intervention = rights.find(user, pk)
    try:
        machine = catalogue.machine(intervention.machine)
    except (catalogue.MachineError, catalogue.UnknownMachine) as error:
        return machine_trouble(request, error)
    may_act = rights.may_act(user, intervention)
    try:
        data = benchpage.bench_data(intervention, machine, may_act)
    except DrawingError as error:
        return drawing_trouble(request, error)
    context = {
        "intervention": intervention,
        "machine_name": machine.name.get(_language()),
        "may_act": may_act,
        "steps": benchpage.steps(),
        "views": benchpage.views(machine),
        "drawer": benchpage.parts(intervention),
        "documents": catalogue.documents(machine, _language()),
        "acceptance_parts": machine.acceptance.good_parts,
        "bench_data": data,
    }
    return render(request, "workshop/bench.html", context)


@require_POST
def study(request: HttpRequest, name: str) -> HttpResponse:
    """Open the healthy machine, where every value may be seen."""
    try:
        catalogue.machine(name)
        intervention = interventions.study(person(request), name)
    except (catalogue.MachineError, catalogue.UnknownMachine) as error:
        return machine_trouble(request, error)
    except HostError as error:
        return refused(request, error)
    return redirect("workshop:bench", intervention.pk)


@require_POST
def start_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same faults on a new bench, after an update that the old one cannot survive."""
    user = person(request)
    intervention = rights.find(user, pk)
    if not rights.may_act(user, intervention):
        return refused_state(request, _("Seul l’élève à qui elle est confiée peut recommencer cette intervention."))
    try:
        interventions.start_again(intervention)
    except HostError as error:
        return refused(request, error, intervention)
    return redirect("workshop:bench", intervention.pk)


@require_GET
def notebook(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The notebook and what was done, to read and to print."""
    intervention = rights.find(person(request), pk)
    try:
        evidence = interventions.evidence_of(intervention)
    except HostError as error:
        return refused(request, error, intervention)
    context = {**_context(intervention), "evidence": readable(evidence, _language())}
    return render(request, "workshop/notebook.html", context)


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report: what the journal proves, and the two texts that the learner writes."""
    user = person(request)
    intervention = rights.find(user, pk)
    if intervention.is_study:
        return refused_state(request, _("Une étude de la machine saine n’a pas de compte rendu."))
    try:
        evidence = interventions.evidence_of(intervention)
    except HostError as error:
        return refused(request, error, intervention)
    finished = evidence.get("finished") or {}
    form = ReportForm(request.POST or None, initial=finished)
    if request.method == "POST":
        if not rights.may_act(user, intervention):
            return refused_state(request, _("Ce compte rendu ne peut plus être modifié, ou il n’est pas à vous."))
        if form.is_valid():
            return _hand_in(request, intervention, form)
    context = {
        **_context(intervention),
        "evidence": readable(evidence, _language()),
        "declared_text": declared_text(intervention, evidence, _language()),
        "form": form,
        "may_write": rights.may_act(user, intervention) and not finished,
        "missing": _missing(evidence),
    }
    return render(request, "workshop/report.html", context, status=400 if form.errors else 200)


def _hand_in(request: HttpRequest, intervention: Intervention, form: ReportForm) -> HttpResponse:
    try:
        interventions.hand_in(intervention, form.cleaned_data["observation"], form.cleaned_data["recommendation"])
    except HostError as error:
        return refused(request, error, intervention)
    messages.success(request, _("Le compte rendu est rendu. Votre enseignant va le valider."))
    return redirect("workshop:report", intervention.pk)


@require_GET
def report_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The report as a PDF of one page."""
    from etabli.report import Form, intervention_report  # typst is heavy: only here

    intervention = rights.find(person(request), pk)
    if intervention.is_study:
        return refused_state(request, _("Une étude de la machine saine n’a pas de compte rendu."))
    try:
        evidence = interventions.evidence_of(intervention)
    except HostError as error:
        return refused(request, error, intervention)
    learner = intervention.learner
    form = Form(
        number=intervention.number,
        author=learner.get_full_name(),
        group=str(learner.class_group or ""),
        date=date_format(intervention.submitted_at or timezone.now(), "SHORT_DATE_FORMAT"),
    )
    pdf = intervention_report(evidence, mode_texts(intervention), form, _language())
    response = HttpResponse(pdf, content_type="application/pdf")
    name = _("compte-rendu")
    response["Content-Disposition"] = f'attachment; filename="{name}-{intervention.number}.pdf"'
    return response


def refused_state(request: HttpRequest, text: str) -> HttpResponse:
    """409: the right page, at the wrong moment."""
    context = {"title": _("Ce n’est pas possible maintenant"), "text": text, "mend": ""}
    return render(request, "workshop/refused.html", context, status=409)


def _context(intervention: Intervention) -> dict[str, Any]:
    return {"intervention": intervention, "machine_name": catalogue.name_of(intervention.machine, _language())}


def _row(intervention: Intervention) -> dict[str, Any]:
    return {**_context(intervention), "is_new": intervention.state == State.TODO}


def _missing(evidence: dict[str, Any]) -> list[str]:
    """What a good report still lacks: said, not imposed."""
    found = []
    if not evidence.get("notebook"):
        found.append(_("aucune ligne au carnet"))
    if not evidence.get("declared"):
        found.append(_("aucune cause déclarée"))
    acceptance = evidence.get("acceptance") or {}
    if acceptance.get("state") != "passed":
        found.append(_("essai de réception non réussi"))
    return found


def _language() -> str:
    return (get_language() or "fr")[:2]
