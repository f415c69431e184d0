"""Logging in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login as open_session
from django.contrib.auth import logout as close_session
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from etabli.web.accounts import demo, throttle
from etabli.web.views import safe_next


@login_not_required
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Ask for identifier and password, then go where the person wanted to go."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect("home")
        return _login_page(request, AuthenticationForm(request))

    username = request.POST.get("username", "")
    if throttle.must_rest(request, username):
        return _login_page(
            request,
            AuthenticationForm(request),
            message=_("Trop d’essais pour ce compte. Attendez une minute, ou demandez à votre enseignant."),
            status=429,
        )

    form = AuthenticationForm(request, data=request.POST)
    if not form.is_valid():
        throttle.note_failure(request, username)
        return _login_page(request, form, message=_("Identifiant ou mot de passe incorrect."), status=422)

    throttle.forget(request, username)
    open_session(request, form.get_user())
    return redirect(_after_login(request))


@login_not_required
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Close the session."""
    close_session(request)
    return redirect("accounts:login")


def _login_page(request: HttpRequest, form: AuthenticationForm, message: str = "", status: int = 200) -> HttpResponse:
    context = {
        "message": message,
        "username": form.data.get("username", "") if form.is_bound else "",
        "next": request.POST.get("next") or request.GET.get("next") or "",
        "demo_accounts": demo.ACCOUNTS if settings.DEMO else (),
    }
    return render(request, "accounts/login.html", context, status=status)


def _after_login(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    return safe_next(request) if wanted else "home"
