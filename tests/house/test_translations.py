"""Every text a person sees has good Hindi: nothing missing, nothing fuzzy, nothing half Latin."""

import pytest

from toli.cli import messages

ROOMS = messages.rooms()


@pytest.mark.parametrize("room", ROOMS)
def test_every_text_of_the_room_has_its_hindi(room):
    faults = messages.faults(room)
    assert not faults, "\n".join(map(str, faults))


def test_one_english_text_has_one_hindi_everywhere():
    assert messages.disagreements() == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_catalogue_holds_a_text_the_room_no_longer_has(room):
    wanted = {(m.id, m.context) for m in messages.collect(room)}
    assert [m.id for m in messages.read(room) if m.id and (m.id, m.context) not in wanted] == []


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("बूथ पर काम", True), ("PIN भूल गए", True), ("%(count)s काम", True), ("<b>काम</b>", True), ("…", True),
        ("बूथ की performance", False), ("Task", False), ("WhatsApp", True), ("12 / 21", True), ("{unit} में काम", True),
    ],
)  # fmt: skip
def test_what_counts_as_hindi(text, fine):
    assert (messages.judge(text) == "") is fine
