"""What is measured inside a model."""

import torch
from language_model.helpers import small, some_ids

from mlmastery.language_model.inspection import attention_maps


def test_attention_maps_leave_no_hook_behind():
    model = small()
    maps = attention_maps(model, some_ids(6)[0])
    assert [m.shape for m in maps] == [(2, 6, 6)] * 2
    torch.testing.assert_close(maps[1].sum(-1), torch.ones(2, 6))
    assert not any(block.attention._forward_pre_hooks for block in model.blocks)
