"""One small campaign in which every page has something to show: the cast, their work, and one thing in each state.

It is built once for all rows of `urls.py`; every request is undone afterwards.
"""

from __future__ import annotations

import itertools
import json
from datetime import date, time, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests import cast
from tests.broadcasts.conftest import plan_for
from tests.content.conftest import wording
from tests.house.interview_world import add_interviews
from tests.house.shape_world import add_shape
from tests.recruitment.crowd import add_crowd
from tests.tasks.conftest import give, hand_in, picture, share_of

from toli.accounts import services as accounts
from toli.accounts.models import Device
from toli.broadcasts import services as broadcasts
from toli.broadcasts.choosing import Wanted
from toli.broadcasts.models import Broadcast
from toli.consent import services as consent
from toli.consent.first_notice import ensure_notice
from toli.content import compliance
from toli.content import queries as content_queries
from toli.content import rules as content_rules
from toli.content import services as content
from toli.content.facts import fact_of
from toli.content.ledger import Payment
from toli.content.printing import Imprint
from toli.content.services import Slogan
from toli.delivery import services as delivery
from toli.delivery.providers.sms.receipts import sign
from toli.delivery.templates import templates
from toli.elections import services as elections
from toli.elections.services import Hours
from toli.kit import secrets
from toli.kit.dates import local_day
from toli.kit.ids import new_receipt, uuid7
from toli.org import services as org
from toli.org.importing import asking, renewing, running
from toli.org.models import Level, NamedHolder
from toli.people.models import DuplicatePair, Invitee
from toli.recruitment import files as answer_files
from toli.recruitment import services as recruitment
from toli.recruitment.inviting import token_of
from toli.recruitment.models import (
    AnswerFile,
    Answers,
    Application,
    CallAttempt,
    CallBack,
    Cluster,
    Drive,
    DrivePlace,
    FormVersion,
    Invitation,
    PlacementRun,
    Wish,
)
from toli.recruitment.queries import my_cards
from toli.tasks import services as tasks
from toli.tasks.models import PhotoMatch
from toli.tasks.photos import clean_photo
from toli.warroom import services as warroom

_numbers = itertools.count(200)
DAY = date(2031, 4, 17)
GATEWAY = {"SMS_URL": "http://127.0.0.1:9", "SMS_TOKEN": "a gateway's token"}
SOURCES = {"hi": "प्रदेश समिति", "en": "State committee"}


def plant() -> SimpleNamespace:
    """The whole campaign. `w.asha` ... are cast members, the rest things by name."""
    accounts.create_deployment(is_demo=True, now=timezone.now())
    w = SimpleNamespace(notice=ensure_notice(actor=cast.SYSTEM, now=timezone.now()), tree=cast.plant_tree())
    for add in (
        _add_cast,
        _add_seats,
        _add_polls,
        _add_tasks,
        _add_content,
        _add_releases,
        _add_recruits,
        add_interviews,
        _add_duty,
        _add_imports,
        _add_ways_in,
        _add_maps,
        add_shape,
        _add_rights_of_persons,
    ):
        add(w)
    org.fold_counts()
    return w


# People and seats


def _add_cast(w: SimpleNamespace) -> None:
    tree = w.tree
    for name, unit, team, role in (
        ("Asha Meena", tree.state, "state_team", "state_coordinator"),
        ("Bilal Khan", tree.bhilwara, "district_team", "district_coordinator"),
        ("Chitra Gurjar", tree.booth, "booth_team", "booth_lead"),
        ("Meera Joshi", tree.state, "state_team", "observer"),
        ("Dev Rathore", tree.udaipur, "district_team", "district_coordinator"),
        ("Sunita Verma", tree.state, "state_team", "state_member"),
        ("Farah Ali", tree.bhilwara, "district_team", "district_member"),
    ):
        setattr(w, name.split()[0].lower(), cast.cast_member(name, _number(), unit, team, role))
    w.gopal = _member(tree.bhilwara, "Gopal Jat", "district_team", "district_member", 2)
    w.ravi_number = "+911000000006"
    w.ravi = cast.CastMember(cast.add_person("Ravi Salvi", w.ravi_number, home=tree.booth), w.ravi_number)
    w.newcomer = SimpleNamespace(holder=accounts.add_login(phone="+911000000943", now=timezone.now()))
    w.tara = cast.CastMember(cast.add_person("Tara Meghwal", _number(), home=tree.far_booth), "")
    for member in (w.asha, w.bilal, w.chitra, w.meera, w.dev, w.ravi):
        _agree(w, member)


def give_form() -> dict[str, Any]:
    """A filled form of a task for booths."""
    due = timezone.localtime() + timedelta(days=5)
    return {
        "ref": str(uuid7()), "level": str(Level.objects.get(key="booth").pk), "wing": "", "kind": "internal",
        "proofs": ["number"], "target": "40", "due_at": due.strftime("%Y-%m-%dT%H:%M"), "give": "1",
        **{f"{name}_{tag}": f"{name} {tag}" for name in ("title", "instructions", "measure") for tag in ("hi", "en")},
    }  # fmt: skip


