"""The phone's app from the server's side: its size, its name, what may be kept and for whom."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from PIL import Image
from tests.tasks.conftest import give, share_of
from tests.volunteer.conftest import agree

from toli.tasks.models import HandIn
from toli.volunteer import app

FIRST_VISIT = 150_000
OWN_STYLES = 10_000


def body_of(name: str) -> bytes:
    return Path(finders.find(name)).read_bytes()


def test_my_day_with_all_its_files_is_small(chitra, notice):
    agree(chitra, notice, "organise")
    page = chitra.client.get("/me/").content
    icons = ("volunteer/icon-192.png", "volunteer/icon-512.png", "volunteer/icon-maskable-512.png")
    texts = [page, *map(body_of, {*app.FILES, *app.SCRIPTS}), chitra.client.get("/me/app.webmanifest").content]
    total = sum(len(gzip.compress(text)) for text in texts) + sum(len(body_of(name)) for name in icons)
    styles = sum(len(body_of(name)) for name in app.FILES if name.endswith(".css"))
    print(f"\nfirst visit {total:,} bytes compressed with the app's own files, own styles {styles:,} bytes")
    assert total < FIRST_VISIT
    assert styles < OWN_STYLES


def test_the_app_is_called_toli_in_hindi_and_its_icons_are_what_it_says(db, client):
    said = json.loads(client.get("/me/app.webmanifest").content)
    assert (said["name"], said["lang"], said["start_url"], said["display"]) == ("टोली", "hi", "/me/", "standalone")
    assert {icon["purpose"] for icon in said["icons"]} == {"any", "maskable"}
    for icon in said["icons"]:
        if icon["type"] == "image/png":
            with Image.open(finders.find(icon["src"].removeprefix("/static/"))) as picture:
                assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_the_worker_names_files_that_are_there(db, client):
    script = client.get("/me/worker.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert script["Cache-Control"] == "no-cache"
    assert app.version() in script.text
    for name in (*app.FILES, *app.SCRIPTS):
        assert finders.find(name), name


@pytest.mark.parametrize("address", ["/me/", "/me/seat/", "/me/tasks/"])
def test_a_page_may_be_kept_for_its_own_person_only(chitra, ravi, notice, address):
    for member in (chitra, ravi):
        agree(member, notice, "organise")
    keys = {member.client.get(address)["Toli-Keep"] for member in (chitra, ravi)}
    assert len(keys) == 2
    assert str(chitra.person.ref) not in "".join(keys)


def test_pages_with_personal_details_and_the_desk_are_never_kept(asha, notice):
    agree(asha, notice, "organise")
    for address in ("/me/data/", "/me/data/correct/", "/desk/tasks/", "/desk/"):
        assert "Toli-Keep" not in asha.client.get(address).headers, address


def test_a_page_that_answers_an_act_is_not_kept(chitra, notice):
    agree(chitra, notice, "organise")
    page = chitra.client.post("/me/tasks/reminders/", {"on": "0"}, follow=True)
    assert page.redirect_chain
    assert "Toli-Keep" not in page.headers
    assert "Toli-Keep" in chitra.client.get("/me/tasks/").headers


def test_an_appeal_says_until_when_it_may_be_shown(asha, chitra, notice, booths, tree, near_poll):
    agree(chitra, notice, "organise")
    share = share_of(give(asha.actor, tree.booth, kind="appeal"), tree.booth)
    turns = near_poll(tree.sahara)
    page = chitra.client.get(f"/me/tasks/{share.ref}/")
    assert int(page["Toli-Keep-Until"]) == turns
    assert f"<!--until:{turns}|" in chitra.client.get("/me/tasks/").text
    assert f"<!--until:{turns}|" in chitra.client.get("/me/").text


@pytest.fixture
def near_poll(tree):
    """Call it with a constituency: it polls in five days; when its silence begins, in seconds of 1970."""
    from datetime import time, timedelta

    from tests.cast import SYSTEM

    from toli.elections import services as elections
    from toli.elections.services import Hours
    from toli.kit.dates import local_day
    from toli.tasks.queries import current_windows

    def add(unit) -> int:
        now = timezone.now()
        election = elections.ensure_election(key=f"T{unit.pk}", now=now)
        day = local_day(now) + timedelta(days=5)
        elections.add_poll(
            actor=SYSTEM, election=election, constituency=unit, now=now, notification="test 1",
            hours=Hours(day, (time(18),)),
        )  # fmt: skip
        return int(current_windows(now).next_boundary(unit.pk, now).timestamp())

    return add


def test_the_outbox_is_told_who_signs_and_takes_nothing_for_another(asha, chitra, ravi, notice, booths, tree, watch):
    for member in (chitra, ravi):
        agree(member, notice, "organise")
    share = share_of(give(asha.actor, tree.booth), tree.booth)
    chitra.client.post(f"/me/tasks/{share.ref}/accept/")
    key = chitra.client.get("/me/tasks/outbox/").json()["owner"]
    seen = watch()
    sent = {"ref": "0190a000-0000-7000-8000-000000000001", "number": "5"}
    answer = ravi.client.post(f"/me/tasks/{share.ref}/send/", sent, headers={"Toli-Owner": key})
    assert (answer.status_code, answer.json()["state"]) == (409, "other")
    assert seen.nothing_happened()
    for _twice in range(2):
        answer = chitra.client.post(f"/me/tasks/{share.ref}/send/", sent, headers={"Toli-Owner": key})
        assert (answer.status_code, answer.json()) == (200, {"outbox": 1, "state": "sent"})
    assert HandIn.objects.count() == 1
    assert seen.verbs() == ["tasks.handed_in"]


@pytest.mark.parametrize("body", [{}, {"ref": "x"}, {"ref": "0190a000-0000-7000-8000-000000000002", "number": "many"}])
def test_bad_input_of_an_outbox_is_refused_in_words(asha, chitra, notice, booths, tree, watch, body):
    agree(chitra, notice, "organise")
    share = share_of(give(asha.actor, tree.booth), tree.booth)
    chitra.client.post(f"/me/tasks/{share.ref}/accept/")
    key, seen = chitra.client.get("/me/tasks/outbox/").json()["owner"], watch()
    answer = chitra.client.post(f"/me/tasks/{share.ref}/send/", body, headers={"Toli-Owner": key})
    assert answer.status_code == 422
    assert answer.json()["reason"]
    assert seen.nothing_happened()
