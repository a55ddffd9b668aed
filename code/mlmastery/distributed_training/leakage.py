r"""Read a client's image out of the gradient that it sends.

Two attacks. The first is algebra: for one image x and a first layer with bias,

.. math::
    \frac{\partial L}{\partial W_{ij}} = x_i \, \delta_j, \qquad
    \frac{\partial L}{\partial b_j} = \delta_j ,

so x is a column of the first divided by an entry of the second. The second needs no
such layer: search for an image whose gradient is the one observed. What each protection
leaves for them is measured by `leak_report`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.distributed_training.compression import GradientCompressor
from mlmastery.distributed_training.federated import local_update
from mlmastery.distributed_training.model import ModelWrapper, shapes_of, unflatten
from mlmastery.distributed_training.privacy import private_mean
from mlmastery.distributed_training.secure import SecureAggregator, from_fixed

__all__ = [
    "VIEWS",
    "infer_label",
    "leak_report",
    "match_gradient",
    "read_input",
    "resemblance",
    "update_leak",
]


def infer_label(gradient: np.ndarray, layers: Sequence[int]) -> int:
    """Return the class of the one image behind a gradient.

    The gradient of the last biases is the predicted probabilities minus one at the
    right class: the only negative entry.

    References
    ----------
    .. [1] Zhao, Mopuri and Bilen (2020), "iDLG: Improved Deep Leakage from Gradients",
       arXiv:2001.02610.

    Examples
    --------
    >>> model = ModelWrapper(layers=(2, 3))
    >>> _, gradient = model.loss_and_gradient(np.array([[1.0, 0.5]]), np.array([2]))
    >>> infer_label(gradient, model.layers)
    2
    """
    return int(_parts(gradient, layers)[-1].argmin())


def read_input(gradient: np.ndarray, layers: Sequence[int]) -> np.ndarray:
    """Divide the first layer's gradient by its bias's: the input, for a batch of one.

    Of a larger batch it is a mixture of the inputs.

    Returns
    -------
    ndarray of shape (n_features,)
        Zeros if the gradient of all first biases is zero.

    References
    ----------
    .. [1] Phong, Aono, Hayashi, Wang and Moriai (2018), "Privacy-Preserving Deep
       Learning via Additively Homomorphic Encryption", IEEE Transactions on
       Information Forensics and Security 13(5).

    Examples
    --------
    >>> model = ModelWrapper(layers=(2, 3))
    >>> _, gradient = model.loss_and_gradient(np.array([[1.0, 0.5]]), np.array([2]))
    >>> read_input(gradient, model.layers)
    array([1. , 0.5], dtype=float32)
    """
    W, b, *_ = _parts(gradient, layers)
    unit = np.abs(b).argmax()  # the one that divides most accurately
    return W[:, unit] / b[unit] if b[unit] != 0 else np.zeros_like(W[:, unit])


def match_gradient(
    model: ModelWrapper,
    gradient: np.ndarray,
    *,
    label: int,
    n_steps: int = 60,
    random_state: int = 0,
) -> np.ndarray:
    """Search for the input whose gradient points where the observed one does.

    Parameters
    ----------
    model : ModelWrapper
        With the parameters at which the gradient was taken; best with a smooth
        activation, since the search differentiates the gradient.
    gradient : ndarray of shape (n_parameters,)
    label : int
        For instance by `infer_label`.
    n_steps : int, default=60
        Of L-BFGS.

    Returns
    -------
    ndarray of shape (n_features,)
        Between 0 and 1.

    References
    ----------
    .. [1] Zhu, Liu and Han (2019), "Deep Leakage from Gradients", NeurIPS.
    .. [2] Geiping, Bauermeister, Dröge and Moeller (2020), "Inverting Gradients: How
       Easy Is It to Break Privacy in Federated Learning?", NeurIPS.
    """
    import torch

    if model.framework != "pytorch":
        raise ValueError(f"model must be of pytorch, got {model.framework}")
    backend: Any = model._backend
    generator = torch.Generator().manual_seed(random_state)
    flat = torch.tensor(model.get_parameters(), requires_grad=True)
    wanted = torch.tensor(gradient, dtype=flat.dtype)
    size = (1, model.layers[0])
    hidden = torch.randn(size, generator=generator, dtype=flat.dtype).requires_grad_()
    target = torch.tensor([label])
    search = torch.optim.LBFGS(
        [hidden],
        max_iter=n_steps,
        tolerance_grad=0,
        tolerance_change=0,
        line_search_fn="strong_wolfe",
    )

    def closure():
        loss = backend._loss(flat, hidden.sigmoid(), target)
        (found,) = torch.autograd.grad(loss, flat, create_graph=True)
        mismatch = 1 - torch.cosine_similarity(found, wanted, dim=0)
        (hidden.grad,) = torch.autograd.grad(mismatch, hidden)
        return mismatch

    search.step(closure)
    return hidden.sigmoid().detach().numpy()[0]


def resemblance(original: np.ndarray, guess: np.ndarray) -> float:
    """Return the correlation of two images' pixels: 1 for equal ones, 0 for strangers.

    >>> resemblance(np.array([0.0, 1.0, 0.0]), np.array([0.1, 0.9, 0.1]))
    1.0
    """
    if not np.ptp(guess) > 0:  # a blank image, or one of NaN, says nothing
        return 0.0
    return round(float(np.corrcoef(original, guess)[0, 1]), 12)


# --- what the server sees under each protection --------------------------------------


View = Callable[[ModelWrapper, np.ndarray, np.ndarray, np.random.Generator], np.ndarray]


def _open(model, X, y, rng) -> np.ndarray:
    """Show the gradient of the first image alone."""
    return model.loss_and_gradient(X[:1], y[:1])[1]


def _batch(model, X, y, rng) -> np.ndarray:
    return model.loss_and_gradient(X[:32], y[:32])[1]


def _compressed(**options) -> View:
    def view(model, X, y, rng):
        compressor = GradientCompressor(shapes=shapes_of(model.layers), **options)
        return compressor.decode(compressor.encode(_open(model, X, y, rng)))

    return view


def _noisy(noise_multiplier: float) -> View:
    def view(model, X, y, rng):
        return private_mean(
            _open(model, X, y, rng)[None],
            max_norm=1.0,
            noise_multiplier=noise_multiplier,
            expected=1,
            rng=rng,
        )

    return view


def _masked(model, X, y, rng) -> np.ndarray:
    """Show what the server gets from the first of three clients."""
    vectors = {k: _open(model, X[k:], y[k:], rng) for k in range(3)}
    aggregator = SecureAggregator(3, entropy=rng.bytes)
    masked = aggregator.sum(vectors).masked[0]
    return from_fixed(masked, aggregator.fraction_bits).astype(model.dtype)


VIEWS: Mapping[str, View] = {
    "nothing": _open,
    "8 bits": _compressed(method="quantise", bits=8),
    "1 bit": _compressed(method="quantise", bits=1),
    "top 10 %": _compressed(method="top_k", ratio=0.1),
    "top 1 %": _compressed(method="top_k", ratio=0.01),
    "top 0.1 %": _compressed(method="top_k", ratio=0.001),
    "rank 1": _compressed(method="power_sgd", rank=1),
    "batch of 32": _batch,
    "noise 0.01": _noisy(0.01),
    "noise 0.1": _noisy(0.1),
    "noise 1": _noisy(1.0),
    "secure sum": _masked,
}


def leak_report(
    model: ModelWrapper,
    X: np.ndarray,
    y: np.ndarray,
    *,
    n_images: int = 3,
    random_state: int = 0,
) -> pd.DataFrame:
    """Attack the gradients of a few images under each protection, in both ways.

    Parameters
    ----------
    model : ModelWrapper
        Of the PyTorch framework, with a smooth activation.
    X : ndarray of shape (n_samples, n_features)
        Between 0 and 1; images are attacked from the first on, and the rows after an
        image make up its batch and the other clients.
    y : ndarray of shape (n_samples,)
    n_images : int, default=3

    Returns
    -------
    DataFrame
        ``protection``, ``image``, ``label_found``, ``read`` and ``matched`` (how much
        the results of `read_input` and `match_gradient` resemble the image, see
        `resemblance`), ``best`` (the larger of them) and ``guess`` (the image found).
    """
    rows = []
    for name, view in VIEWS.items():
        for image in range(n_images):
            rng = np.random.default_rng([random_state, image])
            seen = view(model, X[image:], y[image:], rng)
            rows.append(
                {"protection": name, "image": image}
                | _attack(model, seen, X[image], y[image])
            )
    return pd.DataFrame(rows)


def _attack(model: ModelWrapper, seen: np.ndarray, x: np.ndarray, label: int) -> dict:
    found = infer_label(seen, model.layers)
    guesses = read_input(seen, model.layers), match_gradient(model, seen, label=found)
    read, matched = (resemblance(x, guess) for guess in guesses)
    return {
        "label_found": found == label,
        "read": read,
        "matched": matched,
        "best": max(read, matched),
        "guess": guesses[int(matched > read)],
    }


def update_leak(
    model: ModelWrapper,
    clients: Sequence[tuple[np.ndarray, np.ndarray]],
    *,
    epochs: int = 2,
    batch_size: int = 20,
    learning_rate: float = 0.1,
    random_state: int = 0,
) -> pd.DataFrame:
    """Attack what travels in federated learning: updates of epochs, not one gradient.

    Parameters
    ----------
    model : ModelWrapper
        Where the clients start.
    clients : sequence of (X, y)
    epochs, batch_size, learning_rate
        Of their training.

    Returns
    -------
    DataFrame
        One line a client: ``rows``, and how much the image that `read_input` finds
        resembles the closest of them in the ``update`` itself, in one with noise as
        long as it is in each coordinate (``noisy``), in what the server gets from one
        client of a ``secure`` sum, and in a vector drawn by ``chance``: among many
        images one resembles any guess a little.
    """
    start, lines = model.get_parameters(), []
    for client, (X, y) in enumerate(clients):
        rng = np.random.default_rng([random_state, client])
        update, _ = local_update(
            model,
            start,
            X,
            y,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            generator=rng,
        )
        seen = {"update": update} | _protected(update, rng)
        line = {name: _closest(X, u, model.layers) for name, u in seen.items()}
        lines.append({"rows": len(X)} | line)
    model.set_parameters(start)
    return pd.DataFrame(lines)


def _protected(update: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    norm = float(np.linalg.norm(update))
    noisy = private_mean(
        update[None], max_norm=norm, noise_multiplier=1.0, expected=1, rng=rng
    )
    aggregator = SecureAggregator(2, entropy=rng.bytes)
    masked = aggregator.sum({0: update, 1: update}).masked[0]
    hidden = from_fixed(masked, aggregator.fraction_bits)
    return {"noisy": noisy, "secure": hidden, "chance": rng.normal(size=update.size)}


def _closest(X: np.ndarray, update: np.ndarray, layers: Sequence[int]) -> float:
    """Return how much the image that is read resembles the closest of the rows."""
    guess = read_input(update, layers)
    return max(resemblance(x, guess) for x in X)


def _parts(gradient: np.ndarray, layers: Sequence[int]) -> list[np.ndarray]:
    return unflatten(gradient, shapes_of(layers))