def schedule() -> dict[str, Any]:
    """A schedule file to bring in, made anew: a file is read once."""
    text = b"constituency,date,close\nSahara,2032-04-17,18:00\n"
    return {"file": SimpleUploadedFile("s.csv", text), "election": "E", "source": "notification 9/2032", "write": "on"}


def receipt(w: SimpleNamespace) -> bytes:
    """What a gateway says of a message."""
    return json.dumps(
        {"client_ref": f"m-{w.message.ref}", "status": "delivered", "at": "2026-01-01T10:00:00Z"}
    ).encode()


def signature(w: SimpleNamespace) -> str:
    return sign(GATEWAY["SMS_TOKEN"], receipt(w))


def minted() -> str:
    """A ref as a page mints it."""
    return str(uuid7())


def tomorrow() -> str:
    return (timezone.localdate() + timedelta(days=1)).isoformat()


def _number() -> str:
    return f"+91100000{next(_numbers):04d}"


def _member(unit: Any, name: str, team: str, role: str, number: int) -> cast.CastMember:
    person = cast.add_person(name, _number(), home=unit)
    seat = cast.add_seat(unit, team, role, number)
    return cast.CastMember(person=person, number="", seat=seat, appointment=cast.put_on_seat(person, seat))


def _agree(w: SimpleNamespace, member: cast.CastMember) -> None:
    consent.give(
        actor=member.actor, person=member.person, notice=w.notice, language="hi", purposes=["organise", "sms", "calls"],
        session_key="s", now=timezone.now(),
    )  # fmt: skip


def _add_seats(w: SimpleNamespace) -> None:
    """A vacancy, an open offer, one for ravi, a named seat for ravi, and somebody suspended."""
    tree, now = w.tree, timezone.now()
    w.vacancy = cast.add_seat(tree.booth, "booth_team", "booth_youth", 1)
    w.high_vacancy = cast.add_seat(tree.bhilwara, "district_team", "district_member", 5)
    w.far_vacancy = cast.add_seat(tree.far_booth, "booth_team", "booth_youth", 1)
    offered = cast.add_seat(tree.booth, "booth_team", "booth_youth", 2)
    w.offer = org.offer_seat(actor=w.bilal.actor, seat_ref=offered.ref, person_ref=w.ravi.person.ref, now=now)
    w.leaver = _member(tree.booths[1], "Kishan Mali", "booth_team", "booth_youth", 1)
    w.salma = _member(tree.booth, "Salma Bano", "booth_team", "booth_youth", 3)
    w.imran = _member(tree.booths[1], "Imran Ali", "booth_team", "booth_youth", 2)
    org.suspend_now(actor=w.bilal.actor, ref=w.leaver.appointment.ref, reason="test", now=now)
    w.named = _name_for(w.ravi_number, cast.add_seat(tree.sahara, "constituency_team", "constituency_lead"))


def _name_for(number: str, seat: Any) -> NamedHolder:
    now, sealed = timezone.now(), secrets.encrypt(number, context="phone")
    invitee = Invitee.objects.create(
        name="Someone", index=secrets.blind_index(number), cipher=sealed.cipher, key_version=sealed.key_version,
        last_digits=number[-3:], source="sheet", imported_at=now, erase_on=(now + timedelta(days=30)).date(),
    )  # fmt: skip
    return NamedHolder.objects.create(seat=seat, invitee=invitee, named_at=now, changed_at=now)


# Polls


def _add_polls(w: SimpleNamespace) -> None:
    """Two polls in years to come; asha has proposed a correction to the first."""
    now = timezone.now()
    election = elections.ensure_election(key="RJ-BYE-2031", by_election=True, now=now)
    w.poll, w.other_poll = (
        elections.add_poll(
            actor=cast.SYSTEM, election=election, constituency=unit, hours=Hours(DAY, (time(18),), time(7)),
            notification="notification 1/2031", now=now,
        )
        for unit in (w.tree.sahara, w.tree.vallabhnagar)
    )  # fmt: skip
    w.correction = elections.propose_correction(
        actor=w.sunita.actor, poll_ref=w.poll.ref, hours=Hours(DAY, (time(16),), time(7)),
        notification="notification 2/2031", now=now,
    )  # fmt: skip
    w.election = elections.ensure_election(key="RJ-BYE-2032", by_election=True, state=w.tree.state, now=now)
    w.dated_election = election
    w.dates = elections.propose_dates(
        actor=w.sunita.actor, ref=election.ref, dates=elections.Dates(counting_on=DAY + timedelta(days=9)),
        notification="notification 2/2031", now=now,
    )  # fmt: skip
    w.switch = elections.propose_switch(
        actor=w.sunita.actor, rule="unhoured", off=True, reason="advice of counsel of 9 April", now=now
    )


# Tasks


