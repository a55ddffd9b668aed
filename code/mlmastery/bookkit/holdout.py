"""A test set that is looked at once, and counts."""

import copy
import html
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split

from mlmastery.bookkit.notebook import show


class HoldOutError(RuntimeError):
    """The test set was about to be used for something other than its one scoring."""


class HoldOut:
    """Split data once, keep the test part out of reach, count how often it is scored.

    What goes in comes out: arrays as arrays, pandas with its index, lists as lists.

    Parameters
    ----------
    X : array, DataFrame, Series or list of length n_samples
        One row (or text, or image) per sample.
    y : array or Series of shape (n_samples,)
        Labels or targets.
    test_size : float or int, default=0.2
        Share or number of rows to hold out.
    random_state : int
        Seed of the split.
    stratify : array of shape (n_samples,), optional
        Classes whose shares both parts should have, usually ``y``.
    shuffle : bool, default=True
        False holds out the last rows, as a sequence in time needs it.
    name : str, default="test"
        What the report calls this set.

    Attributes
    ----------
    X_train, y_train
        The part to learn from.
    scored : int
        How often the test labels were used.
    duplicates_across : int
        Test rows that the training part has as well, because the data repeat rows.
        They stay where the split put them, and the report states their number.

    Raises
    ------
    HoldOutError
        From anything that would look at the test part early or again.

    Examples
    --------
    >>> from sklearn.dummy import DummyRegressor
    >>> from sklearn.metrics import mean_absolute_error
    >>> held = HoldOut(np.arange(10).reshape(-1, 1), np.ones(10), random_state=0)
    >>> held.X_train.shape
    (8, 1)
    >>> model = held.fit(DummyRegressor())
    >>> held.score(model, {"error": mean_absolute_error})
    {'error': 0.0}
    >>> held
    HoldOut(8 train, 2 test, scored 1 time)
    """

    def __init__(
        self,
        X: Any,
        y: Any,
        *,
        test_size: float | int = 0.2,
        random_state: int,
        stratify: Any = None,
        shuffle: bool = True,
        name: str = "test",
    ) -> None:
        self.X_train, self._X_test, self.y_train, self._y_test = train_test_split(
            X,
            y,
            test_size=test_size,
            random_state=random_state if shuffle else None,
            stratify=stratify,
            shuffle=shuffle,
        )
        self.name = name
        self.scored = 0
        self._reasons: list[str] = []
        self._y_pred: Any = None
        self._known = _rows_found(self._X_test, self.X_train)
        self.duplicates_across = int(self._known.sum())

    @property
    def X_test(self) -> Any:
        """A copy of the test part, after scoring."""
        return self.reveal()[0]

    @property
    def y_test(self) -> Any:
        """A copy of the test labels, after scoring."""
        return self.reveal()[1]

    def fit(self, estimator: Any) -> Any:
        """Fit the estimator on the training part and return it."""
        return estimator.fit(self.X_train, self.y_train)

    def score(
        self,
        estimator: Any,
        metrics: Mapping[str, Callable[[Any, Any], float]],
        method: str = "predict",
        *,
        again: str = "",
    ) -> dict[str, float]:
        """Predict the test part and compare with its labels: once.

        Parameters
        ----------
        estimator : object
            Fitted, with the method named below.
        metrics : dict of callables
            Each is called as ``metric(y_true, y_pred)``.
        method : str, default="predict"
            Such as "predict_proba".
        again : str, default=""
            The reason for another scoring, which the report will show.

        Returns
        -------
        dict of float
            One per metric.

        Raises
        ------
        HoldOutError
            If the set has been scored and no reason is given.
        """
        if self.scored and not again.strip():
            raise HoldOutError(
                f"the {self.name} set has been scored already, and choosing after "
                "seeing it makes its score too good; choose on X_train, or give "
                'score(..., again="why") and let the report say so'
            )
        if not metrics or not all(map(callable, metrics.values())):
            raise ValueError(f"metrics must map names to functions, got {metrics!r}")
        y_pred = getattr(estimator, method)(copy.deepcopy(self._X_test))
        scores = {
            name: float(metric(copy.deepcopy(self._y_test), copy.deepcopy(y_pred)))
            for name, metric in metrics.items()
        }
        if self.scored:
            self._reasons.append(again)
        self.scored += 1
        self._y_pred = y_pred
        return scores

    def reveal(self) -> tuple[Any, Any, Any]:
        """Return copies of ``X_test``, ``y_test`` and the last predictions.

        Once scored, for the analysis of errors; using what it teaches needs a new
        test set.
        """
        if not self.scored:
            raise HoldOutError(
                f"the {self.name} set stays closed until it is scored; use X_train and "
                "y_train (and cross-validation) to choose, then call score once"
            )
        return copy.deepcopy((self._X_test, self._y_test, self._y_pred))

    def check_disjoint(self, X: Any) -> None:
        """Raise if a row of the test set stands in ``X``, say a training matrix.

        Rows are equal if every value is, exactly; missing values equal each other. The
        columns of two data frames are matched by name, whatever their order, and extra
        ones in ``X`` are ignored; arrays are matched by position. Rows counted in
        ``duplicates_across`` are left out: they are in the training part by right.

        Raises
        ------
        HoldOutError
            With the number of rows found.
        ValueError
            If the columns do not match: compare before features are transformed.
        """
        found = int((_rows_found(self._X_test, X) & ~self._known).sum())
        if found:
            raise HoldOutError(
                f"{found} of the {len(self._known)} rows of the {self.name} set "
                f"{'is' if found == 1 else 'are'} in X, so a model fitted on it has "
                "seen the answers"
            )

    def report(self) -> None:
        """Show how often the test set was scored: a chapter's last line."""
        text = (
            f"{self.name[:1].upper()}{self.name[1:]} set scored {_times(self.scored)}."
        )
        if self._reasons:
            text += f" Again because: {'; '.join(self._reasons)}."
        if self.duplicates_across:
            text += (
                f" Of its {len(self._known)} rows, {self.duplicates_across} also "
                "occur in the training part."
            )
        bundle = {
            "text/html": f'<p class="holdout">{html.escape(text)}</p>',
            "text/markdown": text,
            "text/plain": text,
        }
        fields = {
            "kind": "holdout",
            "name": self.name,
            "scored": self.scored,
            "reasons": list(self._reasons),
            "duplicates_across": self.duplicates_across,
        }
        show(bundle, {"mlmastery": fields})

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise HoldOutError(
            "a HoldOut is not data to fit on: it holds the test set as well; "
            "use held.fit(estimator), or held.X_train and held.y_train"
        )

    # What estimators try when they are handed something to turn into an array.
    __array__ = __iter__ = __len__ = __getitem__ = _refuse

    def __repr__(self) -> str:
        n_test = len(self._known)
        return (
            f"HoldOut({len(self.y_train)} train, {n_test} test, "
            f"scored {_times(self.scored)})"
        )


