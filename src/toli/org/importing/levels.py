"""The levels an Indian state has, made on the first import; an organisation may add its own."""

from django.db import connection

LEVELS: tuple[tuple[str, int, str, str], ...] = (
    ("state", 10, "State", "राज्य"),
    ("division", 20, "Division", "संभाग"),
    ("parliament", 25, "Parliament seat", "लोकसभा क्षेत्र"),
    ("district", 30, "District", "ज़िला"),
    ("constituency", 40, "Constituency", "विधानसभा क्षेत्र"),
    ("samiti", 45, "Panchayat samiti", "पंचायत समिति"),
    ("block", 50, "Block", "मंडल"),
    ("panchayat", 55, "Gram panchayat", "ग्राम पंचायत"),
    ("booth", 60, "Booth", "बूथ"),
)


def ensure_levels() -> dict[str, tuple[int, int]]:
    """level key -> (id, rank), with the usual levels added where they are missing."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO org_level (key, rank, names) VALUES (%s, %s, jsonb_build_object('en', %s::text, 'hi', %s::text))"
            " ON CONFLICT (key) DO NOTHING",
            LEVELS,
        )
        cursor.execute("SELECT key, id, rank FROM org_level")
        return {key: (level_id, rank) for key, level_id, rank in cursor.fetchall()}
