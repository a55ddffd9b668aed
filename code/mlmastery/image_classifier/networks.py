"""The convolutional network in Keras: its layers, its training, its estimator."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import keras
import numpy as np
import pandas as pd
from keras import layers
from keras.callbacks import EarlyStopping, ModelCheckpoint, ReduceLROnPlateau
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import train_test_split
from sklearn.utils.validation import (
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
)

from mlmastery.renamed import renamed_keywords
from mlmastery.validation import check_choice, check_count, check_number

SCHEDULES = ("plateau", "cosine")
# A network that states one half has a loss of 0.69 nats, whatever the images.
LARGEST_LOSS = 3.0


class DivergenceError(ValueError):
    """A training whose weights or loss left every useful range.

    Parameters
    ----------
    what : str
        Observation that stopped the training.
    learning_rate : float

    Examples
    --------
    >>> print(DivergenceError("the loss of epoch 1 is nan", 1e30))
    training diverged: the loss of epoch 1 is nan with learning_rate=1e+30; lower it
    """

    def __init__(self, what: str, learning_rate: float) -> None:
        super().__init__(
            f"training diverged: {what} with learning_rate={learning_rate:g}; lower it"
        )


def as_batch(images: np.ndarray) -> np.ndarray:
    """Return images as (N, H, W, C), float32 in [0, 1].

    Parameters
    ----------
    images : ndarray of shape (N, H, W) or (N, H, W, C), uint8

    Raises
    ------
    TypeError
        If the pixels are not bytes: images scaled twice look black to a network.
    ValueError
        If the shape is another.

    Examples
    --------
    >>> as_batch(np.full((2, 4, 4), 255, np.uint8)).shape
    (2, 4, 4, 1)
    """
    images = np.asarray(images)
    if images.dtype != np.uint8:
        nan = images.dtype.kind == "f" and np.isnan(images).any()
        raise TypeError(
            f"images must be uint8 from 0 to 255, got {images.dtype}"
            + (" with NaN" if nan else "")
        )
    if images.ndim == 3:
        images = images[..., None]
    if images.ndim != 4 or images.shape[3] not in (1, 3):
        raise ValueError(
            f"images must have shape (N, H, W), (N, H, W, 1) or (N, H, W, 3), "
            f"got {images.shape}"
        )
    return images.astype(np.float32) / 255


def augmentation(strength: float = 1.0, random_state: int = 0) -> keras.Sequential:
    """Return the layers that change each training image a little, at random.

    Parameters
    ----------
    strength : float, default=1.0
        1 is up to 14 degrees of rotation, 10 % of shift and zoom, and a shear of 0.1;
        mirrored in half of the cases, whatever the strength.
    random_state : int, default=0

    Examples
    --------
    >>> [layer.__class__.__name__ for layer in augmentation().layers][:2]
    ['RandomFlip', 'RandomRotation']
    """
    s = 0.1 * strength
    fill: dict[str, Any] = {"fill_mode": "nearest", "seed": random_state}
    return keras.Sequential(
        [
            layers.RandomFlip("horizontal", seed=random_state),
            layers.RandomRotation(0.04 * strength, **fill),
            layers.RandomTranslation(s, s, **fill),
            layers.RandomZoom(s, **fill),
            layers.RandomShear(s, s, **fill),
        ],
        name="augmentation",
    )


# Not as a decorator: the page shows the function.
augmentation = renamed_keywords(seed="random_state")(augmentation)


@renamed_keywords(seed="random_state")
def build_cnn(
    input_shape: tuple[int, int, int],
    *,
    filters: Sequence[int] = (32, 64, 128),
    dense: int = 512,
    dropout: float = 0.5,
    batch_norm: bool = False,
    augment: float = 0.0,
    random_state: int = 0,
) -> keras.Sequential:
    """Build convolution, ReLU and pooling, repeated; then two dense layers.

    Parameters
    ----------
    input_shape : (int, int, int)
        Height, width, channels.
    filters : sequence of int
        Filters of each convolution; each is followed by a 2 x 2 pooling.
    dense : int, default=512
        Units of the hidden dense layer.
    dropout : float, default=0.5
        Share of its outputs that training sets to zero.
    batch_norm : bool, default=False
        Whether to normalise between convolution and ReLU.
    augment : float, default=0
        Strength of the augmentation; 0 for none.
    random_state : int, default=0
        Seed of weights, dropout and augmentation.

    Examples
    --------
    >>> build_cnn((28, 28, 1), filters=(4, 8), dense=16).output_shape
    (None, 1)
    """
    stack: list[Any] = [keras.Input(input_shape)]
    stack += [augmentation(augment, random_state)] if augment else []
    # A seed of its own for each layer: equal seeds would draw equal weights.
    for i, n_filters in enumerate(filters):
        stack += _convolution(n_filters, batch_norm, _he(random_state + i))
    stack += [
        layers.Flatten(),
        layers.Dense(dense, "relu", kernel_initializer=_he(random_state + 10)),
        layers.Dropout(dropout, seed=random_state),
        layers.Dense(1, "sigmoid", kernel_initializer=_he(random_state + 11)),
    ]
    return keras.Sequential(stack)


def _convolution(n_filters: int, batch_norm: bool, initializer: Any) -> list[Any]:
    # Batch normalisation subtracts the mean, and with it any bias.
    convolution = layers.Conv2D(
        n_filters, 3, use_bias=not batch_norm, kernel_initializer=initializer
    )
    norm = [layers.BatchNormalization(momentum=0.9)] if batch_norm else []
    return [convolution, *norm, layers.ReLU(), layers.MaxPooling2D()]


def _he(seed: int) -> keras.initializers.Initializer:
    return keras.initializers.HeUniform(seed=seed)


def shuffled(x: np.ndarray, y: np.ndarray, batch_size: int, random_state: int) -> Any:
    """Return batches in an order that is drawn anew for every epoch."""
    import tensorflow as tf

    rows = tf.data.Dataset.from_tensor_slices((x, y))
    return rows.shuffle(len(x), seed=random_state).batch(batch_size)


class NonFiniteLoss(keras.callbacks.Callback):
    """Stop at the first loss that is not a number, before it spreads to a checkpoint."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Raise where the mean loss of the epoch so far is not finite."""
        loss = (logs or {}).get("loss", 0.0)
        if not np.isfinite(loss):
            rate = float(np.asarray(self.model.optimizer.learning_rate))
            raise DivergenceError(f"the loss of batch {batch + 1} is {loss}", rate)


