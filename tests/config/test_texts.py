"""Before production writes to anybody: the operators' ids of all texts, and who answers people about their data."""

from __future__ import annotations

import pytest
from django.utils import timezone
from tests import cast

from toli.cli import texts_command
from toli.config import env, texts
from toli.consent.first_notice import ensure_notice
from toli.consent.models import Notice
from toli.delivery import templates

ID = "1107160000000000001"


@pytest.fixture
def filled(tmp_path):
    file = tmp_path / "texts.toml"
    file.write_text(texts.beginning().replace('""', f'"{ID}"'))
    return file


def test_the_file_begins_with_every_text_and_is_refused_until_each_language_has_its_id(filled):
    assert texts.faults_of(filled) == []
    filled.write_text(texts.beginning())
    [fault] = texts.faults_of(filled)
    assert "login_code.hi, login_code.en" in fault
    assert str(filled) in fault


@pytest.mark.parametrize("spoiled", ["[login_code\n", "login_code = 1\n", "", '[login_code]\nhi = "12"\nen = "x"\n'])
def test_a_file_that_is_none_says_so_and_never_half_counts(filled, spoiled):
    filled.write_text(spoiled)
    [fault] = texts.faults_of(filled)
    assert fault.startswith("TOLI_SMS_TEXTS: ")
    assert "login_code" in fault or "cannot be read" in fault


def test_without_the_file_and_with_one_that_is_not_there(tmp_path):
    assert "toli texts" in texts.faults_of(None)[0]
    assert "cannot be read" in texts.faults_of(tmp_path / "none.toml")[0]


def test_the_command_prints_the_beginning_and_checks_what_came_back(filled, capsys):
    import argparse

    parser = argparse.ArgumentParser()
    texts_command.arguments(parser)
    assert texts_command.run(parser.parse_args([])) == 0
    assert capsys.readouterr().out == texts.beginning()
    assert texts_command.run(parser.parse_args(["--check", str(filled)])) == 0
    filled.write_text(texts.beginning())
    assert texts_command.run(parser.parse_args(["--check", str(filled)])) == 1


@pytest.fixture
def fresh_templates():
    templates.templates.cache_clear()
    yield templates.templates
    templates.templates.cache_clear()


def test_each_text_goes_out_under_the_id_of_its_own_language(settings, fresh_templates):
    settings.SMS_TEXT_IDS = {"login_code": {"hi": "1" * 19, "en": "2" * 19}}
    code = fresh_templates()["login_code"]
    assert [code.id_for(tag) for tag in ("hi", "en", "mr")] == ["1" * 19, "2" * 19, "1" * 19]
    assert fresh_templates()["reminder"].id_for("hi"), "outside production the local server takes any"


@pytest.mark.parametrize("missing", ["contact_hi", "contact_en", "contact_address", "sms_sender", "sms_texts"])
def test_production_does_not_start_while_one_of_them_is_missing(filled, missing):
    given = {
        "keys": "/k", "DATABASE_URL": "postgresql:///x", "allowed_hosts": "a.example", "public_url": "https://a.example",
        "contact_hi": "अधिकारी", "contact_en": "officer", "contact_address": "a@a.example", "sms_sender": "TOLIRJ",
        "sms_texts": filled,
    }  # fmt: skip
    assert env.Environment(mode="production", **given).production
    with pytest.raises(ValueError, match=r"TOLI_SMS|TOLI_CONTACT"):
        env.Environment(mode="production", **{key: value for key, value in given.items() if key != missing})
    with pytest.raises(ValueError, match="TOLI_CONTACT"):
        env.Environment(mode="production", **{**given, "contact_address": "privacy@example.invalid"})
    assert env.Environment(mode="development")


def test_the_notice_names_who_answers_here_and_a_new_version_the_next_one(db, settings):
    now = timezone.now()
    first = ensure_notice(actor=cast.SYSTEM, now=now)
    assert ensure_notice(actor=cast.SYSTEM, now=now) == first
    settings.CONTACT = {"name": {"hi": "मीरा", "en": "Meera"}, "address": "data@toli.example"}
    second = ensure_notice(actor=cast.SYSTEM, now=now)
    assert (second.version, second.contact, second.texts) == (2, settings.CONTACT, first.texts)
    assert Notice.objects.get(replaced_at=None) == second
