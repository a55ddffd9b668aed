"""The data sets of texts: what their cards say is so, and originals are read right."""

import io
import tarfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import mlmastery.datasets as datasets
from mlmastery.datasets import (
    DataError,
    DataMissingError,
    card_of,
    load_django_catalogues,
    load_fine_foods,
    load_peoples_daily,
    load_udhr,
    load_vader_movies,
    load_zh_reviews,
    verify,
)
from mlmastery.datasets.kit.archives import texts_in
from mlmastery.datasets.kit.conll import read_conll

TWENTY = "ar cs da de en es fr hi it ja ko nb nl pl pt ru sv sw tr zh".split()


@pytest.fixture(autouse=True)
def _embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLMASTERY_DATA", raising=False)


def test_what_the_card_of_the_film_sentences_says_of_faults_is_so():
    sentences = load_vader_movies()
    assert sentences["score"].between(-4, 4).all()
    assert (sentences["score"] == 0).sum() == 37
    assert sentences["text"].duplicated().sum() == 2
    # A quotation mark is a character of the text, and no text goes on in a second line.
    assert sentences["text"].str.contains('"').any()
    assert sentences["text"].str.len().max() == 257


def test_what_the_card_of_the_food_reviews_says_of_faults_is_so():
    reviews = load_fine_foods()
    train, test = (reviews[reviews["part"] == part] for part in ("train", "test"))
    assert (len(train), len(test)) == (4000, 1000)
    assert reviews["review"].duplicated().sum() == 27
    assert len(set(train["review"]) & set(test["review"])) == 7
    assert round(reviews["great"].mean(), 2) == 0.65
    assert round(reviews["review"].str.contains("<br").mean(), 2) == 0.23


def test_the_declaration_has_the_same_fifty_paragraphs_in_every_language():
    declaration = load_udhr()
    assert sorted(set(declaration["language"])) == TWENTY
    articles = declaration[declaration["article"] > 0]
    counts = articles.groupby("passage")["language"].nunique()
    assert (len(counts), set(counts)) == (50, {20})
    preamble = declaration[declaration["article"] == 0].groupby("language").size()
    assert (preamble.min(), preamble.max()) == (8, 12)
    characters = declaration["text"].str.len().groupby(declaration["language"]).sum()
    assert (characters["zh"], characters["nl"]) == (2616, 12334)
    assert characters.idxmin() == "zh"
    assert characters.idxmax() == "nl"
    assert not declaration.duplicated(["language", "passage"]).any()


def test_what_the_card_of_the_messages_says_of_faults_is_so():
    messages = load_django_catalogues()
    assert sorted(set(messages["language"])) == TWENTY
    assert set(messages.groupby("message").size()) == {20}
    english = messages[messages["language"] == "en"]
    assert (english["text"] == english["message"]).all()
    assert english["text"].str.len().median() == 12
    assert round(messages["text"].str.contains("%").mean(), 2) == 0.15
    of = dict(iter(messages.groupby("language")))
    assert of["ja"]["text"].duplicated().sum() == 37
    assert (of["da"]["text"] == of["da"]["message"]).sum() == 22


def test_what_the_card_of_the_chinese_reviews_says_of_faults_is_so():
    card = card_of("zh_reviews")
    good, bad = (file.read().decode().split("\n") for file in card.embedded)
    lines = [line.strip() for line in good + bad if line]
    assert len(lines) == 35124
    assert len(lines) - len(set(lines)) == 17713
    reviews = load_zh_reviews()
    assert not reviews["text"].duplicated().any()
    assert "优点：" not in set(reviews["text"])


def test_names_of_one_person_are_one_entity_and_places_in_a_row_are_several():
    words = load_peoples_daily()
    assert words["tag"].str.startswith("B-").sum() == 51108
    assert set(words.loc[words["tag"] == "I-PER", "pos"]) == {"nr"}
    named = words[words["sentence"] == 1]
    assert named["token"].tolist() == "中共中央 总书记 、 国家 主席 江 泽民".split()
    assert named["tag"].tolist() == ["B-ORG", "O", "O", "O", "O", "B-PER", "I-PER"]
    assert not words["tag"].isin(["I-LOC", "I-ORG"]).any()
    starts = words["sentence"] != words["sentence"].shift()
    assert not words.loc[starts, "tag"].str.startswith("I").any()


