"""The statements that count a drive from its facts: each unit's row also holds all units below it.

A row is written only where a figure changed, so that counting again in quiet times writes next to nothing.
"""

from __future__ import annotations

# Seats of the drive's places without an offer of the drive, which were not offered before it opened: they went past it.
# From the appointments themselves, because a seat may be offered in many ways.
PAST = """
SELECT p.id AS place_id, a.id AS appointment_id, a.offered_at,
       NOT EXISTS (SELECT FROM recruitment_pastdrive w WHERE w.appointment_id = a.id) AS silent
FROM recruitment_driveplace p
JOIN recruitment_drive d ON d.id = p.drive_id
JOIN org_seat s ON s.unit_id = p.unit_id AND s.team_kind_id = p.team_kind_id AND s.role_id = p.role_id
    AND s.wing_id IS NOT DISTINCT FROM p.wing_id
JOIN org_appointment a ON a.seat_id = s.id AND a.state IN ('offered', 'accepted') AND NOT a.acting
    AND a.offered_at >= d.opens_at AND (d.closes_at IS NULL OR a.offered_at < d.closes_at + %(promised)s)
WHERE d.id = %(drive)s AND p.withdrawn_at IS NULL
  AND NOT EXISTS (SELECT FROM recruitment_placeoffer o WHERE o.appointment_ref = a.ref)
"""

KEEP_PAST = f"""
WITH found AS MATERIALIZED ({PAST}), gone AS (
    DELETE FROM recruitment_pastseat x
    WHERE x.drive_id = %(drive)s AND NOT EXISTS (SELECT FROM found f WHERE f.appointment_id = x.appointment_id)
)
INSERT INTO recruitment_pastseat AS x (drive_id, place_id, appointment_id, offered_at, silent)
SELECT %(drive)s, place_id, appointment_id, offered_at, silent FROM found
ON CONFLICT (drive_id, appointment_id) DO UPDATE SET silent = excluded.silent WHERE x.silent <> excluded.silent
"""  # noqa: S608  both texts are written here

# Facts of each unit alone, in the columns of the funnel; a person who left, or an application taken back, is in none.
FACTS = """
SELECT a.unit_id, count(*) AS applied,
       count(*) FILTER (WHERE NOT p.duplicate_flag AND EXISTS (
           SELECT FROM people_contactpoint c
           WHERE c.person_id = p.id AND c.valid_to IS NULL AND c.verified_at > %(verified_since)s)) AS verified,
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM recruitment_callback b WHERE b.application_id = a.id AND b.state = 'done')) AS checked,
       count(*) FILTER (WHERE a.score IS NOT NULL) AS interviewed,
       count(*) FILTER (WHERE a.state IN ('offered', 'placed') OR EXISTS (
           SELECT FROM recruitment_placeoffer o WHERE o.application_id = a.id
             AND o.state IN ('due', 'offered', 'accepted'))) AS placed,
       count(*) FILTER (WHERE a.state = 'placed') AS accepted,
       count(*) FILTER (WHERE a.state = 'submitted') AS waiting, count(*) FILTER (WHERE a.state = 'offered') AS offered,
       0 AS seats, 0 AS past, 0 AS silent
FROM recruitment_application a JOIN people_person p ON p.id = a.person_id AND p.state = 'active'
WHERE a.drive_id = %(drive)s AND a.state <> 'withdrawn' GROUP BY a.unit_id
UNION ALL
SELECT unit_id, 0, 0, 0, 0, 0, 0, 0, 0, sum(capacity), 0, 0 FROM recruitment_driveplace
WHERE drive_id = %(drive)s AND withdrawn_at IS NULL GROUP BY unit_id
UNION ALL
SELECT p.unit_id, 0, 0, 0, 0, 0, 0, 0, 0, 0, count(*), count(*) FILTER (WHERE x.silent)
FROM recruitment_pastseat x JOIN recruitment_driveplace p ON p.id = x.place_id
WHERE x.drive_id = %(drive)s GROUP BY p.unit_id
"""

