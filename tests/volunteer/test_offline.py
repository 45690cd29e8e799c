"""The phone's app: what it keeps, for whom, and what it shows without a network."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests.conftest import absent  # noqa: F401
from tests.tasks.conftest import booths, give, share_of  # noqa: F401
from tests.volunteer.conftest import agree
from tests.volunteer.test_browser import accessible, chromium, narrow, phone, shot  # noqa: F401

from toli.tasks import services

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def share(asha, chitra, booths, tree):  # noqa: F811
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


def test_my_day_seat_and_open_tasks_open_in_aeroplane_mode(chromium, live_server, chitra, notice, share):  # noqa: F811
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