def _add_tasks(w: SimpleNamespace) -> None:
    """Work handed in with a photo, free to take, taken by chitra, and a bulk act of bilal's."""
    tree, now = w.tree, timezone.now()
    org.fold_counts()
    w.task = give(w.asha.actor, tree.state, proofs=("number", "photo"))
    w.district_task = give(w.bilal.actor, tree.bhilwara)
    w.chitra_task = give(w.bilal.actor, tree.bhilwara)
    w.handed_in = _done(w.salma, share_of(w.task, tree.booth), photo=clean_photo(picture()))
    w.photo = w.handed_in.hand_in.photo
    w.free = share_of(w.district_task, tree.booth)
    taken = share_of(w.chitra_task, tree.booth)
    w.taken = tasks.accept_assignment(actor=w.chitra.actor, ref=taken.ref, now=now)
    w.handed_in_too = _done(w.imran, share_of(w.district_task, tree.booths[1]))
    w.bulk = tasks.bulk_verify(actor=w.bilal.actor, refs=[w.handed_in_too.ref], now=now).act
    w.match = PhotoMatch.objects.create(
        hand_in=w.handed_in_too.hand_in, earlier=w.handed_in.hand_in, differs=3, found_at=now
    )


def _done(member: cast.CastMember, share: Any, **more: Any) -> Any:
    tasks.accept_assignment(actor=member.actor, ref=share.ref, now=timezone.now())
    return hand_in(member, share, number=12, **more)


# Content

READ = [point.key for point in compliance.points()]


def _add_content(w: SimpleNamespace) -> None:
    unit, now = w.tree.bhilwara, timezone.now()

    def item(words: str) -> Any:
        return content.write_item(
            actor=w.bilal.actor, unit=unit, wording=wording(f"{words}, हिंदी में", en=words), now=now
        )

    w.draft = item("Draft one")
    w.submitted = content.submit_item(actor=w.bilal.actor, ref=item("Draft two").ref, now=now)
    w.approved = _approved(w, item("Draft three"))
    w.held = content.submit_item(actor=w.bilal.actor, ref=item("Draft four").ref, now=now)
    content.hold_item(actor=w.farah.actor, ref=w.held.ref, reason="which day?", now=now)
    w.urgent = content.submit_item(actor=w.bilal.actor, ref=item("Draft five").ref, urgent=True, now=now)
    w.said = content.comment(actor=w.farah.actor, ref=w.draft.ref, text="अल्पविराम", now=now)
    upload = SimpleUploadedFile("p.jpg", picture(), content_type="image/jpeg")
    made = w.bilal.client.post("/desk/content/new/", {**item_form(w), "text_hi": "चित्र", "file": upload, "plain": "on"})
    w.pictured = content_queries.get_item(actor=w.bilal.actor, ref=made.url.strip("/").split("/")[-1])
    _add_library(w)
    w.sheet = _sheet(w)
    w.sheet_submitted = content.submit_sheet(actor=w.bilal.actor, ref=_sheet(w).ref, now=now)
    w.sheet_seen = content_rules.sheet_hash(content_queries.items_of_sheet(w.sheet_submitted))
    _add_series(w)
    _add_lines(w)


def _add_series(w: SimpleNamespace) -> None:
    unit, now = w.tree.bhilwara, timezone.now()
    today, name = local_day(now), {"hi": "कड़ियाँ", "en": "Series one"}
    w.campaign = content.open_campaign(
        actor=w.bilal.actor, unit=unit, title=name, starts_on=today, ends_on=today + timedelta(days=5), now=now
    )
    plan = content.Plan(name, "slogan", today, today + timedelta(days=3), range(7), ["hi", "en"])
    w.series = content.open_series(actor=w.bilal.actor, campaign_ref=w.campaign.ref, plan=plan, now=now)
    w.episode = content.plan_episode(actor=w.bilal.actor, series_ref=w.series.ref, on_date=today, title=name, now=now)
    w.fill = content.fill_episode(
        actor=w.bilal.actor, ref=w.episode.ref, item_ref=w.draft.ref, language="hi", constituency=None, now=now
    )


def _add_lines(w: SimpleNamespace) -> None:
    """A payment, a template approved by two, and the fact of tomorrow, of which no card is made yet."""
    now, ref = timezone.now(), w.tree.sahara.ref
    w.spend = content.enter_spend(
        actor=w.bilal.actor, ref=uuid7(), unit=w.tree.sahara, payment=Payment(**payment()), now=now
    )
    made = content.write_item(
        actor=w.bilal.actor, unit=w.tree.bhilwara, now=now,
        wording=wording("{विधानसभा} की बात", en="Of {constituency}", kind="template"),
    )  # fmt: skip
    w.template = _approved(w, made)
    content.choose_fact(
        actor=w.bilal.actor, unit_ref=ref, fact_ref=w.fact.ref, day=local_day(now) + timedelta(days=1), now=now
    )


