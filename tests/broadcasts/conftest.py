"""A release over one district, an approved item, and a poll that brings silence."""

import json
from datetime import time, timedelta

import pytest
from django.utils import timezone
from tests.cast import SYSTEM
from tests.content.conftest import approved, draft, farah, gopal, submitted, wording  # noqa: F401

from toli.broadcasts import services
from toli.broadcasts.audience import Plan
from toli.broadcasts.models import Document
from toli.broadcasts.streams import Stream
from toli.content import services as content
from toli.elections import services as elections
from toli.kit.dates import local_at, local_day


def plan_for(*units, minutes=60 * 24 * 5, starts=None, **more) -> Plan:
    starts = starts or timezone.now() - timedelta(minutes=1)
    return Plan(
        scope=[unit.pk for unit in units], tier=more.pop("tier", "all"), channels=more.pop("channels", ["pulse"]),
        starts_at=starts, ends_at=starts + timedelta(minutes=minutes), **more,
    )  # fmt: skip


def release(thing, maker, approver, plan):
    found = services.make_release(actor=maker.actor, thing=thing, plan=plan, now=timezone.now())
    return services.approve_release(actor=approver.actor, ref=found.ref, seen_hash=found.hash, now=timezone.now())


def cleared_item(writer, approvers, unit, media=None, **more):
    now = timezone.now()
    said = wording(file_hash=media.digest if media else "", **more)
    item = content.write_item(actor=writer.actor, unit=unit, wording=said, media=media, now=now)
    content.submit_item(actor=writer.actor, ref=item.ref, now=now)
    for member in approvers:
        item = content.approve_item(actor=member.actor, ref=item.ref, seen_hash=item.hash, now=now)
    return item


def build(now=None):
    return services.build_documents(now=now or timezone.now())


def shown(unit, tier="workers", language="hi") -> dict:
    """What the stream's document holds."""
    document = Document.objects.get(stream=Stream(unit.pk, tier, language).name)
    return json.loads(bytes(document.body))


def texts(unit, **more) -> list[str]:
    return [item["text"] for item in shown(unit, **more)["items"]]


def valid_until(unit):
    return Document.objects.get(stream=Stream(unit.pk, "workers", "hi").name).valid_until


def set_poll(unit):
    """A poll in three days that closes at six in the evening. Returns that moment; silence begins 48 hours before."""
    now = timezone.now()
    closes = local_at(local_day(now) + timedelta(days=3), time(18))
    election = elections.ensure_election(key=f"by-{unit.pk}", by_election=True, now=now)
    hours = elections.Hours(day=closes.date(), closes=(time(18),))
    elections.add_poll(
        actor=SYSTEM, election=election, constituency=unit, hours=hours, notification="test 1/2026", now=now
    )
    return closes


@pytest.fixture
def on_air(approved, farah, gopal, tree):  # noqa: F811
    """The approved item goes out in the district of Bhilwara."""
    release(approved, farah, gopal, plan_for(tree.bhilwara))
    build()
    return approved
