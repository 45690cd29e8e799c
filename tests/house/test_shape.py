"""The walls of the house: who may point at whom, where writes stand, and what is declared."""

import ast
import importlib
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations import AddField, CreateModel, Migration
from django.db.migrations.loader import MigrationLoader

from toli.audit.verbs import VERBS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "toli"
LAYERS = [
    {room.strip() for room in re.split(r"[|:]", line)}
    for line in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
]
SHELF = {room: height for height, rooms in enumerate(reversed(LAYERS)) for room in rooms}
ROOMS = sorted(path.name for path in SOURCE.iterdir() if (path / "models.py").exists() or (path / "models").is_dir())
WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create"}
WRITING_SQL = re.compile(r"\b(INSERT INTO|UPDATE \w+ (\w+ )?SET|DELETE FROM|TRUNCATE)\b")


def python_files(*, below: Path = SOURCE):
    return [p for p in below.rglob("*.py") if "migrations" not in p.parts]


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0]


def kind_of(path: Path) -> str:
    """The file kind: views, queries, services ..., also for a package cut by noun."""
    inside = path.relative_to(SOURCE).parts[1:]
    return inside[0].removesuffix(".py") if inside else "__init__"


def test_every_package_has_a_shelf():
    packages = {p.name for p in SOURCE.iterdir() if p.is_dir() and (p / "__init__.py").exists()}
    assert packages - set(SHELF) == set()


def test_every_room_has_its_card():
    for room in ROOMS:
        card = importlib.import_module(f"toli.{room}").__doc__ or ""
        assert re.search(r"^Owns:", card, re.M), room
        assert re.search(r"^Records:", card, re.M), room
        assert re.search(r"^Used by:", card, re.M), room


# A verb in SQL stands in quotes; in Python it is a text of its own.
IN_SQL = re.compile(r"'([a-z_]+\.[a-z_]+)'")
MENTIONS = {"queries", "rules", "views", "forms", "verbs", "flows"}


def verbs_recorded(room: Path) -> set[str]:
    """Verbs named where a room writes. A query that asks for the records of a verb does not record it."""
    found = set()
    for path in python_files(below=room):
        if kind_of(path) in MENTIONS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found |= {node.value} & set(VERBS)
                if "INSERT INTO audit_record" in node.value:
                    found |= set(IN_SQL.findall(node.value)) & set(VERBS)
    return found


def verbs_of_the_card(package: str) -> set[str]:
    card = importlib.import_module(package).__doc__ or ""
    records = re.search(r"^Records:(.*?)(?=^[A-Z][a-z ]+:|\Z)", card, re.M | re.S)
    return set(re.findall(r"[a-z]+\.[a-z_]+", records[1])) if records else set()


@pytest.mark.parametrize("room", [*ROOMS, "volunteer", "demo", "config", "cli"])
def test_the_card_names_each_verb_the_room_records_and_no_other(room):
    assert verbs_of_the_card(f"toli.{room}") == verbs_recorded(SOURCE / room)


def test_every_verb_is_recorded_by_some_room():
    rooms = [path for path in SOURCE.iterdir() if (path / "__init__.py").exists()]
    assert set(VERBS) - set().union(*map(verbs_recorded, rooms)) == set()


def test_foreign_keys_point_down_the_shelves():
    wrong = []
    for model in apps.get_models():
        here = model.__module__.split(".")[1] if model.__module__.startswith("toli.") else None
        if here is None:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not getattr(field, "concrete", False) or target is None or not target.__module__.startswith("toli."):
                continue
            there = target.__module__.split(".")[1]
            if there != here and SHELF[there] >= SHELF[here]:
                wrong.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert wrong == []


def test_pages_read_through_queries():
    for path in python_files():
        if kind_of(path) in ("views", "forms", "templatetags", "urls", "rules"):
            assert ".objects" not in path.read_text(), path


# The demo writes facts through services or their set-based twins; benches and importers load by COPY.
WRITERS = {"services", "loading", "importing", "dispatch", "demo", "bench", "setup"}
MACHINE = {"cli", "config", "demo", "bench"}


def writes_in(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value)
            if node.func.attr in WRITES and (".objects" in owner or node.func.attr in ("bulk_create", "bulk_update")):
                found.append(f"{path.relative_to(SOURCE)}:{node.lineno} {owner}.{node.func.attr}")
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.search(node.value):
            found.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.value.strip()[:40]}")
    return found


