"""Forecast prices, returns and volatility, and test whether a forecast is of use.

>>> from mlmastery.stock_prices import diebold_mariano
>>> diebold_mariano([4.0, 1.0, 9.0, 4.0], [1.0, 1.0, 4.0, 1.0]).mean
2.75
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
