"""Deleting an account deletes what its person did."""

from __future__ import annotations

from pathlib import Path

import pytest

from etabli.web.accounts.models import User
from etabli.web.workshop import hosts, interventions
from etabli.web.workshop.models import Intervention
from web.workshop_world import act, another_learner, give

pytestmark = pytest.mark.django_db(transaction=True)


def files_of(intervention: Intervention) -> list[Path]:
    return sorted(intervention.journal.parent.glob(f"{intervention.pk}*"))


def test_it_works(learner: User, teacher: User) -> None:
    kept, gone = give(teacher, another_learner()), give(teacher, learner)
    act(gone, "note", hypothesis="la bobine de KM1")
    hosts.ask_bench("reset", interventions.bench_of(gone))  # an earlier attempt is kept beside the journal
    assert len(files_of(gone)) > 1
    learner.delete()
    assert not Intervention.objects.filter(pk=gone.pk).exists()
    assert files_of(gone) == []
    assert files_of(kept) != []


def test_a_teacher_takes_the_given_work_along(learner: User, teacher: User) -> None:
    given = give(teacher, learner)
    teacher.delete()
    assert files_of(given) == []
    assert User.objects.filter(pk=learner.pk).exists()
