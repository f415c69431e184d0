"""Addresses of the product. The workshop comes first: it may take over the home page."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from etabli.web import views

handler400 = "etabli.web.errors.bad_request"
handler403 = "etabli.web.errors.permission_denied"
handler404 = "etabli.web.errors.page_not_found"
handler500 = "etabli.web.errors.server_error"

urlpatterns = [
    path("", include("etabli.web.workshop.urls")),
    path("", views.home, name="home"),
    path("comptes/", include("etabli.web.accounts.urls")),
    path("langue/", views.set_language, name="set_language"),
    path("theme/", views.set_theme, name="set_theme"),
    path("sante/", views.health, name="health"),
    path("favicon.ico", views.favicon),
    path("admin/", admin.site.urls),
]
