"""The pulse on a 360 pixel phone in Hindi, with the real process behind it; and the desk's pages."""

import os
import shutil
import signal
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from tests.broadcasts.conftest import build, cleared_item, plan_for, release, set_poll
from tests.conftest import absent
from tests.content.conftest import wording
from tests.pulse.conftest import database_url, running

from toli.broadcasts import services
from toli.broadcasts.links import code_of
from toli.broadcasts.models import Listening, Receipt, Release
from toli.content import services as content
from toli.content.services import Slogan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def served(transactional_db, settings):
    """A running pulse, and the pages knowing where it listens."""
    with running(database_url()) as found:
        settings.PULSE_URL = found.origin
        yield found


@pytest.fixture
def chromium(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    path = shutil.which("chromium")
    if path is None:
        absent("browser", "no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(chromium, live_server, member, *, width=360, language="hi", second_factor=True):
    # The live server took its Content-Security-Policy before the port of the pulse was known.
    context = chromium.new_context(viewport={"width": width, "height": 780}, base_url=live_server.url, bypass_csp=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
    session = member.browser(second_factor=second_factor).cookies["toli"].value
    context.add_cookies(
        [{"name": k, "value": v, "url": live_server.url} for k, v in {"language": language, "toli": session}.items()]
    )
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
    return page


def look(page, name: str) -> None:
    """Nothing wider than the screen, nothing serious from axe, a picture when one is asked for."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    if AXE.exists():
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.impact, v.id, v.nodes[0].html]))")
        assert [row for row in found if row[0] in ("serious", "critical")] == [], name


def test_quiet_hours_show_nothing_and_by_the_hour_new_texts_come_as_a_list(
    served, live_server, chromium, on_air, chitra, tree
):
    hour = timezone.localtime().hour
    choice = {"hourly": "", "quiet_from": hour, "quiet_until": (hour + 2) % 24}
    assert chitra.client.post("/me/pulse/listening/", choice).status_code == 302
    page = opened(chromium, live_server, chitra)
    page.goto("/me/")
    page.locator("[data-pulse-said]").filter(has_text="आराम").wait_for()
    assert page.locator("[data-pulse-now]").is_hidden()
    chitra.client.post("/me/pulse/listening/", {"hourly": "1", "quiet_from": "", "quiet_until": ""})
    page.goto("/me/")
    page.locator("[data-pulse-digest]").filter(has_text="हर बूथ, हर घर").wait_for(state="attached")
    assert page.locator("[data-pulse-digest]").is_visible()
    assert page.errors == []
    chitra.client.post("/me/pulse/listening/", {"hourly": "1", "quiet_from": "9", "quiet_until": ""})
    assert Listening.objects.values_list("hourly", "quiet_from", "quiet_until").get() == (True, None, None)


def test_a_slogan_comes_is_shared_with_its_source_and_is_counted(served, live_server, chromium, on_air, chitra, tree):
    page = opened(chromium, live_server, chitra)
    page.goto("/me/")
    text = page.locator("[data-pulse-text]")
    text.filter(has_text="हर बूथ, हर घर").wait_for()
    look(page, "pulse")
    page.get_by_role("button", name="कॉपी करें").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    words, link, source, sharer = copied.split("\n")
    assert (words, source) == ("हर बूथ, हर घर", "— प्रदेश समिति")
    assert link.endswith(f"/s/{code_of(on_air.pk, tree.sahara.pk)}/")
    assert "बूथ प्रभारी" in sharer
    assert "911000000003" not in copied
    href = page.locator("[data-pulse-whatsapp]").get_attribute("href")
    assert href.startswith("https://wa.me/?text=%E0%A4%B9")
    served.wait(lambda: Receipt.objects.count() >= 2, 15)
    assert services.count_receipts() == 2
    assert page.errors == []


def test_a_withdrawn_text_leaves_an_open_phone_at_its_next_question(
    served, live_server, chromium, on_air, chitra, bilal
):
    page = opened(chromium, live_server, chitra)
    page.goto("/me/")
    text = page.locator("[data-pulse-text]")
    text.filter(has_text="हर बूथ, हर घर").wait_for()
    content.withdraw_item(actor=bilal.actor, ref=on_air.ref, reason="", now=timezone.now())
    build()
    page.locator("[data-pulse-empty]").wait_for(state="visible", timeout=8_000)
    assert page.locator("[data-pulse-now]").is_hidden()


def test_a_new_text_is_on_the_open_screen_at_the_next_question(
    served, live_server, chromium, on_air, chitra, bilal, farah, gopal, tree
):
    page = opened(chromium, live_server, chitra)
    page.goto("/me/")
    text = page.locator("[data-pulse-text]")
    text.filter(has_text="हर बूथ, हर घर").wait_for()
    item = cleared_item(bilal, [farah, gopal], tree.bhilwara, text="अभी अभी आया")
    release(item, farah, gopal, plan_for(tree.bhilwara))
    build()
    text.filter(has_text="अभी अभी आया").wait_for(timeout=7_000)


def test_sharing_ends_by_the_servers_clock_even_without_a_network(served, live_server, chromium, on_air, chitra):
    page = opened(chromium, live_server, chitra)
    page.clock.install()
    Release.objects.update(ends_at=timezone.now() + timedelta(minutes=3))
    services.build_documents(now=timezone.now(), force=True)
    page.goto("/me/")
    page.locator("[data-pulse-text]").filter(has_text="हर बूथ, हर घर").wait_for()
    served.stop(signal.SIGKILL)
    assert page.locator("[data-pulse-acts]").is_visible()
    page.clock.fast_forward("03:30")
    page.locator("[data-pulse-acts]").wait_for(state="hidden")


def test_my_texts_work_without_scripts_and_say_when_silence_holds(live_server, chromium, on_air, chitra, tree):
    page = opened(chromium, live_server, chitra)
    page.goto("/me/pulse/")
    look(page, "pulse-list")
    assert "wa.me" in page.content()
    closes = set_poll(tree.sahara)
    build(closes - timedelta(hours=30))
    page.goto("/me/pulse/")
    look(page, "pulse-silence")


@pytest.mark.parametrize(("width", "language"), [(360, "hi"), (1400, "en"), (1400, "hi")])
def test_the_desk_pages(live_server, chromium, on_air, bilal, farah, gopal, tree, width, language):
    slogans = [Slogan({"hi": f"गाँव गाँव, घर घर {n}", "en": f"Every village {n}"}) for n in range(1, 13)]
    sources = {"hi": "प्रदेश समिति", "en": "State committee"}
    sheet = content.make_sheet(
        actor=bilal.actor, unit=tree.bhilwara, title="पहला पन्ना", slogans=slogans, sources=sources, matter="appeal",
        now=timezone.now(),
    )  # fmt: skip
    content.submit_sheet(actor=bilal.actor, ref=sheet.ref, now=timezone.now())
    waiting = content.write_item(actor=bilal.actor, unit=tree.bhilwara, wording=wording("नया"), now=timezone.now())
    content.submit_item(actor=bilal.actor, ref=waiting.ref, now=timezone.now())
    live = Release.objects.get()
    page = opened(chromium, live_server, farah, width=width, language=language)
    pages = {
        "items": "/desk/content/", "item": f"/desk/content/{waiting.ref}/", "write": "/desk/content/new/",
        "sheet": f"/desk/content/sheets/{sheet.ref}/", "sheet-new": "/desk/content/sheets/new/",
        "desk": "/desk/pulse/", "release": f"/desk/pulse/releases/{live.ref}/",
        "publish": f"/desk/pulse/new/sheet/{sheet.ref}/", "stream": f"/desk/pulse/streams/{tree.sahara.ref}/",
    }  # fmt: skip
    for name, url in pages.items():
        assert page.goto(url).status == 200, name
        look(page, f"{name}-{width}-{language}")
    assert page.errors == []
