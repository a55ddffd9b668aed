"""Schedule, update, checkpoints, settings."""

import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from language_model.helpers import small, some_ids, trainer, weights_of

from mlmastery.language_model import (
    CachedDecoder,
    CheckpointError,
    TrainingConfig,
    Transformer,
    WindowScorer,
    bits_per_byte,
    evaluate,
    fast_model,
    fixed_windows,
    mean_loss,
    perplexity,
    rate_factor,
)
from mlmastery.language_model.training import make_optimizers


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_it_learns_a_cycle(optimizer):
    run = trainer(80, learning_rate=0.01, optimizer=optimizer)
    history = run.run()
    assert history[0].validation_loss > 2.2
    assert history[-1].validation_loss < 0.35
    assert [p.step for p in history][:3] == [0, 4, 8]


def test_schedule_rises_peaks_and_falls():
    for schedule in ("cosine", "linear"):
        plan = TrainingConfig(steps=200, warmup=20, final_rate=0.1, schedule=schedule)
        rates = [rate_factor(s, plan) for s in range(201)]
        assert max(rates) == rates[20] == 1
        assert 0 < rates[0] < rates[1] < rates[19] < 1
        assert rates[20:] == sorted(rates[20:], reverse=True)
        assert rates[200] == pytest.approx(0.1)
        assert rates[110] == pytest.approx(0.55)


def test_rates_follow_the_schedule_in_every_group():
    run = trainer(optimizer="muon", learning_rate=0.01, matrix_rate=0.03)
    run.update()
    share = rate_factor(0, run.config)
    rates = [g["lr"] for o in run.optimizers for g in o.param_groups]
    assert rates == pytest.approx([0.01 * share, 0.01 * share, 0.03 * share])


def test_accumulation_equals_a_larger_batch():
    one = trainer(batch=16, clip=1e9)
    four = trainer(batch=4, accumulate=4, clip=1e9)
    for _ in range(3):
        assert one.update() == pytest.approx(four.update(), abs=1e-5)
        assert norm(one) == pytest.approx(norm(four), rel=1e-3)  # Adam hides a factor
    torch.testing.assert_close(weights_of(one), weights_of(four), atol=1e-4, rtol=0)


def test_long_gradients_are_clipped(monkeypatch):
    run = trainer(clip=1e-3)
    seen = []
    monkeypatch.setattr(run.optimizers[0], "step", lambda: seen.append(norm(run)))
    run.update()
    assert seen[0] == pytest.approx(1e-3, rel=1e-3)


def norm(run):
    grads = [p.grad for p in run.model.parameters() if p.grad is not None]
    return float(torch.nn.utils.get_total_norm(grads))


def test_each_parameter_has_one_optimizer():
    for optimizer in ("adamw", "muon"):
        model = Transformer(fast_model(11))
        made = make_optimizers(model, TrainingConfig(optimizer=optimizer))
        ids = [id(p) for o in made for g in o.param_groups for p in g["params"]]
        assert sorted(ids) == sorted(id(p) for p in model.parameters())


def test_weight_decay_spares_biases_and_norms():
    (adam,) = make_optimizers(small(), TrainingConfig(weight_decay=0.3))
    for group in adam.param_groups:
        decay = 0.3 if group["params"][0].dim() == 2 else 0.0
        assert group["weight_decay"] == decay


def test_evaluation_does_not_depend_on_the_batch():
    model = small()
    ids = some_ids(200, 1)[0]
    losses = [evaluate(model, ids, 12, batch=b) for b in (1, 5, 64)]
    assert losses == pytest.approx([losses[0]] * 3, rel=1e-6)
    x, y = fixed_windows(ids, 12)
    assert losses[0] == pytest.approx(
        mean_loss(y, WindowScorer(model).predict(x)), rel=1e-5
    )


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_resumed_run_ends_at_the_same_bits(tmp_path, optimizer):
    through = trainer(optimizer=optimizer)
    through.run()
    trainer(optimizer=optimizer).run(until=4, checkpoint=tmp_path / "run.pt")
    resumed = trainer(seed=99, optimizer=optimizer).load(tmp_path / "run.pt")
    resumed.run()
    assert torch.equal(weights_of(through), weights_of(resumed))
    losses = [[p.validation_loss for p in r.history] for r in (through, resumed)]
    assert losses[0] == losses[1]