FUNNEL = f"""
WITH facts AS ({FACTS}), spread AS (
    SELECT up.id::bigint AS unit_id, sum(f.applied)::int AS applied, sum(f.verified)::int AS verified,
           sum(f.checked)::int AS checked, sum(f.interviewed)::int AS interviewed, sum(f.placed)::int AS placed,
           sum(f.accepted)::int AS accepted, sum(f.waiting)::int AS waiting, sum(f.offered)::int AS offered,
           sum(f.seats)::int AS seats,
           coalesce(sum(f.seats) FILTER (WHERE up.id::bigint = f.unit_id), 0)::int AS own_seats,
           sum(f.past)::int AS past, sum(f.silent)::int AS silent
    FROM facts f JOIN org_unit u ON u.id = f.unit_id
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(u.path, '/'), '/')) AS up(id)
    WHERE u.path <> '' GROUP BY 1
), gone AS (
    DELETE FROM recruitment_funnelrow r
    WHERE r.drive_id = %(drive)s AND NOT EXISTS (SELECT FROM spread s WHERE s.unit_id = r.unit_id)
)
INSERT INTO recruitment_funnelrow AS r
    (drive_id, unit_id, applied, verified, checked, interviewed, placed, accepted, waiting, offered, seats, own_seats,
     past, silent)
SELECT %(drive)s, unit_id, applied, verified, checked, interviewed, placed, accepted, waiting, offered, seats,
       own_seats, past, silent FROM spread
ON CONFLICT (drive_id, unit_id) DO UPDATE SET
    applied = excluded.applied, verified = excluded.verified, checked = excluded.checked,
    interviewed = excluded.interviewed, placed = excluded.placed, accepted = excluded.accepted,
    waiting = excluded.waiting, offered = excluded.offered, seats = excluded.seats, own_seats = excluded.own_seats,
    past = excluded.past, silent = excluded.silent
WHERE (r.applied, r.verified, r.checked, r.interviewed, r.placed, r.accepted, r.waiting, r.offered, r.seats,
       r.own_seats, r.past, r.silent) IS DISTINCT FROM
      (excluded.applied, excluded.verified, excluded.checked, excluded.interviewed, excluded.placed,
       excluded.accepted, excluded.waiting, excluded.offered, excluded.seats, excluded.own_seats, excluded.past,
       excluded.silent)
"""  # noqa: S608

BY_DAY = """
SELECT (submitted_at AT TIME ZONE 'Asia/Kolkata')::date::text, count(*) FROM recruitment_application
WHERE drive_id = %(drive)s AND submitted_at >= %(since)s GROUP BY 1
"""

