"""Addresses of the workshop."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from etabli.web.workshop import families, pages, teaching, views

app_name = "workshop"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("interventions/<uuid:pk>/", views.bench, name="bench"),
    path("interventions/<uuid:pk>/recommencer/", views.start_again, name="start_again"),
    path("interventions/<uuid:pk>/carnet/", views.notebook, name="notebook"),
    path("interventions/<uuid:pk>/compte-rendu/", views.report, name="report"),
    path("interventions/<uuid:pk>/compte-rendu.pdf", views.report_pdf, name="report_pdf"),
    path("interventions/<uuid:pk>/suivi/", teaching.follow, name="follow"),
    path("interventions/<uuid:pk>/clore/", teaching.close, name="close"),
    path("enseignant/donner/", teaching.give, name="give"),
    path("catalogue/", families.families, name="catalogue"),
    path("catalogue/<slug:family>/", families.family, name="family"),
    path("machines/", pages.machines, name="machines"),
    path("machines/<slug:name>/", pages.machine, name="machine"),
    path("machines/<slug:name>/etude/", views.study, name="study"),
    path("machines/<slug:name>/dessins/<str:kind>/<str:sheet>/<str:language>.svg", pages.drawing, name="drawing"),
    path("machines/<slug:name>/documents/<slug:document>/", pages.document, name="document"),
]
