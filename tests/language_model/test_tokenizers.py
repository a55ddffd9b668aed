"""Tokenizers: nothing is lost, and the merges are those of the library."""

import json
import random
import time
import unicodedata
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import regex
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer as Library
from tokenizers import decoders, models, pre_tokenizers, trainers

from mlmastery.datasets import load_shakespeare
from mlmastery.language_model import bpe
from mlmastery.language_model.tokenizers import (
    BPETokenizer,
    CharTokenizer,
    Tokenizer,
    TokenizerError,
    WordTokenizer,
)

KINDS = [CharTokenizer, WordTokenizer, BPETokenizer]
SAMPLE = "To be, or not to be: that is the question.\n\n  Tobacco\tand 42 cafés — 你好 🙂\r\n"
HARD = [
    "",
    " ",
    "\n\n\n",
    "  two  blanks  ",
    "don't we'LL I'm",
    "\x00\x1f\x85\u2028",
    "e\u0301 \u200d \ufeff",
    "👩‍👩‍👧 \U0010ffff",
    "ﬁ ½ ٣ 三",
]


@cache
def plays() -> str:
    return load_shakespeare()


@cache
def trained() -> BPETokenizer:
    return BPETokenizer(vocab_size=600).train(plays()[:100_000])


def library(text: str, vocab_size: int) -> Library:
    """The library's byte-level BPE, trained on the same text."""
    reference = Library(models.BPE())
    reference.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    reference.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    reference.train_from_iterator([text], trainer)
    return reference


def merges_of(reference: Library) -> list[tuple[int, int]]:
    ids = reference.get_vocab()
    merges = json.loads(reference.to_str())["model"]["merges"]
    return [(ids[left], ids[right]) for left, right in merges]


# --- the same as the library ------------------------------------------------------


def test_merges_and_encodings_are_the_librarys():
    ours = BPETokenizer(vocab_size=5_000).train(plays())
    reference = library(plays(), 5_000)
    assert ours.merges == merges_of(reference)
    part = plays()[:200_000]
    ids = ours.encode(part)
    assert ids == reference.encode(part).ids
    assert ours.decode(ids) == part == reference.decode(ids)


@pytest.mark.parametrize("text", [SAMPLE, *HARD])
def test_text_of_another_kind_is_encoded_as_by_the_library(text: str):
    reference = library(plays()[:100_000], 600)
    assert trained().merges == merges_of(reference)
    assert trained().encode(text) == reference.encode(text).ids


# Letters that came with a later Unicode are letters to one library and not the other.
OLD = st.characters(codec="utf-8").filter(lambda c: unicodedata.category(c) != "Cn")


@pytest.mark.parametrize("text", [SAMPLE, *HARD])
def test_pieces_of_hard_texts_are_those_of_the_library(text: str):
    assert bpe.split_pieces(text) == library_pieces(text)


@settings(deadline=None)
@given(st.text(OLD) | st.text("aÉ1½,— \n\t'st"))
def test_pieces_are_those_of_the_library(text: str):
    assert bpe.split_pieces(text) == library_pieces(text)


def library_pieces(text: str) -> list[str]:
    reference = pre_tokenizers.ByteLevel(add_prefix_space=False)
    spans = [span for _, span in reference.pre_tokenize_str(text)]
    return [text[start:end] for start, end in spans]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.text("abc", min_size=1, max_size=5)).map(" ".join), st.integers(0, 6)
)
def test_equally_frequent_pairs_are_merged_as_by_the_library(text, n_merges):
    assert bpe.learn_merges(text, n_merges) == merges_of(library(text, 256 + n_merges))


# --- fast and obvious give the same -----------------------------------------------


def obvious_merges(text: str, n_merges: int) -> list[bpe.Pair]:
    """Count all pairs of all pieces again before every merge."""
    words = [bpe.byte_ids(piece.encode()) for piece in bpe.split_pieces(text)]
    merges: list[bpe.Pair] = []
    for new in range(256, 256 + n_merges):
        pairs = bpe.count_pairs(words, [1] * len(words))
        if not pairs:
            break
        merges.append(bpe.most_frequent(pairs))
        words = [bpe.merge(word, merges[-1], new) for word in words]
    return merges


