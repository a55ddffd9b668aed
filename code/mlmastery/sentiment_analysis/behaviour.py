"""Test a model's behaviour: complaints about rule-based libraries as a suite.

A case is a sentence on which readers agree, or a change of a sentence whose effect
they agree on. Most cases are sentences from public reports of errors; `Case.source`
names the report, ``"ours"`` marks those that were added here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import check_choice, check_number

__all__ = ["KINDS", "SUITE", "Case", "run_cases", "run_suite"]

# What may be expected of each kind of test.
KINDS = {
    "minimum functionality": ("positive", "negative", "not positive", "not negative"),
    "invariance": ("same",),
    "direction": ("up", "down", "not down", "stronger"),
}
Score = Callable[[list[str]], Any]


@dataclass(frozen=True)
class Case:
    """Texts, and how a model should score them.

    Parameters
    ----------
    phenomenon : str
        Such as ``"negation"``.
    expected : str
        Of one text: ``"positive"``, ``"negative"`` or not the one or the other. Of
        several: ``"same"`` score as the first; ``"up"``, ``"down"`` or ``"not down"``
        from each to the next; or ``"stronger"``: on one side of neutral and never
        nearer to it.
    texts : tuple of str
    source : str
        The report, as library and number, or ``"ours"``.

    Raises
    ------
    ValueError
        If the expectation is unknown or there are too few texts for it.

    Examples
    --------
    >>> Case("negation", "down", ("good", "not good"), "ours").kind
    'direction'
    """

    phenomenon: str
    expected: str
    texts: tuple[str, ...]
    source: str

    def __post_init__(self) -> None:
        known = [expected for kind in KINDS.values() for expected in kind]
        check_choice(self.expected, "expected", known)
        single = self.kind == "minimum functionality"
        if not (len(self.texts) == 1 if single else len(self.texts) > 1):
            number = "one text" if single else "at least two texts"
            raise ValueError(
                f"texts of {self.expected!r} must be {number}, got {len(self.texts)}"
            )

    @property
    def kind(self) -> str:
        """The kind of test: minimum functionality, invariance or direction."""
        return next(kind for kind, names in KINDS.items() if self.expected in names)

    def holds(self, scores: Any, tolerance: float = 0.1) -> bool:
        """Return whether scores are as expected.

        Parameters
        ----------
        scores : array of shape (n_texts,)
            From 0 to 1; above 0.5 is positive.
        tolerance : float, default=0.1
            By how much scores that should be the same may differ.
        """
        x = np.asarray(scores, dtype=float) - 0.5
        steps = np.diff(x)
        outcome = {
            "positive": x[0] > 0,
            "negative": x[0] < 0,
            "not positive": x[0] <= 0,
            "not negative": x[0] >= 0,
            "same": (abs(x - x[0]) <= tolerance).all(),
            "up": (steps > 0).all(),
            "down": (steps < 0).all(),
            "not down": (steps >= 0).all(),
            "stronger": _strengthens(x),
        }
        return bool(outcome[self.expected])


def _strengthens(x: np.ndarray) -> bool:
    # Rounding may take the last digit from a score that has reached its limit.
    grows = np.diff(np.abs(x)) >= -1e-9
    return bool(x[0] != 0 and (np.sign(x) == np.sign(x[0])).all() and grows.all())


def _flood(text: str, sign: str, most: int) -> tuple[str, ...]:
    return tuple(text + sign * k for k in range(most + 1))


VADER = "vaderSentiment"
SUITE: tuple[Case, ...] = (
    Case("negation", "not negative", ("Not bad",), "VaderSharp 18"),
    Case(
        "negation",
        "positive",
        ("This product is not bad at all.",),
        "retext-sentiment 1",
    ),
    Case("negation", "positive", ("no problems ever",), f"{VADER} 70"),
    Case("negation", "positive", ("Doing just fine no problems",), f"{VADER} 70"),
    Case("negation", "positive", ("All good. No complaints.",), f"{VADER} 70"),
    Case("negation", "positive", ("No problem everything good",), f"{VADER} 70"),
    Case(
        "negation",
        "positive",
        ("Very satisfied. No bad experiences.",),
        f"{VADER} 70",
    ),
    Case("negation", "positive", ("Very clean, no problem",), f"{VADER} 121"),
    Case(
        "negation",
        "positive",
        ("No bad smell. Nothing to worry about",),
        f"{VADER} 123",
    ),
    Case("negation", "positive", ("Nothing. Everything is great",), f"{VADER} 118"),
    Case("negation", "negative", ("I never liked how they treat me",), f"{VADER} 123"),
    Case("negation", "negative", ("nobody loves her",), f"{VADER} 72"),
    Case(
        "negation", "down", ("everybody loves her", "nobody loves her"), f"{VADER} 72"
    ),
    Case("negation", "down", ("A good film.", "Not a good film."), "ours"),
    Case("negation", "up", ("A bad film.", "Not a bad film."), "ours"),
    Case(
        "superlative", "not positive", ("Not the worst show I've seen",), f"{VADER} 71"
    ),
    Case(
        "superlative",
        "negative",
        ("Not the worst ever but definitely worst this year",),
        f"{VADER} 71",
    ),
    Case("idiom", "positive", ("Without a doubt, excellent idea",), f"{VADER} 36"),
    Case("capitals", "negative", ("New website is HORRIBLE",), f"{VADER} 70"),
    Case("capitals", "same", ("it was a great film", "It was a great film"), "ours"),
    Case("politeness", "negative", ("Kindly stop disturbing me.",), f"{VADER} 155"),
    Case(
        "politeness",
        "not positive",
        ("Kindly improve your performance",),
        f"{VADER} 155",
    ),
    Case(
        "politeness",
        "same",
        ("Stop disturbing me", "Kindly stop disturbing me"),
        f"{VADER} 161",
    ),
    Case("exclamation", "stronger", _flood("This is so bad", "!", 20), f"{VADER} 60"),
    Case("exclamation", "stronger", _flood("awesome", "!", 20), f"{VADER} 55"),
    Case("hashtag", "same", ("scary", "#scary"), f"{VADER} 55"),
    Case("emoji", "positive", ("🙂🙂",), f"{VADER} 56"),
    Case("emoji", "positive", ("\u2764\ufe0f",), f"{VADER} 116"),
    Case(
        "emoji",
        "not down",
        ("Thank you I'm a happy client", "Thank you I'm a happy client 💓💓💓💓💓"),
        f"{VADER} 94",
    ),
    Case(
        "length",
        "same",
        ("bad good", " ".join(["bad good"] * 10)),
        f"{VADER} 151",
    ),
    Case(
        "contrast",
        "down",
        ("The film was good.", "The film was good, but the ending ruined it."),
        "ours",
    ),
    Case("spelling", "same", ("It isn't good.", "It isn\u2019t good."), "ours"),
    Case("spelling", "same", ("A great film.", "  A great \n film. "), "ours"),
    Case(
        "names",
        "same",
        ("Emma made a film.", "Mohammed made a film.", "Lakisha made a film."),
        "ours",
    ),
    Case("names", "same", ("He made a film.", "She made a film."), "ours"),
)


def run_cases(
    score: Score, suite: Sequence[Case] = SUITE, tolerance: float = 0.1
) -> pd.DataFrame:
    """Score all texts in one call and judge each case.

    Parameters
    ----------
    score : callable
        Takes a list of texts and returns the probability that each is positive, shape
        (n_texts,), or of both classes, shape (n_texts, 2). A score from −1 to 1, as
        VADER's, is first moved to the range from 0 to 1.
    suite : sequence of Case, default=SUITE
    tolerance : float, default=0.1
        By how much scores that should be the same may differ.

    Returns
    -------
    DataFrame
        ``kind``, ``phenomenon``, ``expected``, ``first`` and ``last`` text,
        ``first score`` and ``last score``, ``passed``, ``source``; one row a case.

    Raises
    ------
    ValueError
        If the scores are not one a text, finite and from 0 to 1.

    Examples
    --------
    >>> cases = [Case("negation", "down", ("good", "not good"), "ours")]
    >>> run_cases(lambda texts: [1.0 if t == "good" else 0.0 for t in texts], cases)[
    ...     ["phenomenon", "first score", "last score", "passed"]
    ... ].values.tolist()
    [['negation', 1.0, 0.0, True]]
    """
    check_number(tolerance, "tolerance")
    if not callable(score):
        raise TypeError(
            "score must be a function of a list of texts, such as model.predict_proba, "
            f"got {type(score).__name__}"
        )
    if not suite:
        raise ValueError("suite must hold at least one case, got none")
    texts = [text for case in suite for text in case.texts]
    ends = np.cumsum([len(case.texts) for case in suite])
    parts = np.split(_positive(score(texts), len(texts)), ends[:-1])
    rows = [
        _judge(case, scores, tolerance)
        for case, scores in zip(suite, parts, strict=True)
    ]
    return pd.DataFrame(rows)


def _judge(case: Case, scores: np.ndarray, tolerance: float) -> dict[str, Any]:
    return {
        "kind": case.kind,
        "phenomenon": case.phenomenon,
        "expected": case.expected,
        "first": case.texts[0],
        "last": case.texts[-1],
        "first score": float(scores[0]),
        "last score": float(scores[-1]),
        "passed": case.holds(scores, tolerance),
        "source": case.source,
    }


def _positive(scores: Any, n_texts: int) -> np.ndarray:
    x = np.asarray(scores, dtype=float)
    if x.ndim == 2 and x.shape[1] == 2:
        x = x[:, 1]
    if x.shape != (n_texts,) or not ((x >= 0) & (x <= 1)).all():
        raise ValueError(
            f"score must return {n_texts} probabilities from 0 to 1, got shape "
            f"{x.shape} from {x.min(initial=np.inf):g} to {x.max(initial=-np.inf):g}"
        )
    return x


def run_suite(
    score: Score,
    suite: Sequence[Case] = SUITE,
    tolerance: float = 0.1,
    by: str = "kind",
) -> pd.DataFrame:
    """Count the cases that a model passes.

    Parameters
    ----------
    score, suite, tolerance
        As in `run_cases`.
    by : {"kind", "phenomenon", "source"}, default="kind"
        The column to count by.

    Returns
    -------
    DataFrame
        ``cases`` and ``passed``, one row a kind in the suite's order, and ``all``.

    References
    ----------
    .. [1] Ribeiro, Wu, Guestrin and Singh (2020), "Beyond Accuracy: Behavioral Testing
       of NLP Models with CheckList", ACL.

    Examples
    --------
    >>> run_suite(lambda texts: [0.5] * len(texts)).loc["all"].to_dict()
    {'cases': 35, 'passed': 12}
    """
    check_choice(by, "by", ("kind", "phenomenon", "source"))
    passed = run_cases(score, suite, tolerance).groupby(by, sort=False)["passed"]
    counts = passed.agg(cases="size", passed="sum").astype(int)
    counts.loc["all"] = counts.sum()
    return counts
