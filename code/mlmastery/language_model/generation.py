"""Generate text with a language model, one token after another."""

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from operator import index
from typing import Any

import torch
from torch import Tensor

from mlmastery.language_model.transformer import evaluation_mode
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
        """Return the logits, (V,), after ``ids``, which extend those of last time.

        Dropout is off while the model reads.
        """
        with evaluation_mode(self.model):
            return self._next(ids)

    def _next(self, ids: list[int]) -> Tensor:
        start = window_start(len(ids), self.model.context)
        if not self.use_cache:
            return self.model(torch.tensor([ids[start:]]))[0, -1]
        if self.cache is None or start != self.start:
            self.cache, self.start, self.n_read = self.model.new_cache(), start, start
        logits = self.model(torch.tensor([ids[self.n_read :]]), self.cache)
        self.n_read = len(ids)
        return logits[0, -1]


def check_logits(logits: Tensor) -> Tensor:
    """Return logits that a choice can be made from, or raise.

    Minus infinity is allowed: it forbids a token.

    Parameters
    ----------
    logits : Tensor of shape (..., V)

    Raises
    ------
    ValueError
        If one is NaN or plus infinity, or all of a row are minus infinity.

    Examples
    --------
    >>> check_logits(torch.tensor([0.0, math.nan]))
    Traceback (most recent call last):
    ValueError: logits must be numbers, got NaN for 1 of 2 tokens: are the model's weights NaN?
    """
    if n_lost := int(logits.isnan().sum()):
        raise ValueError(
            f"logits must be numbers, got NaN for {n_lost} of {logits.numel()} tokens: "
            "are the model's weights NaN?"
        )
    if logits.amax(dim=-1).isinf().any():
        raise ValueError(
            "the largest logit must be finite, "
            f"got {float(logits.amax(dim=-1).flatten()[0])}"
        )
    return logits


@dataclass(frozen=True)
class StopRule:
    r"""Say when a text is finished: at a token, or as soon as it holds a string.

    Parameters
    ----------
    ids : collection of int, default=()
        Tokens that end the text.
    texts : collection of str, default=()
        Strings that end the text, wherever the borders of its tokens lie.
    decode : callable, optional
        Turns ids into a text; needed for ``texts``.

    Raises
    ------
    ValueError
        If a string is empty, or ``decode`` is missing.

    Examples
    --------
    >>> rule = StopRule(ids=[2], texts=["b\n"], decode=lambda ids: "".join(map(chr, ids)))
    >>> rule([97, 98]), rule([97, 98, 10]), rule([97, 2])
    (False, True, True)
    """

    ids: Collection[int] = ()
    texts: Collection[str] = ()
    decode: Callable[[list[int]], str] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.ids, Collection):
            raise ValueError(f"ids must be a collection of tokens, got {self.ids!r}")
        if isinstance(self.texts, str) or not all(self.texts):
            raise ValueError(
                f"texts must be a collection of strings that are not empty, got {self.texts!r}"
            )
        if self.texts and self.decode is None:
            raise ValueError("decode must be given with texts, got None")

    def __call__(self, written: list[int]) -> bool:
        """Return whether the text ends with the last of the tokens written."""
        if written and written[-1] in self.ids:
            return True
        if not self.texts or self.decode is None:
            return False
        # A token is at least one byte, so the string must lie within so many of them.
        longest = max(len(text.encode()) for text in self.texts)
        tail = self.decode(written[-longest:])
        return any(text in tail for text in self.texts)


