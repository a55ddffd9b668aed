"""Chapter 10: a neural network in NumPy, and the tools to trust it.

>>> from mlmastery.neural_network import NeuralNetwork
>>> NeuralNetwork((8,), epochs=5, random_state=0)
NeuralNetwork(epochs=5, layers=(8,), random_state=0)
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
