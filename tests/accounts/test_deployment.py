from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.db import DatabaseError, connection, transaction

from toli.accounts import queries, services
from toli.accounts.models import Deployment
from toli.config import texts
from toli.kit import secrets
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


def real_people_may_come(folder) -> dict[str, str]:
    """What production wants to know before it writes to anybody."""
    registered = folder / "texts.toml"
    registered.write_text(texts.beginning().replace('""', '"1107160000000000001"'))
    return {
        "TOLI_CONTACT_HI": "अधिकारी", "TOLI_CONTACT_EN": "Officer", "TOLI_CONTACT_ADDRESS": "data@toli.example",
        "TOLI_SMS_SENDER": "TOLIRJ", "TOLI_SMS_TEXTS": str(registered),
    }  # fmt: skip


ROUTES = """
import django
django.setup()
from django.urls import Resolver404, resolve
resolve("/login/")
try:
    print("found", resolve("/demo/enter/any").view_name)
except Resolver404:
    print("no such route")
"""


@pytest.mark.parametrize(("mode", "answer"), [("production", "no such route"), ("development", "found")])
def test_a_production_start_has_no_demo_doors(tmp_path, mode, answer):
    keys = secrets.create_keyring(tmp_path / "keys.json")
    env = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "toli.config.settings",
        "TOLI_MODE": mode,
        "TOLI_HOME": str(tmp_path),
        "TOLI_KEYS": str(keys),
        "DATABASE_URL": "postgresql://toli@/toli",
        "TOLI_ALLOWED_HOSTS": "toli.example",
        "TOLI_PUBLIC_URL": "https://toli.example",
        **real_people_may_come(tmp_path),
    }
    run = subprocess.run([sys.executable, "-c", ROUTES], env=env, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith(answer)
