"""The phone's app: what it keeps, for whom, and what it shows without a network."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.tasks.conftest import give, share_of
from tests.volunteer.conftest import agree
from tests.volunteer.test_browser import accessible, narrow, phone, shot

from toli.tasks import services

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def share(asha, chitra, booths, tree):
    """A task chitra has accepted."""
    share = share_of(give(asha.actor, tree.booth), tree.booth)
    return services.accept_assignment(actor=chitra.actor, ref=share.ref, now=timezone.now())


def worker_ready(page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def kept(page) -> list[str]:
    """The paths this phone keeps a page of."""
    return page.evaluate(
        "(async () => { const found = [];"
        "for (const name of await caches.keys()) if (name.startsWith('toli-pages-'))"
        "  for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);"
        "return found.sort(); })()"
    )


def until_kept(page, *paths: str) -> None:
    for _try in range(200):
        if set(paths) <= set(kept(page)):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"only {kept(page)}")


def test_my_day_seat_and_open_tasks_open_in_aeroplane_mode(chromium, live_server, chitra, notice, share):
    agree(chitra, notice, "organise")
    page = phone(chromium, live_server, chitra)
    page.goto("/me/")
    worker_ready(page)
    page.reload()
    task = f"/me/tasks/{share.ref}/"
    until_kept(page, "/me/", "/me/seat/", "/me/tasks/", task)
    page.context.set_offline(True)
    for path in ("/me/", "/me/seat/", "/me/tasks/", task):
        page.goto(path)
        line = page.locator(".as-of")
        assert line.is_visible(), path
        assert "अभी नेटवर्क नहीं है" in line.inner_text()
        narrow(page)
        shot(page, f"offline{path.replace('/', '-')[:12]}")
    assert page.locator("[name=number]").is_visible()
    page.goto("/me/data/")
    assert "नेटवर्क" in page.inner_text("h1"), "what was never kept says so"
    accessible(page)
    shot(page, "offline-none")


def test_nothing_is_kept_for_the_next_person_of_a_shared_phone(chromium, live_server, chitra, ravi, notice, share):
    for member in (chitra, ravi):
        agree(member, notice, "organise")
    page = phone(chromium, live_server, chitra)
    page.goto("/me/")
    worker_ready(page)
    page.reload()
    until_kept(page, "/me/", "/me/tasks/")
    switch(page, live_server, ravi)
    page.goto("/me/")
    page.wait_for_function("document.body.innerText.includes('Ravi') || document.body.innerText.includes('नमस्ते')")
    until_kept(page, "/me/")
    page.context.set_offline(True)
    page.goto(f"/me/tasks/{share.ref}/")
    assert "नेटवर्क" in page.inner_text("h1"), "the page of the person before is gone"
    names = page.evaluate("caches.keys().then(names => names.filter(name => name.startsWith('toli-pages-')))")
    assert len(names) == 1


def switch(page, live_server, member) -> None:
    """The next person's session in the same browser."""
    cookie = member.browser(second_factor=False).cookies["toli"].value
    page.context.add_cookies([{"name": "toli", "value": cookie, "url": live_server.url}])


def test_signing_out_throws_every_kept_page_away(chromium, live_server, chitra, notice, share):
    agree(chitra, notice, "organise")
    page = phone(chromium, live_server, chitra)
    page.goto("/me/")
    worker_ready(page)
    page.reload()
    until_kept(page, "/me/", "/me/seat/")
    page.goto("/login/finish/")
    page.locator("main form button").click()
    page.wait_for_url("**/login/finish/")
    page.wait_for_load_state()
    assert kept(page) == []
    page.context.set_offline(True)
    page.goto("/me/")
    assert "Chitra" not in page.content()
    assert "नेटवर्क" in page.inner_text("h1")


def test_a_session_that_ended_elsewhere_takes_its_pages_with_it(chromium, live_server, chitra, notice, share):
    agree(chitra, notice, "organise")
    page = phone(chromium, live_server, chitra)
    page.goto("/me/")
    worker_ready(page)
    page.reload()
    until_kept(page, "/me/", "/me/seat/")
    page.context.clear_cookies(name="toli")
    page.goto("/me/")
    page.wait_for_url("**/login/**")
    page.wait_for_function("caches.keys().then(names => names.every(name => !name.startsWith('toli-pages-')))")


