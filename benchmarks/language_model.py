"""Race chapter 14's model against nanoGPT's small CPU configuration.

    python benchmarks/language_model.py [tuning] [race] [ablation] [long] [warmup] [--out FOLDER]

Everything runs on one thread, and the clock is the processor's time spent on updates.
A run is stopped by this clock, and its learning rate follows the clock as well. Both
architectures are tuned first, with the same effort: the same number of settings drawn at
random, the same seconds for each, the same loop. They are chosen by the loss on the first
half of the last tenth of the well-known text. The race is run on that text, judged on the
second half of its last tenth, and on this book's edition, judged on the first half.
``MLMASTERY_DATA`` names the folder with the well-known file of 1,115,394 characters.
"""

import argparse
import dataclasses
import datetime
import math
import os
import platform
import re
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psutil
import torch
from torch import Tensor, nn
from torch.nn import functional as F

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "code"))

from mlmastery.datasets import load_shakespeare  # noqa: E402
from mlmastery.language_model import (  # noqa: E402
    NGramModel,
    Trainer,
    TrainingConfig,
    Transformer,
    TransformerConfig,
    evaluate,
    split_text,
)
from mlmastery.language_model.recipe import fast_model, fast_training  # noqa: E402

CONTEXT = 64
LOOKS = (0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
FIRST, SECOND = (12, 8.0), (3, 30.0)  # settings and seconds of the two rounds of tuning


# --- nanoGPT (MIT licence, Andrej Karpathy) as `train.py config/train_shakespeare_char.py
# --device=cpu --compile=False --block_size=64 --batch_size=12 --n_layer=4 --n_head=4
# --n_embd=128 --max_iters=2000 --lr_decay_iters=2000 --dropout=0.0` builds it: layer norm
# and linear maps without bias, tied embedding, GELU.
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
    """The GPT of nanoGPT, by default in its small CPU size."""

    def __init__(
        self, vocab_size: int, width: int = 128, heads: int = 4, layers: int = 4
    ) -> None:
        super().__init__()
        self.context = CONTEXT
        self.wte = nn.Embedding(vocab_size, width)
        self.wpe = nn.Embedding(CONTEXT, width)
        self.h = nn.ModuleList(NanoBlock(width, heads) for _ in range(layers))
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


class ClockTrainer(Trainer):
    """The chapter's loop with a schedule that ends when the seconds are spent."""

    def __init__(self, *args: Any, seconds: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.seconds = seconds

    def rate_factor(self) -> float:
        """Return the share of the peak rate: warm-up by updates, decay by the clock."""
        c = self.config
        rise = min(1.0, (self.step + 1) / (c.warmup + 1))
        done = min(1.0, self.cpu_seconds / self.seconds)
        if c.schedule == "cosine":
            done = (1 - math.cos(math.pi * done)) / 2
        return rise * (1 - (1 - c.final_rate) * done)

    def until(self, share: float) -> None:
        """Train until a share of the seconds is spent."""
        while self.cpu_seconds < share * self.seconds:
            self.update()


@dataclasses.dataclass(frozen=True)
class Setting:
    """What was tuned."""

    learning_rate: float
    width: int
    batch: int
    warmup: int
    beta2: float


PUBLISHED = TrainingConfig(
    steps=2000, batch=12, learning_rate=1e-3, warmup=100, weight_decay=0.1
)


def drawn_settings(n: int) -> list[Setting]:
    """Return n settings, the same ones for every architecture."""
    rng = np.random.default_rng(14)
    return [
        Setting(
            learning_rate=float(round(10 ** rng.uniform(-2.7, -1.8), 4)),
            width=int(rng.choice([32, 64, 96, 128])),
            batch=int(rng.choice([8, 16, 32])),
            warmup=int(rng.choice([20, 50, 100])),
            beta2=float(rng.choice([0.95, 0.99])),
        )
        for _ in range(n)
    ]


def plan(setting: Setting) -> TrainingConfig:
    """Return the training settings that go with what was tuned."""
    return dataclasses.replace(
        fast_training(100_000),
        learning_rate=setting.learning_rate,
        batch=setting.batch,
        warmup=setting.warmup,
        betas=(0.9, setting.beta2),
    )


def network(
    model: str, setting: Setting, vocab_size: int, seed: int, **changes: Any
) -> nn.Module:
    """Return an untrained model; ``changes`` are those of our config."""
    heads = max(1, setting.width // 32)
    if model == "nanoGPT":
        torch.manual_seed(seed)
        return NanoGPT(vocab_size, setting.width, heads)
    config = dataclasses.replace(
        fast_model(vocab_size), **{"width": setting.width, "heads": heads, **changes}
    )
    return Transformer(config, generator=torch.Generator().manual_seed(seed))


class Text:
    """A text in numbers: what to learn from, and the two halves of its last tenth."""

    def __init__(self, name: str) -> None:
        text = read(name)
        letters = {c: i for i, c in enumerate(sorted(set(text)))}
        self.name, self.vocab_size = name, len(letters)
        train, held = (
            torch.tensor([letters[c] for c in part]) for part in split_text(text)
        )
        n = (len(held) - 1) // CONTEXT // 2 * CONTEXT
        self.train, self.halves = train, (held[: n + 1], held[n:])
        # Settings were chosen on the original's first half; the page locks the
        # embedded text's second half.
        self.judged = self.halves[1 if name == "original" else 0]

    def trainer(
        self, model: nn.Module, config: TrainingConfig, seconds: float, seed: int
    ) -> ClockTrainer:
        """Return a run on this text."""
        generator = torch.Generator().manual_seed(seed)
        return ClockTrainer(
            model, self.train, self.judged, config, generator=generator, seconds=seconds
        )


def read(name: str) -> str:
    """Return the well-known text, from the user's folder, or this book's."""
    folder = os.environ.get("MLMASTERY_DATA")
    if name == "original":
        if not folder:
            raise SystemExit("set MLMASTERY_DATA to the folder of the original text")
        return load_shakespeare()
    os.environ.pop("MLMASTERY_DATA", None)
    try:
        return load_shakespeare()
    finally:
        if folder:
            os.environ["MLMASTERY_DATA"] = folder


def tune(model: str, text: Text) -> list[dict[str, Any]]:
    """Try all settings for a short time and the best of them for longer."""
    settings, rows = drawn_settings(FIRST[0]), []
    for round_, (n, seconds) in enumerate((FIRST, SECOND), 1):
        found = []
        for setting in settings[:n]:
            run = text.trainer(
                network(model, setting, text.vocab_size, 0), plan(setting), seconds, 0
            )
            run.until(1.0)
            loss = evaluate(run.model, text.halves[0], CONTEXT)
            found.append((loss, setting))
            row = {"model": model, "round": round_, **dataclasses.asdict(setting)}
            row |= {"seconds": seconds, "steps": run.step, "loss": round(loss, 4)}
            rows.append(row)
            print(row, flush=True)
        settings = [s for _, s in sorted(found, key=lambda pair: pair[0])]
    return rows


def chosen(folder: Path) -> dict[str, Setting]:
    """Return the best setting of each model from the table of the tuning."""
    table = pd.read_csv(folder / "tuning.csv")
    best = table[table["round"] == 2].sort_values("loss").groupby("model").first()
    fields = [f.name for f in dataclasses.fields(Setting)]
    types = {f.name: f.type for f in dataclasses.fields(Setting)}
    return {
        model: Setting(**{f: types[f](row[f]) for f in fields})  # type: ignore[operator]
        for model, row in best.iterrows()
    }


def race(
    text: Text, settings: dict[str, Setting], seed: int, seconds: float
) -> list[dict[str, Any]]:
    """Train all three in turns and return a row per look at each."""
    v = text.vocab_size
    torch.manual_seed(seed)
    entrants = {
        "nanoGPT, published": text.trainer(NanoGPT(v), PUBLISHED, seconds, seed)
    }
    for name, model in (("nanoGPT, tuned", "nanoGPT"), ("ours", "ours")):
        s = settings[model]
        net = network(model, s, v, seed)
        entrants[name] = text.trainer(net, plan(s), seconds, seed)
    rows = []
    for look in LOOKS:
        rows += look_at(text, entrants, seed, look)
    return rows


def look_at(
    text: Text, entrants: dict[str, ClockTrainer], seed: int, look: float
) -> list[dict[str, Any]]:
    """Train in turns of half a second, which a busy machine slows alike; then judge."""
    share = {name: run.cpu_seconds / run.seconds for name, run in entrants.items()}
    turns = max(1, round((look - min(share.values())) * 120))
    for turn in range(1, turns + 1):
        for name, run in entrants.items():
            run.until(share[name] + (look - share[name]) * turn / turns)
    rows = [
        {
            "text": text.name,
            "seed": seed,
            "model": name,
            "step": run.step,
            "cpu_seconds": round(run.cpu_seconds, 2),
            "loss": round(evaluate(run.model, text.judged, CONTEXT), 4),
            "parameters": sum(p.numel() for p in run.model.parameters()),
        }
        for name, run in entrants.items()
    ]
    print(text.name, seed, *((r["cpu_seconds"], r["loss"]) for r in rows), flush=True)
    return rows


def counted(text: Text) -> dict[str, Any]:
    """Return the row of the interpolated counts of four characters."""
    start = time.process_time()
    model = NGramModel(text.vocab_size, reach=4).fit(text.train)
    seconds = time.process_time() - start
    return {
        "text": text.name,
        "seed": 0,
        "model": "counts",
        "step": 0,
        "cpu_seconds": round(seconds, 2),
        "loss": round(evaluate(model, text.judged, CONTEXT), 4),
        "parameters": sum(len(level.counts) for level in model.levels),
    }


def variants(s: Setting) -> dict[str, tuple[Setting, dict[str, Any]]]:
    """Return our model as it is, and with one thing changed at a time."""

    def but(**changes: Any) -> tuple[Setting, dict[str, Any]]:
        return dataclasses.replace(s, **changes), {}

    return {
        "ours": (s, {}),
        "no table of pairs": (s, {"pairs": False}),
        "learned positions": (s, {"positions": "learned"}),
        "twice the heads": (s, {"heads": 2 * max(1, s.width // 32)}),
        "width × 2": but(width=2 * s.width),
        "width ÷ 2": but(width=s.width // 2),
        "batch × 2": but(batch=2 * s.batch),
        "batch ÷ 2": but(batch=s.batch // 2),
        "rate × 2": but(learning_rate=2 * s.learning_rate),
        "rate ÷ 2": but(learning_rate=s.learning_rate / 2),
        "no warm-up": but(warmup=0),
        "dropout 0.1": (s, {"dropout": 0.1}),
    }


def ablate(text: Text, s: Setting, seed: int, seconds: float) -> list[dict[str, Any]]:
    """Train every variant for the same seconds, in turns, and return a row for each."""
    runs = {
        name: text.trainer(
            network("ours", setting, text.vocab_size, seed, **changes),
            plan(setting),
            seconds,
            seed,
        )
        for name, (setting, changes) in variants(s).items()
    }
    for turn in range(1, 21):
        for run in runs.values():
            run.until(turn / 20)
    rows = [
        {
            "variant": name,
            "seed": seed,
            "steps": run.step,
            "cpu_seconds": round(run.cpu_seconds, 1),
            "loss": round(evaluate(run.model, text.judged, CONTEXT), 4),
        }
        for name, run in runs.items()
    ]
    print(*rows, sep="\n", flush=True)
    return rows


def warm_up(text: Text, seeds: range = range(6)) -> list[dict[str, Any]]:
    """Train the page's deep post-norm stack with a warm-up and without, at one rate."""
    rows = []
    for seed in seeds:
        for warmup in (0, 100):
            generator = torch.Generator().manual_seed(seed)
            config = TransformerConfig(
                text.vocab_size,
                context=32,
                width=32,
                heads=2,
                layers=24,
                norm_first=False,
                fused=True,
            )
            setting = TrainingConfig(
                steps=150, batch=8, learning_rate=3e-3, warmup=warmup, final_rate=1
            )
            run = Trainer(
                Transformer(config, generator=generator),
                text.train,
                text.halves[0][:4000],
                setting,
                generator=generator,
            )
            loss = round(run.run()[-1].validation_loss, 3)
            rows.append({"warmup": warmup, "seed": seed, "loss": loss})
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


def write(rows: list[dict[str, Any]], path: Path) -> None:
    """Write what there is so far."""
    stamp(pd.DataFrame(rows)).to_csv(path, index=False)


def main() -> int:
    """Run what is asked for and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parts = ["tuning", "race", "ablation", "long", "warmup"]
    parser.add_argument("what", nargs="*", default=parts)
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--seconds", type=float, default=30.0, help="of the race")
    parser.add_argument("--ablation-seconds", type=float, default=10.0)
    parser.add_argument("--long-seconds", type=float, default=240.0)
    parser.add_argument(
        "--out", type=Path, default=ROOT / "code/mlmastery/recorded/language_model"
    )
    args = parser.parse_args()
    torch.set_num_threads(1)
    out, first = args.out, Text("original")
    if "tuning" in args.what:
        rows = [row for model in ("nanoGPT", "ours") for row in tune(model, first)]
        write(rows, out / "tuning.csv")
    settings = chosen(out)
    if "race" in args.what:
        texts, rows = [first, Text("embedded")], []
        rows += [counted(text) for text in texts]
        for seed in args.seeds:
            for text in texts:
                rows += race(text, settings, seed, args.seconds)
                write(rows, out / "race.csv")
    if "ablation" in args.what:
        rows = []
        for seed in args.seeds:
            rows += ablate(first, settings["ours"], seed, args.ablation_seconds)
            write(rows, out / "ablation.csv")
    if "long" in args.what:
        text, s = Text("embedded"), settings["ours"]
        net = network("ours", s, text.vocab_size, 0)
        run = {"ours": text.trainer(net, plan(s), args.long_seconds, 0)}
        rows = [row for look in LOOKS for row in look_at(text, run, 0, look)]
        write(rows, out / "long_run.csv")
    if "warmup" in args.what:
        write(warm_up(Text("embedded")), out / "warmup.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main())
