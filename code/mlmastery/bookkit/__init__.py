"""What the pages of the book share: figure style, glued numbers, claims, hold-out.

>>> from mlmastery.bookkit import claim
>>> claim("Two is more than one.", 2 > 1)
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