def test_incremental_counts_give_the_merges_of_recounting():
    text = plays()[:10_000]
    assert bpe.learn_merges(text, 150) == obvious_merges(text, 150)


@settings(deadline=None)
@given(st.text("ab ", max_size=60), st.integers(0, 30))
def test_incremental_counts_survive_overlaps(text: str, n_merges: int):
    assert bpe.learn_merges(text, n_merges) == obvious_merges(text, n_merges)


def test_counts_stay_right_after_every_merge():
    pieces = Counter(bpe.split_pieces(plays()[:5_000]))
    words = [bpe.byte_ids(piece.encode()) for piece in pieces]
    state = bpe.PairCounts(words, list(pieces.values()))
    for new in range(256, 356):
        state.merge(state.pop(), new)
        assert +state.pairs == bpe.count_pairs(state.words, pieces.values())


def test_each_merge_is_at_most_as_frequent_as_the_one_before():
    words = [bpe.byte_ids(piece.encode()) for piece in bpe.split_pieces(SAMPLE * 3)]
    counts = []
    for new, pair in enumerate(bpe.learn_merges(SAMPLE * 3, 50), start=256):
        counts.append(bpe.count_pairs(words, [1] * len(words))[pair])
        words = [bpe.merge(word, pair, new) for word in words]
    assert all(later <= earlier for earlier, later in pairwise(counts))


@settings(deadline=None)
@given(st.lists(st.integers(0, 2)), st.integers(0, 2), st.integers(0, 2))
def test_merge_undone_gives_the_word_back(word, left, right):
    merged = bpe.merge(word, (left, right), 9)
    back = [i for token in merged for i in ((left, right) if token == 9 else (token,))]
    assert back == word
    assert not any(p == (left, right) for p in pairwise(merged) if left != right)


def test_training_time_grows_with_the_text_and_not_with_its_square():
    # Words that do not repeat, so that four times the text is four times the work.
    letters = random.Random(0)
    words = ["".join(letters.choices("etaoinshr", k=6)) for _ in range(8_000)]

    def seconds(n_words: int) -> float:
        start = time.process_time()
        bpe.learn_merges(" ".join(words[:n_words]), 100)
        return time.process_time() - start

    small, large = (min(seconds(n) for _ in range(3)) for n in (2_000, 8_000))
    assert large < 9 * small  # 4 times if linear, 16 if quadratic


# --- nothing is lost --------------------------------------------------------------


@settings(deadline=None)
@given(st.text())
def test_bpe_gives_any_text_back(text: str):
    ids = trained().encode(text)
    assert trained().decode(ids) == text
    assert all(0 <= i < trained().vocab_size for i in ids)


@settings(deadline=None)
@given(st.text(), st.integers(256, 300))
def test_bpe_trained_on_any_text_gives_it_back(text: str, vocab_size: int):
    tokenizer = BPETokenizer(vocab_size=vocab_size).train(text)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert 256 <= tokenizer.vocab_size <= vocab_size


@settings(deadline=None)
@given(st.binary())
def test_bpe_gives_any_bytes_back(data: bytes):
    assert trained().decode_bytes(trained().encode_bytes(data)) == data


@settings(deadline=None)
@given(st.text())
def test_bytes_of_a_text_are_encoded_like_the_text(text: str):
    assert trained().encode_bytes(text.encode()) == trained().encode(text)


@settings(deadline=None)
@given(st.lists(st.integers(0, 599)))
def test_any_ids_can_be_decoded(ids: list[int]):
    text = trained().decode(ids)  # a model may put out any sequence
    assert text == trained().decode_bytes(ids).decode("utf-8", "replace")


