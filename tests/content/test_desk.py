"""Around an approval: marked passages, careful texts, holds, certificates, the code of conduct, comments."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.content.conftest import wording
from tests.content.files import jpeg
from tests.fuzzing import examples

from toli.content import compliance, diff, queries, rules, services
from toli.content.models import Answer, Approval, Certificate, Comment, Hold, Item
from toli.elections.models import Election, Poll, PollVersion
from toli.kit.errors import BadInput, NotAllowed, NotFound, WrongState

POINTS = [point.key for point in compliance.points()]


@pytest.fixture
def write(bilal, tree):
    """A text of bilal's, sent for approval."""

    def do(text="हर बूथ, हर घर", urgent=False, **more):
        now = timezone.now()
        said, media = with_its_file(bilal, tree.bhilwara, text, more)
        item = services.write_item(actor=bilal.actor, unit=tree.bhilwara, wording=said, media=media, now=now)
        return services.submit_item(actor=bilal.actor, ref=item.ref, urgent=urgent, now=now)

    return do


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


def with_its_file(member, unit, text, more):
    """A wording, and the picture with its label burnt in where it says that AI made it."""
    if more.get("ai") != "labelled":
        return wording(text, **more), None
    media, _new = services.add_media(
        actor=member.actor, unit=unit, upload=io.BytesIO(jpeg(size=(300, 300))), now=timezone.now(),
        rights=services.Rights("चौक", "समिति", "own"), made=services.Made("generated", "Tool", "Team", "Committee"),
    )  # fmt: skip
    return wording(text, **more, file_hash=media.digest), media


def approve(member, item, **more):
    return services.approve_item(
        actor=member.acting(second_factor=True), ref=item.ref, seen_hash=item.hash, now=timezone.now(), **more
    )


def why(item, reason="यह काम की आलोचना है"):
    return {one.key: reason for one in compliance.questions(queries.wording_of(item))}


def is_cleared(item):
    return bool(queries.cleared_items(item_ids=[item.pk], sheet_ids=[]))


# -- marked passages --


def test_a_marked_passage_stays_only_with_a_reason_which_then_holds_for_the_second_too(write, farah, asha, watch):
    item = write("मंत्री निकम्मा है")
    seen = watch()
    with pytest.raises(BadInput) as refused:
        approve(farah, item)
    assert list(refused.value.fields) == ["why-hi-abuse-7"]
    assert Approval.objects.count() == Answer.objects.count() == 0
    assert seen.nothing_happened()
    approve(farah, item, reasons=why(item))
    assert approve(asha, item).state == "approved"
    assert [(one.words, one.by_id) for one in Answer.objects.all()] == [("निकम्मा", farah.person.pk)]


@pytest.mark.parametrize("reason", ["", "   ", "ok"])
def test_a_reason_of_a_letter_or_two_is_none(write, farah, reason):
    item = write("मंत्री निकम्मा है")
    with pytest.raises(BadInput):
        approve(farah, item, reasons=why(item, reason))
    assert Approval.objects.count() == 0


def test_a_reason_was_for_the_old_words_only(write, bilal, farah):
    item = write("मंत्री निकम्मा है")
    approve(farah, item, reasons=why(item))
    services.edit_item(actor=bilal.actor, ref=item.ref, wording=wording("मंत्री निकम्मा था"), now=timezone.now())
    item = services.submit_item(actor=bilal.actor, ref=item.ref, now=timezone.now())
    with pytest.raises(BadInput):
        approve(farah, item)


def test_a_figure_asks_for_its_source_until_a_link_is_there(write, farah):
    item = write("सड़क पर ₹12.5 करोड़ लगे")
    with pytest.raises(BadInput):
        approve(farah, item)
    assert not item.careful
    approve(farah, write("सड़क पर ₹12.5 करोड़ लगे", link="https://example.org/budget"))


# -- care --


@pytest.mark.parametrize(
    "more", [{"names_person": True}, {"ai": "labelled"}, {"text": "मंत्री निकम्मा है"}, {"paid": True}]
)
def test_what_needs_care_is_cleared_only_with_one_yes_of_the_state(write, farah, gopal, asha, more):
    item = write(**more)
    if more.get("paid"):
        certify(item, asha)
    approve(farah, item, reasons=why(item))
    assert approve(gopal, item).state == "submitted"
    assert not is_cleared(item)
    assert approve(asha, item).state == "approved"
    assert is_cleared(item)


