"""The life of an intervention: given by a teacher, opened, handed in by its learner, closed or sent back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from etabli.bench.client import HostError
from etabli.physics.text import Text
from etabli.web.accounts.models import User
from etabli.web.workshop import hosts
from etabli.web.workshop.erasure import erase
from etabli.web.workshop.models import Intervention, Kind, State

SEEDS = 2**31
OUTDATED = "journal_outdated"
"""Code of the host for a bench that another engine, or another state of the machine, has written."""
Fault = dict[str, Any]
"""As the host wants it: ``{"id", "onset_s", "degree", "onset"}``."""


class UnnoticedFaultError(Exception):
    """The operator tried the machine with the chosen faults and noticed nothing."""


def bench_of(intervention: Intervention) -> str:
    """Name of the bench of an intervention at the host; its journal is the file of the same name."""
    return intervention.journal.stem


def give(
    teacher: User,
    learners: Sequence[User],
    machine: str,
    faults: Sequence[Fault] = (),
    drawn: int = 0,
    seed: int | None = None,
    unnoticed_too: bool = True,
) -> list[Intervention]:
    """Give the same broken machine to each learner: the chosen ``faults``, or ``drawn`` faults drawn with the seed.

    Nothing is kept when one bench cannot be made. Raises `HostError`, and `UnnoticedFaultError` unless
    ``unnoticed_too``.
    """
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    given: list[Intervention] = []
    try:
        for learner in learners:
            intervention = Intervention(teacher=teacher, learner=learner, machine=machine, seed=seed)
            given.append(intervention)
            noticed = _make_bench(intervention, faults, drawn)
            if intervention.faults and not noticed and not unnoticed_too:
                raise UnnoticedFaultError
        with transaction.atomic():
            for intervention in given:
                intervention.save(force_insert=True)
    except BaseException:
        for intervention in given:
            erase(intervention.journal)
        raise
    return given


def study(user: User, machine: str) -> Intervention:
    """The healthy machine of this person, made the first time. Raises `HostError`."""
    known = Intervention.objects.filter(learner=user, machine=machine, kind=Kind.STUDY).first()
    if known is not None:
        return known
    intervention = Intervention(teacher=user, learner=user, machine=machine, kind=Kind.STUDY, seed=1)
    _make_bench(intervention, (), 0)
    intervention.save(force_insert=True)
    return intervention


def begin(intervention: Intervention) -> None:
    """The learner opens the bench for the first time. Only the database knows whether it still is to do."""
    if intervention.state != State.TODO:
        return
    still_to_do = Intervention.objects.filter(pk=intervention.pk, state=State.TODO)
    still_to_do.update(state=State.DOING, opened_at=timezone.now())
    intervention.refresh_from_db(fields=["state", "opened_at"])


def hand_in(intervention: Intervention, observation: str, recommendation: str) -> None:
    """The learner closes the work with the words of the report. Raises `HostError`.

    The journal comes first: if the database then refuses, handing in again only repairs the state. What was handed in
    is kept beside, for no later version may be able to replay the journal.
    """
    bench = bench_of(intervention)
    if not evidence_of(intervention).get("finished"):
        words = {"observation": observation, "recommendation": recommendation}
        hosts.ask_bench("act", bench, action="finish", arguments=words, who=str(intervention.learner_id))
    intervention.evidence = hosts.ask_bench("evidence", bench)
    intervention.outcome = hosts.ask_bench("reveal", bench)["faults"]
    intervention.state = State.REVIEW
    intervention.submitted_at = timezone.now()
    intervention.save(update_fields=["evidence", "outcome", "state", "submitted_at"])


def close(intervention: Intervention, advice: str) -> None:
    """The teacher accepts the work."""
    intervention.state = State.CLOSED
    intervention.advice = advice
    intervention.closed_at = timezone.now()
    intervention.save(update_fields=["state", "advice", "closed_at"])


def evidence_of(intervention: Intervention) -> dict[str, Any]:
    """What the learner found and did, without any secret: as handed in, else as it is now. Raises `HostError`."""
    if intervention.evidence is not None:
        return dict(intervention.evidence)
    return hosts.ask_bench("evidence", bench_of(intervention))


def faults_of(intervention: Intervention) -> list[Fault]:
    """The hidden faults and what became of them, for teachers: at hand-in, else as they are now. Raises `HostError`."""
    if intervention.outcome is not None:
        return list(intervention.outcome)
    found: list[Fault] = hosts.ask_bench("reveal", bench_of(intervention))["faults"]
    return found


def start_again(intervention: Intervention) -> None:
    """A new bench with the same seed and faults, where the old one cannot be opened (engine or machine changed).

    What was done on the old one is lost; it stays where the new one cannot be made. Raises `HostError`, also when the
    bench opens well (code ``bench_exists``): nothing of a living bench is thrown away here.
    """
    journal, bench = intervention.journal, bench_of(intervention)
    try:
        hosts.ask_bench("state", bench)
    except HostError as error:
        if error.code != OUTDATED:
            raise
    else:
        text = Text("Ce poste s’ouvre normalement.", "This bench opens normally.")
        raise HostError("bench_exists", text, Text("Rechargez la page.", "Load the page again."))
    aside = journal.with_suffix(".old")
    journal.replace(aside)
    try:
        _make_bench(intervention, intervention.faults, 0)
    except BaseException:
        journal.unlink(missing_ok=True)
        aside.replace(journal)
        raise
    aside.unlink()
    if not intervention.is_study:
        intervention.state, intervention.opened_at = State.TODO, None
    intervention.save()


def _make_bench(intervention: Intervention, faults: Sequence[Fault], drawn: int) -> bool:
    """Create the bench, stopped; keep its faults and the operator's complaint; let it leave the memory of the host.

    Returns whether the operator noticed anything.
    """
    bench = bench_of(intervention)
    asked: dict[str, Any] = {"random": {"count": drawn}} if drawn else {"faults": list(faults)}
    hosts.ask(
        "create",
        bench=bench,
        machine=intervention.machine,
        seed=intervention.seed,
        mode=intervention.kind,
        run=False,
        **({} if intervention.is_study else asked),
    )
    try:
        if intervention.is_study:
            return False
        revealed = hosts.ask("reveal", bench=bench)
        kept = ("id", "onset_s", "degree", "onset")
        intervention.faults = [{key: fault[key] for key in kept} for fault in revealed["faults"]]
        complaint = hosts.ask("layout", bench=bench)["complaint"] or {}
        intervention.complaint_fr = complaint.get("fr", "")
        intervention.complaint_en = complaint.get("en", "")
        return bool(revealed["noticed"])
    finally:
        hosts.ask("close", bench=bench)
