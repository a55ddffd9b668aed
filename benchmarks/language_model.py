"""Race chapter 14's model against nanoGPT's small CPU configuration.

    python benchmarks/language_model.py [race] [ablation] [--seeds N] [--out FOLDER]

Both models train in one process on one thread, in turns, on the same first nine tenths
of the text, and are judged on the same windows of its last tenth; the clock is the
processor's time spent on updates. With ``MLMASTERY_DATA`` set, the race is run on the
well-known file of 1,115,394 characters in that folder, and the rows of other texts
stay in the table. Each model's schedule is set to end when the other's does, from the
speed of a few updates measured beforehand.
"""

import argparse
import dataclasses
import datetime
import math
import platform
import re
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import torch
from torch import Tensor, nn
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "code"))

from mlmastery.datasets import load_shakespeare, tier  # noqa: E402
from mlmastery.language_model import (  # noqa: E402
    Trainer,
    TrainingConfig,
    Transformer,
    TransformerConfig,
    evaluate,
    random_windows,
    split_text,
)
from mlmastery.language_model.recipe import fast_model, fast_training  # noqa: E402

CONTEXT, NANO_STEPS = 64, 2000
LOOKS = (0.1, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85, 1.0)


# --- nanoGPT (MIT licence, Andrej Karpathy) as `train.py config/train_shakespeare_char.py
# --device=cpu --compile=False --block_size=64 --batch_size=12 --n_layer=4 --n_head=4
# --n_embd=128 --max_iters=2000 --lr_decay_iters=2000 --dropout=0.0` runs it: layer norm
# and linear maps without bias, tied embedding, GELU, AdamW with decay on matrices.
class NanoBlock(nn.Module):
    """One block of nanoGPT."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.ln_1 = nn.LayerNorm(width, bias=False)
        self.c_attn = nn.Linear(width, 3 * width, bias=False)
        self.attn_proj = nn.Linear(width, width, bias=False)
        self.ln_2 = nn.LayerNorm(width, bias=False)
        self.c_fc = nn.Linear(width, 4 * width, bias=False)
        self.mlp_proj = nn.Linear(4 * width, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return x, (B, T, C), with what the block adds."""
        B, T, C = x.shape
        parts = self.c_attn(self.ln_1(x)).split(C, dim=2)
        q, k, v = (
            t.view(B, T, self.heads, C // self.heads).transpose(1, 2) for t in parts
        )
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.attn_proj(y.transpose(1, 2).contiguous().view(B, T, C))
        return x + self.mlp_proj(F.gelu(self.c_fc(self.ln_2(x))))


class NanoGPT(nn.Module):
    """The GPT of nanoGPT in its small CPU size."""

    def __init__(self, vocab_size: int, width: int = 128, layers: int = 4) -> None:
        super().__init__()
        self.context = CONTEXT
        self.wte = nn.Embedding(vocab_size, width)
        self.wpe = nn.Embedding(CONTEXT, width)
        self.h = nn.ModuleList(NanoBlock(width, 4) for _ in range(layers))
        self.ln_f = nn.LayerNorm(width, bias=False)
        self.lm_head = nn.Linear(width, vocab_size, bias=False)
        self.wte.weight = self.lm_head.weight
        for name, p in self.named_parameters():
            if p.dim() == 2:
                residual = name.endswith("_proj.weight")
                nn.init.normal_(p, 0.0, 0.02 / math.sqrt(2 * layers if residual else 1))

    def forward(self, ids: Tensor) -> Tensor:
        """Return logits, (B, T, V), for ids of (B, T)."""
        x = self.wte(ids) + self.wpe(torch.arange(ids.size(1)))
        for block in self.h:
            x = block(x)
        return self.lm_head(self.ln_f(x))


class NanoTrainer:
    """The loop of nanoGPT's train.py with the settings of its small CPU run."""

    def __init__(self, model: NanoGPT, ids: Tensor, generator: torch.Generator) -> None:
        self.model, self.ids, self.generator = model, ids, generator
        self.step, self.cpu_seconds = 0, 0.0
        matrices = [p for p in model.parameters() if p.dim() >= 2]
        vectors = [p for p in model.parameters() if p.dim() < 2]
        self.optimizer = torch.optim.AdamW(
            [
                {"params": matrices, "weight_decay": 0.1},
                {"params": vectors, "weight_decay": 0.0},
            ],
            lr=1e-3,
            betas=(0.9, 0.99),
        )

    def rate(self) -> float:
        """Return the learning rate: 100 updates of warm-up, then a cosine."""
        if self.step < 100:
            return 1e-3 * (self.step + 1) / 101
        done = (self.step - 100) / (NANO_STEPS - 100)
        return 1e-4 + 0.5 * (1 + math.cos(math.pi * done)) * (1e-3 - 1e-4)

    def update(self) -> None:
        """Make one update."""
        start = time.process_time()
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        x, y = random_windows(self.ids, 12, CONTEXT, self.generator)
        loss = F.cross_entropy(self.model(x).flatten(0, 1), y.flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.cpu_seconds += time.process_time() - start


def nano(train: Tensor, vocab_size: int, seed: int) -> NanoTrainer:
    """Return nanoGPT, ready to train."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    return NanoTrainer(NanoGPT(vocab_size), train, generator)


def ours(
    train: Tensor,
    held: Tensor,
    model: TransformerConfig,
    training: TrainingConfig,
    seed: int,
) -> Trainer:
    """Return our model, ready to train."""
    generator = torch.Generator().manual_seed(seed)
    network = Transformer(model, generator=generator)
    return Trainer(network, train, held, training, generator=generator)


def seconds_per_update(trainers: list[Any], updates: int = 15) -> list[float]:
    """Return what an update of each costs, measured in turns."""
    for _ in range(updates):
        for trainer in trainers:
            trainer.update()
    return [trainer.cpu_seconds / updates for trainer in trainers]


def take_turns(entrants: dict[str, Any], steps: dict[str, int], until: float) -> None:
    """Train up to a share of the run, in turns: a busy machine slows both alike."""
    for turn in range(1, 201):
        share = min(until, turn / 200)
        for model, trainer in entrants.items():
            while trainer.step < round(share * steps[model]):
                trainer.update()


def race(name: str, train: Tensor, held: Tensor, vocab_size: int, seed: int) -> list:
    """Train both in turns and return a row per look at each."""
    config = fast_model(vocab_size)
    trial = ours(train, held, config, fast_training(1000), seed)
    pace = seconds_per_update([nano(train, vocab_size, seed), trial])
    steps = int(NANO_STEPS * pace[0] / pace[1])
    entrants = {
        "nanoGPT": nano(train, vocab_size, seed),
        "ours": ours(train, held, config, fast_training(steps), seed),
    }
    rows = []
    for look in LOOKS:
        take_turns(entrants, {"nanoGPT": NANO_STEPS, "ours": steps}, look)
        for model, trainer in entrants.items():
            loss = evaluate(trainer.model, held, CONTEXT)
            rows.append(
                {
                    "text": name,
                    "seed": seed,
                    "model": model,
                    "step": trainer.step,
                    "cpu_seconds": round(trainer.cpu_seconds, 2),
                    "loss": round(loss, 4),
                    "parameters": sum(p.numel() for p in trainer.model.parameters()),
                }
            )
        latest = (f"{r['model']} {r['cpu_seconds']} s {r['loss']}" for r in rows[-2:])
        print(name, seed, *latest, flush=True)
    return rows


def variants(vocab_size: int) -> dict[str, tuple[TransformerConfig, dict[str, Any]]]:
    """Return the recipe, and the recipe with one idea taken back at a time."""
    full = fast_model(vocab_size)

    def but(**changes: Any) -> tuple[TransformerConfig, dict[str, Any]]:
        return dataclasses.replace(full, **changes), {}

    return {
        "the whole recipe": (full, {}),
        "no pairs of characters": but(pairs=False),
        "AdamW instead of Muon": (
            full,
            {"optimizer": "adamw", "learning_rate": 0.004, "clip": 1.0},
        ),
        "width 128, as nanoGPT": but(width=128, heads=4),
        "learned positions": but(positions="learned"),
        "GELU": but(activation="gelu"),
        "queries and keys unscaled": but(normalise_qk=False),
        "blocks not starting at zero": but(zero_init=False),
        "one table for reading and writing": but(tied=True),
    }


def ablate(train: Tensor, held: Tensor, vocab_size: int, seconds: float) -> list:
    """Train every variant for the same processor time and return a row for each."""
    rows = []
    for name, (config, changes) in variants(vocab_size).items():
        trial = ours(train, held, config, fast_training(1000), 0)
        steps = int(seconds / seconds_per_update([trial])[0])
        training = dataclasses.replace(fast_training(steps), **changes)
        trainer = ours(train, held, config, training, 0)
        for _ in range(steps):
            trainer.update()
        rows.append(
            {
                "variant": name,
                "steps": steps,
                "cpu_seconds": round(trainer.cpu_seconds, 1),
                "loss": round(evaluate(trainer.model, held, CONTEXT), 4),
            }
        )
        print(rows[-1], flush=True)
    return rows


def stamp(table: pd.DataFrame) -> pd.DataFrame:
    """Add where and when the rows were measured."""
    info = Path("/proc/cpuinfo")
    found = (
        re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    )
    processor = found[1] if found else platform.processor() or platform.machine()
    gib = psutil.virtual_memory().total / 2**30
    table["date"] = datetime.date.today().isoformat()
    table["hardware"] = f"{processor}, {psutil.cpu_count()} cores, {gib:.0f} GiB"
    table["torch"] = torch.__version__
    return table


def with_others(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Put the rows that the file has of other texts and seeds before the new ones."""
    if not path.exists():
        return table
    new = set(zip(table["text"], table["seed"], strict=True))
    old = pd.read_csv(path)
    keep = [pair not in new for pair in zip(old["text"], old["seed"], strict=True)]
    return pd.concat([old[keep], table])


def main() -> int:
    """Run what is asked for and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="*", default=["race", "ablation"])
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--seconds", type=float, default=25.0, help="per variant")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "code/mlmastery/recorded/language_model"
    )
    args = parser.parse_args()
    torch.set_num_threads(1)
    text = load_shakespeare()
    name = "embedded" if tier().folder is None else "original"
    letters = {c: i for i, c in enumerate(sorted(set(text)))}
    train, held = (
        torch.tensor([letters[c] for c in part]) for part in split_text(text)
    )
    if "ablation" in args.what:
        rows = ablate(train, held, len(letters), args.seconds)
        stamp(pd.DataFrame(rows)).to_csv(args.out / "ablation.csv", index=False)
    if "race" in args.what:
        path = args.out / "race.csv"
        rows = []
        for seed in args.seeds:
            rows += race(name, train, held, len(letters), seed)
            with_others(stamp(pd.DataFrame(rows)), path).to_csv(path, index=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
