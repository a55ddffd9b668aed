"""Race searchers on tasks whose every configuration is known.

>>> from mlmastery.automl.search.random import RandomSearch
>>> from mlmastery.automl.space import Integer, Space
>>> import pandas as pd
>>> space = Space({"x": Integer(0, 9)})
>>> keys = [space.key(c) for c in space.enumerate()]
>>> task = TabulatedTask("line", pd.DataFrame({"loss": range(10)}, index=keys), space)
>>> curves = race_searchers([task], {"random": RandomSearch}, n_trials=10, seeds=2)
>>> curves.shape, float(curves.iloc[:, -1].max())
((2, 10), 0.0)
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.validation import check_choice, check_count

from .regret import regret_curve, run_search
from .space import Choice, Float, Parameter, Space
from .tabulated import TabulatedTask

with warnings.catch_warnings():
    # In a notebook without widgets, the progress bars of a dependency complain.
    warnings.filterwarnings("ignore", message="IProgress not found")
    import optuna

__all__ = ["OptunaSearch", "at_evaluation", "race_searchers", "repeats", "seeds_of"]

SAMPLERS = {
    "tpe": optuna.samplers.TPESampler,
    "random": optuna.samplers.RandomSampler,
}


class OptunaSearch:
    """Optuna's sampler behind our protocol, on the same space.

    Parameters
    ----------
    space : Space
    sampler : {"tpe", "random"}, default="tpe"
        With the library's own settings.
    random_state : int, default=0

    Examples
    --------
    >>> from mlmastery.automl.space import Integer
    >>> searcher = OptunaSearch(Space({"x": Integer(0, 9)}))
    >>> searcher.tell(searcher.ask(), 0.5)
    """

    def __init__(
        self, space: Space, *, sampler: str = "tpe", random_state: int = 0
    ) -> None:
        check_choice(sampler, "sampler", SAMPLERS)
        optuna.logging.set_verbosity(optuna.logging.WARNING)
        self.space = space
        self.study = optuna.create_study(sampler=SAMPLERS[sampler](seed=random_state))
        self._trials: dict[str, list[Any]] = {}

    def ask(self) -> dict[str, Any]:
        """Return a configuration; it may have been proposed before."""
        trial = self.study.ask()
        config: dict[str, Any] = {}
        for name, parameter in self.space.parameters.items():
            on, options = self.space.conditions.get(name, ("", ()))
            if not on or config[on] in options:
                config[name] = _suggest(trial, name, parameter)
        self._trials.setdefault(self.space.key(config), []).append(trial)
        return config

    def tell(self, config: Mapping[str, Any], loss: float) -> None:
        """Pass on a loss; NaN fails the trial."""
        trial = self._trials[self.space.key(config)].pop()
        failed = optuna.trial.TrialState.FAIL
        if np.isfinite(loss):
            self.study.tell(trial, float(loss))
        else:
            self.study.tell(trial, state=failed)


def _suggest(trial: Any, name: str, parameter: Parameter) -> Any:
    if isinstance(parameter, Choice):
        return trial.suggest_categorical(name, parameter.options)
    suggest = trial.suggest_float if isinstance(parameter, Float) else trial.suggest_int
    return suggest(name, parameter.low, parameter.high, log=parameter.log)


def race_searchers(
    tasks: Iterable[TabulatedTask],
    searchers: Mapping[str, Callable[..., Any]],
    n_trials: int,
    seeds: int,
    first_seed: int = 0,
) -> pd.DataFrame:
    """Run each searcher on each task from each seed.

    Parameters
    ----------
    tasks : iterable of TabulatedTask
    searchers : mapping of str to callable
        ``make(space, random_state=seed)``.
    n_trials, seeds : int
    first_seed : int, default=0
        Where the seeds of the first task begin: new seeds for a claim that was made on
        others.

    Returns
    -------
    DataFrame of shape (n_tasks * n_searchers * seeds, n_trials)
        Normalised regret after each evaluation, indexed by ``task``, ``searcher`` and
        ``seed``. Its ``attrs`` hold the searchers' own CPU seconds in all
        (``seconds``) and the repeated evaluations (``repeats``).
    """
    check_count(seeds, "seeds")
    curves, seconds, again = (
        {},
        dict.fromkeys(searchers, 0.0),
        dict.fromkeys(searchers, 0),
    )
    for place, task in enumerate(tasks):
        for name, make in searchers.items():
            for seed in seeds_of(place, seeds, first_seed):
                began = time.process_time()
                searcher = make(task.space, random_state=seed)
                configs, losses = run_search(searcher, task.loss, n_trials)
                seconds[name] += time.process_time() - began
                again[name] += repeats(task.space, configs)
                curve = regret_curve(losses, task.best, task.worst)
                curves[task.name, name, seed] = np.pad(
                    curve, (0, n_trials - len(curve)), mode="edge"
                )
    table = pd.DataFrame(curves, index=range(1, n_trials + 1)).T
    table.index.names = ["task", "searcher", "seed"]
    table.attrs = {"seconds": seconds, "repeats": again}
    return table


def seeds_of(place: int, seeds: int, first_seed: int = 0) -> range:
    """Return the seeds of a task, which no other task has.

    With the same seeds, a searcher would draw the same configurations on all tasks, and
    the tasks would be no independent witnesses.

    Examples
    --------
    >>> list(seeds_of(2, 3))
    [2000, 2001, 2002]
    """
    first = 1000 * place + first_seed
    return range(first, first + seeds)


def repeats(space: Space, configs: Iterable[Mapping[str, Any]]) -> int:
    """Return how many evaluations repeated an earlier one.

    Examples
    --------
    >>> from mlmastery.automl.space import Integer
    >>> repeats(Space({"x": Integer(0, 9)}), [{"x": 1}, {"x": 1}, {"x": 2}])
    1
    """
    keys = [space.key(config) for config in configs]
    return len(keys) - len(set(keys))


def at_evaluation(curves: pd.DataFrame, evaluation: int) -> pd.DataFrame:
    """Return the mean regret over seeds, one row per task, one column per searcher.

    Examples
    --------
    >>> index = pd.MultiIndex.from_product([["a"], ["r"], [0, 1]],
    ...                                    names=["task", "searcher", "seed"])
    >>> at_evaluation(pd.DataFrame({1: [0.2, 0.4]}, index=index), 1).round(2)
    searcher    r
    task
    a         0.3
    """
    means = curves[evaluation].groupby(["task", "searcher"], sort=False).mean()
    return means.unstack("searcher")[list(curves.index.unique("searcher"))]
