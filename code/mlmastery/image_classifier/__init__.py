"""Cats and dogs: convolution by hand, a network of one's own, and a borrowed one.

A name is loaded when it is first used: ``by_hand`` needs NumPy alone, ``networks`` and
``explain`` bring Keras along, and ``transfer`` brings PyTorch.

>>> from mlmastery.image_classifier import output_size
>>> output_size(28, 3)
26
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
