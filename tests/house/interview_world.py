"""Interviews for the world of `world.py`: one that has begun, one to come, one held, a work sample, and who waits."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from PIL import Image
from tests import cast
from tests.recruitment import interviews as on

from toli.recruitment import files, queries, services
from toli.recruitment.models import Drive, Interview, Slot


def add_interviews(w: SimpleNamespace) -> None:
    """Neelam's has begun, ravi's is to come, gopal's was held by bilal; two wait, one of them in the other district."""
    tree, now = w.tree, timezone.now()
    drive = Drive.objects.get(key="youth")
    _agree(w, w.neelam)
    w.held_one = on.add_applicant(drive, w.notice, tree.booth, name="Pooja Rathi")
    w.round = on.add_round(drive, kind="phone", scores_needed=1)
    long_days = {str(day): [[600, 960]] for day in range(7)}
    w.panel = on.add_panel(w.round, tree.raipur, [w.bilal, w.chitra], hours=long_days)
    w.far_panel = on.add_panel(w.round, tree.bhinder, [w.dev])
    on.make_slots(w.round)
    services.assign(actor=w.bilal.actor, round_ref=w.round.ref, now=now)
    w.begun, w.coming, held = (_of(w, person) for person in (w.neelam, w.ravi, w.held_one))
    Slot.objects.filter(pk__in=[w.begun.slot_id]).update(starts_at=now - timedelta(minutes=2))
    Slot.objects.filter(pk=held.slot_id).update(starts_at=now - timedelta(minutes=12))
    services.score(actor=w.bilal.actor, ref=held.ref, marks={"conduct": 3, "local": 4}, note="", now=now)
    w.samples = on.add_round(drive, kind="work_sample", criteria=["writing"])
    on.add_panel(w.samples, tree.raipur, [w.bilal])
    services.assign(actor=w.bilal.actor, round_ref=w.samples.ref, now=now)
    w.sample = Interview.objects.get(round=w.samples, application__person=w.neelam.person)
    w.handed_sample = _hand_in_file(Interview.objects.get(round=w.samples, application__person=w.ravi.person))
    for unit, name in ((tree.booth, "Sita Rebari"), (tree.far_booth, "Manju Bhil")):
        on.add_applicant(drive, w.notice, unit, name=name)


def _of(w: SimpleNamespace, person: cast.CastMember) -> Interview:
    return Interview.objects.get(round=w.round, application__person=person.person)


def _hand_in_file(interview: Interview) -> Interview:
    out = BytesIO()
    Image.new("RGB", (40, 40), "olive").save(out, "PNG")
    out.seek(0)
    services.hand_in_sample(code=interview.code, text="", link="", handed=files.read(out), now=timezone.now())
    return interview


def _agree(w: SimpleNamespace, person: cast.CastMember) -> None:
    on.agree(w.notice, person)


def round_form() -> dict[str, Any]:
    return {
        "name_hi": "दौर", "name_en": "Round", "kind": "meeting", "criteria": ["conduct"], "scores_needed": "2",
        "minutes": "10", "weight": "1", "starts_on": "2040-05-01", "ends_on": "2040-05-20",
    }  # fmt: skip


def panel_form() -> dict[str, Any]:
    return {
        "languages": ["hi"], "weekdays": ["0", "1"], "begins": "10:00", "ends": "12:00", "place_text": "", "link": ""
    }  # fmt: skip


def days() -> dict[str, Any]:
    today = timezone.localdate()
    return {"first": (today + timedelta(days=8)).isoformat(), "last": (today + timedelta(days=9)).isoformat()}


def another_time(w: SimpleNamespace) -> dict[str, Any]:
    return {"slot": queries.other_times(w.coming, now=timezone.now())[0].pk}
