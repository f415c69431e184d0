"""What `etabli demo` finds at its first start."""

from __future__ import annotations

import pytest

from etabli.web.accounts import demo as accounts
from etabli.web.workshop import demo
from etabli.web.workshop.models import Intervention


@pytest.mark.django_db
def test_each_demonstration_learner_has_a_machine_that_does_not_work() -> None:
    accounts.create_demo_data()
    demo.create_demo_data()
    given = list(Intervention.objects.all())
    assert len(given) == 3
    assert all(each.faults and each.complaint_fr and each.complaint_en for each in given)
    demo.create_demo_data()
    assert Intervention.objects.count() == 3
