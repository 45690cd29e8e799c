"""The whole way on the desk: upload, columns, check, load, stop, go on, undo; each step also for the wrong person."""

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from toli.org.importing import asking, files, running
from toli.org.models import Import, StationPair, Unit, UnitCode

pytestmark = pytest.mark.django_db
SHEET = (
    "Kind,No,Hindi,English,Odd\nbooth,b-1,बोराणा ९,Borana 9,x\nbooth,,बोराणा १०,Borana 10,y\n"
    "booth,b-2,,=cmd|' /C calc',z\n"
)
CHOSEN = ("level", "code", "name_hi", "name_en", "")


@pytest.fixture(autouse=True)
def _home(tmp_path, settings):
    settings.MEDIA_ROOT, settings.HOME = tmp_path / "files", tmp_path


def upload(client, raw=SHEET, *, layout="toli", name="sheet.csv", **more):
    body = raw.encode() if isinstance(raw, str) else raw
    return client.post(reverse("org:import_new"), {"file": SimpleUploadedFile(name, body), "layout": layout, **more})


def choose(client, job, fields=CHOSEN, **more):
    headings = [column.heading for column in _preview(job)]
    sent = {f"heading_{n}": heading for n, heading in enumerate(headings)}
    sent |= {f"field_{n}": name for n, name in enumerate(fields)}
    return client.post(reverse("org:import_columns", args=[job.ref]), sent | more)


def _preview(job):
    from toli.org.importing.choosing import preview

    return preview(asking.read(job), job.layout).columns


def page(client, job, name="import"):
    return client.get(reverse(f"org:{name}", args=[job.ref]))


def parent_column(tree):
    UnitCode.objects.create(unit=tree.raipur, scheme="org", value="B")
    return SHEET.replace("Odd\n", "Above\n").replace(",x\n", ",B\n").replace(",y\n", ",B\n").replace(",z\n", ",B\n")


@pytest.fixture
def checked(asha, tree):
    raw = parent_column(tree)
    assert upload(asha.client, raw).status_code == 302
    job = Import.objects.get()
    assert choose(asha.client, job, (*CHOSEN[:4], "parent"), save_as="Our booths").status_code == 302
    assert running.carry_on() == 1
    job.refresh_from_db()
    return job


def test_the_columns_page_shows_rows_encoding_and_leaves_unknown_columns_unread(asha):
    assert upload(asha.client).status_code == 302
    job = Import.objects.get()
    shown = page(asha.client, job, "import_columns").content.decode()
    assert "utf-8" in shown
    assert "बोराणा ९" in shown
    assert "Not read:" in shown
    assert [column.field for column in _preview(job)] == [""] * 5, "no heading is guessed at"


def test_check_then_load_then_undo(asha, tree, checked, watch):
    assert (checked.state, checked.added, checked.refused, checked.lines) == ("checked", 2, 1, 4)
    assert not Unit.objects.filter(codes__value="b-1").exists()
    shown = page(asha.client, checked).content.decode()
    assert "The code is missing." in shown
    seen = watch()
    assert asha.client.post(reverse("org:import_load", args=[checked.ref])).status_code == 302
    assert running.carry_on() == 1
    checked.refresh_from_db()
    assert (checked.state, checked.added, checked.refused) == ("loaded", 2, 1)
    assert Unit.objects.get(codes__value="b-1").path.startswith(tree.raipur.path)
    assert "org.units_imported" in seen.verbs()
    assert running.carry_on() == 0
    asha.client.post(reverse("org:import_undo", args=[checked.ref]))
    assert not Unit.objects.filter(codes__value="b-1").exists()


def test_the_saved_mapping_serves_the_next_file_and_the_command(asha, tree, checked, tmp_path, capsys):
    from toli.cli.run import run

    text = page(asha.client, checked, "import_mapping").content.decode()
    assert 'name_hi = "Hindi"' in text
    assert files.saved_mappings() == ["our-booths"]
    upload(asha.client, SHEET, saved="our-booths")
    shown = page(asha.client, Import.objects.latest("id"), "import_columns").content.decode()
    assert "The saved mapping does not fit this file" in shown, "it has no column Above"
    path = tmp_path / "again.csv"
    path.write_text(parent_column_text(), encoding="utf-8")
    asked = ["import", "units", str(path), "--as", "mapping", "--mapping", "our-booths", "--rejects", str(tmp_path)]
    assert run(asked) == 0
    assert "2 units added" in capsys.readouterr().out


def parent_column_text():
    return SHEET.replace("Odd\n", "Above\n").replace(",x\n", ",B\n").replace(",y\n", ",B\n").replace(",z\n", ",B\n")


