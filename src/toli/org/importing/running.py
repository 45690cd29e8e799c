"""The worker's side of imports: takes up whatever waits or was broken off, one at a time."""

import logging
from dataclasses import replace
from datetime import datetime

from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import NotAllowed, ToliError
from toli.org import queries
from toli.org.importing import files, renewing
from toli.org.importing.asking import read
from toli.org.importing.formats import Ask, units_of
from toli.org.importing.journal import Stopped
from toli.org.importing.loading import load_units
from toli.org.importing.rows import Parsed, UnitRow
from toli.org.models import Import
from toli.people.models import Person

log = logging.getLogger("toli.imports")
State = Import.State


def carry_on() -> int:
    """Take up the import that has waited longest; how many were worked on. A worker that was killed left its import
    as it was: the next one goes on behind its last part.
    """
    waiting = Import.objects.filter(on_desk=True, state__in=[State.CHECKING, State.LOADING])
    job = waiting.order_by("changed_at", "id").first()
    if job is None:
        return 0
    with translation.override(str(job.options.get("language") or "hi")):
        _work(job, timezone.now())
    return 1


def _work(job: Import, now: datetime) -> None:
    try:
        actor = _actor_of(job, now)
        _take_up(job)
        if job.state == State.CHECKING:
            _check(job, actor)
        else:
            _load(job, actor)
    except Stopped:
        _end(job, State.CANCELLED, "")
        with transaction.atomic():
            audit.record(_actor_of(job, now), "org.import_stopped", job)
    except ToliError as refusal:
        sentences = [str(refusal), *map(str, getattr(refusal, "fields", {}).values())]
        _end(job, State.FAILED, " ".join(dict.fromkeys(sentences)))
    except OperationalError:
        raise  # the database is away: the tick tries again
    except Exception:
        log.exception("import %s failed", job.ref)
        _end(job, State.FAILED, _("A fault of ours stopped the import. What was loaded stays; try to go on."))


def _actor_of(job: Import, now: datetime) -> Actor:
    """Whoever asked, with what their seats grant now: their second proof was shown when they asked."""
    person = Person.objects.filter(pk=job.by_id).first()
    if person is None:
        raise NotAllowed()
    return replace(queries.actor_for(person, now=now, second_factor=True, request_id=f"import {job.pk}"))


def _take_up(job: Import) -> None:
    Import.objects.filter(pk=job.pk, step="waiting").update(step="reading")
    job.refresh_from_db()
    if job.stop_asked:
        raise Stopped()


def parsed_of(job: Import) -> Parsed[UnitRow]:
    ask = Ask(
        job.layout, job.state_code, create_missing=bool(job.options.get("create_missing")),
        mapping_text=str(job.options.get("mapping", "")),
    )  # fmt: skip
    return units_of(read(job), ask)


def _check(job: Import, actor: Actor) -> None:
    """Everything a load does except writing."""
    if job.kind == Import.Kind.STATIONS:
        renewing.propose(actor=actor, job=job, sheet=read(job))
        return
    parsed = parsed_of(job)
    _say(job, "checking", len(parsed.rows))
    outcome = load_units(actor=actor, rows=parsed.rows, source=job.source, dry_run=True, list_date=job.list_date)
    refused = sorted([*parsed.refused, *outcome.refused])
    files.keep_reasons(job, refused, parsed.notes, parsed.sheet)
    Import.objects.filter(pk=job.pk, state=State.CHECKING).update(
        state=State.CHECKED, step="", lines=parsed.lines, added=outcome.added, changed=outcome.changed,
        same=outcome.same, refused=len(refused), unread=parsed.unread_columns[:200], by_level=dict(outcome.by_level),
        changed_at=timezone.now(), stop_asked=False,
    )  # fmt: skip


def _load(job: Import, actor: Actor) -> None:
    parsed = parsed_of(job)
    if job.parts == 0:
        # What the check said would happen gives way to what has happened.
        Import.objects.filter(pk=job.pk, parts=0).update(added=0, changed=0, seats=0)
    _say(job, "checking", len(parsed.rows))
    load_units(actor=actor, rows=parsed.rows, source=job.source, list_date=job.list_date, job=job)
    refused = len(parsed.refused)
    if refused:
        job.refresh_from_db()
        Import.objects.filter(pk=job.pk).update(refused=job.refused + refused)


def _say(job: Import, step: str, total: int) -> None:
    Import.objects.filter(pk=job.pk).update(step=step, total=total, changed_at=timezone.now())
    job.refresh_from_db()
    if job.stop_asked:
        raise Stopped()


def _end(job: Import, state: str, why: str) -> None:
    Import.objects.filter(pk=job.pk).update(
        state=state, why=why[:500], step="", stop_asked=False, changed_at=timezone.now()
    )
