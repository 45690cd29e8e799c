"""Running a placement, checking it again, and signing it by two."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from toli.audit import services as audit
from toli.kit.actor import Actor
from toli.kit.errors import BadInput, NotAllowed, WrongState
from toli.org.importing.copying import copy_in, escaped
from toli.recruitment import freezing, outcomes, queries
from toli.recruitment.models import Drive, PlacementRun
from toli.recruitment.placement import Inputs, match
from toli.recruitment.proof import Proof, prove

Kind, State = PlacementRun.Kind, PlacementRun.State
NULL = "\\N"


@dataclass(frozen=True)
class Computed:
    """A placement that was computed and proved, not yet written."""

    settled: outcomes.Settled
    proof: Proof
    seconds: float

    @property
    def digest(self) -> str:
        return freezing.outcome_digest(self.settled)


def compute(inputs: Inputs) -> Computed:
    """Place and prove. Raises WrongState when the proof fails: then nothing may be written."""
    began = time.monotonic()
    got = match(inputs)
    proof = prove(inputs, got)
    if not proof.holds:
        raise WrongState(_("The check of the placement failed. Nothing was written; please tell those who keep Toli."))
    return Computed(outcomes.settle(inputs, got), proof, time.monotonic() - began)


@transaction.atomic
def run_placement(
    *, actor: Actor, key: str, kind: str, now: datetime, changes: Mapping[str, Any] | None = None
) -> PlacementRun:
    """Place everybody of a drive who has a score, all or nothing. A "what if" changes the places, a real run nothing.

    Half a million applicants with five wishes take under two minutes, nearly all of it reading and writing rows.
    Raises NotFound, BadInput or WrongState.
    """
    drive = queries.get_drive_in_charge(actor=actor, key=key, lock=True)
    if changes and kind == Kind.REAL:
        raise BadInput(_('A placement for real changes nothing. Try changes in a "what if".'))
    inputs, left_out = queries.placement_inputs(drive, changes=changes or {}, now=now)
    if not len(inputs.applicants) or not len(inputs.places):
        raise WrongState(_("There is nobody with a score, or no place yet. Nothing was computed."))
    run = _written(actor, drive, kind, changes or {}, inputs, left_out, now)
    data = {name: run.summary[name] for name in ("applicants", "placed", "places")} | {"run": kind}
    audit.record(actor, "recruitment.run_made", run, unit=drive.scope, data=data)
    return run


def _written(
    actor: Actor, drive: Drive, kind: str, changes: Mapping[str, Any], inputs: Inputs, left_out: dict[str, int],
    now: datetime,
) -> PlacementRun:  # fmt: skip
    frozen = freezing.freeze(inputs)
    done = compute(inputs)
    run = PlacementRun.objects.create(
        drive=drive, kind=kind, changes=changes, seed=inputs.seed, inputs=freezing.pack(frozen),
        inputs_hash=freezing.digest(frozen), outcome_hash=done.digest, summary=_summary(done, left_out), made_at=now,
        made_by_id=actor.person_id,
    )  # fmt: skip
    copy_in(
        "COPY recruitment_outcome (run_id, application_id, place_id, wish, share, score, told) FROM STDIN",
        _outcome_lines(run, done.settled),
    )
    copy_in(
        "COPY recruitment_cutoff (run_id, place_id, share, filled, wished, lowest) FROM STDIN",
        _cut_off_lines(run, done.settled),
    )
    return run


def _summary(done: Computed, left_out: dict[str, int]) -> dict[str, Any]:
    settled, inputs = done.settled, done.settled.inputs
    placed = settled.got[settled.got >= 0]
    ranks = np.bincount(inputs.wish_rank[placed])
    return {
        "applicants": len(inputs.applicants),
        "placed": len(placed),
        "by_wish": {str(rank): int(count) for rank, count in enumerate(ranks) if count},
        "places": len(inputs.places),
        "seats": int(inputs.capacity.sum()),
        "unfilled": int(inputs.capacity.sum()) - len(placed),
        "reserved": int(settled.is_reserved.sum()),
        "compared": done.proof.compared,
        "seconds": round(done.seconds, 2),
        **left_out,
    }


def _outcome_lines(run: PlacementRun, settled: outcomes.Settled) -> Iterator[str]:
    inputs, got = settled.inputs, settled.got
    at = np.maximum(got, 0)
    shares = np.where(settled.is_reserved, inputs.groups[at] if len(inputs.groups) else 0, -1)
    places = inputs.places[inputs.wish_place[at]].tolist() if len(inputs.wish_place) else [0] * len(got)
    ranks = inputs.wish_rank[at].tolist() if len(inputs.wish_rank) else places
    scores = inputs.score_at(at).tolist() if len(inputs.wish_rank) else places
    keys = [escaped(key) for key in inputs.share_keys]
    told = _told(settled) if run.kind == Kind.REAL else iter(lambda: NULL, None)
    columns = zip(inputs.applicants.tolist(), got.tolist(), places, ranks, shares.tolist(), scores, strict=True)
    for (one, wish, place, rank, share, score), lines in zip(columns, told, strict=False):
        if wish < 0:
            yield f"{run.pk}\t{one}\t{NULL}\t{NULL}\t\t{NULL}\t{lines}\n"
        else:
            yield f"{run.pk}\t{one}\t{place}\t{rank}\t{keys[share] if share >= 0 else ''}\t{score}\t{lines}\n"


def _told(settled: outcomes.Settled) -> Iterator[str]:
    """For each applicant, in order, the JSON of what became of their wishes."""
    inputs, told = settled.inputs, outcomes.told(settled)
    rows = np.stack((
        inputs.wish_rank[told.wish], inputs.places[inputs.wish_place[told.wish]], told.what,
        inputs.score_at(told.wish), told.cut, told.lacks, told.position,
    ), axis=1).tolist()  # fmt: skip
    bounds = np.searchsorted(inputs.owner[told.wish], np.arange(len(inputs.applicants) + 1)).tolist()
    for first, last in pairwise(bounds):
        yield json.dumps(rows[first:last], separators=(",", ":"))


def _cut_off_lines(run: PlacementRun, settled: outcomes.Settled) -> Iterator[str]:
    for row in outcomes.cut_offs(settled):
        lowest = NULL if row.lowest is None else row.lowest
        yield f"{run.pk}\t{row.place}\t{escaped(row.share)}\t{row.filled}\t{row.wished}\t{lowest}\n"


def check_again(*, actor: Actor, ref: UUID) -> PlacementRun:
    """Compute a run anew from its frozen inputs. Raises NotFound, or WrongState when it does not come out the same."""
    run = queries.get_run(actor=actor, ref=ref, right="recruitment.manage")
    _check(run)
    return run


def _check(run: PlacementRun) -> None:
    frozen = freezing.unpack(bytes(run.inputs))
    if freezing.digest(frozen) != run.inputs_hash or compute(freezing.thaw(frozen)).digest != run.outcome_hash:
        raise WrongState(_("The placement does not come out the same from its frozen inputs. It must not be used."))


@transaction.atomic
def sign_run(*, actor: Actor, ref: UUID, now: datetime) -> PlacementRun:
    """Sign a placement; it holds when a second person signs, and is checked from its frozen inputs before.

    Raises NotFound, NotAllowed, NeedsSecondFactor or WrongState.
    """
    run = queries.get_run(actor=actor, ref=ref, right="recruitment.place", lock=True)
    if run.kind != Kind.REAL or run.state not in (State.DONE, State.SIGNED_ONCE):
        raise WrongState(_('This placement cannot be signed: it is a "what if", or it is signed already.'))
    if actor.person_id is None or actor.person_id == run.signed_a_id:
        raise NotAllowed(_("You have signed. A second person must sign too."))
    if run.state == State.DONE:
        run.state, run.signed_a_id, run.signed_a_at = State.SIGNED_ONCE, actor.person_id, now
        run.save(update_fields=["state", "signed_a_id", "signed_a_at"])
        audit.record(actor, "recruitment.run_signed_once", run, unit=run.drive.scope)
        return run
    return _sign_second(actor, run, now)


def _sign_second(actor: Actor, run: PlacementRun, now: datetime) -> PlacementRun:
    _check(run)
    PlacementRun.objects.filter(drive_id=run.drive_id, state=State.SIGNED).update(state=State.REPLACED)
    run.state, run.signed_b_id, run.signed_b_at = State.SIGNED, actor.person_id, now
    run.save(update_fields=["state", "signed_b_id", "signed_b_at"])
    audit.record(actor, "recruitment.run_signed", run, unit=run.drive.scope)
    return run
