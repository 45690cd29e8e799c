"""Tasks at every stage: given by the named people through the service, carried on by the crowd in sets."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from toli.demo.names import Name
from toli.demo.planning import hash_joins
from toli.kit.actor import Actor, SystemActor
from toli.kit.ids import uuid7
from toli.org.models import Level, Unit
from toli.tasks import services
from toli.tasks.models import Assignment, Task


@dataclass(frozen=True)
class Plan:
    """A task and how far it has come: `shares` of accepted, handed in, verified and returned among the teams."""

    by: str
    code: tuple[str, str]
    level: str
    title: Name
    instructions: Name
    kind: str
    proofs: tuple[str, ...]
    per_team: int
    measure: Name
    given_days_ago: float
    due_in_days: float
    accepted: float = 0.0
    handed_in: float = 0.0
    verified: float = 0.0
    returned: float = 0.0


PLANS = (
    Plan("asha", ("eci", "S20"), "booth",
         Name("बूथ टीम की सूची पूरी करें", "Complete the list of the booth team"),
         Name("टीम के हर साथी से मिलें, नाम और काम लिखें। गिनती भेजें।",
              "Meet everybody of the team, note who does what. Send the count."),
         "internal", ("number",), 10, Name("साथी", "people"), 24, -3, 0.08, 0.06, 0.70, 0.04),
    Plan("bilal", ("org", "S20/district/bhilwara"), "booth",
         Name("मतदान की तारीख़ और समय बताएँ", "Tell people the day and hours of the poll"),
         Name("घर-घर जाकर मतदान केंद्र, तारीख़ और समय बताएँ। पर्ची न दें।",
              "Go from home to home: station, day and hours. No slips."),
         "civic", ("number",), 40, Name("घर", "homes"), 6, 3, 0.25, 0.22, 0.24, 0.05),
    Plan("gopal", ("eci", "S20/179"), "booth",
         Name("चौपाल पर बैठक करें", "Hold a meeting at the village square"),
         Name("गाँव की चौपाल पर बैठक करें। कितने लोग आए, लिखें।",
              "Hold a meeting at the village square. Write how many came."),
         "appeal", ("number", "text"), 25, Name("लोग", "people"), 3, 4, 0.30, 0.15, 0.08, 0.03),
    Plan("kamla", ("org", "S20/district/churu"), "block",
         Name("पाँच पंचायतों में संपर्क", "Reach five panchayats"),
         Name("हर पंचायत में एक सक्रिय साथी तय करें।", "Find one active volunteer in each panchayat."),
         "internal", ("number",), 5, Name("पंचायत", "panchayats"), 10, 2, 0.3, 0.2, 0.3, 0.0),
    Plan("asha", ("eci", "S20"), "district",
         Name("मतदान दिन की तैयारी भेजें", "Send the plan for polling day"),
         Name("गाड़ी, पानी और पारी की योजना लिखकर भेजें।", "Write the plan for transport, water and shifts."),
         "internal", ("text",), 1, Name("योजना", "plans"), 0.1, 5),
)  # fmt: skip

CARRY_ON = """
WITH worker AS MATERIALIZED (
    SELECT s.unit_id, array_agg(a.person_id ORDER BY a.id) AS people
    FROM org_appointment a JOIN org_seat s ON s.id = a.seat_id AND s.closed_at IS NULL
    WHERE a.state = 'accepted' AND s.wing_id IS NULL GROUP BY 1
), drawn AS (
    SELECT a.id, w.people[1 + floor(random() * cardinality(w.people))::int] AS person, random() AS draw,
           greatest(1, round(a.share * (0.7 + random() * 0.5)))::bigint AS number,
           %(given)s::timestamptz + random() * 0.5 * (%(now)s::timestamptz - %(given)s) AS accepted_at,
           %(given)s::timestamptz + (0.5 + random() * 0.35) * (%(now)s::timestamptz - %(given)s) AS at
    FROM tasks_assignment a JOIN worker w ON w.unit_id = a.unit_id
    WHERE a.task_id = %(task)s AND a.is_work AND a.state = 'given'
), placed AS (
    SELECT *, CASE WHEN draw < %(verified)s AND person <> %(by)s THEN 'verified'
                   WHEN draw < %(returned)s THEN 'returned'
                   WHEN draw < %(handed_in)s THEN 'handed_in' WHEN draw < %(accepted)s THEN 'accepted' END AS state
    FROM drawn
), made AS (
    INSERT INTO tasks_handin (ref, assignment_id, person_id, typed_by_id, number, text, at)
    SELECT gen_random_uuid(), id, person, person, CASE WHEN %(counts)s THEN number END,
           CASE WHEN %(words)s THEN %(text)s ELSE '' END, at
    FROM placed WHERE state IN ('verified', 'returned', 'handed_in')
    RETURNING id, assignment_id
)
UPDATE tasks_assignment a SET state = p.state, accepted_by_id = p.person, accepted_at = p.accepted_at,
    hand_in_id = made.id, version = 3,
    verified_by_id = CASE WHEN p.state = 'verified' THEN %(by)s END,
    verified_at = CASE WHEN p.state = 'verified' THEN least(p.at + interval '5 hours', %(now)s) END,
    done = CASE WHEN p.state = 'verified' THEN CASE WHEN %(counts)s THEN p.number ELSE a.share END ELSE 0 END,
    teams_done = (p.state = 'verified')::int,
    returned_at = CASE WHEN p.state = 'returned' THEN least(p.at + interval '4 hours', %(now)s) END,
    return_reason = CASE WHEN p.state = 'returned' THEN %(reason)s ELSE '' END
