"""The reference pages say what the code says."""

from __future__ import annotations

import re

import pytest

from toli.cli import reference
from toli.cli.run import COMMANDS
from toli.config.env import known_names


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return reference.pages()


def test_every_page_is_current(pages):
    assert reference.stale(pages) == [], "run: toli docs, and commit docs/reference"


def test_a_page_that_is_not_current_is_seen_and_written(pages, tmp_path, monkeypatch):
    monkeypatch.setattr(reference, "FOLDER", tmp_path / "reference")
    assert reference.stale(pages) == list(pages)
    assert reference.write(pages) == list(pages)
    (tmp_path / "reference" / "rights.md").write_text("old")
    assert reference.stale(pages) == ["rights.md"]
    assert reference.write(pages) == ["rights.md"]
    assert reference.stale(pages) == []


def test_each_setting_is_there_with_a_word_about_it(pages):
    rows = re.findall(r"^\| `(\w+)` \| .* \| (.*) \|$", pages["settings.md"], re.M)
    assert {name for name, _what in rows} == known_names()
    assert [name for name, what in rows if not what] == [], "write a docstring under the field in config/env.py"


def test_each_command_right_and_verb_is_there(pages):
    from toli.audit.verbs import VERBS
    from toli.org.rights import RIGHTS

    assert re.findall(r"^## toli ([\w-]+)$", pages["commands.md"], re.M) == list(COMMANDS)
    for name, page in [*((n, "rights.md") for n in RIGHTS), *((n, "verbs-and-flows.md") for n in VERBS)]:
        assert f"| `{name}` |" in pages[page], name


def test_each_personal_column_says_why_and_how_long(pages):
    rows = re.findall(r"^\| `\w+\.\w+` \| (.*) \| (.*) \|$", pages["personal-data.md"], re.M)
    assert len(rows) > 30
    assert [row for row in rows if not all(row)] == []


def test_pages_name_no_path_of_this_machine(pages):
    for name, text in pages.items():
        assert str(reference.ROOT) not in text, name
        assert "/work/" not in text, name
