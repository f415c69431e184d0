"""Slows down somebody who guesses passwords: after five wrong ones for an account, a minute of rest."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest

MAXIMUM_FAILURES = 5
REST_S = 60


def _key(request: HttpRequest, username: str) -> str:
    address = request.META.get("REMOTE_ADDR", "")
    digest = hashlib.sha256(f"{address}|{username.casefold()}".encode()).hexdigest()
    return f"login-failures-{digest}"


def must_rest(request: HttpRequest, username: str) -> bool:
    """Tell whether this account was tried too often from this address."""
    failures: int = cache.get(_key(request, username), 0)
    return failures >= MAXIMUM_FAILURES


def note_failure(request: HttpRequest, username: str) -> None:
    """Count one wrong password; the count is forgotten after the rest."""
    key = _key(request, username)
    cache.set(key, cache.get(key, 0) + 1, REST_S)


def forget(request: HttpRequest, username: str) -> None:
    """Forget the wrong passwords of somebody who found the right one."""
    cache.delete(_key(request, username))
