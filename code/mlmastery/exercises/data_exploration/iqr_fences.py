"""Exercise 1.2: The fences of a box plot."""

# %% stub
import numpy as np


def iqr_fences(values):
    """Return (low, high): 1.5 box lengths below the first and above the third quartile.

    values is a 1-D array of numbers in any order, some of which may be NaN. Of the
    definitions of a quartile take NumPy's, which interpolates between two values.
    """
    raise NotImplementedError


# %% solution
def iqr_fences(values):
    q25, q75 = np.nanquantile(values, [0.25, 0.75])
    box = q75 - q25
    return q25 - 1.5 * box, q75 + 1.5 * box


# %% wrong: "One NaN makes every quantile NaN. np.nanquantile leaves them out."
def iqr_fences(values):
    q25, q75 = np.quantile(values, [0.25, 0.75])
    return q25 - 1.5 * (q75 - q25), q75 + 1.5 * (q75 - q25)


# %% wrong: "Your fences start at the median. They start at the ends of the box."
def iqr_fences(values):
    q25, median, q75 = np.nanquantile(values, [0.25, 0.5, 0.75])
    return median - 1.5 * (q75 - q25), median + 1.5 * (q75 - q25)


# %% wrong: "These are the ends of the box. Go 1.5 box lengths further on either side."
def iqr_fences(values):
    q25, q75 = np.nanquantile(values, [0.25, 0.75])
    return q25, q75


# %% wrong: "This is mean and standard deviation. The fences come from the quartiles alone."
def iqr_fences(values):
    mean, std = np.nanmean(values), np.nanstd(values)
    return mean - 1.5 * std, mean + 1.5 * std


# %% wrong: "You went one box length outwards. Tukey's fences are one and a half away."
def iqr_fences(values):
    q25, q75 = np.nanquantile(values, [0.25, 0.75])
    return q25 - (q75 - q25), q75 + (q75 - q25)


# %% wrong: "These are other quartiles, the medians of the lower and the upper half. NumPy's lie between two values where they have to."
def iqr_fences(values):
    known = np.sort(values[~np.isnan(values)])
    half = (len(known) + 1) // 2
    q25, q75 = np.median(known[:half]), np.median(known[-half:])
    return q25 - 1.5 * (q75 - q25), q75 + 1.5 * (q75 - q25)


# %% wrong: "These are other quartiles, such as statistics.quantiles gives by default. NumPy's own definition is asked for."
def iqr_fences(values):
    q25, q75 = np.nanquantile(values, [0.25, 0.75], method="weibull")
    return q25 - 1.5 * (q75 - q25), q75 + 1.5 * (q75 - q25)


# %% wrong: "The NaNs were counted as zeros. They say nothing about the values, so leave them out."
def iqr_fences(values):
    q25, q75 = np.quantile(np.nan_to_num(values), [0.25, 0.75])
    return q25 - 1.5 * (q75 - q25), q75 + 1.5 * (q75 - q25)


# %% wrong: "The fences are right, but in the wrong order: (low, high)."
def iqr_fences(values):
    q25, q75 = np.nanquantile(values, [0.25, 0.75])
    return q75 + 1.5 * (q75 - q25), q25 - 1.5 * (q75 - q25)


# %% wrong: "A percentile counts in hundredths, so that 0.25 is next to the smallest value. The first quartile is percentile 25."
def iqr_fences(values):
    q25, q75 = np.nanpercentile(values, [0.25, 0.75])
    return q25 - 1.5 * (q75 - q25), q75 + 1.5 * (q75 - q25)


# %% wrong: "These are the ends of the whiskers: the last values within the fences. The fences themselves need not be values."
def iqr_fences(values):
    q25, q75 = np.nanquantile(values, [0.25, 0.75])
    box = q75 - q25
    inside = (values >= q25 - 1.5 * box) & (values <= q75 + 1.5 * box)
    return values[inside].min(), values[inside].max()


# %% wrong: "Both fences moved inwards. The low one is below the first quartile, the high one above the third."
def iqr_fences(values):
    q25, q75 = np.nanquantile(values, [0.25, 0.75])
    return q25 + 1.5 * (q75 - q25), q75 - 1.5 * (q75 - q25)


# %% wrong: "You cut the array without sorting it, so that your quartiles depend on the order of the rows."
def iqr_fences(values):
    known = values[~np.isnan(values)]
    q25, q75 = np.interp(
        [0.25 * (len(known) - 1), 0.75 * (len(known) - 1)], range(len(known)), known
    )
    return q25 - 1.5 * (q75 - q25), q75 + 1.5 * (q75 - q25)


# %% wrong: "You measured each side from the median. Both fences use the whole box, from the first quartile to the third."
def iqr_fences(values):
    q25, median, q75 = np.nanquantile(values, [0.25, 0.5, 0.75])
    return q25 - 1.5 * (median - q25), q75 + 1.5 * (q75 - median)


# %% wrong
def iqr_fences(values):
    values.sort()
    q25, q75 = np.nanquantile(values, [0.25, 0.75])
    return q25 - 1.5 * (q75 - q25), q75 + 1.5 * (q75 - q25)


# %% check
import numpy as np

CASES = [
    Case("one to five", args=(np.array([1.0, 2.0, 3.0, 4.0, 5.0]),), want=(-1.0, 7.0)),
    Case(
        "a far value changes nothing",
        args=(np.array([1.0, 2.0, 3.0, 4.0, 500.0]),),
        want=(-1.0, 7.0),
    ),
    Case(
        "a skewed column with a gap",
        args=(np.array([0.0, np.nan, 1.0, 3.0, 13.0]),),
        want=(-6.375, 12.625),
    ),
    # the quartiles lie a quarter from 2 towards 1, and from 4 towards 8: 1.75 and 5
    Case(
        "four values, in no order",
        args=(np.array([8.0, 1.0, 4.0, 2.0]),),
        want=(-3.125, 9.875),
    ),
    Case("all values equal", args=(np.array([6.0, 6.0, 6.0]),), want=(6.0, 6.0)),
]
