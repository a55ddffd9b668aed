from .by_hand import Cut, best_cut, gini, knn_predict
from .cross_validation import (
    NestedScores,
    fold_scores,
    grid_scores,
    nested_scores,
    parameter_impact,
)
from .leaks import (
    LeakError,
    check_split,
    check_training_ignores_test,
    shared_rows,
)
from .metrics import (
    accuracy,
    class_counts,
    classification_summary,
    confusion_table,
)
from .optimism import (
    Chosen,
    choose_on_test,
    draw_like,
    expected_best,
    reuse_optimism,
)
from .regions import plot_regions
from .selection import SelectionErrors, selection_study, strongest_columns
from .workflow import (
    Evaluation,
    evaluate,
    explore,
    fit,
    load,
    make_classifier,
    score_once,
    split,
)

__all__ = [
    "Chosen",
    "Cut",
    "Evaluation",
    "LeakError",
    "NestedScores",
    "SelectionErrors",
    "accuracy",
    "best_cut",
    "check_split",
    "check_training_ignores_test",
    "choose_on_test",
    "class_counts",
    "classification_summary",
    "confusion_table",
    "draw_like",
    "evaluate",
    "expected_best",
    "explore",
    "fit",
    "fold_scores",
    "gini",
    "grid_scores",
    "knn_predict",
    "load",
    "make_classifier",
    "nested_scores",
    "parameter_impact",
    "plot_regions",
    "reuse_optimism",
    "score_once",
    "selection_study",
    "shared_rows",
    "split",
    "strongest_columns",
]
