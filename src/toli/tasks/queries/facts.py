"""What the figures of this room must be, computed from nothing but facts."""

STANDING = ("tasks_given", "tasks_done")

# Columns as org.services.counts.FACTS: (unit_id, wing_id, metric, day, n); wing 0 is "all wings".
FACTS = """
SELECT a.unit_id, w.wing_id, m.metric, DATE '1970-01-01' AS day, count(*)::bigint AS n
FROM tasks_assignment a
CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(a.wing_id, 0)) AS w(wing_id)
CROSS JOIN LATERAL (
    SELECT 'tasks_given' UNION ALL SELECT 'tasks_done' WHERE a.state = 'verified'
) AS m(metric)
WHERE a.is_work AND a.state <> 'withdrawn' GROUP BY 1, 2, 3
"""
