"""The training loop: schedule, clipping, accumulation, evaluation, checkpoints."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from mlmastery.language_model.data import as_text, fixed_windows, random_windows
from mlmastery.language_model.transformer import evaluation_mode
from mlmastery.renamed import renamed, renamed_keywords
from mlmastery.storage import replacing
from mlmastery.validation import check_choice, check_count, check_number

# Keys of checkpoints that an earlier version wrote.
OLD_KEYS = {
    "shape": "schedule",
    "optimisers": "optimizers",
    "held_loss": "validation_loss",
}

PARTS = {"config", "model", "optimizer", "generator", "step", "cpu_seconds"}
PARTS |= {"train_loss", "history"}  # of a checkpoint


class CheckpointError(RuntimeError):
    """A checkpoint cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class TrainingConfig:
    """Settings of a training run; the defaults suit a small model of characters.

    Parameters
    ----------
    steps : int, default=1000
        Number of updates.
    batch : int, default=16
        Windows per pass.
    accumulate : int, default=1
        Passes whose gradients make one update.
    learning_rate : float, default=1e-3
        Adam's peak learning rate.
    warmup : int, default=50
        Updates over which the learning rate rises, at most ``steps``.
    final_rate : float, default=0.1
        Share of the peak at which the learning rate ends.
    schedule : {"cosine", "linear"}, default="cosine"
        Curve along which it falls from peak to end.
    weight_decay : float, default=0.1
        AdamW's, for matrices; biases and norms are not penalised.
    clip : float, default=1.0
        Maximum gradient norm; longer gradients are scaled to it.
    betas : tuple of float, default=(0.9, 0.99)
        Decay rates of Adam's moving averages.
    evaluate_every : int, default=100
        Updates between two evaluations on the validation text.

    Raises
    ------
    ValueError
        If a number is out of range or a choice unknown.

    Examples
    --------
    >>> TrainingConfig(steps=0)
    Traceback (most recent call last):
    ValueError: steps must be a whole number of at least 1, got 0
    """

    steps: int = 1000
    batch: int = 16
    accumulate: int = 1
    learning_rate: float = 1e-3
    warmup: int = 50
    final_rate: float = 0.1
    schedule: Literal["cosine", "linear"] = "cosine"
    weight_decay: float = 0.1
    clip: float = 1.0
    betas: tuple[float, float] = (0.9, 0.99)
    evaluate_every: int = 100

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "accumulate", "evaluate_every"):
            check_count(getattr(self, name), name)
        check_count(self.warmup, "warmup", minimum=0, maximum=self.steps)
        for name in ("learning_rate", "clip"):
            check_number(getattr(self, name), name, open=True)
        check_number(self.final_rate, "final_rate", maximum=1)
        check_number(self.weight_decay, "weight_decay")
        if not isinstance(self.betas, tuple) or len(self.betas) != 2:
            raise ValueError(f"betas must be a tuple of two, got {self.betas!r}")
        for beta in self.betas:
            check_number(beta, "betas", maximum=0.9999)
        check_choice(self.schedule, "schedule", ("cosine", "linear"))


_old_keywords = renamed_keywords(shape="schedule")
TrainingConfig.__init__ = _old_keywords(TrainingConfig.__init__)  # type: ignore[method-assign]


@dataclass(frozen=True)
class Point:
    """One evaluation of a run: after how many updates and CPU seconds, and the losses."""

    step: int
    cpu_seconds: float
    train_loss: float
    validation_loss: float


def rate_factor(step: int, config: TrainingConfig) -> float:
    """Return the share of the peak learning rate for an update.

    Parameters
    ----------
    step : int
        Number of the update, from 0.
    config : TrainingConfig
        Its steps, warm-up, schedule and final rate.

    Returns
    -------
    float
        Rises to 1 over the warm-up, falls to ``final_rate``, and stays there after
        the last update.

    Examples
    --------
    >>> config = TrainingConfig(steps=101, warmup=1, final_rate=0.1)
    >>> [round(rate_factor(s, config), 2) for s in (0, 1, 51, 101, 500)]
    [0.5, 1.0, 0.55, 0.1, 0.1]
    """
    check_count(step, "step", minimum=0)
    if step < config.warmup:
        return (step + 1) / (config.warmup + 1)
    done = (step - config.warmup) / max(1, config.steps - config.warmup)
    done = min(done, 1.0)
    if config.schedule == "cosine":
        done = (1 - math.cos(math.pi * done)) / 2
    return 1 - (1 - config.final_rate) * done


