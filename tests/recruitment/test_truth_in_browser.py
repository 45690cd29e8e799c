"""The pages of truth and of invitations in a real browser: no sideways scrolling, nothing serious for axe."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from tests import cast
from tests.recruitment.crowd import add_crowd
from tests.tasks.test_browser import chromium, looks_right, open_page  # noqa: F401 - the fixture

from toli.kit.dates import IST
from toli.recruitment import services
from toli.recruitment.models import Cluster
from toli.recruitment.services import Declared

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NOON = datetime.now(IST).replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1)


@pytest.fixture
def world(drive, tree, asha, settings, tmp_path, monkeypatch):
    """A drive with a suspicious group, answered call-backs, a written batch and one with refused rows; it is noon."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    add_crowd(drive, tree.booth, 40, at=NOON - timedelta(hours=2), device=b"d" * 32)
    add_crowd(drive, tree.far_booth, 40, at=NOON - timedelta(hours=2))
    services.find_clusters(actor=cast.SYSTEM, now=NOON)
    services.draw_calls(actor=cast.SYSTEM, key="youth", level="district", now=NOON)
    for n in range(60):
        opened = services.open_next_call(actor=asha.actor, now=NOON)
        outcome = "never" if n % 3 == 0 else "yes"
        services.say_outcome(actor=asha.actor, ref=opened.attempt.ref, outcome=outcome, now=NOON)
    declared = Declared("missed_calls", "missed calls of 3 to 9 May", vouched=True)
    raw = b"Name,Mobile,Booth\nA,1000020001,Borana 1\nB,98,\nC,1000020002,Nowhere\n"
    batches = []
    for number in (b"1000020001", b"1000020009"):
        given = {
            "actor": asha.actor,
            "key": "youth",
            "declared": declared,
            "name": "missed-calls-of-may.csv",
            "now": NOON,
        }
        batches.append(services.declare_batch(raw=raw.replace(b"1000020001", number), **given))
        services.carry_on_batches()
    services.load_batch(actor=asha.actor, ref=batches[1].ref, now=NOON)
    services.carry_on_batches()
    return {"group": Cluster.objects.get().ref, "checked": batches[0].ref, "written": batches[1].ref}


PAGES = {
    "truth": "/desk/drives/youth/truth/", "group": "/desk/groups/{group}/", "calls": "/desk/calls/",
    "batches": "/desk/drives/youth/invitations/", "batch-new": "/desk/drives/youth/invitations/new/",
    "batch-checked": "/desk/invitations/{checked}/", "batch-written": "/desk/invitations/{written}/",
    "batch-undo": "/desk/invitations/{written}/undo/",
}  # fmt: skip


def test_each_page_looks_right_on_the_desk(chromium, live_server, world, asha):  # noqa: F811
    language, width = "en", 1400
    page = open_page(chromium, live_server, asha, language=language, width=width)
    page.set_default_timeout(120_000)
    for name, address in PAGES.items():
        page.goto(address.format(**world))
        looks_right(page, f"{name}-{language}-{width}")
    page.goto("/desk/calls/")
    page.locator("main form button").first.click()
    page.wait_for_selector("a[href^='tel:']")
    looks_right(page, f"call-open-{language}-{width}")
