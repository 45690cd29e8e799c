"""Camp passes: a phone opened with one is shared, people come in one after the other by their own code."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from toli.accounts import rules
from toli.accounts.models import CampPass
from toli.kit.errors import BadInput, LimitReached, WrongState


def make_pass(*, unit_id: int, hours: int, max_uses: int, now: datetime) -> CampPass:
    """A new pass, good from now for so many hours and people. The caller checked the right and records it."""
    for name, value, (least, most) in (("hours", hours, rules.CAMP_HOURS), ("max_uses", max_uses, rules.CAMP_USES)):
        if not least <= value <= most:
            sentence = _("Please choose a number from %(least)s to %(most)s.") % {"least": least, "most": most}
            raise BadInput(fields={name: sentence})
    ends_at = now + timedelta(hours=hours)
    return CampPass.objects.create(unit_id=unit_id, starts_at=now, ends_at=ends_at, max_uses=max_uses, created_at=now)


def end_pass(*, camp: CampPass, now: datetime) -> CampPass:
    """End a pass at once: every phone opened with it stops at its next request. Raises WrongState."""
    if not CampPass.objects.filter(pk=camp.pk, ended_at=None).update(ended_at=now):
        raise WrongState(_("This pass has ended already."))
    camp.refresh_from_db()
    return camp


@transaction.atomic
def use_pass(*, pass_id: int, is_new: bool, now: datetime) -> None:
    """Count one person who comes in with a pass; never more than it allows, however many come at once.

    Raises LimitReached when it is used up, ended or over.
    """
    live = CampPass.objects.filter(pk=pass_id, ended_at=None, starts_at__lte=now, ends_at__gt=now)
    used = live.filter(uses__lt=F("max_uses")).update(uses=F("uses") + 1, joined=F("joined") + int(is_new))
    if not used:
        raise LimitReached(_("This camp pass is used up or has ended. Please ask whoever runs the camp."))
