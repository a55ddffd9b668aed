"""Explore a table: load it from anywhere, look at it, write down what is there.

>>> import pandas as pd
>>> report = comprehensive_eda(pd.DataFrame({"x": [1, 2, 3], "y": [2, 4, 6]}))
>>> print(report.findings[0])
`x` and `y` nearly repeat each other: correlation 1.000.

At a shell: ``python -m mlmastery.data_exploration FILE --out report.html``.
"""

from mlmastery.data_exploration.api import fetch_pages
from mlmastery.data_exploration.findings import Finding
from mlmastery.data_exploration.large import sample_rows, summarise_file
from mlmastery.data_exploration.loading import (
    TableError,
    TableTooLargeError,
    load_table,
)
from mlmastery.data_exploration.missing import (
    ColumnFiller,
    compare_imputation,
    impute,
    missing_by,
    missing_patterns,
)
from mlmastery.data_exploration.outliers import (
    iqr_fences,
    iqr_outliers,
    largest_zscore,
    outlier_table,
    zscore_outliers,
)
from mlmastery.data_exploration.relations import (
    View,
    correlation_ratio,
    correlation_table,
    cramers_v,
    pca_view,
    strongest_pairs,
    tsne_view,
)
from mlmastery.data_exploration.report import (
    EDAReport,
    comprehensive_eda,
    recorded_race,
)

__all__ = [
    "ColumnFiller",
    "EDAReport",
    "Finding",
    "TableError",
    "TableTooLargeError",
    "View",
    "compare_imputation",
    "comprehensive_eda",
    "correlation_ratio",
    "correlation_table",
    "cramers_v",
    "fetch_pages",
    "impute",
    "iqr_fences",
    "iqr_outliers",
    "largest_zscore",
    "load_table",
    "missing_by",
    "missing_patterns",
    "outlier_table",
    "pca_view",
    "recorded_race",
    "sample_rows",
    "strongest_pairs",
    "summarise_file",
    "tsne_view",
    "zscore_outliers",
]
