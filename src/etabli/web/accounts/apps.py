"""Django application of the accounts."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The accounts."""

    name = "etabli.web.accounts"
    label = "accounts"
    verbose_name = _("Comptes")
