"""Persons inside my subtree: searching, home units, and the person behind a session."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from toli.kit.actor import Actor
from toli.kit.errors import NotFound
from toli.kit.text import fold_words
from toli.org import access, paths
from toli.org.models import Appointment, Membership, Seat, Unit, WorkWish
from toli.people.models import ContactPoint, Person


def people_in_charge(actor: Actor, right: str = "people.view") -> QuerySet[Person]:
    """Active persons whose home or live seat lies where the actor has `right`, or who asked to work there."""
    scope = access.visible(actor, right)
    if scope.everywhere:
        return Person.objects.filter(state=Person.State.ACTIVE)
    at_home = Membership.objects.filter(scope.q("unit__path"), person=OuterRef("pk"), valid_to=None)
    on_seat = Appointment.objects.filter(
        scope.q("seat__unit__path", "seat__wing_id"), person=OuterRef("pk"), state__in=["offered", "accepted"]
    )
    wants = WorkWish.objects.filter(scope.q("unit__path"), person=OuterRef("pk"), ended_at=None)
    return Person.objects.filter(Exists(at_home) | Exists(on_seat) | Exists(wants), state=Person.State.ACTIVE)


def get_person(*, actor: Actor, ref: UUID, right: str = "people.view") -> Person:
    """The person, when in the actor's charge. Raises NotFound or NeedsSecondFactor."""
    person = people_in_charge(actor, right).filter(ref=ref).first()
    if person is None:
        raise NotFound()
    access.require_second_factor(actor, right)
    return person


def search_people(actor: Actor, words: str, *, right: str = "people.view") -> QuerySet[Person]:
    """Persons in my charge whose name answers these words in any script or spelling."""
    rows = people_in_charge(actor, right)
    for keys in fold_words(words):
        rows = rows.filter(tokens__overlap=keys)
    return rows.order_by("id")


def candidates_for(actor: Actor, seat: Seat, words: str = "") -> QuerySet[Person]:
    """Persons at home in the seat's subtree or who asked to work there (with words: anywhere in my charge), who do
    not sit in its team.

    Those without any seat come first.
    """
    lo, hi = paths.subtree(seat.unit.path)
    at_home = Membership.objects.filter(person=OuterRef("pk"), valid_to=None, unit__path__gte=lo, unit__path__lt=hi)
    wants = WorkWish.objects.filter(person=OuterRef("pk"), ended_at=None, unit__path__gte=lo, unit__path__lt=hi)
    sits = Appointment.objects.filter(person=OuterRef("pk"), state__in=["offered", "accepted"], seat__closed_at=None)
    rows = search_people(actor, words) if words else people_in_charge(actor).filter(Exists(at_home) | Exists(wants))
    in_team = sits.filter(seat__unit=seat.unit, seat__team_kind=seat.team_kind, seat__wing=seat.wing)
    return rows.exclude(pk=actor.person_id).filter(~Exists(in_team)).annotate(sits=Exists(sits)).order_by("sits", "id")


def home_unit_of(person: Person) -> Unit | None:
    home = Membership.objects.select_related("unit__level").filter(person=person, valid_to=None).first()
    return home.unit if home else None


def home_unit_id(person_id: int) -> int | None:
    return Membership.objects.filter(person_id=person_id, valid_to=None).values_list("unit_id", flat=True).first()


def person_for_holder(holder_id: int) -> Person | None:
    """The person behind a session's holder; None before they have joined."""
    return Person.objects.filter(holder_id=holder_id, state=Person.State.ACTIVE).first()


def person_for_number(index: bytes) -> QuerySet[Person]:
    """Active persons who can be reached at a number (by its blind index); up to five."""
    live = ContactPoint.objects.filter(index=index, valid_to=None, person=OuterRef("pk"))
    return Person.objects.filter(Q(Exists(live)), state=Person.State.ACTIVE)