@settings(deadline=None)
@given(st.text(min_size=1))
def test_char_and_word_give_the_training_text_back(text: str):
    for tokenizer in (CharTokenizer(), WordTokenizer(vocab_size=1_000)):
        assert tokenizer.train(text).decode(tokenizer.encode(text)) == text


@settings(deadline=None)
@given(st.text())
def test_pieces_joined_are_the_text(text: str):
    assert "".join(bpe.split_pieces(text)) == text


def test_untrained_bpe_is_a_byte_tokenizer():
    tokenizer = BPETokenizer(vocab_size=256)
    assert tokenizer.vocab_size == 256
    assert len(tokenizer.encode("é🙂")) == len("é🙂".encode())
    assert sorted(tokenizer.tokens) == [bytes([byte]) for byte in range(256)]


def test_bpe_of_more_tokens_needs_fewer():
    text = plays()[:50_000]
    sizes = [BPETokenizer(vocab_size=n).train(text) for n in (256, 300, 500, 1000)]
    lengths = [len(tokenizer.encode(text)) for tokenizer in sizes]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[0] == len(text.encode()) > 2 * lengths[-1]


def test_every_token_is_the_sum_of_its_parts():
    tokenizer = trained()
    for token, (left, right) in zip(
        tokenizer.tokens[256:], tokenizer.merges, strict=True
    ):
        assert token == tokenizer.tokens[left] + tokenizer.tokens[right]


def test_no_token_crosses_the_end_of_a_word():
    crossing = regex.compile(rb"\S\s|[a-z][^a-z\s]|\n\S")
    assert not [t for t in trained().tokens[256:] if crossing.search(t.lower())]


def test_word_tokenizer_marks_what_it_does_not_know():
    tokenizer = WordTokenizer(vocab_size=4).train("a a a b b c d")
    assert tokenizer.tokens == ["<unk>", " a", " b", "a"]
    assert tokenizer.encode("a b zebra") == [3, 2, 0]
    assert tokenizer.decode([3, 2, 0]) == "a b<unk>"


# --- one interface ----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_all_tokenizers_have_one_interface(kind, tmp_path: Path):
    tokenizer = kind()
    assert isinstance(tokenizer, Tokenizer)
    assert tokenizer.train(SAMPLE) is tokenizer
    ids = tokenizer.encode(SAMPLE)
    assert all(type(i) is int for i in ids)
    assert max(ids) < tokenizer.vocab_size == len(tokenizer.tokens)
    assert tokenizer.decode(np.array(ids)) == SAMPLE
    assert tokenizer.decode(torch.tensor(ids)) == SAMPLE


@pytest.mark.parametrize("kind", KINDS)
def test_saved_tokenizer_encodes_as_before(kind, tmp_path: Path):
    path, tokenizer = tmp_path / "tokenizer.json", kind().train(SAMPLE)
    tokenizer.save(path)
    loaded = kind.load(path)
    assert loaded.tokens == tokenizer.tokens
    assert loaded.encode(SAMPLE) == tokenizer.encode(SAMPLE)
    loaded.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_training_again_forgets_the_text_before(kind):
    tokenizer = kind().train(SAMPLE).train("xyz xyz")
    assert tokenizer.tokens == kind().train("xyz xyz").tokens


# --- bad input --------------------------------------------------------------------


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("[256, ", "[255, "),
        lambda text: text.replace("], [", "], [1, 2], [", 1),
        lambda text: text.replace('"BPETokenizer"', '"WordTokenizer"'),
        lambda text: text.replace('"entries"', '"entry"'),
        lambda text: "[]",
        lambda text: "#version: 0.2\nt h\n",
        lambda text: "\xff\xfe",
    ],
)
def test_corrupted_file_is_refused(spoil, tmp_path: Path):
    path = tmp_path / "tokenizer.json"
    BPETokenizer(vocab_size=300).train(SAMPLE * 3).save(path)
    good = path.read_text()
    assert spoil(good) != good
    path.write_text(spoil(good), encoding="latin-1")
    with pytest.raises(
        TokenizerError, match=r"tokenizer\.json (is not|was alt|must hold)"
    ):
        BPETokenizer.load(path)


