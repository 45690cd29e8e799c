"""The quiet hours may be lifted for one message, with a reason; what the law or the person holds is never lifted."""

from datetime import timedelta

import pytest
from tests.delivery.test_outbox import PARAMS, put, silent_sahara, state_of  # noqa: F401

from toli.delivery import services
from toli.kit.errors import BadInput, NotFound, WrongState

WHY = "the bus of the camp leaves at five"


@pytest.fixture
def night(noon):
    return noon + timedelta(hours=10)


def lift(member, message, now, words=WHY):
    return services.send_in_quiet_hours(actor=member.actor, ref=message.ref, words=words, now=now)


def test_one_message_leaves_in_the_quiet_hours_with_its_reason(
    first, asha, chitra, bilal, agree, put, night, watch  # noqa: F811
):  # fmt: skip
    for member in (chitra, bilal):
        agree(member, "organise", "sms")
    urgent, other = put(chitra, key="u"), put(bilal, key="o")
    services.send_due(now=night)
    seen = watch()
    lift(asha, urgent, night)
    assert seen.verbs() == ["delivery.quiet_lifted"]
    assert services.send_due(now=night)["sent"] == 1
    assert (state_of(urgent)[0], state_of(other)[0]) == ("sent", "waiting")


def test_silence_is_not_lifted_with_it(first, asha, tree, chitra, agree, put, silent_sahara, night):  # noqa: F811
    agree(chitra, "news", "sms")
    appeal = put(
        chitra, template="appeal", params={"text": "t", "link": "l"}, unit=tree.sahara,
        certificate={"number": "7", "committee": "J", "valid_until": "2090-01-01T00:00:00+00:00",
                     "file_hash": services.hash_of("appeal", {"text": "t", "link": "l"})},
        expires_at=night + timedelta(days=9),
    )  # fmt: skip
    lift(asha, appeal, night)
    assert services.send_due(now=night)["sent"] == 0
    assert state_of(appeal) == ("waiting", "law:1")
    assert first.speaker.requests == 0
    with pytest.raises(WrongState):
        lift(asha, appeal, night)


def test_consent_is_not_lifted_with_it(first, asha, chitra, put, night):  # noqa: F811
    message = put(chitra)
    lift(asha, message, night)
    services.send_due(now=night)
    assert state_of(message) == ("refused", "no_consent")
    assert first.speaker.requests == 0


def test_it_needs_a_reason_the_right_and_quiet_hours(asha, bilal, chitra, put, night, noon, watch):  # noqa: F811
    message = put(chitra)
    seen = watch()
    with pytest.raises(BadInput):
        lift(asha, message, night, "hurry")
    with pytest.raises(WrongState):
        lift(asha, message, noon)
    with pytest.raises(NotFound):
        lift(bilal, message, night)
    assert seen.nothing_happened()
    assert state_of(message) == ("waiting", "")