def payment() -> dict[str, Any]:
    return {
        "account": "candidate", "head": "making", "on_date": local_day(timezone.now()), "amount": "500",
        "payee": "Studio", "purpose": "Video one",
    }  # fmt: skip


def spend_form(w: SimpleNamespace, **more: Any) -> dict[str, Any]:
    return {**payment(), "ref": str(uuid7()), "unit": str(w.tree.sahara.ref), **more}


def series_form(w: SimpleNamespace) -> dict[str, Any]:
    return {
        "title_hi": "दूसरी", "title_en": "Second", "kind": "video", "from_on": w.campaign.starts_on.isoformat(),
        "until_on": w.campaign.ends_on.isoformat(), "weekdays": ["0", "1", "2", "3", "4", "5", "6"],
        "languages": ["hi"],
    }  # fmt: skip


def _add_library(w: SimpleNamespace) -> None:
    unit, now = w.tree.bhilwara, timezone.now()
    rights = content.Rights("Media one", "Committee", "own")
    body = BytesIO(picture(size=(80, 60)))
    w.media, _new = content.add_media(
        actor=w.bilal.actor, unit=unit, upload=body, rights=rights, made=None, now=now
    )  # fmt: skip
    w.person_shown = content.note_person(
        actor=w.bilal.actor, ref=w.media.ref, name="Person Shown", how="paper", said_on=local_day(now), until=None,
        now=now,
    )  # fmt: skip
    w.fact, _new = content.add_fact(
        actor=w.bilal.actor, unit=w.tree.sahara, row=fact_of(fact_form(), today=local_day(now)), now=now
    )
    w.other_fact, _new = content.add_fact(
        actor=w.bilal.actor, unit=w.tree.sahara, now=now,
        row=fact_of(fact_form(title_hi="पुल", title_en="Bridge"), today=local_day(now)),
    )  # fmt: skip
    w.cards = content.order_cards(
        actor=w.bilal.actor, ref=uuid7(), unit=unit, facts=[w.fact], title="Cards one", matter="civic",
        texts_source=SOURCES, now=now,
    )  # fmt: skip
    poster, _new = content.add_media(
        actor=w.bilal.actor, unit=unit, upload=BytesIO(picture(size=(90, 60))), rights=rights, made=None, now=now
    )
    printed = content.write_item(
        actor=w.bilal.actor, unit=unit, media=poster, now=now,
        wording=wording("छपाई", en="Poster", kind="picture", file_hash=poster.digest),
    )  # fmt: skip
    w.print_item = _approved(w, printed)
    w.print_run = content.export_print(
        actor=w.bilal.actor, ref=w.print_item.ref, imprint=Imprint(**print_form()), now=now
    )  # fmt: skip


def urgent_now(w: SimpleNamespace) -> Any:
    """The urgent text, asked for at this moment: its five minutes would be over before the table is."""
    type(w.urgent).objects.filter(pk=w.urgent.pk).update(urgent_at=timezone.now())
    return w.urgent


def fact_form(**changes: str) -> dict[str, str]:
    return {
        "place": "S20/179", "kind": "work", "title_hi": "सड़क", "title_en": "Road", "amount": "₹5 लाख",
        "on_date": "12/03/2024", "source_hi": "विभाग", "source_en": "Department", "link": "https://pwd.example.org/1",
        **changes,
    }  # fmt: skip


def fact_sheet() -> SimpleUploadedFile:
    cells = fact_form(place="eci:S20/179", title_hi="टंकी", title_en="Tank")
    return SimpleUploadedFile("f.csv", "\n".join([",".join(cells), ",".join(cells.values())]).encode())


def print_form() -> dict[str, Any]:
    return {
        "printer": "Press", "printer_address": "Road 1", "publisher": "Committee", "publisher_address": "Road 2",
        "copies": 100,
    }  # fmt: skip


def media_form(w: SimpleNamespace) -> dict[str, Any]:
    upload = SimpleUploadedFile("m.jpg", picture(size=(90, 70)), content_type="image/jpeg")
    return {
        "unit": str(w.tree.bhilwara.ref), "file": upload, "title": "Media two", "owner": "Committee", "licence": "own",
    }  # fmt: skip


def order_form(w: SimpleNamespace) -> dict[str, Any]:
    return {
        "ref": str(uuid7()), "unit": str(w.tree.bhilwara.ref), "title": "Cards two", "matter": "civic",
        "source_hi": "समिति", "source_en": "Committee", "facts": [str(w.other_fact.ref)],
    }  # fmt: skip


def _approved(w: SimpleNamespace, item: Any) -> Any:
    now = timezone.now()
    content.submit_item(actor=w.bilal.actor, ref=item.ref, now=now)
    for member in (w.farah, w.gopal):
        found = content.approve_item(actor=member.actor, ref=item.ref, seen_hash=item.hash, points=READ, now=now)
    return found


def _sheet(w: SimpleNamespace) -> Any:
    return content.make_sheet(
        actor=w.bilal.actor, unit=w.tree.bhilwara, title="पन्ना", sources=SOURCES, matter="appeal",
        slogans=[Slogan({"hi": f"नारा {n}", "en": f"Slogan {n}"}) for n in range(3)], now=timezone.now(),
    )  # fmt: skip


