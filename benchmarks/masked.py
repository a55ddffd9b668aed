"""Let masked and causal models fill gaps after equal numbers of updates.

    python benchmarks/masked.py [--out FILE] [--steps N ...] [--seeds N]

Three models of the same size read the same text: a causal one, and masked ones that hide
15 and 40 % of the characters. Each rate is the best of three on a seed of its own. A gap is
one character of a validation window of 64, at place 16, 32 or 48; the causal model sees its
left side, or tries every character and keeps the one that makes the window likeliest (on
every sixth window at place 32, for it takes 65 passes). Written is the share of gaps filled.
"""

import argparse
import dataclasses
import datetime
import time
from pathlib import Path

import pandas as pd
import torch
from bpe import processor

from mlmastery.datasets import load_shakespeare
from mlmastery.language_model import (
    Trainer,
    Transformer,
    fast_model,
    fast_training,
    split_text,
)
from mlmastery.language_model.masked import (
    fill_gap,
    guess_by_trying,
    guess_from_left,
    train_masked,
)
from mlmastery.language_model.tokenizers import CharTokenizer

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "code" / "mlmastery" / "recorded" / "language_model" / "gaps.csv"
PLACES = (16, 32, 48)
RATES = (0.002, 0.004, 0.008)
ARMS = {"causal": None, "masked 15%": 0.15, "masked 40%": 0.40}
TUNING_SEED = 99


class Contest:
    """The text, the size of the models, and how a model is trained and judged."""

    def __init__(self) -> None:
        train_text, held_text = split_text(load_shakespeare(), share=0.9)
        chars = CharTokenizer().train(train_text)
        self.size = chars.vocab_size
        self.train_ids = torch.tensor(chars.encode(train_text))
        held = torch.tensor(chars.encode(held_text))
        self.valid_ids = held[: len(held) // 2]
        self.windows = self.valid_ids[: len(self.valid_ids) // 64 * 64].view(-1, 64)
        base = fast_model(self.size + 1)  # one more: the mask
        self.config = dataclasses.replace(base, pairs=False, layers=2)

    def train(self, arm: str, steps: int, rate: float, seed: int):
        """Return a trained model and its CPU seconds."""
        plan = dataclasses.replace(
            fast_training(steps, evaluate_every=steps), learning_rate=rate
        )
        draw, share = torch.Generator().manual_seed(seed), ARMS[arm]
        config = dataclasses.replace(self.config, causal=share is None)
        model = Transformer(config, generator=draw)
        if share is None:
            run = Trainer(
                model, self.train_ids, self.valid_ids[:1_000], plan, generator=draw
            )
            run.run()
            return model, run.cpu_seconds
        start = time.process_time()
        train_masked(
            model, self.train_ids, plan, mask_id=self.size, share=share, generator=draw
        )
        return model, time.process_time() - start

    def accuracy(self, arm: str, model) -> float:
        """Return the share of gaps that one pass fills."""
        right = []
        for place in PLACES:
            if arm == "causal":
                guesses = guess_from_left(model, self.windows, place)
            else:
                guesses = fill_gap(model, self.windows, place, self.size)
            right.append(guesses == self.windows[:, place])
        return float(torch.cat(right).float().mean())

    def tried(self, model) -> float:
        """Return the share of gaps that the causal model fills by trying."""
        windows = self.windows[::6]
        guesses = guess_by_trying(model, windows, 32, self.size)
        return float((guesses == windows[:, 32]).float().mean())


def main() -> int:
    """Tune, train and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--steps", type=int, nargs="*", default=[300, 1_000, 3_000])
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    contest, rows = Contest(), []
    for arm in ARMS:
        scores = {
            r: contest.accuracy(arm, contest.train(arm, 1_000, r, TUNING_SEED)[0])
            for r in RATES
        }
        rate = max(scores, key=scores.get)
        print(arm, scores, flush=True)
        for steps in args.steps:
            for seed in range(args.seeds):
                model, seconds = contest.train(arm, steps, rate, seed)
                row = {"model": arm, "rate": rate, "updates": steps, "seed": seed}
                row |= {"cpu_seconds": round(seconds, 1)}
                row["accuracy"] = round(contest.accuracy(arm, model), 4)
                rows.append(row)
                print(row, flush=True)
                if arm == "causal":
                    both = {
                        "model": "causal, by trying",
                        "accuracy": contest.tried(model),
                    }
                    rows.append(row | both)
                    print(rows[-1], flush=True)
    table = pd.DataFrame(rows).round({"accuracy": 4})
    table["date"] = datetime.date.today().isoformat()
    table["hardware"] = processor()
    table.to_csv(args.out, index=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
