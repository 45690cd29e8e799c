import pytest
from django.db import transaction
from django.test import override_settings
from tests.house import world


@pytest.fixture(scope="module")
def db(django_db_setup, django_db_blocker):
    """One transaction around the whole table, instead of one for each test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def w(db, tmp_path_factory):
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        yield world.plant()


def test_x(w):
    assert w
