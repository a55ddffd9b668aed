"""Turn the columns of a passenger into features: title, family, deck, groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Real
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted

from mlmastery.titanic_survival.imputers import GroupImputer
from mlmastery.validation import check_choice, check_count

__all__ = [
    "COLUMNS",
    "ENGINEERED",
    "STANDARD",
    "TitanicFeatures",
    "age_group",
    "as_passengers",
    "deck_of",
    "title_of",
]

COLUMNS = (
    "Pclass",
    "Name",
    "Sex",
    "Age",
    "SibSp",
    "Parch",
    "Ticket",
    "Fare",
    "Cabin",
    "Embarked",
)
STANDARD = ("Pclass", "Sex", "Age", "SibSp", "Parch", "Fare", "Embarked")
ENGINEERED = (
    "Title",
    "FamilySize",
    "IsAlone",
    "Deck",
    "AgeGroup",
    "FareBin",
    "TicketGroup",
    "FarePerPerson",
)
# Translations only: which titles are too rare to keep is learned from the data.
SYNONYMS: Mapping[str, str] = MappingProxyType(
    {"Mlle": "Miss", "Ms": "Miss", "Mme": "Mrs"}
)
AGE_EDGES = (0, 12, 18, 60, np.inf)
AGE_LABELS = ("Child", "Teen", "Adult", "Senior")
NUMBERS = ("Pclass", "Age", "SibSp", "Parch", "Fare")
LABELS = ("Ticket", "Cabin")  # texts that a reader of files may take for numbers


def title_of(names: pd.Series) -> pd.Series:
    """Return the title in each name: the word between the comma and a full stop.

    Parameters
    ----------
    names : Series or sequence of str
        In the form of the passenger list, "Surname, Title. Given names".

    Returns
    -------
    Series of str
        "Mlle" and "Ms" become "Miss", "Mme" becomes "Mrs"; "none" where there is none.

    Examples
    --------
    >>> names = ["Heikkinen, Miss. Laina", "Rothes, the Countess. of", "Cher"]
    >>> title_of(pd.Series(names)).tolist()
    ['Miss', 'Countess', 'none']
    """
    titles = as_text(names).str.extract(r",\s*(?:the\s+)?(\w+)\.")[0]
    return titles.replace(dict(SYNONYMS)).fillna("none")


def deck_of(cabins: pd.Series) -> pd.Series:
    """Return the deck letter of each cabin, "none" where no cabin is known.

    Several cabins ("C22 C26") give the first; so does "F G73", which is on deck F.

    Examples
    --------
    >>> deck_of(pd.Series(["C85", None, "F G73"])).tolist()
    ['C', 'none', 'F']
    """
    return as_text(cabins).str[:1].fillna("none")


def age_group(ages: pd.Series) -> pd.Series:
    """Return Child (to 12 years), Teen (to 18), Adult (to 60) or Senior.

    Each upper end belongs to its group; "none" where the age is missing.

    Examples
    --------
    >>> age_group(pd.Series([12, 13, 60.5, None])).tolist()
    ['Child', 'Teen', 'Senior', 'none']
    """
    given = ages if isinstance(ages, pd.Series) else pd.Series(ages, name="ages")
    ages = _as_floats(given)
    if (ages < 0).any():
        raise ValueError(f"ages must be at least 0, got {ages[ages < 0].iloc[0]:g}")
    groups = pd.cut(ages, AGE_EDGES, labels=AGE_LABELS, include_lowest=True)
    return as_text(groups).fillna("none")


def as_text(values: pd.Series) -> pd.Series:
    """Return the values as text without blanks around it, missing where there is none.

    Examples
    --------
    >>> as_text(pd.Series([1, None], dtype="object")).isna().tolist()
    [False, True]
    """
    values = pd.Series(values, dtype=None if len(values) else "object")
    text = values.astype("str").str.strip()  # of a missing value, pandas 2 writes "nan"
    return text.where(values.notna() & (text != ""))


def as_passengers(X: Any) -> pd.DataFrame:
    """Return a table of passengers with exactly the required columns, or raise.

    Parameters
    ----------
    X : DataFrame, dict or sequence of dict
        One passenger as a dict, several as a sequence of them, or a table.

    Returns
    -------
    DataFrame of shape (n_passengers, 10)
        The columns `COLUMNS`, numbers as floats.

    Raises
    ------
    ValueError
        If a column is missing or duplicate, or a value is impossible; the message
        names it.
    TypeError
        If ``X`` is none of these.

    Examples
    --------
    >>> as_passengers({"Name": "Doe, Miss. Jane", "Sex": "female"})
    Traceback (most recent call last):
        ...
    ValueError: missing columns: Pclass, Age, SibSp, Parch, Ticket, Fare, Cabin, Embarked
    """
    frame = _as_frame(X)
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise ValueError(f"missing columns: {', '.join(missing)}")
    frame = frame[list(COLUMNS)].copy()
    if frame.columns.has_duplicates:
        duplicate = frame.columns[frame.columns.duplicated()].unique()
        raise ValueError(f"duplicate columns: {', '.join(duplicate)}")
    for name in NUMBERS:
        frame[name] = _as_floats(frame[name])
    for name in LABELS:
        frame[name] = as_text(frame[name].astype(object).map(_as_label))
    frame["Embarked"] = as_text(frame["Embarked"])
    _check_values(frame)
    return frame


def _as_frame(X: Any) -> pd.DataFrame:
    if isinstance(X, pd.DataFrame):
        return X
    rows = [X] if isinstance(X, Mapping) else X
    if isinstance(rows, Sequence) and all(isinstance(row, Mapping) for row in rows):
        return pd.DataFrame(list(rows))
    raise TypeError(
        f"X must be a DataFrame, a dict or a list of dicts, got {type(X).__name__}"
    )


def _as_floats(column: pd.Series) -> pd.Series:
    try:
        known = column.astype(object).where(column.notna(), np.nan)
        numbers = pd.to_numeric(known)
        if numbers.dtype.kind == "c":
            raise TypeError("complex ones have no order")
        return numbers.astype(float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"column {column.name!r} must hold numbers: {error}") from None


def _as_label(cell: Any) -> Any:
    """Return a whole number as its text: a ticket read as 24160 or 24160.0 is "24160"."""
    if isinstance(cell, Real) and not pd.isna(cell) and float(cell).is_integer():
        return str(int(float(cell)))
    return cell


def _check_values(frame: pd.DataFrame) -> None:
    rules = {
        "Pclass": (frame["Pclass"].isin([1, 2, 3]), "must be 1, 2 or 3"),
        "Sex": (frame["Sex"].isin(["female", "male"]), "must be 'female' or 'male'"),
        "SibSp": (
            _is_count(frame["SibSp"]),
            "must be at least 0, at most 100 and whole",
        ),
        "Parch": (
            _is_count(frame["Parch"]),
            "must be at least 0, at most 100 and whole",
        ),
        "Age": (frame["Age"].isna() | frame["Age"].between(0, 120), "must be 0 to 120"),
        "Fare": (
            frame["Fare"].isna() | frame["Fare"].between(0, 1e6),
            "must be at least 0 and at most 1,000,000",
        ),
    }
    for name, (valid, rule) in rules.items():
        if not valid.all():
            raise ValueError(
                f"{name} {rule}, got {frame.loc[~valid, name].tolist()[0]!r}"
            )


def _is_count(numbers: pd.Series) -> pd.Series:
    return numbers.between(0, 100) & (numbers % 1 == 0)


def _check_columns(columns: Any) -> None:
    if isinstance(columns, str):
        raise ValueError(
            f"columns must be a list of features, got the text {columns!r}"
        )
    if not hasattr(columns, "__len__"):  # a generator is empty after the first look
        raise ValueError(f"columns must be a list of features, got {columns!r}")
    names = list(columns)
    unknown = set(names) - {*STANDARD, *ENGINEERED}
    if unknown:
        raise ValueError(f"columns names unknown features: {sorted(unknown)}")
    if not names:
        raise ValueError("columns must name at least one feature, got none")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"columns names {twice} twice")


def _names_by_ticket(people: pd.DataFrame) -> dict[str, set[str]]:
    """Return the names on each ticket; a passenger without a number shares none."""
    names: dict[str, set[str]] = {}
    for ticket, name in zip(people["Ticket"], people["Name"], strict=True):
        if not pd.isna(ticket):
            names.setdefault(ticket, set()).add(name)
    return names


class TitanicFeatures(TransformerMixin, BaseEstimator):
    """Features of a passenger: the seven standard columns and eight engineered ones.

    Parameters
    ----------
    columns : sequence of str, optional
        Which features to return; by default `STANDARD` and `ENGINEERED`.
    age_imputer : transformer, optional
        Fills ``Age`` in a table that also has ``Title``. By default the median of
        those with the same title and class; "keep" leaves ages missing.
    min_count : int, default=10
        Titles and decks of fewer training passengers become "rare".
    n_bins : int, default=4
        Number of fare bins, each with about as many training passengers.

    Attributes
    ----------
    titles_, decks_ : frozenset of str
        Those of at least ``min_count`` training passengers.
    fare_edges_ : ndarray
        Between the fare bins, in pounds.
    port_ : str
        The commonest port, for passengers whose port is missing.
    register_ : dict
        The names of the training passengers on each ticket.
    age_imputer_, fare_imputer_ : transformers
        Fitted.

    Raises
    ------
    ValueError, TypeError
        As `as_passengers`; and if ``columns`` names an unknown feature.

    Examples
    --------
    >>> from mlmastery.datasets import load_titanic
    >>> features = TitanicFeatures(["Title", "FamilySize", "Deck"])
    >>> features.fit_transform(load_titanic()).head(2)
        Title  FamilySize Deck
    0    Miss         1.0    B
    1  Master         4.0    C
    """

    def __init__(
        self,
        columns: Sequence[str] | None = None,
        age_imputer: Any = None,
        min_count: int = 10,
        n_bins: int = 4,
    ) -> None:
        self.columns = columns
        self.age_imputer = age_imputer
        self.min_count = min_count
        self.n_bins = n_bins

    def fit(self, X: Any, y: Any = None) -> TitanicFeatures:
        """Learn frequent titles and decks, fare bins and imputers; no outcomes.

        Parameters
        ----------
        X : DataFrame, dict or sequence of dict
        y : ignored
            The outcome is never used.
        """
        people = as_passengers(X)
        if people.empty:
            raise ValueError("X must hold at least one passenger, got none")
        self._check_parameters()
        self.titles_ = self._frequent(title_of(people["Name"]))
        self.decks_ = self._frequent(deck_of(people["Cabin"]))
        self.ports_ = frozenset(people["Embarked"].dropna())
        if not self.ports_:
            raise ValueError("Embarked must be known for one passenger at least")
        self.port_ = str(people["Embarked"].mode().iloc[0])
        self.fare_imputer_ = GroupImputer("Fare", by=["Pclass"]).fit(people)
        shares = np.linspace(0, 1, self.n_bins + 1)[1:-1]
        self.fare_edges_ = np.quantile(people["Fare"].dropna(), shares)
        self.register_ = _names_by_ticket(people)
        self.age_imputer_ = self._new_age_imputer()
        if self.age_imputer_ is not None:
            self.age_imputer_.fit(self._with_title_and_family(people))
        return self

    def transform(self, X: Any) -> pd.DataFrame:
        """Return the features of each passenger.

        Parameters
        ----------
        X : DataFrame, dict or sequence of dict

        Returns
        -------
        DataFrame of shape (n_passengers, n_columns)
            Indexed as ``X``.
        """
        check_is_fitted(self)
        people = as_passengers(X)
        if people.empty:
            raise ValueError("X must hold at least one passenger, got none")
        table = self._with_title_and_family(people)
        if self.age_imputer_ is not None:
            table["Age"] = self.age_imputer_.transform(table)["Age"]
        table["Fare"] = self.fare_imputer_.transform(table[list(COLUMNS)])["Fare"]
        table["Embarked"] = table["Embarked"].fillna(self.port_)
        table["IsAlone"] = (table["FamilySize"] == 1).astype(float)
        table["Deck"] = self._group_rare(deck_of(table["Cabin"]), self.decks_)
        table["AgeGroup"] = age_group(table["Age"])
        bins = np.searchsorted(self.fare_edges_, table["Fare"])
        table["FareBin"] = bins.astype(float)
        table["TicketGroup"] = self._ticket_group_sizes(table)
        table["FarePerPerson"] = table["Fare"] / table["TicketGroup"]
        return table[list(self.get_feature_names_out())]

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """Return the names of the columns that ``transform`` gives."""
        names = (*STANDARD, *ENGINEERED) if self.columns is None else self.columns
        return np.array(list(names), dtype=object)

    def _with_title_and_family(self, people: pd.DataFrame) -> pd.DataFrame:
        """Add the two features that the age imputer needs."""
        return people.assign(
            Title=self._group_rare(title_of(people["Name"]), self.titles_),
            FamilySize=people["SibSp"] + people["Parch"] + 1,
        )

    def _ticket_group_sizes(self, table: pd.DataFrame) -> np.ndarray:
        """Count the training passengers on each ticket, the row's own included."""
        pairs = zip(table["Ticket"], table["Name"], strict=True)
        sizes = [len(self.register_.get(t, set()) | {name}) for t, name in pairs]
        return np.array(sizes, dtype=float)

    def _frequent(self, values: pd.Series) -> frozenset[str]:
        counts = values.value_counts()
        return frozenset(counts.index[counts >= self.min_count])

    def _group_rare(self, values: pd.Series, frequent: frozenset[str]) -> pd.Series:
        return values.where(values.isin(frequent), "rare")

    def _new_age_imputer(self) -> Any:
        if self.age_imputer is None:
            return GroupImputer("Age", by=["Title", "Pclass"])
        return None if self.age_imputer == "keep" else clone(self.age_imputer)

    def _check_parameters(self) -> None:
        check_count(self.min_count, "min_count", 0)
        check_count(self.n_bins, "n_bins")
        if isinstance(self.age_imputer, str):
            check_choice(self.age_imputer, "age_imputer", ["keep"])
        if self.columns is not None:
            _check_columns(self.columns)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.dict = True
        tags.input_tags.allow_nan = True
        return tags
