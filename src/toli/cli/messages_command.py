"""toli messages: collect the texts of every room, list what has no Hindi yet, compile."""

from __future__ import annotations

import argparse

from toli.cli import messages

EXAMPLE = "toli messages tasks warroom"


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rooms", nargs="*", help="only these rooms (all when none is named)")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit 1 when a Hindi text is missing or wrong"
    )
    parser.add_argument("--compile", action="store_true", help="only compile what is there")


def run(options: argparse.Namespace) -> int:
    rooms = options.rooms or messages.rooms()
    unknown = sorted(set(rooms) - set(messages.rooms()))
    if unknown:
        print(f"There is no room {unknown[0]!r}. Rooms: {', '.join(messages.rooms())}")
        return 2
    if options.compile:
        print(f"{messages.compile_all(rooms)} catalogues compiled.")
        return 0
    return _check(rooms) if options.check else _update(rooms)


def _update(rooms: list[str]) -> int:
    changed = [room for room in rooms if messages.update(room)]
    messages.compile_all(rooms)
    print(f"Changed catalogues: {', '.join(changed) or 'none'}.")
    _check(rooms)
    return 0


def _check(rooms: list[str]) -> int:
    found = [fault for room in rooms for fault in messages.faults(room)]
    for fault in found:
        print(fault)
    for line in (differing := messages.disagreements()):
        print(f"two Hindi texts for one English: {line}")
    print(f"{len(found)} Hindi texts are missing or wrong." if found else "Every text has its Hindi.")
    return 1 if found or differing else 0
