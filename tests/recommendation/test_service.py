"""The service over real HTTP: ratings count at once, once, and survive a kill."""

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import requests
from kit.servers import free_port, kill, wait_until

from mlmastery.recommendation import EASE, FunkSVD, Recommender
from mlmastery.recommendation.__main__ import main
from mlmastery.recommendation.service import RecommendationService, create_app, serving
from mlmastery.recommendation.store import RatingStore
from mlmastery.web import serving_app


@pytest.fixture(scope="module")
def ratings():
    """Two tastes: users of even number like even films."""
    rng = np.random.default_rng(0)
    rows = []
    for user in range(60):
        for film in rng.choice(40, size=15, replace=False).tolist():
            liked = (user - film) % 2 == 0
            stars = rng.integers(8, 11) / 2 if liked else rng.integers(1, 5) / 2
            rows.append((user, film, float(stars)))
    return pd.DataFrame(rows, columns=["user_id", "movie_id", "rating"])


@pytest.fixture
def model(ratings):
    titles = {film: f"Film {film:02}" for film in range(40)}
    rater = FunkSVD(n_factors=4, n_epochs=30)
    return Recommender(titles, EASE(10.0, min_likes=1), rater).fit(ratings)


@pytest.fixture
def address(model):
    with serving(model) as url:
        yield url


def recommended(address, user, **options):
    answer = requests.get(f"{address}/users/{user}/recommendations", params=options)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rate(address, key, user, movie, rating):
    body = {"key": key, "user": user, "movie": movie, "rating": rating}
    return requests.post(f"{address}/ratings", json=body)


def ids(answer):
    return [film["movie_id"] for film in answer["films"]]


def test_a_user_gets_unseen_films_with_reasons(address, ratings, model):
    answer = recommended(address, 4, k=5)
    assert answer["user"] == 4
    assert answer["reason"] == ""
    seen = set(ratings.loc[ratings["user_id"] == 4, "movie_id"])
    assert len(answer["films"]) == 5
    assert not seen & set(ids(answer))
    assert all(film % 2 == 0 for film in ids(answer))
    first = answer["films"][0]
    assert first["title"] == f"Film {first['movie_id']:02}"
    assert first["reason"].startswith("because you liked Film ")
    assert set(first["because"]) <= seen
    assert [s.item for s in model.recommend(4, 5)] == ids(answer)


def test_ten_films_come_unless_said_otherwise(address, model):
    assert ids(recommended(address, 4)) == ids(recommended(address, 4, k=10))
    service = RecommendationService(model)
    assert len(service.recommend(4)["films"]) == 10
    service.close()


def test_films_already_seen_come_on_demand(address, ratings):
    everything = ids(recommended(address, 4, k=40, exclude_seen="false"))
    unseen = ids(recommended(address, 4, k=40))
    seen = set(ratings.loc[ratings["user_id"] == 4, "movie_id"])
    assert set(everything) - set(unseen) == seen


def test_an_unknown_user_gets_the_films_of_all_and_is_told(address, model):
    answer = recommended(address, 999, k=3)
    assert answer["reason"] == "user 999 unknown: films that most users like"
    assert ids(answer) == [s.item for s in model.recommend(999, 3)]
    assert all(film["because"] == [] for film in answer["films"])


def test_a_rating_counts_at_once(address):
    before = recommended(address, 999, k=10)
    assert rate(address, "a", 999, 3, 5.0).json() == {"status": "stored"}
    assert rate(address, "b", 999, 5, 4.5).json() == {"status": "stored"}
    after = recommended(address, 999, k=10)
    assert after["reason"] == ""
    assert not {3, 5} & set(ids(after))
    odd = [film % 2 for film in ids(after)]
    assert np.mean(odd) > np.mean([film % 2 for film in ids(before)])
    assert np.mean(odd) == 1
    assert recommended(address, 4)["films"]  # the others are as before


def test_a_user_who_likes_nothing_is_told(address):
    rate(address, "a", 999, 3, 0.5)
    answer = recommended(address, 999)
    words = "user 999 likes none of the films learned: those of most users"
    assert answer["reason"] == words
    assert 3 not in ids(answer)


def test_a_like_is_a_like_also_where_it_explains_none_of_the_films(address, model):
    """The last of all films have no liked film that speaks for them."""
    seen = [film for film in model.items_ if film not in (0, 1)]
    for film in seen:
        rate(address, f"film {film}", 999, film, 5.0 if film == 3 else 0.5)
    model.ranker.weights_ = -np.abs(model.ranker.weights_)
    answer = recommended(address, 999)
    assert sorted(ids(answer)) == [0, 1]
    assert not any(film["because"] for film in answer["films"])
    assert answer["reason"] == ""


