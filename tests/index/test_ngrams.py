"""BM25 over character grams."""

from index.search.ngrams import Ngrams, grams


def test_grams_are_characters_and_pairs():
    assert grams("办公费") == ["办", "公", "费", "办公", "公费"]


def test_latin_words_and_digits_stay_whole_in_any_width():
    assert grams("ORACLE库，１２３４５") == ["oracle", "库", "12345"]


def test_the_text_that_shares_most_comes_first():
    index = Ngrams(["a", "b", "c"], ["公务用车购置费", "公务接待费", "水费"])
    assert [key for key, _ in index.nearest("公务接待", 3)] == ["b", "a"]


def test_nothing_shared_is_nothing_found():
    index = Ngrams(["a"], ["公务用车购置费"])
    assert index.nearest("xyz", 3) == []
    assert index.nearest("！？", 3) == []
    assert index.nearest("", 3) == []


def test_an_empty_index_finds_nothing():
    assert Ngrams([], []).nearest("公务", 3) == []
