from .api import fetch_pages
from .chance import Association, cramers_association, epsilon_squared
from .dates import date_formats
from .density import kernel_density, rule_bandwidth
from .dialect import TableDialect, find_dialect
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
from .profiles import extreme_values, profile_dates, profile_texts, row_samples
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
    "Association",
    "ColumnFiller",
    "EDAReport",
    "Finding",
    "TableDialect",
    "TableError",
    "TableTooLargeError",
    "View",
    "compare_imputation",
    "comprehensive_eda",
    "correlation_ratio",
    "correlation_table",
    "cramers_association",
    "cramers_v",
    "date_formats",
    "epsilon_squared",
    "extreme_values",
    "fetch_pages",
    "find_dialect",
    "impute",
    "iqr_fences",
    "iqr_outliers",
    "kernel_density",
    "largest_zscore",
    "load_table",
    "missing_by",
    "missing_patterns",
    "outlier_table",
    "pca_view",
    "profile_dates",
    "profile_texts",
    "recorded_race",
    "row_samples",
    "rule_bandwidth",
    "sample_rows",
    "strongest_pairs",
    "summarise_file",
    "tsne_view",
    "zscore_outliers",
]
