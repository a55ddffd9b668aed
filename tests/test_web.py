"""What services share: errors are one sentence, and no body is too large."""

import pytest
import requests
from fastapi import Request

from mlmastery.web import content_policy, error_response, serving_app, web_app


class TooLateError(Exception):
    """Something came too late."""


@pytest.fixture(scope="module")
def address():
    statuses = {
        KeyError: 404,
        TooLateError: 409,
        ValueError: 422,
        OSError: (503, "send this again"),
    }
    app = web_app(statuses, max_body=100)

    @app.get("/missing")
    def missing():
        raise KeyError("the thing is not there")

    @app.get("/late")
    def late():
        raise TooLateError

    @app.get("/letters")
    def letters():
        return "é".encode("ascii")

    @app.get("/broken")
    def broken():
        raise OSError("password=1234")

    @app.get("/numbers/{number}")
    def number(number: int):
        return number

    @app.post("/size")
    async def size(request: Request):
        return len(await request.body())

    with serving_app(app) as url:
        yield url


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("missing", 404, "the thing is not there"),
        ("late", 409, ""),
        ("broken", 503, "send this again"),
        # The first argument of this error is the name of the codec alone.
        (
            "letters",
            422,
            "'ascii' codec can't encode character '\\xe9' in position 0: "
            "ordinal not in range(128)",
        ),
        ("nothing", 404, "Not Found"),
        ("docs", 404, "Not Found"),
    ],
)
def test_errors_are_a_sentence(address, path, status, words):
    answer = requests.get(f"{address}/{path}")
    assert (answer.status_code, answer.json()) == (status, {"error": words})


def test_a_wrong_field_is_named(address):
    answer = requests.get(f"{address}/numbers/one")
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("path.number: Input should be a valid int")
    assert requests.get(f"{address}/numbers/1").json() == 1


@pytest.mark.parametrize("size", [99, 100, 101, 100_000])
@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_body_is_taken_up_to_the_limit(address, size, in_chunks):
    body = b"x" * size
    halves = (part for part in (body[: size // 2], body[size // 2 :]))
    answer = requests.post(f"{address}/size", data=halves if in_chunks else body)
    if size <= 100:
        assert answer.json() == size
    else:
        assert answer.status_code == 413
        assert answer.json() == {"error": "the body must have at most 100 bytes"}


def test_an_answer_in_words():
    answer = error_response(404, "user 9 unknown")
    assert (answer.status_code, answer.body) == (404, b'{"error":"user 9 unknown"}')


PAGE = "<style>b {color: red}</style><script>go()</script>"


@pytest.mark.parametrize("part", ["red", "go()"])
def test_a_policy_is_that_of_the_very_page(part):
    policy = content_policy(PAGE)
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert policy != content_policy(PAGE.replace(part, "blue"))


def test_a_browser_runs_what_the_policy_names_and_nothing_else(browser):
    from fastapi import FastAPI
    from fastapi.responses import HTMLResponse

    page = "<p id=a>a</p><p id=b>b</p><script>a.textContent = 'ran'</script>"
    policy = content_policy(page)
    app = FastAPI()

    @app.get("/", response_class=HTMLResponse)
    def shown():
        injected = "<script>b.textContent = 'ran'</script>"
        return HTMLResponse(
            page + injected, headers={"Content-Security-Policy": policy}
        )

    with serving_app(app) as address:
        tab = browser.new_page()
        tab.goto(address)
        texts = [tab.locator(name).inner_text() for name in ("#a", "#b")]
        tab.close()
    assert texts == ["ran", "b"]
