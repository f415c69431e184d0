"""Addresses of the accounts."""

from __future__ import annotations

from django.urls import path

from etabli.web.accounts import views

app_name = "accounts"

urlpatterns = [
    path("connexion/", views.login, name="login"),
    path("deconnexion/", views.logout, name="logout"),
]
