"""Exercise 1.6: Fill gaps by group."""

# %% stub
import pandas as pd


def fill_by_group(df, column, by):
    """Return the column with each gap filled by the median of the row's group.

    df is a DataFrame, column and by are names. A group without any known value takes the
    median of the whole column. The result is a Series; df stays as it is.
    """
    raise NotImplementedError


# %% solution
def fill_by_group(df, column, by):
    medians = df.groupby(by)[column].transform("median")
    return df[column].fillna(medians).fillna(df[column].median())


# %% wrong: "You used one median for all rows. Take that of the row's own group: groupby(by)[column].transform."
def fill_by_group(df, column, by):
    return df[column].fillna(df[column].median())


# %% wrong: "A group in which nothing is known stays empty. Give it the median of the whole column."
def fill_by_group(df, column, by):
    medians = df.groupby(by)[column].transform("median")
    return df[column].fillna(medians)


# %% wrong: "You replaced the known values, too. Only gaps are to be filled: fillna."
def fill_by_group(df, column, by):
    medians = df.groupby(by)[column].transform("median")
    return medians.fillna(df[column].median()).rename(column)


# %% wrong: "These are group means. The median is not carried away by one large value."
def fill_by_group(df, column, by):
    means = df.groupby(by)[column].transform("mean")
    return df[column].fillna(means).fillna(df[column].median())


# %% check
import pandas as pd

TABLE = pd.DataFrame(
    {
        "g": ["a", "a", "a", "a", "b", "b", "c"],
        "v": [1.0, 2.0, 12.0, None, 7.0, None, None],
    }
)
CASES = [
    Case(
        "three groups, one of them empty",
        args=(TABLE, "v", "g"),
        want=pd.Series([1.0, 2.0, 12.0, 2.0, 7.0, 7.0, 4.5], name="v"),
    )
]
