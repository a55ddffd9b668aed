"""Fetch an original over the network: resumed, checked by hash, never half there."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pooch
import requests

from mlmastery.datasets.kit.errors import DataError

PARTIAL_CONTENT, RANGE_NOT_SATISFIABLE, TOO_MANY_REQUESTS = 206, 416, 429
PIECE = 1 << 16  # bytes written at once; an interrupted piece is asked for again


@dataclass(frozen=True)
class ResumingDownloader:
    """A downloader for pooch that goes on where an earlier attempt stopped.

    Parameters
    ----------
    part : Path
        Where the bytes received so far are kept until the file is complete.
    attempts : int
        How often to ask; each attempt continues the one before.
    timeout : float
        Seconds to wait for the server to answer, and for each next piece.
    pause : float
        Seconds before the second attempt, doubled before each later one.
    """

    part: Path
    attempts: int = 3
    timeout: float = 30.0
    pause: float = 1.0

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        """Download ``url`` to ``output_file``, which appears only when complete."""
        for attempt in range(self.attempts):
            try:
                self._receive(url)
                break
            except requests.RequestException as error:
                if attempt + 1 == self.attempts or _is_final(error):
                    raise
                time.sleep(self.pause * 2**attempt)
        self.part.replace(output_file)

    def _receive(self, url: str) -> None:
        start = self.part.stat().st_size if self.part.exists() else 0
        # A compressed transfer could not be continued byte by byte.
        headers = {"Accept-Encoding": "identity"}
        if start:
            headers["Range"] = f"bytes={start}-"
        with requests.get(
            url, headers=headers, stream=True, timeout=self.timeout
        ) as response:
            if start and response.status_code == RANGE_NOT_SATISFIABLE:
                return  # No byte is left to send; the hash says if they are right.
            response.raise_for_status()
            continues = response.status_code == PARTIAL_CONTENT
            with self.part.open("ab" if continues else "wb") as file:
                for piece in response.iter_content(PIECE):
                    file.write(piece)


def _is_final(error: requests.RequestException) -> bool:
    """Return whether the server refused, so that another attempt cannot help."""
    if error.response is None:
        return False
    status = error.response.status_code
    return 400 <= status < 500 and status != TOO_MANY_REQUESTS


def cache_folder(name: str) -> Path:
    """Return the folder that keeps the downloads of the data set ``name``.

    Examples
    --------
    >>> cache_folder("diabetes").name
    'diabetes'
    """
    return Path(pooch.os_cache("mlmastery")) / name


def fetch(url: str, sha256: str, target: Path, **options: float) -> Path:
    """Return ``target`` once it holds the file with this hash, downloading if need be.

    A good copy is used without asking the network. A bad one is replaced only when
    the new file is complete and has the expected hash.

    Parameters
    ----------
    url, sha256 : str
        Where the file is, and the hash that it must have.
    target : Path
        Where it is kept; its folder is made.
    **options : float
        ``attempts``, ``timeout`` and ``pause`` of `ResumingDownloader`.

    Raises
    ------
    DataError
        If the server does not answer, refuses, breaks off each time, or sends other
        bytes. What arrived before a break is kept, and continued next time.
    """
    part = target.with_name(f"{target.name}.{sha256[:12]}.part")
    downloader = ResumingDownloader(part, **options)  # type: ignore[arg-type]
    try:
        pooch.retrieve(
            url,
            known_hash=f"sha256:{sha256}",
            fname=target.name,
            path=target.parent,
            downloader=downloader,
        )
    except requests.RequestException as error:
        raise DataError(_broken(url, target, part, error)) from error
    except ValueError as error:  # pooch's word for a hash that does not match
        raise DataError(
            f"{url} did not send the expected file, so nothing was kept of it. {error} "
            "Try once more; if it happens again, the original has changed: unset "
            "MLMASTERY_DATA to use the embedded data."
        ) from error
    return target


def _broken(url: str, target: Path, part: Path, error: Exception) -> str:
    kept = part.stat().st_size if part.exists() else 0
    advice = (
        f"{kept} bytes arrived and are kept: run the same again to continue"
        if kept
        else "Check the address and the connection, and run the same again"
    )
    return (
        f"{target.name} could not be downloaded from {url}: {error}. {advice}, or "
        "unset MLMASTERY_DATA to use the embedded data."
    )
