"""The named people as actors: what their seats grant, with the second factor shown."""

from datetime import datetime

from toli.demo.people import Made
from toli.kit.actor import Actor
from toli.org import queries as org
from toli.people.models import Person


def actor_of(made: Made, *, now: datetime) -> Actor:
    person = Person.objects.get(pk=made.id)
    return org.actor_for(person, now=now, second_factor=True, request_id="demo")