def item_form(w: SimpleNamespace, unit: Any = None) -> dict[str, str]:
    """The filled form of an item for a desk."""
    return {
        "unit": str((unit or w.tree.bhilwara).ref), "kind": "slogan", "matter": "appeal", "text_hi": "नया",
        "text_en": "New", "source_hi": "समिति", "source_en": "Committee",
    }  # fmt: skip


def sheet_form(w: SimpleNamespace, unit: Any = None) -> dict[str, str]:
    return {
        "unit": str((unit or w.tree.bhilwara).ref), "title": "पन्ना दो", "matter": "appeal", "lines_hi": "एक\nदो",
        "lines_en": "One\nTwo", "source_hi": "समिति", "source_en": "Committee",
    }  # fmt: skip


def release_form(*units: Any) -> dict[str, Any]:
    start = timezone.localtime() + timedelta(hours=1)
    return {
        "scope": [str(unit.ref) for unit in units], "tier": "all", "quota": "12", "channels": ["pulse"],
        "starts_at": start.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": (start + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip


def broadcast_form(*units: Any) -> dict[str, Any]:
    return release_form(*units) | {"key": str(uuid4()), "channels": ["push"], "act": "plan", "save_as": "Everybody"}


def _add_broadcasts(w: SimpleNamespace) -> None:
    """w.broadcast goes out, w.paused is paused; neither has anything to send."""
    now = timezone.now()
    for name, state in (("broadcast", "sending"), ("paused", "paused")):
        made = broadcasts.plan_broadcast(
            actor=w.farah.actor, item=w.approved, wanted=Wanted([w.tree.bhilwara.pk]), channels=["push"],
            starts_at=now, ends_at=now + timedelta(days=1), key=uuid4(), now=now,
        )  # fmt: skip
        Broadcast.objects.filter(pk=made.pk).update(state=state, people=0)
        setattr(w, name, made)


def _add_releases(w: SimpleNamespace) -> None:
    _add_broadcasts(w)
    now, plan = timezone.now(), plan_for(w.tree.bhilwara)
    w.release = broadcasts.make_release(actor=w.farah.actor, thing=w.approved, plan=plan, now=now)
    out = broadcasts.make_release(
        actor=w.farah.actor, thing=w.approved, plan=plan_for(w.tree.bhilwara, channels=["groups"]), now=now
    )
    broadcasts.approve_release(actor=w.gopal.actor, ref=out.ref, seen_hash=out.hash, now=now)
    said = broadcasts.Said("Bhilwara group", "https://chat.whatsapp.com/Borana", "all", None)
    w.group = broadcasts.register_group(actor=w.bilal.actor, unit=w.tree.bhilwara, kind="whatsapp", said=said, now=now)
    broadcasts.name_admin(actor=w.bilal.actor, ref=w.group.ref, person_ref=w.chitra.person.ref, now=now)


# Joining


def _add_recruits(w: SimpleNamespace) -> None:
    """Ravi and somebody new applied; a second form of ravi's waits for its last step."""
    now, tree = timezone.now(), w.tree
    for key in ("youth", "women"):
        recruitment.open_drive(
            actor=cast.SYSTEM, key=key, names={"hi": "जोड़ो", "en": "Join"}, scope=tree.state,
            opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30),
        )  # fmt: skip
    w.drive_place = recruitment.set_place(
        actor=cast.SYSTEM, key="youth", unit_ref=tree.bhilwara.ref, team="district_team", role="district_member",
        capacity=2,
    )  # fmt: skip
    w.neelam = cast.CastMember(cast.add_person("Neelam Sharma", _number(), home=tree.booth), "")
    w.application = _apply(w, w.neelam, "youth")
    w.ravis = _apply(w, w.ravi, "youth")
    w.answer_file = _add_answer_file(w.application)
    w.poster = recruitment.make_poster(actor=cast.SYSTEM, key="youth", unit_ref=tree.bhilwara.ref, now=now)
    _add_truth(w)
    _add_placement(w)
    _add_settled(w)
    _add_invitations(w)
    filled = w.ravi.client.post("/join/women/form/", join_form(w))
    w.ravis_draft = parse_qs(urlsplit(filled.url).query)["draft"][0]


