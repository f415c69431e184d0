"""Forms of the workshop."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from etabli.machines import Machine
from etabli.web.accounts.models import User
from etabli.web.workshop import rights

LONGEST_TEXT = 1200
MOST_FAULTS = 2


class ReportForm(forms.Form):
    """The texts that the learner writes; everything else in the report comes from the journal."""

    observation = forms.CharField(
        label=_("Constat : ce que la machine faisait"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Décrivez ce que vous avez constaté avant d’intervenir.")},
    )
    recommendation = forms.CharField(
        label=_("Recommandations"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class GiveForm(forms.Form):
    """A teacher gives a broken machine to learners."""

    DRAWN, CHOSEN, NONE = "drawn", "chosen", "none"

    machine = forms.CharField(widget=forms.HiddenInput)
    learners = forms.ModelMultipleChoiceField(
        label=_("Élèves"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un élève.")},
    )
    how = forms.ChoiceField(
        label=_("Panne"),
        choices=[(DRAWN, _("au hasard")), (CHOSEN, _("choisie dans le catalogue")), (NONE, _("aucune"))],
        widget=forms.RadioSelect,
        initial=DRAWN,
    )
    count = forms.TypedChoiceField(
        label=_("Nombre de défauts tirés"),
        choices=[(1, "1"), (2, "2")],
        coerce=int,
        initial=1,
        required=False,
        empty_value="1",
    )
    first = forms.ChoiceField(label=_("Défaut"), required=False)
    second = forms.ChoiceField(label=_("Second défaut (facultatif)"), required=False)
    onset = forms.ChoiceField(
        label=_("Apparition"),
        choices=[("sudden", _("brusque")), ("growing", _("progressive")), ("intermittent", _("intermittente"))],
        initial="sudden",
        required=False,
    )
    onset_s = forms.DecimalField(
        label=_("Apparaît après (s de marche)"), min_value=0, max_value=3600, initial=0, required=False, localize=True
    )
    degree = forms.DecimalField(
        label=_("Degré (0,1 : début ; 1 : défaut complet)"),
        min_value=Decimal("0.1"),
        max_value=1,
        initial=1,
        required=False,
        localize=True,
    )
    seed = forms.IntegerField(
        label=_("Germe (même germe, même tirage)"), min_value=0, max_value=2**31 - 1, required=False
    )
    unnoticed_too = forms.BooleanField(required=False)
    """The button that the warning brings: the teacher wants this fault although the operator does not notice it."""

    def __init__(self, *args: Any, teacher: User, machine: Machine, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen_machine = machine
        learners = self.fields["learners"]
        assert isinstance(learners, forms.ModelMultipleChoiceField)
        learners.queryset = rights.learners_of(teacher)
        grouped = fault_choices(machine, language)
        for name, empty in (("first", _("choisir…")), ("second", _("aucun"))):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", empty), *grouped]

    def clean(self) -> dict[str, Any]:
        """A chosen fault needs a choice, in one of the ways it can appear."""
        data = super().clean() or {}
        if data.get("how") != self.CHOSEN:
            return data
        if not data.get("first"):
            self.add_error("first", _("Choisissez un défaut du catalogue, ou « au hasard »."))
        if data.get("first") and data.get("first") == data.get("second"):
            self.add_error("second", _("Les deux défauts sont les mêmes : choisissez-en un autre, ou « aucun »."))
        for name in ("first", "second"):
            self._check_onset(name, data)
        return data

    def _check_onset(self, name: str, data: dict[str, Any]) -> None:
        fault_id, onset = data.get(name), data.get("onset") or "sudden"
        if not fault_id:
            return
        possible = [each.value for each in self.chosen_machine.fault(fault_id).mode.onsets]
        if onset in possible:
            return
        labels = dict(self.fields["onset"].choices)  # type: ignore[attr-defined]
        names = ", ".join(str(labels[each]) for each in possible)
        self.add_error(name, _("Ce défaut n’apparaît pas ainsi ; choisissez : %(names)s.") % {"names": names})

    @property
    def faults(self) -> list[dict[str, Any]]:
        """The chosen faults as the bench host wants them; empty when they are drawn or when there is none."""
        data = self.cleaned_data
        if data["how"] != self.CHOSEN:
            return []
        shared = {
            "onset": data.get("onset") or "sudden",
            "onset_s": float(data.get("onset_s") or 0),
            "degree": float(data.get("degree") or 1),
        }
        return [{"id": data[name], **shared} for name in ("first", "second") if data.get(name)]

    @property
    def drawn(self) -> int:
        """How many faults to draw; 0 when they are chosen, or when the machine is to be healthy."""
        return int(self.cleaned_data["count"]) if self.cleaned_data["how"] == self.DRAWN else 0


def fault_choices(machine: Machine, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The catalogue of faults by component, for a list of choices."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for fault in machine.faults():
        part = machine.parts[fault.tag]
        # The tag again on each line: a closed list shows the line that was chosen, not its group.
        line = f"{fault.tag} · {fault.mode.text.get(language)}"
        groups.setdefault(f"{fault.tag} · {part.text.get(language)}", []).append((fault.id, line))
    return list(groups.items())
