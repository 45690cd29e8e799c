"""toli shots"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

EXAMPLE = "toli shots --into docs/pictures"
PORT = 24700
PICTURES = [
    # name, who, language, width, height, page
    ("board", "Asha", "en", 1280, 860, "/desk/board/"),
    ("board-hi", "Asha", "hi", 1280, 860, "/desk/board/"),
    ("tasks", "Bilal", "en", 1280, 860, "/desk/tasks/"),
    ("my-day", "Chitra", "hi", 360, 760, "/me/"),
]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--into", default="docs/pictures", help="the folder of the pictures")


def run(options: argparse.Namespace) -> int:
    from toli.bench.memory_bench import stack
    from toli.config.bootstrap import find_browser

    browser = os.environ.get("TOLI_BROWSER") or find_browser()
    if not browser:
        print("There is no chromium: install it, or name one with TOLI_BROWSER.", file=sys.stderr)
        return 1
    home = Path(tempfile.mkdtemp(prefix="toli-shots-", dir="/tmp"))
    try:
        with stack(home, PORT) as words:
            draw(browser, links(words), Path(options.into))
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return 0


def links(words: str) -> dict[str, str]:
    """First name -> login link, as `toli up` printed them."""
    pairs = re.findall(r"^(\w+) [^\n]*\n\s+(http://\S+/demo/enter/\S+)", words, re.MULTILINE)
    return dict(pairs)


def draw(browser: str, doors: dict[str, str], folder: Path) -> None:
    """One picture per line of PICTURES, each in a session of its own."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        for name, who, language, width, height, page in PICTURES:
            context = chromium.new_context(viewport={"width": width, "height": height}, locale=language)
            address = doors[who].split("/demo/enter/")[0]
            context.add_cookies([{"name": "language", "value": language, "url": address}])
            tab = context.new_page()
            tab.goto(doors[who])
            tab.goto(address + page)
            tab.wait_for_timeout(1500)
            tab.screenshot(path=folder / f"{name}.png")
            print(f"{folder / name}.png", flush=True)
            context.close()
        chromium.close()
