import pytest
from django.utils import timezone
from tests.content.conftest import wording

from toli.content import queries, services
from toli.content.models import Approval, Item
from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound, WrongState


def approve(member, item, seen=None, second_factor=True):
    return services.approve_item(
        actor=member.acting(second_factor=second_factor), ref=item.ref, seen_hash=seen or item.hash, now=timezone.now()
    )


def state_of(item):
    return Item.objects.get(pk=item.pk).state


def cleared(item):
    return [found.pk for found in queries.cleared_items(item_ids=[item.pk], sheet_ids=[])]


def test_two_different_persons_clear_an_item(submitted, farah, gopal, watch):
    seen = watch()
    assert approve(farah, submitted).state == "submitted"
    assert cleared(submitted) == []
    assert approve(gopal, submitted).state == "approved"
    assert cleared(submitted) == [submitted.pk]
    assert seen.verbs() == ["content.approved", "content.approved"]


def test_one_person_twice_is_still_one(submitted, farah, watch):
    approve(farah, submitted)
    seen = watch()
    assert approve(farah, submitted).state == "submitted"
    assert seen.nothing_happened()
    assert Approval.objects.count() == 1


def test_nobody_approves_their_own(submitted, bilal, watch):
    seen = watch()
    with pytest.raises(NotAllowed):
        approve(bilal, submitted)
    assert state_of(submitted) == "submitted"
    assert Approval.objects.count() == 0
    assert seen.nothing_happened()


def test_whoever_changed_a_word_cannot_approve_it(submitted, bilal, farah):
    services.edit_item(actor=farah.actor, ref=submitted.ref, wording=wording("हर बूथ मज़बूत"), now=timezone.now())
    again = services.submit_item(actor=bilal.actor, ref=submitted.ref, now=timezone.now())
    with pytest.raises(NotAllowed):
        approve(farah, again)


def test_approving_needs_the_second_factor(submitted, farah, watch):
    seen = watch()
    with pytest.raises(NeedsSecondFactor):
        approve(farah, submitted, second_factor=False)
    assert Approval.objects.count() == 0
    assert seen.nothing_happened()


def test_another_district_does_not_find_it(submitted, dev, watch):
    seen = watch()
    with pytest.raises(NotFound):
        approve(dev, submitted)
    assert seen.nothing_happened()


def test_one_approves_what_one_saw(submitted, farah, watch):
    seen = watch()
    with pytest.raises(WrongState):
        approve(farah, submitted, seen="0" * 64)
    assert Approval.objects.count() == 0
    assert seen.nothing_happened()


def test_a_draft_cannot_be_approved(draft, farah):
    with pytest.raises(WrongState):
        approve(farah, draft)


def test_editing_withdraws_the_approval_at_once(approved, bilal):
    assert cleared(approved) == [approved.pk]
    services.edit_item(actor=bilal.actor, ref=approved.ref, wording=wording("हर बूथ मज़बूत"), now=timezone.now())
    assert state_of(approved) == "draft"
    assert cleared(approved) == []
    assert not Approval.objects.filter(withdrawn_at=None).exists()


def test_an_edit_between_the_two_approvals_starts_anew(submitted, bilal, farah, gopal):
    approve(farah, submitted)
    services.edit_item(actor=bilal.actor, ref=submitted.ref, wording=wording("हर बूथ मज़बूत"), now=timezone.now())
    again = services.submit_item(actor=bilal.actor, ref=submitted.ref, now=timezone.now())
    with pytest.raises(WrongState):
        approve(gopal, again, seen=submitted.hash)
    assert approve(gopal, again).state == "submitted"
    assert cleared(again) == []


def test_saving_the_same_words_changes_nothing(approved, bilal, watch):
    seen = watch()
    services.edit_item(actor=bilal.actor, ref=approved.ref, wording=wording(), now=timezone.now())
    assert state_of(approved) == "approved"
    assert seen.nothing_happened()


def test_words_changed_behind_our_back_are_not_cleared(approved):
    approved.texts.filter(language="hi").update(text="कुछ और")
    assert cleared(approved) == []


def test_a_withdrawn_item_is_not_cleared_and_cannot_be_edited(approved, bilal):
    services.withdraw_item(actor=bilal.acting(second_factor=False), ref=approved.ref, reason="ग़लत", now=timezone.now())
    assert cleared(approved) == []
    with pytest.raises(WrongState):
        services.edit_item(actor=bilal.actor, ref=approved.ref, wording=wording("नया"), now=timezone.now())


def test_a_text_is_needed_in_both_languages_with_its_source(bilal, tree, watch):
    seen = watch()
    with pytest.raises(BadInput) as refused:
        services.write_item(actor=bilal.actor, unit=tree.bhilwara, wording=wording("  ", en=""), now=timezone.now())
    assert set(refused.value.fields) == {"text_hi", "text_en"}
    assert Item.objects.count() == 0
    assert seen.nothing_happened()


def test_the_hash_holds_every_word_and_flag_but_not_the_spelling_of_bytes():
    composed, decomposed = "क़लम", "क\u093cलम"
    assert wording(composed).hash() == wording(decomposed).hash()
    base = wording().hash()
    others = [
        wording("अलग"), wording(en="Other"), wording(matter="civic"), wording(paid=True), wording(ai="unlabelled"),
        wording(link="https://example.org/"), wording(topics=["exit_poll"]), wording(names_units=[5]),
        wording(file_hash="ab"), wording(kind="text"), wording(constituency_id=7),
    ]  # fmt: skip
    assert base not in {other.hash() for other in others}
    assert len({other.hash() for other in others}) == len(others)
