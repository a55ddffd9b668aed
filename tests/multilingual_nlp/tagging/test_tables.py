"""Tables become sentences, words become characters, sentences become clauses."""

import pandas as pd
import pytest

from mlmastery.multilingual_nlp.tagging import (
    cut_after,
    split_characters,
    split_sentences,
)

WORDS = pd.DataFrame(
    {
        "sentence": [7, 7, 7, 2],
        "token": ["李", "鹏", "访问", "上海市"],
        "tag": ["B-PER", "I-PER", "O", "B-LOC"],
    }
)


def test_sentences_keep_their_order_and_words():
    tokens, tags = split_sentences(WORDS)
    assert tokens == [["李", "鹏", "访问"], ["上海市"]]
    assert tags == [["B-PER", "I-PER", "O"], ["B-LOC"]]


def test_characters_after_the_first_are_inside():
    tokens, tags = split_characters(WORDS)
    assert tokens == [list("李鹏访问"), list("上海市")]
    assert tags == [["B-PER", "I-PER", "O", "O"], ["B-LOC", "I-LOC", "I-LOC"]]


def test_clauses_together_are_the_sentence():
    tokens, tags = [list("来，去。好，，")], [list("1234567")]
    parts, labels = cut_after(tokens, tags)
    assert ["".join(part) for part in parts] == ["来，", "去。", "好，", "，"]
    assert ["".join(row) for row in labels] == ["12", "34", "56", "7"]
    assert cut_after(tokens, tags, ends="。")[0] == [list("来，去。"), list("好，，")]


def test_missing_columns_are_named():
    with pytest.raises(
        ValueError,
        match="must have the columns sentence, token, tag, got sentence, token",
    ):
        split_sentences(WORDS.drop(columns="tag"))


def test_an_empty_cell_is_refused():
    table = pd.DataFrame({"sentence": [1, None], "token": ["a", "b"], "tag": "O"})
    with pytest.raises(
        ValueError, match="sentence must be known in each row, got none"
    ):
        split_sentences(table)
    with pytest.raises(ValueError, match="table must be a DataFrame, got a list"):
        split_sentences([1])


def test_an_empty_token_ends_no_clause():
    assert cut_after([["", "a"]], [["O", "O"]]) == ([["", "a"]], [["O", "O"]])
