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


def test_signed_out_meanwhile_it_is_kept_and_sent_for_the_same_person_only(
    mobile, network, asha, salma, chitra, booths, tree
):
    share = accepted_share(asha, salma, tree.booth)
    page = mobile.open(network.url, cookies_of(salma))
    page.goto(f"{network.url}/me/tasks/{share.ref}/")
    page.context.clear_cookies(name="toli")
    fill_and_keep(page, number="7")
    until(page, lambda: [row["hold"] for row in rows(page)] == ["login"], "it does not wait for the login")
    page.locator("[data-outbox-list] [data-login]").wait_for(state="visible")
    sign_in(page, network, chitra)
    page.goto(f"{network.url}/me/tasks/")
    until(page, lambda: "किसी और के 1 काम" in page.inner_text("[data-outbox-list]"), "the other person is not told")
    assert "7" not in page.inner_text("[data-outbox-list] ul"), "of somebody else's work nothing is shown"
    assert not HandIn.objects.exists()
    sign_in(page, network, salma)
    page.goto(f"{network.url}/me/tasks/")
    until(page, HandIn.objects.exists, "it did not go out after signing in again")
    assert HandIn.objects.get().person_id == salma.person.pk


def sign_in(page, network, member) -> None:
    page.context.add_cookies([{"name": k, "value": v, "url": network.url} for k, v in cookies_of(member).items()])


def test_while_it_waits_it_can_be_changed_and_thrown_away(mobile, network, asha, salma, booths, tree):
    share = accepted_share(asha, salma, tree.booth, proofs=["number", "photo"])
    page = mobile.open(network.url, cookies_of(salma))
    page.goto(f"{network.url}/me/tasks/{share.ref}/")
    page.context.set_offline(True)
    fill_and_keep(page, number="7", photo=picture())
    [first] = until(page, lambda: rows(page), "nothing was kept")
    page.get_by_role("button", name="बदलें").click()
    assert page.input_value("[name=number]") == "7"
    page.fill("[name=number]", "8")
    page.locator("[data-outbox-form] form button.button").click()
    until(page, lambda: [row["number"] for row in rows(page)] == ["8"], "the change was not kept")
    [row] = rows(page)
    assert (row["ref"], row["bytes"]) == (first["ref"], first["bytes"]), "never tried: the same hand-in, the same photo"
    page.get_by_role("button", name="हटाएँ").click()
    until(page, lambda: rows(page) == [], "it was not thrown away")
    page.context.set_offline(False)
    page.wait_for_timeout(500)
    assert not HandIn.objects.exists()


def test_what_the_server_refuses_says_why_and_can_be_mended(mobile, network, asha, salma, booths, tree):
    share = accepted_share(asha, salma, tree.booth, proofs=["number", "text"])
    page = mobile.open(network.url, cookies_of(salma))
    page.goto(f"{network.url}/me/tasks/{share.ref}/")
    fill_and_keep(page, number="7", text="Call 98765 43210")
    until(page, lambda: [row["state"] for row in rows(page)] == ["refused"], "it was not refused")
    assert "फ़ोन नंबर" in page.inner_text("[data-outbox-list]")
    assert not HandIn.objects.exists()
    page.get_by_role("button", name="बदलें").click()
    page.fill("[name=text]", "सब ठीक")
    page.locator("[data-outbox-form] form button.button").click()
    until(page, HandIn.objects.exists, "the mended hand-in did not go out")
    assert HandIn.objects.get().text == "सब ठीक"


def test_a_full_phone_loses_nothing_of_what_was_written(mobile, network, asha, salma, booths, tree):
    share = accepted_share(asha, salma, tree.booth)
    page = mobile.open(network.url, cookies_of(salma))
    page.goto(f"{network.url}/me/tasks/{share.ref}/")
    quota = page.context.new_cdp_session(page)
    quota.send("Storage.overrideQuotaForOrigin", {"origin": network.url, "quotaSize": 1})
    page.context.set_offline(True)
    fill_and_keep(page, number="7")
    until(page, lambda: "जगह नहीं बची" in page.inner_text("[data-outbox-form]"), "nothing is said")
    assert page.input_value("[name=number]") == "7"
    page.context.set_offline(False)
    page.locator("[data-outbox-form] form button.button").click()
    until(page, HandIn.objects.exists, "with a network it goes as a plain form")


def test_the_phones_worker_sends_while_no_page_is_open(mobile, network, asha, salma, booths, tree):
    share = accepted_share(asha, salma, tree.booth)
    page = mobile.open(network.url, cookies_of(salma))
    page.goto(f"{network.url}/me/tasks/{share.ref}/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    network.down = True
    fill_and_keep(page, number="7")
    until(page, lambda: rows(page), "nothing was kept")
    page.goto("about:blank")
    network.down = False
    session = page.context.browser.new_browser_cdp_session()
    assert session is not None
    sync = page.context.new_cdp_session(page)
    found = []
    sync.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(said["registrations"]))
    sync.send("ServiceWorker.enable")
    until(page, lambda: found, "no worker is registered")
    sync.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": network.url,
            "registrationId": found[0]["registrationId"],
            "tag": "toli-outbox",
            "lastChance": False,
        },
    )
    until(page, HandIn.objects.exists, "the worker did not send it")


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
