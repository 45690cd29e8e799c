"""Which stream a person follows, and how it comes to them."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.broadcasts import queries
from toli.broadcasts.models import Follow, Listening
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotFound
from toli.org.models import Unit


@transaction.atomic
def follow(*, actor: Actor, unit_ref: UUID | None, now: datetime) -> None:
    """Follow the stream of a chosen constituency, or with None one's own again. Raises NotFound."""
    if unit_ref is None:
        Follow.objects.filter(person_id=actor.person_id).delete()
        return
    unit: Unit | None = queries.constituencies_to_follow(actor).filter(ref=unit_ref).first()
    if unit is None or actor.person_id is None:
        raise NotFound()
    Follow.objects.update_or_create(person_id=actor.person_id, defaults={"unit": unit, "chosen_at": now})


@dataclass(frozen=True, slots=True)
class Choice:
    """Hours are 0 to 23 in Asia/Kolkata, both or neither; the same hour twice means the whole day."""

    hourly: bool
    quiet_from: int | None
    quiet_until: int | None


def choose_listening(*, actor: Actor, choice: Choice, now: datetime) -> None:
    """New texts each as it comes or once an hour, and hours in which none is shown. Raises NotFound or BadInput."""
    if actor.person_id is None:
        raise NotFound()
    if (choice.quiet_from is None) != (choice.quiet_until is None):
        raise BadInput(fields={"quiet_until": _("Say both hours, or none.")})
    values = {**asdict(choice), "chosen_at": now}
    Listening.objects.update_or_create(person_id=actor.person_id, defaults=values)
