"""Say which settings do not go together: a configuration refuses them by both names.

A configuration that is made has passed every rule of this module, so that nothing in
it is ignored later. `engine_table` prints what the rules allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mlmastery.distributed_training.strategies import Strategy
from mlmastery.distributed_training.unread import unread

_NO_SERVER = "it has no server that others could join"
_WAITS = "it waits for every client's work"


def conflicts(config: Any, strategy: Strategy) -> Iterator[str]:
    """Yield a sentence for each pair of settings that do not go together."""
    for found, first, second, why in [
        *_of_the_engine(config),
        *_of_the_protections(config, strategy),
        *_of_parallel(config),
        *_of_own_data(config),
        *unread(config),
    ]:
        if found:
            yield f"{first} and {second} do not go together: {why}"


Rules = list[tuple[Any, str, str, str]]  # broken, the two names, why


def _of_the_engine(config) -> Rules:
    name, engine = f"engine {config.engine!r}", config.engine
    serves, torchrun = engine == "processes", engine == "torchrun"
    policy = config.stragglers.get("policy", "wait")
    after, limit = config.stragglers.get("after", 0.0), config.round_timeout
    ranks = config.workers * config.nodes
    uneven = ranks and config.batch_size % ranks
    return [
        (config.workers == 0 and engine in ("torchrun", "ray"), "workers: 0", name,
         _NO_SERVER),
        (config.nodes > 1 and not torchrun, "nodes", name,
         "workers on other machines join the server of engine 'processes' by the "
         "command worker, and Ray knows its own cluster"),
        (config.nodes > 1 and config.port == 0, "nodes", "port 0",
         "machines meet at a port that all of them know"),
        (config.nodes > 1 and config.host in ("0.0.0.0", "::"), "nodes",
         f"host {config.host!r}", "machines meet at the address of one of them"),
        (torchrun and config.mode == "data_parallel" and uneven,
         f"batch_size {config.batch_size}", f"{ranks} processes of {name}",
         "each takes an equal part of the batch"),
        (config.secure and torchrun, "secure", name,
         "its sum shows every process the updates of the others' clients"),
        (config.secure and engine == "ray", "secure", name,
         "its tasks return their updates to one process, which sees them"),
        (config.remembers and engine in ("torchrun", "ray"),
         f"compression {config.compressor['method']!r} with a memory", name,
         "a client's memory stays with one process, and here clients move"),
        (not config.reassign and engine in ("torchrun", "ray"), "reassign: false", name,
         "from round to round its processes take over each other's clients"),
        (policy == "drop" and not serves, "stragglers 'drop'", name, _WAITS),
        (serves and after >= limit, f"stragglers after {after:g}",
         f"round_timeout {limit:g}", "the round would be over"),
        (":" in config.host and torchrun and config.nodes == 1, f"host {config.host!r}",
         name, "on one machine its processes meet on the loopback of IPv4"),
        (":" in config.host and engine in ("local", "ray"), f"host {config.host!r}",
         name, "it listens nowhere"),
    ]  # fmt: skip


def _of_the_protections(config, strategy) -> Rules:
    compressed = config.compressor["method"] != "none"
    quantised = config.compressor["method"] == "quantise"
    single = not strategy.averages
    parallel = config.mode == "data_parallel"
    method = f"compression {config.compressor['method']!r}"
    return [
        (config.secure and compressed and not quantised, "secure", method,
         "a masked vector is dense, and masks add up in whole numbers alone"),
        (config.secure and quantised and not config.privacy, "secure", method,
         "without the clipping of privacy no bound of a number is known"),
        (config.secure and single, "secure", f"strategy {config.strategy!r}",
         "it compares single updates, which nobody sees"),
        (config.privacy and single, "privacy", f"strategy {config.strategy!r}",
         "it compares single updates, and the noise is counted for their sum"),
        (config.secure and parallel, "secure", "mode 'data_parallel'",
         "a gradient a step would need a protocol a step: use mode 'federated'"),
        (config.privacy and parallel, "privacy", "mode 'data_parallel'",
         "what is protected is a client; for single rows there is dp_sgd"),
        (config.privacy and config.checkpoint_every > 1, "privacy",
         f"checkpoint_every {config.checkpoint_every}",
         "a round that was published must be counted, also if the server dies"),
        (config.privacy and config.client_fraction * config.n_clients < 1, "privacy",
         f"client_fraction {config.client_fraction:g}",
         f"fewer than one of {config.n_clients} clients would be expected a round"),
        (config.secure and config.n_clients < 2, "secure", "n_clients 1",
         "the sum over one client is that client"),
        (_single_client(config), "secure", f"client_fraction {config.client_fraction:g}",
         "a round would have one client, and its sum would be that client"),
        (bool(config.stragglers) and parallel, "stragglers", "mode 'data_parallel'",
         "a step has one gradient of each client"),
    ]  # fmt: skip


def _single_client(config) -> bool:
    chosen = max(1, round(config.client_fraction * config.n_clients))
    return config.secure and not config.privacy and chosen < 2


def _of_parallel(config) -> Rules:
    own, way = config.parallel != "auto", f"parallel {config.parallel!r}"
    ranks = config.parallel in ("ring", "pipeline") or config.staleness > 0
    name = f"engine {config.engine!r}"
    torch = config.framework == "pytorch"
    return [
        (own and config.mode == "federated", way, "mode 'federated'",
         "its clients send updates to a server"),
        (config.staleness > 0 and config.parallel != "server",
         f"staleness {config.staleness}", way, "only a server lets workers run ahead"),
        (config.parallel == "pipeline" and not torch, way,
         f"framework {config.framework!r}", "its stages are written in PyTorch"),
        (config.parallel == "pipeline" and config.model, way, "model",
         "it cuts the network between its layers"),
        (config.parallel == "pipeline" and config.workers >= len(config.layers), way,
         f"workers {config.workers}", "each needs a layer, and there are "
         f"{len(config.layers) - 1}"),
        (config.parallel == "pipeline" and config.micro_batches > config.batch_size,
         f"micro_batches {config.micro_batches}", f"batch_size {config.batch_size}",
         "a part needs a row"),
        (config.parallel in ("server", "pipeline") and config.engine == "torchrun",
         way, name, "its processes add up their gradients by all-reduce"),
        (ranks and config.engine == "ray", way, name,
         "its tasks exchange no messages with each other"),
        (ranks and config.compressor["method"] != "none", way, "compression",
         "sums that are passed on would be rounded again at every step"),
        (ranks and config.model, way, "model",
         "its buffers, such as a batch norm's, would differ between workers"),
        (ranks and config.workers < 1, way, "workers: 0",
         "its workers are started together"),
    ]  # fmt: skip


def _of_own_data(config) -> Rules:
    loads = config.loader or config.files
    return [
        (config.loader and config.files, "loader", "files", "one of them has the rows"),
        (loads and config.mode == "data_parallel", "loader" if config.loader else
         "files", "mode 'data_parallel'", "its batches are drawn from all rows"),
        (loads and config.partition != "iid", f"partition {config.partition!r}",
         "loader" if config.loader else "files", "its rows are dealt out already"),
        (config.files and "{client}" not in config.files, "files",
         repr(config.files), "the path needs {client}"),
    ]  # fmt: skip
