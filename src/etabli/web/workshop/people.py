"""Who asks for a page."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from etabli.web.accounts.models import User


def person(request: HttpRequest) -> User:
    """The account behind a request; the middleware lets nobody in without one."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
