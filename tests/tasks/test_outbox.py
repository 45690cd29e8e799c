"""Hand-ins of a phone: nothing lost and nothing doubled, whatever dies and whenever."""

from __future__ import annotations

import os
import random
import shutil

import pytest
from django.utils import timezone
from playwright.sync_api import Error
from tests.conftest import absent
from tests.tasks.bad_network import BadNetwork, Phone
from tests.tasks.conftest import give, picture, share_of

from toli.audit.models import Record
from toli.tasks import services
from toli.tasks.models import Assignment, HandIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SEEDS = 20
FATES = ("refuse", "half", "lost", "busy", "wall", "kill", "")


@pytest.fixture
def play(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    if not (os.environ.get("TOLI_BROWSER") or shutil.which("chromium")):
        absent("browser", "no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        yield started


@pytest.fixture
def network(live_server):
    made = BadNetwork((live_server.thread.host, live_server.thread.port))
    yield made
    made.close()


@pytest.fixture
def mobile(play, network, tmp_path):
    path = os.environ.get("TOLI_BROWSER") or shutil.which("chromium")
    made = Phone(play, path, tmp_path / "profile")
    network.kill = made.kill
    yield made
    made.kill()


def cookies_of(member) -> dict[str, str]:
    return {"language": "hi", "toli": member.browser(second_factor=False).cookies["toli"].value}


def accepted_share(asha, member, unit, **more) -> Assignment:
    share = share_of(give(asha.actor, unit, **more), unit)
    return services.accept_assignment(actor=member.actor, ref=share.ref, now=timezone.now())


ROWS = "ToliOutbox.all().then(rows => rows.map(({photo, ...row}) => ({...row, bytes: photo?.byteLength ?? 0})))"


def rows(page) -> list[dict]:
    """What lies in the phone's outbox; asked again where the page was changing."""
    for last in (False, False, False, True):
        try:
            page.wait_for_function("self.ToliOutbox !== undefined")
            return page.evaluate(ROWS)
        except Error as error:
            if last or "context was destroyed" not in str(error):
                raise
    raise AssertionError


def fill_and_keep(page, *, number: str, text: str | None = None, photo: bytes | None = None) -> None:
    assert page.locator("[name=number]").is_visible(), page.inner_text("body")[:600]
    page.fill("[name=number]", number)
    if text is not None:
        page.fill("[name=text]", text)
    if photo is not None:
        page.set_input_files("[name=photo]", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo})
    page.locator("[data-outbox-form] form button.button").click()


def until(page, what, complaint: str, seconds: float = 20.0):
    """The first true answer of `what`, asked while the browser goes on."""
    for _try in range(int(seconds * 20)):
        if found := what():
            return found
        page.wait_for_timeout(50)
    raise AssertionError(complaint)


def test_a_hand_in_without_a_network_is_kept_and_goes_out_when_it_is_back(mobile, network, asha, salma, booths, tree):
    share = accepted_share(asha, salma, tree.booth, proofs=["number", "text", "photo"])
    page = mobile.open(network.url, cookies_of(salma))
    page.goto(f"{network.url}/me/tasks/{share.ref}/")
    page.context.set_offline(True)
    fill_and_keep(page, number="२४", text="सब घर हो गए", photo=picture(size=(3000, 2000)))
    [row] = until(page, lambda: rows(page), "nothing was kept")
    assert (row["state"], row["number"], row["text"]) == ("waiting", "२४", "सब घर हो गए")
    assert 0 < row["bytes"] < 400_000, "the photo is made small before it is kept"
    assert "नेटवर्क का इंतज़ार" in page.inner_text("[data-outbox-list]")
    assert not HandIn.objects.exists()
    page.context.set_offline(False)
    until(page, HandIn.objects.exists, "it did not go out")
    done = HandIn.objects.select_related("photo").get()
    assert (str(done.ref), done.number, done.text, done.photo.width) == (row["ref"], 24, "सब घर हो गए", 1600)
    until(page, lambda: "पर भेजा गया" in page.inner_text("[data-outbox-list]"), "the page does not say it was sent")


def test_nothing_is_lost_and_nothing_doubled_over_twenty_interrupted_phones(mobile, network, asha, salma, booths, tree):
    page = mobile.open(network.url, cookies_of(salma))
    for seed in range(SEEDS):
        dice = random.Random(seed)
        share = accepted_share(asha, salma, tree.booth, proofs=["number", "photo"])
        network.fates.extend(fate for fate in (dice.choice(FATES) for _n in range(dice.randint(1, 3))) if fate)
        planned, before = list(network.fates), len(network.met)
        page = handed_in_somehow(page, mobile, network, salma, share, number=seed + 1, dice=dice)
        [made] = HandIn.objects.filter(assignment=share)
        assert made.number == seed + 1, (seed, planned)
        assert Record.objects.filter(verb="tasks.handed_in", target_ref=share.ref).count() == 1, (seed, planned)
        [row] = [row for row in rows(page) if str(share.ref) in row["send"]]
        assert (row["ref"], row["state"]) == (str(made.ref), "sent"), (seed, planned)
        assert network.met[before:] == planned, "every planned fault was met"
    assert HandIn.objects.count() == SEEDS
    print(f"\n{SEEDS} seeds, faults met: { {fate: network.met.count(fate) for fate in FATES if fate} }")


def handed_in_somehow(page, mobile, network, member, share, *, number: int, dice: random.Random):
    """Hand in, and open the app again after each fault, until the phone says it is sent. The page that is open then."""
    page.goto(f"{network.url}/me/tasks/{share.ref}/")
    photo = picture(size=(dice.randint(300, 900), dice.randint(300, 900)))
    fill_and_keep(page, number=str(number), photo=photo)
    for tries in range(12):
        try:
            if is_sent(page, share, tries=tries):
                return page
            page.reload()
        except Error:
            mobile.has_died()
            page = mobile.open(network.url, cookies_of(member))
            page.goto(f"{network.url}/me/tasks/")
    raise AssertionError(f"not sent: {rows(page)} met {network.met}")


def is_sent(page, share, *, tries: int) -> bool:
    """True when the phone says so; False as soon as a try more than `tries` has failed."""
    for _try in range(200):
        [row] = [row for row in rows(page) if str(share.ref) in row["send"]] or [{"state": "", "tries": 0}]
        if row["state"] == "sent":
            return True
        if row["state"] == "waiting" and row["tries"] > tries:
            return False
        page.wait_for_timeout(30)
    return False
