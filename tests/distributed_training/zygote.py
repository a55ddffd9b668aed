"""Fork real processes that have everything imported already, so that a test costs little.

Reads one JSON object a line from stdin, forks, and answers with the child's number.
When stdin closes, all children are killed.
"""

import json
import os
import signal
import sys
import time

import numpy as np

from mlmastery.distributed_training import wire
from mlmastery.distributed_training.communicator import TcpCommunicator
from mlmastery.distributed_training.config import DistributedMLConfig
from mlmastery.distributed_training.engine import torch_rank
from mlmastery.distributed_training.job import Job
from mlmastery.distributed_training.packing import Parcel
from mlmastery.distributed_training.secure_sum import secure_sum
from mlmastery.distributed_training.server import TrainingServer
from mlmastery.distributed_training.worker import Worker


class OddWorker(Worker):
    """A worker that misbehaves as its orders say."""

    orders: dict = {}
    n_done = 0

    def work(self, parameters, number, client):
        self.n_done += 1
        time.sleep(self.orders.get("pause", 0.0))
        parcel = super().work(parameters, number, client)
        if client in self.orders.get("diverges", []):
            return Parcel({}, parcel.weight, float("nan"))
        if client in self.orders.get("huge", []):
            values = np.full_like(parcel.arrays["values"], 1e9)
            return Parcel({"values": values}, parcel.weight, parcel.loss)
        if self.n_done == self.orders.get("kill_at"):
            os.kill(os.getpid(), signal.SIGKILL)
        if self.n_done == self.orders.get("freeze_at"):
            os.kill(os.getpid(), signal.SIGSTOP)
        if client in self.orders.get("poisoned", []):
            values = -20 * parcel.arrays["values"]
            return Parcel({"values": values}, parcel.weight, parcel.loss)
        if self.n_done == self.orders.get("nonsense_at"):
            return Parcel({"values": parcel.arrays["values"][1:]}, 1.0, parcel.loss)
        if self.n_done == self.orders.get("weightless_at"):
            return Parcel(parcel.arrays, "heavy", parcel.loss)
        if self.n_done == self.orders.get("nan_at"):
            values = np.full_like(parcel.arrays["values"], np.nan)
            return Parcel({"values": values}, parcel.weight, parcel.loss)
        return parcel

    def make_job(self, config):
        if "layers" in self.orders:
            config = config.replace(layers=tuple(self.orders["layers"]))
        return Job(config)


def be_worker(orders):
    OddWorker.orders = orders
    wire.VERSION = orders.get("version", wire.VERSION)
    address, secret = tuple(orders["address"]), bytes.fromhex(orders["secret"])
    patience = orders.get("patience", 15.0)
    OddWorker(address, secret, name=orders["name"], patience=patience).run()


def be_server(orders):
    config = DistributedMLConfig.from_dict(orders["config"])
    TrainingServer(config, bytes.fromhex(orders["secret"])).run()


class MortalCommunicator(TcpCommunicator):
    """Ends its process in place of the message of a given number, or freezes it."""

    dies_at = freezes_at = None

    def send(self, to, message):
        if self.messages_sent == self.dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if self.messages_sent == self.freezes_at:
            os.kill(os.getpid(), signal.SIGSTOP)
        super().send(to, message)


def be_secure_client(orders):
    """Add up a vector with the others that depends on the rank alone."""
    MortalCommunicator.dies_at = orders.get("dies_at")
    MortalCommunicator.freezes_at = orders.get("freezes_at")
    address, secret = tuple(orders["address"]), bytes.fromhex(orders["secret"])
    rank, n_ranks = orders["rank"], orders["n_ranks"]
    with MortalCommunicator(rank, n_ranks, address, secret) as communicator:
        vector = np.random.default_rng(rank).normal(size=1000)
        secure_sum(communicator, vector, threshold=orders["threshold"], timeout=5.0)


def be_torch_rank(orders):
    """Be one process of a torchrun, as which the environment makes it known."""
    os.environ |= orders["environment"]
    torch_rank(DistributedMLConfig.from_dict(orders["config"]))


def child(orders):
    """Do what was ordered; how it ended goes into the file of the log."""
    status = "done"
    try:
        ROLES[orders["role"]](orders)
    except BaseException as error:
        status = f"{type(error).__name__}: {error}"
    with open(orders["log"], "w") as log:
        log.write(status)
    os._exit(0)


ROLES = {
    "worker": be_worker,
    "server": be_server,
    "secure": be_secure_client,
    "torch": be_torch_rank,
}


def answer(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave no zombies
    Job(DistributedMLConfig()).update(Job(DistributedMLConfig()).model._vector, 0, 0)
    children = []
    answer("ready")
    while line := sys.stdin.readline():
        pid = os.fork()
        if pid == 0:
            os.close(0)
            child(json.loads(line))
        children.append(pid)
        answer(pid)
    for pid in children:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


if __name__ == "__main__":
    main()
