"""Exercise 1.1: How much is missing."""

# %% stub
import pandas as pd


def missing_share(df):
    """Return the share of missing cells of each column that has any.

    df is a DataFrame; the result is a Series of numbers between 0 and 1, indexed by
    column name, the largest first, and empty if nothing is missing.
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


# %% wrong: "These are percentages. A share is between 0 and 1."
def missing_share(df):
    share = 100 * df.isna().mean()
    return share[share > 0].sort_values(ascending=False)


# %% wrong: "You divided by the number of known cells. A share divides by all rows, known or not."
def missing_share(df):
    share = df.isna().sum() / df.notna().sum()
    return share[share > 0].sort_values(ascending=False)


# %% wrong: "You divided by all cells of the table. Each column has its own share: divide by the number of rows."
def missing_share(df):
    share = df.isna().sum() / df.size
    return share[share > 0].sort_values(ascending=False)


# %% wrong: "Columns of texts can have gaps, too. You looked only at those that hold numbers."
def missing_share(df):
    share = df.select_dtypes("number").isna().mean()
    return share[share > 0].sort_values(ascending=False)


# %% wrong: "You sorted by the names of the columns. Sort by the share."
def missing_share(df):
    share = df.isna().mean()
    return share[share > 0].sort_index()


# %% wrong: "Your shares stand in the order of the table. Sort them, the largest first."
def missing_share(df):
    share = df.isna().mean()
    return share[share > 0]


# %% wrong: "You counted zeros and empty texts as missing. Here they are values; only NaN and None are gaps."
def missing_share(df):
    share = (df.isna() | (df == 0) | (df == "")).mean()
    return share[share > 0].sort_values(ascending=False)


# %% wrong: "A column in which everything is missing is left out. It is the first that anybody should hear of."
def missing_share(df):
    share = df.isna().mean()
    return share[(share > 0) & (share < 1)].sort_values(ascending=False)


# %% wrong: "You took the mean along the rows, so there is a share for each row. Each column needs one."
def missing_share(df):
    share = df.isna().mean(axis=1)
    return share[share > 0].sort_values(ascending=False)


# %% wrong: "You rounded the shares. A small one becomes wrong, or even zero; leave rounding to whoever prints them."
def missing_share(df):
    share = df.isna().mean()
    return share[share > 0].sort_values(ascending=False).round(2)


# %% wrong: "Your numbers have lost the names of their columns. Return a Series that is indexed by them."
def missing_share(df):
    share = df.isna().mean()
    return list(share[share > 0].sort_values(ascending=False))


# %% check
import pandas as pd

TABLE = pd.DataFrame(
    {
        "b": ["x", "y", "z", "x"],
        "d": [1.0, 2.0, None, 4.0],
        "c": [None, None, None, "q"],
        "a": [1.0, None, 3.0, None],
    }
)
CASES = [
    Case(
        "four rows",
        args=(TABLE,),
        want=pd.Series([0.75, 0.5, 0.25], index=["c", "a", "d"]),
        container=pd.Series,
    ),
    Case(
        "five rows",
        args=(pd.DataFrame({"k": range(5), "e": [1, 2, None, 4, 5]}),),
        want=pd.Series([0.2], index=["e"]),
        container=pd.Series,
    ),
    Case(
        "an empty column, and one gap in eight rows",
        args=(pd.DataFrame({"f": [3.0] * 7 + [None], "g": [None] * 8}),),
        want=pd.Series([1.0, 0.125], index=["g", "f"]),
        container=pd.Series,
    ),
    Case(
        "zeros and empty texts, but no gap",
        args=(pd.DataFrame({"h": [0, 0, 5], "i": ["", "u", "v"]}),),
        want=pd.Series([], dtype=float),
        container=pd.Series,
    ),
]
