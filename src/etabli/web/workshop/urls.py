"""Addresses of the workshop."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "workshop"

urlpatterns: list[URLPattern | URLResolver] = []