FROM placed p LEFT JOIN made ON made.assignment_id = p.id
WHERE a.id = p.id AND p.state IS NOT NULL
"""
COUNT_DONE = """
INSERT INTO org_delta (unit_id, wing_id, metric, day, n)
SELECT unit_id, 0, 'tasks_done', DATE '1970-01-01', count(*) FROM tasks_assignment
WHERE task_id = ANY(%s) AND is_work AND state = 'verified' GROUP BY 1
"""


def give_work(*, actors: dict[str, Actor], people: dict[str, int], now: datetime) -> list[Task]:
    """Give every task of the plan in its time and carry it on; every level added up."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.2021)")
    tasks = [_give(plan, actors[plan.by], now) for plan in PLANS]
    for plan, task in zip(PLANS, tasks, strict=True):
        _carry_on(plan, task, people[plan.by], now)
    _begin_again(_shares_of_the_named(tasks))
    with connection.cursor() as cursor:
        cursor.execute(COUNT_DONE, [[task.pk for task in tasks]])
    services.add_up_tasks(actor=SystemActor(request_id="demo"), task_refs=[task.ref for task in tasks], now=now)
    return tasks


def _give(plan: Plan, actor: Actor, now: datetime) -> Task:
    unit = Unit.objects.get(codes__scheme=plan.code[0], codes__value=plan.code[1])
    level = Level.objects.get(key=plan.level)
    top = unit.path
    teams = Unit.objects.filter(level=level, path__gte=top, path__lt=top[:-1] + "0").count()
    return services.give_task(
        actor=actor, ref=uuid7(), unit=unit, level=level, title=_texts(plan.title),
        instructions=_texts(plan.instructions), kind=plan.kind, proofs=plan.proofs, target=plan.per_team * teams,
        measure=_texts(plan.measure), due_at=now + timedelta(days=plan.due_in_days),
        now=now - timedelta(days=plan.given_days_ago),
    )  # fmt: skip


def _carry_on(plan: Plan, task: Task, by: int, now: datetime) -> None:
    """Draw for each team how far it has come; a team nobody sits in has not begun."""
    steps = {}
    upto = 0.0
    for state in ("verified", "returned", "handed_in", "accepted"):
        upto += getattr(plan, state)
        steps[state] = upto
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute(
            CARRY_ON,
            {
                "task": task.pk, "given": task.given_at, "now": now, "by": by, "counts": "number" in plan.proofs,
                "words": "text" in plan.proofs, "text": "बैठक हुई, लोग संतुष्ट थे।", "reason": "गिनती दोबारा देखें।", **steps,
            },
        )  # fmt: skip


def _shares_of_the_named(tasks: list[Task]) -> list[Assignment]:
    """What the booth of the named volunteers was given, oldest first."""
    shares = Assignment.objects.filter(task__in=tasks, unit__codes__value="S20/179/1/main", is_work=True)
    return list(shares.order_by("task_id"))


def _begin_again(shares: list[Assignment]) -> None:
    """What the draw did to these is put back, so that their story is the same on every machine."""
    for share in shares:
        share.hand_in = share.accepted_by = share.verified_by = None
        share.verified_at = share.returned_at = share.accepted_at = None
        share.done, share.teams_done, share.return_reason = 0, 0, ""
        share.state = Assignment.State.GIVEN
        share.save()


def for_the_named(*, actors: dict[str, Actor], tasks: list[Task], now: datetime) -> None:
    """The booth of the named volunteers: one share open to be taken, one taken, one waiting to be verified."""
    chitra = actors["chitra"]
    shares = _shares_of_the_named(tasks)
    first, second = shares[0], shares[1]
    services.accept_assignment(actor=chitra, ref=first.ref, now=now - timedelta(days=2))
    services.hand_in(actor=chitra, ref=first.ref, hand_in_ref=uuid7(), now=now - timedelta(hours=3), number=9)
    services.accept_assignment(actor=chitra, ref=second.ref, now=now - timedelta(hours=5))


def _texts(name: Name) -> dict[str, str]:
    return {"hi": name.hi, "en": name.en}