ORIGINALS = {
    "rt_polarity": {
        "rt-polarity.neg": "dull , dull . \n",
        "rt-polarity.pos": "a clich\xe9 that works \n".encode("cp1252"),
    },
    "review_polarity": {
        "txt_sentoken/pos/cv900_1.txt": "good .\nfilm .\n",
        "txt_sentoken/neg/cv012_7.txt": "bad .\n",
    },
    "sst2": {"stsa.binary.train": "1 fine .\n", "stsa.binary.test": "0 no .\n"},
    "imdb": {
        "aclImdb/train/pos/0_10.txt": "Fine.<br />",
        "aclImdb/test/neg/1_2.txt": "No.",
        "aclImdb/train/unsup/3_0.txt": "not read",
        "aclImdb/train/urls_pos.txt": "not read",
    },
    "lingua_test": {
        "language-testdata/single-words/de.txt": "arbeitet\n\n",
        "language-testdata/sentences/ja.txt": "雨。\n",
    },
    "tatoeba": {
        "tatoeba/v1/tatoeba.deu-eng.deu": "Ja.\nNein.\n",
        "tatoeba/v1/tatoeba.deu-eng.eng": "Yes.\nNo.\n",
    },
    "conll2002": {
        "conll2002/esp.testb": "La DA B-LOC\n",
        "conll2002/ned.train": "-DOCSTART- -DOCSTART- O\nDat Pron O\n",
        "conll2002/README": "not read",
    },
    "masakhaner": {
        "masakhaner2/hau/train.txt": "Kano B-LOC\n",
        "masakhaner2/yor/dev.txt": "ni O\n",
    },
    "afrisenti": {
        "afrisenti/hau/train.tsv": 'tweet\tlabel\nana "so\tpositive\n',
        "afrisenti/hau/test.tsv": "ID\ttweet\tlabel\nh1\ta'a\tnegative\n",
    },
    "umsab": {
        "sentiment/german/test_text.txt": "ja\nnein\u2028doch\n",
        "sentiment/german/test_labels.txt": "2\n0\n",
    },
    "ud_pud": {
        "pud/fr_pud-ud-test.conllu": "# text = du\n1-2\tdu\t_\t_\n1\tde\tde\tADP\n"
        "2\tle\tle\tDET\n",
    },
}
ROWS = {
    "rt_polarity": [("a cliché that works", 1), ("dull , dull .", 0)],
    "review_polarity": [("bad .", 0, 0), ("good .\nfilm .", 1, 9)],
    "sst2": [("fine .", 1, "train"), ("no .", 0, "test")],
    "imdb": [("No.", 0, 2, "test"), ("Fine.<br />", 1, 10, "train")],
    "lingua_test": [("de", "single-words", "arbeitet"), ("ja", "sentences", "雨。")],
    "tatoeba": [("deu", "Ja.", "Yes."), ("deu", "Nein.", "No.")],
    "conll2002": [
        ("es", "testb", 0, "La", "B-LOC"),
        ("nl", "train", 0, "Dat", "O"),
    ],
    "masakhaner": [("hau", "train", 0, "Kano", "B-LOC"), ("yor", "dev", 0, "ni", "O")],
    "afrisenti": [
        ("hau", "test", "a'a", "negative"),
        ("hau", "train", 'ana "so', "positive"),
    ],
    "umsab": [
        ("de", "test", "ja", "positive"),
        ("de", "test", "nein\u2028doch", "negative"),
    ],
    "ud_pud": [("fr", 1, "de", "ADP", "du"), ("fr", 1, "le", "DET", "du")],
}


def as_bytes(content: str | bytes) -> bytes:
    return content if isinstance(content, bytes) else content.encode()


def unpacked(folder: Path, name: str) -> None:
    for file, content in ORIGINALS[name].items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_bytes(content))


def packed(folder: Path, name: str) -> None:
    folder.mkdir()
    with tarfile.open(folder / "all.tar.xz", "w:xz") as archive:
        for file, content in ORIGINALS[name].items():
            member = tarfile.TarInfo(file)
            member.size = len(as_bytes(content))
            archive.addfile(member, io.BytesIO(as_bytes(content)))


@pytest.mark.parametrize("name", ORIGINALS)
def test_a_text_that_may_not_be_passed_on_does_not_come_with_the_book(name: str):
    with pytest.raises(DataMissingError, match=r"no 'embedded' tier.*your own copy"):
        getattr(datasets, f"load_{name}")()
    assert verify(name).state == "no such tier"


@pytest.mark.parametrize("write", [packed, unpacked])
@pytest.mark.parametrize("name", ORIGINALS)
def test_the_readers_own_texts_are_read(name, write, tmp_path, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    card, module = card_of(name), getattr(datasets, name)
    write(tmp_path / card.original.path, name)
    with pytest.raises(DataError, match=f"expected {card.shape[0]} rows, found 2"):
        getattr(datasets, f"load_{name}")()
    small = replace(card, original=replace(card.original, shape=(2, card.shape[1])))
    monkeypatch.setattr(module, "CARD", small)
    rows = getattr(datasets, f"load_{name}")()
    assert rows.dtypes.astype(str).to_dict() == card.dtypes
    assert list(rows.itertuples(index=False, name=None)) == ROWS[name]


@pytest.mark.parametrize("name", ORIGINALS)
def test_a_folder_without_its_texts_is_refused(name: str, tmp_path, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    folder = tmp_path / card_of(name).original.path
    folder.mkdir()
    (folder / "notes.md").write_text("nothing")
    with pytest.raises(DataError, match="expected files named"):
        getattr(datasets, f"load_{name}")()


def test_a_damaged_archive_is_said_to_be_one(tmp_path: Path):
    (tmp_path / "half.tar.xz").write_bytes(b"\xfd7zXZ\x00 and no more")
    with pytest.raises(ValueError, match=r"half\.tar\.xz: expected an archive"):
        texts_in(tmp_path, "*")


def test_a_pair_without_its_other_side_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    folder = tmp_path / card_of("tatoeba").original.path
    unpacked(folder, "tatoeba")
    next(folder.rglob("*.eng")).unlink()
    with pytest.raises(DataError, match="same length"):
        datasets.load_tatoeba()


def test_a_table_of_tweets_without_labels_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("MLMASTERY_DATA", str(tmp_path))
    folder = tmp_path / card_of("afrisenti").original.path / "hau"
    folder.mkdir(parents=True)
    (folder / "train.tsv").write_text("tweet\nana so\n")
    with pytest.raises(DataError, match="expected the columns tweet and label"):
        datasets.load_afrisenti()


def test_sentences_are_counted_from_words_not_from_empty_lines():
    words = read_conll("\n\nA O\nb B-LOC\n\n\n-DOCSTART- O\n\nC O")
    assert words["sentence"].tolist() == [0, 0, 1]
    assert isinstance(words, pd.DataFrame)
