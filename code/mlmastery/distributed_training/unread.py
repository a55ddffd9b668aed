"""Say which settings nobody would read: they are refused rather than ignored.

Settings that only say how a run is served, such as ``heartbeat``, are not among them:
one file serves every engine.
"""

from __future__ import annotations

from typing import Any


def unread(config: Any) -> list[tuple[Any, str, str, str]]:
    """Return whether a setting was changed in vain, its name, what does not read it, why.

    >>> from mlmastery.distributed_training.config import DistributedMLConfig
    >>> DistributedMLConfig(alpha=0.1)
    Traceback (most recent call last):
    ValueError: alpha 0.1 and partition 'iid' do not go together: only 'dirichlet' ...
    """
    settings = [*_by_mode(config), *_by_choice(config)]
    return [
        (vain and _changed(config, name), f"{name} {getattr(config, name)!r}", who, why)
        for name, vain, who, why in settings
    ]


def _by_mode(config) -> list[tuple[str, Any, str, str]]:
    parallel, mode = config.mode == "data_parallel", "mode 'data_parallel'"
    return [
        ("partition", parallel, mode, "its batches are drawn from all rows"),
        ("client_fraction", parallel, mode, "every client has a part of each batch"),
        ("epochs", parallel, mode, "its rounds are single steps"),
    ]


def _by_choice(config) -> list[tuple[str, Any, str, str]]:
    partition, compression = config.partition, config.compression
    own_rows = "loader" if config.loader else "files"
    return [
        ("alpha", partition != "dirichlet", f"partition {partition!r}",
         "only 'dirichlet' deals by it"),
        ("bits", compression != "quantise", f"compression {compression!r}",
         "it belongs to 'quantise', and in a section beside its method"),
        ("micro_batches", config.parallel != "pipeline",
         f"parallel {config.parallel!r}", "only a pipeline cuts a batch so"),
        ("layers", config.model, "model", "it has its own"),
        ("activation", config.model, "model", "it has its own"),
        ("data", not config.built_in, own_rows, "one of them has the rows"),
    ]  # fmt: skip


def _changed(config, name: str) -> bool:
    return getattr(config, name) != type(config).__dataclass_fields__[name].default
