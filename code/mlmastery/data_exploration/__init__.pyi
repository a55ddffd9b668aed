from .api import fetch_pages
from .findings import Finding
from .large import sample_rows, summarise_file
from .loading import load_table
from .missing import (
    ColumnFiller,
    compare_imputation,
    impute,
    missing_by,
    missing_patterns,
)
from .outliers import (
    iqr_fences,
    iqr_outliers,
    largest_zscore,
    outlier_table,
    zscore_outliers,
)
from .records import TableError, TableTooLargeError
from .relations import (
    View,
    correlation_ratio,
    correlation_table,
    cramers_v,
    pca_view,
    strongest_pairs,
    tsne_view,
)
from .report import EDAReport, comprehensive_eda, recorded_race

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
