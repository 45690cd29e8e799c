"""Where applications came from, as keyed digests, and what the limits say of it.

A trace is written inside the statement of the join (`join_sql.py`). Nothing is refused here: what came faster than a
limit is kept and marked, because a district behind one operator's address, or a camp with one phone, looks the same.
Only one device's flood is refused, before anything is kept (`accounts.limits`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from toli.audit import services as audit
from toli.kit import secrets
from toli.kit.actor import Actor
from toli.recruitment.models import Trace
from toli.recruitment.velocity import LIMITS

KEPT = timedelta(days=30)
"""After the drive ends."""


def trace_values(device: str, address: str, number: str = "") -> dict[str, Any]:
    """What the join writes of a request and a number: digests that say nothing without the key."""
    return {
        "number_key": secrets.blind_index(number[:-3], context="join numbers") if number else None,
        "device_key": secrets.blind_index(device, context="join device") if device else None,
        "address_key": secrets.blind_index(address, context="join address") if address else None,
    }


# Every trace since `since` that was over a limit at the moment it came: counted in a sliding window, one pass each.
MARK_OVER = """
WITH counted AS (
    SELECT t.application_id,
        CASE WHEN t.device_key IS NULL THEN 0 ELSE count(*) OVER (
            PARTITION BY t.drive_id, t.device_key ORDER BY t.at RANGE BETWEEN %(device_span)s PRECEDING AND CURRENT ROW
        ) END AS of_device,
        CASE WHEN t.address_key IS NULL THEN 0 ELSE count(*) OVER (
            PARTITION BY t.drive_id, t.address_key ORDER BY t.at
            RANGE BETWEEN %(address_span)s PRECEDING AND CURRENT ROW
        ) END AS of_address,
        CASE WHEN a.link_id IS NULL OR k.kind <> 'referral' THEN 0 ELSE count(*) OVER (
            PARTITION BY t.drive_id, a.link_id ORDER BY t.at
            RANGE BETWEEN %(referrer_span)s PRECEDING AND CURRENT ROW
        ) END AS of_referrer,
        CASE WHEN h.login_id IS NULL THEN 0 ELSE count(*) OVER (
            PARTITION BY t.drive_id, h.login_id ORDER BY t.at RANGE BETWEEN %(phone_span)s PRECEDING AND CURRENT ROW
        ) END AS of_phone
    FROM recruitment_trace t
    JOIN recruitment_application a ON a.id = t.application_id
    LEFT JOIN recruitment_joinlink k ON k.id = a.link_id
    JOIN people_person p ON p.id = a.person_id
    LEFT JOIN accounts_holder h ON h.id = p.holder_id
    WHERE t.at > %(since)s
), judged AS (
    SELECT application_id, array_remove(ARRAY[
        CASE WHEN of_device > %(device)s THEN 'device' END, CASE WHEN of_address > %(address)s THEN 'address' END,
        CASE WHEN of_referrer > %(referrer)s THEN 'referrer' END, CASE WHEN of_phone > %(phone)s THEN 'phone' END
    ], NULL) AS over FROM counted
)
UPDATE recruitment_trace t SET over = j.over FROM judged j
WHERE t.application_id = j.application_id AND cardinality(j.over) > 0 AND NOT (t.over @> j.over)
"""


def mark_over(*, since: datetime) -> int:
    """Mark what came faster than the limits of `velocity.py`; how many are new. Safe to repeat."""
    spans: dict[str, Any] = {f"{name}_span": limit.window for name, limit in LIMITS.items()}
    most = {name: limit.most for name, limit in LIMITS.items()}
    with connection.cursor() as cursor:
        cursor.execute(MARK_OVER, {**spans, **most, "since": since})
        return cursor.rowcount


@transaction.atomic
def erase_traces(*, actor: Actor, now: datetime) -> int:
    """Erase the traces of drives that ended 30 days ago; how many applications."""
    gone = Trace.objects.filter(drive__closes_at__lt=now - KEPT).delete()[0]
    if gone:
        audit.record(actor, "recruitment.traces_erased", None, data={"applications": gone})
    return gone
