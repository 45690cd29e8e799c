"""Prepares the join bench: run as a program on an empty, migrated database with the owner's address.

It makes a small tree, a drive, and people who proved their number and filled the form, ready for the last request.
Prints one JSON object: how many statements each of the three requests runs. The lines for the generator go to a file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

LINES = "requests.txt"


def main(folder: Path, count: int) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from toli.bench.join_urls import TABLE
    from toli.config import grants

    settings.ALLOWED_HOSTS = ["*"]
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    grants.apply()
    drive, unit, notice = _ground()
    told = _statements(drive, unit, notice)
    (folder / LINES).write_text("\n".join(_proved(drive, unit, notice, count)) + "\n")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps({"statements": told, "unit": str(unit.ref), "notice": str(notice.ref)}))


def _ground() -> tuple[Any, Any, Any]:
    from django.utils import timezone

    from toli.accounts import services as accounts
    from toli.consent.first_notice import ensure_notice
    from toli.kit.actor import SystemActor
    from toli.org import services as org
    from toli.org.models import Level, Unit
    from toli.recruitment import services as recruitment

    now, actor = timezone.now(), SystemActor(request_id="bench")
    accounts.create_deployment(is_demo=True, now=now)
    org.ensure_base()
    parent: Unit | None = None
    units = []
    for key in ("state", "division", "district", "constituency", "block", "booth"):
        level = Level.objects.get(key=key)
        parent = org.create_unit(actor=actor, level=level, names={"hi": "बोराणा", "en": f"Borana {key}"}, parent=parent)
        units.append(parent)
    notice = ensure_notice(actor=actor, now=now)
    drive = recruitment.open_drive(
        actor=actor, key="youth", names={"hi": "युवा जोड़ो", "en": "Youth"}, scope=units[0],
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30),
    )  # fmt: skip
    return drive, units[-1], notice


def _form(drive: Any, unit: Any, notice: Any) -> dict[str, Any]:
    return {
        "drive": drive.key, "unit": str(unit.ref), "notice": str(notice.ref), "name": "नीलम शर्मा", "wing": "",
        "birth_year": 1998, "gender": "female", "contact_preference": "women", "place_text": "वार्ड 3",
        "skills": ["writing", "design"], "declared": True, "purposes": ["organise", "sms"],
    }  # fmt: skip


def _proved(drive: Any, unit: Any, notice: Any, count: int) -> Iterator[str]:
    """Logins, holders, proved codes, drafts and sessions, as the pages leave them; "cookie draft" for each."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone
    from django.utils.crypto import get_random_string

    from toli.accounts import queries
    from toli.accounts.models import Device, Draft, Holder, Login, LoginCode
    from toli.kit import secrets
    from toli.recruitment import rules

    now = timezone.now()
    payload = json.dumps(_form(drive, unit, notice), ensure_ascii=False)
    phones = [f"+91{1_010_000_000 + number}" for number in range(count)]
    logins = Login.objects.bulk_create(
        Login(key=queries.key_of(phone), is_demo=True, proved_at=now) for phone in phones
    )
    holders = Holder.objects.bulk_create(Holder(login=login, slot=1) for login in logins)
    device = Device.objects.create(secret_digest="", login=None)
    codes, drafts, sessions = [], [], []
    for phone, login, holder in zip(phones, logins, holders, strict=True):
        sealed = secrets.encrypt(phone, context="phone")
        codes.append(
            LoginCode(login_key=login.key, device=device, phone_cipher=sealed.cipher, key_version=sealed.key_version,
                      code_digest="", created_at=now, expires_at=now, used_at=now, login=login, state="sent",
                      send_after=now)
        )  # fmt: skip
        form = secrets.encrypt(payload, context="draft")
        drafts.append(
            Draft(kind=rules.DRAFT_KIND, payload_cipher=form.cipher, key_version=form.key_version, login=login,
                  created_at=now, expires_at=now + timedelta(days=2))
        )  # fmt: skip
        told = {
            "_auth_user_id": str(login.pk), "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
            "_auth_user_hash": login.get_session_auth_hash(), "holder_id": holder.pk, "holder_epoch": holder.epoch,
        }  # fmt: skip
        sessions.append(
            Session(session_key=get_random_string(32), session_data=SessionStore().encode(told),
                    expire_date=now + timedelta(days=90))
        )  # fmt: skip
    LoginCode.objects.bulk_create(codes, batch_size=2000)
    Draft.objects.bulk_create(drafts, batch_size=2000)
    Session.objects.bulk_create(sessions, batch_size=2000)
    for session, draft in zip(sessions, drafts, strict=True):
        yield f"{session.session_key} {draft.ref}"


def _statements(drive: Any, unit: Any, notice: Any) -> dict[str, int]:
    """Statements of each request of the whole flow, and of the bare view, as Django sends them."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from toli.accounts.models import LoginCode
    from toli.kit import secrets

    client, told = Client(headers={"accept-language": "hi"}), {}
    form = _form(drive, unit, notice) | {"phone": "1099999999", "purpose_organise": "on", "purpose_sms": "on"}

    def ask(name: str, *request: Any, post: bool = True) -> Any:
        with CaptureQueriesContext(connection) as seen:
            answer = client.post(*request) if post else client.get(*request)
        if answer.status_code != 302:
            raise RuntimeError(f"{name} answered {answer.status_code}")
        told[name] = len(seen)
        return answer

    ask("form", "/join/youth/form/", form)
    code = LoginCode.objects.latest("id")
    digits = secrets.decrypt(bytes(code.code_cipher or b""), code.key_version, context="code")
    answer = ask("code", "/login/code/", {"code": digits})
    while "/send/" not in (way := answer.headers["Location"]):
        answer = ask("between", way, post=False)
    ask("send", way, post=False)
    ask("bare", "/bench/bare/", post=False)
    return told


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
