"""The service: what is judged, what is refused and why, and the command in front."""

import json
import re
import subprocess
import sys

import numpy as np
import pytest
import requests
from fastapi.testclient import TestClient
from kit.servers import free_port, kill, wait_until
from scipy.special import expit, logit

from mlmastery.sentiment_analysis import SentimentModel
from mlmastery.sentiment_analysis.__main__ import main
from mlmastery.sentiment_analysis.service import (
    MAX_TEXT,
    MAX_TEXTS,
    PAGE,
    SentimentService,
    create_app,
)

TEXTS = ["good film", "a good one", "good", "bad film", "a bad one", "so bad"] * 4
JSON = {"content-type": "application/json"}
POSITIVE = [True, True, True, False, False, False] * 4


@pytest.fixture(scope="module")
def model():
    return SentimentModel().fit(TEXTS, POSITIVE)


@pytest.fixture(scope="module")
def client(model):
    with TestClient(create_app(model)) as client:
        yield client


def predict(client, text):
    return client.post("/predict", json={"text": text})


def test_answer_is_the_models_own(client, model):
    answer = predict(client, "a good film, a bad one").json()
    (p,) = model.predict_proba(["a good film, a bad one"])[:, 1]
    assert answer["probability"] == pytest.approx(p)
    assert answer["label"] == ("positive" if p > 0.5 else "negative")
    assert answer["unknown"] == [","]
    assert answer["note"] == ""
    sizes = [abs(word["effect"]) for word in answer["words"]]
    assert sizes == sorted(sizes, reverse=True)


def test_effects_sum_to_the_log_odds(client, model):
    many = SentimentModel().fit(
        [" ".join(f"w{n}" for n in range(40))] * 3 + ["bad"] * 3, [1] * 3 + [0] * 3
    )
    text = " ".join(f"w{n}" for n in range(40))
    with TestClient(create_app(many)) as large:
        long, short = predict(large, text).json(), predict(client, "good one").json()
    assert len(long["words"]) == 30
    assert long["others"] != 0 == short["others"]
    for answer in (long, short):
        effects = sum(word["effect"] for word in answer["words"]) + answer["others"]
        assert expit(answer["base"] + effects) == pytest.approx(answer["probability"])


def test_label_follows_the_probability(client):
    assert predict(client, "good").json()["label"] == "positive"
    assert predict(client, "bad").json()["label"] == "negative"


def test_even_odds_are_negative_as_the_model_says():
    neutral = SentimentModel().fit(TEXTS, POSITIVE)
    neutral.coef_, neutral.intercept_ = neutral.coef_ * 0, 0.0
    answer = SentimentService(neutral).predict("good")
    assert (answer["label"], answer["probability"]) == ("negative", 0.5)
    assert neutral.predict(["good"]).tolist() == [False]


@pytest.mark.parametrize(
    "text",
    [
        "😀🎉",
        "好看的电影",
        "فيلم رائع",
        "अच्छी फिल्म",
        "?!",
        "\u202egood\u202c",
        "x" * MAX_TEXT,
    ],
    ids=["emoji", "Chinese", "Arabic", "Hindi", "signs", "direction", "long"],
)
def test_unusual_texts_are_judged(client, text):
    answer = predict(client, text)
    assert answer.status_code == 200
    assert 0 < answer.json()["probability"] < 1


def test_text_without_known_words_is_as_likely_as_none(client, model):
    answer = predict(client, "😀🎉").json()
    assert answer["words"] == []
    assert answer["note"] == "no word is known: as likely as without any word"
    assert logit(answer["probability"]) == pytest.approx(model.intercept_)


def test_longest_text_of_four_byte_characters_fits_escaped_in_a_body(client):
    body = json.dumps({"text": "😀" * MAX_TEXT})  # twelve bytes each
    answer = client.post("/predict", content=body, headers=JSON)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "text must hold a word or sign, got only spaces or nothing"),
        (" \n\t\u00a0", "text must hold a word or sign, got only spaces or nothing"),
        ("\u200d\u200b", "text must hold a word or sign, got only spaces or nothing"),
        ("good\0film\0", "text must be without null characters, got 2"),
        ("x" * (MAX_TEXT + 1), "text must have at most 100000 characters, got 100001"),
    ],
    ids=["empty", "spaces", "joiners", "null", "too long"],
)
def test_texts_that_cannot_be_judged_are_refused(client, text, reason):
    answer = predict(client, text)
    assert (answer.status_code, answer.json()) == (422, {"error": reason})


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"good", 400, "the body must be valid JSON"),
        (b"", 422, "body: Field required"),
        (b"[]", 422, "body: Input should be a valid dictionary"),
        (b'{"text": 5}', 422, "body.text: Input should be a valid string"),
        (b'{"text": null}', 422, "body.text: Input should be a valid string"),
        (b'{"texts": ["a"]}', 422, "body.text: Field required"),
        (b'{"text": "a", "top": 3}', 422, "body.top: Extra inputs are not permitted"),
        (b'{"text": "good \\ud83d"}', 422, "text must be whole characters, got half"),
        (b'{"text": "\xff"}', 400, ""),
        (
            b'{"text": "' + b"x" * 2_200_000 + b'"}',
            413,
            "the body must have at most 2097152 bytes",
        ),
    ],
    ids=[
        "no JSON",
        "empty",
        "list",
        "number",
        "null",
        "other field",
        "extra",
        "surrogate",
        "not UTF-8",
        "huge",
    ],
)
def test_bodies_that_are_not_requests_are_refused(client, body, status, reason):
    answer = client.post("/predict", content=body, headers=JSON)
    assert answer.status_code == status
    assert list(answer.json()) == ["error"]
    assert answer.json()["error"].startswith(reason)