@pytest.mark.parametrize(
    "entry", [[0, 257], [-1, 0], [0], [0, 1, 2], ["a", "b"], "ab", None, [0.0, 1.0]]
)
def test_merge_of_tokens_that_are_not_there_yet_is_refused(entry):
    with pytest.raises(
        TokenizerError, match="merge 1 must join two tokens of 0 to 256"
    ):
        BPETokenizer._from_entries([[0, 1], entry], [])


def test_missing_file_is_no_corrupted_file(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match=r"none\.json"):
        BPETokenizer.load(tmp_path / "none.json")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ids", [[0, 10_000], [0, -1]])
def test_unknown_id_is_named(kind, ids):
    with pytest.raises(
        ValueError, match=rf"ids\[1\] must lie between 0 and \d+, got {ids[1]}"
    ):
        kind().train(SAMPLE).decode(ids)


@pytest.mark.parametrize("ids", [["a"], [1.5], [None]])
def test_id_that_is_no_whole_number_is_refused(ids):
    with pytest.raises(TypeError, match=r"ids.0. must be a whole number, got"):
        trained().decode(ids)


def test_unknown_character_is_named():
    tokenizer = CharTokenizer().train("abc")
    with pytest.raises(ValueError, match=r"'é' at position 2 .* the 3 characters"):
        tokenizer.encode("abé")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", [b"bytes", None, 1, ["a"]])
def test_text_must_be_text(kind, text):
    for call in (kind().train, kind().encode):
        with pytest.raises(TypeError, match="text must be a str, got"):
            call(text)


@pytest.mark.parametrize("kind", KINDS)
def test_lone_surrogate_is_named(kind):
    with pytest.raises(ValueError, match=r"lone surrogate, '\\ud800', at position 2"):
        kind().train("ab\ud800")


@pytest.mark.parametrize(("kind", "least"), [(BPETokenizer, 256), (WordTokenizer, 1)])
def test_vocabulary_that_is_too_small_is_refused(kind, least):
    assert kind(vocab_size=least).train(SAMPLE).vocab_size == least
    with pytest.raises(ValueError, match=f"at least {least}, got {least - 1}"):
        kind(vocab_size=least - 1)
    with pytest.raises(TypeError, match="integer"):
        kind(vocab_size=300.0)


def test_empty_text_trains_nothing_and_encodes_to_nothing():
    for kind in KINDS:
        tokenizer = kind().train("")
        assert tokenizer.encode("") == []
        assert tokenizer.decode([]) == ""


# --- long pieces ------------------------------------------------------------------


@cache
def few_letters() -> tuple[BPETokenizer, Library]:
    """Merges of a text of three letters, in which nearly every pair is learned."""
    draw = random.Random(1)
    text = " ".join("".join(draw.choices("abc", k=30)) for _ in range(300))
    return BPETokenizer(vocab_size=400).train(text), library(text, 400)


@settings(deadline=None, max_examples=200)
@given(st.text("abc", max_size=300))
def test_pieces_of_few_letters_are_encoded_as_by_the_library(piece: str):
    ours, theirs = few_letters()
    assert ours.encode(piece) == theirs.encode(piece).ids


@pytest.mark.parametrize("piece", ["a" * 1_001, "ab" * 500, "aab" * 400])
def test_runs_of_one_pair_are_merged_from_the_left_as_by_the_library(piece: str):
    ours, theirs = few_letters()
    assert ours.encode(piece) == theirs.encode(piece).ids


def one_by_one(word: list[int], ranks: dict[bpe.Pair, int]) -> list[int]:
    """Look at all pairs before each merge."""
    while present := [pair for pair in pairwise(word) if pair in ranks]:
        pair = min(present, key=ranks.__getitem__)
        word = bpe.merge(word, pair, ranks[pair])
    return word


