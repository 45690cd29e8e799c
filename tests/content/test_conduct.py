"""What the conduct check marks for a human, and what it lets alone."""

import csv
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzzing import examples

from toli.content.conduct import kinds, passages
from toli.content.wording import clean

MARKED = [
    ("abuse", "तू कमीना है", "कमीना"),
    ("abuse", "Ye neta nikamma hai", "nikamma"),
    ("threat", "हम तुम्हें देख लेंगे!", "देख लेंगे"),
    ("threat", "jaan se maarenge", "jaan se maarenge"),
    ("threat", "वोट नहीं दिया तो राशन बंद कर देंगे", "वोट नहीं दिया तो राशन बंद कर देंगे"),
    ("threat", "We will break your legs.", "break your legs"),
    ("community", "मुसलमानों को हराओ", "मुसलमानों को हराओ"),
    ("community", "Hindu bhaiyo ekjut ho jao", "Hindu bhaiyo ekjut"),
    ("community", "Our caste first", "Our caste"),
    ("worship", "मंदिर में सभा होगी", "मंदिर में सभा"),
    ("private_life", "उसकी दूसरी बीवी कहाँ है?", "दूसरी बीवी"),
    ("women", "वह बदचलन है", "बदचलन"),
    ("soldiers", "शहीदों के नाम पर वोट दें", "शहीदों के नाम पर वोट"),
    ("children", "बच्चे नारे लगाएँगे", "बच्चे नारे"),
    ("allegation", "विधायक चोर है", "चोर है"),
    ("unsourced", "सड़क पर ₹12.5 करोड़ लगे", "₹12.5 करोड़"),
    ("unsourced", "बेरोज़गारी ४० प्रतिशत बढ़ी", "४० प्रतिशत"),
    ("unsourced", "They built 1,200 schools", "1,200 schools"),
]
LAWFUL = [
    "वादा, झूठ, नाकामी",
    "पाँच साल में एक भी कॉलेज नहीं खुला। यह सरकार की नाकामी है।",
    "महँगाई दोगुनी, रोज़गार आधा: यही है विकास?",
    "झूठे वादों का हिसाब दो!",
    "मंत्री जी, सड़क कहाँ है? गड्ढे में मछली पाल लें क्या?",
    "Failed promises, failed policies. The minister should resign.",
    "Sadak nahi bani, pani nahi aaya, sarkar so rahi hai",
    "किसानों को जिताएँ, बदलाव लाएँ",
    "मंदिर के पास वाली सड़क टूटी है।",
    "शहीद स्मारक की मरम्मत कब होगी?",
    "बच्चों के लिए स्कूल खोलेंगे।",
    "हिंदी में फ़ॉर्म भरें",
]


@pytest.mark.parametrize(("kind", "text", "words"), MARKED)
def test_a_passage_is_marked_where_it_stands(kind, text, words):
    text = clean(text)
    assert (kind, clean(words)) in [(one.kind, one.of(text)) for one in passages(text)]


@pytest.mark.parametrize("text", LAWFUL)
def test_criticism_and_satire_are_let_alone(text):
    assert passages(clean(text)) == []


def test_a_source_lets_figures_and_allegations_stand_but_no_insult():
    text = clean("चोर है: ₹3 करोड़ गए। कमीना!")
    assert {one.kind for one in passages(text)} == {"allegation", "unsourced", "abuse"}
    assert {one.kind for one in passages(text, sourced=True)} == {"abuse"}


@pytest.mark.parametrize("written", ["कमीनाााा", "क\u200dमीना", "KAMINAAAA", "हरा\u200cमी", "अफ़ेयर", "अफेयर"])
def test_other_spellings_of_a_word_are_found(written):
    assert len(passages(clean(written))) == 1


def test_words_of_two_sentences_are_not_joined():
    assert passages(clean("मंदिर बहुत सुंदर है। सभा शाम को होगी।")) == []


def test_every_list_has_its_words_in_both_languages_and_a_source():
    for kind in kinds().values():
        assert set(kind.title) == set(kind.ask) == {"hi", "en"}
        assert kind.source


@examples(100)
@given(st.lists(st.sampled_from([text for _, text, _ in MARKED] + LAWFUL + ["\n", "😀", "१२,०००"]), max_size=6))
def test_passages_lie_in_the_text_in_order_and_those_of_one_kind_do_not_touch(parts):
    text = clean(" ".join(parts))
    found = passages(text)
    assert found == sorted(found)
    assert all(0 <= one.start < one.end <= len(text) and one.of(text).strip() for one in found)
    for kind in {one.kind for one in found}:
        of_kind = [one for one in found if one.kind == kind]
        assert all(a.end < b.start for a, b in pairwise(of_kind))


@examples(50)
@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text):
    passages(unicodedata.normalize("NFC", text))


def test_few_real_posts_are_marked_for_their_tone(shared_data):
    """Posts that fact-checkers took up are rougher than what a desk writes; still only some are marked."""
    with (shared_data / "claims" / "hindi_posts_and_claims.csv").open(encoding="utf-8") as lines:
        posts = [row["post"] for row in csv.DictReader(lines)]
    marked = [post for post in posts if {one.kind for one in passages(clean(post))} - {"unsourced", "allegation"}]
    assert len(posts) > 500
    assert 0 < len(marked) < len(posts) / 8