def test_batch_is_answered_in_order(client, model):
    texts = ["bad", "good", "😀", "bad film"]
    answer = client.post("/predict/batch", json={"texts": texts}).json()
    found = [one["probability"] for one in answer["predictions"]]
    np.testing.assert_allclose(found, model.predict_proba(texts)[:, 1])
    assert [one["label"] for one in answer["predictions"]][:2] == [
        "negative",
        "positive",
    ]
    assert found[1] == pytest.approx(predict(client, "good").json()["probability"])


def test_batches_are_bounded_and_the_first_bad_text_is_named(client):
    def error(texts):
        answer = client.post("/predict/batch", json={"texts": texts})
        assert answer.status_code == 422
        return answer.json()["error"]

    assert client.post("/predict/batch", json={"texts": ["a"] * MAX_TEXTS}).is_success
    assert error(["a"] * (MAX_TEXTS + 1)).startswith(
        "texts must be from 1 to 256, got 257"
    )
    assert error([]).startswith("texts must be from 1 to 256, got 0")
    assert error(["a", "", "\0"]).startswith("texts[1] must hold a word")
    assert error(["a", "b", 3]).startswith(
        "body.texts.2: Input should be a valid string"
    )


def test_page_loads_nothing_from_elsewhere_and_runs_its_own_script_only(client):
    answer = client.get("/")
    assert answer.text == PAGE.read_text(encoding="utf-8")
    assert answer.headers["content-type"].startswith("text/html")
    assert not re.findall(r"https?:|//[a-z]|@import|url\(", answer.text)
    assert "innerHTML" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_other_addresses_and_health(client):
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/predict").status_code == 405
    assert client.get("/docs").status_code == 404


def test_html_is_data(client):
    answer = predict(client, "<script>alert(1)</script> good")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["label"] == "positive"


def test_service_without_http_refuses_the_same(model):
    with pytest.raises(ValueError, match="text must hold a word or sign"):
        SentimentService(model).predict("")


def test_command_trains_predicts_and_serves(tmp_path, capsys):
    data, path = tmp_path / "reviews.csv", tmp_path / "model.json"
    rows = [f'"{t}",{int(p)}' for t, p in zip(TEXTS, POSITIVE, strict=True)]
    data.write_text("text,positive\n" + "\n".join(rows))
    assert main(["train", "--data", str(data), "--out", str(path)]) == 0
    assert capsys.readouterr().out == f"Trained on 24 texts, written to {path}\n"
    assert main(["predict", "--model", str(path), "good", "so bad"]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [line[0] for line in lines] == ["positive", "negative"]
    assert re.fullmatch(r"good \+\d+\.\d\d", lines[0][2])
    port = str(free_port())
    command = [sys.executable, "-m", "mlmastery.sentiment_analysis", "serve"]
    server = subprocess.Popen(
        [*command, "--model", str(path), "--port", port],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout.readline() == f"Serving at http://127.0.0.1:{port}\n"
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: _answers(address), timeout=60)
        answer = requests.post(f"{address}/predict", json={"text": "good"}, timeout=10)
        assert f"{answer.json()['probability']:.3f}" == lines[0][1]
    finally:
        kill(server)


def _answers(address):
    try:
        return requests.get(f"{address}/health", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("text,score\na,1\n", "must have the columns text, positive, got text, score"),
        ("text,positive\na,1\nb,yes\n", "positive must be 0 or 1, got 'yes'"),
        ("text,positive\na,1\nb,1\n", "must hold two classes"),
    ],
)
def test_command_says_why_it_cannot_train(tmp_path, capsys, content, reason):
    path = tmp_path / "reviews.csv"
    path.write_text(content)
    assert main(["train", "--data", str(path), "--out", str(tmp_path / "m")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert reason in error
    assert not (tmp_path / "m").exists()


def test_command_says_why_it_cannot_predict(tmp_path, model, capsys):
    assert main(["predict", "--model", str(tmp_path / "none"), "good"]) == 1
    assert "No such file" in capsys.readouterr().err
    model.save(path := tmp_path / "model.json")
    assert main(["predict", "--model", str(path), " "]) == 1
    assert (
        capsys.readouterr().err
        == "error: text must hold a word or sign, got only spaces or nothing\n"
    )


def test_texts_that_read_like_missing_values_are_texts(tmp_path, capsys):
    path = tmp_path / "reviews.csv"
    path.write_text("text,positive\nNA,1\nnull,1\nbad,0\nso bad,0\n")
    assert main(["train", "--data", str(path), "--out", str(tmp_path / "m")]) == 0