@settings(deadline=None)
@given(st.text("abc", max_size=80))
def test_heap_merges_what_looking_at_all_pairs_merges(piece: str):
    ours, _ = few_letters()
    word = bpe.byte_ids(piece.encode())
    assert bpe.apply_merges(word, ours._ranks) == one_by_one(word, ours._ranks)


def test_word_is_not_changed_by_encoding_it():
    word = bpe.byte_ids(b"abcabc")
    bpe.apply_merges(word, few_letters()[0]._ranks)
    assert word == bpe.byte_ids(b"abcabc")


def test_one_long_piece_is_learned_as_by_the_library():
    piece = "".join(filter(str.isalpha, plays()))[:30_000]
    start = time.process_time()
    merges = bpe.learn_merges(piece, 500)
    assert time.process_time() - start < 3  # .05 here; looking at all of it took 9.7
    assert merges == merges_of(library(piece, 756))


def seconds_to_encode(tokenizer, piece: str) -> float:
    times = []
    for _ in range(3):
        start = time.process_time()
        tokenizer.encode(piece)
        times.append(time.process_time() - start)
    return min(times)


def test_encoding_time_grows_with_the_piece_and_not_with_its_square():
    letters = "".join(filter(str.isalpha, plays()))
    small, large = (seconds_to_encode(trained(), letters[:n]) for n in (8_000, 64_000))
    assert large < 24 * small  # about 9 times; 64 if quadratic


@pytest.mark.slow
def test_long_piece_takes_a_few_times_as_long_as_in_the_library():
    letters = "".join(filter(str.isalpha, plays()))[:20_000]
    ours = BPETokenizer(vocab_size=5_000).train(plays())
    theirs = library(plays(), 5_000)
    ratio = seconds_to_encode(ours, letters) / seconds_to_encode(theirs, letters)
    assert ratio < 9  # 2.7 on a quiet machine


# --- special tokens ---------------------------------------------------------------

END, PAD = "<|end|>", "<|pad|>"


def special() -> BPETokenizer:
    return BPETokenizer(300, special_tokens=[END, PAD]).train(SAMPLE * 3)


def test_special_tokens_get_the_last_ids():
    tokenizer = special()
    assert tokenizer.vocab_size == len(tokenizer.tokens) == 300
    assert tokenizer.special_tokens == {END: 298, PAD: 299}
    plain = BPETokenizer(298).train(SAMPLE * 3)
    assert tokenizer.merges == plain.merges
    assert tokenizer.encode(SAMPLE) == plain.encode(SAMPLE)


@settings(deadline=None)
@given(st.lists(st.sampled_from([END, PAD, "<|", "end", "|>", "a", " "])).map("".join))
def test_no_text_makes_a_special_token_unless_it_is_allowed(text: str):
    tokenizer = special()
    ids = tokenizer.encode(text)
    assert not {298, 299} & set(ids)
    assert tokenizer.decode(ids) == text
    allowed = tokenizer.encode(text, allowed_special="all")
    assert allowed.count(298) == text.count(END)
    assert allowed.count(299) == text.count(PAD)
    assert tokenizer.decode(allowed) == text


def test_only_the_special_tokens_that_are_named_are_made():
    ids = special().encode(f"a{END}b{PAD}", allowed_special=[END])
    assert ids[1] == 298
    assert 299 not in ids


def test_special_token_that_is_disallowed_is_named_with_its_place():
    tokenizer = special()
    with pytest.raises(ValueError, match=r"'<\|pad\|>', got it at position 1;"):
        tokenizer.encode(f"a{PAD}{END}", disallowed_special="all")
    assert tokenizer.encode(
        f"a{END}", allowed_special=[END], disallowed_special="all"
    ) == [*tokenizer.encode("a"), 298]
    assert tokenizer.encode("a", disallowed_special="all") == tokenizer.encode("a")


def test_longer_of_two_special_tokens_is_taken():
    tokenizer = BPETokenizer(258, special_tokens=["<a>", "<a>b"])
    assert tokenizer.encode("<a>b<a>", allowed_special="all") == [257, 256]


