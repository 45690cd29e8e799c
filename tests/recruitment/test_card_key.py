"""toli card-key: the key that signs cards is changed, and cards signed before stay good where there is no network."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils import timezone
from tests.recruitment.test_cards import state, token_of

from toli.cli.run import run
from toli.kit import secrets
from toli.recruitment import cards


@pytest.fixture(autouse=True)
def keyring(tmp_path, monkeypatch):
    monkeypatch.setenv("TOLI_KEYS", str(tmp_path / "keys.json"))
    return secrets.create_keyring()


def keys_of_the_page(client) -> dict[int, bytes]:
    """What a phone holds that opened the verify page: all it has where there is no network."""
    page = client.get("/verify/").content.decode()
    found = json.loads(re.search(r'<script id="keys" type="application/json">(.*?)</script>', page)[1])
    return {int(version): b64decode(key) for version, key in found.items()}


def holds_offline(token: str, keys: dict[int, bytes]) -> bool:
    card = cards.scan(token)
    try:
        Ed25519PublicKey.from_public_bytes(keys[card.key_version]).verify(card.seal, card.said)
    except (InvalidSignature, KeyError):
        return False
    return True


def test_old_cards_stay_good_offline_until_their_thirty_days_end(client, chitra, capsys):
    old, before = token_of(chitra), keys_of_the_page(client)
    assert run(["card-key", "rotate"]) == 0
    said = capsys.readouterr().out
    assert "Restart Toli" in said
    assert "key 1: only checks older cards\nkey 2: signs new cards" in said
    new, after = token_of(chitra), keys_of_the_page(client)
    assert (holds_offline(old, before), holds_offline(old, after), holds_offline(new, after)) == (True, True, True)
    assert not holds_offline(new, before)  # a phone that was not online since says that it cannot tell
    late = timezone.now() + timedelta(days=29)
    assert (state(old, now=late), state(old, now=late + timedelta(days=2))) == ("valid", "expired")


def test_a_stolen_key_is_forgotten_and_its_cards_with_it(client, chitra, capsys):
    old = token_of(chitra)
    assert run(["card-key", "rotate", "--stolen"]) == 0
    assert "Cards of before are invalid" in capsys.readouterr().out
    assert not holds_offline(old, keys_of_the_page(client))
    assert (state(old), state(token_of(chitra))) == ("forged", "valid")


def test_the_keys_are_shown_by_number_only_and_a_missing_keyring_is_a_sentence(keyring, capsys, monkeypatch):
    assert run(["card-key", "show"]) == 0
    assert capsys.readouterr().out == "key 1: signs new cards\n"
    assert keyring.stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("TOLI_KEYS", str(keyring.with_name("nowhere.json")))
    assert run(["card-key", "rotate"]) == 1
    assert "no keyring" in capsys.readouterr().err
    assert not keyring.with_name("nowhere.json").exists()
