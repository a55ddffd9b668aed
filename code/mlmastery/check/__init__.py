"""Exercises that check themselves, in a notebook and at a shell.

In a notebook ``check("3.2", my_function)``; at a shell
``python -m mlmastery.check 3.2 answer.py``.
"""

from mlmastery.check.compare import difference
from mlmastery.check.exercise import (
    Case,
    Exercise,
    ExerciseError,
    UnknownExerciseError,
    find_exercises,
    load_exercise,
    read_exercise,
)
from mlmastery.check.judge import CheckReport, check, judge

__all__ = [
    "Case",
    "CheckReport",
    "Exercise",
    "ExerciseError",
    "UnknownExerciseError",
    "check",
    "difference",
    "find_exercises",
    "judge",
    "load_exercise",
    "read_exercise",
]
