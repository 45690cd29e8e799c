"""The command itself: what a person at a terminal sees."""

import pytest

from toli.cli.run import run
from toli.org.models import Unit

pytestmark = pytest.mark.django_db
STATIONS = (
    "AC No. & Name,PS No,Polling Station Name,Main/Aux,Odd\n22-Sheohar,1,School,Main,x\n22-Sheohar,?,School,Main,y\n"
)


@pytest.fixture
def stations(tmp_path):
    path = tmp_path / "stations.csv"
    path.write_text(STATIONS, encoding="utf-8")
    return path


def command(path, tmp_path, *more):
    return run(
        ["import", "units", str(path), "--as", "stations", "--state", "S04", "--rejects", str(tmp_path / "r"), *more]
    )


def test_an_import_says_what_was_read_added_and_refused(stations, tmp_path, capsys):
    assert command(stations, tmp_path, "--create-missing") == 0
    said = capsys.readouterr().out
    assert "Not read, because nobody knows these headings: Odd" in said
    assert "3 units added (booth 1, constituency 1, state 1)." in said
    assert "line 3: The station's number cannot be read. [?]" in said
    (rejects,) = (tmp_path / "r").glob("*.csv")
    assert "22-Sheohar" in rejects.read_text(encoding="utf-8-sig")
    assert rejects.stat().st_mode & 0o777 == 0o600


def test_a_dry_run_writes_nothing(stations, tmp_path, capsys):
    assert command(stations, tmp_path, "--create-missing", "--dry-run") == 0
    assert "3 units would be added" in capsys.readouterr().out
    assert not Unit.objects.exists()


def test_a_missing_file_and_a_missing_state_are_one_sentence_each(stations, tmp_path, capsys):
    assert command(tmp_path / "nowhere.csv", tmp_path) == 1
    assert run(["import", "units", str(stations), "--as", "stations"]) == 1
    said = capsys.readouterr().err
    assert "There is no file" in said
    assert "--state S20" in said
    assert "Traceback" not in said