def test_writes_stand_in_services_only():
    wrong = []
    for path in python_files():
        if room_of(path) in MACHINE or kind_of(path) in WRITERS or "pulse" in path.parts:
            continue
        wrong += writes_in(path)
    assert wrong == []


def test_the_check_above_can_fail(tmp_path):
    bad = SOURCE / "org" / "services" / "seats.py"
    assert writes_in(bad), "a file full of writes must be seen as one"


SOUNDS_PERSONAL = re.compile(
    r"^(name|full_name|phone|number_text|mobile|email|birth_\w+|gender|address|cipher|index|pin_code|photo|phone_\w+)$"
)
# Columns that only sound like a person's.
NOT_OF_A_PERSON = {
    "Audience.name",
    "Account.address",
    "Account.cipher",
    "FlowCursor.name",
    "Group.name",
    "ProviderRest.name",
    "Shape.name",
}


def test_every_personal_column_is_declared_with_why_and_how_long():
    for room in ROOMS:
        declared = getattr(importlib.import_module(f"toli.{room}.models"), "PERSONAL", None)
        assert declared is not None or room == "audit", f"{room}.models has no PERSONAL"
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.concrete_fields:
                key = f"{model.__name__}.{field.name}"
                if SOUNDS_PERSONAL.match(field.name) and key not in NOT_OF_A_PERSON:
                    assert key in (declared or {}), f"{room}: {key}"
        for key, why in (declared or {}).items():
            assert ";" in why, f"{room}: {key} must say why; and how long"


def columns_an_older_release_cannot_fill(migrations) -> list[str]:
    """Columns added to a table of an earlier migration without NULL and without a default of the database."""
    wrong = []
    for migration in migrations:
        made_here = {op.name_lower for op in migration.operations if isinstance(op, CreateModel)}
        for op in migration.operations:
            if isinstance(op, AddField) and op.model_name_lower not in made_here and not _fills_itself(op.field):
                wrong.append(f"{migration} {op.model_name}.{op.name}")
    return wrong


def _fills_itself(field) -> bool:
    return field.null or field.has_db_default() or field.many_to_many or field.generated


def test_a_new_column_of_an_old_table_is_nullable_or_has_a_default_of_the_database():
    """docs/how-to/upgrade.md: the release before writes rows while the next one is already migrated."""
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    ours = [migration for (room, _name), migration in sorted(migrations.items()) if room in ROOMS]
    assert len(ours) > len(ROOMS)
    assert columns_an_older_release_cannot_fill(ours) == []


def test_a_column_only_python_fills_is_noticed():
    migration = Migration("0009_bad", "tasks")
    migration.operations = [
        AddField("task", "colour", models.TextField(default="")),
        AddField("task", "shade", models.TextField(db_default="")),
        CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        AddField("other", "colour", models.TextField()),
    ]
    assert columns_an_older_release_cannot_fill([migration]) == ["tasks.0009_bad task.colour"]


FORBIDDEN = re.compile(r"caste|religion|aadhaa?r|bank_account|biometric|health|income|predicted_vote|welfare", re.I)


def test_no_column_about_a_person_is_of_a_forbidden_kind():
    for model in apps.get_models():
        if model.__module__.startswith("toli."):
            for field in model._meta.concrete_fields:
                assert not FORBIDDEN.search(field.name), f"{model._meta.label}.{field.name}"


def test_no_file_named_utils():
    assert [p for p in python_files() if p.stem in ("utils", "helpers", "misc", "common")] == []


@pytest.mark.parametrize("path", [p for p in python_files() if "importing" not in p.parts], ids=lambda p: str(p)[-40:])
def test_a_file_stays_readable(path):
    assert len(path.read_text().splitlines()) <= 560, "cut it by noun"


def test_committed_text_names_no_package_index():
    for path in [*ROOT.glob("requirements/*"), ROOT / "package-lock.json", ROOT / "Makefile", ROOT / "pyproject.toml"]:
        if path.exists():
            text = path.read_text()
            assert "index-url" not in text, path
            assert '"resolved"' not in text, path
            assert "pypi.org" not in text, path
            assert "registry.npmjs" not in text, path
