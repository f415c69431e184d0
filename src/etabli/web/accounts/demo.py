"""Accounts of ``etabli demo``: known passwords, so for demonstration only."""

from __future__ import annotations

from dataclasses import dataclass

from etabli.web.accounts.models import ClassGroup, Role, User

CLASS_NAME = "1 MSPC (démonstration)"


@dataclass(frozen=True)
class DemoAccount:
    """One account of the demonstration."""

    username: str
    password: str
    display_name: str
    role: Role


ACCOUNTS = (
    DemoAccount("prof", "prof-demo", "Camille Roussel", Role.TEACHER),
    DemoAccount("eleve1", "eleve1-demo", "Inès Martin", Role.LEARNER),
    DemoAccount("eleve2", "eleve2-demo", "Hugo Leroy", Role.LEARNER),
    DemoAccount("eleve3", "eleve3-demo", "Awa Diallo", Role.LEARNER),
)


def create_demo_data() -> None:
    """Create what is missing; an account that exists is left as it is."""
    group, _created = ClassGroup.objects.get_or_create(name=CLASS_NAME)
    known = set(User.objects.values_list("username", flat=True))
    for account in ACCOUNTS:
        if account.username in known:
            continue
        User.objects.create_user(
            account.username,
            account.password,
            display_name=account.display_name,
            role=account.role,
            class_group=group if account.role is Role.LEARNER else None,
        )
