"""Who uses the product.

As little personal data as possible: an opaque id, a name to show, a role, a class; no e-mail.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do: a teacher prepares and assesses, a learner intervenes."""

    TEACHER = "teacher", _("Enseignant")
    LEARNER = "learner", _("Élève")


class ClassGroup(models.Model):
    """A class, for example ``1 MSPC A``."""

    name = models.CharField(_("nom"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("classe")
        verbose_name_plural = _("classes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Creates accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Create an account; without a password, nobody can log in with it yet."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> User:
        """Create the account that manages the others: a teacher with every right."""
        return self.create_user(
            username, password, **{"role": Role.TEACHER, "is_staff": True, "is_superuser": True, **fields}
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The id is opaque, so that journals and reports can name a person without saying who it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(
        _("identifiant"),
        max_length=60,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("Cet identifiant est déjà pris.")},
    )
    display_name = models.CharField(_("nom affiché"), max_length=80, blank=True)
    role = models.CharField(_("rôle"), max_length=10, choices=Role.choices, default=Role.LEARNER)
    class_group = models.ForeignKey(
        ClassGroup,
        verbose_name=_("classe"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="members",
    )
    is_active = models.BooleanField(_("actif"), default=True)
    is_staff = models.BooleanField(_("gère les comptes"), default=False)
    date_joined = models.DateTimeField(_("créé le"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("compte")
        verbose_name_plural = _("comptes")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return the name to show."""
        return self.display_name or self.username

    def get_short_name(self) -> str:
        """Return the name to show."""
        return self.get_full_name()

    @property
    def is_teacher(self) -> bool:
        """Tell whether this person prepares and assesses."""
        return self.role == Role.TEACHER