def test_refused_rows_come_back_as_a_file_without_formulas(asha, tree):
    upload(asha.client, "level,code,name_en\nbooth,,=1+1\n")
    job = Import.objects.get()
    choose(asha.client, job, ("level", "code", "name_en"))
    running.carry_on()
    answer = page(asha.client, job, "import_rejects")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "'=1+1" in text
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"%PDF-1.4 nothing", "neither a CSV file"), (b"\x89PNG\r\n\x1a\nxx", "neither a CSV file"),
        (b"PK\x03\x04 broken", "looks like a workbook"), (b"", "empty"),
        (b"level,code,name_en,Aadhaar No\nbooth,1,a,1\n", "Aadhaar No"),
        ("स्तर,कोड,नाम,जाति\nbooth,1,a,x\n".encode(), "जाति"),
    ],
)  # fmt: skip
def test_what_is_no_sheet_or_holds_what_is_never_stored_is_refused_and_not_kept(asha, watch, raw, says):
    seen = watch()
    answer = upload(asha.client, raw, name="innocent.csv")
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Import.objects.exists()
    assert not list(files.folder().iterdir())
    assert seen.nothing_happened()


def test_an_upload_lies_where_only_its_owner_reads_and_is_erased_after_thirty_days(asha):
    upload(asha.client, name="../../etc/passwd")
    job = Import.objects.get()
    path = files.path_of(job)
    assert job.source == "passwd"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert Path(settings.MEDIA_ROOT) in path.parents
    assert asking.erase_due(now=timezone.now() + timedelta(days=29)) == 0
    assert asking.erase_due(now=timezone.now() + timedelta(days=31)) == 1
    assert not path.exists()
    assert page(asha.client, job).status_code == 200
    assert page(asha.client, job, "import_columns").status_code == 404


def test_two_columns_for_one_field_and_too_few_columns_are_said(asha):
    upload(asha.client)
    job = Import.objects.get()
    for fields, says in ((("code", "code", "", "", ""), "Two columns"), (("code", "", "", "", ""), "Needed"),
                         (("shoe", "", "", "", ""), "no such field")):  # fmt: skip
        answer = choose(asha.client, job, fields)
        assert answer.status_code == 422
        assert says in answer.content.decode()
    job.refresh_from_db()
    assert job.state == "new"


def test_the_level_may_be_said_once_for_all_rows(asha, tree):
    upload(asha.client, "No,Name,Above\nx-1,Somewhere,eci:S20/179\n")
    job = Import.objects.get()
    choose(asha.client, job, ("code", "name_en", "parent"), level="panchayat")
    running.carry_on()
    job.refresh_from_db()
    assert job.why == ""
    assert (job.state, job.added, job.by_level) == ("checked", 1, {"panchayat": 1})


def test_headings_that_stand_twice_and_columns_without_one_can_be_chosen(asha, tree):
    upload(asha.client, "level,Name,Name,,Above\nbooth,first,second,c-1,eci:S20/179\n")
    job = Import.objects.get()
    choose(asha.client, job, ("level", "", "name_en", "code", "parent"))
    running.carry_on()
    asha.client.post(reverse("org:import_load", args=[job.ref]))
    running.carry_on()
    assert Unit.objects.get(codes__value="c-1").names == {"en": "second"}


def test_another_sheet_and_another_line_of_headings(asha):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["nothing here"])
    other = book.create_sheet("Booths")
    for row in (["A title", None], ["Level", "Code"], ["booth", 7]):
        other.append(row)
    book.save(out)
    upload(asha.client, out.getvalue(), name="book.xlsx")
    job = Import.objects.get()
    address = reverse("org:import_columns", args=[job.ref])
    assert asha.client.post(address, {"act": "again", "page": "Booths", "heading_line": "2"}).status_code == 302
    shown = asha.client.get(address).content.decode()
    assert "Level" in shown
    assert asha.client.post(address, {"act": "again", "page": "No", "heading_line": "2"}).status_code == 422
    assert asha.client.post(address, {"act": "again", "page": "Booths", "heading_line": "99"}).status_code == 422
    assert asha.client.post(address, {"act": "again", "page": "Booths", "heading_line": "x"}).status_code == 422


def test_stopped_before_it_runs_and_gone_on_with_later(asha, checked):
    load, stop = (reverse(f"org:import_{name}", args=[checked.ref]) for name in ("load", "stop"))
    asha.client.post(load)
    asha.client.post(stop)
    checked.refresh_from_db()
    assert checked.state == "cancelled"
    assert running.carry_on() == 0
    assert not Unit.objects.filter(codes__value="b-1").exists()
    asha.client.post(load)
    running.carry_on()
    assert Unit.objects.filter(codes__value="b-1").exists()


def test_a_stop_between_two_parts_keeps_the_first_and_going_on_doubles_nothing(asha, checked, monkeypatch):
    from toli.org.importing import loading

    monkeypatch.setattr(loading, "PART", 1)
    asha.client.post(reverse("org:import_load", args=[checked.ref]))
    first = loading.slices

    def stopping(rows, size):
        for part in first(rows, size):
            yield part
            Import.objects.filter(pk=checked.pk).update(stop_asked=True)

    monkeypatch.setattr(loading, "slices", stopping)
    running.carry_on()
    checked.refresh_from_db()
    assert (checked.state, checked.parts, checked.added) == ("cancelled", 1, 1)
    made = set(Unit.objects.filter(codes__value__in=["b-1", "b-2"]).values_list("pk", flat=True))
    assert len(made) == 1
    monkeypatch.setattr(loading, "slices", first)
    asha.client.post(reverse("org:import_load", args=[checked.ref]))
    running.carry_on()
    checked.refresh_from_db()
    assert (checked.state, checked.added) == ("loaded", 2)
    assert made < set(Unit.objects.filter(codes__value__in=["b-1", "b-2"]).values_list("pk", flat=True))