def _add_settled(w: SimpleNamespace) -> None:
    """A drive whose placement is signed: ravi is asked to stay, neelam said yes, chitra's seat was filled past it."""
    now, tree = timezone.now(), w.tree
    settled = recruitment.open_drive(
        actor=cast.SYSTEM, key="settled", names={"hi": "चुने गए", "en": "Settled"}, scope=tree.state,
        opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30),
    )  # fmt: skip
    PlacementRun.objects.create(
        drive=settled, state="signed", seed="s", inputs=b"", inputs_hash="", outcome_hash="", made_at=now,
        signed_a_id=w.asha.person.pk, signed_b_id=w.sunita.person.pk,
    )  # fmt: skip
    seat = w.chitra.seat
    DrivePlace.objects.create(drive=settled, unit=tree.booth, team_kind=seat.team_kind, role=seat.role, capacity=1)
    w.ravis_settled, stays = _apply(w, w.ravi, "settled"), _apply(w, w.neelam, "settled")
    Application.objects.filter(pk=stays.pk).update(keeps="other_seats", supporter_at=now)
    w.ravis_kept = Application.objects.create(
        drive=recruitment.open_drive(
            actor=cast.SYSTEM, key="stayed", names={"hi": "मिली जगह", "en": "Kept"}, scope=tree.state,
            opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=30),
        ),
        person=w.ravi.person, unit=tree.booth, receipt=new_receipt(), notice=w.notice, declared_at=now,
        submitted_at=now, changed_at=now, state="placed", stays_at=now,
    )  # fmt: skip
    recruitment.count_funnel(drive=settled, now=now)
    w.card_token = my_cards(w.chitra.person, now=now)[0].address.split("/verify/")[1].rstrip("/")


def _add_answer_file(application: Application) -> AnswerFile:
    """A picture handed in with an answer."""
    out = BytesIO()
    Image.new("RGB", (40, 40), "teal").save(out, "PNG")
    out.seek(0)
    handed = answer_files.read(out)
    answer_files.keep(handed)
    version = FormVersion.objects.create(drive=application.drive, number=1, made_at=timezone.now(), questions=[])
    answers = Answers.objects.create(application=application, form=version)
    return AnswerFile.objects.create(
        answers=answers, question="sample", sha256=handed.digest, kind=handed.kind, size=len(handed.body),
        at=timezone.now(),
    )  # fmt: skip


def _add_truth(w: SimpleNamespace) -> None:
    """A suspicious group of the booth, and two people drawn for a call: bilal has one of them on the screen."""
    now = timezone.now()
    crowd = add_crowd(Drive.objects.get(key="youth"), w.tree.booth, 25, at=now - timedelta(hours=1), device=b"d" * 32)
    recruitment.find_clusters(actor=cast.SYSTEM, now=now)
    w.cluster = Cluster.objects.get()
    recruitment.draw_calls(actor=cast.SYSTEM, key="youth", level="district", now=now)
    held = CallBack.objects.filter(application__in=crowd).earliest("id")  # the lot decides who is drawn
    held.held_by_id, held.held_until = w.bilal.person.pk, now + timedelta(minutes=20)
    held.save()
    w.attempt = CallAttempt.objects.create(call=held, number=1, caller_id=w.bilal.person.pk, opened_at=now)


def _add_invitations(w: SimpleNamespace) -> None:
    """A batch that is checked, one that is written and not sent, and the link of one of its invitations."""
    declared = recruitment.Declared("missed_calls", "missed calls of 3 May", vouched=True)
    for name, number in (("checked", "1000050001"), ("written", "1000050002")):
        batch = recruitment.declare_batch(
            actor=w.asha.actor, key="youth", declared=declared, raw=f"Mobile\n{number}\n98\n".encode(),
            name="calls.csv", now=timezone.now(),
        )  # fmt: skip
        recruitment.carry_on_batches()
        setattr(w, f"{name}_batch", batch)
    recruitment.load_batch(actor=w.asha.actor, ref=w.written_batch.ref, now=timezone.now())
    recruitment.carry_on_batches()
    w.invitation = token_of(Invitation.objects.get().pk)


def batch_form(w: SimpleNamespace) -> dict[str, Any]:
    file = SimpleUploadedFile("calls.csv", b"Mobile\n1000050003\n")
    unit = str(w.tree.state.ref)
    return {"source": "missed_calls", "words": "missed calls of 3 May", "unit": unit, "vouched": "on", "file": file}


def send_form(w: SimpleNamespace) -> dict[str, Any]:
    template = templates()["join_invitation"].id_for("hi")
    return {"template": template, "number": "M/1", "committee": "State", "valid_on": "2040-05-01"}


def _add_placement(w: SimpleNamespace) -> None:
    """A signed placement that says why, one to be signed, a "what if"; neelam appeals."""
    now = timezone.now()
    for application, score in ((w.application, 8000), (w.ravis, 7000)):
        Application.objects.filter(pk=application.pk).update(score=score)
        Wish.objects.create(application=application, rank=1, place=w.drive_place)
    w.run, w.what_if, w.new_run = (
        recruitment.run_placement(actor=cast.SYSTEM, key="youth", kind=kind, now=now)
        for kind in ("real", "what_if", "real")
    )
    by = {"signed_a_id": w.sunita.person.pk, "signed_b_id": w.farah.person.pk}
    PlacementRun.objects.filter(pk=w.run.pk).update(state="signed", signed_a_at=now, signed_b_at=now, **by)
    w.appeal = recruitment.make_appeal(
        actor=w.neelam.actor, ref=w.application.ref, words="my work sample was not read", now=now
    )


