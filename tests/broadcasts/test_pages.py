import io
from datetime import timedelta

import pytest
from django.utils import timezone

from toli.broadcasts.models import Release
from toli.content.models import Item


def urls(item, release, tree):
    return [
        f"/desk/content/{item.ref}/", f"/desk/content/{item.ref}/edit/", f"/desk/pulse/releases/{release.ref}/",
        f"/desk/pulse/releases/{release.ref}/change/", f"/desk/pulse/new/item/{item.ref}/",
        f"/desk/pulse/streams/{tree.sahara.ref}/",
    ]  # fmt: skip


def test_the_district_opens_its_pages_and_another_district_does_not_find_them(on_air, farah, dev, client, tree):
    release = Release.objects.get()
    for url in urls(on_air, release, tree):
        assert farah.client.get(url).status_code == 200, url
        assert dev.client.get(url).status_code == 404, url
        assert client.get(url).status_code == 302, url


def test_another_district_cannot_act_by_address(on_air, dev, watch):
    release = Release.objects.get()
    seen = watch()
    for url, data in (
        (f"/desk/content/{on_air.ref}/withdraw/", {"reason": "x"}),
        (f"/desk/content/{on_air.ref}/approve/", {"seen": on_air.hash}),
        (f"/desk/content/{on_air.ref}/submit/", {}),
        (f"/desk/pulse/releases/{release.ref}/withdraw/", {}),
        (f"/desk/pulse/releases/{release.ref}/approve/", {"seen": release.hash}),
    ):
        assert dev.client.post(url, data).status_code == 404, url
    assert Item.objects.get().state == "out"
    assert Release.objects.get().state == "approved"
    assert seen.nothing_happened()


def test_who_may_only_look_gets_no_buttons_and_no_further(on_air, meera, watch):
    page = meera.client.get(f"/desk/content/{on_air.ref}/")
    assert page.status_code == 200
    assert b"/withdraw/" not in page.content
    seen = watch()
    assert meera.client.post(f"/desk/content/{on_air.ref}/withdraw/", {}).status_code == 404
    assert meera.client.get("/desk/content/new/").status_code == 404
    assert seen.nothing_happened()


def test_writing_through_the_form(bilal, tree):
    form = {
        "unit": str(tree.bhilwara.ref), "kind": "slogan", "matter": "appeal", "text_hi": "नया नारा", "text_en": "New",
        "source_hi": "समिति", "source_en": "Committee", "ai": "none", "link": "", "on_date": "", "constituency": "",
    }  # fmt: skip
    answer = bilal.client.post("/desk/content/new/", form)
    assert answer.status_code == 302
    assert Item.objects.get().texts_by_language == {"hi": "नया नारा", "en": "New"}
    wrong = bilal.client.post("/desk/content/new/", {**form, "text_en": ""})
    assert wrong.status_code == 422
    assert "नया नारा" in wrong.content.decode()
    assert Item.objects.count() == 1


def test_bad_input_never_breaks_a_page(bilal, tree, on_air):
    for url, data in (
        ("/desk/content/new/", {}),
        ("/desk/content/new/", {"unit": "x", "kind": "\x00", "matter": "war", "text_hi": "\x00", "on_date": "never"}),
        ("/desk/content/sheets/new/", {"lines_hi": "एक\nदो", "lines_en": "one", "title": "a"}),
        (f"/desk/pulse/new/item/{on_air.ref}/", {"scope": ["x"], "starts_at": "soon", "ends_at": "", "quota": "-1"}),
        (f"/desk/pulse/new/nothing/{on_air.ref}/", {}),
        (f"/desk/content/{on_air.ref}/approve/", {"seen": "\x00"}),
        ("/me/pulse/follow/", {"unit": "x"}),
    ):
        assert bilal.client.post(url, data).status_code in (400, 403, 404, 409, 422), url
    for url in (
        "/desk/content/?state=x&page=zzz&q=%00",
        "/desk/pulse/?page=-1&streams=a",
        "/pictures/" + "a" * 64 + ".jpg",
    ):
        assert bilal.client.get(url).status_code in (200, 404), url


def test_a_release_through_the_form(bilal, farah, approved, tree):
    start = timezone.localtime()
    form = {
        "scope": [str(tree.bhilwara.ref)], "tier": "all", "channels": ["pulse", "groups"], "quota": "12",
        "starts_at": start.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (start + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    answer = farah.client.post(f"/desk/pulse/new/item/{approved.ref}/", form)
    assert answer.status_code == 302
    made = Release.objects.get()
    assert made.scope == [tree.bhilwara.pk]
    own = farah.client.post(f"/desk/pulse/releases/{made.ref}/approve/", {"seen": made.hash})
    assert own.status_code == 403
    assert bilal.client.post(f"/desk/pulse/releases/{made.ref}/approve/", {"seen": made.hash}).status_code == 302
    assert Release.objects.get().state == "approved"


@pytest.mark.parametrize("language", ["hi", "en"])
def test_everybody_reads_their_own_texts(on_air, chitra, language):
    page = chitra.browser(second_factor=False, language=language).get("/me/pulse/")
    assert page.status_code == 200
    assert ("हर बूथ" if language == "hi" else "Every booth") in page.content.decode()


def test_a_document_that_has_ended_is_shown_nowhere(on_air, chitra, farah, tree):
    from toli.broadcasts.models import Document

    Document.objects.update(valid_until=timezone.now() - timedelta(seconds=1))
    for page in (chitra.client.get("/me/pulse/"), farah.client.get(f"/desk/pulse/streams/{tree.sahara.ref}/")):
        assert page.status_code == 200
        assert "Every booth" not in page.content.decode()


def test_a_picture_leaves_with_its_item(bilal, farah, gopal, chitra, tree, settings, tmp_path):
    from tests.broadcasts.conftest import cleared_item
    from tests.content.files import jpeg

    from toli.content import services

    settings.MEDIA_ROOT = tmp_path
    media, _new = services.add_media(
        actor=bilal.actor, unit=tree.bhilwara, upload=io.BytesIO(jpeg()), made=None, now=timezone.now(),
        rights=services.Rights("चौक", "समिति", "own"),
    )  # fmt: skip
    item = cleared_item(bilal, [farah, gopal], tree.bhilwara, kind="picture", media=media)
    assert chitra.client.get(f"/pictures/{media.name}").status_code == 200
    services.withdraw_item(actor=bilal.actor, ref=item.ref, reason="", now=timezone.now())
    assert chitra.client.get(f"/pictures/{media.name}").status_code == 404