def test_a_rating_sent_twice_counts_once_also_after_a_newer_one(model):
    service = RecommendationService(model)
    assert service.rate("monday", 7, 3, 5.0) == "stored"
    assert service.rate("tuesday", 7, 3, 1.0) == "stored"
    assert service.rate("monday", 7, 3, 5.0) == "duplicate"  # delivered late
    assert model.seen_[7][3] == 1.0
    assert service.store.ratings() == [(7, 3, 5.0), (7, 3, 1.0)]
    service.close()


def test_a_key_of_another_rating_is_refused(address):
    assert rate(address, "a", 7, 3, 5.0).status_code == 200
    for other in ((8, 3, 5.0), (7, 5, 5.0), (7, 3, 4.0)):
        answer = rate(address, "a", *other)
        assert answer.status_code == 409
        assert answer.json() == {"error": "key 'a' was used for another rating"}
    assert rate(address, "a", 7, 3, 5).json() == {"status": "duplicate"}


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"rating": 5.5}, 422, "rating must be a number of at least 0.5 and at most 5"),
        ({"rating": 0.0}, 422, "rating must be a number of at least 0.5"),
        ({"rating": "5"}, 422, "body.rating: Input should be a valid number"),
        ({"rating": True}, 422, "body.rating: Input should be a valid number"),
        ({"rating": float("nan")}, 422, "rating"),
        ({"movie": 4000}, 404, "film 4000 unknown"),
        ({"movie": "3"}, 422, "body.movie: Input should be a valid integer"),
        ({"user": -1}, 422, "body.user: Input should be greater than or equal to 0"),
        ({"user": 10**30}, 422, "body.user"),
        ({"key": ""}, 422, "key must have 1 to 200 printable characters, got ''"),
        ({"key": "k" * 201}, 422, "key must have 1 to 200 printable characters"),
        ({"key": "\ud800"}, 422, "key must have 1 to 200 printable characters"),
        ({"stars": 3}, 422, "body.stars: Extra inputs are not permitted"),
    ],
)
def test_bad_ratings_are_refused_with_a_reason(address, body, status, words):
    good = {"key": "bad", "user": 7, "movie": 3, "rating": 4.0}
    sent = json.dumps(good | body)
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{address}/ratings", data=sent, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"].startswith(words)
    assert rate(address, "bad", 7, 3, 4.0).json() == {"status": "stored"}


def test_what_is_not_json_or_much_too_long_is_refused(address):
    headers = {"Content-Type": "application/json"}
    url = f"{address}/ratings"
    broken = requests.post(url, data='{"key": ', headers=headers)
    assert broken.status_code == 400
    assert broken.json()["error"].startswith("the body must be valid JSON: ")
    huge = requests.post(url, data=b" " * 70_000, headers=headers)
    assert huge.status_code == 413
    assert huge.json() == {"error": "the body must have at most 65536 bytes"}
    chunks = requests.post(url, data=(b" " * 10_000 for _ in range(8)), headers=headers)
    assert chunks.status_code == 413
    missing = requests.post(url, json={"key": "a"})
    assert missing.status_code == 422
    assert missing.json() == {"error": "body.user: Field required"}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (
            "users/ana/recommendations",
            422,
            "path.user: Input should be a valid integer",
        ),
        ("users/-1/recommendations", 422, "path.user: Input should be greater"),
        ("users/1/recommendations?k=0", 422, "query.k: Input should be greater"),
        ("users/1/recommendations?k=101", 422, "query.k: Input should be less"),
        ("films", 404, "Not Found"),
        ("ratings", 405, "Method Not Allowed"),
    ],
)
def test_bad_questions_get_a_sentence(address, path, status, words):
    answer = requests.get(f"{address}/{path}")
    assert answer.status_code == status
    assert answer.json()["error"].startswith(words)


def test_ratings_from_many_threads_are_all_kept(model, tmp_path):
    url = f"sqlite:///{tmp_path}/ratings.db"
    jobs = [(user, film) for user in range(100, 110) for film in range(12)]
    with serving(model, url) as address, ThreadPoolExecutor(12) as pool:

        def send(job):
            return rate(address, f"{job[0]}-{job[1]}", *job, 4.5).json()["status"]

        assert set(pool.map(send, jobs * 2)) == {"stored", "duplicate"}
    assert sorted(r[:2] for r in RatingStore(url).ratings()) == sorted(jobs)
    assert all(len(model.seen_[user]) == 12 for user in range(100, 110))


