"""Bandits: choose arms while learning which is best.

>>> from mlmastery.ab_testing.bandits import ThompsonSampling, simulate
>>> simulate(ThompsonSampling(), [0.1, 0.9], steps=50, runs=2).shape
(2, 50)
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
