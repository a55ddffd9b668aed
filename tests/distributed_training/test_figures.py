"""What the pictures say is what the algorithms do."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from mlmastery.distributed_training.collectives import ring_all_reduce
from mlmastery.distributed_training.communicator import run_ranks
from mlmastery.distributed_training.figures import (
    plot_parts,
    plot_ring,
    ring_contributions,
)


@pytest.mark.parametrize("n", [2, 3, 5])
def test_ring_of_the_picture_fills_every_chunk(n):
    history = ring_contributions(n)
    assert len(history) == 2 * n - 1
    assert (history[-1] == n).all()
    assert sum((counts == n).sum() for counts in history[: n - 1]) == 0
    # In the real ring, too, everybody ends with everybody's numbers.
    ends = run_ranks(lambda c: ring_all_reduce(c, np.ones(n)), n)
    assert all((end == n).all() for end in ends)


def test_dots_grow_with_the_counts():
    fig, ax = plt.subplots()
    plot_parts(np.array([[1, 4], [2, 0]]), most=4, ax=ax)
    sizes = ax.collections[0].get_sizes()
    np.testing.assert_allclose(sizes / sizes.max(), [0.25, 1, 0.5, 0])
    plt.close(fig)


def test_a_ring_in_two_rows_names_its_ranks_in_both_and_hides_the_rest():
    fig, axes = plt.subplots(2, 4)
    plot_ring(4, axes=axes.flat)
    named = [bool(len(ax.get_yticks())) for ax in axes.flat]
    assert named == [True, False, False, False, True, False, False, True]
    assert [ax.axison for ax in axes.flat] == [True] * 7 + [False]
    with pytest.raises(ValueError, match="axes must be at least 7, got 3"):
        plot_ring(4, axes=axes.flat[:3])
    plt.close(fig)
