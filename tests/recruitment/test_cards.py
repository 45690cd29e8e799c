"""The card of a seat: signed anew, checked without a login, invalid the moment the seat ends; and the letter."""

from __future__ import annotations

import io
import re
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
from django.utils import timezone
from fontTools.ttLib import TTFont

from toli.kit import secrets
from toli.kit.errors import NotFound, WrongState
from toli.org import services as org
from toli.recruitment import cards, letters, queries, services
from toli.recruitment.models import CardRecall
from toli.ui import paper
from toli.ui.vendor import VENDOR


def token_of(member, now=None) -> str:
    card = queries.my_cards(member.person, now=now or timezone.now())[0]
    return card.address.split("/verify/")[1].rstrip("/")


def state(token: str, now=None) -> str:
    return queries.check_card(token, now=now or timezone.now()).state


@pytest.fixture
def token(chitra):
    return token_of(chitra)


def test_my_card_shows_name_seat_unit_and_a_code_but_no_number(chitra):
    page = chitra.browser(second_factor=False, language="hi").get("/me/card/").content.decode()
    assert "Chitra Gurjar" in page
    assert "बोराणा 1" in page
    assert "<svg" in page
    assert chitra.number[-5:] not in page


def test_the_code_holds_neither_name_nor_number(chitra, token):
    said = cards.scan(token).said.decode()
    assert '"C. G."' in said
    assert "Chitra" not in said
    assert chitra.number[-5:] not in said
    assert len(token) < 600


def test_anybody_sees_whether_a_card_holds_without_a_login(client, chitra, token):
    page = client.get(f"/verify/{token}/", headers={"accept-language": "en"})
    text = page.content.decode()
    assert page.status_code == 200
    assert "Valid: this person holds this seat now" in text
    assert "Borana 1" in text
    assert "Chitra" not in text


def test_a_suspended_or_ended_seat_is_invalid_at_once(bilal, chitra, token):
    now = timezone.now()
    assert state(token) == "valid"
    org.suspend_now(actor=bilal.actor, ref=chitra.appointment.ref, reason="shared a list", now=now)
    assert state(token) == "suspended"
    org.restore(actor=bilal.actor, ref=chitra.appointment.ref, now=now)
    assert state(token) == "valid"
    org.end_appointment(actor=bilal.actor, ref=chitra.appointment.ref, reason="moved away", now=now)
    assert state(token) == "ended"
    assert queries.my_cards(chitra.person, now=timezone.now()) == []


def test_a_card_lives_thirty_days_and_renews_itself_when_it_is_opened(chitra, token):
    later = timezone.now() + timedelta(days=31)
    assert state(token, now=later) == "expired"
    assert state(token_of(chitra, now=later), now=later) == "valid"


def test_a_card_never_outlives_the_term(bilal, chitra):
    ends = timezone.now() + timedelta(days=3)
    chitra.appointment.valid_to = ends
    chitra.appointment.save()
    assert queries.my_cards(chitra.person, now=timezone.now())[0].card.valid_until == ends


@pytest.mark.parametrize(
    "broken", ["", "x", "a.b", "." * 50, "é", "A" * 2000, "W10.AAAA", "bnVsbA.AAAA", "WzEsMV0.AAAA"]
)
def test_what_is_no_card_is_said_and_never_an_error(client, db, broken):
    assert state(broken) == "forged"
    if broken and "é" not in broken:
        assert client.get(f"/verify/{broken}/").status_code == 404


def test_a_changed_letter_a_foreign_seal_or_a_lost_key_is_forged(chitra, token):
    said, seal = token.split(".")
    raw = cards.scan(token).said.replace(b"Borana 1", b"Borana 2")
    changed = urlsafe_b64encode(raw).rstrip(b"=").decode()
    assert raw != cards.scan(token).said
    assert state(f"{changed}.{seal}") == "forged"
    assert state(f"{said}.{seal[:-6]}AAAAAA") == "forged"


