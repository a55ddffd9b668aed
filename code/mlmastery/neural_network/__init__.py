"""Chapter 10: a neural network in NumPy, and the tools to trust it.

>>> from mlmastery.neural_network import NeuralNetwork
>>> NeuralNetwork((8,), epochs=5, random_state=0)
NeuralNetwork(epochs=5, layers=(8,), random_state=0)
"""

from mlmastery.neural_network.autograd import Value
from mlmastery.neural_network.checking import (
    check_gradients,
    numerical_gradient,
    relative_error,
)
from mlmastery.neural_network.diagnosis import diagnose
from mlmastery.neural_network.estimator import DivergenceError, NeuralNetwork
from mlmastery.neural_network.functions import (
    ACTIVATIONS,
    binary_cross_entropy,
    cross_entropy,
    leaky_relu,
    leaky_relu_derivative,
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_backward,
    squared_error,
    tanh,
    tanh_derivative,
)
from mlmastery.neural_network.layers import (
    Activation,
    BatchNorm,
    Dense,
    Dropout,
    Layer,
    batch_norm_backward,
    batch_norm_forward,
    dense_backward,
    dense_forward,
    dropout_mask,
)
from mlmastery.neural_network.network import (
    Network,
    build_network,
    he_scale,
    minibatches,
    train_step,
    xavier_scale,
)
from mlmastery.neural_network.optimizers import (
    OPTIMIZERS,
    SGD,
    Adam,
    Momentum,
    RMSProp,
)

__all__ = [
    "ACTIVATIONS",
    "OPTIMIZERS",
    "SGD",
    "Activation",
    "Adam",
    "BatchNorm",
    "Dense",
    "DivergenceError",
    "Dropout",
    "Layer",
    "Momentum",
    "Network",
    "NeuralNetwork",
    "RMSProp",
    "Value",
    "batch_norm_backward",
    "batch_norm_forward",
    "binary_cross_entropy",
    "build_network",
    "check_gradients",
    "cross_entropy",
    "dense_backward",
    "dense_forward",
    "diagnose",
    "dropout_mask",
    "he_scale",
    "leaky_relu",
    "leaky_relu_derivative",
    "minibatches",
    "numerical_gradient",
    "relative_error",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "softmax_backward",
    "squared_error",
    "tanh",
    "tanh_derivative",
    "train_step",
    "xavier_scale",
]
