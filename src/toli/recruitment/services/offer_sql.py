"""The statements by which offers of a signed run move: each takes thousands of rows at once and may run again."""

# What is missing is read whole before the first row is written: read on the way, each row would be looked for among all
# that were written before it.
WRITE = """
WITH missing AS MATERIALIZED (
    SELECT o.run_id, o.application_id, o.place_id, o.score
    FROM recruitment_outcome o JOIN recruitment_placementrun r ON r.id = o.run_id
    WHERE r.ref = ANY(%(runs)s) AND r.state = 'signed' AND r.kind = 'real' AND o.place_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM recruitment_placeoffer p
                      WHERE p.run_id = o.run_id AND p.application_id = o.application_id)
)
INSERT INTO recruitment_placeoffer (ref, run_id, application_id, place_id, origin, state, reason, made_at, changed_at)
SELECT gen_random_uuid(), run_id, application_id, place_id, 'run', 'due', '', %(now)s, %(now)s
FROM missing ORDER BY place_id, score DESC NULLS LAST, application_id
ON CONFLICT DO NOTHING
RETURNING ref, (SELECT p.unit_id FROM recruitment_driveplace p WHERE p.id = place_id)
"""

# What a newer signed run decides anew; offers somebody has in hand already stand.
REPLACED = """
UPDATE recruitment_placeoffer o SET state = 'void', reason = 'run_replaced', changed_at = %(now)s, followed_at = %(now)s
FROM recruitment_placementrun old, recruitment_placementrun new
WHERE new.ref = ANY(%(runs)s) AND new.state = 'signed' AND old.drive_id = new.drive_id AND old.id <> new.id
  AND o.run_id = old.id AND o.state = 'due'
"""

# Who said yes to a place wished more gives the one they hold back, for the next of its list.
LEAVE = """
UPDATE recruitment_placeoffer held SET state = 'left', reason = '', changed_at = %(now)s, followed_at = NULL
FROM recruitment_placeoffer o JOIN org_appointment ap ON ap.ref = o.appointment_ref AND ap.state = 'accepted'
WHERE o.upgrade AND o.state = 'offered' AND held.application_id = o.application_id AND NOT held.upgrade
  AND held.state = 'accepted'
RETURNING held.ref, held.appointment_ref, (SELECT d.unit_id FROM recruitment_driveplace d WHERE d.id = held.place_id)
"""

# The answer of the appointment is the truth; an offer follows it, whoever answered and wherever.
ANSWERED = """
UPDATE recruitment_placeoffer o
SET upgrade = o.upgrade AND ap.state NOT IN ('accepted', 'ended'),
    state = CASE WHEN ap.state IN ('accepted', 'ended') THEN 'accepted'
                 WHEN p.state <> 'active' OR a.state = 'withdrawn' OR ap.state = 'withdrawn' THEN 'void'
                 WHEN ap.state = 'lapsed' THEN 'lapsed' ELSE 'declined' END,
    reason = CASE WHEN ap.state IN ('accepted', 'ended') THEN ''
                  WHEN p.state <> 'active' OR a.state = 'withdrawn' THEN 'applicant_left'
                  WHEN ap.state = 'withdrawn' THEN 'taken_back' ELSE '' END,
    changed_at = %(now)s
FROM org_appointment ap, recruitment_application a, people_person p
WHERE o.state = 'offered' AND ap.ref = o.appointment_ref AND ap.state <> 'offered'
  AND a.id = o.application_id AND p.id = a.person_id
RETURNING o.ref, o.state, (SELECT d.unit_id FROM recruitment_driveplace d WHERE d.id = o.place_id)
"""

# Their applications in the same moment, so that who waits again is there when the next is called.
SETTLED = """
UPDATE recruitment_application a
SET state = CASE WHEN o.state = 'accepted' THEN 'placed' ELSE 'submitted' END, changed_at = %(now)s,
    appointment_ref = CASE WHEN o.state = 'accepted' THEN o.appointment_ref END
FROM recruitment_placeoffer o
WHERE o.ref = ANY(%(offers)s) AND a.id = o.application_id
  AND (a.state = 'offered' AND a.appointment_ref = o.appointment_ref
       OR a.state = 'placed' AND o.state = 'accepted' AND a.appointment_ref IS DISTINCT FROM o.appointment_ref)
RETURNING a.ref, a.unit_id, a.state
"""

