"""toli import schedule, as a person at a terminal runs it."""

import json

import pytest

from toli.cli.run import run
from toli.elections.models import Poll

CSV = "constituency,date,close,source\nSahara,2031-04-17,18:00,gazette 1\nVallabhnagar,2031-04-17,,gazette 1\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "schedule.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_a_dry_run_says_what_the_file_means_and_writes_nothing(tree, file, capsys):
    assert run(["import", "schedule", str(file), "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "2 polls: 1 with one closing hour, 0 unconfirmed, 1 without any hour." in said
    assert "no closing hour" in said
    assert Poll.objects.count() == 0


def test_the_polls_are_in_force_after_the_command(tree, file, capsys):
    assert run(["import", "schedule", str(file), "--election", "E"]) == 0
    assert "2 polls are in force" in capsys.readouterr().out
    assert Poll.objects.count() == 2


def test_every_window_can_be_read_as_json(tree, file, capsys):
    assert run(["import", "schedule", str(file), "--dry-run", "--json"]) == 0
    polls = json.loads(capsys.readouterr().out)["polls"]
    assert polls[0]["silence_from"] == "2031-04-15T18:00+05:30"
    assert polls[1]["silence_from"] is None
    assert polls[1]["blocked_from"] == "2031-04-14T00:00+05:30"


def test_a_file_that_is_no_schedule_or_is_missing_ends_with_a_sentence(tree, tmp_path, capsys):
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"a,b\n1,2\n")
    assert run(["import", "schedule", str(bad)]) == 1
    assert run(["import", "schedule", str(tmp_path / "nowhere.csv")]) == 1
    out = capsys.readouterr()
    assert "heading" in out.out
    assert "Traceback" not in out.err
