"""Forecasts of prices, returns and volatility, each against the naive one.

>>> from mlmastery.stock_prices import sma
>>> sma([1.0, 2.0, 3.0, 4.0], 2)
array([nan, 1.5, 2.5, 3.5])
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
