"""What the tests of the workshop share: interventions on the real machine, by the real bench host."""

from __future__ import annotations

import json
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


def written_by_another_engine(intervention: Intervention) -> None:
    """What an update of the software does to a bench that was left unfinished."""
    lines = intervention.journal.read_text("utf-8").splitlines(keepends=True)
    header = json.loads(lines[0])
    lines[0] = lines[0].replace(json.dumps(header["engine"]), json.dumps("0.0.0+another"), 1)
    intervention.journal.write_text("".join(lines), "utf-8")