@torch.no_grad()
def evaluate(
    model: Callable[[Tensor], Tensor], ids: Tensor, context: int, batch: int = 64
) -> float:
    """Return the mean loss over the fixed windows of a text, without dropout.

    Parameters
    ----------
    model : callable
        Token ids (B, T) in, logits (B, T, V) out.
    ids : Tensor of int, shape (n,)
        Token ids of the validation text.
    context : int
        Tokens per window.
    batch : int, default=64
        Windows per pass; the result does not depend on it.

    Returns
    -------
    float
        In nats per token.

    Examples
    --------
    >>> import torch
    >>> loss = evaluate(lambda x: torch.zeros(*x.shape, 4), torch.arange(9) % 4, 2)
    >>> round(loss, 4)  # four tokens, all as likely: log 4
    1.3863
    """
    check_count(batch, "batch")
    inputs, targets = fixed_windows(ids, context)
    total = 0.0
    with evaluation_mode(model):
        for x, y in zip(inputs.split(batch), targets.split(batch), strict=True):
            total += cross_entropy(
                model(x).flatten(0, 1), y.flatten(), reduction="sum"
            ).item()
    return total / targets.numel()


def make_optimizer(model: nn.Module, config: TrainingConfig) -> torch.optim.AdamW:
    """Return AdamW for a model; its weight decay pulls on matrices alone.

    Parameters
    ----------
    model : nn.Module
    config : TrainingConfig

    Examples
    --------
    >>> adam = make_optimizer(nn.Linear(2, 3), TrainingConfig(weight_decay=0.1))
    >>> [group["weight_decay"] for group in adam.param_groups]
    [0.1, 0.0]
    """
    parameters = list(model.parameters())
    matrices = [p for p in parameters if p.dim() == 2]
    vectors = [p for p in parameters if p.dim() != 2]
    return torch.optim.AdamW(
        [
            {"params": matrices, "weight_decay": config.weight_decay},
            {"params": vectors, "weight_decay": 0.0},
        ],
        lr=config.learning_rate,
        betas=config.betas,
        fused=True,
    )


