"""A run, a bulk offer and a giving-out of times are killed at seeded statements: nothing is half-written, ever."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests import cast
from tests.races.dying import killed_at, statements_of
from tests.recruitment import contest as contests
from tests.recruitment import interviews as on
from tests.recruitment.conftest import demo, drive, notice  # noqa: F401 - a drive
from tests.recruitment.placed import Wished, add_applicant, add_place, sign_run
from tests.recruitment.test_offers import signed
from toli.org.models import Appointment
from toli.recruitment import services
from toli.recruitment.models import Interview, Outcome, PlacementRun, PlaceOffer, SlotPlan

pytestmark = pytest.mark.django_db(transaction=True)
SEEDS = range(20)
SEATS = 12

TABLES = (
    "recruitment_placementrun", "recruitment_outcome", "recruitment_cutoff", "recruitment_placeoffer",
    "recruitment_application", "recruitment_interview", "org_appointment", "org_delta", "audit_record",
    "delivery_message",
)  # fmt: skip


def standing() -> dict[str, Any]:
    """Every row of every table that these acts write."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')), count(*) FROM {table} t"
            )
            found[table] = cursor.fetchone()
    return found


def kill_often(act) -> int:
    """Kill the act at a statement that each seed draws; how many times. Whatever it had begun is gone."""
    total, before = statements_of(act), standing()
    assert standing() == before, "the rehearsal was taken back"
    for seed in SEEDS:
        nth = random.Random(seed).randint(1, total)
        assert killed_at(act, nth) is not None, (seed, nth, total)
        assert standing() == before, f"seed {seed}: killed at statement {nth} of {total}, something stayed"
    return len(SEEDS)


def test_a_placement_run_is_written_whole_or_not_at_all(drive, tree, asha):  # noqa: F811
    contests.hold_contest(drive, tree)
    actor = asha.actor

    def act():
        return services.run_placement(actor=actor, key="youth", kind="real", now=timezone.now())

    assert kill_often(act) == 20
    run = act()
    assert PlacementRun.objects.count() == 1
    assert Outcome.objects.filter(run=run).count() == run.summary["applicants"] == 4


def test_offers_in_bulk_are_made_whole_or_not_at_all(drive, notice, tree):  # noqa: F811
    place = add_place(drive, tree.booths[0], SEATS)
    people = [add_applicant(drive, notice, tree.booth, 900 - n, f"Applicant {n}") for n in range(SEATS)]
    run = sign_run(drive, [Wished(one, [place]) for one in people], [place])
    services.prepare_offers(actor=cast.SYSTEM, record_ids=signed(run), now=timezone.now())

    def act():
        return services.make_offers(actor=cast.SYSTEM, now=timezone.now())

    assert kill_often(act) == 20
    assert act() == SEATS
    assert PlaceOffer.objects.filter(state="offered").count() == SEATS
    assert Appointment.objects.filter(seat__unit=place.unit, state="offered").count() == SEATS


def test_times_are_given_whole_or_not_at_all(drive, notice, tree, bilal, chitra):  # noqa: F811
    of = on.add_round(drive)
    on.add_panel(of, tree.raipur, [bilal, chitra])
    for n in range(4):
        on.add_applicant(drive, notice, tree.booth, name=f"Neelam {n}")
    on.make_slots(of)
    plan = services.ask_for_times(actor=bilal.actor, round_ref=of.ref, now=timezone.now())

    assert kill_often(services.carry_on_plans) == 20
    plan.refresh_from_db()
    assert plan.is_open
    assert services.carry_on_plans() == 1
    assert Interview.objects.count() == 4
    assert SlotPlan.objects.get().state == "done"
