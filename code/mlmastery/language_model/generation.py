"""Generate text with a language model, one token after another."""

import math
from operator import index
from typing import Any

import torch
from torch import Tensor

from mlmastery.renamed import renamed
from mlmastery.validation import check_count, check_number


def window_start(length: int, context: int) -> int:
    """Return where the window of a sequence begins that the model reads.

    While the sequence fits, it is read whole. Afterwards the window moves on by half a
    context at a time, so that a cache is rebuilt rarely and not at every token.

    Parameters
    ----------
    length : int
        Tokens so far.
    context : int
        The longest sequence the model accepts.

    Returns
    -------
    int
        ``length`` minus it is at most ``context``.

    Examples
    --------
    >>> [window_start(n, 8) for n in (1, 8, 9, 12, 13)]
    [0, 0, 4, 4, 8]
    """
    half = max(1, context // 2)
    return max(0, math.ceil((length - context) / half)) * half


class CachedDecoder:
    """Feed a growing sequence to a model and return the logits of its next token.

    Parameters
    ----------
    model : callable
        With ``context``, ``model(ids, cache)`` and, for a cache, ``new_cache()``.
    use_cache : bool, default=True
        Keep keys and values, where the model can.

    Examples
    --------
    >>> from mlmastery.language_model import BigramModel
    >>> CachedDecoder(BigramModel(3))([0, 1]).shape
    torch.Size([3])
    """

    def __init__(self, model: Any, use_cache: bool = True) -> None:
        self.model = model
        self.use_cache = use_cache and hasattr(model, "new_cache")
        self.cache: Any = None
        self.start = self.n_read = 0  # the window's first token; tokens fed so far

    @torch.no_grad()
    def __call__(self, ids: list[int]) -> Tensor:
        """Return the logits, (V,), after ``ids``, which extend those of last time."""
        start = window_start(len(ids), self.model.context)
        if not self.use_cache:
            return self.model(torch.tensor([ids[start:]]))[0, -1]
        if self.cache is None or start != self.start:
            self.cache, self.start, self.n_read = self.model.new_cache(), start, start
        logits = self.model(torch.tensor([ids[self.n_read :]]), self.cache)
        self.n_read = len(ids)
        return logits[0, -1]


def next_probabilities(
    logits: Tensor,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Tensor:
    """Turn logits into the probabilities to draw the next token from.

    Parameters
    ----------
    logits : Tensor of shape (V,)
    temperature : float, default=1.0
        Logits are divided by it: below 1 the likely becomes likelier, at 0 only the
        likeliest is left.
    top_k : int, optional
        Keep this many tokens.
    top_p : float, optional
        Keep the fewest likeliest tokens whose probabilities reach this sum.

    Returns
    -------
    Tensor of shape (V,)
        Adding up to one.

    Raises
    ------
    ValueError
        If ``temperature`` is negative or not a number, ``top_k`` below 1, or
        ``top_p`` not in (0, 1].

    References
    ----------
    .. [1] Holtzman et al. (2020), "The Curious Case of Neural Text Degeneration".

    Examples
    --------
    >>> scores = torch.tensor([4.0, 2.0, 1.0]).log()
    >>> next_probabilities(scores, top_k=2)
    tensor([0.6667, 0.3333, 0.0000])
    >>> next_probabilities(scores, temperature=0)
    tensor([1., 0., 0.])
    """
    _check_sampling(temperature, top_k, top_p)
    if temperature == 0:
        return torch.zeros_like(logits).index_fill(0, logits.argmax(), 1.0)
    order = logits.argsort(descending=True, stable=True)
    # Subtracting the largest first keeps a small temperature from overflowing.
    divisor = max(temperature, torch.finfo(logits.dtype).tiny)
    ranked = ((logits[order] - logits[order[0]]) / divisor).softmax(dim=0)
    if top_k is not None:
        ranked[top_k:] = 0.0
    if top_p is not None:
        ranked = ranked / ranked.sum()
        before = ranked.cumsum(dim=0) - ranked  # what the likelier ones add up to
        ranked[1:][before[1:] >= top_p] = 0.0  # the likeliest stays whatever happens
    return torch.zeros_like(logits).index_copy(0, order, ranked / ranked.sum())


def generate(
    model: Any,
    prompt_ids: list[int],
    max_new_tokens: int,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    generator: torch.Generator | None = None,
    use_cache: bool = True,
) -> list[int]:
    """Continue a prompt by drawing one token after another.

    Parameters
    ----------
    model : callable
        With ``context`` and ``model(ids, cache)`` returning logits (B, T, V).
    prompt_ids : list of int
        At least one token; of a prompt longer than the context, the model sees the
        end.
    max_new_tokens : int
        How many to write.
    temperature, top_k, top_p
        As for `next_probabilities`.
    generator : torch.Generator, optional
        Source of the draws.
    use_cache : bool, default=True
        Changes the speed, not the text.

    Returns
    -------
    list of int
        The prompt and what follows it.

    Raises
    ------
    ValueError
        If the prompt is empty, or a choice is out of range.

    Examples
    --------
    >>> from mlmastery.language_model import BigramModel
    >>> model = BigramModel(3).fit(torch.tensor([0, 1, 2, 0, 1, 2]), smoothing=0)
    >>> generate(model, [0], 4)
    [0, 1, 2, 0, 1]
    """
    ids = _check_prompt(prompt_ids, max_new_tokens)
    _check_sampling(temperature, top_k, top_p)
    decode = CachedDecoder(model, use_cache)
    for _ in range(max_new_tokens):
        probabilities = next_probabilities(
            decode(ids), temperature=temperature, top_k=top_k, top_p=top_p
        )
        ids.append(int(torch.multinomial(probabilities, 1, generator=generator)))
    return ids


def greedy(
    model: Any, prompt_ids: list[int], max_new_tokens: int, *, use_cache: bool = True
) -> list[int]:
    """Continue a prompt by the likeliest token each time.

    Parameters
    ----------
    model, prompt_ids, max_new_tokens, use_cache
        As for `generate`.

    Returns
    -------
    list of int
        The prompt and what follows it.

    Examples
    --------
    >>> from mlmastery.language_model import BigramModel
    >>> greedy(BigramModel(3).fit(torch.tensor([0, 1, 2, 0])), [0], 3)
    [0, 1, 2, 0]
    """
    return generate(
        model, prompt_ids, max_new_tokens, temperature=0, use_cache=use_cache
    )


@torch.no_grad()
def beam_search(
    model: Any, prompt_ids: list[int], max_new_tokens: int, *, beams: int = 4
) -> list[int]:
    """Search for the likeliest continuation, keeping the best few at each step.

    Parameters
    ----------
    model, prompt_ids, max_new_tokens
        As for `generate`.
    beams : int, default=4
        How many continuations are kept; one is greedy decoding.

    Returns
    -------
    list of int
        The prompt and the best continuation found.

    Raises
    ------
    ValueError
        If the prompt is empty or ``beams`` below 1.

    Examples
    --------
    >>> from mlmastery.language_model import BigramModel
    >>> beam_search(BigramModel(3).fit(torch.tensor([0, 1, 2, 0])), [0], 3, beams=2)
    [0, 1, 2, 0]
    """
    check_count(beams, "beams")
    kept = torch.tensor([_check_prompt(prompt_ids, max_new_tokens)])  # (beams, length)
    totals = torch.zeros(1)
    for _ in range(max_new_tokens):
        start = window_start(kept.size(1), model.context)
        steps = model(kept[:, start:])[:, -1].log_softmax(dim=-1)  # (beams, V)
        scores = (totals[:, None] + steps).flatten()
        # Of all beams times tokens the best few: their parents may be one beam.
        totals, best = scores.topk(min(beams, len(scores)))
        parents, tokens = best // steps.size(1), best % steps.size(1)
        kept = torch.cat([kept[parents], tokens[:, None]], dim=1)
    return kept[0].tolist()


@torch.no_grad()
def log_probability(model: Any, ids: list[int], n_prompt: int) -> float:
    """Return the log-probability, in nats, of a continuation of a prompt.

    Parameters
    ----------
    model : callable
        As for `generate`; the whole sequence must fit its context.
    ids : list of int
        Prompt and continuation.
    n_prompt : int
        Tokens of the prompt, at least one.

    Examples
    --------
    >>> from mlmastery.language_model import BigramModel
    >>> round(log_probability(BigramModel(2), [0, 1, 1], 1), 4)  # two coin flips
    -1.3863
    """
    logits = model(torch.tensor([ids[:-1]]))[0].log_softmax(dim=-1)
    chosen = logits[torch.arange(len(ids) - 1), torch.tensor(ids[1:])]
    return float(chosen[n_prompt - 1 :].sum())


def _check_prompt(prompt_ids: list[int], max_new_tokens: int) -> list[int]:
    if not len(prompt_ids):
        raise ValueError("prompt_ids must hold at least one token, got none")
    check_count(max_new_tokens, "max_new_tokens", minimum=0)
    return [index(i) for i in prompt_ids]  # raises for 1.5, which int would round


def _check_sampling(temperature: float, top_k: int | None, top_p: float | None) -> None:
    check_number(temperature, "temperature")
    if top_k is not None:
        check_count(top_k, "top_k")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p must lie in (0, 1], got {top_p}")


__getattr__ = renamed(
    __name__, {"Reader": "mlmastery.language_model.generation.CachedDecoder"}
)
