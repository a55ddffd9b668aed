"""A prediction for one passenger, with the features it used and the reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from mlmastery.titanic_survival.features import as_passengers, deck_of, title_of
from mlmastery.validation import check_count

__all__ = ["FACTS", "PassengerPrediction", "predict_passenger", "reasons"]

# Features that come from one fact change together; apart, they would contradict.
FACTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sex and title": ("Sex", "Title"),
        "class": ("Pclass",),
        "age": ("Age", "AgeGroup"),
        "family": ("SibSp", "Parch", "FamilySize", "IsAlone"),
        "fare and ticket": ("Fare", "FareBin", "TicketGroup", "FarePerPerson"),
        "cabin": ("Deck",),
        "port": ("Embarked",),
    }
)
OPTIONAL = ("Age", "Ticket", "Fare", "Cabin", "Embarked")


@dataclass(frozen=True)
class PassengerPrediction:
    """Prediction for one passenger, and each fact's contribution to it.

    Parameters
    ----------
    survives : bool
    probability : float
        Of surviving, in [0, 1].
    features : Series
        Input of the model, after imputing and binning.
    reasons : Series
        Contribution of each fact to the probability minus ``average``, largest first.
    average : float
        Mean prediction for the background passengers.
    notes : tuple of str
        Values that were imputed, or not known from training.
    """

    survives: bool
    probability: float
    features: pd.Series
    reasons: pd.Series
    average: float
    notes: tuple[str, ...]


def reasons(
    model: Pipeline,
    passenger: pd.DataFrame,
    background: pd.DataFrame,
    n_walks: int = 60,
    random_state: int = 0,
) -> tuple[pd.Series, float]:
    """Estimate each fact's Shapley value of the prediction.

    Go from a random passenger of the background to this one, changing one fact at a
    time in random order, and record by how much each change moves the probability;
    average over many such walks (equation 4.6).

    Parameters
    ----------
    model : Pipeline
        As `make_model` gives it, fitted.
    passenger : DataFrame of shape (1, n_features)
        Features, not raw columns.
    background : DataFrame of shape (n, n_features)
        Features of the background passengers.
    n_walks, random_state : int

    Returns
    -------
    effects : Series of shape (n_facts,)
        Contributions; they sum to the prediction minus ``average``.
    average : float
        Mean prediction at the start of the walks.

    References
    ----------
    .. [1] Štrumbelj and Kononenko (2014), "Explaining Prediction Models and Individual
       Predictions with Feature Contributions", Knowledge and Information Systems 41.
    """
    rng = np.random.default_rng(random_state)
    facts = {f: [c for c in cs if c in passenger.columns] for f, cs in FACTS.items()}
    names = [fact for fact, columns in facts.items() if columns]
    orders = [rng.permutation(len(names)) for _ in range(n_walks)]
    starts = rng.integers(len(background), size=n_walks)
    steps = pd.concat(
        [
            _walk(background.iloc[[start]], passenger, [facts[names[i]] for i in order])
            for start, order in zip(starts, orders, strict=True)
        ],
        ignore_index=True,
    )
    p = model[1:].predict_proba(steps)[:, 1].reshape(n_walks, len(names) + 1)
    effects = np.zeros(len(names))
    for order, path in zip(orders, p, strict=True):
        effects[order] += np.diff(path) / n_walks
    return pd.Series(effects, index=names), float(p[:, 0].mean())


def _walk(
    start: pd.DataFrame, end: pd.DataFrame, groups: Sequence[list[str]]
) -> pd.DataFrame:
    """Return the rows of a walk: ``start``, then one more group from ``end`` each time."""
    rows = start.loc[start.index.repeat(len(groups) + 1)].reset_index(drop=True)
    for step, columns in enumerate(groups, start=1):
        for column in columns:
            rows.loc[step:, column] = end[column].iloc[0]
    return rows


def predict_passenger(
    model: Pipeline,
    passenger: Mapping[str, Any],
    background: pd.DataFrame,
    n_walks: int = 60,
    random_state: int = 0,
) -> PassengerPrediction:
    """Predict one passenger given as a dict, with the reasons.

    Parameters
    ----------
    model : Pipeline
        As `make_model` gives it, fitted, with ``predict_proba``.
    passenger : dict
        ``Pclass``, ``Name``, ``Sex``, ``SibSp`` and ``Parch``; and, if known, ``Age``,
        ``Ticket``, ``Fare``, ``Cabin`` and ``Embarked``.
    background : DataFrame
        Background passengers (raw columns), usually those of the training.
    n_walks, random_state : int
        For `reasons`.

    Raises
    ------
    TypeError
        If ``passenger`` is not a dict, or the model gives no probabilities.
    ValueError
        If a required key is missing, a value impossible or a number out of its range.

    Examples
    --------
    >>> from mlmastery.datasets import load_titanic
    >>> from mlmastery.titanic_survival import make_model
    >>> people = load_titanic()
    >>> model = make_model().fit(people, people["Survived"])
    >>> rose = {"Pclass": 1, "Name": "DeWitt Bukater, Miss. Rose", "Sex": "female",
    ...         "Age": 17, "SibSp": 0, "Parch": 1}
    >>> prediction = predict_passenger(model, rose, people)
    >>> prediction.survives, prediction.reasons.index[0]
    (True, 'sex and title')
    """
    if not isinstance(passenger, Mapping):
        raise TypeError(f"passenger must be a dict, got {type(passenger).__name__}")
    if not hasattr(model[-1], "predict_proba"):
        name = type(model[-1]).__name__
        raise TypeError(f"model must have predict_proba, which {name} does not have")
    check_count(n_walks, "n_walks")
    person = as_passengers({**dict.fromkeys(OPTIONAL), **passenger})
    features = model[0].transform(person)
    effects, average = reasons(
        model, features, model[0].transform(background), n_walks, random_state
    )
    probability = float(model[1:].predict_proba(features)[0, 1])
    order = effects.abs().sort_values(ascending=False).index
    return PassengerPrediction(
        survives=probability > 0.5,
        probability=probability,
        features=features.iloc[0].rename(None),
        reasons=effects[order],
        average=average,
        notes=tuple(_notes(model[0], person, features)),
    )


def _notes(transformer: Any, person: pd.DataFrame, features: pd.DataFrame) -> list[str]:
    """List the values that were imputed and those that training had not seen."""
    row, made = person.iloc[0], features.iloc[0]
    notes = [
        f"{name} not given, {made[name]} assumed"
        for name in ("Age", "Fare", "Embarked")
        if pd.isna(row[name]) and name in made
    ]
    port = row["Embarked"]
    if "Embarked" in made and not pd.isna(port) and port not in transformer.ports_:
        notes.append(f"port {port!r} is new, treated as none of the known ports")
    title, deck = title_of(person["Name"]).iloc[0], deck_of(person["Cabin"]).iloc[0]
    if "Title" in made and title not in transformer.titles_:
        notes.append(f"title {title!r} is rare or new, treated as 'rare'")
    if "Deck" in made and deck not in transformer.decks_:
        notes.append(f"deck {deck!r} is rare or new, treated as 'rare'")
    return notes
