"""Every way by which words leave, tried with what may not go: nothing passes by any of them."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.broadcasts.conftest import build, cleared_item, plan_for, release, set_poll
from tests.content.conftest import wording

from toli.broadcasts import queries, services
from toli.broadcasts.links import code_of
from toli.broadcasts.models import Document, Group, Release
from toli.content import services as content

WORDS = "हर बूथ, हर घर"
ENGLISH = "Every booth, every home"
PHONE = "Mozilla/5.0 (Linux; Android 13) Chrome/120.0 Mobile"


# The ways out: each gives everything a person could read by it.


def the_pulse(cast, tree):
    """Documents as the pulse process loads them, also after a restart."""
    build(timezone.now())
    rows = Document.objects.filter(valid_until__gt=timezone.now())
    return " ".join(bytes(row.body).decode() for row in rows if f"{tree.sahara.pk}." in row.stream)


def the_pulse_made_anew(cast, tree):
    services.build_documents(now=timezone.now(), force=True)
    return the_pulse(cast, tree)


def my_texts(cast, tree):
    """The page that works without JavaScript."""
    build(timezone.now())
    return cast.chitra.client.get("/me/pulse/").content.decode()


def the_desks_stream(cast, tree):
    build(timezone.now())
    return cast.farah.client.get(f"/desk/pulse/streams/{tree.sahara.ref}/").content.decode()


def my_groups(cast, tree):
    return cast.chitra.client.get("/me/groups/").content.decode()


def a_shared_link(cast, tree):
    page = Client().get(f"/s/{code_of(cast.item.pk, tree.sahara.pk)}/", headers={"User-Agent": PHONE})
    return page.content.decode()


WAYS = (the_pulse, the_pulse_made_anew, my_texts, the_desks_stream, my_groups, a_shared_link)


# What may not go.


def unapproved(cast, tree, monkeypatch):
    """One yes is not two: the approvals of all but one are taken back by an edit and its undoing."""
    item = cast.item
    content.edit_item(actor=cast.bilal.actor, ref=item.ref, wording=wording("कुछ और"), now=timezone.now())
    content.edit_item(actor=cast.bilal.actor, ref=item.ref, wording=wording(WORDS), now=timezone.now())
    content.submit_item(actor=cast.bilal.actor, ref=item.ref, now=timezone.now())
    item.refresh_from_db()
    content.approve_item(actor=cast.farah.actor, ref=item.ref, seen_hash=item.hash, now=timezone.now())


def edited(cast, tree, monkeypatch):
    content.edit_item(actor=cast.bilal.actor, ref=cast.item.ref, wording=wording(WORDS + " और कुछ"), now=timezone.now())


def withdrawn(cast, tree, monkeypatch):
    content.withdraw_item(actor=cast.bilal.actor, ref=cast.item.ref, reason="", now=timezone.now())


def release_widened(cast, tree, monkeypatch):
    """The audience was changed after the yes."""
    plan = plan_for(tree.state, channels=["pulse", "groups"])
    services.change_release(actor=cast.asha.actor, ref=Release.objects.get().ref, plan=plan, now=timezone.now())


def release_withdrawn(cast, tree, monkeypatch):
    services.withdraw_release(actor=cast.farah.actor, ref=Release.objects.get().ref, now=timezone.now())


def silenced(cast, tree, monkeypatch):
    closes = set_poll(tree.sahara)
    monkeypatch.setattr(timezone, "now", lambda: closes - timedelta(hours=47))


REASONS = (unapproved, edited, withdrawn, release_widened, release_withdrawn, silenced)


@pytest.fixture
def cast(asha, bilal, chitra, farah, gopal, tree):
    """Somebody of each kind, an item that is out by every way, and an admin who posts in the booth's group."""
    from types import SimpleNamespace

    item = cleared_item(bilal, [farah, gopal], tree.bhilwara, text=WORDS)
    release(item, farah, gopal, plan_for(tree.bhilwara, channels=["pulse", "groups"]))
    said = services.Said("Borana", "https://chat.whatsapp.com/B", "all", None)
    group = services.register_group(
        actor=bilal.actor, unit=tree.booth, kind=Group.Kind.WHATSAPP, said=said, now=timezone.now()
    )
    services.name_admin(actor=bilal.actor, ref=group.ref, person_ref=chitra.person.ref, now=timezone.now())
    build()
    return SimpleNamespace(asha=asha, bilal=bilal, chitra=chitra, farah=farah, gopal=gopal, item=item)


def passes(way, cast, tree):
    """The words in either language: an edit of one takes both back."""
    shown = way(cast, tree)
    return WORDS in shown or ENGLISH in shown


def test_what_is_cleared_passes_by_every_way(cast, tree):
    for way in WAYS:
        assert passes(way, cast, tree), way.__name__


@pytest.mark.parametrize("reason", REASONS, ids=lambda one: one.__name__)
def test_none_passes(cast, tree, monkeypatch, reason):
    reason(cast, tree, monkeypatch)
    for way in WAYS:
        assert not passes(way, cast, tree), way.__name__


def test_a_receipt_of_a_group_is_taken_only_for_what_may_be_there(cast, tree):
    content.withdraw_item(actor=cast.bilal.actor, ref=cast.item.ref, reason="", now=timezone.now())
    packs = queries.packs(queries.groups_i_post_in(cast.chitra.actor), language="hi", sharer="", now=timezone.now())
    assert json.dumps([len(pack.lines) for pack in packs]) == "[0]"