def test_special_tokens_are_saved(tmp_path: Path):
    path, tokenizer = tmp_path / "tokenizer.json", special()
    tokenizer.save(path)
    loaded = BPETokenizer.load(path)
    assert loaded.special_tokens == tokenizer.special_tokens
    text = f"be{END}not{PAD}"
    for allowed in ((), "all", [PAD]):
        assert loaded.encode(text, allowed_special=allowed) == tokenizer.encode(
            text, allowed_special=allowed
        )
    path.write_text(path.read_text().replace(PAD, "<|pat|>"))
    with pytest.raises(TokenizerError, match="was altered"):
        BPETokenizer.load(path)


def test_special_names_that_cannot_be_used_are_refused():
    with pytest.raises(ValueError, match="must differ"):
        BPETokenizer(300, special_tokens=[END, END])
    with pytest.raises(ValueError, match="name that is not empty, got ''"):
        BPETokenizer(300, special_tokens=[""])
    with pytest.raises(ValueError, match="at least 257, got 256"):
        BPETokenizer(256, special_tokens=[END])
    with pytest.raises(ValueError, match="allowed_special must be one of"):
        special().encode("a", allowed_special=["<|no|>"])
    with pytest.raises(TypeError, match="must be 'all' or a collection"):
        special().encode("a", allowed_special=END)


@pytest.mark.parametrize(
    "text",
    [
        "<|END|>",
        "<｜end｜>",
        "<|e\u200bnd|>",
        "<|énd|>",
        "<| end |>",
        "<|end|",
        "<|end|\n>",
    ],
)
def test_lookalikes_of_a_special_token_are_ordinary(text: str):
    tokenizer = BPETokenizer(300, special_tokens=["<|end|>"]).train("the end " * 20)
    ids = tokenizer.encode(text, allowed_special="all")
    assert tokenizer.special_tokens["<|end|>"] not in ids
    assert tokenizer.decode(ids) == text


def test_special_name_that_merges_spell_stays_apart():
    tokenizer = BPETokenizer(300, special_tokens=["the"]).train("the then " * 20)
    assert b"the" in tokenizer.tokens[256:-1]
    special = tokenizer.special_tokens["the"]
    assert special not in tokenizer.encode("the then")
    assert tokenizer.encode("the", allowed_special="all") == [special]


@pytest.mark.parametrize("names", [None, 3, "<|end|>", iter(["<|end|>"])])
def test_allowed_names_must_be_a_collection(names):
    tokenizer = BPETokenizer(300, special_tokens=["<|end|>"])
    for argument in ("allowed_special", "disallowed_special"):
        with pytest.raises(TypeError, match=f"{argument} must be 'all' or a coll"):
            tokenizer.encode("<|end|>", **{argument: names})


@pytest.mark.parametrize("names", [None, "<|a>", iter(["<|a|>"])])
def test_special_tokens_must_be_a_list(names):
    with pytest.raises(TypeError, match="special_tokens must be a list of names"):
        BPETokenizer(300, special_tokens=names)


def test_special_name_must_be_writable():
    with pytest.raises(ValueError, match="special token must be writable as UTF-8"):
        BPETokenizer(300, special_tokens=["\ud800"])


def test_pair_is_merged_once():
    with pytest.raises(TokenizerError, match="merged once"):
        BPETokenizer.from_merges([(39, 72), (39, 72)])


def test_bytes_must_be_bytes_and_ids_whole():
    with pytest.raises(TypeError, match="data must be bytes, got str"):
        BPETokenizer().encode_bytes("x")
    with pytest.raises(TypeError, match=r"ids\[1\] must be a whole number, got '2'"):
        BPETokenizer().decode([1, "2"])


def test_message_names_the_last_id_in_use():
    with pytest.raises(
        ValueError, match=r"ids\[0\] must lie between 0 and 255, got 256$"
    ):
        BPETokenizer().decode([256])
