"""The rule packs: dated, sourced, in both languages; switched by two persons, off only after a wait."""

import re
from datetime import date, timedelta

import pytest
from tests import cast
from tests.elections.conftest import WEEK_BEFORE, ist

from toli.elections import law, queries, services
from toli.elections.gate import PULSE, Subject
from toli.elections.models import RuleSwitch
from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound, WrongState

EVERY_RULE = [rule for blocks in law.packs().values() for rule in blocks]
PUBLISHING = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 26, 28}
REASON = "Advice of counsel of 9 April: the organisation is no party"


@pytest.fixture
def second(tree):
    return cast.cast_member("Sunita Verma", "+911000000021", tree.state, "state_team", "state_member")


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: f"{rule.id}-{rule.since}")
def test_each_rule_has_a_title_a_day_a_source_and_words_in_both_languages(rule):
    assert isinstance(rule.since, date)
    assert rule.until is None or rule.until > rule.since
    assert len(rule.source) > 10
    assert rule.confidence in ("high", "medium", "from memory")
    assert rule.sentences.keys() == rule.what_to_do.keys()
    for words in (rule.title, *rule.sentences.values(), *rule.what_to_do.values()):
        assert re.search(r"[ऀ-ॿ]", words["hi"])
        assert words["en"]
        assert set(re.findall(r"\{(\w+)\}", words["hi"])) == set(re.findall(r"\{(\w+)\}", words["en"]))


def test_every_rule_of_the_law_sheet_that_concerns_publishing_is_in_a_pack():
    assert {int(rule.number) for rule in EVERY_RULE} == PUBLISHING


def test_a_rule_follows_one_that_can_be_switched():
    assert all(rule.follows in ("", *law.switchable()) for rule in EVERY_RULE)


def test_the_block_in_force_is_the_newest_that_has_begun():
    assert law.rule_on("synthetic", date(2031, 1, 1)).numbers["label_percent_of_area"] == 10
    assert law.silence_law(date(2031, 4, 17)).length == timedelta(hours=48)


def test_a_verdict_carries_rule_source_and_advice_from_the_pack(tree, sahara):
    verdict = queries.check(Subject("appeal", "h"), tree.sahara.pk, PULSE, now=ist(2031, 4, 16, 9))
    rule = law.rule_on("silence", date(2031, 4, 16))
    assert (verdict.law, verdict.rule) == (rule, "1")
    assert verdict.source == f"{rule.source}; notification 1/2031"
    assert "17 Apr 2031" in verdict.advice("en")


def ask_off(member, rule="silence", now=WEEK_BEFORE):
    return services.propose_switch(actor=member.actor, rule=rule, off=True, reason=REASON, now=now)


def test_a_rule_is_off_72_hours_after_the_second_signature_and_on_again_at_once(asha, second, tree, sahara, watch):
    appeal, at = Subject("appeal", "h"), ist(2031, 4, 16, 9)
    seen = watch()
    switch = ask_off(asha)
    services.confirm_switch(actor=second.actor, ref=switch.ref, now=at - timedelta(hours=71))
    assert not queries.check(appeal, tree.sahara.pk, PULSE, now=at)
    assert queries.rules_switched_off(now=at) == []
    assert queries.check(appeal, tree.sahara.pk, PULSE, now=at + timedelta(hours=1))
    assert {rule.id for rule in queries.rules_switched_off(now=at + timedelta(hours=1))} == {
        "silence", "each_apart", "widest", "judged_again",
    }  # fmt: skip
    services.propose_switch(actor=asha.actor, rule="silence", off=False, reason=REASON, now=at + timedelta(hours=2))
    assert not queries.check(appeal, tree.sahara.pk, PULSE, now=at + timedelta(hours=2))
    assert seen.verbs() == [
        "elections.switch_proposed", "elections.rule_switched_off", "elections.rule_switched_on",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "subject"),
    [("certificate", Subject("civic", "h", paid=True)), ("synthetic", Subject("civic", "h", ai="unlabelled")),
     ("exit_polls", Subject("civic", "h", topics=frozenset({"exit_poll"}))),
     ("opinion_polls", Subject("civic", "h", topics=frozenset({"opinion_poll"}))),
     ("unhoured", Subject("appeal", "h"))],
)  # fmt: skip
def test_each_switched_rule_alone_lets_go_what_it_held(asha, second, tree, vallabhnagar, rule, subject):
    at = ist(2031, 4, 17, 9)
    assert not queries.check(subject, tree.vallabhnagar.pk, PULSE, now=at)
    services.confirm_switch(actor=second.actor, ref=ask_off(asha, rule).ref, now=WEEK_BEFORE)
    assert queries.check(subject, tree.vallabhnagar.pk, PULSE, now=at)


def test_nobody_signs_alone_and_a_request_taken_off_changes_nothing(asha, second, watch):
    switch = ask_off(asha)
    seen = watch()
    with pytest.raises(NotAllowed):
        services.confirm_switch(actor=asha.actor, ref=switch.ref, now=WEEK_BEFORE)
    with pytest.raises(BadInput):
        ask_off(second)
    assert seen.nothing_happened()
    services.refuse_switch(actor=second.actor, ref=switch.ref, now=WEEK_BEFORE)
    with pytest.raises(NotFound):
        services.confirm_switch(actor=second.actor, ref=switch.ref, now=WEEK_BEFORE)
    assert queries.rules_off(now=ist(2032, 1, 1)) == frozenset()


@pytest.mark.parametrize("rule", ["widest", "imprint", "limits", "no_such_rule", ""])
def test_a_rule_that_follows_or_is_kept_elsewhere_has_no_switch(asha, rule, watch):
    seen = watch()
    with pytest.raises(BadInput):
        ask_off(asha, rule)
    assert seen.nothing_happened()


def test_a_switch_needs_the_right_the_second_proof_a_reason_and_a_change(asha, bilal, meera, watch):
    seen = watch()
    for member in (bilal, meera):
        with pytest.raises(NotFound):
            ask_off(member)
    with pytest.raises(NeedsSecondFactor):
        services.propose_switch(
            actor=asha.acting(second_factor=False), rule="silence", off=True, reason=REASON, now=WEEK_BEFORE
        )
    with pytest.raises(BadInput):
        services.propose_switch(actor=asha.actor, rule="silence", off=True, reason="because", now=WEEK_BEFORE)
    with pytest.raises(WrongState):
        services.propose_switch(actor=asha.actor, rule="silence", off=False, reason=REASON, now=WEEK_BEFORE)
    assert RuleSwitch.objects.count() == 0
    assert seen.nothing_happened()