def test_naming_a_person_changes_the_hash_and_leaving_it_out_keeps_older_ones():
    assert wording(names_person=True).hash() != wording().hash()
    assert "names_person" not in wording().canonical()


# -- papers --


def certify(item, member, **more):
    values = {"number": "MCMC/12", "committee": "ज़िला समिति", "valid_until": timezone.now() + timedelta(days=9)} | more
    return services.record_certificate(actor=member.actor, ref=item.ref, now=timezone.now(), **values)


def test_a_paid_text_waits_for_the_certificate_of_exactly_these_words(write, bilal, farah, asha):
    item = write(paid=True)
    with pytest.raises(WrongState):
        approve(farah, item)
    certify(item, bilal)
    approve(farah, item)
    approve(asha, item)
    assert rules.subject_of(queries.get_item(actor=asha.actor, ref=item.ref)).certificate.number == "MCMC/12"
    services.edit_item(actor=bilal.actor, ref=item.ref, wording=wording("नया", paid=True), now=timezone.now())
    item = services.submit_item(actor=bilal.actor, ref=item.ref, now=timezone.now())
    with pytest.raises(WrongState):
        approve(farah, item)


def test_a_certificate_needs_its_number_and_a_day_to_come(write, bilal, watch):
    item = write(paid=True)
    seen = watch()
    for wrong in ({"number": " "}, {"committee": ""}, {"valid_until": timezone.now() - timedelta(days=1)}):
        with pytest.raises(BadInput):
            certify(item, bilal, **wrong)
    assert Certificate.objects.count() == 0
    assert seen.nothing_happened()


def test_an_ai_picture_without_its_label_cannot_be_approved(write, farah):
    with pytest.raises(WrongState):
        approve(farah, write(ai="unlabelled"))
    assert Approval.objects.count() == 0


# -- the code of conduct --


@pytest.fixture
def under_the_code(tree):
    """A by-election of Sahara is announced: the code holds in its whole district."""
    now = timezone.now()
    election = Election.objects.create(
        key="by", names={"hi": "उपचुनाव", "en": "By-election"}, scope="seats", created_at=now,
        announced_at=now - timedelta(days=1), completed_at=now + timedelta(days=30),
    )  # fmt: skip
    poll = Poll.objects.create(election=election, constituency=tree.sahara, created_at=now)
    PollVersion.objects.create(
        poll=poll, number=1, state="live", poll_on=(now + timedelta(days=20)).date(), quiet_kind="silence",
        quiet_from=now + timedelta(days=18), quiet_to=now + timedelta(days=20), confirmed=True,
        notification="Test", proposed_at=now,
    )  # fmt: skip


def test_while_the_code_of_conduct_holds_every_point_is_read(write, farah, under_the_code, watch):
    item = write()
    seen = watch()
    with pytest.raises(BadInput) as refused:
        approve(farah, item, points=POINTS[1:])
    assert list(refused.value.fields) == [f"point-{POINTS[0]}"]
    assert seen.nothing_happened()
    approve(farah, item, points=POINTS)
    assert Approval.objects.get().points == sorted(POINTS)


def test_where_no_code_holds_no_point_is_asked(write, farah):
    approve(farah, write())
    assert Approval.objects.get().points == []


@pytest.fixture
def sheet(bilal, tree):
    """Two slogans of bilal's, sent for approval after `changes` by place."""

    def do(**changes):
        now = timezone.now()
        made = services.make_sheet(
            actor=bilal.actor, unit=tree.bhilwara, title="पन्ना", matter="appeal", now=now,
            slogans=[services.Slogan({"hi": f"नारा {n}", "en": f"Slogan {n}"}) for n in ("एक", "दो")],
            sources={"hi": "ज़िला समिति", "en": "District committee"},
        )  # fmt: skip
        second = queries.items_of_sheet(made)[1]
        if changes:
            services.edit_item(actor=bilal.actor, ref=second.ref, wording=wording("नारा", **changes), now=now)
        return services.submit_sheet(actor=bilal.actor, ref=made.ref, now=now)

    return do