def join_form(w: SimpleNamespace) -> dict[str, Any]:
    return {
        "unit": str(w.tree.booth.ref), "notice": str(w.notice.ref), "skills": ["writing"], "declared": "on",
        "purpose_organise": "on", "wing": "",
    }  # fmt: skip


def drive_form(w: SimpleNamespace) -> dict[str, Any]:
    return {
        "name_hi": "ग्रीष्म अभियान", "name_en": "Summer", "key": "summer", "scope": str(w.tree.state.ref),
        "opens_on": "2040-05-01", "closes_on": "2040-05-31",
    }  # fmt: skip


def drive_changes(w: SimpleNamespace) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "name_hi": "जोड़ो", "name_en": "Join us", "opens_on": str(today - timedelta(days=1)),
        "closes_on": str(today + timedelta(days=40)), "target": "500", "wishes": "5", "offer_days": "5",
        "appeal_days": "7", "tie_seed": Drive.objects.get(key="youth").tie_seed,
    }  # fmt: skip


def new_join_form(w: SimpleNamespace) -> dict[str, Any]:
    """As somebody fills it who was never here."""
    return join_form(w) | {"name": "नीलम", "phone": "1000000942", "birth_year": "1998", "place_text": "वार्ड 3"}


def _apply(w: SimpleNamespace, member: cast.CastMember, key: str) -> Application:
    filled = member.client.post(f"/join/{key}/form/", join_form(w))
    member.client.get(filled.url)
    return Application.objects.latest("id")


# The war room, the outbox, and browsers


SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"name": name},
         "geometry": {"type": "Polygon", "coordinates": [[[x, 25], [x + 1, 25], [x + 1, 26], [x, 26], [x, 25]]]}}
        for x, name in ((74, "Bhilwara"), (75, "Nowhere"))
    ],
}  # fmt: skip


def map_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("districts.geojson", json.dumps(SQUARE).encode())


def _add_maps(w: SimpleNamespace) -> None:
    """A map of the districts with one area that is a unit and one that is not yet."""
    loaded = warroom.load_map(
        actor=w.asha.actor, unit=w.tree.state, level_key="district", body=json.dumps(SQUARE).encode(),
        source="districts.geojson", now=timezone.now(),
    )  # fmt: skip
    w.map = loaded.map
    w.area = loaded.map.shapes.get(unit=None)


def _add_duty(w: SimpleNamespace) -> None:
    now, booth = timezone.now(), w.tree.booth
    w.shift = warroom.take_shift(
        actor=w.chitra.actor, unit_ref=booth.ref, team_kind_key="booth_team", starts_at=now + timedelta(hours=20),
        ends_at=now + timedelta(hours=22), now=now,
    )  # fmt: skip
    warroom.take_shift(
        actor=w.dev.actor, unit_ref=w.tree.udaipur.ref, team_kind_key="district_team", starts_at=now,
        ends_at=now + timedelta(hours=2), now=now,
    )  # fmt: skip
    w.flag = warroom.raise_flag(actor=w.chitra.actor, unit_ref=booth.ref, kind="other", text="water", now=now)
    w.message = delivery.queue(
        template="task", person=w.chitra.person, key="k", params={"until": "x", "link": "y"}, now=now
    )


def _add_imports(w: SimpleNamespace) -> None:
    """A file waiting for its columns, one checked, one loaded, and a new station list whose pairs are decided."""
    actor, now = w.asha.actor, timezone.now()
    for name in ("waiting", "checked", "loaded", "stations"):
        raw = STATION_LIST if name == "stations" else UNIT_LIST.replace("NAME", name)
        layout = "stations" if name == "stations" else "toli"
        job = asking.accept_file(
            actor=actor, raw=raw.encode(), name=f"{name}.csv", layout=layout, state_code="S20", now=now,
            kind="stations" if name == "stations" else "units",
        )  # fmt: skip
        setattr(w, f"import_{name}", job)
        if name in ("checked", "loaded"):
            asking.choose_columns(actor=actor, ref=job.ref, chosen=UNIT_COLUMNS, now=now)
            running.carry_on()
        if name == "loaded":
            asking.load(actor=actor, ref=job.ref, now=now)
            running.carry_on()
    renewing.propose(actor=actor, job=w.import_stations, sheet=asking.read(w.import_stations))
    renewing.decide_many(actor=actor, ref=w.import_stations.ref, act="new", now=now)
    w.station_pair = w.import_stations.pairs.get()


UNIT_LIST = "level,code,name_en,parent\npanchayat,NAME-1,First NAME,eci:S20/179\npanchayat,,No code,eci:S20/179\n"
UNIT_COLUMNS = {"level": "level", "code": "code", "name_en": "name_en", "parent": "parent"}
STATION_LIST = "AC No. & Name,PS No,Polling Station Name,Main/Aux\n179-Sahara,901,Far School,Main\n"


