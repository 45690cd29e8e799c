"""The embedded database server."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_database_sorts_by_code_point_and_keeps_utc():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int >= 180000, current_setting('listen_addresses')"
        )
        assert cursor.fetchone() == (True, "")
