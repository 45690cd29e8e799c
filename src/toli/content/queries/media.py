"""Reads of the media library."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from toli.content.models import Item, Media, PersonShown, PrintRun, State
from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.org import access


def _rows(actor: Actor, right: str) -> QuerySet[Media]:
    rows = Media.objects.select_related("unit", "made_from").prefetch_related("persons")
    return rows.filter(access.visible(actor, right).q())


def media(actor: Actor, *, kind: str = "", state: str = "", ai: str = "", words: str = "") -> QuerySet[Media]:
    """Files of the actor's charge, newest first; cards are found with their orders and days, bills in the ledger."""
    rows = _rows(actor, "content.view").exclude(items__card__isnull=False)
    rows = rows.exclude(items__line__isnull=False).exclude(spends__isnull=False)
    for column, value in (("kind", kind), ("state", state), ("ai", ai)):
        if value:
            rows = rows.filter(**{column: value})
    if words:
        rows = rows.filter(Q(title__icontains=words) | Q(owner__icontains=words) | Q(source__icontains=words))
    return rows.annotate(used=Count("items", distinct=True)).order_by("-added_at", "-id")


def get_media(*, actor: Actor, ref: UUID, right: str = "content.view", lock: bool = False) -> Media:
    """The file, when the actor has `right` on its unit. Raises NotFound."""
    rows = _rows(actor, right).filter(ref=ref)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound()
    return found


def usable_media(actor: Actor) -> QuerySet[Media]:
    """Ready files of the actor's charge that may stand in an item: whether consents hold is asked when it is chosen."""
    rows = _rows(actor, "content.write").filter(state=Media.State.READY, says_label=False)
    rows = rows.exclude(ai=Media.Ai.UNLABELLED).exclude(items__card__isnull=False).exclude(spends__isnull=False)
    return rows.order_by("-added_at")


def get_person_shown(*, media: Media, ref: UUID) -> PersonShown:
    found = PersonShown.objects.select_for_update().filter(media=media, ref=ref).first()
    if found is None:
        raise NotFound()
    return found


def items_using(media: Media) -> QuerySet[Item]:
    """Items that show this file and are not withdrawn."""
    return (
        Item.objects.filter(media=media).exclude(state=State.WITHDRAWN).select_related("unit").order_by("-changed_at")
    )


def consents_ended(day: date) -> QuerySet[Media]:
    """Files that stand in items and whose consent has ended before this day."""
    ended = Q(persons__until__lt=day) & Q(persons__taken_back_at=None)
    live = Q(items__state__in=[State.SUBMITTED, State.APPROVED, State.OUT])
    return Media.objects.filter(ended, live, state=Media.State.READY).distinct().order_by("id")


def waiting_media() -> Media | None:
    """The file that has waited longest to be prepared; one that was begun before comes last."""
    rows = Media.objects.filter(state=Media.State.WAITING).select_related("unit", "made_from")
    return rows.order_by(F("claimed_at").asc(nulls_first=True), "added_at").first()


def recording_of_label(unit_path: str) -> Media | None:
    """The recording that says the label, of the nearest unit above or of the unit itself."""
    parts = unit_path.rstrip("/").split("/")
    above = ["/".join(parts[:n]) + "/" for n in range(1, len(parts) + 1)]
    rows = Media.objects.filter(says_label=True, kind=Media.Kind.AUDIO, state=Media.State.READY, unit__path__in=above)
    return rows.order_by("-unit__path", "-added_at").first()


def ai_register(actor: Actor) -> QuerySet[Media]:
    """Every file of the actor's charge made or changed with AI: the register the Commission's order asks for."""
    rows = _rows(actor, "content.view").exclude(ai=Media.Ai.NONE)
    return rows.annotate(used=Count("items", distinct=True)).order_by("-ai_declared_at", "-id")


def get_print_run(*, actor: Actor, ref: UUID) -> PrintRun:
    """Raises NotFound."""
    rows = PrintRun.objects.select_related("item__unit").filter(ref=ref)
    found = rows.filter(access.visible(actor, "content.view").q("item__unit__path")).first()
    if found is None:
        raise NotFound()
    return found


def is_spoken_of(digest: str) -> bool:
    """Whether a file of this hash stands in the library, in an item or in a printed page."""
    rows = (
        Media.objects.filter(digest=digest),
        Item.objects.filter(file_hash=digest),
        PrintRun.objects.filter(digest=digest),
    )
    return any(found.exists() for found in rows)


def print_runs(refs: Iterable[UUID]) -> QuerySet[PrintRun]:
    """Pages for the printer by their refs, with whose they are."""
    return PrintRun.objects.select_related("item__unit__level").filter(ref__in=list(refs))
