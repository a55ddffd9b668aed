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
from language_model.helpers import CYCLE, small, some_ids, trainer, weights_of

from mlmastery.language_model import (
    BigramModel,
    CachedDecoder,
    CheckpointError,
    Trainer,
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
    window_losses,
)
from mlmastery.language_model.training import make_optimizer


def test_it_learns_a_cycle():
    run = trainer(80, learning_rate=0.01)
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
    run = trainer(learning_rate=0.01)
    for step in range(3):
        run.update()
        rates = [group["lr"] for group in run.optimizer.param_groups]
        assert rates == pytest.approx([0.01 * rate_factor(step, run.config)] * 2)


@pytest.mark.parametrize("schedule", ["cosine", "linear"])
def test_the_rate_stays_where_the_schedule_ends(schedule):
    plan = TrainingConfig(steps=50, warmup=5, final_rate=0.2, schedule=schedule)
    assert [rate_factor(s, plan) for s in (50, 51, 80, 500)] == pytest.approx([0.2] * 4)
    no_fall = TrainingConfig(steps=50, warmup=50, final_rate=0.2, schedule=schedule)
    assert rate_factor(49, no_fall) == pytest.approx(50 / 51)


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
    monkeypatch.setattr(run.optimizer, "step", lambda: seen.append(norm(run)))
    run.update()
    assert seen[0] == pytest.approx(1e-3, rel=1e-3)


def norm(run):
    grads = [p.grad for p in run.model.parameters() if p.grad is not None]
    return float(torch.nn.utils.get_total_norm(grads))


def test_each_parameter_is_optimized_once():
    model = Transformer(fast_model(11))
    made = make_optimizer(model, TrainingConfig())
    ids = [id(p) for g in made.param_groups for p in g["params"]]
    assert sorted(ids) == sorted(id(p) for p in model.parameters())


def test_weight_decay_spares_biases_and_norms():
    adam = make_optimizer(small(), TrainingConfig(weight_decay=0.3))
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


@pytest.mark.parametrize("dropout", [0.0, 0.2])
def test_resumed_run_ends_at_the_same_bits(tmp_path, dropout):
    model = {"dropout": dropout}
    through = trainer(model=model)
    through.run()
    trainer(model=model).run(until=4, checkpoint=tmp_path / "run.pt")
    resumed = trainer(seed=99, model=model).load(tmp_path / "run.pt")
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
    config["shape"], config["optimiser"] = config.pop("schedule"), "adamw"
    config["matrix_rate"] = 0.02
    state["optimisers"] = [state.pop("optimizer")]
    for point in state["history"]:
        point["held_loss"] = point.pop("validation_loss")
    torch.save(state, place)
    resumed = trainer(seed=99).load(place)
    resumed.run()
    assert torch.equal(weights_of(through), weights_of(resumed))
    assert resumed.history[0].validation_loss == through.history[0].validation_loss
    config["optimiser"] = "muon"
    torch.save(state, place)
    with pytest.raises(CheckpointError, match="not a readable checkpoint"):
        trainer().load(place)


def test_checkpoint_takes_a_bare_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trainer().run(until=4, checkpoint="run.pt")
    assert trainer().load("run.pt").step == 4
    with pytest.raises(
        CheckpointError, match=r"run\.pt was saved by a run with another"
    ):
        trainer(learning_rate=0.5).load("run.pt")


def test_a_folder_that_is_missing_is_named_before_training():
    run = trainer()
    with pytest.raises(FileNotFoundError, match="no folder nowhere to save to"):
        run.run(checkpoint="nowhere/run.pt")
    assert run.step == 0


def test_evaluation_switches_dropout_off_and_on_again():
    run = trainer(model={"dropout": 0.5})
    losses = [evaluate(run.model, CYCLE, 8) for _ in range(2)]
    assert losses[0] == losses[1]
    predicted = [WindowScorer(run.model).predict(CYCLE[None, :8]) for _ in range(2)]
    assert torch.equal(*predicted)
    assert run.model.training
    run.model.eval()
    evaluate(run.model, CYCLE, 8)
    assert not run.model.training


def test_dropout_draws_from_the_runs_own_generator():
    runs = [trainer(model={"dropout": 0.5}) for _ in range(2)]
    before = torch.random.get_rng_state()
    losses = [[run.update(), run.update()] for run in runs]
    assert losses[0] == losses[1]
    assert torch.equal(torch.random.get_rng_state(), before)