def approve_sheet(member, sheet, **more):
    seen = rules.sheet_hash(queries.items_of_sheet(sheet))
    actor = member.acting(second_factor=True)
    return services.approve_sheet(actor=actor, ref=sheet.ref, seen_hash=seen, now=timezone.now(), **more)


def test_on_a_sheet_the_code_is_asked_for_wherever_one_of_its_slogans_is_for(sheet, farah, tree, under_the_code, watch):
    made = sheet(constituency_id=tree.sahara.pk)
    first = queries.items_of_sheet(made)[0]
    Item.objects.filter(pk=first.pk).update(constituency=tree.vallabhnagar)  # of a district without an election
    seen = watch()
    with pytest.raises(BadInput):
        approve_sheet(farah, made)
    assert Approval.objects.count() == 0
    assert seen.nothing_happened()
    approve_sheet(farah, made, points=POINTS)
    assert Approval.objects.count() == 2


def test_a_paid_slogan_of_a_sheet_waits_for_its_certificate_too(sheet, farah, bilal, watch):
    made = sheet(paid=True)
    seen = watch()
    with pytest.raises(WrongState):
        approve_sheet(farah, made)
    assert Approval.objects.count() == 0
    assert seen.nothing_happened()
    certify(queries.items_of_sheet(made)[1], bilal)
    approve_sheet(farah, made)
    assert Approval.objects.count() == 2


# -- holds --


def test_a_hold_stops_what_was_approved_and_the_end_of_it_clears_again(approved, farah, gopal, watch):
    seen = watch()
    services.hold_item(
        actor=farah.acting(second_factor=False), ref=approved.ref, reason="तारीख़ जाँचें", now=timezone.now()
    )
    assert not is_cleared(approved)
    assert Item.objects.get(pk=approved.pk).state == "submitted"
    with pytest.raises(NotAllowed):
        services.lift_hold(actor=gopal.actor, ref=approved.ref, settled="तारीख़ ठीक है", now=timezone.now())
    services.lift_hold(actor=farah.actor, ref=approved.ref, settled="तारीख़ ठीक है", now=timezone.now())
    assert is_cleared(approved)
    assert seen.verbs() == ["content.held", "content.hold_lifted"]


def test_while_it_is_held_two_yes_do_not_clear_it(submitted, bilal, farah, gopal, asha):
    services.hold_item(actor=bilal.actor, ref=submitted.ref, reason="फ़ोटो किसकी है?", now=timezone.now())
    approve(farah, submitted)
    assert approve(gopal, submitted).state == "submitted"
    assert not is_cleared(submitted)
    services.lift_hold(actor=asha.actor, ref=submitted.ref, settled="हमारी अपनी", now=timezone.now())
    assert is_cleared(submitted)


def test_one_hold_at_a_time_and_never_without_a_reason(submitted, draft, farah, dev, watch):
    with pytest.raises(BadInput):
        services.hold_item(actor=farah.actor, ref=submitted.ref, reason=" ", now=timezone.now())
    with pytest.raises(NotFound):
        services.hold_item(actor=dev.actor, ref=submitted.ref, reason="क्यों नहीं", now=timezone.now())
    services.hold_item(actor=farah.actor, ref=submitted.ref, reason="क्या यह सच है?", now=timezone.now())
    seen = watch()
    with pytest.raises(WrongState):
        services.hold_item(actor=farah.actor, ref=submitted.ref, reason="क्या यह सच है?", now=timezone.now())
    assert Hold.objects.count() == 1
    assert seen.nothing_happened()


# -- urgent --


def test_an_urgent_text_is_cleared_by_two_on_duty_of_any_desk(write, dev, asha):
    item = write(urgent=True)
    for member in (dev, asha):
        found = services.approve_on_duty(
            actor=member.acting(second_factor=True), ref=item.ref, seen_hash=item.hash, now=timezone.now()
        )
    assert found.state == "approved"
    assert list(Approval.objects.values_list("on_duty", flat=True)) == [True, True]


