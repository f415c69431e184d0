"""Pages of the teacher: the desk, giving an intervention, following and closing one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from etabli.bench.client import HostError
from etabli.web.accounts.decorators import teacher_required
from etabli.web.workshop import catalogue, interventions, rights
from etabli.web.workshop.errors import machine_trouble, refused
from etabli.web.workshop.forms import GiveForm
from etabli.web.workshop.journal import declared_text, readable, translated
from etabli.web.workshop.models import Kind, State
from etabli.web.workshop.people import person


@teacher_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """What was given and where everybody is."""
    language = get_language() or "fr"
    given = rights.visible_to(person(request)).filter(kind=Kind.INTERVENTION)
    good, broken = catalogue.machines()
    context = {
        "rows": [
            {"intervention": each, "machine_name": catalogue.name_of(each.machine, language), "faults": faults_of(each)}
            for each in given
        ],
        "machines": [{"id": each.id, "name": each.name.get(language), "faults": len(each.faults())} for each in good],
        "broken": [error.text.get(language) for error in broken],
    }
    return render(request, "workshop/desk.html", context)


@teacher_required
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Choose a machine, faults or chance, and learners."""
    language = get_language() or "fr"
    name = request.POST.get("machine") or request.GET.get("machine") or ""
    try:
        machine = catalogue.machine(name)
    except (catalogue.MachineError, catalogue.UnknownMachine) as error:
        return machine_trouble(request, error)
    form = GiveForm(
        request.POST or None,
        initial={"machine": machine.id},
        teacher=person(request),
        machine=machine,
        language=language,
    )
    context = {"form": form, "machine_name": machine.name.get(language)}
    if request.method != "POST" or not form.is_valid():
        return render(request, "workshop/give.html", context, status=400 if form.errors else 200)
    data = form.cleaned_data
    try:
        given = interventions.give(
            person(request),
            list(data["learners"]),
            machine.id,
            form.faults,
            form.drawn,
            data.get("seed"),
            data["unnoticed_too"],
        )
    except interventions.UnnoticedFaultError:
        return render(request, "workshop/give.html", {**context, "unnoticed": True}, status=409)
    except HostError as error:
        return refused(request, error)
    text = ngettext("%(count)d intervention donnée.", "%(count)d interventions données.", len(given))
    messages.success(request, text % {"count": len(given)})
    return redirect("home")


@teacher_required
@require_GET
def follow(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The journal of a learner in readable lines, and what was hidden."""
    language = get_language() or "fr"
    intervention = rights.find(person(request), pk)
    try:
        evidence = interventions.evidence_of(intervention)
        revealed = interventions.faults_of(intervention)
    except HostError as error:
        return refused(request, error, intervention)
    context = {
        "intervention": intervention,
        "machine_name": catalogue.name_of(intervention.machine, language),
        "evidence": readable(evidence, language),
        "declared_text": declared_text(intervention, evidence, language),
        "faults": translated(revealed, language),
        "may_close": intervention.state == State.REVIEW,
    }
    return render(request, "workshop/follow.html", context)


@teacher_required
@require_POST
def close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept the report of a learner."""
    intervention = rights.find(person(request), pk)
    if intervention.state != State.REVIEW:
        context = {
            "title": _("Ce n’est pas possible maintenant"),
            "text": _("Seule une intervention rendue et pas encore validée peut être close."),
            "mend": "",
        }
        return render(request, "workshop/refused.html", context, status=409)
    interventions.close(intervention, request.POST.get("advice", "").strip()[:1200])
    messages.success(request, _("L’intervention %(number)s est close.") % {"number": intervention.number})
    return redirect("workshop:follow", intervention.pk)


def faults_of(intervention: object) -> list[str]:
    """The hidden faults in words, for teachers only."""
    language = get_language() or "fr"
    faults = getattr(intervention, "faults", [])
    try:
        machine = catalogue.machine(getattr(intervention, "machine", ""))
    except (catalogue.MachineError, catalogue.UnknownMachine):
        return [fault["id"] for fault in faults]
    known = {fault.id: fault.text.get(language) for fault in machine.faults()}
    return [known.get(fault["id"], fault["id"]) for fault in faults]
