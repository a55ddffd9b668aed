"""Convolution and pooling by hand against PyTorch."""

import numpy as np
import pytest

from mlmastery.image_classifier import by_hand


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 2])
@pytest.mark.parametrize("dilation", [1, 2])
def test_convolution_equals_torch(stride, padding, dilation):
    import torch

    rng = np.random.default_rng(1)
    x, w, b = rng.normal(size=(2, 9, 11, 3)), rng.normal(size=(3, 2, 3, 4)), np.ones(4)
    ours = by_hand.conv2d(x, w, b, stride=stride, padding=padding, dilation=dilation)
    theirs = torch.nn.functional.conv2d(
        torch.from_numpy(x).permute(0, 3, 1, 2),
        torch.from_numpy(w).permute(3, 2, 0, 1),
        torch.from_numpy(b),
        stride,
        padding,
        dilation,
    )
    np.testing.assert_allclose(ours, theirs.permute(0, 2, 3, 1).numpy(), atol=1e-10)
    assert ours.shape[1] == by_hand.output_size(9, 3, stride, padding, dilation)
    assert ours.shape[2] == by_hand.output_size(11, 2, stride, padding, dilation)


def test_loops_equal_the_batch_version():
    rng = np.random.default_rng(2)
    image, kernel = rng.normal(size=(7, 8)), rng.normal(size=(3, 2))
    batch = by_hand.conv2d(image[None, ..., None], kernel[..., None, None])
    np.testing.assert_allclose(by_hand.conv2d_loops(image, kernel), batch[0, ..., 0])


@pytest.mark.parametrize(("size", "stride"), [(2, None), (3, 2), (3, 1), (2, 3)])
def test_pooling_equals_torch(size, stride):
    import torch

    x = np.random.default_rng(3).normal(size=(2, 9, 8, 3))
    tensor = torch.from_numpy(x).permute(0, 3, 1, 2)
    for ours, theirs in [
        (by_hand.max_pool2d, torch.nn.functional.max_pool2d),
        (by_hand.average_pool2d, torch.nn.functional.avg_pool2d),
    ]:
        want = theirs(tensor, size, stride).permute(0, 2, 3, 1).numpy()
        np.testing.assert_allclose(ours(x, size, stride), want)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((28, 3, 0), "stride must be a whole number of at least 1, got 0"),
        ((28, 3, 1, -1), "padding must be a whole number of at least 0, got -1"),
        ((4, 3, 1, 0, 3), "size 4 with padding 0, 4 pixels, got one that covers 7"),
    ],
)
def test_impossible_windows_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        by_hand.output_size(*arguments)


def test_shapes_that_disagree_are_named():
    with pytest.raises(ValueError, match="number of channels, got 3 and 1"):
        by_hand.conv2d(np.ones((1, 5, 5, 3)), np.ones((3, 3, 1, 1)))
    with pytest.raises(ValueError, match=r"got \(5, 5\)"):
        by_hand.conv2d(np.ones((5, 5)), np.ones((3, 3, 1, 1)))
    with pytest.raises(ValueError, match=r"size 2 .* covers 3"):
        by_hand.conv2d(np.ones((1, 2, 5, 1)), np.ones((3, 3, 1, 1)))