def cosine_schedule(learning_rate: float, epochs: int) -> Any:
    """Return the callback that lowers the rate to zero along half a cosine.

    Examples
    --------
    >>> cosine_schedule(0.1, 10).schedule(5)
    0.05
    """

    def rate(epoch: int, lr: float = 0.0) -> float:
        return float(
            round(learning_rate * (1 + np.cos(np.pi * epoch / epochs)) / 2, 12)
        )

    return keras.callbacks.LearningRateScheduler(rate)


def make_callbacks(patience: int, checkpoint: Path | None = None) -> list[Any]:
    """Return the callbacks of a training: schedule, early stopping, checkpoint.

    Parameters
    ----------
    patience : int
        Epochs without a lower validation loss after which training stops; after half
        as many the learning rate is halved.
    checkpoint : Path, optional
        File, ending in ``.keras``, that keeps the best network so far.

    Examples
    --------
    >>> [type(c).__name__ for c in make_callbacks(4)]
    ['ReduceLROnPlateau', 'EarlyStopping']
    """
    # The rate must be lowered before the stopping's patience ends, or it never is.
    slow = max(1, patience // 2)
    callbacks: list[Any] = [
        ReduceLROnPlateau("val_loss", factor=0.5, patience=slow),
        EarlyStopping("val_loss", patience=patience, restore_best_weights=True),
    ]
    if checkpoint is not None:
        callbacks.append(ModelCheckpoint(checkpoint, save_best_only=True))
    return callbacks


class CNNClassifier(ClassifierMixin, BaseEstimator):
    """The network of `build_cnn` as an estimator with early stopping.

    Parameters
    ----------
    filters, dense, dropout, batch_norm, augment
        As in `build_cnn`.
    epochs : int, default=20
        At most.
    patience : int, default=4
        As in `make_callbacks`.
    learning_rate : float, default=1e-3
        Of Adam, at the start.
    schedule : {"plateau", "cosine"}, default="plateau"
        Halve the rate where the validation loss stops falling, as in `make_callbacks`
        (without validation the rate stays), or lower it to zero along a cosine.
    batch_size : int, default=32
    validation : float, default=0.15
        Share of the training images set aside for validation; 0 to learn from all,
        for exactly ``epochs`` epochs.
    checkpoint : Path, optional
        As in `make_callbacks`; needs validation.
    random_state : int, default=0

    Attributes
    ----------
    classes_ : ndarray of shape (2,)
    model_ : keras.Model
    history_ : dict of lists
        ``loss``, ``val_loss``, ``accuracy``, ``val_accuracy``, one number per epoch;
        without ``val_`` if there is no validation.
    """

    def __init__(
        self,
        filters=(16, 32, 64),
        dense=128,
        dropout=0.5,
        batch_norm=False,
        augment=0.0,
        epochs=20,
        patience=4,
        learning_rate=1e-3,
        schedule="plateau",
        batch_size=32,
        validation=0.15,
        checkpoint=None,
        random_state=0,
    ):
        self.filters = filters
        self.dense = dense
        self.dropout = dropout
        self.batch_norm = batch_norm
        self.augment = augment
        self.epochs = epochs
        self.patience = patience
        self.learning_rate = learning_rate
        self.schedule = schedule
        self.batch_size = batch_size
        self.validation = validation
        self.checkpoint = checkpoint
        self.random_state = random_state

    def fit(self, X, y, callbacks=()):
        """Train on images of shape (N, H, W) or (N, H, W, C), uint8.

        `callbacks` are further Keras callbacks. A training that diverges raises
        `DivergenceError` and leaves what was fitted before.
        """
        x, labels = self._validate(X, y)
        model = self._build(x.shape[1:])
        adam = keras.optimizers.Adam(float(self.learning_rate))
        model.compile(adam, "binary_crossentropy", metrics=["accuracy"])
        history = self._train(model, x, labels[1], callbacks)
        self.model_, self._built = model, self._architecture()
        return self._keep(labels[0], history)

    def refit(self, X, y, callbacks=()):
        """Train again from the first weights, with the graph that is compiled already.

        The result is that of `fit`, sooner. `random_state`, `epochs`, the rate and
        the schedule may be other ones; where the layers are, `fit` builds them.
        """
        check_is_fitted(self)
        x, labels = self._validate(X, y)
        self._check_shape(x)
        if self._built != self._architecture():
            return self.fit(X, y, callbacks)
        kept = [np.array(v) for v in self.model_.variables]
        try:
            self._reset(x.shape[1:])
            history = self._train(self.model_, x, labels[1], callbacks)
        except BaseException:
            for variable, value in zip(self.model_.variables, kept, strict=True):
                variable.assign(value)
            raise
        return self._keep(labels[0], history)

    def _reset(self, shape: tuple[int, int, int]) -> None:
        """Put weights, random streams and optimizer back to where `fit` starts."""
        # Augmentation has no weights, and its layers are slow to build.
        self.model_.set_weights(self._build(shape, augment=0.0).get_weights())
        for variable in self.model_.variables:
            if variable.name == "seed_generator_state":
                variable.assign([self.random_state, 0])
        for variable in self.model_.optimizer.variables:
            variable.assign(keras.ops.zeros_like(variable))
        self.model_.optimizer.learning_rate.assign(float(self.learning_rate))

    def _architecture(self) -> tuple[Any, ...]:
        names = ("filters", "dense", "dropout", "batch_norm", "augment")
        return tuple(repr(getattr(self, name)) for name in names)

    def _keep(self, classes: np.ndarray, history: dict[str, list[float]]) -> Self:
        self.classes_, self.history_ = classes, history
        return self

    def _build(self, shape: tuple[int, int, int], augment=None) -> keras.Sequential:
        return build_cnn(
            shape,
            filters=self.filters,
            dense=self.dense,
            dropout=self.dropout,
            batch_norm=self.batch_norm,
            augment=self.augment if augment is None else augment,
            random_state=self.random_state,
        )

    def _validate(self, X, y) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
        """Return batch and labels, or raise before anything fitted is lost."""
        for name in ("epochs", "batch_size", "patience", "dense"):
            check_count(getattr(self, name), name)
        check_count(self.random_state, "random_state", minimum=0)
        for name, largest in (("validation", 0.9), ("dropout", 0.9), ("augment", 10)):
            check_number(getattr(self, name), name, maximum=largest)
        check_number(self.learning_rate, "learning_rate", open=True)
        check_choice(self.schedule, "schedule", SCHEDULES)
        if self.checkpoint is not None and not self.validation:
            raise ValueError("checkpoint needs validation above 0, got 0")
        check_consistent_length(X, y)
        x = as_batch(X)
        _check_side(x.shape[1:3], self.filters)
        return x, two_classes(y)

    def _check_shape(self, x: np.ndarray) -> None:
        shape = self.model_.input_shape[1:]
        if x.shape[1:] != shape:
            raise ValueError(
                f"images must be as in training, of shape {shape}, got {x.shape[1:]}"
            )

    def _train(
        self, model: Any, x: np.ndarray, targets: np.ndarray, callbacks: Iterable[Any]
    ) -> dict[str, list[float]]:
        options, own = {}, [NonFiniteLoss()]
        if self.validation:
            x, x_validation, targets, y_validation = self._split(x, targets)
            options = {
                "validation_data": (x_validation, y_validation),
                "validation_batch_size": 256,
            }
            own += make_callbacks(self.patience, self.checkpoint)
        if self.schedule == "cosine":
            own = [c for c in own if not isinstance(c, ReduceLROnPlateau)]
            own.append(cosine_schedule(self.learning_rate, self.epochs))
        history = model.fit(
            shuffled(x, targets, self.batch_size, self.random_state),
            epochs=self.epochs,
            shuffle=False,  # the batches come shuffled
            verbose=0,
            callbacks=[*own, *callbacks],
            **options,
        ).history
        self._check_divergence(model, history["loss"])
        return history

    def _split(self, x: np.ndarray, targets: np.ndarray) -> list[np.ndarray]:
        try:
            return train_test_split(
                *(x, targets),
                test_size=self.validation,
                stratify=targets,
                random_state=self.random_state,
            )
        except ValueError as error:
            raise ValueError(
                f"validation={self.validation} leaves too few of {len(x)} images on one "
                "side of the split; give more images, or 0 to learn from all"
            ) from error

    def _check_divergence(self, model: Any, losses: list[float]) -> None:
        finite = all(np.isfinite(np.asarray(w)).all() for w in model.weights)
        if not finite or not losses[-1] <= LARGEST_LOSS:
            what = (
                f"the last loss is {losses[-1]:.3g}" if finite else "weights overflowed"
            )
            raise DivergenceError(what, self.learning_rate)

    def predict_proba(self, X):
        """Return the probability of each class, shape (N, 2)."""
        check_is_fitted(self)
        x = as_batch(X)
        self._check_shape(x)
        if not len(x):
            return np.empty((0, 2))
        batches = np.array_split(x, -(-len(x) // 256))
        outputs = [np.asarray(self.model_(b, training=False)) for b in batches]
        p = np.concatenate(outputs)[:, 0]
        return np.column_stack([1 - p, p]).astype(float)

    def predict(self, X):
        """Return the likelier class of each image."""
        is_second = self.predict_proba(X)[:, 1] > 0.5
        return self.classes_[is_second.astype(int)]


def _check_side(side: tuple[int, ...], filters: Any) -> None:
    """Refuse images of which convolutions and poolings would leave nothing."""
    if not isinstance(filters, (tuple, list)) or not filters:
        raise ValueError(
            f"filters must be a sequence of whole numbers, got {filters!r}"
        )
    for number in filters:
        check_count(number, "each of filters")
    least = 1
    for _ in filters:
        least = 2 * least + 2  # a pooling of two by two, and a window of three
    if min(side) < least:
        raise ValueError(
            f"images must have sides of at least {least} pixels for {len(filters)} "
            f"convolutions, got {side[0]} x {side[1]}"
        )


def two_classes(y: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return the two classes, sorted, and for each row 0 or 1 as float32.

    Raises
    ------
    ValueError
        If there are not two, or one is missing for some row.

    Examples
    --------
    >>> two_classes(["dog", "cat"])[1]
    array([1., 0.], dtype=float32)
    """
    # As objects: beside texts, NumPy would make the text 'nan' of what is missing.
    missing = np.flatnonzero(pd.isna(np.asarray(y, dtype=object)))
    y = column_or_1d(y)
    if len(missing):
        raise ValueError(f"y must hold no missing value, got one in row {missing[0]}")
    classes, codes = np.unique(y, return_inverse=True)
    if len(classes) != 2:
        raise ValueError(f"y must hold two classes, got {classes.tolist()}")
    return classes, codes.astype(np.float32)