def test_a_restart_folds_in_what_was_stored(model, ratings, tmp_path):
    url = f"sqlite:///{tmp_path}/ratings.db"
    with serving(model, url) as address:
        for n, film in enumerate((3, 5, 3)):
            rate(address, str(n), 999, film, 5.0 - n)
        before = recommended(address, 999)
    fresh = Recommender(model.titles, model.ranker, model.rater).fit(ratings)
    with serving(fresh, url) as address:
        after = recommended(address, 999)
        assert rate(address, "0", 999, 3, 5.0).json() == {"status": "duplicate"}
    assert fresh.seen_[999] == {3: 3.0, 5: 4.0}
    assert ids(after) == ids(before)
    np.testing.assert_allclose(fresh.user_factors(999), model.user_factors(999))


def test_films_that_a_later_model_lacks_do_not_stop_it(model, ratings, tmp_path):
    url = f"sqlite:///{tmp_path}/ratings.db"
    store = RatingStore(url)
    store.add("a", 999, 12345, 4.0)
    store.add("b", 999, 3, 4.0)
    store.close()
    service = RecommendationService(model, url)
    assert model.seen_[999] == {3: 4.0}
    service.close()


def test_a_database_that_fails_gives_503_and_changes_nothing(model):
    service = RecommendationService(model)
    with service.store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE ratings")
    with serving_app(create_app(service)) as address:
        answer = rate(address, "a", 999, 3, 5.0)
    assert answer.status_code == 503
    # Without the words of the database, which name its tables.
    assert answer.json()["error"] == "the database does not answer, send this again"
    assert 999 not in model.seen_
    service.close()


SERVER = [sys.executable, "-m", "mlmastery.recommendation", "serve"]


def start_server(url, port):
    process = subprocess.Popen(
        [*SERVER, "--url", url, "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"

    def answers():
        assert process.poll() is None, process.stdout.read()
        try:
            return requests.get(f"{address}/users/1/recommendations").ok
        except requests.ConnectionError:
            return False

    wait_until(answers, timeout=90, pause=0.1)
    return process, address


def test_ratings_survive_a_kill_in_the_middle_of_many(tmp_path):
    url = f"sqlite:///{tmp_path}/ratings.db"
    process, address = start_server(url, free_port())
    answered = []

    def send():
        for n in range(10_000):
            try:
                status = rate(address, f"click-{n}", 15, 1 + n % 2, 4.0).json()[
                    "status"
                ]
            except requests.RequestException:
                return
            answered.append((n, status))

    sender = threading.Thread(target=send)
    sender.start()
    wait_until(lambda: len(answered) > 30)
    kill(process)
    sender.join()
    kept = len(RatingStore(url).ratings())
    # All that were answered, and at most the one that was on its way.
    assert len(answered) <= kept <= len(answered) + 1
    assert all(status == "stored" for _, status in answered)
    assert RatingStore(url).add("click-0", 15, 1, 4.0) == "duplicate"


def test_an_answer_takes_milliseconds(model):
    service = RecommendationService(model)
    service.recommend(4)
    start = time.process_time()
    for _ in range(50):
        service.recommend(4)
    assert (time.process_time() - start) / 50 < 0.005
    service.close()


def test_the_command_recommends_and_names_unknown_users(tmp_path, capsys):
    url = f"sqlite:///{tmp_path}/ratings.db"
    assert main(["recommend", "15", "--k", "3", "--url", url]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all("because you liked" in line for line in lines)
    assert main(["recommend", "99999", "--k", "2", "--url", url]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "user 99999 unknown: films that most users like"
    assert len(lines) == 3


def test_the_command_says_what_is_wrong(capsys):
    assert main(["recommend", "15", "--url", "postgresql://nowhere/db"]) == 1
    message = "error: url must be of SQLite, got 'postgresql://nowhere/db'\n"
    assert capsys.readouterr().err == message
    assert main(["recommend", "15", "--url", "sqlite:////no/such/folder/r.db"]) == 1
    assert "unable to open database file" in capsys.readouterr().err
    assert main(["recommend", "15", "--k", "0", "--url", "sqlite://"]) == 1
    assert "k must be a whole number" in capsys.readouterr().err
