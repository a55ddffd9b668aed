"""Muon's step."""

import pytest
import torch
from language_model.helpers import heads

from mlmastery.language_model import Muon, orthogonalise


def test_orthogonalise_flattens_singular_values_and_keeps_directions():
    for shape in ((8, 8), (8, 24), (24, 8)):
        (m,) = heads(*shape, n=1)
        flat = orthogonalise(m)
        values = torch.linalg.svdvals(flat)
        assert values.min() > 0.3
        assert values.max() < 1.3
        u, _, vt = torch.linalg.svd(m, full_matrices=False)
        mixed = u.T @ flat @ vt.T
        off = mixed - torch.diag(mixed.diag())
        assert off.abs().max() < 1e-4


def test_muon_takes_matrices_only():
    with pytest.raises(ValueError, match="matrices"):
        Muon([torch.zeros(3, requires_grad=True)])
