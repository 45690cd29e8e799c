"""Two at once: each race is run with real connections, ten times over."""

import threading

import pytest
from django.db import connection
from django.utils import timezone
from tests.content.conftest import wording

from toli.content import queries, services
from toli.content.models import Approval, Item, Sheet
from toli.content.rules import sheet_hash
from toli.content.services import Slogan
from toli.kit.errors import ToliError

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Run all works at the same moment, each on a connection of its own; what each gave, or the refusal."""
    gate = threading.Barrier(len(works))
    found = [None] * len(works)

    def run(place, work):
        try:
            gate.wait()
            found[place] = work()
        except ToliError as error:
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def approving(member, item):
    actor = member.actor
    return lambda: services.approve_item(actor=actor, ref=item.ref, seen_hash=item.hash, now=timezone.now())


def approving_sheet(member, sheet, seen):
    actor = member.actor
    return lambda: services.approve_sheet(actor=actor, ref=sheet.ref, seen_hash=seen, now=timezone.now())


def editing(member, item, changed):
    actor = member.actor
    return lambda: services.edit_item(actor=actor, ref=item.ref, wording=changed, now=timezone.now())


def test_two_approvers_at_once_clear_it_once(bilal, farah, gopal, tree):
    for number in range(10):
        item = services.write_item(
            actor=bilal.actor, unit=tree.bhilwara, wording=wording(f"नारा {number}"), now=timezone.now()
        )
        item = services.submit_item(actor=bilal.actor, ref=item.ref, now=timezone.now())
        at_once(approving(farah, item), approving(gopal, item))
        assert Item.objects.get(pk=item.pk).state == "approved"
        assert Approval.objects.filter(item=item, withdrawn_at=None).count() == 2


def test_one_approver_pressing_twice_is_one(bilal, farah, tree, submitted):
    at_once(approving(farah, submitted), approving(farah, submitted), approving(farah, submitted))
    assert Approval.objects.count() == 1
    assert Item.objects.get(pk=submitted.pk).state == "submitted"


def test_an_edit_beside_the_second_approval_never_leaves_old_words_cleared(bilal, farah, gopal, tree):
    outcomes = set()
    for number in range(12):
        item = services.write_item(
            actor=bilal.actor, unit=tree.bhilwara, wording=wording(f"नारा {number}"), now=timezone.now()
        )
        item = services.submit_item(actor=bilal.actor, ref=item.ref, now=timezone.now())
        services.approve_item(actor=farah.actor, ref=item.ref, seen_hash=item.hash, now=timezone.now())
        changed = wording(f"बदला {number}")
        at_once(approving(gopal, item), editing(bilal, item, changed))
        now = Item.objects.get(pk=item.pk)
        outcomes.add(now.state)
        assert now.hash == changed.hash()
        assert queries.cleared_items(item_ids=[item.pk], sheet_ids=[]) == []
        assert not Approval.objects.filter(item=item, withdrawn_at=None).exclude(hash=now.hash).exists()
    assert outcomes == {"draft"}


def test_a_sheet_approved_by_two_while_one_slogan_is_edited(bilal, farah, gopal, tree):
    for number in range(6):
        slogans = [Slogan({"hi": f"नारा {number} {n}", "en": f"S {number} {n}"}) for n in range(8)]
        sheet = services.make_sheet(
            actor=bilal.actor, unit=tree.bhilwara, title="पन्ना", slogans=slogans,
            sources={"hi": "समिति", "en": "Committee"}, matter="appeal", now=timezone.now(),
        )  # fmt: skip
        services.submit_sheet(actor=bilal.actor, ref=sheet.ref, now=timezone.now())
        items = queries.items_of_sheet(sheet)
        seen = sheet_hash(items)
        yes = [approving_sheet(member, sheet, seen) for member in (farah, gopal)]
        at_once(*yes, editing(bilal, items[3], wording("बदला हुआ")))
        cleared = queries.cleared_items(item_ids=[], sheet_ids=[sheet.pk])
        assert items[3].pk not in [one.pk for one in cleared]
        assert Sheet.objects.get(pk=sheet.pk).state == "draft"