# Offers in hand that cannot be accepted any more: somebody else sits there, or the place is gone.
LOST = """
SELECT o.id, o.appointment_ref, CASE WHEN d.withdrawn_at IS NOT NULL THEN 'place_withdrawn'
    WHEN s.closed_at IS NOT NULL THEN 'seat_closed' ELSE 'seat_taken' END
FROM recruitment_placeoffer o
JOIN recruitment_driveplace d ON d.id = o.place_id
JOIN org_appointment ap ON ap.ref = o.appointment_ref AND ap.state = 'offered'
JOIN org_seat s ON s.id = ap.seat_id
WHERE o.state = 'offered' AND (d.withdrawn_at IS NOT NULL OR s.closed_at IS NOT NULL
    OR EXISTS (SELECT 1 FROM org_appointment h WHERE h.seat_id = s.id AND h.state = 'accepted' AND NOT h.acting
               AND h.handing_over_until IS NULL))
ORDER BY o.id LIMIT %(limit)s FOR UPDATE OF o SKIP LOCKED
"""

LOSE = """
WITH lost AS (
    SELECT * FROM unnest(%(refs)s::uuid[], %(reasons)s::text[]) AS l(ref, reason) WHERE ref = ANY(%(back)s)
), void AS (
    UPDATE recruitment_placeoffer o SET state = 'void', reason = l.reason, changed_at = %(now)s
    FROM lost l WHERE o.appointment_ref = l.ref AND o.state = 'offered' RETURNING o.application_id, o.upgrade
), again AS (
    UPDATE recruitment_application a SET state = 'submitted', appointment_ref = NULL, changed_at = %(now)s
    FROM void v WHERE a.id = v.application_id AND a.state = 'offered' AND NOT v.upgrade
)
SELECT a.ref, a.unit_id FROM void v JOIN recruitment_application a ON a.id = v.application_id
"""

# Who holds no place any more is offered one like everybody else.
NO_UPGRADE = """
UPDATE recruitment_placeoffer o SET upgrade = false
WHERE o.state = 'due' AND o.upgrade AND NOT EXISTS (
    SELECT 1 FROM recruitment_placeoffer held WHERE held.application_id = o.application_id AND NOT held.upgrade
    AND held.state IN ('due', 'offered', 'accepted'))
"""

# A place wished more waits until the person has answered the offer in their hand.
TAKE_DUE = """
SELECT o.id FROM recruitment_placeoffer o WHERE o.state = 'due' AND NOT (o.upgrade AND EXISTS (
    SELECT 1 FROM recruitment_placeoffer held WHERE held.application_id = o.application_id AND NOT held.upgrade
    AND held.state IN ('due', 'offered')))
ORDER BY o.made_at, o.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""

# Who left, sits elsewhere or lost the place since the run cannot be offered it.
VOID_DUE = """
UPDATE recruitment_placeoffer o SET state = 'void', changed_at = %(now)s, reason =
    CASE WHEN p.state <> 'active' THEN 'applicant_erased' WHEN a.state = 'withdrawn' THEN 'applicant_left'
         WHEN d.withdrawn_at IS NOT NULL THEN 'place_withdrawn' ELSE 'has_seat' END
FROM recruitment_application a, people_person p, recruitment_driveplace d
WHERE o.id = ANY(%(ids)s) AND o.state = 'due' AND a.id = o.application_id AND p.id = a.person_id AND d.id = o.place_id
  AND (p.state <> 'active' OR d.withdrawn_at IS NOT NULL
       OR a.state <> CASE WHEN o.upgrade THEN 'placed' ELSE 'submitted' END)
