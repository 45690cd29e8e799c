"""Invitations from files that persons gave their numbers for: checked, written, sent once, taken back, erased."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from openpyxl import Workbook
from tests import cast

from toli.audit.models import Record
from toli.consent.models import NumberStop
from toli.delivery import sending
from toli.delivery.models import Message
from toli.delivery.templates import templates
from toli.kit.dates import IST
from toli.kit.errors import BadInput, NotFound, WrongState
from toli.org import services as org
from toli.org.importing import files
from toli.people.models import Invitee
from toli.people.queries import number_index
from toli.recruitment import inviting, queries, services
from toli.recruitment.models import Application, Invitation, InvitationBatch
from toli.recruitment.services import Declared, inviting_file

VOUCHED = Declared("missed_calls", "missed calls of 3 to 9 May", vouched=True)
DLT = templates()["join_invitation"].id_for("hi")


def numbers(many, first=1000020000):
    return [str(first + n) for n in range(many)]


def csv_of(rows, heading="Mobile"):
    return "\n".join([heading, *rows]).encode()


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def declare(actor, raw, declared=VOUCHED, **more):
    return services.declare_batch(
        actor=actor, key="youth", declared=declared, raw=raw, name="calls.csv", now=timezone.now(), **more
    )


def checked(actor, raw, **more):
    batch = declare(actor, raw, **more)
    services.carry_on_batches()
    batch.refresh_from_db()
    return batch


def loaded(actor, raw, **more):
    batch = checked(actor, raw, **more)
    assert batch.state == "checked", batch.why
    services.load_batch(actor=actor, ref=batch.ref, now=timezone.now())
    services.carry_on_batches()
    batch.refresh_from_db()
    assert batch.state == "loaded", batch.why
    return batch


def send(actor, batch, **more):
    given = {"template": DLT, "number": "MCMC/17", "committee": "State committee", "now": timezone.now()} | more
    return services.send_batch(actor=actor, ref=batch.ref, valid_until=timezone.now() + timedelta(days=30), **given)


def reasons(batch):
    return [(one.line, one.code) for one in files.reasons_of(batch) if one.refused]


def test_a_checked_file_writes_nothing_and_says_for_each_row_why_not(drive, tree, asha, ravi, watch):
    NumberStop.objects.create(index=number_index("+911000030001"), stopped_at=timezone.now())
    rows = [
        "1000020001,", "१०००० २०००२,Borana 2", "98,", ",", "1000020001,", "1000000006,", "1000030001,",
        "1000020003,Nowhere", "1000020004,Sahara",
    ]  # fmt: skip
    batch = checked(asha.actor, csv_of(rows, "Mobile,Booth"))
    assert (batch.state, batch.lines, batch.fit, batch.refused) == ("checked", 8, 3, 5)
    assert reasons(batch) == [
        (4, "bad_phone"), (6, "same_phone"), (7, "no_invitation"), (8, "no_invitation"), (9, "unknown_unit"),
    ]  # fmt: skip
    assert Invitee.objects.count() == 0
    rejects = files.rejects_of(batch).read_text(encoding="utf-8")
    assert rejects.splitlines()[0].endswith("Mobile,Booth")
    assert "1000020003" in rejects
    assert files.rejects_of(batch).stat().st_mode & 0o077 == 0
    assert batch.erase_on == (timezone.now().astimezone(IST) + timedelta(days=30)).date()


def test_written_invitations_hold_a_sealed_number_and_their_unit_and_no_name(drive, tree, asha, watch):
    seen = watch()
    batch = loaded(asha.actor, csv_of(["Neelam,1000020001,Borana 2", "Ram,1000020002,"], "Name,Mobile,Booth"))
    verbs = ["recruitment.batch_declared", "recruitment.batch_started", "recruitment.batch_loaded"]
    assert seen.verbs() == verbs
    assert batch.unread == ["Name"]
    one, two = Invitation.objects.select_related("invitee", "unit").order_by("line")
    assert (one.unit, two.unit) == (tree.booths[1], tree.state)
    assert (one.invitee.name, one.invitee.last_digits) == ("", "001")
    assert bytes(one.invitee.index) == number_index("+911000020001")
    assert one.invitee.source == "missed_calls: missed calls of 3 to 9 May"
    assert one.invitee.vouched_by_id == asha.person.pk
    assert Message.objects.count() == 0
    assert "1000020001" not in str(list(Record.objects.values_list("data", "labels")))


@pytest.mark.parametrize("source", ["electoral_roll", "bought", "scraped", "other"])
def test_a_list_that_says_it_was_not_given_is_refused_and_recorded(drive, asha, source, watch):
    seen = watch()
    with pytest.raises(BadInput) as refusal:
        declare(asha.actor, csv_of(numbers(3)), Declared(source, "from a friend of ours", vouched=True))
    assert "source" in refusal.value.fields
    assert seen.verbs() == ["recruitment.batch_refused"]
    assert InvitationBatch.objects.count() == 0
    assert not list(files.folder().iterdir())


@pytest.mark.parametrize(
    "heading",
    [
        "Mobile,EPIC No", "Mobile,Part No,Serial No", "मोबाइल,मकान संख्या", "Mobile,Father's Name", "मोबाइल,पिता का नाम",
        "Mobile,House Number", "Mobile,भाग संख्या", "Mobile,Lead Source", "Mobile,Customer Name",
        "Mobile,Facebook Profile URL", "Mobile,मतदाता पहचान पत्र", "Mobile,Caste", "Mobile,आधार",
    ],
)  # fmt: skip
def test_the_columns_of_a_roll_a_bought_or_gathered_list_refuse_the_file_by_name(drive, asha, heading, watch):
    width = heading.count(",")
    seen = watch()
    with pytest.raises(BadInput) as refusal:
        declare(asha.actor, csv_of([number + ",x" * width for number in numbers(3)], heading))
    columns = heading.split(",")[1:]
    assert any(column in str(refusal.value.fields["file"]) for column in columns)
    record = Record.objects.latest("id")
    assert (record.verb, seen.verbs()) == ("recruitment.batch_refused", ["recruitment.batch_refused"])
    assert set(record.data["columns"]) <= set(columns)
    assert InvitationBatch.objects.count() == 0


def test_voter_card_numbers_refuse_a_file_whatever_their_column_is_called(drive, asha):
    with pytest.raises(BadInput):
        declare(asha.actor, csv_of([f"{n},ABC123456{n[-1]}" for n in numbers(9)], "Mobile,Reference"))
    late = [f"{n}," for n in numbers(3000)] + [f"{n},ABC1234567" for n in numbers(3000, 1000030000)]
    batch = checked(asha.actor, csv_of(late, "Mobile,Reference"))
    assert (batch.state, Invitee.objects.count()) == ("failed", 0)
    assert "roll" in batch.why or "सूची" in batch.why


def test_without_the_declaration_or_a_sentence_about_the_source_nothing_is_taken(drive, asha, watch):
    seen = watch()
    for declared in (
        Declared("missed_calls", "missed calls of May", vouched=False),
        Declared("missed_calls", "x", True),
    ):
        with pytest.raises(BadInput):
            declare(asha.actor, csv_of(numbers(2)), declared)
    for raw in (b"", b"Name\nNeelam\n", b"%PDF-1.4"):
        with pytest.raises(BadInput):
            declare(asha.actor, raw)
    assert seen.nothing_happened()


def test_a_workbook_of_200_columns_with_formulas_merged_cells_and_names_of_every_script_is_read(drive, asha):
    book = Workbook()
    sheet = book.active
    sheet.append(["Name", "Mobile", *[f"Note {n}" for n in range(198)]])
    names = ["न" * 300, "नीलम", "ನೀಲಮ್", "நீலம்", "నీలం", "നീലം", "নীলম", "નીલમ", "ਨੀਲਮ", "نیلم", "Нилам"]
    for n, name in enumerate(names):
        sheet.append([name, 1000020000 + n, "=1+1", "#N/A", *["x"] * 196])
    sheet.append(["nobody", "=1+1"])
    sheet.merge_cells("A2:A4")
    sheet.merge_cells("C2:E3")
    raw = io.BytesIO()
    book.save(raw)
    batch = loaded(asha.actor, raw.getvalue())
    assert (batch.made, batch.encoding) == (11, "xlsx")
    assert len(batch.unread) == 199
    assert reasons(batch) == [(13, "no_phone")]


def test_a_killed_import_goes_on_behind_its_last_part_and_doubles_nothing(drive, asha, monkeypatch):
    monkeypatch.setattr(inviting_file, "PART", 10)
    batch = checked(asha.actor, csv_of(numbers(35)))
    services.load_batch(actor=asha.actor, ref=batch.ref, now=timezone.now())
    real, parts = inviting_file._copy, []

    def dies(batch, rows):
        parts.append(len(rows))
        real(batch, rows)
        if len(parts) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(inviting_file, "_copy", dies)
    with pytest.raises(KeyboardInterrupt):
        services.carry_on_batches()
    batch.refresh_from_db()
    assert (batch.state, batch.parts, batch.made, Invitation.objects.count()) == ("loading", 2, 20, 20)
    services.carry_on_batches()
    batch.refresh_from_db()
    assert (batch.state, batch.parts, batch.made, batch.refused) == ("loaded", 4, 35, 0)
    assert sorted(Invitation.objects.values_list("line", flat=True)) == list(range(2, 37))
    assert Invitee.objects.values("index").distinct().count() == 35


def test_a_number_is_invited_once_whatever_file_it_comes_in(drive, asha):
    loaded(asha.actor, csv_of(numbers(5)))
    batch = checked(asha.actor, csv_of([*numbers(5), "1000040000"]))
    assert (batch.fit, {code for _line, code in reasons(batch)}) == (1, {"no_invitation"})


def test_each_number_gets_one_message_with_the_certificate_the_law_asks(drive, tree, asha, watch):
    batch = loaded(asha.actor, csv_of([f"{n},Borana 1" for n in numbers(3)], "Mobile,Booth"))
    assert services.send_invitations(now=timezone.now()) == 0  # nobody let them go yet
    for wrong in ({"template": "1"}, {"number": " "}):
        with pytest.raises(BadInput):
            send(asha.actor, batch, **wrong)
    seen = watch()
    send(asha.actor, batch)
    assert seen.verbs() == ["recruitment.batch_sent"]
    assert services.send_invitations(now=timezone.now()) == 3
    assert services.send_invitations(now=timezone.now()) == 0
    with pytest.raises(WrongState):
        send(asha.actor, batch)
    message = Message.objects.order_by("id").first()
    assert (message.kind, message.unit, message.person) == ("appeal", tree.sahara, None)
    noon = datetime.now(IST).replace(hour=12)
    ready = sending.prepare(message, now=noon)
    assert ready.out.to.startswith("+9110000200")
    assert "/join/i/" in ready.out.text
    Message.objects.filter(pk=message.pk).update(certificate=None)
    message.refresh_from_db()
    with pytest.raises(sending.Refused):
        sending.prepare(message, now=noon)


def test_the_link_leads_to_the_form_of_its_place_and_the_application_says_so(drive, tree, asha, answers, applicant):
    batch = loaded(asha.actor, csv_of(["1000000042,Borana 2", "1000020009,Borana 2"], "Mobile,Booth"))
    mine, others = Invitation.objects.order_by("line")
    token = inviting.token_of(mine.pk)
    page = applicant.client.get(f"/join/i/{token}/")
    assert page.status_code == 302
    form = applicant.client.get(page.url).content.decode()
    assert str(tree.booths[1].ref) in form
    assert token in form
    made = applicant.apply(answers | {"unit": str(tree.booths[1].ref), "invitation": token})
    assert made.source == "invitation"
    mine.refresh_from_db()
    assert mine.application == made
    invitee = Invitee.objects.get(pk=mine.invitee_id)
    assert (invitee.person, invitee.index, invitee.cipher) == (made.person, None, None)
    assert queries.standing(batch).answered == 1
    for wrong in ("x", f"{others.pk}-AAAAAAAAAAAAAA", token[:-1] + ("A" if token[-1] != "A" else "B")):
        assert applicant.client.get(f"/join/i/{wrong}/").status_code == 404


def test_a_stranger_who_uses_the_link_leaves_the_invited_number_unproved(drive, tree, asha, answers, applicant):
    loaded(asha.actor, csv_of(["1000020009"]))
    token = inviting.token_of(Invitation.objects.get().pk)
    made = applicant.apply(answers | {"invitation": token})
    assert made.source == "invitation"
    assert Invitee.objects.get().person is None
    broken = applicant.__class__().apply(answers | {"phone": "1000000043", "invitation": "0-x"})
    assert (broken.source, Application.objects.count()) == ("web", 2)


def test_taking_back_leaves_only_what_was_sent_and_names_it(drive, asha, watch):
    batch = loaded(asha.actor, csv_of(numbers(4)))
    send(asha.actor, batch)
    first = Invitation.objects.order_by("id").first()
    Invitation.objects.filter(pk=first.pk).update(sent_at=timezone.now())
    Invitee.objects.filter(pk=first.invitee_id).update(invited_at=timezone.now())
    seen = watch()
    with pytest.raises(WrongState) as refusal:
        services.undo_batch(actor=asha.actor, ref=batch.ref, partly=False, now=timezone.now())
    assert "1 of" in str(refusal.value)
    page = asha.client.get(f"/desk/invitations/{batch.ref}/undo/").content.decode()
    assert "•••••••000" in page
    assert seen.nothing_happened()
    done = services.undo_batch(actor=asha.actor, ref=batch.ref, partly=True, now=timezone.now())
    assert (done.removed, done.kept) == (3, 1)
    assert list(Invitation.objects.values_list("pk", flat=True)) == [first.pk]
    assert Invitee.objects.count() == 1
    assert services.send_invitations(now=timezone.now()) == 0
    assert not list(files.folder().glob(f"{batch.ref}*"))


def test_numbers_and_files_are_erased_after_thirty_days_and_the_link_with_them(drive, asha, client):
    batch = loaded(asha.actor, csv_of(["1000020001", "98"]))
    token = inviting.token_of(Invitation.objects.get().pk)
    assert client.get(f"/join/i/{token}/").status_code == 302
    late = timezone.now() + timedelta(days=30)
    org.erase_unclaimed(actor=cast.SYSTEM, now=late)
    assert services.erase_batch_files(now=late) == 1
    invitee = Invitee.objects.get()
    assert (invitee.index, invitee.cipher, invitee.last_digits) == (None, None, "")
    assert not list(files.folder().iterdir())
    assert client.get(f"/join/i/{token}/").status_code == 404
    with pytest.raises(NotFound):
        files.path_of(InvitationBatch.objects.get(pk=batch.pk))


def test_whoever_does_not_run_the_drive_sees_no_batch_and_starts_none(drive, asha, bilal, dev, meera, ravi, watch):
    batch = checked(asha.actor, csv_of(numbers(2)))
    seen = watch()
    for member in (bilal, dev, meera, ravi):
        with pytest.raises(NotFound):
            declare(member.actor, csv_of(numbers(2)))
        for act in (services.load_batch, services.undo_batch):
            more = {"partly": False} if act is services.undo_batch else {}
            with pytest.raises(NotFound):
                act(actor=member.actor, ref=batch.ref, now=timezone.now(), **more)
        assert member.client.get(f"/desk/invitations/{batch.ref}/").status_code == 404
    assert seen.nothing_happened()


def test_the_desk_takes_a_file_from_declaration_to_the_sending(drive, tree, asha):
    asha.client.get("/desk/drives/youth/invitations/")
    form = {
        "source": "paper_sheet", "words": "signed at the camp of 4 May", "unit": str(tree.bhilwara.ref),
        "vouched": "on",
    }  # fmt: skip
    file = io.BytesIO(csv_of(["1000020001,Borana 1", "1000020002,Kanod 1"], "Mobile,Booth"))
    file.name = "sheet.csv"
    answer = asha.client.post("/desk/drives/youth/invitations/new/", {**form, "file": file})
    assert answer.status_code == 302, answer.content.decode()
    services.carry_on_batches()
    page = asha.client.get(answer.url).content.decode()
    assert "Would be invited" in page
    assert asha.client.post(f"{answer.url}load/").status_code == 302
    services.carry_on_batches()
    assert Invitation.objects.count() == 1  # Kanod lies in another district than the batch
    assert b"Kanod" in b"".join(asha.client.get(f"{answer.url}refused.csv").streaming_content)
    paper = {"template": DLT, "number": "M/1", "committee": "State", "valid_on": "2040-05-01"}
    assert asha.client.post(f"{answer.url}send/", {**paper, "template": "0"}).status_code == 422
    assert asha.client.post(f"{answer.url}send/", paper).status_code == 302
    assert InvitationBatch.objects.get().certificate["number"] == "M/1"
