"""Byte pair encoding: count neighbours, join the most frequent pair, again.

Tokens are numbers. The first 256 stand for the bytes, in the order of GPT-2, which
starts with those that print; each merge adds one token.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

import regex

from mlmastery.validation import check_count

Pair = tuple[int, int]

# GPT-2's rule for cutting a text before any merge, so that no token crosses a word's end.
PIECE = regex.compile(
    r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
)
_PRINTING = [*range(33, 127), *range(161, 173), *range(174, 256)]
BYTE_OF_ID = bytes([*_PRINTING, *sorted(set(range(256)) - set(_PRINTING))])
ID_OF_BYTE = tuple(BYTE_OF_ID.index(byte) for byte in range(256))


def split_pieces(text: str) -> list[str]:
    """Cut a text into words with the blank before them, numbers, signs and blanks.

    The pieces joined are the text: nothing is lost.

    References
    ----------
    .. [1] Radford et al. (2019), "Language Models are Unsupervised Multitask Learners".

    Examples
    --------
    >>> split_pieces("I'll go, go!")
    ['I', "'ll", ' go', ',', ' go', '!']
    """
    pieces: list[str] = PIECE.findall(text)
    return pieces


def byte_ids(data: bytes) -> list[int]:
    """Return one token for each byte.

    Examples
    --------
    >>> byte_ids(b"Hi")
    [39, 72]
    """
    return [ID_OF_BYTE[byte] for byte in data]


def count_pairs(words: Iterable[Sequence[int]], counts: Iterable[int]) -> Counter[Pair]:
    """Count how often two tokens stand side by side in words that occur so often.

    Examples
    --------
    >>> count_pairs([[1, 2, 1, 2], [2, 1]], [10, 1]).most_common()
    [((1, 2), 20), ((2, 1), 11)]
    """
    pairs: Counter[Pair] = Counter()
    for word, count in zip(words, counts, strict=True):
        for pair in pairwise(word):
            pairs[pair] += count
    return pairs


def merge(word: Sequence[int], pair: Pair, new: int) -> list[int]:
    """Put the token ``new`` in place of each ``pair``, from left to right.

    Examples
    --------
    >>> merge([1, 1, 1, 2], (1, 1), 3)
    [3, 1, 2]
    """
    merged, i = [], 0
    while i < len(word):
        joins = i + 1 < len(word) and word[i] == pair[0] and word[i + 1] == pair[1]
        merged.append(new if joins else word[i])
        i += 2 if joins else 1
    return merged


def most_frequent(pairs: Counter[Pair]) -> Pair:
    """Return the pair to merge next: of equally frequent ones the smallest.

    Examples
    --------
    >>> most_frequent(Counter({(5, 1): 2, (3, 4): 2, (0, 0): 1}))
    (3, 4)
    """
    return min(pairs, key=lambda pair: (-pairs[pair], pair))


class PairCounts:
    """Pairs in a list of words, kept up to date while pairs are merged.

    A merge changes only the words that hold the pair, so only these are counted again.
    The heap may hold outdated entries: one that comes out on top is put back with its
    present count, until one is right.

    Parameters
    ----------
    words : list of list of int
        Changed in place by `merge`.
    counts : list of int
        How often each word occurs.
    """

    def __init__(self, words: list[list[int]], counts: list[int]) -> None:
        self.words, self.counts = words, counts
        self.pairs = count_pairs(words, counts)
        self.where: defaultdict[Pair, set[int]] = defaultdict(set)
        for i, word in enumerate(words):
            for pair in pairwise(word):
                self.where[pair].add(i)
        self.heap = [(-count, pair) for pair, count in self.pairs.items()]
        heapq.heapify(self.heap)

    def pop(self) -> Pair | None:
        """Take out the most frequent pair, or None if no two tokens are left."""
        while self.heap:
            count, pair = heapq.heappop(self.heap)
            if -count == self.pairs[pair]:
                return pair
            if self.pairs[pair] > 0:
                heapq.heappush(self.heap, (-self.pairs[pair], pair))
        return None

    def merge(self, pair: Pair, new: int) -> None:
        """Join the pair into the token ``new`` wherever it stands."""
        created = set()
        for i in self.where.pop(pair):
            before = self.words[i]
            after = self.words[i] = merge(before, pair, new)
            for old_pair in pairwise(before):
                self.pairs[old_pair] -= self.counts[i]
            for new_pair in pairwise(after):
                self.pairs[new_pair] += self.counts[i]
                if new in new_pair:
                    self.where[new_pair].add(i)
                    created.add(new_pair)
        del self.pairs[pair]
        for new_pair in created:
            heapq.heappush(self.heap, (-self.pairs[new_pair], new_pair))


def learn_merges(text: str, n_merges: int) -> list[Pair]:
    """Find the pairs to merge, most frequent first.

    Equally frequent pairs are merged in the order of their numbers. Fewer than
    ``n_merges`` are returned if no two tokens are left side by side.

    Raises
    ------
    ValueError
        If ``n_merges`` is negative, or the text holds a lone surrogate.

    References
    ----------
    .. [1] Gage (1994), "A New Algorithm for Data Compression", C Users Journal 12(2).
    .. [2] Sennrich, Haddow and Birch (2016), "Neural Machine Translation of Rare Words
       with Subword Units", ACL.

    Examples
    --------
    >>> learn_merges("abab ab", 2)
    [(64, 65), (220, 256)]
    """
    check_count(n_merges, "n_merges", minimum=0)
    pieces = Counter(split_pieces(text))
    words = [byte_ids(piece.encode()) for piece in pieces]
    state = PairCounts(words, list(pieces.values()))
    merges: list[Pair] = []
    while len(merges) < n_merges and (pair := state.pop()):
        state.merge(pair, 256 + len(merges))
        merges.append(pair)
    return merges


def apply_merges(word: list[int], ranks: dict[Pair, int]) -> list[int]:
    """Merge the pairs of one word in the order in which they were learned.

    Parameters
    ----------
    word : list of int
    ranks : dict of pair to int
        The token that each pair becomes; the smaller, the earlier it was learned.

    Examples
    --------
    >>> apply_merges([1, 2, 3], {(2, 3): 256, (1, 2): 257})
    [1, 256]
    """
    while len(word) > 1:
        pair = min(pairwise(word), key=lambda p: ranks.get(p, len(ranks) + 256))
        if pair not in ranks:
            break
        word = merge(word, pair, ranks[pair])
    return word
