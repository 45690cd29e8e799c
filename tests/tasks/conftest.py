"""What the tests of tasks share: a moment, a task given down the tree, and shares in each state."""

from __future__ import annotations

import io
import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from PIL import Image
from tests import cast

from toli.kit.filestore import LocalStore
from toli.kit.ids import uuid7
from toli.org import services as org
from toli.org.models import Level
from toli.tasks import photos, services
from toli.tasks.models import Assignment, Task
from toli.tasks.photos import clean_photo

_numbers = itertools.count(100)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    """Photos of a test lie in its own folder."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def file_of(digest: str) -> Path:
    """Where the photo with this hash lies, if it is kept."""
    return LocalStore(django_settings.MEDIA_ROOT).path_of(photos.key_of(digest))


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def booths(tree):
    """Four booths with 10, 10, 5 and 5 seats by norm, a lead on the first seat of each but the first, all counted."""
    for booth, seats in zip([*tree.booths, tree.far_booth], (10, 10, 5, 5), strict=True):
        for number in range(1, seats + 1):
            cast.add_seat(booth, "booth_team", "booth_youth", number)
    org.fold_counts()
    return [*tree.booths, tree.far_booth]


def volunteer(unit, name="Salma Bano", role="booth_youth", number=None):
    """A person on a seat of a unit's team."""
    person = cast.add_person(name, f"+91100000{next(_numbers):04d}", home=unit)
    seat = cast.add_seat(unit, "booth_team", role, number or next(_numbers))
    return cast.CastMember(person=person, number="", seat=seat, appointment=cast.put_on_seat(person, seat))


@pytest.fixture
def salma(tree):
    """Booth youth of the first booth."""
    return volunteer(tree.booth)


@pytest.fixture
def tara(tree):
    """Booth youth of the booth in the other district."""
    return volunteer(tree.far_booth, name="Tara Meghwal")


def give(actor, unit, *, target=60, level="booth", kind="internal", proofs=("number",), now=None, days=7, **more):
    """A task given to every booth under a unit."""
    now = now or timezone.now()
    return services.give_task(
        actor=actor,
        unit=unit,
        level=Level.objects.get(key=level),
        kind=kind,
        proofs=proofs,
        target=target,
        now=now,
        **{
            "ref": uuid7(),
            "title": {"hi": "घर-घर जाएँ", "en": "Visit homes"},
            "instructions": {"hi": "पर्ची दें", "en": "Give the slip"},
            "measure": {"hi": "घर", "en": "homes"},
            "due_at": now + timedelta(days=days),
            **more,
        },
    )


@pytest.fixture
def task(asha, booths, tree):
    """60 homes over the whole state: 20 + 20 + 10 + 10."""
    return give(asha.actor, tree.state)


def share_of(task: Task, unit) -> Assignment:
    return Assignment.objects.select_related("task", "unit", "hand_in").get(task=task, unit=unit)


@pytest.fixture
def given(task, tree):
    return share_of(task, tree.booth)


@pytest.fixture
def accepted(given, salma, now):
    return services.accept_assignment(actor=salma.actor, ref=given.ref, now=now)


def hand_in(member, assignment, **proofs):
    proofs = proofs or {"number": 18}
    return services.hand_in(actor=member.actor, ref=assignment.ref, hand_in_ref=uuid7(), now=timezone.now(), **proofs)


@pytest.fixture
def handed_in(accepted, salma):
    return hand_in(salma, accepted)


@pytest.fixture
def verified(handed_in, bilal, now):
    return services.verify_assignment(actor=bilal.actor, ref=handed_in.ref, now=now)


def picture(*, size=(640, 480), format="JPEG", **options) -> bytes:
    """A photo as a phone takes it, with a place in its metadata."""
    out = io.BytesIO()
    image = Image.new("RGB", size, (200, 120, 40))
    exif = Image.Exif()
    exif[0x010F] = "SECRETPHONE"
    exif.get_ifd(0x8825)[1] = "N"
    image.save(out, format, exif=exif, **options) if format != "PNG" else image.save(out, format)
    return out.getvalue()


@pytest.fixture
def photo():
    return clean_photo(picture())


class Unchanged:
    """How a share stood; `assert stood.unchanged()` after a refusal."""

    def __init__(self, assignment: Assignment) -> None:
        self.pk = assignment.pk
        self.row = self._row()

    def _row(self):
        return Assignment.objects.filter(pk=self.pk).values().get()

    def unchanged(self) -> bool:
        return self._row() == self.row


NOON = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)


@pytest.fixture
def agree(db):
    """Call it with a member: they agree to be organised, and to SMS."""
    from toli.consent import services as consent
    from toli.consent.first_notice import ensure_notice

    notice = ensure_notice(actor=cast.SYSTEM, now=timezone.now())

    def do(member):
        consent.give(
            actor=member.actor, person=member.person, notice=notice, language="hi", purposes=["organise", "sms"],
            session_key="s", now=timezone.now(),
        )  # fmt: skip

    return do
