"""A suite of small tasks: what to predict from which columns of the book's data sets.

>>> task = load_task("wine")
>>> task.X.shape, task.kind
((178, 13), 'classes')
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd
from sklearn import datasets as bundled

from mlmastery.datasets import (
    load_ames,
    load_attrition,
    load_auto_mpg,
    load_credit_data,
    load_diabetes,
    load_diamonds,
    load_lending_club,
    load_telco_churn,
    load_titanic,
    load_wine,
)
from mlmastery.validation import check_choice

__all__ = ["SUITE", "Task", "load_task"]


class Task(NamedTuple):
    """A table, its target, and whether the target is a class or a number.

    Examples
    --------
    >>> Task("tiny", pd.DataFrame({"x": [1]}), pd.Series([0]), "classes").name
    'tiny'
    """

    name: str
    X: pd.DataFrame
    y: pd.Series
    kind: str


# Name: loader, target, kind, columns that would tell the answer or name the row.
SOURCES: dict[str, tuple[Callable[[], pd.DataFrame], str, str, tuple[str, ...]]] = {
    "ames": (load_ames, "price", "numbers", ("order", "pid")),
    "attrition": (load_attrition, "Attrition", "classes", ()),
    "auto_mpg": (load_auto_mpg, "mpg", "numbers", ("name",)),
    "cancer": (lambda: _bundled(bundled.load_breast_cancer), "target", "classes", ()),
    "credit": (load_credit_data, "Status", "classes", ()),
    "diabetes": (load_diabetes, "progression", "numbers", ()),
    "diamonds": (load_diamonds, "price", "numbers", ()),
    "digits": (lambda: _bundled(bundled.load_digits), "target", "classes", ()),
    "lending": (load_lending_club, "Class", "classes", ()),
    "telco": (load_telco_churn, "churn", "classes", ()),
    "titanic": (
        load_titanic,
        "Survived",
        "classes",
        ("Name", "Ticket", "Cabin", "Boat", "Body", "HomeDest"),
    ),
    "wine": (load_wine, "cultivar", "classes", ()),
}
SUITE = tuple(SOURCES)


def load_task(name: str) -> Task:
    """Load a task of the suite.

    Parameters
    ----------
    name : str
        One of `SUITE`.

    Returns
    -------
    Task
        Rows without a target are left out.

    Raises
    ------
    ValueError
        If the name is none of these.
    """
    check_choice(name, "name", SUITE)
    load, target, kind, left_out = SOURCES[name]
    table = load().dropna(subset=[target]).reset_index(drop=True)
    y = table[target].astype(float if kind == "numbers" else str)
    return Task(name, table.drop(columns=[target, *left_out]), y, kind)


def _bundled(load: Callable) -> pd.DataFrame:
    return load(as_frame=True).frame
