"""A schedule row is corrected by two persons who cite the notification; what was said before stays."""

from datetime import time, timedelta

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from tests.elections.conftest import POLL_DAY, WEEK_BEFORE, ist

from toli.elections import queries, services
from toli.elections.gate import PULSE, Subject
from toli.elections.models import PollVersion
from toli.elections.services import Hours
from toli.kit.errors import BadInput, NeedsSecondFactor, NotAllowed, NotFound

EARLIER = Hours(POLL_DAY, (time(16),), time(7))
CITED = "notification 2/2031 of 11 April"


def propose(member, poll, hours=EARLIER, notification=CITED):
    return services.propose_correction(
        actor=member.actor, poll_ref=poll.ref, hours=hours, notification=notification, now=WEEK_BEFORE
    )


def confirm(member, version):
    return services.confirm_correction(actor=member.actor, ref=version.ref, now=WEEK_BEFORE)


@pytest.fixture
def second(tree):
    """A second member of the state team."""
    from tests import cast

    return cast.cast_member("Sunita Verma", "+911000000021", tree.state, "state_team", "state_member")


def quiet_from(poll):
    return queries.live_version(poll).quiet_from


def test_a_proposal_changes_nothing_until_a_second_person_confirms_it(asha, second, sahara, watch):
    seen = watch()
    version = propose(asha, sahara)
    assert quiet_from(sahara) == ist(2031, 4, 15, 18)
    confirm(second, version)
    assert quiet_from(sahara) == ist(2031, 4, 15, 16)
    assert seen.verbs() == ["elections.correction_proposed", "elections.poll_corrected"]


def test_the_windows_of_the_gate_change_with_the_confirmation(asha, second, sahara, tree):
    at = ist(2031, 4, 15, 17)
    appeal = Subject("appeal", "h")
    assert queries.check(appeal, tree.sahara.pk, PULSE, now=at).allowed
    confirm(second, propose(asha, sahara))
    assert not queries.check(appeal, tree.sahara.pk, PULSE, now=at).allowed


def test_nobody_confirms_their_own_proposal(asha, sahara, watch):
    version = propose(asha, sahara)
    seen = watch()
    with pytest.raises(NotAllowed):
        confirm(asha, version)
    assert quiet_from(sahara) == ist(2031, 4, 15, 18)
    assert seen.nothing_happened()


def test_the_old_version_stays_with_who_and_from_which_notification(asha, second, sahara):
    confirm(second, propose(asha, sahara))
    new, old = queries.versions_of(sahara)
    assert (old.state, old.closes, old.notification) == ("replaced", [time(18)], "notification 1/2031")
    assert (new.state, new.closes, new.notification) == ("live", [time(16)], CITED)
    assert (new.proposed_by_id, new.decided_by_id) == (asha.person.pk, second.person.pk)


@pytest.mark.parametrize(
    "statement", ["UPDATE elections_pollversion SET closes = '{}'", "DELETE FROM elections_pollversion"]
)
def test_the_database_refuses_to_rewrite_a_version(sahara, statement):
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("notification", ["", "   ", "x"])
def test_a_correction_cites_its_notification(asha, sahara, notification, watch):
    seen = watch()
    with pytest.raises(BadInput):
        propose(asha, sahara, notification=notification)
    assert seen.nothing_happened()


def test_one_proposal_at_a_time_and_none_that_changes_nothing(asha, second, sahara):
    with pytest.raises(BadInput):
        propose(asha, sahara, Hours(POLL_DAY, (time(18),), time(7)))
    propose(asha, sahara)
    with pytest.raises(BadInput):
        propose(second, sahara, Hours(POLL_DAY, (time(17),), time(7)))


def test_a_refused_proposal_is_over_and_another_can_be_made(asha, second, sahara):
    version = propose(asha, sahara)
    services.refuse_correction(actor=second.actor, ref=version.ref, now=WEEK_BEFORE)
    with pytest.raises(NotFound):
        confirm(second, version)
    assert propose(asha, sahara).number == 3


def test_the_right_and_the_second_proof_are_asked_for(asha, bilal, chitra, meera, dev, sahara, watch):
    seen = watch()
    for member in (bilal, chitra, meera, dev):
        with pytest.raises((NotFound, NotAllowed)):
            propose(member, sahara)
    with pytest.raises(NeedsSecondFactor):
        services.propose_correction(
            actor=asha.acting(second_factor=False), poll_ref=sahara.ref, hours=EARLIER, notification=CITED,
            now=WEEK_BEFORE,
        )  # fmt: skip
    assert PollVersion.objects.count() == 1
    assert seen.nothing_happened()


def test_a_poll_put_off_has_no_window_any_more(asha, second, sahara, tree):
    confirm(second, propose(asha, sahara, Hours(POLL_DAY, (time(18),), time(7), "off")))
    windows = queries.load_windows(now=WEEK_BEFORE)
    assert windows.of(tree.sahara.pk) == ()
    assert queries.poll_ends_at(sahara) is None


def test_an_hour_given_later_turns_the_block_into_a_window(asha, second, vallabhnagar, tree):
    assert queries.live_version(vallabhnagar).quiet_kind == "unhoured"
    confirm(second, propose(asha, vallabhnagar, Hours(POLL_DAY, (time(17),))))
    [window] = queries.load_windows(now=WEEK_BEFORE).of(tree.vallabhnagar.pk)
    assert (window.window.starts, window.window.kind) == (ist(2031, 4, 15, 17), "silence")
    assert window.window.ends - window.window.starts == timedelta(hours=48)


@pytest.mark.django_db(transaction=True)
def test_two_second_persons_at_once_put_a_correction_in_force_once(asha, second, sahara):
    import threading

    version = propose(asha, sahara)
    gate, results = threading.Barrier(2), []
    actor = second.actor

    def one():
        gate.wait()
        try:
            services.confirm_correction(actor=actor, ref=version.ref, now=WEEK_BEFORE)
            results.append("done")
        except NotFound:
            results.append("late")
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) == ["done", "late"]
    assert [v.state for v in queries.versions_of(sahara)] == ["live", "replaced"]