def test_a_loss_that_is_no_number_is_named_and_leaves_the_weights(tmp_path):
    place = tmp_path / "run.pt"
    run = trainer(steps=40)
    run.run(until=4, checkpoint=place)
    good = weights_of(run)
    with torch.no_grad():
        broken = run.model.head.weight[0, 0].clone()
        run.model.head.weight[0, 0] = math.inf
    with pytest.raises(FloatingPointError, match=r"update 5 has a loss of (nan|inf)"):
        run.run(checkpoint=place)
    with torch.no_grad():
        run.model.head.weight[0, 0] = broken
    assert torch.equal(weights_of(run), good)
    assert run.step == trainer(steps=40).load(place).step == 4


def test_a_gradient_that_is_no_number_moves_no_weight(monkeypatch):
    run = trainer()
    before = weights_of(run).clone()
    clip = torch.nn.utils.clip_grad_norm_
    monkeypatch.setattr(
        torch.nn.utils, "clip_grad_norm_", lambda *a: clip(*a) * math.nan
    )
    with pytest.raises(FloatingPointError, match="gradient of length nan"):
        run.update()
    assert torch.equal(weights_of(run), before)


def test_a_validation_loss_that_is_no_number_is_not_saved(tmp_path, monkeypatch):
    from mlmastery.language_model import training

    place, run = tmp_path / "run.pt", trainer()
    run.run(until=4, checkpoint=place)
    monkeypatch.setattr(training, "evaluate", lambda *_: math.nan)
    with pytest.raises(FloatingPointError, match="after 8 updates"):
        run.run(checkpoint=place)
    assert trainer().load(place).step == 4


def test_old_names_and_keywords_still_work():
    from mlmastery import language_model

    with pytest.warns(
        FutureWarning, match=r"TrainingConfig.__init__\(shape=...\)"
    ) as caught:
        plan = TrainingConfig(shape="linear")
    assert caught[0].filename == __file__
    assert plan == TrainingConfig(schedule="linear")
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
        {"warmup": 1001},
        {"warmup": -1},
        {"final_rate": -0.1},
        {"final_rate": 1.5},
        {"weight_decay": -0.1},
        {"betas": (0.9, 1.0)},
        {"betas": (-0.1, 0.9)},
        {"betas": 0.9},
        {"betas": (0.9,)},
        {"learning_rate": math.nan},
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


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"config": {"steps": 3}}, "config must be of type TrainingConfig, got dict"),
        ({"generator": None}, "generator must be of type Generator, got NoneType"),
        ({"model": torch.nn.Linear(2, 2)}, "model.context must be"),
        ({"model": BigramModel(11)}, "model must have weights"),
        ({"train_ids": CYCLE[:5]}, "train_ids must be one row with more tokens"),
        ({"validation_ids": CYCLE[:5]}, "validation_ids must be one row"),
        ({"train_ids": CYCLE / 2}, "train_ids must be whole numbers"),
    ],
    ids=str,
)
def test_trainer_names_what_it_cannot_use(changes, message):
    given = {
        "model": small(),
        "train_ids": CYCLE,
        "validation_ids": CYCLE,
        "config": TrainingConfig(),
        "generator": torch.Generator(),
        **changes,
    }
    with pytest.raises((TypeError, ValueError), match=message):
        Trainer(**given)


def test_texts_may_be_lists():
    run = trainer(ids=CYCLE.tolist())
    assert run.update() == trainer().update()


def test_until_and_batches_are_whole_numbers():
    with pytest.raises(ValueError, match="until must be"):
        trainer().run(until=-1)
    for judge in (evaluate, window_losses):
        with pytest.raises(ValueError, match="batch must be"):
            judge(small(), CYCLE, 8, batch=0)
    with pytest.raises(ValueError, match="step must be"):
        rate_factor(-1, TrainingConfig())


def test_incomplete_checkpoint_and_folder_are_named(tmp_path):
    place = tmp_path / "run.pt"
    trainer().save(place)
    state = torch.load(place, weights_only=True)
    del state["generator"]
    torch.save(state, place)
    run = trainer()
    before = weights_of(run)
    with pytest.raises(CheckpointError, match="not a readable checkpoint"):
        run.load(place)
    assert torch.equal(weights_of(run), before)
    with pytest.raises(IsADirectoryError):
        run.load(tmp_path)


def test_a_quarter_of_the_way_the_two_schedules_differ():
    plan = {"steps": 120, "warmup": 20, "final_rate": 0.2}
    quarter = {s: rate_factor(45, TrainingConfig(**plan, schedule=s)) for s in SHAPES}
    assert quarter["linear"] == pytest.approx(0.8)
    assert quarter["cosine"] == pytest.approx(0.2 + 0.4 * (1 + math.sqrt(0.5)))


SHAPES = ("linear", "cosine")


def test_until_zero_judges_and_trains_nothing():
    run = trainer()
    assert [point.step for point in run.run(until=0)] == [0]
