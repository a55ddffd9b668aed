"""Cut a text's token ids into the windows for training and for validation."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from mlmastery.renamed import renamed_keywords
from mlmastery.validation import check_count, check_number


def split_text(text: str, share: float = 0.9) -> tuple[str, str]:
    """Cut a text in two, in order: the beginning for training, the end for validation.

    Parameters
    ----------
    text : str
    share : float, default=0.9
        Share of the characters that go to the first part, between 0 and 1.

    Raises
    ------
    ValueError
        If ``share`` leaves a part empty.

    Examples
    --------
    >>> split_text("to be or not", 0.5)
    ('to be ', 'or not')
    """
    check_number(share, "share", maximum=1)
    n = int(share * len(text))
    if not 0 < n < len(text):
        raise ValueError(
            "share must leave characters on both sides, "
            f"got {share} of {len(text)} characters"
        )
    return text[:n], text[n:]


def random_windows(
    ids: Tensor, batch: int, context: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Draw windows at random places; targets are the inputs shifted by one.

    Parameters
    ----------
    ids : Tensor of int, shape (n,)
        Token ids of the training text alone.
    batch, context : int
        Number of windows and tokens in each.
    generator : torch.Generator

    Returns
    -------
    tuple of Tensor, each of shape (batch, context)

    Raises
    ------
    ValueError
        If the text is too short for one window and its target.

    Examples
    --------
    >>> x, y = random_windows(torch.arange(50), 2, 4, torch.Generator().manual_seed(0))
    >>> bool((y == x + 1).all())
    True
    """
    ids = as_text(ids, context)
    check_count(batch, "batch")
    starts = torch.randint(len(ids) - context, (batch, 1), generator=generator)
    windows = ids[starts + torch.arange(context + 1)]  # (batch, context + 1)
    return windows[:, :-1], windows[:, 1:]


def fixed_windows(ids: Tensor, context: int) -> tuple[Tensor, Tensor]:
    """Cut a text into neighbouring windows, so that each token is predicted once.

    Parameters
    ----------
    ids : Tensor of int, shape (n,)
        Token ids of the validation text.
    context : int
        Tokens per window.

    Returns
    -------
    tuple of Tensor, each of shape ((n - 1) // context, context)
        Inputs and targets; a rest shorter than a window is left out.

    Raises
    ------
    ValueError
        If the text is too short for one window and its target.

    Examples
    --------
    >>> fixed_windows(torch.arange(6), 2)
    (tensor([[0, 1],
            [2, 3]]), tensor([[1, 2],
            [3, 4]]))
    """
    ids = as_text(ids, context)
    n = (len(ids) - 1) // context * context
    return ids[:n].view(-1, context), ids[1 : n + 1].view(-1, context)


@renamed_keywords(held="validation")
def shared_windows(
    train: Sequence[int], validation: Sequence[int], length: int
) -> float:
    """Return the share of the validation windows that also stand in the training part.

    Parameters
    ----------
    train, validation : sequence of int
        Token ids.
    length : int
        Of the windows compared, at every offset.

    Raises
    ------
    ValueError
        If the validation part is shorter than a window.

    Examples
    --------
    >>> shared_windows([1, 2, 3, 4], [2, 3, 4, 5], 3)
    0.5
    """
    check_count(length, "length", maximum=len(validation))
    train, validation = (torch.as_tensor(x).tolist() for x in (train, validation))
    seen = {tuple(train[i : i + length]) for i in range(len(train) - length + 1)}
    last = len(validation) - length
    windows = [tuple(validation[i : i + length]) for i in range(last + 1)]
    return sum(w in seen for w in windows) / len(windows)


def as_text(ids: Any, context: int, name: str = "ids") -> Tensor:
    """Return ids as one row of whole numbers, or say what is wrong with them.

    Parameters
    ----------
    ids : Tensor of int, or sequence of int, shape (n,)
    context : int
        Tokens per window; n must be larger.
    name : str, default="ids"
        Of the argument, for messages.

    Raises
    ------
    ValueError
        If there are too few, or they are not whole numbers.

    Examples
    --------
    >>> as_text([1, 2], context=2)
    Traceback (most recent call last):
    ValueError: ids must be one row with more tokens than the context, 2; got shape (2,)
    """
    check_count(context, "context")
    ids = torch.as_tensor(ids)
    if ids.dim() != 1 or len(ids) <= context:
        raise ValueError(
            f"{name} must be one row with more tokens than the context, {context}; "
            f"got shape {tuple(ids.shape)}"
        )
    if ids.is_floating_point() or ids.is_complex() or ids.dtype == torch.bool:
        raise ValueError(f"{name} must be whole numbers, got {ids.dtype}")
    return ids.long()
