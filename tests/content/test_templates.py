"""Templates filled for places from a fact, and other words for one channel: all of it under the hash."""

import pytest
from django.utils import timezone
from tests.content.conftest import wording
from tests.content.test_facts import row

from toli.content import blanks, compliance, queries, services
from toli.content.models import Sheet
from toli.kit.errors import BadInput, NotFound, WrongState

TEXT = "{विधानसभा} में {तथ्य}: {राशि}। {स्रोत}"
ENGLISH = "In {constituency}, {district}: {fact}, {amount}. {source}"


def template(member, unit, text=TEXT, english=ENGLISH):
    said = wording(text, kind="template", en=english)
    return services.write_item(actor=member.actor, unit=unit, wording=said, now=timezone.now())


def clear(item, writer, *approvers):
    services.submit_item(actor=writer.actor, ref=item.ref, now=timezone.now())
    for member in approvers:
        found = services.approve_item(actor=member.actor, ref=item.ref, seen_hash=item.hash, now=timezone.now())
    return found


def fill(member, item, unit, seats, fact=None):
    return services.fill_template(
        actor=member.actor, ref=item.ref, unit=unit, seats=seats, fact=fact, title="पन्ना", now=timezone.now()
    )


def test_blanks_are_known_by_both_names():
    assert blanks.keys_in("{ विधानसभा } और {constituency}") == {"constituency"}
    assert blanks.unknown_in("{जाति} } ठीक {fact}") == ["{जाति}", "}"]
    assert blanks.filled("{विधानसभा}!", {"constituency": "सहाड़ा"}) == "सहाड़ा!"


@pytest.mark.parametrize("text", ["{caste} की बात", "बिना ख़ाली जगह", "{constituency", "{}"])
def test_an_unknown_blank_is_named_and_nothing_is_kept(bilal, tree, watch, text):
    seen = watch()
    with pytest.raises(BadInput) as refused:
        template(bilal, tree.bhilwara, text)
    assert "text_hi" in refused.value.fields
    assert seen.nothing_happened()


def test_an_approved_template_becomes_texts_of_places_that_wait_for_their_own_approvals(
    bilal, farah, gopal, asha, dev, tree, watch
):
    fact, _fresh = services.add_fact(actor=bilal.actor, unit=tree.sahara, row=row(), now=timezone.now())
    made = template(bilal, tree.bhilwara)
    seen = watch()
    with pytest.raises(WrongState):
        fill(bilal, made, tree.bhilwara, [tree.sahara], fact)
    assert seen.nothing_happened()
    made = clear(made, bilal, farah, gopal)
    assert made.state == "approved"
    assert queries.cleared_items(item_ids=[made.pk], sheet_ids=[]) == []  # a template itself never goes out
    seen = watch()
    with pytest.raises(BadInput):
        fill(bilal, made, tree.bhilwara, [tree.sahara])
    with pytest.raises(NotFound):
        fill(dev, made, tree.bhilwara, [tree.sahara], fact)
    assert seen.nothing_happened()
    assert not Sheet.objects.exists()
    sheet = fill(bilal, made, tree.bhilwara, [tree.sahara], fact)
    [item] = queries.items_of_sheet(sheet)
    assert (item.state, item.kind, item.constituency, item.link) == ("draft", "text", tree.sahara, fact.source_link)
    assert item.texts_by_language["hi"].startswith("सहाड़ा में उप स्वास्थ्य केंद्र का भवन: ₹1.25 करोड़")
    assert item.texts_by_language["en"].startswith("In Sahara, Bhilwara: A building, ₹1.25 crore. Source: Health")
    assert bilal.client.get(f"/desk/content/{made.ref}/fill/").status_code == 200


def test_words_of_a_channel_are_approved_with_the_text_and_take_its_approvals_with_them(bilal, farah, gopal, tree):
    item = services.write_item(actor=bilal.actor, unit=tree.bhilwara, wording=wording(), now=timezone.now())
    plain = item.hash
    item = clear(item, bilal, farah, gopal)
    assert item.state == "approved"
    said = {"hi": "छोटा नारा", "en": "A short one"}
    item = services.word_for_channel(actor=bilal.actor, ref=item.ref, channel="x", texts=said, now=timezone.now())
    assert (item.state, item.hash == plain) == ("draft", False)
    item = clear(item, bilal, farah, gopal)
    [cleared] = queries.cleared_items(item_ids=[item.pk], sheet_ids=[])
    assert (cleared.text_for("x", "hi"), cleared.text_for("telegram", "en")) == ("छोटा नारा", "Every booth, every home")
    page = bilal.client.get(f"/desk/content/{item.ref}/").content.decode()
    assert "छोटा नारा" in page
    # Changed behind our back, they are not cleared; too long or half, they are refused; marked words are asked about.
    item.channel_texts.filter(language="hi").update(text="और कुछ")
    assert queries.cleared_items(item_ids=[item.pk], sheet_ids=[]) == []
    for texts in ({"hi": "अ" * 281, "en": "A"}, {"hi": "अ", "en": ""}):
        with pytest.raises(BadInput):
            services.word_for_channel(actor=bilal.actor, ref=item.ref, channel="x", texts=texts, now=timezone.now())
    with pytest.raises(BadInput):
        services.word_for_channel(actor=bilal.actor, ref=item.ref, channel="fax", texts=said, now=timezone.now())
    marked = wording(channels={"x": {"hi": "वे गद्दार हैं", "en": "They"}})
    assert [one.language for one in compliance.questions(marked)] == ["x.hi"]
    item = services.word_for_channel(
        actor=bilal.actor, ref=item.ref, channel="x", texts={"hi": "", "en": ""}, now=timezone.now()
    )
    assert item.hash == plain


def test_a_form_that_changes_the_text_keeps_the_words_of_its_channels(bilal, tree):
    item = services.write_item(actor=bilal.actor, unit=tree.bhilwara, wording=wording(), now=timezone.now())
    sent = {"channel": "telegram", "text_hi": "लंबा", "text_en": "Long"}
    assert bilal.client.post(f"/desk/content/{item.ref}/channel/", sent).status_code == 302
    form = {
        "kind": "slogan",
        "matter": "appeal",
        "text_hi": "नया",
        "text_en": "New",
        "source_hi": "स",
        "source_en": "S",
    }
    assert bilal.client.post(f"/desk/content/{item.ref}/edit/", form).status_code == 302
    item = queries.get_item(actor=bilal.actor, ref=item.ref)
    assert (item.text_for("telegram", "hi"), item.text_for("x", "hi")) == ("लंबा", "नया")
