"""What the tests of the workshop share: interventions on the real machine, by the real bench host."""

from __future__ import annotations

from typing import Any

from etabli.web.accounts.models import User
from etabli.web.workshop import hosts, interventions
from etabli.web.workshop.models import Intervention

MACHINE = "poste_tri"
COIL_OPEN = "KM1.coil_open"
SEED = 7


def give(
    teacher: User, learner: User, fault: str | None = COIL_OPEN, machine: str = MACHINE, **more: Any
) -> Intervention:
    """An intervention with one fault at once and in full (or none)."""
    faults = [{"id": fault, "onset_s": 0.0, "degree": 1.0, "onset": "sudden", **more}] if fault else []
    return interventions.give(teacher, [learner], machine, faults, seed=SEED)[0]


def act(intervention: Intervention, action: str, **arguments: Any) -> dict[str, Any]:
    """Do something on the bench of an intervention, as its learner would."""
    return hosts.ask_bench("act", interventions.bench_of(intervention), action=action, arguments=arguments)


def another_learner() -> User:
    """Somebody else's account."""
    return User.objects.create_user("hugo", "un-mot-de-passe", display_name="Hugo Leroy")
