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


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int16, bool, np.float16])
def test_small_types_do_not_wrap(dtype):
    largest = {np.uint8: 255, np.int8: 127, np.int16: 32767, bool: 1, np.float16: 2048}
    image = np.full((6, 5), largest[dtype], dtype)
    kernel = np.array([[1, 1], [2, 1]], dtype)
    want = np.full((5, 4), float(largest[dtype]) * float(kernel.astype(float).sum()))
    np.testing.assert_array_equal(by_hand.conv2d_loops(image, kernel), want)
    batch = by_hand.conv2d(image[None, ..., None], kernel[..., None, None])
    np.testing.assert_array_equal(batch[0, ..., 0], want)
    # In bytes, minus one times 200 would be 56.
    edge = np.array([[-1, 1]])
    step = np.array([[200, 100]], np.uint8)
    assert by_hand.conv2d_loops(step, edge).tolist() == [[-100]]


def test_averages_of_bytes_and_halves_are_those_of_floats():
    x = np.full((1, 4, 4, 1), 255, np.uint8)
    assert (by_hand.average_pool2d(x) == 255).all()
    assert (by_hand.average_pool2d(np.full((1, 4, 4, 1), 6e4, np.float16)) > 5e4).all()


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_groups_equal_torch(groups):
    import torch

    rng = np.random.default_rng(4)
    x, w = rng.normal(size=(2, 7, 6, 4)), rng.normal(size=(3, 3, 4 // groups, 8))
    theirs = torch.nn.functional.conv2d(
        torch.from_numpy(x).permute(0, 3, 1, 2),
        torch.from_numpy(w).permute(3, 2, 0, 1),
        stride=2,
        padding=1,
        groups=groups,
    )
    ours = by_hand.conv2d(x, w, stride=2, padding=1, groups=groups)
    np.testing.assert_allclose(ours, theirs.permute(0, 2, 3, 1).numpy(), atol=1e-10)


def test_groups_that_divide_nothing_are_named():
    x = np.ones((1, 5, 5, 4))
    with pytest.raises(ValueError, match="divide 4 channels and 6 filters, got 4"):
        by_hand.conv2d(x, np.ones((3, 3, 1, 6)), groups=4)
    with pytest.raises(ValueError, match="got 2 and 4 in each group"):
        by_hand.conv2d(x, np.ones((3, 3, 4, 6)), groups=2)
    with pytest.raises(ValueError, match="groups must be a whole number"):
        by_hand.conv2d(x, np.ones((3, 3, 4, 6)), groups=0)


def test_the_definition_takes_grey_images_only():
    with pytest.raises(ValueError, match=r"image must be grey, .* got \(5, 5, 3\)"):
        by_hand.conv2d_loops(np.ones((5, 5, 3)), np.ones((3, 3)))
    with pytest.raises(ValueError, match=r"kernel must be grey, .* got \(3, 3, 3\)"):
        by_hand.conv2d_loops(np.ones((5, 5)), np.ones((3, 3, 3)))
    with pytest.raises(TypeError, match="image must hold numbers, got <U1"):
        by_hand.conv2d_loops(np.array([["a"]]), np.ones((1, 1)))


def test_other_arguments_are_named():
    x, w = np.ones((1, 5, 5, 1)), np.ones((3, 3, 1, 2))
    with pytest.raises(ValueError, match="padding must be a whole number"):
        by_hand.conv2d(x, w, padding=-1)
    with pytest.raises(ValueError, match="padding must be a whole number"):
        by_hand.conv2d(x, w, padding="same")
    with pytest.raises(ValueError, match=r"bias must .* \(2,\), got \(3,\)"):
        by_hand.conv2d(x, w, np.ones(3))
    for stride, message in ((0, "stride"), (1.5, "stride")):
        with pytest.raises(ValueError, match=message):
            by_hand.max_pool2d(x, 2, stride)
    with pytest.raises(ValueError, match="size must be a whole number"):
        by_hand.average_pool2d(x, 0)
    with pytest.raises(ValueError, match=r"x must have shape \(N, H, W, C\)"):
        by_hand.max_pool2d(np.ones((5, 5)))


def test_the_page_s_example_on_paper():
    image = np.array([[1, 1, 5, 5], [1, 1, 5, 5], [1, 5, 5, 5]], np.uint8)
    kernel = np.array([[-1, 1], [-1, 1]])
    assert by_hand.conv2d_loops(image, kernel).tolist() == [[0, 8, 0], [4, 4, 0]]
