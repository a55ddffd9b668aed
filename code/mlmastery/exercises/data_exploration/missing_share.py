"""Exercise 1.1: How much is missing."""

# %% stub
import pandas as pd


def missing_share(df):
    """Return the share of missing cells of each column that has any.

    df is a DataFrame; the result is a Series of numbers between 0 and 1, indexed by
    column name, the largest first.
    """
    raise NotImplementedError


# %% solution
def missing_share(df):
    share = df.isna().mean()
    return share[share > 0].sort_values(ascending=False)


# %% wrong: "These are counts. A share is the count divided by the number of rows: mean() of True and False."
def missing_share(df):
    counts = df.isna().sum()
    return counts[counts > 0].sort_values(ascending=False)


# %% wrong: "Leave out the columns in which nothing is missing."
def missing_share(df):
    return df.isna().mean().sort_values(ascending=False)


# %% wrong: "The largest share comes first: sort_values(ascending=False)."
def missing_share(df):
    share = df.isna().mean()
    return share[share > 0].sort_values()


# %% wrong: "This is the share of known cells. isna() is True where a cell is missing."
def missing_share(df):
    share = df.notna().mean()
    return share[share < 1].sort_values(ascending=False)


# %% check
import pandas as pd

TABLE = pd.DataFrame(
    {
        "a": [1.0, None, 3.0, None],
        "b": ["x", "y", "z", "x"],
        "c": [None, None, None, "q"],
        "d": [1.0, 2.0, None, 4.0],
    }
)
CASES = [
    Case(
        "four rows",
        args=(TABLE,),
        want=pd.Series([0.75, 0.5, 0.25], index=["c", "a", "d"]),
    ),
    Case(
        "five rows",
        args=(pd.DataFrame({"k": range(5), "e": [1, 2, None, 4, 5]}),),
        want=pd.Series([0.2], index=["e"]),
    ),
]
