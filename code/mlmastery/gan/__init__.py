"""Generators of digits, trained against a discriminator and measured.

>>> from mlmastery.gan import frechet_of_moments
>>> round(frechet_of_moments([0], [[1]], [3], [[4]]), 6)
10.0
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
