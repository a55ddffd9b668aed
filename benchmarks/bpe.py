"""Race three ways of training byte pair encoding on Shakespeare.

    python benchmarks/bpe.py [--out FILE] [--few N] [--many N ...]

``recount`` counts every pair in every piece of the text again before each merge, as
minbpe does; ``recount words`` does so over the distinct words; ``incremental`` is the
book's; ``library`` is the package tokenizers on one thread. All must find the same
merges. Recounting takes as long for each merge as for the first, so it is stopped after
the few. Written are CPU seconds, from the text in memory to the list of merges.
"""

import argparse
import datetime
import json
import os
import platform
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from mlmastery.datasets import load_shakespeare
from mlmastery.language_model import bpe

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "code" / "mlmastery" / "recorded" / "language_model" / "bpe_race.csv"
Merges = list[tuple[int, int]]


def recount(text: str, n_merges: int) -> Merges:
    """Count all pairs of the whole text again for each merge."""
    words = [bpe.byte_ids(piece.encode()) for piece in bpe.split_pieces(text)]
    return _recount(words, [1] * len(words), n_merges)


def recount_words(text: str, n_merges: int) -> Merges:
    """Count all pairs of the distinct words again for each merge."""
    pieces = Counter(bpe.split_pieces(text))
    words = [bpe.byte_ids(piece.encode()) for piece in pieces]
    return _recount(words, list(pieces.values()), n_merges)


def _recount(words: list[list[int]], counts: list[int], n_merges: int) -> Merges:
    merges: Merges = []
    for new in range(256, 256 + n_merges):
        merges.append(bpe.most_frequent(bpe.count_pairs(words, counts)))
        words = [bpe.merge(word, merges[-1], new) for word in words]
    return merges


def library(text: str, n_merges: int) -> Merges:
    """Train the byte-level BPE of the package tokenizers."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=256 + n_merges,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator([text], trainer)
    ids = tokenizer.get_vocab()
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [(ids[left], ids[right]) for left, right in merges]


FAST: dict[str, Callable[[str, int], Merges]] = {
    "incremental": bpe.learn_merges,
    "library": library,
}
SLOW = {"recount": recount, "recount words": recount_words}


def processor() -> str:
    """Name the processor as well as the system can."""
    info = Path("/proc/cpuinfo")
    found = (
        re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    )
    return found[1] if found else platform.processor() or platform.machine()


def fastest(train: Callable[[str, int], Merges], text: str, n_merges: int, runs: int):
    """Return the merges and the CPU seconds of the fastest of several runs."""
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        merges = train(text, n_merges)
        seconds.append(time.process_time() - start)
    return merges, round(min(seconds), 2)


def race(size: str, n_merges: int, methods: dict, repeats: int) -> list[dict]:
    """Train by each method on the same text and return a row for each."""
    text = load_shakespeare(size)
    expected, rows = None, []
    for name, train in methods.items():
        runs = repeats if name in FAST else 1
        merges, seconds = fastest(train, text, n_merges, runs)
        expected = expected or merges
        row = {"text": size, "characters": len(text), "merges": n_merges}
        row |= {"method": name, "seconds": seconds, "same_merges": merges == expected}
        print(row, flush=True)
        rows.append(row)
    return rows


def main() -> int:
    """Race and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--few", type=int, default=50)
    parser.add_argument("--many", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--repeats", type=int, default=2, help="the fastest counts")
    args = parser.parse_args()
    os.environ["RAYON_NUM_THREADS"] = "1"  # read when the library first trains
    rows = []
    for size in ("1MB", "5MB"):
        rows += race(size, args.few, FAST | SLOW, args.repeats)
        for n_merges in args.many:
            rows += race(size, n_merges, FAST, args.repeats)
    table = pd.DataFrame(rows)
    table["date"] = datetime.date.today().isoformat()
    table["hardware"] = processor()
    table["python"] = platform.python_version()
    table.to_csv(args.out, index=False)
    print(f"written: {args.out}")
    return int(not table["same_merges"].all())


if __name__ == "__main__":
    sys.exit(main())
