"""A drive in full swing: its questions and places, and the people who answered it, with wishes, answers and links."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from django.db import connection

from toli.consent.queries import current_notice
from toli.demo.people import SKILLS, Made
from toli.demo.planning import hash_joins
from toli.demo.sizes import Size
from toli.kit.actor import Actor
from toli.kit.ids import new_receipt
from toli.org.importing.copying import array_value, copy_in, refs
from toli.org.models import Unit
from toli.recruitment import services
from toli.recruitment.models import Drive
from toli.recruitment.questions import Question

KEY = "rajasthan"
NAMES = {"hi": "टोली से जुड़ें", "en": "Join the team"}
INTRO = {
    "hi": "आपके बूथ पर दस युवाओं की टीम बन रही है। फ़ॉर्म दो मिनट का है।",
    "en": "A team of ten is forming at your booth. The form takes two minutes.",
}
QUESTIONS = [
    Question("why", "text", {"hi": "आप टीम में क्या करना चाहेंगे?", "en": "What would you like to do in the team?"}),
    Question("phone", "choice", {"hi": "आपके पास कैसा फ़ोन है?", "en": "What phone do you have?"}, required=True, options=(
        ("smart", {"hi": "स्मार्टफ़ोन", "en": "Smartphone"}), ("plain", {"hi": "सादा फ़ोन", "en": "Plain phone"}))),
    Question("hours", "number", {"hi": "हफ़्ते में कितने घंटे दे सकते हैं?", "en": "How many hours a week can you give?"},
             least=1, most=60),
    Question("work", "link", {"hi": "आपके छपे काम का लिंक, अगर हो", "en": "A link to work you have published, if any"}),
]  # fmt: skip
DAYS_OPEN, DAYS_LEFT = 35, 12
POSTERS, REFERRERS = 40, 60


def open_drive(*, actor: Actor, state: Unit, size: Size, now: datetime) -> Drive:
    """Open it five weeks ago, with questions, target and every vacant seat as a place."""
    drive = services.open_drive(
        actor=actor, key=KEY, names=NAMES, intro=INTRO, scope=state, opens_at=now - timedelta(days=DAYS_OPEN),
        closes_at=now + timedelta(days=DAYS_LEFT), wings=["youth", "women", "farmers", "students"],
    )  # fmt: skip
    services.change_drive(
        actor=actor, key=KEY, changes={"target": size.applicants * 4 // 3, "tie_seed": "monsoon-1952"}
    )
    services.save_questions(actor=actor, key=KEY, asked=QUESTIONS, now=now - timedelta(days=DAYS_OPEN))
    with hash_joins():
        services.take_vacant_places(actor=actor, key=KEY)
    return drive


class Entry(NamedTuple):
    """One application as it will be written; `unit` is where the person wants to work."""

    ref: str
    person: Made
    unit: int
    at: datetime
    source: str = "web"


def entries_of(people: Sequence[Made], *, random: Random) -> list[Entry]:
    """Everybody applies when they join, where they live; one in seventeen with the help of a kiosk."""
    return [
        Entry(ref, one, one.home, one.joined, "kiosk" if random.random() < 0.06 else "web")
        for one, ref in zip(people, refs(len(people)), strict=True)
    ]


def apply_in_sets(drive: Drive, entries: Sequence[Entry], *, members: Sequence[Made], random: Random) -> int:
    """These people have applied, with answers and wishes: the set-based twin of joining. How many."""
    links = _make_links(drive, entries, members, random)
    count = write_applications(drive, entries, ways=(_way(links, random) for _one in entries))
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute(ANSWERS, {"drive": drive.pk})
        cursor.execute("ANALYZE recruitment_application, recruitment_driveplace")
        cursor.execute(WISHES, {"drive": drive.pk})
    return count


def write_applications(drive: Drive, entries: Sequence[Entry], *, ways: Iterable[str]) -> int:
    """One COPY of the applications; `ways` are ids of links, as COPY wants them."""
    notice = current_notice("join")
    return copy_in(
        "COPY recruitment_application (ref, receipt, drive_id, person_id, unit_id, skills, state, notice_id,"
        " declared_at, submitted_at, changed_at, source, link_id) FROM STDIN",
        (
            f"{one.ref}\t{receipt}\t{drive.pk}\t{one.person.id}\t{one.unit}\t"
            f"{array_value([SKILLS[one.person.id % 6]])}\tsubmitted\t{notice.pk}\t{one.at}\t{one.at}\t{one.at}\t"
            f"{one.source}\t{way}\n"
            for one, receipt, way in zip(entries, _receipts(len(entries)), ways, strict=True)
        ),
    )


def _way(links: Sequence[int], random: Random) -> str:
    """Two in five came by a poster or a member's link, few links bringing many."""
    return str(links[int(random.betavariate(1, 4) * len(links))]) if links and random.random() < 0.4 else "\\N"


