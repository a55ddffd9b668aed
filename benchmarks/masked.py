"""Let masked and causal models fill gaps after equal numbers of updates.

    python benchmarks/masked.py --tune
    python benchmarks/masked.py [--tuned] [--arms NAME ...] [--steps N ...] [--seeds N]

Three models of the same size read the same text: a causal one, and masked ones that hide
15 and 40 % of the characters. A gap is one character of a window of 64, at place 16, 32 or
48; the causal model sees its left side, or tries every character and keeps the one that
makes the window likeliest (on every sixth window at place 32, for it takes 65 passes).
Written is the share of gaps filled.

`--tune` tries every rate on a seed of its own, after 400 and 1,000 updates. Its models
leave out the last twentieth of the training text, whose windows judge the rates. The
contest judges on the validation text. The recorded one ran with the rates of CHOSEN, the
best of 0.002, 0.004 and 0.008 on the validation text itself with another seed; with
`--tuned` it takes the best of `--tune` at 1,000 updates.
"""

import argparse
import dataclasses
import datetime
import itertools
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
RECORDED = ROOT / "code" / "mlmastery" / "recorded" / "language_model"
RESULT, TUNED = RECORDED / "gaps.csv", RECORDED / "gap_rates.csv"
PLACES = (16, 32, 48)
RATES = {
    "causal": (0.004, 0.008, 0.016),
    "masked 15%": (0.001, 0.002, 0.004, 0.008, 0.016),
    "masked 40%": (0.004, 0.008, 0.016),
}
ARMS = {"causal": None, "masked 15%": 0.15, "masked 40%": 0.40}
CHOSEN = {"causal": 0.008, "masked 15%": 0.002, "masked 40%": 0.008}
TUNING_SEED = 99


class Contest:
    """The text, the size of the models, and how a model is trained and judged.

    For tuning, the end of the training text takes the place of the validation text.
    """

    def __init__(self, tuning: bool = False) -> None:
        train_text, held_text = split_text(load_shakespeare(), share=0.9)
        chars = CharTokenizer().train(train_text)
        self.size = chars.vocab_size
        self.train_ids = torch.tensor(chars.encode(train_text))
        held = torch.tensor(chars.encode(held_text))
        self.valid_ids = held[: len(held) // 2]
        if tuning:
            cut = len(self.train_ids) // 20 * 19
            self.train_ids, self.valid_ids = self.train_ids[:cut], self.train_ids[cut:]
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


def stamped(rows: list[dict]) -> pd.DataFrame:
    """Return a table that says when and on what it was measured."""
    table = pd.DataFrame(rows).round({"accuracy": 4})
    table["date"] = datetime.date.today().isoformat()
    table["hardware"] = processor()
    return table


def tune() -> None:
    """Try every rate for every model and write the table."""
    contest, rows = Contest(tuning=True), []
    for steps, arm in itertools.product((400, 1_000), ARMS):
        for rate in RATES[arm]:
            model, _ = contest.train(arm, steps, rate, TUNING_SEED)
            row = {"model": arm, "updates": steps, "rate": rate}
            rows.append(row | {"accuracy": contest.accuracy(arm, model)})
            print(rows[-1], flush=True)
            stamped(rows).to_csv(TUNED, index=False)


def best_rate(arm: str, steps: int = 1_000) -> float:
    """Return the rate that filled the most gaps of the tuning text."""
    tuned = pd.read_csv(TUNED).query("model == @arm and updates == @steps")
    return float(tuned.set_index("rate")["accuracy"].idxmax())


def compete(
    arms: list[str], step_counts: list[int], seeds: int, tuned: bool
) -> pd.DataFrame:
    """Train and judge the models, each with its rate."""
    contest, rows = Contest(), []
    for arm, steps, seed in itertools.product(arms, step_counts, range(seeds)):
        rate = best_rate(arm) if tuned else CHOSEN[arm]
        model, seconds = contest.train(arm, steps, rate, seed)
        row = {"model": arm, "rate": rate, "updates": steps, "seed": seed}
        row |= {"cpu_seconds": round(seconds, 1)}
        rows.append(row | {"accuracy": contest.accuracy(arm, model)})
        if arm == "causal":
            both = {"model": "causal, by trying", "accuracy": contest.tried(model)}
            rows.append(row | both)
        print(rows[-1], flush=True)
    return stamped(rows)


def main() -> int:
    """Tune, or train and write the table; models not named keep their rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--arms", nargs="*", default=list(ARMS), choices=list(ARMS))
    parser.add_argument("--steps", type=int, nargs="*", default=[300, 1_000, 3_000])
    parser.add_argument("--seeds", type=int, default=3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.tune:
        tune()
        return 0
    new = compete(args.arms, args.steps, args.seeds, args.tuned)
    if RESULT.exists():
        old = pd.read_csv(RESULT)
        new = pd.concat([old[~old["model"].isin(new["model"])], new])
    new.to_csv(RESULT, index=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
