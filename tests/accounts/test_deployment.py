from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from toli.accounts import queries, services
from toli.accounts.models import Deployment
from toli.kit.errors import WrongState


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_deployment SET is_demo = NOT is_demo",
        "UPDATE accounts_deployment SET created_at = now()",
        "DELETE FROM accounts_deployment",
    ],
)
def test_what_an_installation_is_cannot_be_changed(db, now, statement):
    services.create_deployment(is_demo=False, now=now)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert not queries.is_demo()
    assert Deployment.objects.count() == 1


def test_an_installation_cannot_be_made_a_demo_later(db, now):
    services.create_deployment(is_demo=False, now=now)
    with pytest.raises(WrongState):
        services.create_deployment(is_demo=True, now=now)
    assert not queries.is_demo()
