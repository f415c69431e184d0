"""Error pages: what happened, whether something was lost, and what to do now. They read nothing from the database."""

from __future__ import annotations

import errno
import logging
import sys
from dataclasses import dataclass
from enum import Enum

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

logger = logging.getLogger(__name__)

RETRY_AFTER_S = 5


class Trouble(Enum):
    """A fault of the place the server runs in, not of the program: it deserves its own words."""

    DATABASE_BUSY = "database busy"
    DISK_FULL = "disk full"
    OTHER = "other"


@dataclass(frozen=True)
class Page:
    """Title and advice of one error page."""

    title: object
    advice: object


BUSY = Page(
    gettext_lazy("La base de données est occupée"),
    gettext_lazy(
        "Un autre enregistrement est en cours. Cette dernière action n’a pas été enregistrée ; tout ce qui l’était "
        "déjà est conservé. Attendez quelques secondes puis recommencez."
    ),
)
FULL = Page(
    gettext_lazy("Le disque du serveur est plein"),
    gettext_lazy(
        "Cette dernière action n’a pas pu être enregistrée ; tout ce qui l’était déjà est conservé. Prévenez la "
        "personne qui gère le serveur : il faut libérer de la place dans le dossier des données."
    ),
)
FAILED = Page(
    gettext_lazy("Le serveur a rencontré une erreur"),
    gettext_lazy(
        "L’erreur a été notée dans le journal du serveur. Revenez à l’accueil et recommencez ; si elle se répète, "
        "signalez ce que vous faisiez."
    ),
)
BAD = Page(
    gettext_lazy("La demande n’a pas été comprise"),
    gettext_lazy(
        "L’adresse ou le formulaire envoyé contient une valeur inattendue. Revenez en arrière et recommencez."
    ),
)
FORBIDDEN = Page(
    gettext_lazy("Cette page ne vous est pas ouverte"),
    gettext_lazy("Votre compte n’a pas le droit de faire cela. Demandez à votre enseignant, ou changez de compte."),
)
EXPIRED = Page(
    gettext_lazy("Le formulaire a expiré"),
    gettext_lazy(
        "Rien n’a été enregistré. Rechargez la page et recommencez. "
        "Si cela se répète, autorisez les cookies de ce site."
    ),
)
MISSING = Page(
    gettext_lazy("Cette page n’existe pas"),
    gettext_lazy("L’adresse est erronée, ou ce qu’elle montrait a été supprimé."),
)


def trouble_of(error: BaseException | None) -> Trouble:
    """Recognise, along the chain of causes of an error, a locked database or a full disk."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return Trouble.DISK_FULL
        if isinstance(error, OperationalError):
            text = str(error)
            if "is locked" in text:
                return Trouble.DATABASE_BUSY
            if "is full" in text or "No space left" in text:
                return Trouble.DISK_FULL
        error = error.__cause__ or error.__context__
    return Trouble.OTHER


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return _page(request, 400, BAD)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _page(request, 403, FORBIDDEN, detail=str(exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token."""
    logger.warning("form refused at %s: %s", request.path, reason)
    return _page(request, 403, EXPIRED)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404. The words of ``raise Http404("…")`` are shown; Django's own, which show addresses, are not."""
    detail = exception.args[0] if exception.args and isinstance(exception.args[0], str) else ""
    return _page(request, 404, MISSING, detail=detail)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the database is locked or the disk full: Django calls this while the error is being handled."""
    trouble = trouble_of(sys.exc_info()[1])
    if trouble is Trouble.OTHER:
        return _page(request, 500, FAILED)
    response = _page(request, 503, BUSY if trouble is Trouble.DATABASE_BUSY else FULL)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _page(request: HttpRequest, status: int, page: Page, detail: str = "") -> HttpResponse:
    title, advice = str(page.title), str(page.advice)
    if request.headers.get("Accept", "").startswith("application/json"):
        message = f"{title}. {detail or advice}"
        return HttpResponse(message, status=status, content_type="text/plain; charset=utf-8")
    context = {"status": status, "title": title, "advice": advice, "detail": detail, "home": _("Retour à l’accueil")}
    return render(request, "error.html", context, status=status)