def _make_links(drive: Drive, entries: Sequence[Entry], members: Sequence[Made], random: Random) -> list[int]:
    homes = list(dict.fromkeys(one.person.home for one in entries))
    units = random.sample(homes, min(POSTERS, len(homes)))
    people = random.sample(list(members), min(REFERRERS, len(members)))
    lines = [("poster", str(unit), "\\N") for unit in units] + [("referral", "\\N", str(one.id)) for one in people]
    copy_in(
        "COPY recruitment_joinlink (ref, drive_id, code, kind, unit_id, person_id, made_at) FROM STDIN",
        (
            f"{ref}\t{drive.pk}\tDEMO{n:04}\t{kind}\t{unit}\t{person}\t{drive.opens_at}\n"
            for n, ((kind, unit, person), ref) in enumerate(zip(lines, refs(len(lines)), strict=True))
        ),
    )
    return list(drive.links.values_list("pk", flat=True))


ANSWERS = """
INSERT INTO recruitment_answers (application_id, form_id, given)
SELECT a.id, f.id, jsonb_strip_nulls(jsonb_build_object(
    'phone', CASE WHEN a.id %% 9 = 0 THEN 'plain' ELSE 'smart' END,
    'hours', CASE WHEN a.id %% 4 <> 0 THEN 2 + a.id %% 19 END,
    'why', CASE a.id %% 5 WHEN 0 THEN 'घर-घर जाकर बात करना' WHEN 1 THEN 'वीडियो बनाना' WHEN 2 THEN 'बूथ पर काम करना' END,
    'work', CASE WHEN a.id %% 17 = 0 THEN 'https://example.org/work/' || a.id END))
FROM recruitment_application a
JOIN recruitment_formversion f ON f.drive_id = a.drive_id AND f.number = 1
WHERE a.drive_id = %(drive)s
"""

# A place at home where there is one, one of a team above it, then anywhere in the district.
WISHES = """
INSERT INTO recruitment_wish (application_id, rank, place_id, unit_id)
SELECT application_id, row_number() OVER (PARTITION BY application_id ORDER BY nth), place_id, unit_id
FROM (
    SELECT a.id AS application_id, 1 AS nth, own.id AS place_id, NULL::bigint AS unit_id
    FROM recruitment_application a
    CROSS JOIN LATERAL (
        SELECT p.id FROM recruitment_driveplace p
        WHERE p.unit_id = a.unit_id AND p.drive_id = a.drive_id AND p.capacity > 0
        ORDER BY (a.id * 31 + p.id) %% 7, p.id LIMIT 1) own
    WHERE a.drive_id = %(drive)s
    UNION ALL
    SELECT a.id, 2, near.id, NULL
    FROM recruitment_application a JOIN org_unit u ON u.id = a.unit_id
    CROSS JOIN LATERAL (
        SELECT p.id FROM unnest(string_to_array(rtrim(u.path, '/'), '/')) AS up(id)
        JOIN recruitment_driveplace p ON p.unit_id = up.id::bigint AND p.drive_id = a.drive_id AND p.capacity > 0
        WHERE up.id::bigint <> a.unit_id ORDER BY (a.id * 17 + p.id) %% 11, p.id LIMIT 1) near
    WHERE a.drive_id = %(drive)s AND a.id %% 3 <> 0
    UNION ALL
    SELECT a.id, 3, NULL, d.id
    FROM recruitment_application a JOIN org_unit u ON u.id = a.unit_id
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(u.path, '/'), '/')) AS up(id)
    JOIN org_unit d ON d.id = up.id::bigint JOIN org_level v ON v.id = d.level_id AND v.key = 'district'
    WHERE a.drive_id = %(drive)s AND a.id %% 5 <> 0
) AS wished
"""


# Who was put on a seat by hand while the drive ran, and why; of one in forty nobody has said it yet.
PAST = """
INSERT INTO recruitment_pastdrive (place_id, appointment_id, reason, given_by_id, given_at)
SELECT DISTINCT ON (a.id) p.id, a.id, CASE mod(a.id, 3)
    WHEN 0 THEN 'पहले से इसी बूथ पर काम कर रहे थे' WHEN 1 THEN 'इस जगह के लिए किसी का आवेदन नहीं था'
    ELSE 'मतदान पास है, जगह तुरंत भरनी थी' END, %(by)s, a.offered_at + interval '1 hour'
FROM recruitment_driveplace p JOIN recruitment_drive d ON d.id = p.drive_id
JOIN org_seat s ON s.unit_id = p.unit_id AND s.team_kind_id = p.team_kind_id AND s.role_id = p.role_id
    AND s.wing_id IS NOT DISTINCT FROM p.wing_id
JOIN org_appointment a ON a.seat_id = s.id AND a.state IN ('offered', 'accepted') AND a.offered_at >= d.opens_at
WHERE mod(a.id, 40) <> 0 AND NOT EXISTS (SELECT FROM recruitment_placeoffer o WHERE o.appointment_ref = a.ref)
ORDER BY a.id, p.id
"""


def explain_past(*, actor: Actor) -> None:
    """The reasons for seats of the drives' places that were filled past them."""
    with hash_joins(), connection.cursor() as cursor:
        cursor.execute(PAST, {"by": actor.person_id})


def _receipts(count: int) -> Iterator[str]:
    """Different ones: among 60,000 drawn at random two are alike more often than not."""
    drawn: set[str] = set()
    while len(drawn) < count:
        drawn.add(new_receipt())
    return iter(drawn)
