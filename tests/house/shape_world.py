"""The part of the world that changes its shape: drafted and done moves, a norm, rights given, accounts declared."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from tests import cast

from toli.delivery import services as delivery
from toli.delivery.models import Post
from toli.delivery.providers.webpush.local_server import Browser
from toli.elections.gate import Subject
from toli.org import services as org
from toli.org.models import Role, TeamKind


def add_shape(w: SimpleNamespace) -> None:
    """Adds w.draft_change, w.done_change, w.norm, w.delegation, w.declared, w.official."""
    tree, now, today = w.tree, timezone.now(), timezone.localdate()
    w.spare = cast.add_unit("block", "खेरिया", "Kheriya", tree.vallabhnagar)
    lines = [org.Line("move", tree.sahara, w.spare)]
    w.done_change = org.draft_reorganisation(actor=w.asha.actor, title="Done", on=today, lines=lines, now=now)
    org.decide_reorganisation(actor=w.asha.actor, ref=w.done_change.ref, now=now)
    lines = [org.Line("move", tree.vallabhnagar, tree.raipur)]
    w.draft_change = org.draft_reorganisation(actor=w.asha.actor, title="Draft", on=today, lines=lines, now=now)
    w.norm = org.set_norm(
        actor=cast.SYSTEM, team_kind=TeamKind.objects.get(key="block_team"), scope=tree.state, count=1, now=now,
        role=Role.objects.get(key="block_coordinator"),
    )  # fmt: skip
    w.delegation = org.give_delegation(
        actor=w.bilal.actor, appointment_ref=w.bilal.appointment.ref, person_ref=w.salma.person.ref,
        unit_ref=tree.raipur.ref, rights=["tasks.view"], starts_at=now, ends_at=now + timedelta(days=3), now=now,
    )  # fmt: skip
    w.declared, w.official = (_declare(w, name, now) for name in ("example_one", "example_two"))
    org.confirm_handle(actor=w.asha.actor, ref=w.official.ref, now=now)
    _add_channel(w, now)


def _add_channel(w: SimpleNamespace, now: Any) -> None:
    """An account that Toli posts to, with a post somebody must look for."""
    w.posting = _declare(w, "example_four", now)
    org.confirm_handle(actor=w.asha.actor, ref=w.posting.ref, now=now)
    org.name_operator(actor=w.asha.actor, ref=w.posting.ref, person_ref=w.asha.person.ref, now=now)
    w.channel = delivery.connect_account(
        actor=w.asha.actor, handle_ref=w.posting.ref, external_id="4", token="t", now=now
    )
    w.unsure_post = delivery.queue_post(
        actor=w.asha.actor, account_ref=w.channel.ref, key="k", words=delivery.Words("text"), now=now,
        subject=Subject("internal", "h"),
    )  # fmt: skip
    Post.objects.filter(pk=w.unsure_post.pk).update(state=Post.State.UNSURE)


def key_form() -> dict[str, str]:
    return {"external_id": "4", "token": "a newer one"}


def bot_update() -> bytes:
    """What somebody wrote to the bot."""
    return b'{"update_id": 1, "message": {"chat": {"id": 5, "type": "private"}, "text": "hello"}}'


def browser_of_mine() -> bytes:
    return Browser().subscription("https://fcm.googleapis.com/fcm/send/x").encode()


def _declare(w: SimpleNamespace, name: str, now: Any) -> Any:
    return org.declare_handle(
        actor=w.sunita.actor, unit_ref=w.tree.bhilwara.ref, platform="x", handle=name, automation="",
        url=f"https://example.org/{name}", now=now,
    )  # fmt: skip


def today() -> str:
    return timezone.localdate().isoformat()


def later() -> str:
    return (timezone.localdate() + timedelta(days=3)).isoformat()


def move_to(unit: Any) -> dict[str, str]:
    return {"on": today(), "to": str(unit.ref)}


def split_form(w: SimpleNamespace) -> dict[str, Any]:
    return {"name_hi": "नया", "name_en": "New", "code": "", "on": today(), "units": [str(w.tree.raipur.ref)]}


def rights_form(w: SimpleNamespace) -> dict[str, Any]:
    return {
        "person": str(w.chitra.person.ref), "rights": ["tasks.view"], "unit": str(w.tree.bhilwara.ref),
        "ends_on": later(),
    }  # fmt: skip


def sheet(text: str, **more: str) -> dict[str, Any]:
    """A sheet to bring in, made anew: a file is read once."""
    return {"file": SimpleUploadedFile("s.csv", text.encode()), **more}


def terms_sheet() -> dict[str, Any]:
    text = "name_en,office_en,kind,unit,from,to,source\nExample Name,MLA,legislator,eci:S20/179,2018-12-11,,Gazette\n"
    return sheet(text, write="on")


def norm_form(w: SimpleNamespace) -> dict[str, str]:
    return {"scope": str(w.tree.state.ref), "team_kind": "booth_team", "role": "booth_youth", "wing": "", "count": "2"}


def handle_form(w: SimpleNamespace) -> dict[str, str]:
    return {
        "unit": str(w.tree.state.ref), "platform": "x", "handle": "example_three", "url": "https://example.org/three",
        "automation": "",
    }  # fmt: skip