def _times(count: int) -> str:
    return "1 time" if count == 1 else f"{count} times"


def _rows_found(rows: Any, X: Any) -> np.ndarray:
    """Return a mask over ``rows``, shape (n_rows,): which of them stand in ``X``."""
    wanted, searched = _as_frame(rows), _as_frame(X)
    if isinstance(rows, pd.DataFrame) and isinstance(X, pd.DataFrame):
        missing = [str(c) for c in wanted.columns if c not in searched.columns]
        if missing:
            raise ValueError(f"X lacks columns of the test set: {', '.join(missing)}")
        searched = searched[wanted.columns]
    elif wanted.shape[1] != searched.shape[1]:
        raise ValueError(
            f"X must have the test set's {wanted.shape[1]} columns, "
            f"got {searched.shape[1]}"
        )
    columns = [
        _comparable(wanted.iloc[:, i], searched.iloc[:, i])
        for i in range(wanted.shape[1])
    ]
    # Equal rows have equal bytes now; contiguous, or each row would be copied again.
    keys = [row.tobytes() for row in np.ascontiguousarray(np.column_stack(columns))]
    present = set(keys[len(wanted) :])
    return np.array([key in present for key in keys[: len(wanted)]])


def _comparable(first: pd.Series, second: pd.Series) -> np.ndarray:
    """Return both columns in one float array, equal in bytes where equal in value."""
    if first.dtype.kind in "iufb" and second.dtype.kind in "iufb":
        pair = [column.to_numpy(float, na_value=np.nan) for column in (first, second)]
        values = np.concatenate(pair) + 0.0  # -0.0 + 0.0 is 0.0
        return np.where(np.isnan(values), np.nan, values)  # one NaN, not many
    values = np.array([*first, *second, None], dtype=object)[:-1]
    return pd.factorize(values)[0].astype(float)


def _as_frame(X: Any) -> pd.DataFrame:
    if isinstance(X, pd.DataFrame):
        return X
    if hasattr(X, "tocsr"):
        raise TypeError("X is a sparse matrix; check the rows before vectorising them")
    array = np.asarray(X)
    return pd.DataFrame(array.reshape(len(array), -1))