class Trainer:
    """Train a language model on random windows and evaluate it on fixed ones.

    Parameters
    ----------
    model : nn.Module
        With ``context``, and ``model(ids)`` returning logits.
    train_ids, validation_ids : Tensor of int, shape (n,)
        Token ids of the two texts.
    config : TrainingConfig
    generator : torch.Generator
        Draws the places of the windows, and what dropout leaves out.

    Raises
    ------
    TypeError
        If the model has no context, or config or generator are of another type.
    ValueError
        If the model has no weights, or a text is not a row of whole numbers that is
        longer than the context.

    Attributes
    ----------
    step : int
        Updates made.
    history : list of Point
        One per evaluation; seconds are the processor's, evaluations left out.

    Examples
    --------
    >>> from mlmastery.language_model import Transformer, TransformerConfig
    >>> size = TransformerConfig(vocab_size=2, context=4, width=8, heads=2, layers=1)
    >>> ids = torch.arange(100) % 2
    >>> trainer = Trainer(
    ...     Transformer(size),
    ...     ids,
    ...     ids,
    ...     TrainingConfig(steps=20, warmup=2, evaluate_every=10),
    ...     generator=torch.Generator().manual_seed(0),
    ... )
    >>> [point.step for point in trainer.run()]
    [0, 10, 20]
    """

    @renamed_keywords(held_ids="validation_ids")
    def __init__(
        self,
        model: nn.Module,
        train_ids: Tensor,
        validation_ids: Tensor,
        config: TrainingConfig,
        *,
        generator: torch.Generator,
    ) -> None:
        for value, kind, name in (
            (config, TrainingConfig, "config"),
            (generator, torch.Generator, "generator"),
            (getattr(model, "context", None), int, "model.context"),
        ):
            if not isinstance(value, kind):
                found = type(value).__name__
                raise TypeError(f"{name} must be of type {kind.__name__}, got {found}")
        if not any(p.requires_grad for p in model.parameters()):
            raise ValueError(f"model must have weights, got {type(model).__name__}")
        self.model = model
        self.context: int = model.context  # type: ignore[assignment]
        self.train_ids = as_text(train_ids, self.context, "train_ids")
        self.validation_ids = as_text(validation_ids, self.context, "validation_ids")
        self.config = config
        self.generator = generator
        self.optimizer = make_optimizer(model, config)
        self.step = 0
        self.cpu_seconds = 0.0
        self.train_loss = math.nan
        self.history: list[Point] = []

    def update(self) -> float:
        """Make one update and return the loss before it.

        Raises
        ------
        FloatingPointError
            If the loss or a gradient is not finite; the weights stay as they were.
        """
        start = time.process_time()
        c = self.config
        self._set_rate(c.learning_rate * self.rate_factor())
        self.model.zero_grad(set_to_none=True)
        total = 0.0
        for _ in range(c.accumulate):
            x, y = random_windows(self.train_ids, c.batch, self.context, self.generator)
            with self._seeded():
                loss = cross_entropy(self.model(x).flatten(0, 1), y.flatten())
            # A mean of means: divided here, the gradients add up to those of one batch.
            (loss / c.accumulate).backward()
            total += loss.item() / c.accumulate
        length = nn.utils.clip_grad_norm_(self.model.parameters(), c.clip)
        self._check(total, float(length))
        self.optimizer.step()
        self.step += 1
        self.cpu_seconds += time.process_time() - start
        return total

    def rate_factor(self) -> float:
        """Return the share of the peak learning rate for the next update."""
        return rate_factor(self.step, self.config)

    def _set_rate(self, rate: float) -> None:
        for group in self.optimizer.param_groups:
            group["lr"] = rate

    @contextmanager
    def _seeded(self) -> Iterator[None]:
        """Let dropout draw from the run's generator, which a checkpoint holds."""
        if not any(isinstance(m, nn.Dropout) and m.p for m in self.model.modules()):
            yield
            return
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(torch.randint(2**31, (), generator=self.generator)))
            yield

    def _check(self, loss: float, gradient: float) -> None:
        if math.isfinite(loss) and math.isfinite(gradient):
            return
        raise FloatingPointError(
            f"update {self.step + 1} has a loss of {loss} and a gradient of length "
            f"{gradient}; the weights were left as they are. Lower learning_rate, "
            f"{self.config.learning_rate} now, or begin again from a checkpoint"
        )

    def run(
        self,
        until: int | None = None,
        *,
        progress: Callable[[range], Iterable[int]] = iter,  # type: ignore[assignment]
        checkpoint: str | Path | None = None,
    ) -> list[Point]:
        """Train to the end, or until an update, and return the history.

        Parameters
        ----------
        until : int, optional
            Stop after this many updates, at least 0; all of them by default.
        progress : callable, optional
            Wraps the range of updates, as ``tqdm`` does, to draw a progress bar.
        checkpoint : str or Path, optional
            File to save to at every evaluation; its folder must exist.

        Returns
        -------
        list of Point

        Raises
        ------
        FileNotFoundError
            If the checkpoint's folder does not exist, before the first update.
        FloatingPointError
            If a loss is not finite. An older checkpoint stays as it is.
        """
        if checkpoint is not None and not Path(checkpoint).parent.is_dir():
            raise FileNotFoundError(f"no folder {Path(checkpoint).parent} to save to")
        steps = self.config.steps
        stop = steps if until is None else check_count(until, "until", minimum=0)
        stop = min(stop, steps)
        if not self.history:
            self._evaluate()
        for _ in progress(range(self.step, stop)):
            self.train_loss = self.update()
            if (
                self.step % self.config.evaluate_every == 0
                or self.step == self.config.steps
            ):
                self._evaluate()
                if checkpoint is not None:
                    self.save(checkpoint)
        return self.history

    def _evaluate(self) -> None:
        loss = evaluate(self.model, self.validation_ids, self.context)
        if not math.isfinite(loss):
            raise FloatingPointError(
                f"after {self.step} updates the validation loss is {loss}; nothing was "
                "saved. Lower learning_rate, or begin again from a checkpoint"
            )
        self.history.append(Point(self.step, self.cpu_seconds, self.train_loss, loss))

    def save(self, path: str | Path) -> None:
        """Write everything that the rest of the run depends on: the whole file or none.

        Parameters
        ----------
        path : str or Path
            An older file stays until the new one is complete.
        """
        state = {
            "config": asdict(self.config),
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "generator": self.generator.get_state(),
            "step": self.step,
            "cpu_seconds": self.cpu_seconds,
            "train_loss": self.train_loss,
            "history": [asdict(point) for point in self.history],
        }
        with replacing(path) as file:
            torch.save(state, file)

    def load(self, path: str | Path) -> "Trainer":
        """Resume a run where `save` left it, and return self.

        Parameters
        ----------
        path : str or Path
            Written by a trainer with the same config and model.

        Raises
        ------
        CheckpointError
            If the file is damaged, or belongs to another run.
        """
        path = Path(path)
        state = _read_checkpoint(path)
        if state["config"] != asdict(self.config):
            raise CheckpointError(f"{path.name} was saved by a run with another config")
        try:
            self.model.load_state_dict(state["model"])
        except RuntimeError as error:
            raise CheckpointError(
                f"{path.name} holds another model: {str(error).splitlines()[0]}"
            ) from error
        self.optimizer.load_state_dict(state["optimizer"])
        self.generator.set_state(state["generator"])
        self.step, self.cpu_seconds = state["step"], state["cpu_seconds"]
        self.train_loss = state["train_loss"]
        self.history = [Point(**point) for point in state["history"]]
        return self


