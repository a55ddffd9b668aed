"""Masked language models: fill gaps in a text of which both sides are known."""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mlmastery.language_model.data import random_windows
from mlmastery.language_model.training import (
    TrainingConfig,
    make_optimizer,
    rate_factor,
)
from mlmastery.validation import check_count, check_share


def mask_tokens(
    ids: Tensor, mask_id: int, *, share: float = 0.15, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Choose tokens to guess and hide most of them.

    Of the tokens chosen, eight in ten become the mask, one in ten another token at
    random, and one in ten stays: a model cannot rely on the mask to know what to guess.

    Parameters
    ----------
    ids : Tensor of int, shape (B, T)
        Tokens below ``mask_id``.
    mask_id : int
        The token that stands for a gap; no text contains it.
    share : float, default=0.15
        Probability with which a token is chosen.
    generator : torch.Generator

    Returns
    -------
    tuple of Tensor, each of shape (B, T)
        What the model reads, and True where it has to guess.

    Raises
    ------
    ValueError
        If ``share`` is not between 0 and 1, or a token is not below ``mask_id``.
    TypeError
        If ``ids`` is no tensor of whole numbers.

    References
    ----------
    .. [1] Devlin et al. (2019), "BERT: Pre-training of Deep Bidirectional Transformers
       for Language Understanding".

    Examples
    --------
    >>> ids = torch.arange(10_000).view(1, -1) % 5
    >>> draw = torch.Generator().manual_seed(0)
    >>> inputs, chosen = mask_tokens(ids, 5, share=0.2, generator=draw)
    >>> round(float(chosen.float().mean()), 2)
    0.2
    >>> round(float((inputs == 5).float().mean()), 2)
    0.16
    """
    check_share(share, "share")
    check_count(mask_id, "mask_id")
    if not isinstance(ids, Tensor) or ids.is_floating_point():
        got = ids.dtype if isinstance(ids, Tensor) else type(ids).__name__
        raise TypeError(f"ids must be a tensor of whole numbers, got {got}")
    if ids.numel() and not 0 <= ids.min() <= ids.max() < mask_id:
        raise ValueError(
            f"ids must lie between 0 and {mask_id - 1}, got {ids.min()} to {ids.max()}"
        )
    chosen = torch.rand(ids.shape, generator=generator) < share
    lot = torch.rand(ids.shape, generator=generator)
    others = torch.randint(mask_id, ids.shape, generator=generator)
    inputs = torch.where(chosen & (lot < 0.8), mask_id, ids)
    return torch.where(chosen & (lot >= 0.9), others, inputs), chosen


def train_masked(
    model: nn.Module,
    ids: Tensor,
    config: TrainingConfig,
    *,
    mask_id: int,
    share: float = 0.15,
    generator: torch.Generator,
) -> list[float]:
    """Train a model without a causal mask to guess the tokens that were hidden.

    Parameters
    ----------
    model : nn.Module
        With ``context``, and ``model(ids)`` returning logits (B, T, V).
    ids : Tensor of int, shape (n,)
        Token ids of the training text.
    config : TrainingConfig
        Steps, batch, learning rate and its schedule, clipping.
    mask_id, share, generator
        As for `mask_tokens`.

    Returns
    -------
    list of float
        The loss of the guesses before each update, in nats.

    Raises
    ------
    FloatingPointError
        If a loss is NaN or infinite.
    ValueError, TypeError
        As for `mask_tokens`.
    """
    optimizer, losses = make_optimizer(model, config), []
    for step in range(config.steps):
        for group in optimizer.param_groups:
            group["lr"] = config.learning_rate * rate_factor(step, config)
        targets, _ = random_windows(ids, config.batch, model.context, generator)  # type: ignore[arg-type]
        inputs, chosen = mask_tokens(targets, mask_id, share=share, generator=generator)
        while not chosen.any():  # the mean over no guess would be NaN
            inputs, chosen = mask_tokens(
                targets, mask_id, share=share, generator=generator
            )
        loss = cross_entropy(model(inputs)[chosen], targets[chosen])
        if not loss.isfinite():
            raise FloatingPointError(
                f"the loss must be finite, got {loss.item()} before update {step + 1}: "
                "is the learning rate too high?"
            )
        model.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), config.clip)
        optimizer.step()
        losses.append(loss.item())
    return losses


@torch.no_grad()
def fill_gap(model: nn.Module, windows: Tensor, place: int, mask_id: int) -> Tensor:
    """Guess the token at a place from both of its sides, with a masked model.

    Parameters
    ----------
    model : nn.Module
        Trained by `train_masked`.
    windows : Tensor of int, shape (n, T)
        The token at ``place`` is hidden from the model.
    place : int
        From 0 to T - 1.
    mask_id : int
        Never guessed.

    Returns
    -------
    Tensor of shape (n,)
        The likeliest tokens.

    Raises
    ------
    ValueError
        If ``place`` lies outside the windows.
    """
    check_count(place, "place", minimum=0, maximum=windows.size(1) - 1)
    check_count(mask_id, "mask_id")
    gapped = windows.clone()
    gapped[:, place] = mask_id
    parts = [model(part)[:, place, :mask_id] for part in gapped.split(64)]
    return torch.cat(parts).argmax(dim=-1)


@torch.no_grad()
def guess_from_left(model: nn.Module, windows: Tensor, place: int) -> Tensor:
    """Guess the token at a place from what stands before it, with a causal model.

    Parameters
    ----------
    model : nn.Module
        Token ids (B, T) in, logits of the next tokens (B, T, V) out.
    windows : Tensor of int, shape (n, T)
    place : int
        From 1 to T - 1.

    Returns
    -------
    Tensor of shape (n,)
        The likeliest tokens.

    Raises
    ------
    ValueError
        If ``place`` lies outside the windows, or nothing stands before it.
    """
    check_count(place, "place", maximum=windows.size(1) - 1)
    parts = [model(part[:, :place])[:, -1] for part in windows.split(64)]
    return torch.cat(parts).argmax(dim=-1)


@torch.no_grad()
def guess_by_trying(
    model: nn.Module, windows: Tensor, place: int, n_tokens: int
) -> Tensor:
    """Guess the token at a place with a causal model, by writing in each candidate.

    The candidate with which the whole window is likeliest wins, so that the right side
    counts too. It takes ``n_tokens`` passes where `fill_gap` takes one.

    Parameters
    ----------
    model, windows, place
        As for `guess_from_left`.
    n_tokens : int
        Candidates are the tokens from 0 to one less.

    Returns
    -------
    Tensor of shape (n,)
        The likeliest tokens.

    Raises
    ------
    ValueError
        If ``place`` lies outside the windows, or nothing stands before it.
    """
    check_count(place, "place", maximum=windows.size(1) - 1)
    check_count(n_tokens, "n_tokens")
    guesses = [windows.new_zeros(0)]
    for window in windows:
        tried = window.repeat(n_tokens, 1)
        tried[:, place] = torch.arange(n_tokens)
        chances = model(tried[:, :-1])[:, place - 1 :].log_softmax(dim=-1)
        chosen = chances.gather(-1, tried[:, place:, None]).sum(dim=(1, 2))
        guesses.append(chosen.argmax()[None])
    return torch.cat(guesses)
