"""The database that tests share: poured from a mould, and left as migrations made it."""

import pytest
from django.db import connection
from tests import cast

from toli.audit import services as audit
from toli.config import mould, testing
from toli.org.models import Level


def contents() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(testing.TABLES, [[]])
        digests = {}
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, ' ' ORDER BY t::text), '')) FROM {table} t")
            digests[table] = cursor.fetchone()[0]
        return digests


@pytest.mark.django_db(transaction=True)
def test_what_a_test_commits_is_gone_after_it_also_where_nothing_may_be_deleted(tree):
    cast.cast_member("Asha Meena", "+911000000001", tree.state, "state_team", "state_coordinator")
    audit.seal()
    Level.objects.filter(key="booth").update(rank=99)
    full = contents()
    testing.start_over()
    clean = contents()
    changed = {table for table, digest in clean.items() if full[table] != digest}
    assert {"org_unit", "people_person", "audit_record", "audit_link", "accounts_login"} <= changed
    cast.plant_tree()
    testing.start_over()
    assert contents() == clean


def test_a_new_migration_or_another_package_asks_for_a_new_mould(tmp_path, monkeypatch):
    migrations = tmp_path / "src" / "toli" / "org" / "migrations"
    migrations.mkdir(parents=True)
    (tmp_path / "requirements").mkdir()
    packages = tmp_path / "requirements" / "base.txt"
    packages.write_text("django")
    monkeypatch.setattr(mould, "ROOT", tmp_path)
    monkeypatch.setattr(mould, "PACKAGE", tmp_path / "src" / "toli")
    shapes = [mould.shape()]
    (migrations / "0001_initial.py").write_text("first")
    shapes.append(mould.shape())
    packages.write_text("django of tomorrow")
    shapes.append(mould.shape())
    assert len(set(shapes)) == 3
