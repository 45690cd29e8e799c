"""From a filled form to an application: checked before it is kept, written once the number is proved."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from toli.accounts import queries as accounts
from toli.consent import queries as consent
from toli.consent.purposes import BASE
from toli.kit import secrets
from toli.kit.actor import Actor
from toli.kit.dates import local_day
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.kit.ids import new_receipt, uuid7
from toli.kit.text import clean, fold
from toli.people import queries as people
from toli.people.services import check_birth_year, check_name
from toli.recruitment import files, queries, rules
from toli.recruitment.models import AnswerFile, Drive
from toli.recruitment.services.batches import answer_invitation
from toli.recruitment.services.join_sql import JOIN
from toli.recruitment.services.traces import trace_values

RECEIPT_TRIES = 5


@dataclass(frozen=True, slots=True)
class Joined:
    """What a person takes away."""

    ref: UUID
    receipt: str


def check_form(*, actor: Actor, drive: Drive, form: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the form as it goes into the draft. Raises BadInput; nothing is kept before this passes.

    Who joined before and is signed in is not asked for name and year again. A drive that is over is no reason to
    refuse here: what was typed is worth keeping, and `join` refuses.
    """
    queries.home_and_place(drive, form["unit"])
    wishes = queries.read_wishes(drive, form.pop("wish", []))
    handed = form.pop("files", {})
    checked = _checked(actor, form, now)
    checked["answers"] = form.get("answers", {}) | {
        key: str(_keep_file(key, file, now)) for key, file in handed.items()
    }
    return checked | {
        "wishes": [[wish.place.pk if wish.place else None, None if wish.place else wish.unit.pk] for wish in wishes]
    }


def _keep_file(question: str, handed: files.Handed, now: datetime) -> UUID:
    """The file goes before its row; a row that no form takes up goes with the next sweep."""
    files.keep(handed)
    kept = AnswerFile.objects.create(
        question=question, sha256=handed.digest, kind=handed.kind, size=len(handed.body), at=now
    )
    return kept.ref


def _checked(actor: Actor, form: dict[str, Any], now: datetime) -> dict[str, Any]:
    if not form.get("declared"):
        raise BadInput(fields={"declared": _("Without this declaration you cannot join. Nothing was kept.")})
    if BASE not in form["purposes"]:
        raise BadInput(fields={f"purpose_{BASE}": _("Without this yes nobody can give you a place. Nothing was kept.")})
    if actor.person_id is None:
        form = form | {
            "name": check_name(form["name"]),
            "birth_year": check_birth_year(form["birth_year"], now=now),
        }
    return {
        **form,
        "skills": rules.check_skills(form["skills"]),
        "place_text": clean(form["place_text"])[:200],
    }


def join(
    *,
    actor: Actor,
    drive: Drive,
    draft: UUID,
    login_id: int,
    holder_id: int,
    language: str,
    channel: str,
    session_key: str,
    device: str = "",
    address: str = "",
    now: datetime,
) -> Joined:
    """Make person, consents, application and records of a draft whose number was proved; once.

    Raises NotFound (no such draft, or used), BadInput, or WrongState (the notice changed, the drive is over).
    """
    form = accounts.get_draft(login_id=login_id, ref=draft, kind=rules.DRAFT_KIND)
    if form["drive"] != drive.key:
        raise NotFound
    rules.check_open(drive, now=now)
    form = _checked(actor, form, now)
    number = accounts.proved_phone(login_id=login_id) if actor.person_id is None else ""
    values = {
        **_person_values(form, number, language),
        **_choice_values(drive, form),
        **trace_values(device, address, number),
        **_asked_values(form),
        "draft": draft, "kind": rules.DRAFT_KIND, "login": login_id, "holder": holder_id, "now": now,
        "today": local_day(now), "channel": channel, "source": channel, "drive": drive.pk,
        "request_id": actor.request_id,
        "session_digest": hashlib.sha256(session_key.encode()).hexdigest() if session_key else "",
    }  # fmt: skip
    with transaction.atomic():
        joined = _write(values)
        if form.get("invitation"):
            answer_invitation(token=form["invitation"], application_ref=joined.ref, now=now)
    return joined


def _person_values(form: dict[str, Any], number: str, language: str) -> dict[str, Any]:
    """What a new person gets; the statement uses none of it for somebody known, whose number stays."""
    sealed = secrets.encrypt(number, context=people.CONTACT_CONTEXT)
    return {
        "name": form["name"], "tokens": fold(form["name"]), "birth_year": form["birth_year"],
        "gender": form["gender"], "languages": [language], "place_text": form["place_text"], "pin_code": "",
        "contact_preference": form["contact_preference"], "index": people.number_index(number),
        "cipher": sealed.cipher, "key_version": sealed.key_version, "last_digits": number[-3:], "language": language,
    }  # fmt: skip


def _choice_values(drive: Drive, form: dict[str, Any]) -> dict[str, Any]:
    home, place = queries.home_and_place(drive, form["unit"])
    notice = consent.current_notice(drive.notice_key)
    if form["notice"] != str(notice.ref):
        raise WrongState(_("The notice has changed in the meantime. Please open the form again and read it."))
    purposes = [key for key in notice.purposes if key in form["purposes"]]
    wing = next((wing.pk for wing in queries.wings(drive) if wing.key == form["wing"]), None)
    return {
        "unit": home.pk, "place": place.pk if place else None, "wing": wing, "skills": form["skills"],
        "notice": notice.pk, "purposes": purposes,
        "given": json.dumps({"purposes": purposes, "count": len(purposes), "notice": notice.version}),
        "applied": json.dumps({"drive": drive.key}),
    }  # fmt: skip


def _asked_values(form: dict[str, Any]) -> dict[str, Any]:
    """Answers and wishes as the draft holds them: they were read and checked when the form was filled."""
    wishes, answers = form.get("wishes", []), form.get("answers", {})
    refs = [answers[key] for key in form.get("file_questions", []) if key in answers]
    return {
        "via": form.get("via", ""), "form": form.get("form"), "answers": json.dumps(answers), "files": refs,
        "wish_places": [place for place, _unit in wishes], "wish_units": [unit for _place, unit in wishes],
    }  # fmt: skip


def _write(values: dict[str, Any]) -> Joined:
    """Run the statement; a receipt that is taken already (one in thousands) is drawn again."""
    for _try in range(RECEIPT_TRIES):
        drawn = {"ref": uuid7(), "person_ref": uuid7(), "receipt": new_receipt()}
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(JOIN, values | drawn)
                row = cursor.fetchone()
                if row is None:
                    raise NotFound(_("This form was sent already, or this account was closed. Nothing new was kept."))
                return Joined(*row)
        except IntegrityError as clash:
            if "receipt" not in str(clash):
                raise
    raise WrongState(_("No receipt could be drawn. Please press once more; your form is kept."))
