"""What leaves the board for a group: one set of figures as a text and as a picture; and words that go after a year."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from PIL import Image

from toli.kit.actor import SystemActor
from toli.org import services as org_services
from toli.ui import lettering
from toli.warroom import picture, services
from toli.warroom.models import Flag, HandOver
from toli.warroom.rules import Row
from toli.warroom.sheet import sheet_of, text_of

needs_raqm = pytest.mark.skipif(not lettering.can_draw(), reason="Pillow without raqm: Hindi is not drawn")


def row(name, n, **figures):
    found = {"norm": 2100 + n, "accepted": 1234 + n, "verified": 1000 + n, "active": 77, "silent": 9, "on_duty": 3}
    return Row(n, None, {"hi": name, "en": name}, "1/", "district", {**found, **figures}, grade="ABCD"[n % 4])


def sheet(rows=40, name="राजस्थान"):
    with translation.override("hi"):
        return sheet_of(
            row(name, 0), [row(f"ज़िला {n} क्षेत्र", n) for n in range(1, rows + 1)], level="राज्य",
            moment="22 नवंबर 2026, सुबह 8:00 बजे", language="hi",
        )  # fmt: skip


@pytest.fixture
def drawn(monkeypatch):
    """Every word the pen writes."""
    words = []
    write = picture._Pen.write

    def noted(pen, at, text, *rest, **more):
        words.append(text)
        return write(pen, at, text, *rest, **more)

    monkeypatch.setattr(picture._Pen, "write", noted)
    return words


@needs_raqm
def test_text_and_picture_say_the_same_figures(drawn):
    found = sheet(rows=6)
    with translation.override("hi"):
        text = text_of(found)
        picture.draw(found)
    words = " ".join(drawn).replace(" / ", "/")
    for line in text.splitlines()[4:]:
        name, figures, grade = re.fullmatch(r"(.+): (\S+) \((.)\)", line).groups()
        assert name in drawn
        assert figures in words
        assert grade in drawn
    head = re.findall(r"\d[\d,]*", " ".join(text.splitlines()[1:3]))
    assert head == ["2,100", "1,234", "1,000", "77", "9", "3"]
    assert set(head) <= set(re.findall(r"\d[\d,]*", words))


@needs_raqm
@pytest.mark.parametrize("rows", [0, 1, 12, 13, 400])
def test_a_picture_is_small_and_fits_a_phone(rows):
    with translation.override("hi"):
        body = picture.draw(sheet(rows, name="श्रीगंगानगर विधानसभा क्षेत्र " * 9))
    assert len(body) < 200_000
    image = Image.open(io.BytesIO(body))
    assert image.format == "PNG"
    assert image.width == 1080
    assert image.height <= picture.TALLEST


@needs_raqm
def test_hindi_is_shaped_and_no_letter_is_missing(drawn):
    """A conjunct is narrower than its letters one by one, and no word becomes boxes."""
    pen = picture._Pen(None)
    assert pen.length("क्षेत्र", 40) < sum(pen.length(c, 40) for c in "क्षेत्र")
    for script in ("devanagari", "latin"):
        font = lettering.font(script, 40, False)
        sample = "राजस्थान ड़ढ़ज़ फ़िर ₹" if script == "devanagari" else "0123456789,/%·–−…ABCD"
        missing = font.getmask("\U0001f9ff").getbbox()
        assert all(font.getmask(c).getbbox() != missing or c == " " for c in sample if c.isalnum())


def test_without_raqm_it_refuses_with_a_sentence(asha, tree, monkeypatch, watch):
    monkeypatch.setattr(lettering.features, "check", lambda name: False)
    org_services.fold_counts()
    seen = watch()
    answer = asha.client.get(f"/desk/board/{tree.state.ref}/picture/")
    assert answer.status_code == 503
    assert "raqm" in answer.content.decode()
    assert seen.nothing_happened()


@needs_raqm
def test_a_picture_taken_is_recorded(asha, tree, watch):
    org_services.fold_counts()
    seen = watch()
    answer = asha.client.get(f"/desk/board/{tree.state.ref}/picture/?level=district")
    assert answer.headers["Content-Type"] == "image/png"
    assert seen.verbs() == ["warroom.picture_taken"]


@needs_raqm
def test_nobody_takes_a_picture_of_anothers_unit(bilal, tree, watch):
    org_services.fold_counts()
    seen = watch()
    assert bilal.client.get(f"/desk/board/{tree.udaipur.ref}/picture/").status_code == 404
    assert seen.nothing_happened()


@pytest.mark.parametrize("rows", [0, 5, 39, 40, 41, 400])
def test_a_text_never_passes_its_limit_and_says_what_is_left_out(rows):
    found = sheet(rows)
    with translation.override("hi"):
        text = text_of(found)
    assert len(text) <= 1000
    shown = sum(line.startswith("ज़िला") for line in text.splitlines())
    left = re.search(r"और (\d+)", text.splitlines()[-1])
    assert shown + (int(left[1]) if left else 0) == rows


def test_a_name_longer_than_the_message_is_cut():
    with translation.override("hi"):
        assert len(text_of(sheet(3, name="न" * 3000))) == 1000


# --- words go after a year ---


@pytest.fixture
def spoken(bilal, tree):
    now = timezone.now()
    for age in (366, 300):
        at = now - timedelta(days=age)
        services.hand_over(actor=bilal.actor, unit_ref=tree.sahara.ref, text="सुनीता से बात करें", now=at)
        flag = services.raise_flag(actor=bilal.actor, unit_ref=tree.sahara.ref, kind="other", text="मोहन बीमार", now=at)
        services.close_flag(actor=bilal.actor, ref=flag.ref, outcome="मोहन ठीक", now=at + timedelta(days=20))
    return now


def test_notes_and_flags_are_emptied_after_a_year_and_their_rows_stay(spoken, bilal, tree, watch):
    seen = watch()
    assert services.erase_words(actor=SystemActor(), now=spoken) == 2
    assert seen.verbs() == ["warroom.words_erased"]
    assert sorted(HandOver.objects.values_list("text", flat=True)) == ["", "सुनीता से बात करें"]
    assert sorted(Flag.objects.values_list("text", "outcome")) == [("", "मोहन ठीक"), ("मोहन बीमार", "मोहन ठीक")]
    assert services.erase_words(actor=SystemActor(), now=spoken + timedelta(days=40)) == 1, "what came of it, later"
    assert Flag.objects.exclude(closed_by=bilal.person).count() == 0
    assert bilal.client.get(f"/desk/shifts/{tree.sahara.ref}/").status_code == 200


def test_erasing_twice_records_once(spoken, watch):
    services.erase_words(actor=SystemActor(), now=spoken)
    seen = watch()
    assert services.erase_words(actor=SystemActor(), now=spoken) == 0
    assert seen.nothing_happened()
