"""Exercise 1.6: Fill gaps by group."""

# %% stub
import pandas as pd


def fill_by_group(df, column, by):
    """Return the column with each gap filled by the median of the row's group.

    df is a DataFrame, column and by are names; no row lacks its group. A group without
    any known value takes the median of all known values of the column. The result is a
    Series with the index of df; df stays as it is.
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


# %% wrong: "The groups are right, but a group without a known value got the mean of the column. It takes the median, too."
def fill_by_group(df, column, by):
    medians = df.groupby(by)[column].transform("median")
    return df[column].fillna(medians).fillna(df[column].mean())


# %% wrong: "The median of the column was taken after some gaps had been filled, so guesses count as data. Take it from the known values."
def fill_by_group(df, column, by):
    medians = df.groupby(by)[column].transform("median")
    filled = df[column].fillna(medians)
    return filled.fillna(filled.median())


# %% wrong: "An empty group got the median of the group medians, in which small groups weigh as much as large ones. Take that of all known values."
def fill_by_group(df, column, by):
    groups = df.groupby(by)[column]
    filled = df[column].fillna(groups.transform("median"))
    return filled.fillna(groups.median().median())


# %% wrong: "You wrote into df, which belongs to the caller. Work on the column's copy and return it."
def fill_by_group(df, column, by):
    medians = df.groupby(by)[column].transform("median")
    df[column] = df[column].fillna(medians).fillna(df[column].median())
    return df[column]


# %% wrong: "You carried the neighbouring value over. The filling is the median of the group, whatever stands above."
def fill_by_group(df, column, by):
    groups = df.groupby(by)[column]
    filled = groups.ffill().fillna(groups.bfill())
    return filled.fillna(df[column].median())


# %% wrong: "Zero is no neutral value for what is not known. An empty group takes the median of the whole column."
def fill_by_group(df, column, by):
    medians = df.groupby(by)[column].transform("median")
    return df[column].fillna(medians).fillna(0)


# %% wrong: "The rows with gaps are gone. Fill them, so that the result has a value for every row."
def fill_by_group(df, column, by):
    return df[column].dropna()


# %% wrong: "There is one value per group here. The result has one per row of df: transform."
def fill_by_group(df, column, by):
    medians = df.groupby(by)[column].median()
    return medians.fillna(df[column].median())


# %% wrong: "The rows come out group by group. Bring them back into the order of df."
def fill_by_group(df, column, by):
    whole = df[column].median()
    parts = [part[column].fillna(part[column].median()) for _, part in df.groupby(by)]
    return pd.concat(parts).fillna(whole)


# %% wrong: "The index is new, so that the result no longer lines up with df. Keep the index of df."
def fill_by_group(df, column, by):
    medians = df.groupby(by)[column].transform("median")
    filled = df[column].fillna(medians).fillna(df[column].median())
    return filled.reset_index(drop=True)


# %% wrong: "Zeros were filled, too. A zero is a known value; a gap is NaN."
def fill_by_group(df, column, by):
    values = df[column].replace(0, float("nan"))
    medians = values.groupby(df[by]).transform("median")
    return values.fillna(medians).fillna(values.median())


# %% wrong: "You returned the whole table. The exercise asks for the one column, as a Series."
def fill_by_group(df, column, by):
    medians = df.groupby(by)[column].transform("median")
    return df.assign(**{column: df[column].fillna(medians).fillna(df[column].median())})


# %% check
import pandas as pd

# a knows 1, 2, 12; b knows 6, 8, 40; c knows nothing; the median of all six is 7
TABLE = pd.DataFrame(
    {
        "g": ["b", "a", "a", "c", "b", "a", "b", "a", "b", "a"],
        "v": [6.0, 1.0, 12.0, None, 40.0, None, None, 2.0, 8.0, None],
    },
    index=[5, 3, 8, 1, 9, 2, 7, 4, 6, 0],
)
HOMES = pd.DataFrame(
    {
        "rooms": [3, 2, 3, 2, 3, 2],
        "rent": [0.0, 5.0, None, None, 10.0, 5.0],
        "floor": [None, 1.0, 2.0, None, 4.0, 5.0],
    }
)
CASES = [
    Case(
        "three groups, one of them empty",
        args=(TABLE, "v", "g"),
        want=pd.Series(
            [6.0, 1.0, 12.0, 7.0, 40.0, 2.0, 8.0, 2.0, 8.0, 2.0], index=TABLE.index
        ),
        container=pd.Series,
    ),
    Case(
        "groups that are numbers, and a zero that is known",
        args=(HOMES, "rent", "rooms"),
        want=pd.Series([0.0, 5.0, 5.0, 5.0, 10.0, 5.0]),
        container=pd.Series,
    ),
    Case(
        "the first of a group is missing, medians between two values",
        args=(HOMES, "floor", "rooms"),
        want=pd.Series([3.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
        container=pd.Series,
    ),
    Case(
        "no gap at all",
        args=(pd.DataFrame({"k": ["a", "a", "b"], "z": [4.0, 6.0, 9.0]}), "z", "k"),
        want=pd.Series([4.0, 6.0, 9.0]),
        container=pd.Series,
    ),
]