NEVER = StopRule()


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
        If ``temperature`` is negative or not a number, ``top_k`` below 1, ``top_p`` not
        in (0, 1], or a logit NaN.

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
    check_logits(logits)
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
    stop: StopRule = NEVER,
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
        How many to write at most.
    temperature, top_k, top_p
        As for `next_probabilities`.
    stop : StopRule, optional
        Ends the text earlier; the token that ends it is kept.
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
        If the prompt is empty, a choice is out of range, or a logit is NaN.

    Examples
    --------
    >>> from mlmastery.language_model import BigramModel
    >>> model = BigramModel(3).fit(torch.tensor([0, 1, 2, 0, 1, 2]), smoothing=0)
    >>> generate(model, [0], 4)
    [0, 1, 2, 0, 1]
    >>> generate(model, [0], 4, stop=StopRule(ids=[2]))
    [0, 1, 2]
    """
    ids = _check_prompt(prompt_ids, max_new_tokens)
    _check_sampling(temperature, top_k, top_p)
    decode = CachedDecoder(model, use_cache)
    for _ in range(max_new_tokens):
        probabilities = next_probabilities(
            decode(ids), temperature=temperature, top_k=top_k, top_p=top_p
        )
        ids.append(int(torch.multinomial(probabilities, 1, generator=generator)))
        if stop(ids[len(prompt_ids) :]):
            break
    return ids


def greedy(
    model: Any,
    prompt_ids: list[int],
    max_new_tokens: int,
    *,
    stop: StopRule = NEVER,
    use_cache: bool = True,
) -> list[int]:
    """Continue a prompt by the likeliest token each time.

    Parameters
    ----------
    model, prompt_ids, max_new_tokens, stop, use_cache
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
        model, prompt_ids, max_new_tokens, temperature=0, stop=stop, use_cache=use_cache
    )


def length_penalty(length: int, alpha: float) -> float:
    """Return what a log-probability is divided by, so that long texts may win.

    Parameters
    ----------
    length : int
        New tokens.
    alpha : float
        0 leaves the log-probability as it is.

    Raises
    ------
    ValueError
        If one is negative, or ``length`` no whole number.

    References
    ----------
    .. [1] Wu et al. (2016), "Google's Neural Machine Translation System", equation 14.

    Examples
    --------
    >>> length_penalty(7, 0), length_penalty(7, 1)
    (1.0, 2.0)
    """
    check_count(length, "length", minimum=0)
    check_number(alpha, "alpha")
    return float(((5 + length) / 6) ** alpha)


def beam_search(
    model: Any,
    prompt_ids: list[int],
    max_new_tokens: int,
    *,
    beams: int = 4,
    end_ids: Collection[int] = (),
    alpha: float = 0.0,
) -> list[int]:
    """Search for the likeliest continuation, keeping the best few at each step.

    Parameters
    ----------
    model, prompt_ids, max_new_tokens, beams, end_ids
        As for `beam_drafts`.
    alpha : float, default=0.0
        Power of `length_penalty`, by which continuations of different lengths are
        compared at the end. With 0 the likeliest wins, which favours short ones.

    Returns
    -------
    list of int
        The prompt and the best continuation found.

    Raises
    ------
    ValueError
        If the prompt is empty, ``beams`` below 1, ``alpha`` negative, or a logit NaN.

    Examples
    --------
    >>> from mlmastery.language_model import BigramModel
    >>> beam_search(BigramModel(3).fit(torch.tensor([0, 1, 2, 0])), [0], 3, beams=2)
    [0, 1, 2, 0]
    """
    check_number(alpha, "alpha")
    drafts = beam_drafts(
        model, prompt_ids, max_new_tokens, beams=beams, end_ids=end_ids
    )
    start = len(prompt_ids)
    best, _ = max(drafts, key=lambda d: d[1] / length_penalty(len(d[0]) - start, alpha))
    return best


