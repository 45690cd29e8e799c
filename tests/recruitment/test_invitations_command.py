"""toli import invitations, as a person at a terminal runs it."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import Workbook

from toli.audit.models import Record
from toli.cli.run import run
from toli.delivery.models import Message
from toli.org.importing import files
from toli.people.models import Invitee
from toli.recruitment import services
from toli.recruitment.models import Invitation, InvitationBatch
from toli.recruitment.services import inviting_file

ROWS = [
    ["Mobile", "Booth"], ["1000020001", ""], ["१०००० २०००२", "Borana 2"], ["98", ""], ["1000020001", ""],
    ["1000020003", "Nowhere"], ["1000020004", "Sahara"],
]  # fmt: skip


def as_csv(rows) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def as_xlsx(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append([int(cell) if cell.isascii() and cell.isdigit() else cell for cell in row])
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(params=["calls.csv", "calls.xlsx"])
def calls(request, tmp_path, drive):
    path = tmp_path / request.param
    path.write_bytes((as_csv if request.param.endswith("csv") else as_xlsx)(ROWS))
    return path


def command(path, *more, words="missed calls of 3 to 9 May", vouched=True) -> int:
    asked = ["import", "invitations", str(path), "--drive", "youth", "--source", "missed_calls", "--words", words]
    return run([*asked, *(["--vouched"] if vouched else []), *more])


def test_a_dry_run_says_why_row_by_row_and_leaves_nothing_behind(calls, capsys, watch):
    seen = watch()
    assert command(calls, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "3 invitations would be made, 3 rows refused." in said
    assert "Lines 4" in said
    assert "Lines 5" in said
    assert "Lines 6" in said
    assert "1000020003" not in said
    assert seen.nothing_happened()
    assert InvitationBatch.objects.count() == Invitee.objects.count() == 0
    assert not list(files.folder().iterdir())


def test_the_import_writes_what_fits_and_keeps_the_rest_with_its_reason(calls, tree, capsys):
    assert command(calls) == 0
    said = capsys.readouterr().out
    assert "3 invitations made, 3 rows refused." in said
    assert "Nobody is written to yet" in said
    batch = InvitationBatch.objects.get()
    assert (batch.state, batch.made, batch.refused, batch.on_desk) == ("loaded", 3, 3, False)
    assert list(Invitation.objects.order_by("line").values_list("unit", flat=True)) == [
        tree.state.pk, tree.booths[1].pk, tree.sahara.pk,
    ]  # fmt: skip
    assert str(files.rejects_of(batch)) in said
    assert "Nowhere" in files.rejects_of(batch).read_text(encoding="utf-8")
    assert Message.objects.count() == 0
    assert command(calls) == 0  # the same file again is a new import, and invites nobody twice
    assert "0 invitations made" in capsys.readouterr().out
    assert Invitee.objects.count() == 3


@pytest.mark.parametrize("dies_in", ["checking", "loading"])
def test_a_command_that_was_killed_goes_on_where_it_was(calls, capsys, monkeypatch, dies_in):
    monkeypatch.setattr(inviting_file, "PART", 2)
    real, parts = inviting_file._look_up, []

    def dies(batch, digests):
        parts.append(batch.state)
        if parts.count(dies_in) == 2:
            raise KeyboardInterrupt
        return real(batch, digests)

    monkeypatch.setattr(inviting_file, "_look_up", dies)
    assert command(calls) == 130
    batch = InvitationBatch.objects.get()
    assert (batch.state, batch.done, Invitation.objects.count()) == (dies_in, 2, 2 if dies_in == "loading" else 0)
    services.carry_on_batches()  # the worker leaves what a terminal began alone
    batch.refresh_from_db()
    assert batch.state == dies_in
    assert command(calls) == 0
    assert "it goes on from there" in capsys.readouterr().out
    assert InvitationBatch.objects.get().state == "loaded"
    assert sorted(Invitation.objects.values_list("line", flat=True)) == [2, 3, 7]


def test_a_fault_ends_it_with_a_sentence_and_the_same_command_tries_again(calls, capsys, monkeypatch):
    real = inviting_file._copy

    def breaks(batch, rows):
        raise RuntimeError("disk")

    monkeypatch.setattr(inviting_file, "_copy", breaks)
    assert command(calls) == 1
    said = capsys.readouterr().err
    assert "A fault of ours stopped the import" in said
    assert InvitationBatch.objects.get().state == "failed"
    monkeypatch.setattr(inviting_file, "_copy", real)
    assert command(calls) == 0
    assert Invitation.objects.count() == 3


def test_the_terminal_shows_how_far_it_is(calls, capsys, monkeypatch):
    monkeypatch.setattr(inviting_file, "PART", 2)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert command(calls) == 0
    told = [line for line in capsys.readouterr().err.replace("\n", "\r").split("\r") if line]
    assert told == [f"{n} rows checked" for n in (2, 4, 6)] + [f"{n} rows written of 6" for n in (2, 4, 6)]


def test_what_was_written_is_taken_back_by_its_number_except_what_was_sent(calls, capsys):
    assert command(calls) == 0
    batch = InvitationBatch.objects.get()
    capsys.readouterr()
    assert run(["import", "undo", "list"]) == 0
    assert f"{batch.ref}\tloaded\t" in capsys.readouterr().out
    Invitation.objects.filter(line=2).update(sent_at=batch.declared_at)
    assert run(["import", "undo", str(batch.ref)]) == 1
    said = capsys.readouterr()
    assert "1 of these invitations" in said.err
    assert "--rest" in said.err
    assert Invitation.objects.count() == 3
    assert run(["import", "undo", str(batch.ref), "--rest"]) == 0
    assert "2 invitations taken back, 1 stay." in capsys.readouterr().out
    assert list(Invitation.objects.values_list("line", flat=True)) == [2]
    assert run(["import", "undo", str(batch.ref)]) == 1
    assert Invitee.objects.count() == 1


def test_a_roll_is_refused_and_recorded_even_when_it_is_only_tried(drive, tmp_path, capsys):
    path = tmp_path / "roll.csv"
    path.write_bytes(as_csv([["Mobile", "EPIC No"], ["1000020001", "ABC1234567"]]))
    for more in ([], ["--dry-run"]):
        assert command(path, *more) == 1
        assert "electoral roll" in capsys.readouterr().err
    assert Record.objects.filter(verb="recruitment.batch_refused").count() == 2
    assert InvitationBatch.objects.count() == 0


def test_each_thing_that_is_missing_is_one_sentence(calls, tmp_path, capsys, watch):
    seen = watch()
    assert command(tmp_path / "nowhere.csv") == 1
    assert "There is no file" in capsys.readouterr().err
    assert command(calls, vouched=False) == 1
    assert "Without this declaration nobody is invited" in capsys.readouterr().err
    assert command(calls, words="x") == 1
    assert "in a sentence" in capsys.readouterr().err
    assert run(["import", "undo", "nonsense"]) == 1
    assert "There is no such import" in capsys.readouterr().err
    assert seen.nothing_happened()
