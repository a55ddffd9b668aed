"""Classifying iris flowers: the workflow, its metrics, and the leaks that spoil it.

>>> from mlmastery.iris_classifier import evaluate
>>> evaluate(["setosa", "virginica"], ["setosa", "setosa"]).accuracy
0.5
"""

from mlmastery.iris_classifier.by_hand import Cut, best_cut, gini, knn_predict
from mlmastery.iris_classifier.intervals import (
    Interval,
    PairedDifference,
    expected_best,
    flips_to_tell,
    mcnemar,
    paired_difference,
    reuse_optimism,
    wilson_interval,
)
from mlmastery.iris_classifier.leaks import (
    LeakError,
    check_split,
    check_training_ignores_test,
    shared_rows,
)
from mlmastery.iris_classifier.metrics import (
    accuracy,
    class_counts,
    classification_summary,
    confusion_table,
)
from mlmastery.iris_classifier.regions import plot_confusion, plot_regions
from mlmastery.iris_classifier.workflow import (
    Evaluation,
    NestedScores,
    evaluate,
    explore,
    fit,
    fold_scores,
    grid_scores,
    load,
    make_classifier,
    nested_scores,
    parameter_impact,
    score_once,
    split,
)

__all__ = [
    "Cut",
    "Evaluation",
    "Interval",
    "LeakError",
    "NestedScores",
    "PairedDifference",
    "accuracy",
    "best_cut",
    "check_split",
    "check_training_ignores_test",
    "class_counts",
    "classification_summary",
    "confusion_table",
    "evaluate",
    "expected_best",
    "explore",
    "fit",
    "flips_to_tell",
    "fold_scores",
    "gini",
    "grid_scores",
    "knn_predict",
    "load",
    "make_classifier",
    "mcnemar",
    "nested_scores",
    "paired_difference",
    "parameter_impact",
    "plot_confusion",
    "plot_regions",
    "reuse_optimism",
    "score_once",
    "shared_rows",
    "split",
    "wilson_interval",
]