RETURNING o.ref, d.unit_id
"""

VACANT = """
SELECT d.id AS place_id, s.id AS seat_id, row_number() OVER (PARTITION BY d.id ORDER BY s.number, s.id) AS n
FROM recruitment_driveplace d
JOIN org_seat s ON s.unit_id = d.unit_id AND s.team_kind_id = d.team_kind_id AND s.role_id = d.role_id
    AND s.wing_id IS NOT DISTINCT FROM d.wing_id
WHERE d.id IN (SELECT place_id FROM places) AND s.closed_at IS NULL AND (s.closes_at IS NULL OR s.closes_at > %(now)s)
  AND NOT EXISTS (SELECT 1 FROM org_appointment a WHERE a.seat_id = s.id AND NOT a.acting
                  AND (a.state = 'offered' OR (a.state = 'accepted' AND a.handing_over_until IS NULL)))
"""

# The vacant seats of a place by number, the best of the run first.
MATCH = f"""
WITH due AS (
    SELECT o.id, o.place_id, o.upgrade, a.person_id, row_number() OVER (PARTITION BY o.place_id ORDER BY o.id) AS n
    FROM recruitment_placeoffer o JOIN recruitment_application a ON a.id = o.application_id
    WHERE o.id = ANY(%(ids)s) AND o.state = 'due'
), places AS (SELECT DISTINCT place_id FROM due), vacant AS ({VACANT})
SELECT due.id, due.person_id, vacant.seat_id, drive.offer_days, due.upgrade
FROM due LEFT JOIN vacant USING (place_id, n)
JOIN recruitment_driveplace d ON d.id = due.place_id JOIN recruitment_drive drive ON drive.id = d.drive_id
ORDER BY due.id
"""  # noqa: S608 - both are constants of this file

GIVE = """
WITH made AS (SELECT * FROM unnest(%(ids)s::bigint[], %(refs)s::uuid[]) AS m(id, ref)
), offer AS (
    UPDATE recruitment_placeoffer o SET state = 'offered', appointment_ref = m.ref, changed_at = %(now)s
    FROM made m WHERE o.id = m.id RETURNING o.application_id, o.appointment_ref, o.upgrade
), told AS (
    UPDATE recruitment_application a SET state = 'offered', appointment_ref = o.appointment_ref, changed_at = %(now)s
    FROM offer o WHERE a.id = o.application_id AND NOT o.upgrade
)
SELECT a.ref, a.unit_id FROM offer o JOIN recruitment_application a ON a.id = o.application_id
"""

VOID = """
UPDATE recruitment_placeoffer o SET state = 'void', reason = v.reason, changed_at = %(now)s
FROM unnest(%(ids)s::bigint[], %(reasons)s::text[]) AS v(id, reason) WHERE o.id = v.id AND o.state = 'due'
RETURNING o.ref, (SELECT d.unit_id FROM recruitment_driveplace d WHERE d.id = o.place_id)
"""

# Places where something came free and nobody was called for it yet.
FREED = """
SELECT o.id, o.place_id FROM recruitment_placeoffer o
WHERE o.state IN ('declined', 'lapsed', 'void', 'left') AND o.followed_at IS NULL
ORDER BY o.id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
"""

# How many may be called for each place: seats that are vacant and not promised, within what the drive offers there.
SLOTS = f"""
WITH places AS (SELECT unnest(%(places)s::bigint[]) AS place_id), vacant AS ({VACANT}), free AS (
    SELECT place_id, count(*) AS n FROM vacant GROUP BY 1
), live AS (
    SELECT place_id, count(*) AS n, count(*) FILTER (WHERE state = 'due') AS due
    FROM recruitment_placeoffer WHERE place_id = ANY(%(places)s) AND state IN ('due', 'offered', 'accepted') GROUP BY 1
)
SELECT d.id, r.id, least(d.capacity - coalesce(live.n, 0), free.n - coalesce(live.due, 0)) AS slots
FROM recruitment_driveplace d
JOIN recruitment_placementrun r ON r.drive_id = d.drive_id AND r.state = 'signed'
JOIN free ON free.place_id = d.id LEFT JOIN live ON live.place_id = d.id
WHERE d.id = ANY(%(places)s) AND d.withdrawn_at IS NULL
  AND least(d.capacity - coalesce(live.n, 0), free.n - coalesce(live.due, 0)) > 0
