"""Break the system on purpose: a kill, a full disk, a torn file, a lost camera.

>>> import tempfile
>>> table = run_faults(tempfile.mkdtemp(), ["foreign file"])
>>> table["left"].tolist()
['file unchanged']
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from mlmastery.validation import check_choice

from .consent import Consent
from .database import DatabaseBusyError, FaceDatabase
from .sources import CameraLostError, FrameSource

__all__ = ["run_faults"]

DAY = date(2026, 3, 2)
CONSENT = Consent("the person", DAY, "test", DAY)

SLOW = """
    import sys, time
    from datetime import date
    from mlmastery.face_recognition.consent import Consent
    from mlmastery.face_recognition.database import FaceDatabase
    day = date(2026, 3, 2)
    class Slow(FaceDatabase):
        def _note(self, *_):  # person and templates are inserted, not committed
            print("inside", flush=True)
            time.sleep(60)
    database = Slow(sys.argv[1], "toy", 2, today=lambda: day)
    database.enrol_embeddings("Ada", [[1, 0]], Consent("self", day, "test", day))
"""

MANY = """
    import sys
    from datetime import date
    from mlmastery.face_recognition.consent import Consent
    from mlmastery.face_recognition.database import FaceDatabase
    day = date(2026, 3, 2)
    database = FaceDatabase(sys.argv[1], "toy", 2, today=lambda: day)
    for i in range(10):
        database.enrol_embeddings(f"{sys.argv[2]} {i}", [[1, 0]],
            Consent("self", day, "test", day), allow_duplicate=True)
"""


def run_faults(folder: str | Path, faults: Sequence[str] | None = None) -> pd.DataFrame:
    """Bring about each fault and report the answer and what is left.

    The kill and the two at once are real processes.

    Parameters
    ----------
    folder : str or Path
        Empty; files are left there.
    faults : sequence of str, optional
        Some of the names; by default all.

    Returns
    -------
    DataFrame
        Index ``fault``; ``answer`` and ``left``.

    Raises
    ------
    ValueError
        If a name is unknown.
    """
    rows = {}
    for name in FAULTS if faults is None else faults:
        check_choice(name, "faults", FAULTS)
        place = Path(folder) / name.replace(" ", "-")
        place.mkdir()
        rows[name] = FAULTS[name](place / "faces.db")
    table = pd.DataFrame(rows, index=["answer", "left"]).T
    return table.rename_axis("fault")


def _opened(path: Path, timeout: float = 10.0) -> FaceDatabase:
    return FaceDatabase(path, "toy", 2, today=lambda: DAY, timeout=timeout)


def _people(path: Path) -> int:
    with closing(_opened(path)) as database:
        return len(database.names())


def _python(script: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(script), *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _kill(path: Path) -> tuple[str, str]:
    with _python(SLOW, str(path)) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
        process.communicate()
    left = _people(path)
    with closing(_opened(path)) as database:
        database.enrol_embeddings("Ada", [[1, 0]], CONSENT)
    return (
        f"signal {-process.returncode}",
        f"{left} people, {_people(path)} when tried again",
    )


def _two_at_once(path: Path) -> tuple[str, str]:
    both = [_python(MANY, str(path), name) for name in ("Ada", "Bob")]
    for process in both:
        process.communicate()
    codes = sorted({process.returncode for process in both})
    answer = f"exit status {', '.join(map(str, codes))}"
    return answer, f"{_people(path)} of 20 people"


def _locked(path: Path) -> tuple[str, str]:
    database = _opened(path, timeout=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    answer = _answer(lambda: database.enrol_embeddings("Ada", [[1, 0]], CONSENT))
    other.close()
    database.close()
    return answer, f"{_people(path)} people"


def _full(path: Path) -> tuple[str, str]:
    database = _opened(path)
    # The database may not grow, as if the disk were full.
    pages = database._connection.execute("PRAGMA page_count").fetchone()[0]
    database._connection.execute(f"PRAGMA max_page_count = {pages}")
    answer = _answer(lambda: database.enrol_embeddings("Ada", [[1, 0]] * 999, CONSENT))
    database.close()
    return answer, f"{_people(path)} people"


def _torn_file(path: Path) -> tuple[str, str]:
    database = _opened(path)
    database.enrol_embeddings("Ada", [[1, 0]] * 300, CONSENT)
    database.close()
    path.write_bytes(path.read_bytes()[:9000])
    return _unchanged(path)


def _foreign(path: Path) -> tuple[str, str]:
    path.write_bytes(b"a list of names\n" * 99)
    return _unchanged(path)


def _unchanged(path: Path) -> tuple[str, str]:
    before = path.read_bytes()
    answer = _answer(lambda: _opened(path))
    same = path.read_bytes() == before
    return answer, "file unchanged" if same else "file changed"


def _answer(action: Callable[[], object]) -> str:
    try:
        action()
    except (ValueError, OSError, DatabaseBusyError) as error:
        return type(error).__name__
    return "no error"


def _lost_camera(path: Path) -> tuple[str, str]:
    del path
    frame = np.zeros((8, 8), np.uint8)
    streams = [[frame] * 3, [frame] * 2]  # then there is no device

    def open_camera() -> Callable[[], np.ndarray]:
        if not streams:
            raise CameraLostError("no device")
        return _cut_off(streams.pop(0))

    source = FrameSource(open_camera, reconnects=2, pause=0.0)
    count = sum(1 for _ in source)
    return source.ended, f"{count} frames, cut off {source.lost} times"


def _cut_off(frames: list[np.ndarray]) -> Callable[[], np.ndarray]:
    def read() -> np.ndarray:
        if not frames:
            raise CameraLostError("cable")
        return frames.pop()

    return read


def _corrupt_frame(path: Path) -> tuple[str, str]:
    from PIL import Image

    for number in range(5):
        picture = path.with_name(f"{number}.png")
        Image.fromarray(np.full((8, 8), number, np.uint8)).save(picture)
    torn = path.with_name("2.png")
    torn.write_bytes(torn.read_bytes()[:40])
    source = FrameSource(path.parent)
    count = sum(1 for _ in source)
    return f"{source.corrupt} corrupt, skipped", f"{count} of 5 frames"


FAULTS: dict[str, Callable[[Path], tuple[str, str]]] = {
    "kill in enrolment": _kill,
    "two enrol at once": _two_at_once,
    "database locked": _locked,
    "disk full": _full,
    "torn file": _torn_file,
    "foreign file": _foreign,
    "corrupt frame": _corrupt_frame,
    "camera lost": _lost_camera,
}
