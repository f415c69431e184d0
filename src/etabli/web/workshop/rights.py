"""Who may see and do what with an intervention. Every view and the live link ask here."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from etabli.web.accounts.models import Role, User
from etabli.web.workshop.models import Intervention


def visible_to(user: User) -> QuerySet[Intervention]:
    """Interventions a person may read: a learner's own; for a teacher, those given and those of the class."""
    known = Intervention.objects.select_related("teacher", "learner")
    if not user.is_teacher:
        return known.filter(learner=user)
    if user.class_group_id is None:
        return known
    return known.filter(Q(teacher=user) | Q(learner__class_group=user.class_group_id))


def learners_of(user: User) -> QuerySet[User]:
    """Learners a teacher may give work to: those of the class, or everybody for a teacher without a class."""
    learners = User.objects.filter(role=Role.LEARNER, is_active=True).order_by("display_name", "username")
    return learners if user.class_group_id is None else learners.filter(class_group=user.class_group_id)


def find(user: User, pk: UUID | str) -> Intervention:
    """Return an intervention this person may read; else "it does not exist", which says nothing to the curious."""
    try:
        return visible_to(user).get(pk=pk)
    except Intervention.DoesNotExist:
        raise Http404(_("Cette intervention n’existe pas, ou elle n’est pas à vous.")) from None


def may_act(user: User, intervention: Intervention) -> bool:
    """Tell whether this person may put a hand on the bench: its learner only, as long as it is open to work."""
    return intervention.learner_id == user.pk and intervention.open_to_work