KILLED = """
import sys, torch
from pathlib import Path
sys.path.insert(0, {tests!r})
from language_model.helpers import trainer
run = trainer(steps=4000, learning_rate=0.002)
run.run(checkpoint=Path({place!r}))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal to kill by")
def test_killed_run_resumes_to_the_bit(tmp_path):
    place = tmp_path / "run.pt"
    script = KILLED.format(tests=str(Path(__file__).parent.parent), place=str(place))
    with subprocess.Popen([sys.executable, "-c", script]) as process:
        while not place.exists() and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    resumed = trainer(steps=4000, learning_rate=0.002).load(place)
    reached = resumed.step
    assert 0 < reached < 4000
    through = trainer(steps=4000, learning_rate=0.002)
    through.run(until=reached + 4)
    resumed.run(until=reached + 4)
    assert torch.equal(weights_of(through), weights_of(resumed))


def test_save_that_breaks_off_leaves_the_older_file(tmp_path, monkeypatch):
    place = tmp_path / "run.pt"
    run = trainer()
    run.save(place)
    run.update()

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space"):
        run.save(place)
    assert trainer().load(place).step == 0
    assert [file.name for file in tmp_path.iterdir()] == ["run.pt"]


def test_bad_checkpoints_are_named(tmp_path):
    place = tmp_path / "run.pt"
    trainer().save(place)
    with pytest.raises(CheckpointError, match="another config"):
        trainer(learning_rate=0.5).load(place)
    with pytest.raises(CheckpointError, match="another model"):
        trainer(model={"bias": False}).load(place)
    place.write_bytes(place.read_bytes()[:-200])
    with pytest.raises(CheckpointError, match="not a readable checkpoint"):
        trainer().load(place)


def test_checkpoint_of_an_earlier_version_is_read(tmp_path):
    place = tmp_path / "run.pt"
    through = trainer()
    through.run()
    trainer().run(until=4, checkpoint=place)
    state = torch.load(place, weights_only=True)
    config = state["config"]
    config["shape"], config["optimiser"] = (
        config.pop("schedule"),
        config.pop("optimizer"),
    )
    state["optimisers"] = state.pop("optimizers")
    for point in state["history"]:
        point["held_loss"] = point.pop("validation_loss")
    torch.save(state, place)
    resumed = trainer(seed=99).load(place)
    resumed.run()
    assert torch.equal(weights_of(through), weights_of(resumed))
    assert resumed.history[0].validation_loss == through.history[0].validation_loss


def test_old_names_and_keywords_still_work():
    from mlmastery import language_model

    with pytest.warns(FutureWarning, match=r"TrainingConfig.__init__\(shape=...\)"):
        plan = TrainingConfig(shape="linear")
    assert plan == TrainingConfig(schedule="linear")
    with pytest.warns(FutureWarning, match="is now optimizer") as caught:
        assert TrainingConfig(optimiser="muon").optimizer == "muon"
    assert caught[0].filename == __file__
    for old, new in (("Judge", WindowScorer), ("Reader", CachedDecoder)):
        with pytest.warns(FutureWarning):
            assert getattr(language_model, old) is new


def test_progress_wraps_the_updates():
    seen = []

    def bar(steps):
        for step in steps:
            seen.append(step)
            yield step

    trainer(6).run(progress=bar)
    assert seen == list(range(6))


@pytest.mark.parametrize(
    "changes",
    [
        {"steps": 0},
        {"batch": 0},
        {"clip": 0.0},
        {"learning_rate": -1.0},
        {"schedule": "square"},
        {"optimizer": "sgd"},
    ],
    ids=str,
)
def test_training_config_refuses(changes):
    with pytest.raises(ValueError, match=next(iter(changes))):
        TrainingConfig(**changes)


def test_measures():
    assert perplexity(0) == 1
    assert bits_per_byte(math.log(256), 10, 10) == pytest.approx(8)
    with pytest.raises(ValueError, match="at least 1"):
        bits_per_byte(1.0, 0, 5)
