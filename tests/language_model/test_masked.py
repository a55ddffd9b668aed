"""Masked models: what is hidden, what is learned, what may be seen."""

import pytest
import torch
from language_model.helpers import rng, small, some_ids

from mlmastery.language_model import (
    Trainer,
    TrainingConfig,
    Transformer,
    TransformerConfig,
    log_probability,
)
from mlmastery.language_model.masked import (
    fill_gap,
    guess_by_trying,
    guess_from_left,
    mask_tokens,
    train_masked,
)

CYCLE = torch.arange(600) % 7
MASK = 7


def test_shares_of_masked_random_and_kept_tokens():
    ids = torch.randint(50, (200, 500), generator=rng())
    inputs, chosen = mask_tokens(ids, 50, share=0.15, generator=rng(1))
    assert chosen.float().mean() == pytest.approx(0.15, abs=0.01)
    assert (inputs[~chosen] == ids[~chosen]).all()
    shown = inputs[chosen]
    assert (shown == 50).float().mean() == pytest.approx(0.8, abs=0.02)
    kept = (shown == ids[chosen]).float().mean()
    assert kept == pytest.approx(0.1 + 0.1 / 50, abs=0.01)


def test_ids_are_not_changed_and_the_seed_decides():
    ids = some_ids()
    before = ids.clone()
    first = mask_tokens(ids, 11, generator=rng(4))
    second = mask_tokens(ids, 11, generator=rng(4))
    assert (ids == before).all()
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize("share", [0, 1, 15])
def test_share_must_be_a_share(share):
    with pytest.raises(ValueError, match="share must lie between 0 and 1"):
        mask_tokens(some_ids(), 11, share=share, generator=rng())


@pytest.mark.parametrize("ids", [[[0, 11]], [[-1, 0]]])
def test_mask_must_be_no_token_of_the_text(ids):
    with pytest.raises(ValueError, match="ids must lie between 0 and 10"):
        mask_tokens(torch.tensor(ids), 11, generator=rng())


def masked_model(steps: int = 150) -> Transformer:
    config = TransformerConfig(8, context=8, width=16, heads=2, layers=1, causal=False)
    model = Transformer(config, generator=rng())
    plan = TrainingConfig(steps=steps, learning_rate=0.01, warmup=5)
    train_masked(model, CYCLE, plan, mask_id=MASK, generator=rng(2))
    return model


def test_gap_is_filled_from_the_right_side_alone():
    model = masked_model()
    windows = CYCLE[:560].view(-1, 8)
    assert (fill_gap(model, windows, 0, MASK) == windows[:, 0]).float().mean() > 0.9


def test_training_lowers_the_loss_and_the_seed_decides():
    config = TransformerConfig(8, context=8, width=16, heads=2, layers=1, causal=False)
    plan = TrainingConfig(steps=60, learning_rate=0.01, warmup=5)
    runs = []
    for _ in range(2):
        model = Transformer(config, generator=rng())
        runs.append(train_masked(model, CYCLE, plan, mask_id=MASK, generator=rng(2)))
    assert runs[0] == runs[1]
    assert len(runs[0]) == 60
    assert sum(runs[0][-10:]) < 0.85 * sum(runs[0][:10])


def test_hidden_token_is_not_seen():
    model = small(vocab_size=12, causal=False)
    windows = some_ids(8, batch=4)
    changed = windows.clone()
    changed[:, 3] = (changed[:, 3] + 1) % 11
    assert torch.equal(fill_gap(model, windows, 3, 11), fill_gap(model, changed, 3, 11))
    assert (fill_gap(model, windows, 3, 11) < 11).all()


def test_guess_from_the_left_ignores_the_gap_and_the_right():
    model = small()
    windows = some_ids(8, batch=4)
    changed = windows.clone()
    changed[:, 3:] = (changed[:, 3:] + 1) % 11
    assert torch.equal(
        guess_from_left(model, windows, 3), guess_from_left(model, changed, 3)
    )
    expected = model(windows[:, :3])[:, -1].argmax(-1)
    assert torch.equal(guess_from_left(model, windows, 3), expected)