def _read_checkpoint(path: Path) -> dict[str, Any]:
    """Read a checkpoint; only tensors and plain values are let in."""
    try:
        state = _rename_keys(torch.load(path, weights_only=True))
        state["config"] = _without_muon(_rename_keys(state["config"]))
        if "optimizers" in state:
            (state["optimizer"],) = state.pop("optimizers")
        state["history"] = [_rename_keys(point) for point in state["history"]]
        missing = PARTS - set(state)
        if missing:
            raise KeyError(*sorted(missing))
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise
    except Exception as error:
        raise CheckpointError(
            f"{path.name} is not a readable checkpoint ({type(error).__name__}); "
            "delete it and start the run again"
        ) from error
    return state


def _without_muon(config: dict[str, Any]) -> dict[str, Any]:
    """Drop the choice of an optimizer, which an earlier version offered."""
    for key in ("optimizer", "optimiser"):
        if config.pop(key, "adamw") != "adamw":
            raise ValueError("Muon is not offered any more")
    config.pop("matrix_rate", None)
    return config


def _rename_keys(fields: dict[str, Any]) -> dict[str, Any]:
    return {OLD_KEYS.get(key, key): value for key, value in fields.items()}


class WindowScorer:
    """Give a language model the ``predict`` by which a hold-out scores a model.

    Parameters
    ----------
    model : callable
        Token ids (B, T) in, logits (B, T, V) out.

    Examples
    --------
    >>> scorer = WindowScorer(lambda ids: torch.zeros(*ids.shape, 4))
    >>> log_p = scorer.predict(torch.zeros(3, 2))
    >>> log_p.shape, round(mean_loss(torch.zeros(3, 2), log_p), 4)
    (torch.Size([3, 2, 4]), 1.3863)
    """

    def __init__(self, model: Callable[[Tensor], Tensor]) -> None:
        self.model = model

    @torch.no_grad()
    def predict(self, windows: Tensor) -> Tensor:
        """Return the log-probabilities of the next tokens, (n, T, V)."""
        with evaluation_mode(self.model):
            parts = [self.model(x).log_softmax(-1) for x in windows.split(64)]
        return torch.cat(parts)


def mean_loss(targets: Tensor, log_probabilities: Tensor) -> float:
    """Return the cross-entropy, in nats per token.

    Parameters
    ----------
    targets : Tensor of int, shape (n, T)
        The tokens that came.
    log_probabilities : Tensor of shape (n, T, V)
        As `WindowScorer.predict` returns them.
    """
    chosen = log_probabilities.gather(-1, targets.long()[..., None])
    return -float(chosen.mean())


def perplexity(loss: float) -> float:
    """Return the number of equally likely tokens that would give the same loss.

    Parameters
    ----------
    loss : float
        In nats per token.

    Examples
    --------
    >>> round(perplexity(math.log(4)), 6)
    4.0
    """
    return math.exp(loss)


def bits_per_byte(loss: float, n_tokens: int, n_bytes: int) -> float:
    """Return the loss in bits per byte of text, comparable across tokenizers.

    Parameters
    ----------
    loss : float
        In nats per token.
    n_tokens, n_bytes : int
        Size of the same text in tokens and in UTF-8 bytes.

    Raises
    ------
    ValueError
        If a size is below one.

    Examples
    --------
    >>> bits_per_byte(math.log(2), n_tokens=10, n_bytes=40)
    0.25
    """
    check_count(n_tokens, "n_tokens")
    check_count(n_bytes, "n_bytes")
    return loss / math.log(2) * n_tokens / n_bytes


__getattr__ = renamed(
    __name__,
    {
        "Judge": "mlmastery.language_model.training.WindowScorer",
    },
)