def columns_form() -> dict[str, Any]:
    """What the mapping screen sends for `UNIT_LIST`."""
    names = dict(enumerate(UNIT_COLUMNS))
    return {f"heading_{n}": name for n, name in names.items()} | {f"field_{n}": name for n, name in names.items()}


def upload() -> dict[str, Any]:
    """A file to bring in, made anew: a file is read once."""
    return {"file": SimpleUploadedFile("units.csv", UNIT_LIST.encode()), "layout": "toli"}


def _add_ways_in(w: SimpleNamespace) -> None:
    """Ravi has a PIN, a phone that opens with it, a second session, and lost his second proof; a camp runs."""
    now, holder = timezone.now(), w.ravi.person.holder
    accounts.set_pin(actor=cast.SYSTEM, holder_id=holder.pk, pin="2580", cookie="", now=now)
    w.ravis_phone = Device.objects.create(
        login=holder.login, holder=holder, secret_digest="x", trusted_until=now + timedelta(days=9), created_at=now
    )
    session = UserSession.objects.create(
        user=holder.login, ip="192.0.2.9", session_key="ravis-other-phone", user_agent="", data={"holder": holder.pk}
    )
    w.ravis_entry = session.pk
    w.ravis_help = org.ask_for_proof(login_id=holder.login_id, now=now)
    new = accounts.add_login(phone="+911000000944", now=now).login
    w.number_asked = org.ask_for_number(person=w.gopal.person, login_id=new.pk, number="+911000000944", now=now)
    w.camp = org.open_camp(actor=w.bilal.actor, unit_ref=w.tree.bhilwara.ref, hours=6, max_uses=50, now=now)


def browser(w: SimpleNamespace, who: str, *, second_factor: bool = True) -> Client:
    """The browser of a cast member; a new one for nobody; `newcomer` proved a number and has not joined."""
    if who == "anonymous":
        return Client(headers={"accept-language": "en"})
    if who == "newcomer":
        return cast.logged_in(w.newcomer, second_factor=second_factor)
    return getattr(w, who).browser(second_factor=second_factor)


# What the law owes a person


BREACH_PARTS = ("what", "where", "consequences", "measures", "advice", "cause")


def breach_form() -> dict[str, Any]:
    """A filled form of a new case."""
    return {
        "noticed_at": (timezone.localtime() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"), "data_kinds": ["name"],
        **{f"{part}_{tag}": f"{part} {tag}" for part in BREACH_PARTS for tag in ("hi", "en")},
    }  # fmt: skip


def _add_rights_of_persons(w: SimpleNamespace) -> None:
    """A pair to look at, two entries joined, sealed data whose day has come, a hold, complaints, and breach cases."""
    now = timezone.now()
    double = cast.add_person("रवि साल्वी", _number(), home=w.tree.booth)
    kept = cast.add_person("Kamla Bai", _number(), home=w.tree.booth)
    gone = cast.add_person("कमला बाई", _number(), home=w.tree.booth)
    org.find_duplicates(now=now)
    w.pair = DuplicatePair.objects.get(a=w.ravi.person, b=double)
    w.joined = org.merge_persons(actor=w.bilal.actor, kept_ref=kept.ref, gone_ref=gone.ref, take={}, now=now)
    w.sealed = cast.add_person("Hari Das", _number(), home=w.tree.booth)
    consent.seal_for(actor=w.asha.actor, ref=w.sealed.ref, words="asked for it", now=now - timedelta(days=400))
    w.hold = consent.set_hold(
        actor=w.asha.actor, ref=w.tara.person.ref, words="a case", until=now + timedelta(days=9), now=now
    )
    w.complaint = _complaint(w, "harassment")
    w.answered = _complaint(w, "other")
    consent.answer(actor=w.asha.actor, ref=w.answered.ref, words="it was mended", now=now)
    w.breach, w.told_breach, w.closing_breach = (_breach(w) for _n in range(3))
    for case in (w.told_breach, w.closing_breach):
        consent.tell_persons(actor=w.asha.actor, ref=case.ref, now=now)
        for full in (False, True):
            consent.note_board_told(actor=w.asha.actor, ref=case.ref, full=full, now=now)
    consent.propose_closing(actor=w.sunita.actor, ref=w.closing_breach.ref, now=now)


def _complaint(w: SimpleNamespace, kind: str) -> Any:
    return consent.file_grievance(
        actor=w.ravi.actor, kind=kind, words="he shouts at me", about_ref=None, now=timezone.now()
    )


def _breach(w: SimpleNamespace) -> Any:
    now = timezone.now()
    case = consent.open_breach(
        actor=w.asha.actor, texts={tag: dict.fromkeys(BREACH_PARTS, tag) for tag in ("hi", "en")}, data_kinds=["name"],
        noticed_at=now, began_at=None, now=now,
    )  # fmt: skip
    consent.add_persons(actor=w.asha.actor, ref=case.ref, unit_ref=w.tree.far_booth.ref, now=now)
    return case
