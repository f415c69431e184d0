"""Django application of the workshop."""

from __future__ import annotations

from django.apps import AppConfig


class WorkshopConfig(AppConfig):
    """The workshop."""

    name = "etabli.web.workshop"
    label = "workshop"
