"""What the database keeps of an intervention: who, which machine, which hidden faults, how far.

The bench keeps the rest: what the learner did is in its journal, a file. Nothing here repeats it but what was handed
in: a journal is replayed by the version that wrote it, and a report is read for years.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """How far an intervention is."""

    TODO = "todo", _("à faire")
    DOING = "doing", _("en cours")
    REVIEW = "review", _("à valider")
    CLOSED = "closed", _("close")


class Kind(models.TextChoices):
    """What a bench is opened for: a machine with hidden faults, or a healthy one where every value may be seen."""

    INTERVENTION = "intervention", _("intervention")
    STUDY = "study", _("étude de la machine saine")


class Intervention(models.Model):
    """One machine given to one learner by one teacher.

    ``faults`` never leaves the server towards a learner: views choose what they show field by field.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    teacher = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("enseignant"), on_delete=models.CASCADE, related_name="given"
    )
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("élève"), on_delete=models.CASCADE, related_name="interventions"
    )
    kind = models.CharField(_("sorte"), max_length=12, choices=Kind.choices, default=Kind.INTERVENTION)
    machine = models.CharField(_("machine"), max_length=80)
    seed = models.PositiveBigIntegerField(_("germe"))
    faults = models.JSONField(_("défauts"), default=list, blank=True)
    complaint_fr = models.TextField(_("plainte (français)"), blank=True)
    complaint_en = models.TextField(_("plainte (anglais)"), blank=True)
    state = models.CharField(_("état"), max_length=8, choices=State.choices, default=State.TODO)
    evidence = models.JSONField(_("travail rendu"), null=True, blank=True, editable=False)
    """What the learner found and did, as it was handed in; without any secret."""
    outcome = models.JSONField(_("défauts à la remise"), null=True, blank=True, editable=False)
    """The hidden faults as they stood then (cured or not): for teachers only."""
    advice = models.TextField(_("avis de l’enseignant"), blank=True)
    created_at = models.DateTimeField(_("donnée le"), default=timezone.now)
    opened_at = models.DateTimeField(_("commencée le"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("rendue le"), null=True, blank=True)
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)

    class Meta:
        verbose_name = _("intervention")
        verbose_name_plural = _("interventions")
        ordering: ClassVar[list[str]] = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.number} {self.machine} ({self.learner})"

    @property
    def number(self) -> str:
        """Short number to say aloud, the same all through the life of the intervention."""
        return f"DI-{self.id.hex[:6].upper()}"

    @property
    def complaint(self) -> str:
        """The operator's words, in the language of the page."""
        english = (get_language() or "fr").startswith("en")
        return self.complaint_en if english else self.complaint_fr

    @property
    def journal(self) -> Path:
        """File of what happened on the bench; its name says nothing of the person nor of the fault."""
        return Path(settings.DATA) / "journals" / f"{self.id}.jsonl"

    @property
    def is_study(self) -> bool:
        """Tell whether the machine is healthy and open to every look."""
        return self.kind == Kind.STUDY

    @property
    def open_to_work(self) -> bool:
        """Tell whether the learner may still act."""
        return self.state in {State.TODO, State.DOING}
