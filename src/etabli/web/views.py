"""Pages that belong to no application: home, language, theme, health."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from etabli.web.context import THEME_COOKIE, THEMES

ONE_YEAR_S = 365 * 24 * 3600


def home(request: HttpRequest) -> HttpResponse:
    """Welcome a person who is logged in."""
    return render(request, "home.html")


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language of a person, even before they log in."""
    return django_set_language(request)


@login_not_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or automatic colours in a cookie."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        return HttpResponseBadRequest("theme: auto, light, dark")
    response = HttpResponseRedirect(safe_next(request))
    response.set_cookie(THEME_COOKIE, theme, max_age=ONE_YEAR_S, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Answer a supervisor: the server runs and its database can be read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Answer browsers that ask for the icon at its old address, on pages that do not name it."""
    return HttpResponseRedirect(static("etabli/icon.svg"))


def safe_next(request: HttpRequest) -> str:
    """Return the address to go back to (field ``next``, else the page of origin), never one of another site."""
    for address in (request.POST.get("next"), request.GET.get("next"), request.headers.get("Referer")):
        if address and url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return address
    return "/"