ORDER BY d.id
"""  # noqa: S608

# Whom this place was promised and who stood before a taken seat: first in line, in the order of the run.
PROMISED = """
SELECT a.id FROM recruitment_placeoffer o JOIN recruitment_application a ON a.id = o.application_id
JOIN people_person p ON p.id = a.person_id
WHERE o.place_id = %(place)s AND o.state = 'void' AND o.reason IN ('seat_taken', 'seat_closed')
  AND (a.state = 'submitted' OR a.state = 'placed' AND a.stays_at IS NOT NULL) AND p.state = 'active'
  AND NOT EXISTS (SELECT 1 FROM recruitment_placeoffer l WHERE l.application_id = a.id
                  AND (l.state IN ('due', 'offered') OR (l.state = 'accepted' AND a.state <> 'placed')
                       OR (l.place_id = o.place_id AND l.state IN ('accepted', 'declined', 'lapsed', 'left'))))
GROUP BY a.id ORDER BY min(o.id)
"""

# Who wants or may get nothing more at this place.
GONE = """
SELECT a.id FROM recruitment_application a JOIN people_person p ON p.id = a.person_id
WHERE a.drive_id = (SELECT drive_id FROM recruitment_driveplace WHERE id = %(place)s)
  AND (p.state <> 'active' OR NOT (a.state = 'submitted' OR a.state = 'placed' AND a.stays_at IS NOT NULL)
       OR EXISTS (SELECT 1 FROM recruitment_placeoffer o WHERE o.application_id = a.id
                  AND (o.state IN ('due', 'offered') OR (o.state = 'accepted' AND a.state <> 'placed')
                       OR (o.place_id = %(place)s AND o.state IN ('accepted', 'declined', 'lapsed', 'void', 'left')))))
"""

# Who holds another place of the drive and stays on the lists: application and place held.
STAYERS = """
SELECT a.id, o.place_id FROM recruitment_application a
JOIN recruitment_placeoffer o ON o.application_id = a.id AND o.state = 'accepted'
WHERE a.drive_id = (SELECT drive_id FROM recruitment_driveplace WHERE id = %(place)s)
  AND a.state = 'placed' AND a.stays_at IS NOT NULL
"""

CALL = """
INSERT INTO recruitment_placeoffer
    (ref, run_id, application_id, place_id, origin, state, reason, upgrade, made_at, changed_at)
SELECT gen_random_uuid(), %(run)s, c.application_id, %(place)s, 'wait_list', 'due', '', a.state = 'placed', %(now)s,
       %(now)s
FROM unnest(%(called)s::bigint[]) WITH ORDINALITY AS c(application_id, n)
JOIN recruitment_application a ON a.id = c.application_id ORDER BY c.n
ON CONFLICT DO NOTHING
RETURNING ref, (SELECT d.unit_id FROM recruitment_driveplace d WHERE d.id = place_id)
"""

# Who said that they stay no longer is asked no more.
UNASK = """
UPDATE recruitment_placeoffer o SET state = 'void', reason = 'stays_no_more', changed_at = %(now)s
WHERE o.application_id = %(application)s AND o.upgrade AND o.state = 'due'
"""

# A seat came free after a promise could not be kept there: its place is looked at again.
LOOK_AGAIN = """
UPDATE recruitment_placeoffer o SET followed_at = NULL
FROM org_appointment ap, org_seat s, recruitment_driveplace d
WHERE ap.ref = ANY(%(refs)s) AND s.id = ap.seat_id AND d.unit_id = s.unit_id AND d.team_kind_id = s.team_kind_id
  AND d.role_id = s.role_id AND d.wing_id IS NOT DISTINCT FROM s.wing_id AND o.place_id = d.id
  AND o.state = 'void' AND o.reason IN ('seat_taken', 'seat_closed') AND o.followed_at IS NOT NULL
"""