def test_a_kiosk_installs_and_keeps_nothing(chromium, live_server, chitra, notice):
    agree(chitra, notice, "organise")
    page = phone(chromium, live_server, chitra)
    client = chitra.browser(second_factor=False)
    session = client.session
    session["kiosk"] = True
    session["kiosk_until"] = (timezone.now() + timedelta(minutes=10)).timestamp()
    session.save()
    page.goto("/me/")
    assert page.locator("link[rel=manifest]").count() == 0
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    assert kept(page) == []
    assert page.request.get("/me/worker.js").status == 404
    assert "Toli-Keep" not in page.request.get("/me/").headers


def test_an_old_release_leaves_no_files_behind(chromium, live_server, chitra, notice):
    agree(chitra, notice, "organise")
    page = phone(chromium, live_server, chitra)
    page.goto("/me/offline/")
    page.evaluate("caches.open('toli-files-before').then(cache => cache.put('/old', new Response('x')))")
    page.goto("/me/")
    worker_ready(page)
    page.wait_for_function("caches.has('toli-files-before').then(has => !has)")


def test_an_appeal_kept_on_the_phone_is_not_shown_after_silence_began(
    chromium, live_server, asha, chitra, notice, booths, tree
):
    agree(chitra, notice, "organise")
    share = share_of(give(asha.actor, tree.booth, kind="appeal"), tree.booth)
    page = phone(chromium, live_server, chitra)
    page.goto("/me/")
    worker_ready(page)
    page.reload()
    task = f"/me/tasks/{share.ref}/"
    until_kept(page, task, "/me/tasks/", "/me/seat/")
    soon = int(timezone.now().timestamp()) - 5
    page.evaluate(PUT_A_TURN, [task, soon])
    page.context.set_offline(True)
    page.goto("/me/tasks/")
    assert "घर-घर जाएँ" not in page.inner_text("main")
    assert "कानून" in page.inner_text("main") or "क़ानून" in page.inner_text("main")
    page.goto(task)
    assert "नेटवर्क" in page.inner_text("h1")


# What the server would have said, had a poll been near: the law turns at that second.
PUT_A_TURN = """async ([task, soon]) => {
  for (const name of await caches.keys()) {
    if (!name.startsWith("toli-pages-")) continue;
    const cache = await caches.open(name);
    const own = await cache.match(new URL(task, location.origin).href, {ignoreVary: true});
    const headers = new Headers(own.headers);
    headers.set("Toli-Keep-Until", String(soon));
    await cache.put(new URL(task, location.origin).href, new Response(await own.text(), {headers}));
    const list = await cache.match(new URL("/me/tasks/", location.origin).href, {ignoreVary: true});
    const text = (await list.text())
      .replace('<article class="card">', `<!--until:${soon}|कानून की रोक--><article class="card">`)
      .replace("</article>", "</article><!--/until-->");
    await cache.put(new URL("/me/tasks/", location.origin).href, new Response(text, {headers: list.headers}));
  }
}"""


def test_the_first_visit_is_small_and_the_meter_counts_what_the_worker_spent(
    chromium, live_server, chitra, notice, share
):
    agree(chitra, notice, "organise")
    page = phone(chromium, live_server, chitra)
    page.goto("/me/")
    worker_ready(page)
    until_kept(page, "/me/seat/", "/me/tasks/", f"/me/tasks/{share.ref}/")
    page.wait_for_timeout(300)
    counted = page.evaluate("JSON.parse(localStorage.getItem('toli-bytes')).bytes")
    pages = page.evaluate(
        "(async () => { let sum = 0; for (const name of await caches.keys()) if (name.startsWith('toli-pages-'))"
        " for (const request of await (await caches.open(name)).keys())"
        " sum += (await (await (await caches.open(name)).match(request)).blob()).size; return sum; })()"
    )
    assert counted > pages, "what the worker fetched is in the sum"
