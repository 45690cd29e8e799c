"""Nothing leaves by any other door: who may speak to the outside, and with what in hand."""

import ast
from functools import cache
from pathlib import Path

SRC = Path(__file__).parents[2] / "src" / "toli"
OUTSIDE = {"httpx", "requests", "smtplib", "aiohttp", "pywebpush", "telegram"}
# The launcher, the benches and the pulse speak to their own processes on this machine.
OWN_PROCESSES = {"config", "cli", "bench", "demo"}

# The deployment's own bucket is a disk, like its database: files go there and come back, nobody is reached by it.
OWN_STORE = {Path("kit/filestore.py")}


@cache
def modules():
    return [(path.relative_to(SRC), ast.parse(path.read_text(encoding="utf-8"))) for path in SRC.rglob("*.py")]


def imported(tree) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_only_the_adapters_of_delivery_speak_to_the_outside():
    strangers = [
        str(path)
        for path, tree in modules()
        if path.parts[:2] != ("delivery", "providers") and path.parts[0] not in OWN_PROCESSES and path not in OWN_STORE
        if {name.split(".")[0] for name in imported(tree)} & OUTSIDE
    ]
    assert strangers == []


def test_only_delivery_knows_the_providers():
    strangers = [
        str(path)
        for path, tree in modules()
        if path.parts[0] not in {"delivery", *OWN_PROCESSES}
        if any(
            name.startswith(("toli.delivery.providers", "toli.delivery.routes", "toli.delivery.sending"))
            for name in imported(tree)
        )
    ]
    assert strangers == []


def calls(tree, name: str) -> set[str]:
    """Functions that call something of this name."""
    found = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == name:
                    found.add(function.name)
    return found


def test_a_message_is_handed_over_only_with_both_verdicts_and_a_code_only_by_its_own_service():
    callers = {
        (str(path), caller)
        for path, tree in modules()
        for caller in calls(tree, "hand_over")
        if path.parts[0] == "delivery"
    }
    assert callers == {
        ("delivery/sending.py", "try_providers"),
        ("delivery/services/going_out.py", "send_codes"),
        ("delivery/services/going_out.py", "one"),
    }
    source = (SRC / "delivery" / "sending.py").read_text(encoding="utf-8")
    body = source.split("def try_providers")[1].split("\ndef ")[0]
    assert body.index("require_cleared") < body.index("hand_over(")


def test_no_verdict_is_made_outside_its_gate():
    for path, tree in modules():
        if str(path) not in ("elections/gate.py", "consent/rules.py"):
            assert not calls(tree, "Verdict") | calls(tree, "ContactVerdict"), path


def test_an_adapter_sends_only_behind_a_verdict():
    """`.send` of a way stands in two functions, `.request` in one; before each stand the gates."""
    callers = {
        (str(path), caller)
        for path, tree in modules()
        for caller in calls(tree, "send")
        if path.parts[0] == "delivery" and path.parts[1] != "providers"
    }
    assert callers == {("delivery/sending.py", "hand_over"), ("delivery/sending.py", "publish")}
    source = (SRC / "delivery" / "sending.py").read_text(encoding="utf-8")
    body = source.split("def publish(")[1].split("\ndef ")[0]
    assert body.index("require_cleared") < body.index(".send(")
    outside = [
        (path, tree)
        for path, tree in modules()
        if path.parts[:2] != ("delivery", "providers") and path not in OWN_STORE
    ]
    asked = {str(path) for path, tree in outside if calls(tree, "request")}
    assert asked == {"delivery/sending.py"}
    body = source.split("def hand_over_many(")[1].split("\ndef ")[0]
    assert body.index("require_cleared") < body.index(".request(")


def test_a_post_is_published_only_by_the_service_that_prepared_it():
    callers = {
        (str(path), caller)
        for path, tree in modules()
        for caller in calls(tree, "publish")
        if path.parts[0] == "delivery" and path.parts[1] != "providers"
    }
    assert callers == {("delivery/services/posting.py", "_carry_out")}
    source = (SRC / "delivery" / "services" / "posting.py").read_text(encoding="utf-8")
    assert "ready = _prepare(post, now)" in source