def test_a_new_key_leaves_old_cards_good_and_a_stolen_one_seals_nothing_more(chitra, tmp_path, monkeypatch):
    monkeypatch.setenv("TOLI_KEYS", str(tmp_path / "keys.json"))
    secrets.create_keyring()
    old = token_of(chitra)
    assert secrets.add_seal_key() == 2
    new = token_of(chitra)
    assert (state(old), state(new), cards.scan(new).key_version) == ("valid", "valid", 2)
    assert secrets.add_seal_key(forget=True) == 3
    assert (state(old), state(new), state(token_of(chitra))) == ("forged", "forged", "valid")


def test_a_lost_card_is_made_anew_and_the_old_one_is_no_longer_valid(chitra, dev, token, watch):
    seen = watch()
    with pytest.raises(NotFound):
        services.recall_card(actor=dev.actor, ref=chitra.appointment.ref, now=timezone.now())
    assert seen.nothing_happened()
    assert not CardRecall.objects.exists()
    browser = chitra.browser(second_factor=False)
    assert browser.post(f"/me/card/{chitra.appointment.ref}/lost/").status_code == 302
    assert seen.verbs() == ["recruitment.card_recalled"]
    assert (state(token), state(token_of(chitra))) == ("lost", "valid")


def test_a_sealed_person_holds_no_card(chitra, token):
    chitra.person.state = "sealed"
    chitra.person.save()
    assert state(token) == "ended"


def test_the_page_that_works_offline_carries_the_public_keys_and_a_worker_of_its_own(client, db):
    page = client.get("/verify/").content.decode()
    assert re.search(r'<script id="keys" type="application/json">\{"1": "[\w+/=]{44}"\}', page)
    worker = client.get("/verify/worker.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert '"page": "/verify/"' in worker.content.decode()


def test_the_first_letters_of_a_name_keep_their_signs():
    assert cards.initials("श्रीमती लक्ष्मी देवी शर्मा") == "श्री. ल. दे."
    assert cards.initials("Asha") == "A."
    assert cards.initials("") == ""


@pytest.mark.parametrize("language", ["hi", "en"])
def test_the_letter_is_one_page_of_pdf_in_the_language_asked_for(chitra, language):
    page = chitra.browser(second_factor=False).get(f"/me/letter/{chitra.appointment.ref}/", {"language": language})
    assert page.status_code == 200
    assert page["Content-Type"] == "application/pdf"
    assert page.content.startswith(b"%PDF-")
    assert page.content.count(b"/Type /Page\n") == 1


def test_nobody_reads_the_letter_of_somebody_else(chitra, ravi, bilal):
    for other in (ravi, bilal):
        assert other.client.get(f"/me/letter/{chitra.appointment.ref}/").status_code == 404


def test_hindi_is_not_drawn_where_it_cannot_be_shaped(monkeypatch):
    monkeypatch.setattr(paper, "may_shape", lambda: False)
    with pytest.raises(WrongState, match=r"Hindi|हिंदी"):
        paper.Paper(title="x", language="hi", made_at=timezone.now())
    assert letters.Paper is paper.Paper


@pytest.mark.parametrize(("word", "letters_drawn"), [("क्ष", 1), ("श्र", 1), ("त्र", 1), ("कि", 2), ("र्म", 2)])
def test_the_font_the_product_carries_joins_letters(word, letters_drawn):
    import uharfbuzz as hb

    font_file = TTFont(VENDOR / "mukta-devanagari-400-normal.woff")
    font_file.flavor = None
    plain = io.BytesIO()
    font_file.save(plain)
    font, buffer = hb.Font(hb.Face(plain.getvalue())), hb.Buffer()
    buffer.add_str(word)
    buffer.guess_segment_properties()
    hb.shape(font, buffer)
    assert len(buffer.glyph_infos) == letters_drawn
    assert all(info.codepoint for info in buffer.glyph_infos)
