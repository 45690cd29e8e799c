"""A photo used twice is found and shown to a person, who says what it is. Nothing else follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.filestore import FileGone
from toli.tasks import likeness, photos, queries, rules
from toli.tasks.models import HandIn, Photo, PhotoLook, PhotoMatch
from toli.tasks.services.counting import note_own_act

AT_ONCE = 50
SHOWN = 3
"""The most alike hand-ins of one photo that a person is shown."""

# Sixteen pieces of each of 22 looks are asked of one index; at a million photos some 5,000 rows share a piece, and
# only their bits are counted. Of a pair the later hand-in carries the match, whichever was compared last.
FIND = """
WITH near AS MATERIALIZED (
    SELECT photo_id, look FROM tasks_photolook WHERE bands && %(bands)s
), found AS (
    SELECT l.photo_id, min(bit_count(l.look # w.look)) AS differs
    FROM near l CROSS JOIN unnest(%(looks)s::bit(256)[]) AS w(look)
    GROUP BY l.photo_id HAVING min(bit_count(l.look # w.look)) <= %(alike)s
)
INSERT INTO tasks_photomatch (ref, hand_in_id, earlier_id, differs, found_at, answer)
SELECT gen_random_uuid(), greatest(h.id, %(hand_in)s), least(h.id, %(hand_in)s), f.differs, %(now)s, ''
FROM found f JOIN tasks_handin h ON h.photo_id = f.photo_id
WHERE h.id <> %(hand_in)s AND h.assignment_id <> %(assignment)s
ORDER BY f.differs, h.id DESC LIMIT %(shown)s
ON CONFLICT DO NOTHING
"""


# Hundreds of keys make the planner fear the index, which is forty times faster than reading every row.
BY_INDEX = "SET LOCAL enable_seqscan = off"


@transaction.atomic
def compare_photos(*, now: datetime) -> int:
    """Look for the photos of new hand-ins among all that are kept, at most 50 at a time; how many matches were found.

    Run by two at once, each takes other hand-ins; run again, it finds nothing twice.
    """
    new = HandIn.objects.select_for_update(skip_locked=True, of=("self",)).select_related("photo")
    found = 0
    for hand_in in list(new.filter(compared_at=None, photo__isnull=False).order_by("pk")[:AT_ONCE]):
        found += _compare(hand_in, now)
        hand_in.compared_at = now
        hand_in.save(update_fields=["compared_at"])
    return found


def _compare(hand_in: HandIn, now: datetime) -> int:
    photo = hand_in.photo
    assert photo is not None
    try:
        with photos.open_file(photo.digest) as file:
            own, looks = likeness.look_of(file)
    except (OSError, FileGone):  # erased meanwhile, or a broken disk: there is nothing to show beside it either
        return 0
    keep_look(photo, own)
    bound: dict[str, Any] = {
        "looks": looks, "bands": sorted({band for look in looks for band in likeness.bands_of(look)}),
        "alike": likeness.ALIKE, "hand_in": hand_in.pk, "assignment": hand_in.assignment_id, "now": now,
        "shown": SHOWN,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(BY_INDEX)
        cursor.execute(FIND, bound)
        return int(cursor.rowcount)


def keep_look(photo: Photo, look: likeness.Look) -> None:
    """Keep how a photo looks, once."""
    row = PhotoLook(photo=photo, look=look, bands=likeness.bands_of(look))
    PhotoLook.objects.bulk_create([row], ignore_conflicts=True)


@transaction.atomic
def judge_photos(*, actor: Actor, ref: UUID, answer: str, now: datetime) -> PhotoMatch:
    """Say whether two photos are one. Only of a share one may verify, seeing both; nothing happens to anybody by it.

    Raises NotFound, NotAllowed, BadInput or WrongState.
    """
    match = queries.get_photo_match(actor=actor, ref=ref, now=now, lock=True)
    rules.check_judgeable(match, answer=answer, by=actor)
    if match.answer == answer:
        return match
    match.mark_answered(answer, by=actor, at=now)
    note_own_act(actor, now)
    share = match.hand_in.assignment
    audit.record(
        actor, "tasks.photos_judged", share, unit=share.unit, data={"answer": answer, "differs": match.differs}
    )
    return match
