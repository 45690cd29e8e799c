"""Ciphers, blind indexes and the keyring."""

import json

import pytest

from toli.kit import secrets


@pytest.fixture(autouse=True)
def keyring(tmp_path, monkeypatch):
    monkeypatch.setenv("TOLI_KEYS", str(tmp_path / "keys.json"))
    return secrets.create_keyring()


def test_a_new_keyring_is_for_its_owner_only_and_never_overwritten(keyring):
    before = keyring.read_text()
    assert keyring.stat().st_mode & 0o777 == 0o600
    assert secrets.create_keyring() == keyring
    assert keyring.read_text() == before


def test_what_was_sealed_opens_again_also_after_a_new_key():
    old = secrets.encrypt("+911000000005", context="contact")
    version = secrets.add_key()
    new = secrets.encrypt("+911000000005", context="contact")
    assert (old.key_version, new.key_version) == (1, version) == (1, 2)
    assert {secrets.decrypt(*old, context="contact"), secrets.decrypt(*new, context="contact")} == {"+911000000005"}


def test_equal_texts_have_different_ciphers_and_equal_indexes():
    assert secrets.encrypt("a").cipher != secrets.encrypt("a").cipher
    assert secrets.blind_index("a") == secrets.blind_index("a") != secrets.blind_index("b")
    assert secrets.blind_index("a", context="phone") != secrets.blind_index("a", context="code")


def test_a_moved_or_altered_cipher_does_not_open():
    sealed = secrets.encrypt("text", context="one")
    altered = bytes([sealed.cipher[0] ^ 1]) + sealed.cipher[1:]
    for cipher, version, context in [
        (sealed.cipher, 1, "two"),
        (altered, 1, "one"),
        (sealed.cipher, 9, "one"),
        (b"", 1, ""),
    ]:
        with pytest.raises(secrets.SecretsError):
            secrets.decrypt(cipher, version, context=context)


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "null", '{"active": 1, "keys": {"1": "AA=="}, "index": "", "sign": ""}']
)
def test_a_broken_keyring_is_refused_without_showing_it(tmp_path, monkeypatch, content):
    path = tmp_path / "other.json"
    path.write_text(content)
    path.chmod(0o600)
    monkeypatch.setenv("TOLI_KEYS", str(path))
    with pytest.raises(secrets.SecretsError):
        secrets.keyring()


def test_a_keyring_that_others_can_read_is_refused(keyring):
    other = keyring.with_name("open.json")
    other.write_text(keyring.read_text())
    other.chmod(0o644)
    with pytest.raises(secrets.SecretsError, match="chmod 600"):
        secrets._load(other)


def test_no_key_shows_in_the_repr(keyring):
    shown = repr(secrets.keyring())
    assert not any(key in shown for key in json.loads(keyring.read_text())["keys"].values())
    assert "keys" not in shown


def test_signatures_are_of_use_for_one_purpose():
    assert secrets.signature("stream", "a") != secrets.signature("link", "a")
    assert secrets.is_equal(secrets.signature("stream", "a"), secrets.signature("stream", "a"))
