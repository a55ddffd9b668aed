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
GAP, GONE = -1, -2  # in a row of tokens: between words; merged into the one before

# GPT-2's rule for cutting a text before any merge, so that no token crosses a word's end.
PIECE = regex.compile(
    r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
)
_PRINTING = [*range(33, 127), *range(161, 173), *range(174, 256)]
BYTE_OF_ID = bytes([*_PRINTING, *sorted(set(range(256)) - set(_PRINTING))])
ID_OF_BYTE = bytes(BYTE_OF_ID.index(byte) for byte in range(256))


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
    return list(data.translate(ID_OF_BYTE))


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

    All words stand in one row of tokens, in which each token knows its neighbours. A
    merge visits the places of its pair and corrects the counts on both sides: the work
    is that of the places, however long the words are. The heap may hold outdated
    entries: one that comes out on top is put back with its present count, until one is
    right.

    Parameters
    ----------
    words : sequence of sequence of int
    counts : sequence of int
        How often each word occurs.

    Attributes
    ----------
    pairs : Counter of pair
        How often each pair occurs now.

    Examples
    --------
    >>> state = PairCounts([[1, 2, 1, 2]], counts=[10])
    >>> state.pop()
    (1, 2)
    >>> state.merge((1, 2), 3)
    >>> state.words, state.pop()
    ([[3, 3]], (3, 3))
    """

    def __init__(self, words: Sequence[Sequence[int]], counts: Sequence[int]) -> None:
        self.pairs = count_pairs(words, counts)
        self.tokens, self.weights = [GAP], [0]  # a gap stands before and after a word
        self.places: defaultdict[Pair, list[int]] = defaultdict(list)
        for word, count in zip(words, counts, strict=True):
            for place, pair in enumerate(pairwise(word), start=len(self.tokens)):
                self.places[pair].append(place)
            self.tokens += [*word, GAP]
            self.weights += [count] * (len(word) + 1)
        n = len(self.tokens)
        self.before, self.after = list(range(-1, n - 1)), list(range(1, n + 1))
        self.heap = [(-count, pair) for pair, count in self.pairs.items()]
        heapq.heapify(self.heap)

    @property
    def words(self) -> list[list[int]]:
        """The words as they are now."""
        words, place = [], self.after[0]
        while place < len(self.tokens):
            word = []
            while self.tokens[place] != GAP:
                word.append(self.tokens[place])
                place = self.after[place]
            words.append(word)
            place = self.after[place]
        return words

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
        """Join the pair into the token ``new`` wherever it stands, from the left."""
        tokens, created = self.tokens, set()
        for place in sorted(self.places.pop(pair)):
            second = self.after[place]
            if (tokens[place], tokens[second]) != pair:
                continue  # an earlier merge has used one of the two
            left, right = self.before[place], self.after[second]
            tokens[place], tokens[second] = new, GONE
            self.after[place], self.before[right] = right, place
            for at, old, made in (
                (left, (tokens[left], pair[0]), (tokens[left], new)),
                (place, (pair[1], tokens[right]), (new, tokens[right])),
            ):
                if GAP not in made:
                    self.pairs[old] -= self.weights[place]
                    self.pairs[made] += self.weights[place]
                    self.places[made].append(at)
                    created.add(made)
        del self.pairs[pair]
        self._offer(created)

    def _offer(self, created: set[Pair]) -> None:
        for pair in created:
            if (
                self.pairs[pair] > 0
            ):  # aaa: the first merge made a pair, the next took it
                heapq.heappush(self.heap, (-self.pairs[pair], pair))


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


def apply_merges(word: Sequence[int], ranks: dict[Pair, int]) -> list[int]:
    """Merge the pairs of one word in the order in which they were learned.

    A heap hands out the ranks, the earliest first; the places of a rank are visited from
    the left, and each token knows its neighbours. Every merge makes the word one token
    shorter, so that n tokens take about n log n steps.

    Parameters
    ----------
    word : sequence of int
    ranks : dict of pair to int
        The token that each pair becomes; the smaller, the earlier it was learned.

    Examples
    --------
    >>> apply_merges([1, 2, 3], {(2, 3): 256, (1, 2): 257})
    [1, 256]
    """
    n, rank_of = len(word), ranks.get
    tokens = [*word, GAP]
    before, after = list(range(-1, n)), list(range(1, n + 2))
    places: dict[int, list[int]] = {}
    for place, pair in enumerate(pairwise(word)):
        if (rank := rank_of(pair)) is not None:
            places.setdefault(rank, []).append(place)
    waiting = list(places)
    heapq.heapify(waiting)
    while waiting:
        new = heapq.heappop(waiting)
        for place in sorted(places.pop(new)):
            second = after[place]
            if rank_of((tokens[place], tokens[second])) != new:
                continue  # an earlier merge has used one of the two
            left, right = before[place], after[second]
            tokens[place], tokens[second] = new, GONE
            after[place], before[right] = right, place
            for at, made in (
                (left, (tokens[left], new)),
                (place, (new, tokens[right])),
            ):
                if (rank := rank_of(made)) is None:
                    continue
                if rank in places:
                    places[rank].append(at)
                else:
                    places[rank] = [at]
                    heapq.heappush(waiting, rank)
    return [token for token in tokens[:n] if token != GONE]
