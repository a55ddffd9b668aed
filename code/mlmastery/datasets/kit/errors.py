"""What goes wrong with a data set: with its files, or with its module."""


class DataError(RuntimeError):
    """A data file is missing, cut short, altered, or not what its loader expects."""


class DataMissingError(DataError):
    """A data file is not there at all, or the set has no file in this tier."""


class CardError(ValueError):
    """A data-set module is not written as it should be; its author must mend it."""