def test_somebody_who_lost_the_right_while_it_waited_loads_nothing(asha, checked):
    asha.client.post(reverse("org:import_load", args=[checked.ref]))
    asha.appointment.state = "ended"
    asha.appointment.save()
    running.carry_on()
    checked.refresh_from_db()
    assert checked.state == "failed"
    assert not Unit.objects.filter(codes__value="b-1").exists()


def test_nobody_else_sees_or_does_anything(asha, bilal, meera, checked, watch):
    seen = watch()
    for who in (bilal, meera):
        for name in ("import", "import_columns", "import_rejects", "import_mapping", "import_undo", "import_pairs"):
            assert page(who.client, checked, name).status_code == 404, name
        for name in ("load", "stop", "undo", "columns", "apply", "decide", "decide_many"):
            assert who.client.post(reverse(f"org:import_{name}", args=[checked.ref])).status_code in (404, 403), name
        assert upload(who.client).status_code == 404
        assert who.client.get(reverse("org:imports")).status_code == 404
    assert upload(asha.browser(second_factor=False)).status_code == 403
    assert page(asha.browser(second_factor=False), checked).status_code == 403
    assert seen.nothing_happened()
    assert Import.objects.count() == 1


def test_the_progress_piece_asks_again_only_while_it_works(asha, checked):
    address = reverse("org:import", args=[checked.ref])
    still = asha.client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in still
    assert "hx-get" not in still
    Import.objects.update(state="loading", step="units", total=10)
    assert "every 2s" in asha.client.get(address, headers={"HX-Request": "true"}).content.decode()


def test_a_new_station_list_on_the_desk(asha, tree):
    head = "AC No. & Name,PS No,Polling Station Name,Main/Aux\n"
    from toli.kit.actor import SystemActor
    from toli.org.importing.formats import Ask, units_of
    from toli.org.importing.loading import load_units
    from toli.org.importing.reading import sheet_of

    old = units_of(
        sheet_of((head + "179-Sahara,1,School,Main\n179-Sahara,2,Hall,Main\n").encode()), Ask("stations", "S20")
    )
    load_units(actor=SystemActor(), rows=old.rows, source="old")
    new = head + "179-Sahara,1,Hall,Main\n179-Sahara,2,Library,Main\n"
    assert upload(asha.client, new, layout="renew", state_code="S20", list_date="2027-01-01").status_code == 302
    job = Import.objects.latest("id")
    choose(asha.client, job, ("constituency", "number", "name", "kind"))
    running.carry_on()
    job.refresh_from_db()
    assert job.state == "pairing"
    address = reverse("org:import_pairs", args=[job.ref])
    for query in ({}, {"show": "open"}, {"show": "unsure"}, {"show": "fresh"}, {"show": "gone"}, {"q": "Hall"}):
        assert asha.client.get(address, query).status_code == 200
    assert "Library" in asha.client.get(address).content.decode()
    apply = reverse("org:import_apply", args=[job.ref])
    assert asha.client.post(apply).status_code == 422
    pair = StationPair.objects.get(unit__codes__value="S20/179/2/main")
    decide = reverse("org:import_decide", args=[job.ref])
    assert asha.client.post(decide, {"pair": pair.pk, "decision": "same"}).status_code == 302
    assert asha.client.post(decide, {"pair": pair.pk, "decision": "shoe"}).status_code == 422
    assert asha.client.post(decide, {"pair": pair.pk, "decision": "other"}).status_code == 422
    many = reverse("org:import_decide_many", args=[job.ref])
    for act in ("new", "gone"):
        assert asha.client.post(many, {"act": act}).status_code == 302
    assert asha.client.post(apply).status_code == 302
    job.refresh_from_db()
    assert (job.state, job.changed, job.added) == ("loaded", 1, 1)
    assert json.loads(json.dumps(job.options))["renewed"]


def test_a_saved_name_is_only_a_name(asha):
    upload(asha.client)
    job = Import.objects.get()
    for name in ("../evil", "a/b", "-x", "é" * 70):
        assert choose(asha.client, job, CHOSEN, save_as=name).status_code == 422, name
    assert files.saved_mappings() == []


def test_a_forgotten_parent_makes_no_second_top_that_nobody_may_touch(asha, tree):
    upload(asha.client, "level,code,name_en\nbooth,z-1,Alone\nstate,z-2,Another\n")
    job = Import.objects.get()
    choose(asha.client, job, ("level", "code", "name_en"))
    running.carry_on()
    job.refresh_from_db()
    assert (job.state, job.added, job.refused) == ("checked", 0, 2)
    assert upload(asha.client).status_code == 302
