"""toli createadmin and toli check-audit."""

import pytest

from toli.accounts import services as accounts
from toli.audit import services as audit
from toli.cli import check_audit_command, first_admin
from toli.kit.errors import ToliError
from toli.org.models import Appointment

PHONE = "1000000077"


@pytest.fixture
def fresh(db):
    from django.utils import timezone

    accounts.create_deployment(is_demo=True, now=timezone.now())


def make(**changes):
    given = {"phone": PHONE, "name": "Asha Meena", "birth_year": 1985, "state": ["राजस्थान", "Rajasthan"]}
    return first_admin.make_admin(**(given | changes))


def test_the_first_coordinator_gets_a_tree_a_seat_and_a_login(fresh):
    assert "Rajasthan" in make()
    held = Appointment.objects.get(state=Appointment.State.ACCEPTED)
    assert held.seat.role.key == "state_coordinator"
    assert held.person.holder is not None


def test_without_a_tree_it_says_how_to_name_the_state(fresh):
    with pytest.raises(ToliError, match="--state"):
        make(state=None)


def test_a_number_in_no_known_spelling_makes_nothing(fresh):
    with pytest.raises(ToliError):
        make(phone="12")
    assert not Appointment.objects.exists()


def test_an_untouched_chain_is_whole(fresh, capsys):
    make()
    audit.seal()
    assert check_audit_command.run(None) == 0
    assert "whole" in capsys.readouterr().out
