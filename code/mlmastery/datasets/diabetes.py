"""Diabetes progression: ten measurements of 442 people, and the year after."""

import gzip
import io
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard, Original
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame, with_names

CARD = DataCard(
    name="diabetes",
    title="Diabetes progression",
    source="Bradley Efron, Trevor Hastie, Iain Johnstone and Robert Tibshirani, "
    "“Least Angle Regression”, Annals of Statistics 32(2), 2004",
    url="https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html",
    licence="The page of the data states none; scikit-learn distributes the file "
    "with its BSD-3-Clause code.",
    row="One person with diabetes: ten measurements at the start of a study, and how "
    "far the disease had progressed one year later.",
    shape=(442, 11),
    columns=(
        Column("age", "years", "age"),
        Column("sex", "", "coded 1 or 2", "int64"),
        Column("bmi", "kg/m²", "body mass index"),
        Column("bp", "mmHg", "average blood pressure"),
        Column("s1", "mg/dl", "tc, total serum cholesterol"),
        Column("s2", "mg/dl", "ldl, low-density lipoproteins"),
        Column("s3", "mg/dl", "hdl, high-density lipoproteins"),
        Column("s4", "", "tch, total cholesterol divided by hdl"),
        Column("s5", "ln(mg/dl)", "ltg, the natural logarithm of triglycerides"),
        Column("s6", "mg/dl", "glu, blood sugar"),
        Column(
            "progression",
            "",
            "disease progression after one year; its scale is not documented",
        ),
    ),
    faults=(
        "Which sex is coded 1 and which 2 is not documented: do not name them.",
        "`s2` was not measured but computed from other columns (the Friedewald "
        "formula): `s1 - s2 - s3` equals `exp(s5) / 5` within 0.5 mg/dl in every row. "
        "The coefficients of `s1`, `s2`, `s3` and `s5` cannot be read one by one.",
        "`s4` is `s1 / s3`, but rounded to a whole number in about five rows of six, "
        "and off by more than 0.5 in 9 rows.",
        "`bp` is rounded to two decimals and `s5` to four. The standardised table that "
        "was published with the paper came from unrounded values: standardising these "
        "columns gives the same but for 0.004 mmHg and 0.00006.",
        "`progression` has no documented unit, and lies between 25 and 346.",
        "The units of the blood measurements are not stated by the source; mg/dl is "
        "what their values and the formula above agree with.",
        "scikit-learn's default is a version in which every column was centred and "
        "scaled with all 442 rows, so it leaks the test rows into training. This "
        "loader gives the original units.",
    ),
    chapters=("linear_regression",),
    citation="efron2004least",
    embedded=(
        PackageFile(
            "scikit-learn",
            "1.9.1",
            "sklearn/datasets/data/diabetes_data_raw.csv.gz",
            "7fc0ded571454b1982210d3bb43f0aca44eae01a0b8654a3b24022bdb6b38009",
            # scikit-learn 1.6 and 1.7
            also=("a3e94cc7cea00f8a84fa5f6345203913a68efa42df18f87ddf9bead721bfd503",),
        ),
        PackageFile(
            "scikit-learn",
            "1.9.1",
            "sklearn/datasets/data/diabetes_target.csv.gz",
            "8e53f65eb811df43c206f3534bb3af0e5fed213bc37ed6ba36310157d6023803",
        ),
    ),
    original=Original(
        path="diabetes.tab.txt",
        about="Tab separated, header `AGE SEX BMI BP S1 … S6 Y`. The same 442 rows "
        "and values as the embedded data.",
        shape=(442, 11),
        url="https://www4.stat.ncsu.edu/~boos/var.select/diabetes.html",
    ),
)


def load_diabetes() -> pd.DataFrame:
    """Load 442 people with diabetes: ten measurements and the progression after a year.

    Returns
    -------
    DataFrame of shape (442, 11)
        ``age`` (years), ``sex`` (1 or 2), ``bmi`` (kg/m²), ``bp`` (mmHg), six blood
        measurements ``s1`` to ``s6``, and the target ``progression``. Unscaled.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    References
    ----------
    .. [1] Efron, Hastie, Johnstone and Tibshirani (2004), "Least Angle Regression",
       Annals of Statistics 32(2).

    Examples
    --------
    >>> people = load_diabetes()
    >>> people.shape
    (442, 11)
    >>> float(people["progression"].mean().round(1))
    152.1
    """
    return load_frame(CARD, _read_embedded, _read_original)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    features, target = (
        pd.read_csv(io.BytesIO(gzip.decompress(content)), sep=" ", header=None)
        for content in contents
    )
    # Before 1.8 scikit-learn wrote 4.804 as 4.803999999999999; nothing has more digits.
    return with_names(pd.concat([features.round(4), target], axis=1), CARD)


def _read_original(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, sep="\t")
    expected = ["AGE", "SEX", "BMI", "BP", "S1", "S2", "S3", "S4", "S5", "S6", "Y"]
    if list(frame.columns) != expected:
        found = " ".join(str(name) for name in frame.columns)
        raise ValueError(f"expected the header {' '.join(expected)}, found {found}")
    return with_names(frame, CARD)
