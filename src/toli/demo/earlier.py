"""An earlier, small call to join of one district, from the first form to the last seat: what the running one leads to.

It goes through the rooms' own services, each at its own moment of the last five weeks. Who got nothing applies again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.db import connection

from toli.audit.models import Record
from toli.demo import interviews
from toli.demo.drive import Entry, write_applications
from toli.demo.people import Made
from toli.kit.actor import Actor, SystemActor
from toli.kit.dates import local_day
from toli.org import queries as org
from toli.org import services as org_services
from toli.org.importing.copying import refs
from toli.org.models import Unit
from toli.people.models import Person
from toli.recruitment import queries, services
from toli.recruitment.models import Application, Drive, PlacementRun, PlaceOffer

KEY = "rajsamand-first"
NAMES = {"hi": "राजसमंद: पहली टोली", "en": "Rajsamand: the first team"}
INTRO = {"hi": "तीन बूथों पर छह साथी चाहिए।", "en": "Six people are wanted at three booths."}
ROUND = {"hi": "पंचायत भवन में बातचीत", "en": "A talk at the panchayat hall"}
APPEAL = "मेरे इंटरव्यू में स्थानीय जानकारी के सवाल पूछे ही नहीं गए, फिर भी उसके अंक कम हैं।"
REASON = "नोट देखा: दो सवाल छूट गए थे, इसलिए अंक बढ़ाए।"
OPENED, CLOSED, PLACED = 34, 20, 15
MOST, PLACES, SEATS, WISHES = 18, 3, 2, 3
SYSTEM = SystemActor(request_id="demo")

VACANT_BOOTHS = """
SELECT u.id FROM org_unit u JOIN org_seat s ON s.unit_id = u.id AND s.closed_at IS NULL AND s.wing_id IS NULL
JOIN org_teamkind k ON k.id = s.team_kind_id AND k.key = 'booth_team'
JOIN org_role r ON r.id = s.role_id AND r.key = 'booth_youth'
WHERE u.path >= %(lo)s AND u.path < %(hi)s
  AND NOT EXISTS (SELECT FROM org_appointment a WHERE a.seat_id = s.id AND a.state IN ('offered', 'accepted'))
GROUP BY u.id HAVING count(*) >= %(seats)s ORDER BY u.path LIMIT %(places)s
"""


def chosen(waiting: Sequence[Made], within: set[int], *, now: datetime) -> list[Made]:
    """Who joined while it was open and has been active since."""
    early, lately = now - timedelta(days=CLOSED), now - timedelta(days=5)
    found = [one for one in waiting if one.home in within and one.joined < early and one.last_act > lately]
    return found[:MOST]


def run(
    people: Sequence[Made], *, actors: Mapping[str, Actor], district: Unit, random: Random, now: datetime
) -> set[int]:
    """The whole of it; ids of the persons who hold a seat by it now."""
    asha = actors["asha"]
    drive = _open(asha, district, now)
    entries = [
        Entry(ref, one, one.home, max(one.joined, now - timedelta(days=OPENED)))
        for one, ref in zip(people, refs(len(people)), strict=True)
    ]
    write_applications(drive, entries, ways=("\\N" for _one in entries))
    _wish(drive, random)
    _interview(asha, drive, district, now)
    signed = _place(actors, drive, now)
    _offer(signed, now)
    _appeal(actors, signed, now)
    _active_today(signed, now)
    services.count_funnel(drive=drive, now=now)
    return set(PlaceOffer.objects.filter(run=signed, state="accepted").values_list("application__person_id", flat=True))


# Who sits since days and was active today: the acceptance of then could not count it.
ACTIVE_TODAY = """
INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
SELECT s.unit_id, 0, 'active', act.last_act_on, count(*)
FROM recruitment_placeoffer o JOIN org_appointment a ON a.ref = o.appointment_ref AND a.state = 'accepted'
JOIN org_seat s ON s.id = a.seat_id JOIN org_activity act ON act.person_id = a.person_id
WHERE o.run_id = %s AND act.last_act_on = %s GROUP BY 1, 4
"""


def _active_today(run: PlacementRun, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ACTIVE_TODAY, [run.pk, local_day(now)])


def _open(asha: Actor, district: Unit, now: datetime) -> Drive:
    drive = services.open_drive(
        actor=asha, key=KEY, names=NAMES, intro=INTRO, scope=district, opens_at=now - timedelta(days=OPENED),
        closes_at=now - timedelta(days=CLOSED), levels=["booth"],
    )  # fmt: skip
    services.change_drive(actor=asha, key=KEY, changes={"target": MOST, "tie_seed": "first-rain-1857"})
    bounds: dict[str, Any] = {"lo": district.path, "hi": district.path[:-1] + "0", "seats": SEATS, "places": PLACES}
    with connection.cursor() as cursor:
        cursor.execute(VACANT_BOOTHS, bounds)
        units = Unit.objects.in_bulk([row[0] for row in cursor.fetchall()])
    for unit in units.values():
        services.set_place(
            actor=asha, key=KEY, unit_ref=unit.ref, team="booth_team", role="booth_youth", capacity=SEATS
        )
    return drive


def _wish(drive: Drive, random: Random) -> None:
    """The places in an order of one's own."""
    places = list(drive.places.order_by("id").values_list("pk", flat=True))
    rows = [
        (application, rank, place)
        for application in drive.applications.order_by("id").values_list("pk", flat=True)
        for rank, place in enumerate(random.sample(places, min(WISHES, len(places))), start=1)
    ]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO recruitment_wish (application_id, rank, place_id) VALUES (%s, %s, %s)", rows)


