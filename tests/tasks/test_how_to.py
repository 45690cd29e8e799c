"""The how-to shows the code as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "how-to" / "add-a-feature.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n# (\S+)\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize(("path", "code"), BLOCKS, ids=[path for path, _code in BLOCKS])
def test_each_block_of_the_how_to_stands_in_its_file(path, code):
    assert code.rstrip("\n") in (ROOT / path).read_text(encoding="utf-8")


def test_there_are_blocks_to_compare():
    assert len(BLOCKS) >= 8