def test_trying_takes_the_candidate_with_the_likeliest_window():
    model = small()
    window = some_ids(6, batch=1)
    scores = []
    for candidate in range(11):
        ids = window[0].tolist()
        ids[2] = candidate
        scores.append(log_probability(model, ids, 2))
    best = max(range(11), key=scores.__getitem__)
    assert guess_by_trying(model, window, 2, 11).tolist() == [best]


def test_trying_uses_the_right_side():
    # After 0 comes 1 or 2, equally often; 3 comes after 1 and 4 after 2.
    ids = torch.tensor([0, 1, 3, 0, 2, 4] * 100)
    config = TransformerConfig(5, context=6, width=16, heads=2, layers=1)
    plan = TrainingConfig(steps=120, learning_rate=0.01, warmup=5)
    model = Transformer(config, generator=rng())
    Trainer(model, ids, ids[:50], plan, generator=rng(1)).run()
    windows = torch.tensor([[0, 1, 3], [0, 2, 4]])
    assert guess_by_trying(model, windows, 1, 5).tolist() == [1, 2]


@pytest.mark.parametrize("place", [-1, 12, 1.5])
def test_place_must_lie_in_the_window(place):
    windows = some_ids()
    with pytest.raises(ValueError, match="place must be a whole number"):
        fill_gap(small(vocab_size=12, causal=False), windows, place, 11)
    for guess in (guess_from_left, lambda *a: guess_by_trying(*a, 11)):
        with pytest.raises(ValueError, match="place must be a whole number from 1"):
            guess(small(), windows, 0)


def moved_by(model, place: int) -> torch.Tensor:
    ids = some_ids(12, batch=1)
    changed = ids.clone()
    changed[0, place] = (changed[0, place] + 1) % 11
    return (model(ids) - model(changed)).abs().amax(dim=2)[0] > 1e-6


def test_masked_model_sees_the_future_and_a_causal_one_does_not():
    assert moved_by(small(causal=False), 8).all()
    causal = moved_by(small(), 8)
    assert not causal[:8].any()
    assert causal[8:].all()


def test_batch_without_a_guess_does_not_spoil_the_weights():
    config = TransformerConfig(8, context=8, width=16, heads=2, layers=1, causal=False)
    model = Transformer(config, generator=rng())
    plan = TrainingConfig(steps=5, batch=1, warmup=1)
    losses = train_masked(
        model, CYCLE, plan, mask_id=MASK, share=0.01, generator=rng(2)
    )
    assert all(loss > 0 for loss in losses)
    assert all(p.isfinite().all() for p in model.parameters())


def test_loss_that_is_no_number_is_named():
    config = TransformerConfig(8, context=8, width=16, heads=2, layers=1, causal=False)
    model = Transformer(config, generator=rng())
    model.head.weight.data[0] = torch.nan
    with pytest.raises(
        FloatingPointError, match="loss must be finite, got nan before update 1"
    ):
        train_masked(
            model,
            CYCLE,
            TrainingConfig(steps=2, warmup=1),
            mask_id=MASK,
            generator=rng(),
        )


@pytest.mark.parametrize("ids", [[[1, 2]], torch.rand(2, 3), None])
def test_ids_must_be_a_tensor_of_whole_numbers(ids):
    with pytest.raises(TypeError, match="ids must be a tensor of whole numbers"):
        mask_tokens(ids, 11, generator=rng())


def test_no_window_has_no_guess_and_no_token_none():
    none = some_ids()[:0]
    assert guess_by_trying(small(), none, 3, 11).shape == (0,)
    with pytest.raises(ValueError, match="n_tokens"):
        guess_by_trying(small(), some_ids(), 3, 0)
    with pytest.raises(ValueError, match="mask_id"):
        fill_gap(small(causal=False), some_ids(), 3, 0)
