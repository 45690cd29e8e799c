"""Every page of the table says what a browser may do with it, and holds nothing that this forbids."""

from __future__ import annotations

import re

from django.conf import settings
from django.test import Client, override_settings
from tests.house.test_urls import ask, db, each_row, w  # noqa: F401 - fixtures

from toli.config.headers import POLICY, content_policy

SAID = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
INLINE = (
    r"<style\b",
    r"<[a-z][^>]*\sstyle\s*=",
    r"<[a-z][^>]*\son[a-z]+\s*=",
    r"<[a-z][^>]*\shx-on\b",
    r"(?:href|src|action|formaction)\s*=\s*[\"']?\s*(?:javascript|vbscript):",
    r"<(?:iframe|object|embed|base)\b",
    r"(?:src|href|action)\s*=\s*[\"']https?://(?!localhost|testserver|wa\.me)[^\"']*\.(?:js|css)\b",
)
SCRIPT = re.compile(r"<script\b([^>]*)>", re.I)


def forbidden_in(page: str) -> list[str]:
    """What the policy would stop: written in the page itself, or fetched from somebody else's site."""
    found = [match[0][:120] for pattern in INLINE for match in re.finditer(pattern, page, re.I)]
    for match in SCRIPT.finditer(page):
        is_data = 'type="application/json"' in match[1]
        if not is_data and not re.search(r'\ssrc="/', match[1]):
            found.append(match[0])
    return found


def complaints(headers: dict[str, str]) -> list[str]:
    """The headers that are missing or not as strict as they must be."""
    wrong = [f"{name}: {headers.get(name)}" for name, value in SAID.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if policy != content_policy():
        wrong.append(f"Content-Security-Policy: {policy}")
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if not re.search(r"private|no-store|no-cache|max-age", headers.get("Cache-Control", "")):
        wrong.append("Cache-Control")
    return wrong


@each_row
def test_every_answer_carries_the_headers_and_no_page_holds_what_they_forbid(w, row):  # noqa: F811
    for who in (row.may.split()[0], "anonymous"):
        answer = ask(w, who, row)
        assert complaints(answer.headers) == [], who
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            assert forbidden_in(answer.text) == [], who


def test_the_policy_allows_nothing_that_is_not_named_and_nothing_written_in_a_page():
    assert POLICY["default-src"] == "'none'"
    assert {POLICY[name] for name in ("script-src", "style-src", "form-action")} == {"'self'"}
    assert {POLICY[name] for name in ("base-uri", "frame-ancestors")} == {"'none'"}
    assert not re.search(r"unsafe|nonce|\*|https:(?!//)|http:(?!//)", content_policy())


def test_the_checks_above_can_fail():
    for page in (
        '<p style="x">',
        "<b onclick=x>",
        "<script>x</script>",
        "<a href='javascript:x'>",
        "<style>",
        "<base>",
    ):
        assert forbidden_in(page), page
    assert len(complaints({})) == len(SAID) + 3
    assert forbidden_in('<script src="/static/a.js" defer></script><script type="application/json">{}</script>') == []


def test_files_and_pages_of_faults_carry_them_too(w):  # noqa: F811
    client = Client(raise_request_exception=False)
    for address in ("/nowhere/", "/static/ui/logo.svg", "/desk/nowhere/", "/login/code/again/"):
        assert complaints(dict(client.get(address).headers)) == [], address
    strict = Client(enforce_csrf_checks=True).post("/login/", {"phone": "1000000977"})
    assert (strict.status_code, complaints(dict(strict.headers))) == (403, [])


def test_https_is_kept_where_it_is_used(w):  # noqa: F811
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_HSTS_SECONDS=settings_of_production()):
        client = Client()
        assert client.get("/login/")["Location"].startswith("https://")
        assert client.get("/login/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"


def settings_of_production() -> int:
    """As `config/settings.py` sets it where TOLI_MODE is production."""
    assert settings.SECURE_HSTS_SECONDS == 0, "not on a developer's machine"
    return 365 * 24 * 3600
