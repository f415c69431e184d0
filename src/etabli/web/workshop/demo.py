"""Interventions of ``etabli demo``: one for each demonstration learner, on the sorting station."""

from __future__ import annotations

import logging

from etabli.bench.client import HostError
from etabli.machines import list_machines
from etabli.web.accounts.demo import ACCOUNTS
from etabli.web.accounts.models import Role, User
from etabli.web.workshop import interventions
from etabli.web.workshop.models import Intervention

logger = logging.getLogger(__name__)

MACHINE = "poste_tri"
SEED = 20
FAULTS = ("KM1.coil_open", "B2.stuck_on", "1V1.spool_stuck")
"""Electrical, sensor, pneumatic: one each. Known, so that a first start does not have to look for them."""


def create_demo_data() -> None:
    """Give each demonstration learner a machine that does not work, unless somebody already has one."""
    if MACHINE not in list_machines() or Intervention.objects.exists():
        return
    teacher = User.objects.filter(username=next(a.username for a in ACCOUNTS if a.role is Role.TEACHER)).first()
    names = [account.username for account in ACCOUNTS if account.role is Role.LEARNER]
    learners = list(User.objects.filter(username__in=names).order_by("username"))
    if teacher is None:
        return
    for number, learner in enumerate(learners):
        try:
            fault = {"id": FAULTS[number % len(FAULTS)], "onset_s": 0.0, "degree": 1.0, "onset": "sudden"}
            interventions.give(teacher, [learner], MACHINE, [fault], seed=SEED + number)
        except HostError as error:
            logger.warning("demonstration: no intervention for %s: %s", learner.username, error)