def _interview(asha: Actor, drive: Drive, district: Unit, now: datetime) -> None:
    first, last = now - timedelta(days=CLOSED - 1), now - timedelta(days=PLACED + 1)
    of = interviews.set_up(
        actor=asha, drive=drive, names=ROUND, kind="meeting", first=first, last=last, level=district.level.key, least=1,
        named=interviews.Named([], []),
    )  # fmt: skip
    after = last + timedelta(days=1)
    interviews.hold(actor=asha, of=of, before=first, now=after)
    services.settle_scores(actor=asha, round_ref=of.ref, now=after)


def _place(actors: Mapping[str, Actor], drive: Drive, now: datetime) -> PlacementRun:
    at = now - timedelta(days=PLACED)
    services.run_placement(
        actor=actors["asha"], key=KEY, kind="what_if", changes={"all": {"capacity_percent": 150}}, now=at
    )
    run = services.run_placement(actor=actors["asha"], key=KEY, kind="real", now=at + timedelta(hours=2))
    services.sign_run(actor=actors["asha"], ref=run.ref, now=at + timedelta(hours=3))
    signed = services.sign_run(actor=actors["farida"], ref=run.ref, now=at + timedelta(hours=20))
    record = Record.objects.filter(target_ref=run.ref).latest("id")
    services.prepare_offers(actor=SYSTEM, record_ids=[record.pk], now=at + timedelta(hours=20))
    return signed


def _offer(run: PlacementRun, now: datetime) -> None:
    """One says no, one says nothing, the others say yes; the wait-list moves twice."""
    at = now - timedelta(days=PLACED - 1)
    _move(at)
    first = list(PlaceOffer.objects.filter(run=run, state="offered").order_by("id"))
    for nth, offer in enumerate(first[1:], start=1):
        _answer(offer, at + timedelta(hours=3 * nth), yes=nth > 1)
    _move(at + timedelta(days=2))
    for offer in PlaceOffer.objects.filter(run=run, origin="wait_list", state="offered"):
        _answer(offer, at + timedelta(days=3), yes=True)
    org_services.lapse_offers(actor=SYSTEM, now=at + timedelta(days=5, hours=1))
    _move(at + timedelta(days=5, hours=2))
    for offer in PlaceOffer.objects.filter(run=run, origin="wait_list", state="offered"):
        _answer(offer, at + timedelta(days=6), yes=True)
    _move(at + timedelta(days=6, hours=1))


def _move(at: datetime) -> None:
    while services.move_offers(actor=SYSTEM, now=at):
        pass


def _answer(offer: PlaceOffer, at: datetime, *, yes: bool) -> None:
    actor = _as_applicant(offer.application, at)
    assert offer.appointment_ref is not None
    act = org_services.accept_offer if yes else org_services.decline_offer
    act(actor=actor, ref=offer.appointment_ref, now=at)


def _as_applicant(application: Application, at: datetime) -> Actor:
    return org.actor_for(Person.objects.get(pk=application.person_id), now=at, request_id="demo")


def _appeal(actors: Mapping[str, Actor], run: PlacementRun, now: datetime) -> None:
    """The best of those who got nothing appeals, and two who did not score them agree. Another stays as a supporter."""
    rows = Application.objects.filter(outcomes__run=run, outcomes__place=None, state="submitted")
    left = list(rows.exclude(place_offers__run=run).order_by("-score", "id")[:3])
    if not left:
        return
    at = now - timedelta(days=PLACED - 5)
    applicant = _as_applicant(left[0], at)
    appeal = services.make_appeal(actor=applicant, ref=left[0].ref, words=APPEAL, now=at)
    told = queries.explained(actor=applicant, ref=left[0].ref)
    lacked = told.nearest.lacks if told and told.nearest else 0
    for key, hours, more in (("jagdish", 30, 300), ("farida", 52, 100)):
        score = min(10_000, (left[0].score or 0) + lacked + more)
        services.vote_on_appeal(
            actor=actors[key], ref=appeal.ref, upholds=True, score=score, reason=REASON,
            now=at + timedelta(hours=hours),
        )  # fmt: skip
    _move(at + timedelta(days=3))
    for offer in PlaceOffer.objects.filter(run=run, origin="appeal", state="offered"):
        _answer(offer, at + timedelta(days=4), yes=True)
    _move(at + timedelta(days=4, hours=1))
    for application, choice in zip(left[1:], ("supporter", "other_seats"), strict=False):
        if queries.may_choose(application):
            services.choose_to_stay(
                actor=_as_applicant(application, at), ref=application.ref, choice=choice, language="hi",
                session_key="demo", now=at + timedelta(days=5),
            )  # fmt: skip
