"""Shells, error pages, the language switch and what the navigation offers."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse
from django.utils import translation

import toli.ui
from toli.ui.errors import WORDS
from toli.ui.navigation import NAV, navigation
from toli.ui.views import LAST_WORDS, error_page, server_error

HERE = Path(toli.ui.__file__).parent


@pytest.mark.parametrize("shell", ["desk", "volunteer", "public", "nonsense"])
@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_gallery_draws_every_component(db, shell, language):
    client = Client()
    client.cookies["language"] = language
    page = client.get(f"/ui/gallery/?shell={shell}")
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()


def test_production_has_no_gallery(db, settings):
    settings.ENV = settings.ENV.model_copy(update={"mode": "production"})
    assert Client().get("/ui/gallery/").status_code == 404


def test_a_chosen_language_is_remembered_and_leads_back(db):
    client = Client()
    answer = client.get("/language/en/?next=/ui/gallery/")
    assert (answer.status_code, answer["Location"]) == (302, "/ui/gallery/")
    assert '<html lang="en"' in client.get("/ui/gallery/").content.decode()
    client.get("/language/hi/")
    assert '<html lang="hi"' in client.get("/ui/gallery/").content.decode()


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_the_switch_leads_nowhere_else(db, target):
    assert Client().get("/language/en/", {"next": target})["Location"] == "/"


def test_an_unknown_language_is_not_there(db):
    assert Client().get("/language/xx/").status_code == 404


def test_saver_mode_is_kept_on_the_device(db):
    client = Client()
    client.get("/saver/?on=1")
    assert 'class="saver"' in client.get("/ui/gallery/?shell=public").content.decode()
    client.get("/saver/?on=0")
    assert 'class="saver"' not in client.get("/ui/gallery/?shell=public").content.decode()


@pytest.mark.parametrize("status", WORDS)
@pytest.mark.parametrize("language", ["hi", "en"])
def test_an_error_says_what_was_kept_and_what_to_do(rf, status, language):
    with translation.override(language):
        text = error_page(rf.get("/"), status, sentence="<b>").content.decode()
        assert all(str(part) in text for part in (WORDS[status].happened, WORDS[status].kept, WORDS[status].to_do))
    assert "<b>" not in text


def test_htmx_gets_a_fragment_and_nothing_else(rf):
    text = error_page(rf.get("/", headers={"HX-Request": "true"}), 409).content.decode()
    assert "<html" not in text
    assert 'data-error="409"' in text


def test_a_limit_says_when_to_come_back(rf):
    assert error_page(rf.get("/"), 429, retry_after=30)["Retry-After"] == "30"


def test_the_last_page_of_all_needs_no_template(rf, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("toli.ui.views.render", broken)
    answer = server_error(rf.get("/"))
    assert answer.status_code == 500
    assert answer.content.decode() == LAST_WORDS


def test_a_page_that_is_not_there_says_so_in_our_words(db):
    page = Client(headers={"accept-language": "en"}).get("/no/such/page/")
    assert page.status_code == 404
    assert "This page is not here" in page.content.decode()


def test_the_navigation_shows_what_the_person_may_do():
    everything = {item.right for group in NAV for item in group.items}
    assert not navigation(frozenset(), "/")
    shown = [link.item.key for _label, links in navigation({"board.view"}, "/desk/board/") for link in links]
    assert shown == ["board", "polls", "short", "shifts"]
    assert len(navigation(everything, "/")) == len(NAV)


def test_the_page_one_is_on_is_marked_once():
    links = [link for _label, links in navigation({"board.view"}, reverse("warroom:shifts")) for link in links]
    assert [link.item.key for link in links if link.current] == ["shifts"]


@pytest.mark.parametrize("item", [item for group in NAV for item in group.items], ids=lambda item: item.key)
def test_every_navigation_line_leads_somewhere_and_names_a_real_right(item):
    from toli.org.rights import RIGHTS

    reverse(item.url_name)
    assert item.right in RIGHTS


def test_the_small_stylesheet_stays_small():
    for name, limit in (("small.css", 10_000), ("small.js", 3_000)):
        assert (HERE / "static" / "ui" / name).stat().st_size < limit


def test_no_template_holds_a_script_or_a_handler():
    for path in HERE.parent.rglob("templates/**/*.html"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*\b(?:src=|type=.application/json))", text), path
        assert not re.search(r"<[^>]+\son(?:click|change|submit|load|input)=", text), path
        assert "javascript:" not in text, path


def test_every_static_file_and_icon_a_template_names_is_there():
    icons = set(re.findall(r'id="([\w-]+)"', (HERE / "static" / "ui" / "icons.svg").read_text()))
    for path in HERE.parent.rglob("templates/**/*.html"):
        text = path.read_text()
        for name in re.findall(r"{% static ['\"]([^'\"]+)['\"]", text):
            assert name.startswith("vendor/") or finders.find(name), (path, name)
        for name in re.findall(r"{% icon ['\"]([\w-]+)['\"]", text):
            assert name in icons, (path, name)


@pytest.mark.parametrize("path", sorted(HERE.parent.rglob("templates/**/*.html")), ids=lambda p: p.name)
def test_every_template_is_read_without_an_error(path):
    get_template(str(path).split("/templates/", 1)[1])


def _luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("sheet", ["small.css", "desk.css"])
def test_the_palette_can_be_read(sheet):
    text = (HERE / "static" / "ui" / sheet).read_text()
    colours = dict(re.findall(r"--([\w-]+):(#[0-9a-f]{6})", text)) | {"card": "#ffffff"}
    pairs = [(ink, ground) for ink in ("ink", "soft", "main", "clay") for ground in ("card", "paper")]
    pairs += [(mood, f"{mood}-bg") for mood in ("good", "warn", "bad")] + [("main-dark", "tint"), ("card", "main")]
    for ink, ground in pairs:
        assert _contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
