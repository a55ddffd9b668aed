r"""Code in git, data in DVC, and the way from a prediction back to both.

>>> content_address(b"a,b\n1,2\n")
'e5/ebd4c02cefbe7955977c67ada242b7'
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from .journal import Journal
from .registry import ModelRegistry

__all__ = ["ToolError", "Workspace", "content_address", "manifest_hashes", "trace"]

# Those who start a tool for others ask that it reports nothing.
SILENT = {"DVC_NO_ANALYTICS": "1", "DO_NOT_TRACK": "1", "GIT_CONFIG_GLOBAL": os.devnull}
WHO = {"NAME": "Ana", "EMAIL": "ana@example.org", "DATE": "2013-04-01T08:00:00Z"}


class ToolError(RuntimeError):
    """A command of git or DVC ended with an error."""


def content_address(content: bytes) -> str:
    """Return where DVC's cache keeps these bytes: their MD5, cut after two digits.

    Examples
    --------
    >>> content_address(b"")
    'd4/1d8cd98f00b204e9800998ecf8427e'
    """
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return f"{digest[:2]}/{digest[2:]}"


class Workspace:
    """A folder under git and DVC, with a DVC remote beside it.

    Parameters
    ----------
    folder : Path
        Created where it is missing.
    remote : str, default="../remote"
        Folder relative to it, or a URL such as ``s3://bucket/data``.
    options : dict of str to str, optional
        Of the remote, such as ``endpointurl``.
    """

    def __init__(
        self,
        folder: Path,
        remote: str = "../remote",
        options: dict[str, str] | None = None,
    ):
        self.folder = Path(folder)
        if not (self.folder / ".dvc").exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            self.git("init", "-q", "-b", "main")
            self.dvc("init", "-q")
            self.dvc("config", "core.check_update", "false")
            self.dvc("remote", "add", "-q", "-d", "store", remote)
            for key, value in (options or {}).items():
                self.dvc("remote", "modify", "-q", "store", key, value)

    def git(self, *words: str) -> str:
        """Run git in the folder and return what it says."""
        return self._run("git", *words)

    def dvc(self, *words: str) -> str:
        """Run DVC in the folder and return what it says."""
        return self._run(sys.executable, "-m", "dvc", *words)

    def _run(self, *command: str) -> str:
        people = {
            f"GIT_{role}_{key}": value
            for role in ("AUTHOR", "COMMITTER")
            for key, value in WHO.items()
        }
        # Stages start with "python": it must be this one.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        env = os.environ | SILENT | people | {"PATH": path}
        done = subprocess.run(
            command, cwd=self.folder, env=env, capture_output=True, text=True
        )
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()
            name = " ".join(Path(word).name for word in command[:6])
            raise ToolError(f"{name}: {said[0] if said else 'no reason given'}")
        return done.stdout.strip()

    def add_data(self, name: str, content: bytes) -> str:
        """Write a data file, put it under DVC and in the remote; return its MD5."""
        (self.folder / name).write_bytes(content)
        self.dvc("add", "-q", name)
        self.dvc("push", "-q")
        return self.data_hash(name)

    def commit(self, message: str) -> str:
        """Commit all that git knows or should know; return the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def data_hash(self, name: str, commit: str | None = None) -> str:
        """Return the MD5 that a commit, or the folder, records for a data file."""
        pointer = f"{name}.dvc"
        text = (
            (self.folder / pointer).read_text()
            if commit is None
            else self.git("show", f"{commit}:{pointer}")
        )
        return str(yaml.safe_load(text)["outs"][0]["md5"])

    def restore(self, commit: str) -> None:
        """Bring back code and data of a commit, from the remote where need be."""
        self.git("checkout", "-q", commit)
        self.dvc("pull")

    def reproduce(self) -> list[str]:
        """Run the stages that are out of date; return their names."""
        lines = self.dvc("repro").splitlines()
        return [
            line.split("'")[1] for line in lines if line.startswith("Running stage")
        ]


def manifest_hashes(folder: Path) -> dict[str, str]:
    """Return for each stage a hash of all that it is: command, inputs, parameters.

    DVC skips a stage from which a parameter was removed. This hash changes.

    Parameters
    ----------
    folder : Path
        With ``dvc.yaml``; files that are missing count as such.

    Returns
    -------
    dict of str to str
        Sixteen hexadecimal digits each.
    """
    stages = yaml.safe_load((folder / "dvc.yaml").read_text())["stages"]
    values = folder / "params.yaml"
    parameters = yaml.safe_load(values.read_text()) if values.exists() else {}
    return {
        name: _stage_hash(folder, stage, parameters) for name, stage in stages.items()
    }


def _stage_hash(folder: Path, stage: dict[str, Any], parameters: dict) -> str:
    inputs = {
        name: content_address((folder / name).read_bytes())
        if (folder / name).is_file()
        else None
        for name in stage.get("deps", [])
    }
    used = {name: parameters.get(name) for name in stage.get("params", [])}
    whole = json.dumps([stage, inputs, used], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def trace(
    identity: str,
    journal: Journal,
    registry: ModelRegistry,
    workspace: Workspace,
    data: str,
) -> pd.DataFrame:
    """Return where the answers for a flight came from, one row for each answer.

    Parameters
    ----------
    identity : str
        Of the flight.
    journal : Journal
    registry : ModelRegistry
    workspace : Workspace
    data : str
        Name of the data file in the workspace.

    Returns
    -------
    DataFrame
        ``probability``, ``sha256`` of the model, ``commit``, its ``subject``, ``data``
        (MD5), and whether the commit records that very data (``agrees``).

    Raises
    ------
    LookupError
        If the flight was never answered.
    """
    found = journal.find(identity)
    if not found:
        raise LookupError(f"the journal holds no prediction for {identity}")
    rows = []
    for prediction in found:
        version = registry.resolve(prediction.version)
        recorded = workspace.data_hash(data, version.commit)
        rows.append(
            {
                "version": prediction.version,
                "probability": prediction.probability,
                "sha256": version.sha256,
                "commit": version.commit,
                "subject": workspace.git("show", "-s", "--format=%s", version.commit),
                "data": version.data_hash,
                "agrees": recorded == version.data_hash,
            }
        )
    return pd.DataFrame(rows).set_index("version")
