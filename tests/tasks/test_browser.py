"""The pages of tasks in a real browser: a phone in Hindi with and without JavaScript, the desk in English."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from tests.conftest import absent
from tests.tasks.conftest import file_of, give, hand_in, picture, share_of, volunteer
from tests.tasks.test_likeness import EDITS, visit, wall

from toli.tasks import photos, services
from toli.tasks.models import Assignment, Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def chromium(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    path = os.environ.get("TOLI_BROWSER") or shutil.which("chromium")
    if path is None:
        absent("browser", "no chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def open_page(chromium, live_server, member, *, language="hi", width=360, scripts=True):
    """A page signed in as a member of the cast, that remembers every complaint of the console."""
    context = chromium.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=scripts, base_url=live_server.url
    )
    cookies = {"language": language, "toli": member.browser(second_factor=False).cookies["toli"].value}
    context.add_cookies([{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()])
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda said: page.errors.append(said.text) if said.type == "error" else None)
    return page


def looks_right(page, name: str) -> None:
    """No sideways scrolling, nothing serious for axe, nothing on the console; a picture where SHOTS names a folder."""
    page.evaluate("document.fonts.ready.then(() => true)")
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), f"{name} scrolls sideways"
    if AXE.exists():
        page.evaluate(AXE.read_text())
        found = page.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations"
            ".filter(v => ['serious', 'critical'].includes(v.impact)).map(v => v.id + ': ' + v.nodes[0].html))"
        )
        assert found == [], name
    assert page.errors == [], name


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_volunteer_accepts_and_hands_in_with_a_photo_on_a_small_phone(
    chromium, live_server, asha, salma, booths, tree, tmp_path, scripts
):
    share = share_of(give(asha.actor, tree.booth, proofs=["number", "text", "photo"], target=25), tree.booth)
    page = open_page(chromium, live_server, salma, scripts=scripts)
    page.goto("/me/tasks/")
    assert "घर-घर जाएँ" in page.inner_text("main")
    if scripts:
        looks_right(page, "me-list-new")
    page.get_by_role("button", name="काम स्वीकार करें").click()
    page.wait_for_url(f"**/me/tasks/{share.ref}/")
    page.get_by_role("button", name="काम जमा करें").click()
    page.wait_for_selector(".wrong")
    if scripts:
        looks_right_after_a_refusal(page)
    page.fill("[name=number]", "२४")
    page.fill("[name=text]", "सब घर हो गए")
    file = tmp_path / "photo.jpg"
    file.write_bytes(picture(size=(3000, 2000)))
    page.set_input_files("[name=photo]", file)
    if scripts:
        wait_until_small(page)
    page.get_by_role("button", name="काम जमा करें").click()
    page.wait_for_url(f"**/me/tasks/{share.ref}/")
    page.wait_for_selector("[data-outbox-list] li[data-state=sent]" if scripts else ".note-success")
    done = Assignment.objects.select_related("hand_in__photo").get(pk=share.pk)
    assert (done.state, done.hand_in.number, done.hand_in.text) == ("handed_in", 24, "सब घर हो गए")
    assert file_of(done.hand_in.photo.digest).exists()
    if scripts:
        looks_right(page, "me-task-handed-in")


def wait_until_small(page) -> None:
    """The phone makes the photo smaller before it is sent."""
    for _try in range(200):
        if (
            page.evaluate("document.querySelector('[name=photo]').files[0].name") == "photo.jpg"
            and page.evaluate("createImageBitmap(document.querySelector('[name=photo]').files[0]).then(p => p.width)")
            == 1600
        ):
            return
        page.wait_for_timeout(50)
    raise AssertionError("the photo was not made smaller")


def looks_right_after_a_refusal(page) -> None:
    page.errors = [text for text in page.errors if "422" not in text]  # the browser notes the status of the form
    looks_right(page, "me-task-refused")


def test_a_coordinator_gives_verifies_and_undoes_on_the_desk(chromium, live_server, asha, salma, booths, tree):
    page = open_page(chromium, live_server, asha, language="en", width=1400)
    page.goto(f"/desk/tasks/give/?unit={tree.state.ref}")
    page.fill("[name=title_hi]", "घर-घर जाएँ")
    page.fill("[name=title_en]", "Visit homes")
    page.fill("[name=measure_en]", "homes")
    page.fill("[name=target]", "60")
    page.get_by_role("button", name="Show the split").click()
    page.wait_for_selector("#split")
    looks_right(page, "desk-give-preview")
    page.get_by_role("button", name="Give it to 4 teams").click()
    page.wait_for_selector(".note-success")
    looks_right(page, "desk-task-tree")
    share = share_of(Task.objects.get(), tree.booth)
    services.accept_assignment(actor=salma.actor, ref=share.ref, now=timezone.now())
    hand_in(salma, share)
    page.goto("/desk/tasks/exceptions/")
    row = page.locator(f"#share-{share.ref}")
    row.get_by_role("checkbox").check()
    page.locator("#bulk").get_by_role("button", name="Verify").click()
    page.wait_for_selector(".undo")
    looks_right(page, "desk-exceptions-after-bulk")
    page.get_by_role("button", name="Undo").click()
    page.wait_for_selector(f"#share-{share.ref}")
    row = page.locator(f"#share-{share.ref}")
    row.get_by_role("button", name="Verify").click()
    page.wait_for_selector(f"#share-{share.ref} .tag-good")
    assert Assignment.objects.get(pk=share.pk).state == "verified"
    looks_right(page, "desk-exceptions-row")


@pytest.mark.parametrize(("language", "width"), [("hi", 360), ("hi", 1400), ("en", 360), ("en", 1400)])
def test_every_desk_page_fits_in_both_languages(
    chromium, live_server, asha, salma, booths, tree, photo, language, width
):
    now = timezone.now()
    task = give(asha.actor, tree.state, proofs=["number", "photo"], now=now - timedelta(days=2))
    share = share_of(task, tree.booth)
    services.accept_assignment(actor=salma.actor, ref=share.ref, now=now)
    hand_in(salma, share, number=18, photo=photo)
    other = volunteer(tree.booths[1], name="Ganga Devi")
    second = share_of(task, tree.booths[1])
    services.accept_assignment(actor=other.actor, ref=second.ref, now=now)
    hand_in(other, second, number=3, photo=photo)
    services.return_assignment(actor=asha.actor, ref=second.ref, reason="फ़ोटो धुंधली है, दिन में फिर से लें", now=now)
    page = open_page(chromium, live_server, asha, language=language, width=width)
    at = share_of(task, tree.raipur).ref
    for name, url in {
        "list": "/desk/tasks/", "give": "/desk/tasks/give/", "tree": f"/desk/tasks/{task.ref}/",
        "block": f"/desk/tasks/{task.ref}/?at={at}", "share": f"/desk/tasks/shares/{share.ref}/",
        "returned": f"/desk/tasks/shares/{second.ref}/", "exceptions": "/desk/tasks/exceptions/",
    }.items():  # fmt: skip
        page.goto(url)
        page.wait_for_load_state("networkidle")
        looks_right(page, f"desk-{name}-{language}-{width}")


@pytest.mark.parametrize("language", ["hi", "en"])
def test_returned_and_waiting_work_reads_well_on_the_phone(
    chromium, live_server, asha, salma, booths, tree, photo, language
):
    now = timezone.now()
    page = open_page(chromium, live_server, salma, language=language)
    shares = [share_of(give(asha.actor, tree.booth, proofs=["photo"], target=n), tree.booth) for n in (5, 6, 7, 8)]
    for share in shares[1:]:
        services.accept_assignment(actor=salma.actor, ref=share.ref, now=now)
    for share in shares[2:]:
        hand_in(salma, share, photo=photo)
    services.return_assignment(actor=asha.actor, ref=shares[2].ref, reason="फ़ोटो धुंधली है", now=now)
    services.remind(actor=asha.actor, ref=shares[0].ref, now=now)
    page.goto("/me/tasks/")
    looks_right(page, f"me-list-{language}")
    page.goto(f"/me/tasks/{shares[2].ref}/")
    looks_right(page, f"me-returned-{language}")


@pytest.mark.parametrize(("language", "width"), [("hi", 360), ("en", 1400)])
def test_two_photos_that_look_alike_stand_side_by_side(
    chromium, live_server, asha, salma, tara, booths, tree, language, width
):
    first = visit(wall(5), 5)
    bodies = (EDITS["sent again"](first), EDITS["small, poor, cropped and bright"](first))
    for member, unit, body in zip((salma, tara), (tree.booth, tree.far_booth), bodies, strict=True):
        share = share_of(give(asha.actor, unit, proofs=["photo"]), unit)
        services.accept_assignment(actor=member.actor, ref=share.ref, now=timezone.now())
        hand_in(member, share, photo=photos.clean_photo(body))
    services.compare_photos(now=timezone.now())
    page = open_page(chromium, live_server, asha, language=language, width=width)
    page.goto("/desk/tasks/exceptions/?trouble=photo")
    looks_right(page, f"desk-photo-list-{language}-{width}")
    page.locator("tbody a.tag-warn").click()
    page.wait_for_load_state("networkidle")
    looks_right(page, f"desk-photo-match-{language}-{width}")
    page.locator(".photo-match button[value=same]").click()
    page.wait_for_selector(".note-success")
    looks_right(page, f"desk-photo-judged-{language}-{width}")


def test_the_outbox_on_a_small_phone(chromium, live_server, asha, salma, booths, tree):
    share = share_of(give(asha.actor, tree.booth, proofs=["number", "photo"], target=25), tree.booth)
    services.accept_assignment(actor=salma.actor, ref=share.ref, now=timezone.now())
    page = open_page(chromium, live_server, salma)
    page.goto(f"/me/tasks/{share.ref}/")
    page.fill("[name=number]", "24")
    page.set_input_files(
        "[name=photo]", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(3000, 2000))}
    )
    page.wait_for_selector("[data-photo-size]:not([hidden])")
    looks_right(page, "me-outbox-photo")
    page.context.set_offline(True)
    page.get_by_role("button", name="काम जमा करें").click()
    page.wait_for_selector("[data-outbox-list] li")
    page.errors = [text for text in page.errors if "INTERNET_DISCONNECTED" not in text]
    looks_right(page, "me-outbox-waiting")
    page.goto("/me/tasks/")
    page.wait_for_selector("[data-outbox-list] li")
    page.errors = [text for text in page.errors if "INTERNET_DISCONNECTED" not in text]
    looks_right(page, "me-outbox-list")
