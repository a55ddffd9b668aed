"""The losses of FaceNet and ArcFace, their gradients, and maps trained with them."""

import numpy as np
import pytest
import torch

from mlmastery.face_recognition import (
    ArcFaceHead,
    TripletHead,
    arcface_gradient,
    arcface_logits,
    choose_triplets,
    cosine_similarity,
    cross_entropy,
    triplet_gradient,
    triplet_losses,
)


def test_triplets_on_paper():
    a, p = [[0, 0]], [[0.6, 0]]
    assert triplet_losses(a, p, [[0, 0.7]]).item() == pytest.approx(0.07)
    assert triplet_losses(a, p, [[0, 0.8]]).item() == 0
    assert triplet_losses(a, p, [[0, 0.7]], power=1).item() == pytest.approx(0.1)


@pytest.mark.parametrize("power", [1, 2])
def test_triplets_and_gradients_equal_pytorchs(power):
    trio = np.random.default_rng(0).normal(size=(3, 50, 8))
    tensors = [torch.tensor(v, requires_grad=True) for v in trio]
    if power == 1:
        loss = torch.nn.TripletMarginLoss(0.2, eps=0, reduction="sum")(*tensors)
    else:
        a, p, n = tensors
        loss = ((a - p).square().sum(1) - (a - n).square().sum(1) + 0.2).relu().sum()
    loss.backward()
    ours = triplet_losses(*trio, power=power)
    assert 0 < (ours == 0).sum() < 50
    assert ours.sum() == pytest.approx(loss.item())
    for gradient, tensor in zip(
        triplet_gradient(*trio, power=power), tensors, strict=True
    ):
        assert np.allclose(gradient, tensor.grad.numpy())


def test_equal_points_have_no_gradient_and_no_nan():
    a = np.ones((1, 3))
    for power in (1, 2):
        parts = triplet_gradient(a, a, a, power=power)
        assert all((part == 0).all() for part in parts)


def test_a_triplet_needs_three_equal_shapes():
    with pytest.raises(ValueError, match="one shape"):
        triplet_losses([[1.0, 2.0]], [[1.0]], [[1.0, 2.0]])
    with pytest.raises(ValueError, match="margin"):
        triplet_losses([[1.0]], [[1.0]], [[1.0]], margin=-1)


def test_arcface_on_paper():
    assert arcface_logits([[0.5, 0.5]], [0]).round(2).tolist() == [[1.51, 32.0]]
    assert arcface_logits([[0.5, 0.5]], [1], scale=4).round(2).tolist() == [[2, 0.09]]


def test_arcface_and_its_gradient_equal_pytorchs():
    rng = np.random.default_rng(1)
    cosine, labels = rng.uniform(-0.6, 0.95, (40, 10)), rng.integers(0, 10, 40)
    c, y = torch.tensor(cosine, requires_grad=True), torch.tensor(labels)
    lowered = torch.cos(torch.acos(c) + 0.5 * torch.nn.functional.one_hot(y, 10))
    loss = torch.nn.functional.cross_entropy(64 * lowered, y)
    loss.backward()
    ours = cross_entropy(arcface_logits(cosine, labels), labels).mean()
    assert ours == pytest.approx(loss.item())
    assert np.allclose(arcface_gradient(cosine, labels), c.grad.numpy())


def test_the_handicap_never_turns_into_a_help():
    angles = np.linspace(0, np.pi, 200)
    rows = np.c_[np.cos(angles), np.zeros(200)]
    logits = arcface_logits(rows, np.zeros(200, dtype=int))[:, 0]
    assert (np.diff(logits) < 0).all()


def test_gradient_beyond_half_a_turn_is_that_of_the_line():
    low = np.array([[-0.95, 0.3, -0.2]])
    step, label = 1e-6, [0]
    gradient = arcface_gradient(low, label, scale=4)
    for column in range(3):
        moved = low.copy()
        moved[0, column] += step
        change = [
            cross_entropy(arcface_logits(c, label, scale=4), label).mean()
            for c in (moved, low)
        ]
        slope = (change[0] - change[1]) / step
        assert gradient[0, column] == pytest.approx(slope, abs=1e-4)


def test_arcface_refuses_numbers_that_are_no_cosines():
    with pytest.raises(ValueError, match="from -1 to 1"):
        arcface_logits([[1.5, 0.0]], [0])


