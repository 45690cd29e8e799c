"""Sealed data is erased when its year and every hold are over; the id and the chain stay."""

from datetime import timedelta

from django.utils import timezone
from tests.cast import SYSTEM

from toli.people import services
from toli.people.models import ContactPoint, Hold, Person


def sealed(member, now):
    return services.seal_person(actor=SYSTEM, person=member.person, now=now)


def test_values_are_erased_after_a_year_and_not_before(ravi):
    now = timezone.now()
    sealed(ravi, now)
    assert services.purge_due(actor=SYSTEM, now=now + timedelta(days=364)) == 0
    assert services.purge_due(actor=SYSTEM, now=now + timedelta(days=366)) == 1
    person = Person.objects.get(pk=ravi.person.pk)
    assert (person.name, person.birth_year, person.state) == ("", None, "purged")
    assert not ContactPoint.objects.filter(person=person).exists()


def test_a_hold_keeps_the_values(ravi, watch):
    now = timezone.now()
    sealed(ravi, now)
    Hold.objects.create(person=ravi.person, reason="case", until=now + timedelta(days=800))
    seen = watch()
    assert services.purge_due(actor=SYSTEM, now=now + timedelta(days=366)) == 0
    assert Person.objects.get(pk=ravi.person.pk).name == "Ravi Salvi"
    assert seen.nothing_happened()
