"""Many applicants at once, written as the join writes one."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from toli.consent.models import Notice
from toli.kit import secrets
from toli.org.models import Unit
from toli.people.queries import CONTACT_CONTEXT
from toli.recruitment.models import Application, Drive, JoinLink

NUMBER = "+911000077777"

CROWD = """
WITH people AS (
    INSERT INTO people_person (ref, name, tokens, languages, place_text, pin_code, skills, gender, contact_preference,
                               state, duplicate_flag, created_at)
    SELECT gen_random_uuid(), %(name)s || ' ' || n, '{}', '{hi}', '', '', '{}', '', %(preference)s, 'active', false,
           %(at)s
    FROM generate_series(1, %(many)s) n RETURNING id
), points AS (
    INSERT INTO people_contactpoint (person_id, kind, index, cipher, key_version, last_digits, valid_from, verified_at)
    SELECT id, 'phone', sha256(id::text::bytea), %(cipher)s, %(version)s,
           lpad(((%(first)s + (row_number() OVER (ORDER BY id) - 1) * %(step)s) %% 1000)::text, 3, '0'), %(at)s, %(at)s
    FROM people
), consents AS (
    INSERT INTO consent_consentevent (person_id, notice_id, language, purpose, given, at, channel, session_digest,
                                      request_id)
    SELECT id, %(notice)s, 'hi', purpose, true, %(at)s, 'web', '', '' FROM people, unnest(%(purposes)s::text[]) purpose
), numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM people
), applied AS (
    INSERT INTO recruitment_application (ref, receipt, drive_id, person_id, unit_id, skills, state, notice_id,
                                         declared_at, submitted_at, changed_at, source, link_id)
    SELECT gen_random_uuid(), lpad(id::text, 10, '0'), %(drive)s, id, %(unit)s, '{}', 'submitted', %(notice)s, %(at)s,
           %(at)s + n * %(gap)s, %(at)s, 'web', %(link)s
    FROM numbered RETURNING id, submitted_at
)
INSERT INTO recruitment_trace (application_id, drive_id, device_key, address_key, number_key, at, answer_seconds, over)
SELECT id, %(drive)s, %(device)s, %(address)s, %(thousand)s, submitted_at, %(seconds)s, '{}' FROM applied
RETURNING application_id
"""


def add_crowd(
    drive: Drive, unit: Unit, many: int, *, at: datetime, name: str = "Asha", link: JoinLink | None = None,
    device: bytes | None = None, address: bytes | None = None, gap: float = 1.0, seconds: int = 60,
    purposes: tuple[str, ...] = ("organise", "calls"), preference: str = "any",
    thousand: bytes | None = None, first: int = 777, step: int = 0,
) -> list[Application]:  # fmt: skip
    """`many` people who applied one after the other, `gap` seconds apart, from `at` on.

    Their numbers stand in a `thousand` of numbers, `step` apart from `first` on.
    """
    sealed = secrets.encrypt(NUMBER, context=CONTACT_CONTEXT)
    values = {
        "many": many, "name": name, "at": at, "gap": timedelta(seconds=gap), "drive": drive.pk, "unit": unit.pk,
        "notice": Notice.objects.latest("pk").pk, "link": link.pk if link else None, "device": device,
        "address": address, "seconds": seconds, "purposes": list(purposes), "preference": preference,
        "thousand": thousand, "first": first, "step": step,
        "cipher": sealed.cipher, "version": sealed.key_version,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(CROWD, values)
        ids = [row[0] for row in cursor.fetchall()]
    return list(Application.objects.filter(pk__in=ids).order_by("submitted_at"))
