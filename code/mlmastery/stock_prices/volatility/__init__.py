"""Forecast the variance of tomorrow's return, by hand and from a day's range.

>>> from mlmastery.stock_prices.volatility import ewma_variance
>>> ewma_variance([2.0, 1.0], decay=0.5).tolist()
[nan, 4.0, 2.5]
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
