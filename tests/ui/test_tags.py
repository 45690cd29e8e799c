"""Filters and tags that every page uses."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from toli.ui.figures import FIGURES, GRADES


def drawn(source, language="en", path="/", **values):
    with translation.override(language):
        context = Context({"request": RequestFactory().get(path), **values})
        return Template("{% load ui %}" + source).render(context).strip()


@pytest.mark.parametrize(
    ("language", "text"), [("en", "Rajsamand"), ("hi", "राजसमंद"), ("gu", "राजसमंद"), ("en-gb", "Rajsamand")]
)
def test_a_name_is_said_in_the_pages_language_or_in_any(language, text):
    with translation.override("hi"):
        assert drawn("{{ names|in_language }}", language, names={"hi": "राजसमंद", "en": "Rajsamand"}) == text
    assert drawn("{{ names|in_language }}", names={}) == ""


def test_numbers_are_grouped_as_lakh_and_crore_and_unknown_is_a_dash():
    assert drawn("{{ n|grouped }}", n=12345678) == "1,23,45,678"
    assert drawn("{{ n|grouped }}", n=None) == "–"
    assert drawn("{{ n|grouped }}", n=0) == "0"
    assert drawn("{{ missing|grouped }}") == "–"
    assert drawn("{{ n|in_words }}", "hi", n=1250000) == "12.5 लाख"


def test_times_are_told_in_india():
    at = datetime(2026, 4, 15, 12, 30, tzinfo=UTC)
    assert drawn("{{ at|ist }}", at=at) == "15 Apr 2026, 6:00 pm"
    assert "शाम 6:00 बजे" in drawn("{{ at|ist }}", "hi", at=at)
    assert drawn("{{ at|ist }}", at=None) == ""
    assert drawn("{{ at|ist_date }}", at=datetime(2026, 4, 14, 20, 0, tzinfo=UTC)) == "Wed, 15 Apr 2026"


def test_a_phone_number_is_masked():
    assert drawn("{{ n|masked }}", n="+911000000210").endswith("210")
    assert "100000" not in drawn("{{ n|masked }}", n="+911000000210")


@pytest.mark.parametrize("key", FIGURES)
def test_every_figure_says_what_it_means_in_both_languages(key):
    for language in ("en", "hi"):
        with translation.override(language):
            definition = str(FIGURES[key].definition)
        assert definition in drawn("{% figure key 5 norm=9 grade='B' %}", language, key=key).replace("&#x27;", "'")


@pytest.mark.parametrize("grade", GRADES)
def test_every_grade_is_a_letter_and_its_words(grade):
    html = drawn("{% grade letter %}", letter=grade)
    assert f">{grade}</abbr>" in html
    assert f'title="{grade}:' in html


def test_a_heading_sorts_and_turns_round():
    head = '{% sort_head "Unit" "name" %}'
    assert 'href="?q=x&amp;sort=name"' in drawn(head, path="/?q=x&page=3")
    assert 'href="?sort=-name"' in drawn(head, path="/?sort=name")
    assert 'aria-sort="descending"' in drawn(head, path="/?sort=-name")


def test_hostile_text_is_escaped():
    assert "<script>" not in drawn("{{ names|in_language }}", names={"en": "<script>"})
    assert "<script>" not in drawn('{% sort_head label "x" %}', label="<script>")