def test_cross_entropy_of_large_logits_is_finite():
    assert cross_entropy([[1000.0, 0.0]], [1]).tolist() == [1000.0]


LINE = np.abs(np.subtract.outer([0, 1, 1.5, 4, 4.2], [0, 1, 1.5, 4, 4.2]))
WHO = np.array([0, 0, 1, 1, 0])


def test_hardest_triplets_take_the_far_positive_and_the_near_negative():
    a, p, n = choose_triplets(LINE, WHO, "hardest")
    assert a.tolist() == [0, 1, 2, 3, 4]
    assert p.tolist() == [4, 4, 3, 2, 0]
    assert n.tolist() == [2, 2, 1, 4, 3]


def test_semi_hard_negatives_are_the_nearest_beyond_the_positive():
    a, p, n = choose_triplets(LINE, WHO, "semi-hard")
    chosen = {(i, j): k for i, j, k in zip(a, p, n, strict=True)}
    assert chosen[0, 1] == 2  # 1.5 beyond 1
    assert chosen[0, 4] == 3  # none beyond 4.2: the farthest
    assert chosen[1, 0] == 3  # 0.5 is nearer than the positive, so 3
    assert len(chosen) == 8


def test_all_triplets_are_all_of_them():
    a, p, n = choose_triplets(LINE, WHO, "all")
    assert len(a) == 3 * 2 * 2 + 2 * 1 * 3
    assert (WHO[a] == WHO[p]).all()
    assert (WHO[a] != WHO[n]).all()
    assert (a != p).all()


def clone(head):
    names = [n for n in vars(head) if not n.endswith("_") and not n.startswith("_")]
    return type(head)(**{name: getattr(head, name) for name in names})


@pytest.fixture(scope="module")
def clouds():
    rng = np.random.default_rng(0)
    people = np.repeat(np.arange(8), 6)
    centres = 2.5 * rng.normal(size=(8, 20))
    noise = rng.normal(size=(48, 20)) * np.r_[np.full(10, 5.0), np.full(10, 0.5)]
    return centres[people] + noise, people


@pytest.mark.parametrize(
    "head",
    [
        TripletHead("semi-hard", n_components=6, steps=200, learning_rate=0.01),
        TripletHead("all", n_components=6, steps=60, learning_rate=0.01),
        ArcFaceHead(n_components=6, steps=200, learning_rate=0.01),
    ],
    ids=["semi-hard", "all", "ArcFace"],
)
def test_training_brings_one_persons_photographs_together(head, clouds):
    X, people = clouds
    vectors = head.fit(X, people).transform(X)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    same = people[:, None] == people

    def gap(v):
        cosines = cosine_similarity(v, v)
        return cosines[same].mean() - cosines[~same].mean()

    assert gap(vectors) > gap(X) + 0.1
    assert head.losses_[-1] < 0.5 * head.losses_[0]
    again = clone(head)
    assert (again.fit(X, people).map_ == head.map_).all()


@pytest.mark.parametrize("make", [ArcFaceHead, TripletHead])
def test_a_step_returns_the_slope_of_its_loss(make, clouds):
    X, people = clouds[0][:12], np.repeat([0, 1], 6)
    head = make(n_components=3, margin=0.3)
    head.losses_, head.spreads_ = [], []
    head._start(np.random.default_rng(1), 20, 2)
    if make is ArcFaceHead:
        head.directions_ *= 3  # so that a length left out shows

    def loss():
        head._step(X, people)
        return head.losses_[-1]

    gradients = head._step(X, people)
    for values, gradient in zip(head._parameters, gradients, strict=True):
        for place in [(0, 0), (1, 2)]:
            kept, ends = values[place], []
            for step in (1e-6, -1e-6):
                values[place] = kept + step
                ends.append(loss())
            values[place] = kept
            slope = (ends[0] - ends[1]) / 2e-6
            assert gradient[place] == pytest.approx(slope, rel=1e-3, abs=1e-6)


def test_heads_refuse_what_they_cannot_learn_from(clouds):
    X, people = clouds
    with pytest.raises(ValueError, match="at least two"):
        TripletHead().fit(X, np.zeros(48))
    with pytest.raises(ValueError, match="at least two photographs"):
        ArcFaceHead().fit(X[:3], [1, 1, 2])
    with pytest.raises(ValueError, match="mining"):
        TripletHead("easy")
    with pytest.raises(ValueError, match="rows of finite numbers"):
        TripletHead().fit(X * np.nan, people)
