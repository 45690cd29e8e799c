import pytest
from django.utils import timezone
from tests.content.conftest import wording

from toli.content import queries, rules, services
from toli.content.models import Approval, Item, Sheet
from toli.content.services import Slogan
from toli.kit.errors import BadInput, LimitReached, NotAllowed, WrongState

SOURCES = {"hi": "प्रदेश समिति", "en": "State committee"}


def slogans(count):
    return [Slogan({"hi": f"नारा {n}", "en": f"Slogan {n}"}) for n in range(count)]


def make(member, unit, count=5):
    return services.make_sheet(
        actor=member.actor, unit=unit, title="पहला पन्ना", slogans=slogans(count), sources=SOURCES, matter="appeal",
        now=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def sheet(bilal, tree):
    found = make(bilal, tree.bhilwara)
    return services.submit_sheet(actor=bilal.actor, ref=found.ref, now=timezone.now())


def seen_hash(sheet):
    return rules.sheet_hash(queries.items_of_sheet(sheet))


def approve(member, sheet, seen=None):
    return services.approve_sheet(
        actor=member.actor, ref=sheet.ref, seen_hash=seen or seen_hash(sheet), now=timezone.now()
    )


def cleared(sheet):
    return len(queries.cleared_items(item_ids=[], sheet_ids=[sheet.pk]))


def test_two_persons_approve_a_sheet_as_a_list_of_hashes(sheet, farah, gopal, watch):
    seen = watch()
    approve(farah, sheet)
    assert cleared(sheet) == 0
    approve(gopal, sheet)
    assert cleared(sheet) == 5
    assert Sheet.objects.get(pk=sheet.pk).state == "approved"
    assert seen.verbs() == ["content.sheet_approved", "content.sheet_approved"]


def test_two_hundred_are_the_most(bilal, tree, watch):
    seen = watch()
    with pytest.raises(LimitReached):
        make(bilal, tree.bhilwara, 201)
    with pytest.raises(BadInput):
        make(bilal, tree.bhilwara, 0)
    assert Item.objects.count() == 0
    assert seen.nothing_happened()


def test_nobody_approves_their_own_sheet(sheet, bilal, watch):
    seen = watch()
    with pytest.raises(NotAllowed):
        approve(bilal, sheet)
    assert Approval.objects.count() == 0
    assert seen.nothing_happened()


def test_editing_one_slogan_takes_back_only_its_own_approval(sheet, bilal, farah, gopal):
    approve(farah, sheet)
    approve(gopal, sheet)
    one = queries.items_of_sheet(sheet)[2]
    services.edit_item(actor=bilal.actor, ref=one.ref, wording=wording("बदला हुआ"), now=timezone.now())
    assert cleared(sheet) == 4
    assert Sheet.objects.get(pk=sheet.pk).state == "draft"


def test_an_edit_between_the_two_approvals_is_seen_by_the_second(sheet, bilal, farah, gopal):
    shown = seen_hash(sheet)
    approve(farah, sheet)
    one = queries.items_of_sheet(sheet)[0]
    services.edit_item(actor=bilal.actor, ref=one.ref, wording=wording("बदला हुआ"), now=timezone.now())
    services.submit_sheet(actor=bilal.actor, ref=sheet.ref, now=timezone.now())
    with pytest.raises(WrongState):
        approve(gopal, sheet, seen=shown)
    approve(gopal, sheet)
    assert cleared(sheet) == 4
    assert Item.objects.get(pk=one.pk).state == "submitted"


def test_one_person_cannot_approve_a_sheet_twice(sheet, farah, watch):
    approve(farah, sheet)
    seen = watch()
    approve(farah, sheet)
    assert cleared(sheet) == 0
    assert seen.nothing_happened()