# Who waits for a seat, by their live interview of the round or, without one, the newest.
ROUND = """
WITH newest AS (
    SELECT application_id,
           (array_agg(state ORDER BY state IN ('proposed', 'confirmed', 'held') DESC, id DESC))[1] AS state,
           bool_or(state IN ('proposed', 'confirmed', 'held', 'declined')) AS needs_none
    FROM recruitment_interview WHERE round_id = %(round)s GROUP BY application_id
), facts AS (
    SELECT a.unit_id, count(*) AS total, count(*) FILTER (WHERE n.state IS NULL) AS waiting,
           count(*) FILTER (WHERE n.state = 'proposed') AS proposed,
           count(*) FILTER (WHERE n.state = 'confirmed') AS confirmed, count(*) FILTER (WHERE n.state = 'held') AS held,
           count(*) FILTER (WHERE n.state = 'no_show') AS no_show,
           count(*) FILTER (WHERE n.state = 'declined') AS declined,
           count(*) FILTER (WHERE n.needs_none IS NOT TRUE) AS timeless,
           min(a.submitted_at) FILTER (WHERE n.needs_none IS NOT TRUE) AS timeless_since
    FROM recruitment_application a JOIN people_person p ON p.id = a.person_id AND p.state = 'active'
    LEFT JOIN newest n ON n.application_id = a.id
    WHERE a.drive_id = %(drive)s AND a.state = 'submitted' GROUP BY a.unit_id
), spread AS (
    SELECT up.id::bigint AS unit_id, sum(total)::int AS total, sum(waiting)::int AS waiting,
           sum(proposed)::int AS proposed, sum(confirmed)::int AS confirmed, sum(held)::int AS held,
           sum(no_show)::int AS no_show, sum(declined)::int AS declined, sum(timeless)::int AS timeless,
           min(timeless_since) AS timeless_since
    FROM facts f JOIN org_unit u ON u.id = f.unit_id
    CROSS JOIN LATERAL unnest(string_to_array(rtrim(u.path, '/'), '/')) AS up(id)
    WHERE u.path <> '' GROUP BY 1
), gone AS (
    DELETE FROM recruitment_roundrow r
    WHERE r.round_id = %(round)s AND NOT EXISTS (SELECT FROM spread s WHERE s.unit_id = r.unit_id)
)
INSERT INTO recruitment_roundrow AS r
    (round_id, unit_id, total, waiting, proposed, confirmed, held, no_show, declined, timeless, timeless_since)
SELECT %(round)s, unit_id, total, waiting, proposed, confirmed, held, no_show, declined, timeless, timeless_since
FROM spread
ON CONFLICT (round_id, unit_id) DO UPDATE SET
    total = excluded.total, waiting = excluded.waiting, proposed = excluded.proposed, confirmed = excluded.confirmed,
    held = excluded.held, no_show = excluded.no_show, declined = excluded.declined, timeless = excluded.timeless,
    timeless_since = excluded.timeless_since
WHERE (r.total, r.waiting, r.proposed, r.confirmed, r.held, r.no_show, r.declined, r.timeless, r.timeless_since)
    IS DISTINCT FROM (excluded.total, excluded.waiting, excluded.proposed, excluded.confirmed, excluded.held,
                      excluded.no_show, excluded.declined, excluded.timeless, excluded.timeless_since)
"""

PANELS = """
INSERT INTO recruitment_panelreading AS r (panel_id, held, missed, wait_days)
SELECT s.panel_id, count(*) FILTER (WHERE i.state = 'held'), count(*) FILTER (WHERE i.state = 'no_show'),
       avg(extract(epoch FROM s.starts_at - a.submitted_at))
           FILTER (WHERE i.state IN ('proposed', 'confirmed', 'held')) / 86400
FROM recruitment_interview i JOIN recruitment_slot s ON s.id = i.slot_id
JOIN recruitment_application a ON a.id = i.application_id
WHERE i.round_id = %(round)s GROUP BY s.panel_id ORDER BY s.panel_id
ON CONFLICT (panel_id) DO UPDATE SET held = excluded.held, missed = excluded.missed, wait_days = excluded.wait_days
WHERE (r.held, r.missed, r.wait_days) IS DISTINCT FROM (excluded.held, excluded.missed, excluded.wait_days)
"""

# Two totals of each candidate of the panels that have a card since then, in the order of the scorers' ids.
PAIRS = """
WITH panel AS (
    SELECT DISTINCT s.panel_id AS id FROM recruitment_scorecard c JOIN recruitment_interview i ON i.id = c.interview_id
    JOIN recruitment_slot s ON s.id = i.slot_id
    WHERE i.round_id = {round} AND c.given_at > {since}
)
SELECT s.panel_id, (array_agg(c.total ORDER BY c.scorer_id))[1], (array_agg(c.total ORDER BY c.scorer_id))[2]
FROM panel JOIN recruitment_slot s ON s.panel_id = panel.id
JOIN recruitment_interview i ON i.slot_id = s.id AND i.state = 'held' AND i.round_id = {round}
JOIN recruitment_scorecard c ON c.interview_id = i.id
GROUP BY s.panel_id, i.id HAVING count(*) > 1 ORDER BY s.panel_id
"""

KEEP_AGREEMENT = """
INSERT INTO recruitment_panelreading AS r (panel_id, pairs, kappa, icc, apart)
SELECT * FROM unnest(
    %(panels)s::bigint[], %(pairs)s::int[], %(kappas)s::float8[], %(iccs)s::float8[], %(aparts)s::int[])
ON CONFLICT (panel_id) DO UPDATE SET
    pairs = excluded.pairs, kappa = excluded.kappa, icc = excluded.icc, apart = excluded.apart
"""