@torch.no_grad()
def beam_drafts(
    model: Any,
    prompt_ids: list[int],
    max_new_tokens: int,
    *,
    beams: int = 4,
    end_ids: Collection[int] = (),
) -> list[tuple[list[int], float]]:
    """Return the continuations that a beam search ends with.

    A continuation that ends keeps its place among the few, and the others go on with
    one place less.

    Parameters
    ----------
    model, prompt_ids, max_new_tokens
        As for `generate`.
    beams : int, default=4
        How many continuations are kept; one is greedy decoding.
    end_ids : collection of int, default=()
        Tokens that end a continuation.

    Returns
    -------
    list of tuple of list of int and float
        Prompt and continuation, and the continuation's log-probability in nats; those
        that ended come first.

    Raises
    ------
    ValueError
        If the prompt is empty, ``beams`` below 1, or a logit NaN.

    References
    ----------
    .. [1] Wu et al. (2016), "Google's Neural Machine Translation System".

    Examples
    --------
    >>> from mlmastery.language_model import BigramModel
    >>> model = BigramModel(2).fit(torch.tensor([0, 1, 0, 1, 1, 0]), smoothing=0)
    >>> [(ids, round(p, 1)) for ids, p in beam_drafts(model, [1], 1, beams=2)]
    [([1, 0], -0.4), ([1, 1], -1.1)]
    """
    check_count(beams, "beams")
    ends = _check_ends(end_ids)
    kept = torch.tensor([_check_prompt(prompt_ids, max_new_tokens)])  # (beams, length)
    totals = torch.zeros(1)
    finished: list[tuple[list[int], float]] = []
    for _ in range(max_new_tokens):
        start = window_start(kept.size(1), model.context)
        with evaluation_mode(model):
            logits = check_logits(model(kept[:, start:])[:, -1])
        scores = (totals[:, None] + logits.log_softmax(dim=-1)).flatten()
        # Of all beams times tokens the best few: their parents may be one beam.
        totals, best = scores.topk(min(beams - len(finished), len(scores)))
        parents, tokens = best // logits.size(1), best % logits.size(1)
        kept = torch.cat([kept[parents], tokens[:, None]], dim=1)
        possible = totals > -math.inf
        ended = torch.isin(tokens, ends)
        finished += _drafts(kept[ended & possible], totals[ended & possible])
        kept, totals = kept[~ended & possible], totals[~ended & possible]
        if len(finished) == beams or not len(kept):
            break
    return [*finished, *_drafts(kept, totals)]


def _check_ends(end_ids: Collection[int]) -> Tensor:
    try:
        return torch.tensor([index(i) for i in end_ids], dtype=torch.long)
    except TypeError:
        raise TypeError(
            f"end_ids must be a collection of tokens, got {end_ids!r}"
        ) from None


def _drafts(kept: Tensor, totals: Tensor) -> list[tuple[list[int], float]]:
    return list(zip(kept.tolist(), totals.tolist(), strict=True))


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

    Raises
    ------
    ValueError
        If ``n_prompt`` is below one or above the length, or a logit is NaN.

    Examples
    --------
    >>> from mlmastery.language_model import BigramModel
    >>> round(log_probability(BigramModel(2), [0, 1, 1], 1), 4)  # two coin flips
    -1.3863
    """
    ids = _check_ids(ids, "ids")
    check_count(n_prompt, "n_prompt", maximum=len(ids))
    if n_prompt == len(ids):
        return 0.0
    with evaluation_mode(model):
        logits = check_logits(model(torch.tensor([ids[:-1]]))[0]).log_softmax(dim=-1)
    chosen = logits[torch.arange(len(ids) - 1), torch.tensor(ids[1:])]
    return float(chosen[n_prompt - 1 :].sum())


def _check_prompt(prompt_ids: list[int], max_new_tokens: int) -> list[int]:
    check_count(max_new_tokens, "max_new_tokens", minimum=0)
    return _check_ids(prompt_ids, "prompt_ids")


def _check_ids(ids: list[int], name: str) -> list[int]:
    try:
        checked = [index(i) for i in ids]  # raises for 1.5, which int would round
    except TypeError:
        raise TypeError(
            f"{name} must be a list of whole numbers, got {ids!r}"
        ) from None
    if not checked:
        raise ValueError(f"{name} must hold at least one token, got none")
    return checked


def _check_sampling(temperature: float, top_k: int | None, top_p: float | None) -> None:
    check_number(temperature, "temperature")
    if top_k is not None:
        check_count(top_k, "top_k")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p must lie in (0, 1], got {top_p}")


__getattr__ = renamed(
    __name__, {"Reader": "mlmastery.language_model.generation.CachedDecoder"}
)
