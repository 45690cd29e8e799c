"""Fills a fresh home with a small campaign: run as a program with the owner's DATABASE_URL; prints what it made."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

JOINERS, WORKERS = 40, 12


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    print(json.dumps(fill()))


def fill() -> dict[str, object]:
    from django.utils import timezone
    from tests import cast

    from toli.accounts import services as accounts
    from toli.consent.first_notice import ensure_notice
    from toli.recruitment import services as recruitment

    now = timezone.now()
    accounts.create_deployment(is_demo=True, now=now)
    tree = cast.plant_tree()
    notice = ensure_notice(actor=cast.SYSTEM, now=now)
    drive = recruitment.open_drive(
        actor=cast.SYSTEM, key="youth", names={"hi": "युवा जोड़ो", "en": "Youth, join"}, scope=tree.state,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30),
    )  # fmt: skip
    asha = cast.cast_member("Asha Meena", "+911000000001", tree.state, "state_team", "state_coordinator")
    made = {
        "asha": cookie(asha.person),
        "unit": str(tree.booth.ref), "notice": str(notice.ref), "joiners": joiners(drive, tree, notice, now),
        "workers": workers(tree, asha),
        "constituency": tree.sahara.pk,
    }  # fmt: skip
    seal_most()
    return made


def seal_most() -> None:
    """All records but one, which a worker had no time for."""
    from django.db import connection

    from toli.audit import services as audit

    audit.seal()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_record (verb) VALUES ('tests.unsealed')")


def cookie(person) -> str:
    from tests import cast

    return cast.logged_in(person, second_factor=True).cookies["toli"].value


def joiners(drive, tree, notice, now) -> list[dict[str, object]]:
    """People who filled the form and typed their code; the last request, which writes all, is still to come."""
    from types import SimpleNamespace

    from toli.accounts.models import Holder

    made = []
    for number in range(JOINERS):
        draft, login_id = proved_draft(drive, tree, notice, f"+9110000010{number:02d}", now)
        holder = Holder.objects.select_related("login").get(login_id=login_id)
        made.append({"holder": holder.pk, "draft": draft, "cookie": cookie(SimpleNamespace(holder=holder))})
    return made


def proved_draft(drive, tree, notice, phone, now) -> tuple[str, int]:
    from tests import cast

    from toli.accounts import services as accounts
    from toli.accounts.models import Draft, LoginCode
    from toli.kit import secrets
    from toli.recruitment import rules
    from toli.recruitment import services as recruitment

    form = {
        "drive": drive.key, "unit": str(tree.booth.ref), "notice": str(notice.ref), "name": "नीलम शर्मा", "wing": "",
        "birth_year": 1998, "gender": "female", "contact_preference": "women", "place_text": "", "skills": [],
        "declared": True, "purposes": ["organise", "sms"],
    }  # fmt: skip
    payload = recruitment.check_form(actor=cast.SYSTEM, drive=drive, form=form, now=now)
    draft = accounts.save_draft(kind=rules.DRAFT_KIND, payload=payload, phone=phone, now=now)
    asked = accounts.ask_code(phone=phone, cookie="", address="", language="hi", now=now)
    code = LoginCode.objects.get(ref=asked.ref)
    digits = secrets.decrypt(code.code_cipher, code.key_version, context="code")
    accounts.check_code(ref=asked.ref, cookie=asked.cookie, typed=digits, draft=draft, now=now)
    return str(draft), Draft.objects.get(ref=draft).login_id


def workers(tree, asha) -> list[dict[str, str]]:
    """Volunteers who each hold an accepted share of one task, a booth each."""
    from django.utils import timezone
    from tests import cast
    from tests.tasks.conftest import give, share_of

    from toli.org import services as org
    from toli.tasks import services as tasks

    booths = [cast.add_unit("booth", f"गाँव {n}", f"Gaon {n}", tree.raipur, station=50 + n) for n in range(WORKERS)]
    members = [
        cast.cast_member("Salma Bano", f"+9110000020{n:02d}", booth, "booth_team", "booth_youth")
        for n, booth in enumerate(booths)
    ]
    org.fold_counts()
    task = give(asha.actor, tree.raipur, proofs=("number", "photo"), target=20 * WORKERS)
    made = []
    for booth, member in zip(booths, members, strict=True):
        share = share_of(task, booth)
        tasks.accept_assignment(actor=member.actor, ref=share.ref, now=timezone.now())
        made.append({"share": str(share.ref), "cookie": cookie(member.person)})
    return made


if __name__ == "__main__":
    sys.exit(main())
