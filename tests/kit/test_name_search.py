"""Names are found across scripts and spellings."""

import csv
import random
from pathlib import Path

import pytest

from toli.kit import text

PAIRS = Path(__file__).parent / "name_pairs.csv"


def own_pairs() -> list[tuple[str, str, bool]]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return [(row["stored"], row["query"], row["same"] == "yes") for row in csv.DictReader(file)]


def test_own_table_of_pairs_is_found_with_few_mistakes(capsys):
    pairs = own_pairs()
    found = [(same, text.matches(stored, query)) for stored, query, same in pairs]
    right = sum(same and hit for same, hit in found)
    recall = right / sum(same for same, _hit in found)
    precision = right / sum(hit for _same, hit in found)
    with capsys.disabled():
        print(f"\nown table: {len(pairs)} pairs, recall {recall:.3f}, precision {precision:.3f}")
    assert len(pairs) >= 200
    assert recall >= 0.98
    assert precision >= 0.97


@pytest.mark.parametrize("query", ["Sahada", "Sahara", "सहाडा", "सहाड़ा", "SAHARA", " sahada. "])
def test_every_spelling_finds_the_town(query):
    assert text.matches("सहाड़ा", query)


def test_full_names_of_real_data_are_found(shared_data, capsys):
    with (shared_data / "names/english_hindi_full_names.csv").open(encoding="utf-8", newline="") as file:
        pairs = {
            (row["english_name"], row["hindi_long_name"])
            for row in csv.DictReader(file)
            if row["hindi_long_name"] and "," not in row["english_name"]
        }
    recall, false = rates(sorted(pairs))
    with capsys.disabled():
        print(f"\nfull names: {len(pairs)} pairs, recall {recall:.3f}, false matches {false:.5f}")
    assert recall >= 0.93
    assert false <= 0.02


def test_words_of_real_data_are_found(shared_data, capsys):
    """Half of this list is English or a plural beside its singular, so its recall has a low ceiling."""
    lines = (shared_data / "names/roman_devanagari_words.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [(roman, hindi) for roman, hindi in (line.split("\t")[:2] for line in lines if "\t" in line)]
    recall, false = rates(pairs)
    with capsys.disabled():
        print(f"\nwords: {len(pairs)} pairs, recall {recall:.3f}, false matches {false:.5f}")
    assert recall >= 0.6
    assert false <= 0.001


def rates(pairs: list[tuple[str, str]]) -> tuple[float, float]:
    """Recall over true pairs, and the share of 20,000 random pairs of different names that match."""
    rng = random.Random(7)
    recall = sum(text.matches(stored, query) for stored, query in pairs) / len(pairs)
    strangers = [(rng.choice(pairs), rng.choice(pairs)) for _ in range(20_000)]
    false = sum(text.matches(a[0], b[1]) for a, b in strangers if a[1] != b[1])
    return recall, false / len(strangers)


def test_the_start_of_a_word_finds_it_while_typing():
    stored = set(text.fold("राजसमंद"))
    for typed in ("raj", "rajs", "राज", "rajsam"):
        groups = text.fold_words(typed, unfinished=True)
        assert all(not stored.isdisjoint(keys) for keys in groups), typed


def test_an_empty_or_foreign_query_finds_nothing_and_breaks_nothing():
    for query in ("", "   ", "!!!", "\x00", "़", "्", "🙂", "ं", "محمد", "𝕏", "a" * 5000, "क" * 5000):
        assert isinstance(text.fold(query), list)
        assert not text.matches("राजेश", query)


def test_keys_are_few_and_short():
    for name, _query, _same in own_pairs():
        assert len(text.fold(name)) <= 60, name


def test_hindi_sorts_as_in_a_dictionary():
    names = ["हरि", "अजय", "Zakir", "कमर", "क़मर", "12", "खान", "Amit", "आशा"]
    assert sorted(names, key=text.order_key) == ["12", "अजय", "आशा", "कमर", "क़मर", "खान", "हरि", "Amit", "Zakir"]


def test_clean_takes_out_what_cannot_be_seen():
    assert text.clean(" रा\u200bम\x00 \n कुमार\ufeff ") == "राम कुमार"
    assert text.ascii_digits("०१२३४५६७८९ ١٢") == "0123456789 12"
