"""A schedule file meets the tree: what is known, what is new, what waits for two people, what is refused and why."""

import contextlib

import pytest
from tests.cast import SYSTEM
from tests.elections.conftest import WEEK_BEFORE, ist

from toli.elections import queries, services
from toli.elections.importing import load_bytes
from toli.elections.models import ExitPollWindow, Poll, PollVersion
from toli.kit.errors import ToliError

HEADER = (
    "election_id,state,kind,scope,phase,poll_date,poll_start_or_window_start,poll_close_or_window_end,note,source\n"
)
SAHARA = (
    'B1,Rajasthan,assembly by-election,"Sahara (AC 179, Bhilwara); 387 polling stations",,2031-04-17,07:00,'
    "{close},,gazette 1\n"
)


def bring(*lines, header=HEADER):
    loaded = load_bytes((header + "".join(lines)).encode())
    return services.import_schedule(actor=SYSTEM, plan=loaded.plan, exits=loaded.exits, now=WEEK_BEFORE)


def test_a_row_finds_its_constituency_and_is_in_force(tree, watch):
    seen = watch()
    result = bring(SAHARA.format(close="18:00"))
    assert (result.created, result.rejects) == (1, [])
    version = queries.live_version(Poll.objects.get(constituency=tree.sahara))
    assert (version.quiet_from, version.quiet_to) == (ist(2031, 4, 15, 18), ist(2031, 4, 17, 18))
    assert (version.notification, version.confirmed) == ("gazette 1", True)
    assert seen.verbs() == ["elections.schedule_imported"]


@pytest.mark.parametrize("name", ["Sahara", "सहाड़ा", "Sahada", "सहाडा"])
def test_a_name_is_found_in_every_spelling(tree, name):
    result = bring(f"{name},2031-04-17,18:00\n", header="constituency,date,close\n")
    assert [poll.constituency for poll in result.polls] == [tree.sahara]


def test_importing_again_changes_nothing(tree, watch):
    bring(SAHARA.format(close="18:00"))
    seen = watch()
    result = bring(SAHARA.format(close="18:00"))
    assert (result.created, result.unchanged, result.proposed) == (0, 1, 0)
    assert seen.nothing_happened()


def test_a_differing_row_waits_for_two_people_and_the_old_one_holds(tree):
    bring(SAHARA.format(close="18:00"))
    result = bring(SAHARA.format(close="16:00"))
    assert (result.created, result.proposed) == (0, 1)
    assert queries.live_version(result.polls[0]).quiet_to == ist(2031, 4, 17, 18)
    assert PollVersion.objects.filter(state="proposed").count() == 1
    again = bring(SAHARA.format(close="16:00"))
    assert (again.unchanged, again.proposed) == (1, 0)


def test_a_day_that_was_moved_keeps_both_days_and_the_new_one_holds(tree):
    moved = (
        'B1,Rajasthan,assembly general,"all ACs",,2031-04-15,07:00,18:00,superseded: moved to 2031-04-17,a\n',
        'B1,Rajasthan,assembly general,"all ACs",,2031-04-17,07:00,18:00,supersedes 2031-04-15,b\n',
    )
    result = bring(*moved)
    assert result.rejects == []
    for unit in (tree.sahara, tree.vallabhnagar):
        poll = Poll.objects.get(constituency=unit)
        assert queries.live_version(poll).poll_on.day == 17
        assert [(v.poll_on.day, v.status, v.state) for v in queries.versions_of(poll)] == [
            (17, "scheduled", "live"), (15, "off", "replaced"),
        ]  # fmt: skip


def test_all_constituencies_but_one(tree):
    result = bring(
        'B2,Rajasthan,assembly general,"1 ACs (Sahara adjourned: candidate died)",,2031-05-01,07:00,18:00,,a\n'
    )
    assert [poll.constituency for poll in result.polls] == [tree.vallabhnagar]


def test_a_number_of_unnamed_constituencies_that_does_not_fit_is_refused_with_its_reason(tree):
    result = bring('B2,Rajasthan,assembly general,"phase 1 (71 ACs)",1,2031-05-01,07:00,18:00,,a\n')
    assert result.created == 0
    assert "71 constituencies are not named, and 2 could be meant" in result.rejects[0][1]


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        ("Nowhere (AC 999)", "there is no constituency"),
        ("Sahara (AC 155)", "number 155 is"),
        ("Nagarpur", "there is no"),
    ],
)
def test_what_is_not_in_the_tree_or_contradicts_itself_is_refused(tree, scope, reason):
    result = bring(f'B3,Rajasthan,by-election,"{scope}",,2031-04-17,07:00,18:00,,a\n')
    assert result.created == 0
    assert reason in result.rejects[0][1]
    assert Poll.objects.count() == 0


def test_an_exit_poll_window_is_kept_once_and_holds_everywhere(tree):
    line = "B1,Rajasthan,exit-poll ban s.126A,state,,2031-04-17,2031-04-17T07:00,2031-04-29T18:30,window,gazette\n"
    assert bring(line).exits == 1
    assert bring(line).exits == 0
    assert ExitPollWindow.objects.count() == 1
    assert queries.load_windows(now=WEEK_BEFORE).exit_window(ist(2031, 4, 20, 12)) is not None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\x01\x02",
        "कुछ भी\n".encode(),
        b"a,b,c\n1,2,3\n",
        b"\xff\xfe" + "x,y\n".encode("utf-16-le"),
        b"\n" * 5000,
    ],
)
def test_a_file_that_is_no_schedule_is_refused_with_a_sentence(tree, raw, watch):
    seen = watch()
    with contextlib.suppress(ToliError):
        loaded = load_bytes(raw)
        assert loaded.plan.polls == []
        assert loaded.plan.rejects
    assert seen.nothing_happened()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_schedule_is_read_in_other_encodings_and_below_a_title(tree, encoding):
    text = "Schedule of polls\n\nconstituency;date;close\nSahara;17-04-2031;18:00\n"
    loaded = load_bytes(text.encode(encoding))
    assert [poll.place.name for poll in loaded.plan.polls] == ["Sahara"]
    assert loaded.plan.polls[0].lines == (4,)


def test_a_parliament_poll_silences_every_constituency_inside_it(tree):
    from tests import cast

    seat = cast.add_unit("parliament", "भीलवाड़ा", "Bhilwara", None, in_org=False)
    cast.link("electoral", tree.sahara, seat)
    result = bring("E,Lok Sabha general,Bhilwara,2031-04-17,18:00\n", header="election,kind,constituency,date,close\n")
    assert [poll.constituency for poll in result.polls] == [tree.sahara]


def test_a_row_whose_status_says_put_off_has_no_window(tree):
    result = bring("E,Sahara,2031-04-17,18:00,Postponed\n", header="election,constituency,date,close,status\n")
    assert queries.poll_ends_at(result.polls[0]) is None