def test_after_five_minutes_urgency_is_over_and_the_text_waits_like_any_other(write, dev, farah, watch):
    item = write(urgent=True)
    seen, late = watch(), timezone.now() + rules.URGENT_FOR
    with pytest.raises(NotFound):
        services.approve_on_duty(
            actor=dev.acting(second_factor=True), ref=item.ref, seen_hash=item.hash, now=late + timedelta(seconds=1)
        )
    assert seen.nothing_happened()
    approve(farah, item)


@pytest.mark.parametrize("more", [{"paid": True}, {"ai": "labelled"}, {"names_person": True}, {"text": "कमीना है"}])
def test_nothing_that_needs_care_is_urgent(bilal, tree, more, watch):
    now = timezone.now()
    said, media = with_its_file(
        bilal, tree.bhilwara, more.get("text", "हर बूथ"), {k: v for k, v in more.items() if k != "text"}
    )
    item = services.write_item(actor=bilal.actor, unit=tree.bhilwara, wording=said, media=media, now=now)
    seen = watch()
    with pytest.raises(WrongState):
        services.submit_item(actor=bilal.actor, ref=item.ref, urgent=True, now=now)
    assert Item.objects.get(pk=item.pk).state == "draft"
    assert seen.nothing_happened()


def test_the_writer_cannot_clear_their_own_urgent_text(write, bilal):
    item = write(urgent=True)
    with pytest.raises(NotAllowed):
        services.approve_on_duty(
            actor=bilal.acting(second_factor=True), ref=item.ref, seen_hash=item.hash, now=timezone.now()
        )


# -- comments and versions --


def test_answers_hang_under_a_comment_and_what_is_done_is_done_once(draft, bilal, farah, watch):
    seen = watch()
    first = services.comment(actor=farah.actor, ref=draft.ref, text="मात्रा देखें", now=timezone.now())
    answer = services.comment(actor=bilal.actor, ref=draft.ref, text="ठीक किया", under=first.ref, now=timezone.now())
    again = services.comment(actor=farah.actor, ref=draft.ref, text="धन्यवाद", under=answer.ref, now=timezone.now())
    assert queries.comments_on(draft) == [(first, [answer, again])]
    for _ in range(2):
        services.close_comment(actor=bilal.actor, ref=draft.ref, comment_ref=first.ref, now=timezone.now())
    assert seen.verbs() == ["content.commented"] * 3 + ["content.comment_closed"]


@pytest.mark.parametrize("text", ["", "  \n ", "अ" * 2001])
def test_an_empty_or_endless_comment_is_refused(draft, farah, text, watch):
    seen = watch()
    with pytest.raises(BadInput):
        services.comment(actor=farah.actor, ref=draft.ref, text=text, now=timezone.now())
    assert Comment.objects.count() == 0
    assert seen.nothing_happened()


def test_who_may_only_look_says_nothing(draft, meera, watch):
    seen = watch()
    with pytest.raises(NotAllowed):
        services.comment(actor=meera.actor, ref=draft.ref, text="हम्म", now=timezone.now())
    assert seen.nothing_happened()


def test_words_that_changed_are_told_word_by_word():
    told = diff.words_changed("हर बूथ, हर घर", "हर बूथ, हर गाँव")
    assert [(one.what, one.text) for one in told] == [("same", "हर बूथ, हर "), ("gone", "घर"), ("new", "गाँव")]


@examples(100)
@given(st.text("कखग ab\u094d,.", max_size=40), st.text("कखग ab\u094d,.", max_size=40))
def test_a_difference_gives_both_texts_back(before, after):
    told = diff.words_changed(before, after)
    assert "".join(one.text for one in told if one.what != "new") == before
    assert "".join(one.text for one in told if one.what != "gone") == after


def test_whose_turn_it_is():
    at = datetime(2026, 11, 1, tzinfo=UTC)
    for state, whose in [("draft", "writer"), ("submitted", "approvers"), ("approved", "publisher"), ("out", "nobody")]:
        assert rules.turn_of(Item(state=state, changed_at=at), held_at=None).whose == whose
    assert rules.turn_of(Item(state="submitted", changed_at=at), held_at=at).whose == "holder"
