"""What the figure of this room must be, computed from nothing but facts."""

STANDING = ("on_duty",)

# Columns as org.services.counts.FACTS: (unit_id, wing_id, metric, day, n); wing 0 is "all wings".
FACTS = """
SELECT x.unit_id, w.wing_id, 'on_duty' AS metric, DATE '1970-01-01' AS day, count(*)::bigint AS n
FROM warroom_shift x
CROSS JOIN LATERAL (SELECT 0 UNION SELECT coalesce(x.wing_id, 0)) AS w(wing_id)
WHERE x.counted GROUP BY 1, 2
"""
