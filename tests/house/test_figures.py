"""One meaning per figure: the words on the screen and the page about them name the same figures."""

from pathlib import Path

from toli.ui.figures import FIGURES, GRADES

PAGE = (Path(__file__).parents[2] / "docs" / "figures.md").read_text()


def test_every_figure_shown_is_explained_at_length():
    for key in FIGURES:
        assert {"active": "active today"}.get(key, key.replace("_", " ")) in PAGE, key


def test_every_grade_is_explained():
    for letter in GRADES:
        assert f"\n| {letter} | " in PAGE
