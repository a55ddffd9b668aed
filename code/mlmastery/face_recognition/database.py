"""Keep the templates of people who consented, and forget those who leave.

>>> import tempfile
>>> from datetime import date
>>> from mlmastery.face_recognition import Consent, FaceDatabase
>>> database = FaceDatabase(tempfile.mkdtemp() + "/faces.db", "toy", 2)
>>> consent = Consent("Ada", date(2026, 1, 5), "door", date(2099, 1, 1))
>>> database.enrol_embeddings("Ada", [[1.0, 0.0]], consent)
1
>>> database.identify_embedding([0.9, 0.1], threshold=0.5).name
'Ada'
>>> database.delete("Ada").traces
0
"""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mlmastery.sqlite import read_header, write_transaction
from mlmastery.validation import check_count, check_number

from .consent import Consent, ConsentError
from .embedding import NoFaceError, unit_length
from .gallery import Gallery, Identification
from .images import read_picture
from .traces import Deletion, content_of, files_with, rebuilt

__all__ = [
    "DatabaseBusyError",
    "DuplicatePersonError",
    "EmbedderMismatchError",
    "FaceCountError",
    "FaceDatabase",
    "UnknownPersonError",
]

APPLICATION = 0x46414345  # "FACE", in the header of the file
VERSION = 1
SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    given_by TEXT NOT NULL,
    given_on TEXT NOT NULL,
    purpose TEXT NOT NULL,
    until TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS embeddings (
    id INTEGER PRIMARY KEY,
    person INTEGER NOT NULL REFERENCES people(id) ON DELETE CASCADE,
    vector BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS embeddings_of_person ON embeddings(person);
CREATE TABLE IF NOT EXISTS audit (
    id INTEGER PRIMARY KEY,
    day TEXT NOT NULL,
    action TEXT NOT NULL,
    people INTEGER NOT NULL,
    photographs INTEGER NOT NULL
);
"""


class FaceCountError(ValueError):
    """A photograph for enrolment shows no face, or several."""


class DuplicatePersonError(ValueError):
    """The person, or one very much alike, is enrolled already."""


class UnknownPersonError(LookupError):
    """No person of that name is enrolled."""


class EmbedderMismatchError(ValueError):
    """The templates in the file come from another network."""


class DatabaseBusyError(RuntimeError):
    """Another process has kept the file locked for too long."""


class FaceDatabase:
    """People, their templates and their consent in one SQLite file.

    Only templates are kept, no photographs. Every change is one transaction: after a
    kill it has happened or it has not.

    Parameters
    ----------
    path : str or Path
        Created where missing.
    embedder : object or str
        ``embed(image, face)``, ``name`` and ``dimension``, as `SFaceEmbedder` has them;
        or a name, where only embeddings are enrolled and identified.
    dimension : int, optional
        Only beside a name.
    detector : object, optional
        ``detect(image)`` as `YuNetDetector` has it, which is the default.
    duplicate_threshold : float, default=0.6
        A new person more similar than this to an enrolled one is refused.
    today : callable, default=datetime.date.today
        Against which consent is judged.
    timeout : float, default=10
        Seconds to wait for another process.

    Raises
    ------
    EmbedderMismatchError
        If the file holds templates of another network.
    ValueError
        If the file is damaged or of another program; it is left as it is.
    """

    def __init__(
        self,
        path: str | Path,
        embedder: Any,
        dimension: int | None = None,
        detector: Any = None,
        *,
        duplicate_threshold: float = 0.6,
        today: Callable[[], date] = date.today,
        timeout: float = 10.0,
    ) -> None:
        self.path = Path(path)
        self.embedder = None if isinstance(embedder, str) else embedder
        if embedder is None:
            raise ValueError("embedder must be an embedder or its name, got None")
        self.name = embedder if isinstance(embedder, str) else embedder.name
        size = dimension if isinstance(embedder, str) else embedder.dimension
        self.dimension = check_count(size, "dimension")
        self.detector = detector
        self.duplicate_threshold = check_number(
            duplicate_threshold, "duplicate_threshold", -1, 1
        )
        self.today = today
        self._lock = threading.RLock()
        self._cached: tuple[Any, Gallery] | None = None
        self._changes = 0
        _check_header(self.path)
        self._connection = sqlite3.connect(
            self.path, timeout=timeout, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        try:
            # Deleted content is overwritten with zeros, not only marked as free.
            self._connection.execute("PRAGMA secure_delete = ON").close()
            self._connection.execute("PRAGMA foreign_keys = ON").close()
            state = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.OperationalError as error:
            raise DatabaseBusyError(f"{self.path} does not answer: {error}") from error
        except sqlite3.DatabaseError as error:
            state = str(error)
        if state != "ok":
            raise ValueError(f"{self.path} is damaged: {state}")
        with self._transaction() as connection:
            for statement in SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
            ours = {"embedder": self.name, "dimension": str(self.dimension)}
            for key, value in ours.items():
                connection.execute(
                    "INSERT OR IGNORE INTO settings VALUES (?, ?)", (key, value)
                )
            theirs = dict(connection.execute("SELECT key, value FROM settings"))
        if theirs != ours:
            raise EmbedderMismatchError(
                f"{self.path} holds templates of {theirs['embedder']} "
                f"({theirs['dimension']} numbers), "
                f"not of {self.name} ({self.dimension}): re-index it"
            )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all or nothing, and say in words what prevented it."""
        with self._lock:
            try:
                with write_transaction(self._connection) as connection:
                    yield connection
            except sqlite3.OperationalError as error:
                raise self._translated(error) from error
            self._changes += 1

    def _translated(self, error: sqlite3.OperationalError) -> Exception:
        if "locked" in str(error):
            return DatabaseBusyError(
                f"{self.path} is locked by another process; nothing was written"
            )
        if "full" in str(error):
            return OSError(
                errno.ENOSPC, "the disk is full; nothing was written", str(self.path)
            )
        return error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    # Enrolment

    def enrol(
        self,
        name: str,
        images: Sequence[Any],
        consent: Consent | None,
        *,
        allow_duplicate: bool = False,
    ) -> int:
        """Add a person from photographs that show exactly one face each.

        Parameters
        ----------
        name : str
            1 to 100 printable characters, not enrolled yet.
        images : sequence of arrays or paths
            Grey or RGB of uint8, or files of pictures.
        consent : Consent
        allow_duplicate : bool, default=False
            Whether a person very similar to an enrolled one is taken, as a twin is.

        Returns
        -------
        int
            Photographs enrolled.

        Raises
        ------
        ConsentError
            Without consent, or if it does not hold today.
        FaceCountError
            If a photograph shows no face or several; the message names it.
        DuplicatePersonError
            If the name is taken or the face is too similar to another person's.
        """
        # Everything that can be refused is refused before anything is computed.
        self._check_enrolment(name, consent)
        vectors = self._embed_each(images, self._own_embedder())
        return self.enrol_embeddings(
            name, vectors, consent, allow_duplicate=allow_duplicate
        )

    def enrol_embeddings(
        self,
        name: str,
        embeddings: Any,
        consent: Consent | None,
        *,
        allow_duplicate: bool = False,
    ) -> int:
        """Add a person from embeddings; otherwise as `enrol`.

        Parameters
        ----------
        name : str
        embeddings : array of shape (n_photographs, dimension)
        consent : Consent
        allow_duplicate : bool, default=False

        Returns
        -------
        int
            Photographs enrolled.

        Raises
        ------
        ConsentError, DuplicatePersonError, ValueError
        """
        agreed = self._check_enrolment(name, consent)
        rows = self._checked_rows(embeddings)
        with self._transaction() as connection:
            self._refuse_known(connection, name, rows, allow_duplicate)
            days = (agreed.on.isoformat(), agreed.purpose, agreed.until.isoformat())
            person = connection.execute(
                "INSERT INTO people (name, given_by, given_on, purpose, until) "
                "VALUES (?, ?, ?, ?, ?)",
                (name, agreed.given_by, *days),
            ).lastrowid
            self._insert_rows(connection, person, rows)
            self._note(connection, "enrol", 1, len(rows))
        return len(rows)

    def _check_enrolment(self, name: str, consent: Consent | None) -> Consent:
        valid = isinstance(name, str) and name == name.strip() and name.isprintable()
        if not (valid and 1 <= len(name) <= 100):
            raise ValueError(
                "name must have 1 to 100 printable characters, "
                f"none of them a space at an end, got {name!r:.60}"
            )
        if not isinstance(consent, Consent):
            raise ConsentError(f"consent of {name} must be recorded, got {consent!r}")
        if not consent.on <= self.today() <= consent.until:
            raise ConsentError(
                f"consent of {name} must hold today, {self.today()}; "
                f"it holds from {consent.on} to {consent.until}"
            )
        return consent

    def _checked_rows(self, embeddings: Any) -> np.ndarray:
        rows = np.atleast_2d(np.asarray(embeddings, dtype=float))
        if not rows.size or rows.shape[1] != self.dimension:
            raise ValueError(
                f"embeddings must be rows of {self.dimension} numbers, "
                f"got shape {rows.shape}"
            )
        return unit_length(rows, "embeddings")

    def _refuse_known(
        self, connection: sqlite3.Connection, name: str, rows: np.ndarray, allow: bool
    ) -> None:
        taken = connection.execute("SELECT 1 FROM people WHERE name = ?", (name,))
        if taken.fetchone():
            raise DuplicatePersonError(f"name must be new, {name} is enrolled")
        gallery = self._load_gallery(connection)
        if allow or not len(gallery):
            return
        scores = gallery.scores(rows)
        _, nearest = np.unravel_index(scores.argmax(), scores.shape)
        if scores.max() > self.duplicate_threshold:
            raise DuplicatePersonError(
                f"{name} looks like {gallery.people[nearest]}, who is enrolled "
                f"(similarity {scores.max():.2f}, more than {self.duplicate_threshold:g})"
            )

    def _insert_rows(
        self, connection: sqlite3.Connection, person: Any, rows: np.ndarray
    ) -> None:
        for row in rows:
            connection.execute(
                "INSERT INTO embeddings (person, vector) VALUES (?, ?)",
                (person, _to_bytes(row)),
            )

    def _note(
        self, connection: sqlite3.Connection, action: str, people: int, photographs: int
    ) -> None:
        """Write to the audit trail, which holds no name and nothing of a face."""
        connection.execute(
            "INSERT INTO audit (day, action, people, photographs) VALUES (?, ?, ?, ?)",
            (self.today().isoformat(), action, people, photographs),
        )

    def _embed_each(self, images: Sequence[Any], embedder: Any) -> list[np.ndarray]:
        photographs = enumerate(_several(images))
        return [self._embed(*_opened(i, x), embedder) for i, x in photographs]

    def _embed(self, image: np.ndarray, label: str, embedder: Any) -> np.ndarray:
        faces = self._faces(image)
        if len(faces) != 1:
            count = "no face" if not faces else f"{len(faces)} faces"
            raise FaceCountError(f"{label} must show exactly one face, got {count}")
        try:
            return np.asarray(embedder.embed(image, faces[0]))
        except NoFaceError as error:
            raise FaceCountError(f"{label} must show a whole face: {error}") from error

    def _faces(self, image: np.ndarray) -> list[Any]:
        if self.detector is None:
            from .detection import YuNetDetector

            self.detector = YuNetDetector()
        return list(self.detector.detect(image))

    def _own_embedder(self) -> Any:
        if self.embedder is None:
            raise ValueError(f"embedder must be given to embed images, not {self.name}")
        return self.embedder

    # Identification

    def gallery(self) -> Gallery:
        """Return the templates of all people whose consent holds today.

        It is kept until this or another process changes the file, or the day ends.
        """
        with self._lock:
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
            key = (version, self._changes, self.today())
            if self._cached is None or self._cached[0] != key:
                self._cached = (key, self._load_gallery(self._connection))
            return self._cached[1]

    def _load_gallery(self, connection: sqlite3.Connection) -> Gallery:
        rows = connection.execute(
            "SELECT name, vector FROM embeddings JOIN people ON people.id = person "
            "WHERE until >= ? ORDER BY embeddings.id",
            (self.today().isoformat(),),
        ).fetchall()
        vectors = [np.frombuffer(blob, "<f8") for _, blob in rows]
        return Gallery(
            [name for name, _ in rows], np.array(vectors).reshape(-1, self.dimension)
        )

    def identify_embedding(
        self, embedding: Any, threshold: float, rule: str = "best"
    ) -> Identification:
        """Return the enrolled person of an embedding, or unknown.

        Parameters
        ----------
        embedding : array of shape (dimension,)
        threshold : float
            Smallest cosine similarity of a match.
        rule : {"best", "mean"}, default="best"
            How the photographs of a person count.
        """
        return self.gallery().identify(
            self._checked_rows(embedding)[0], threshold, rule
        )

    def identify(
        self, image: Any, threshold: float, rule: str = "best"
    ) -> Identification:
        """Return who is the largest face of a picture: known, unknown, or no face.

        Parameters
        ----------
        image : array of uint8, or path
        threshold : float
            Smallest cosine similarity of a match.
        rule : {"best", "mean"}, default="best"
        """
        every = self.identify_all(image, threshold, rule)
        return every[0] if every else Identification("no face")

    def identify_all(
        self, image: Any, threshold: float, rule: str = "best"
    ) -> list[Identification]:
        """Return who each face of a picture is, the largest face first.

        Parameters
        ----------
        image : array of uint8, or path
        threshold : float
        rule : {"best", "mean"}, default="best"
        """
        pixels, _ = _opened(0, image)
        embed, answers = self._own_embedder().embed, []
        for face in self._faces(pixels):
            try:
                embedding = embed(pixels, face)
            except NoFaceError:  # a box without eyes in it
                continue
            answer = self.identify_embedding(embedding, threshold, rule)
            answers.append(replace(answer, box=tuple(face.box)))
        return answers

    # Deletion

    def delete(self, name: str) -> Deletion:
        """Remove a person and search all files for what remains.

        Parameters
        ----------
        name : str

        Returns
        -------
        Deletion

        Raises
        ------
        UnknownPersonError
        DatabaseBusyError
            If another process keeps the file locked.
        """
        vectors = self._remove("name = ?", (name,), "delete")
        if not vectors:
            raise UnknownPersonError(f"{name} is not enrolled")
        return self._proof(name, vectors)

    def purge_expired(self) -> int:
        """Delete everyone whose consent has ended; return how many people."""
        with self._lock:
            ended = self._connection.execute(
                "SELECT count(*) FROM people WHERE until < ?",
                (self.today().isoformat(),),
            ).fetchone()[0]
            if ended:
                self._remove("until < ?", (self.today().isoformat(),), "expire")
        return int(ended)

    def _remove(self, where: str, values: tuple[str, ...], action: str) -> list[bytes]:
        with self._transaction() as connection:
            ids = [
                row[0]
                for row in connection.execute(
                    f"SELECT id FROM people WHERE {where}", values
                )
            ]
            vectors = []
            for person in ids:
                found = connection.execute(
                    "SELECT vector FROM embeddings WHERE person = ?", (person,)
                )
                vectors += [row[0] for row in found]
                connection.execute("DELETE FROM people WHERE id = ?", (person,))
            if ids:
                self._note(connection, action, len(ids), len(vectors))
        if ids:
            self._compact()
        return vectors

    def _compact(self) -> None:
        """Write the file anew, so that no freed page outlives its content."""
        with self._lock:
            self._cached = None
            try:
                self._connection.execute("VACUUM")
            except sqlite3.OperationalError as error:
                raise DatabaseBusyError(
                    f"{self.path} is locked by another process: the deleted content is "
                    "overwritten, the file is not yet smaller"
                ) from error

    def _proof(self, name: str, vectors: list[bytes]) -> Deletion:
        patterns = [name.encode(), *vectors]
        found = files_with(self.path, patterns)
        with self._lock:
            # Bytes that the other rows need anyway, as Ada in Adam, are no trace.
            needed = content_of(rebuilt(self._connection))
            live = self._live_rows(name, vectors)
        hits = int(found["hits"].sum()) - sum(map(needed.count, patterns))
        size = int(found["bytes"].sum())
        return Deletion(len(vectors), len(found), size, max(hits, 0) + live)

    def _live_rows(self, name: str, vectors: list[bytes]) -> int:
        """Count the rows that still name a person or hold one of the templates."""
        people = "SELECT count(*) FROM people WHERE ? IN (name, given_by, purpose)"
        template = "SELECT count(*) FROM embeddings WHERE vector = ?"
        queries = [(people, name), *((template, vector) for vector in vectors)]
        return sum(
            self._connection.execute(query, (value,)).fetchone()[0]
            for query, value in queries
        )

    # Upkeep

    def re_index(self, embedder: Any, photographs: Mapping[str, Sequence[Any]]) -> int:
        """Replace every template by one of another network.

        Templates of two networks cannot be compared, and none can be computed from the
        other: the photographs are needed again.

        Parameters
        ----------
        embedder : object
            As for the constructor.
        photographs : mapping of str to sequence of images
            Of every enrolled person.

        Returns
        -------
        int
            Photographs embedded.

        Raises
        ------
        ValueError
            If a person's photographs are missing; nothing is changed then.
        DatabaseBusyError
            If somebody was enrolled or deleted meanwhile; nothing is changed then.
        """
        missing = sorted(set(self.names()) - set(photographs))
        if missing:
            raise ValueError(f"photographs of {', '.join(missing)} are missing")
        fresh = {
            name: unit_length(self._embed_each(photographs[name], embedder), name)
            for name in self.names()
        }
        self._replace_templates(embedder, fresh)
        return sum(map(len, fresh.values()))

    def _replace_templates(
        self, embedder: Any, fresh: Mapping[str, np.ndarray]
    ) -> None:
        with self._transaction() as connection:
            if self.names() != sorted(fresh):
                raise DatabaseBusyError(
                    f"{self.path} got or lost a person meanwhile; nothing was written"
                )
            connection.execute("DELETE FROM embeddings")
            for name, vectors in fresh.items():
                person = connection.execute(
                    "SELECT id FROM people WHERE name = ?", (name,)
                ).fetchone()
                self._insert_rows(connection, person[0], vectors)
            for key, value in (
                ("embedder", embedder.name),
                ("dimension", str(embedder.dimension)),
            ):
                connection.execute(
                    "UPDATE settings SET value = ? WHERE key = ?", (value, key)
                )
            total = sum(map(len, fresh.values()))
            self._note(connection, "re-index", len(fresh), total)
        self.embedder, self.name = embedder, embedder.name
        self.dimension = embedder.dimension
        self._compact()

    def names(self) -> list[str]:
        """Return the enrolled people in alphabetical order."""
        with self._lock:
            rows = self._connection.execute("SELECT name FROM people ORDER BY name")
            return [row[0] for row in rows]

    def people(self) -> pd.DataFrame:
        """Return name, consent and number of photographs of each person."""
        query = (
            "SELECT name, given_by, given_on, purpose, until, count(vector) "
            "AS photographs FROM people LEFT JOIN embeddings ON person = people.id "
            "GROUP BY people.id ORDER BY name"
        )
        return self._table(query)

    def audit(self) -> pd.DataFrame:
        """Return what was done and when, without any name."""
        return self._table(
            "SELECT day, action, people, photographs FROM audit ORDER BY id"
        )

    def _table(self, query: str) -> pd.DataFrame:
        with self._lock:
            cursor = self._connection.execute(query)
            columns = [column[0] for column in cursor.description]
            return pd.DataFrame(cursor.fetchall(), columns=columns)


def _to_bytes(row: np.ndarray) -> bytes:
    return np.ascontiguousarray(row, "<f8").tobytes()


def _several(images: Any) -> list[Any]:
    """Return photographs as a list; one alone is a likely slip."""
    if isinstance(images, str | Path) or getattr(images, "ndim", 4) < 4:
        raise ValueError(
            f"images must be a list of photographs, got one {type(images).__name__}"
        )
    if not (photographs := list(images)):
        raise ValueError("images must hold at least one photograph, got none")
    return photographs


def _opened(index: int, image: Any) -> tuple[np.ndarray, str]:
    """Return a picture's pixels and what to call it in a message."""
    if not isinstance(image, str | Path):
        return np.asarray(image), f"images[{index}]"
    return read_picture(image), str(image)


def _check_header(path: Path) -> None:
    """Refuse a file that is not a face database, without opening it for writing."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path.parent} must be a folder for the database")
    if not path.exists() or path.stat().st_size == 0:
        return
    header, size = read_header(path), path.stat().st_size
    if header is None:
        raise ValueError(f"{path} must be a face database, it is not an SQLite file")
    if size < header.expected_size:
        raise ValueError(f"{path} is damaged: {size} bytes of {header.expected_size}")
    if header.application != APPLICATION:
        raise ValueError(f"{path} must be a face database, it is another program's")
    if header.version != VERSION:
        raise ValueError(f"{path} must have version {VERSION}, it has {header.version}")
