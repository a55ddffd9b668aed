"""Serve a sentiment model: a page to type in, one text, or many at once.

>>> import requests
>>> from mlmastery.sentiment_analysis import SentimentModel
>>> texts = ["good film", "a good one", "bad film", "a bad one"] * 3
>>> model = SentimentModel().fit(texts, [1, 1, 0, 0] * 3)
>>> with serving(model) as address:
...     requests.post(f"{address}/predict", json={"text": "so good"}).json()["label"]
'positive'
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict

from mlmastery.web import content_policy, serving_app, web_app

from .model import SentimentModel

__all__ = [
    "MAX_BODY",
    "MAX_TEXT",
    "MAX_TEXTS",
    "SentimentService",
    "create_app",
    "serve",
    "serving",
]

MAX_TEXT = 100_000  # characters
MAX_TEXTS = 256  # of one batch
MAX_BODY = 2 * 1024 * 1024  # bytes: the longest text, each character escaped in JSON
MAX_WORDS = 30  # of an explanation; the effects of the others are summed
PAGE = Path(__file__).with_name("page.html")


class SentimentService:
    """A fitted model behind checks of what is sent to it, without HTTP.

    Parameters
    ----------
    model : SentimentModel
        Fitted; its second class is called positive.

    Examples
    --------
    >>> texts = ["good film", "a good one", "bad film", "a bad one"] * 3
    >>> service = SentimentService(SentimentModel().fit(texts, [1, 1, 0, 0] * 3))
    >>> answer = service.predict("good, really")
    >>> answer["label"], answer["words"][0]["word"], answer["unknown"]
    ('positive', 'good', [',', 'really'])
    """

    def __init__(self, model: SentimentModel) -> None:
        self.model = model

    def predict(self, text: str) -> dict[str, Any]:
        """Return the probability that a text is positive, and the words behind it.

        Parameters
        ----------
        text : str
            At most 100,000 characters.

        Returns
        -------
        dict
            ``label``; ``probability`` of positive; ``base``, the log odds without any
            word; ``words``, the 30 with the largest effects, each with ``word`` and
            ``effect`` on the log odds; ``others``, the sum of the other effects;
            ``unknown``, at most 30 words; ``note`` where no word is known, else empty.

        Raises
        ------
        ValueError
            If the text is empty, too long, or holds null characters.
        """
        check_text(text)
        explained = self.model.explain(text)
        effects = list(explained.words.items())
        note = "" if effects else "no word is known: as likely as without any word"
        return {
            **_verdict(explained.probability),
            "base": explained.base,
            "words": [{"word": w, "effect": x} for w, x in effects[:MAX_WORDS]],
            "others": float(sum(effect for _, effect in effects[MAX_WORDS:])),
            "unknown": explained.unknown[:MAX_WORDS],
            "note": note,
        }

    def predict_batch(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Return label and probability of each text, in the order of the texts.

        Parameters
        ----------
        texts : sequence of str
            From 1 to 256.

        Raises
        ------
        ValueError
            If there are none or too many, or one is not as `predict` takes it: the
            message names the first of these.
        """
        if not 1 <= len(texts) <= MAX_TEXTS:
            raise ValueError(
                f"texts must be from 1 to {MAX_TEXTS}, got {len(texts)}: "
                "send more in several requests"
            )
        for number, text in enumerate(texts):
            check_text(text, f"texts[{number}]")
        return [_verdict(p) for p in self.model.predict_proba(texts)[:, 1].tolist()]


def check_text(text: str, name: str = "text") -> None:
    """Raise unless a text can be judged.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_text("  ")
    Traceback (most recent call last):
        ...
    ValueError: text must hold a word or sign, got only spaces or nothing
    """
    if len(text) > MAX_TEXT:
        raise ValueError(
            f"{name} must have at most {MAX_TEXT} characters, got {len(text)}"
        )
    if "\0" in text:
        raise ValueError(
            f"{name} must be without null characters, got {text.count(chr(0))}"
        )
    # JSON may hold half of a pair of code units, which no answer could repeat.
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError(f"{name} must be whole characters, got half of a pair")
    # Zero-width and direction marks are no spaces for Python, but nothing to judge.
    if not any(
        character.isprintable() and not character.isspace() for character in text
    ):
        raise ValueError(f"{name} must hold a word or sign, got only spaces or nothing")


def _verdict(probability: float) -> dict[str, Any]:
    label = "positive" if probability > 0.5 else "negative"
    return {"label": label, "probability": probability}


class _Text(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    text: str


class _Texts(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    texts: list[str]


def create_app(model: SentimentModel, max_body: int = MAX_BODY) -> FastAPI:
    """Return the ASGI application of a model.

    Parameters
    ----------
    model : SentimentModel
        Fitted.
    max_body : int, default=2097152
        Bytes of a request; a larger one is answered 413.
    """
    service, app = SentimentService(model), web_app({ValueError: 422}, max_body)
    page = PAGE.read_text(encoding="utf-8")
    headers = {"Content-Security-Policy": content_policy(page)}

    @app.get("/", response_class=HTMLResponse)
    def form() -> HTMLResponse:
        return HTMLResponse(page, headers=headers)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/predict")
    def predict(body: _Text) -> dict[str, Any]:
        return service.predict(body.text)

    @app.post("/predict/batch")
    def predict_batch(body: _Texts) -> dict[str, Any]:
        return {"predictions": service.predict_batch(body.texts)}

    return app


def serve(model: SentimentModel, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve until the process is told to stop.

    Parameters
    ----------
    model : SentimentModel
        Fitted.
    host : str, default="127.0.0.1"
    port : int, default=8000
    """
    uvicorn.run(create_app(model), host=host, port=port, log_level="warning")


@contextmanager
def serving(model: SentimentModel) -> Iterator[str]:
    """Serve on a free port of this machine until the end of the ``with``.

    Yields
    ------
    str
        The address, without a last slash.
    """
    with serving_app(create_app(model)) as address:
        yield address
