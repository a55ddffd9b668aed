"""The database: consent, all or nothing, open-set answers, and nothing left behind."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from mlmastery.face_recognition.consent import Consent, ConsentError
from mlmastery.face_recognition.database import (
    DatabaseBusyError,
    DuplicatePersonError,
    EmbedderMismatchError,
    FaceCountError,
    FaceDatabase,
    UnknownPersonError,
)
from mlmastery.face_recognition.embedding import NoFaceError
from mlmastery.face_recognition.gallery import Gallery, distance_to_similarity
from mlmastery.face_recognition.traces import files_with

TODAY = date(2026, 3, 1)


def consent(**changes):
    fields = {"given_by": "self", "on": TODAY, "purpose": "door"}
    return Consent(**{**fields, "until": TODAY + timedelta(days=30), **changes})


class Blobs:
    """Bright blobs are faces; their brightness is their direction in the plane."""

    name, dimension = "blobs", 2

    def detect(self, image):
        values = sorted(set(np.unique(image).tolist()) - {0})
        return [SimpleNamespace(box=(0, 0, 4, 4), value=v) for v in values]

    def embed(self, image, face):
        if face.value == 255:
            raise NoFaceError("no eyes")
        angle = np.radians(face.value)
        return np.array([np.cos(angle), np.sin(angle)])


def blob(value):
    image = np.zeros((8, 8), np.uint8)
    image[2:6, 2:6] = value
    return image


@pytest.fixture
def path(tmp_path):
    return tmp_path / "faces.db"


def opened(path, **options):
    options = {"today": lambda: TODAY, **options}
    return FaceDatabase(path, Blobs(), detector=Blobs(), **options)


@pytest.fixture
def database(path):
    database = opened(path)
    yield database
    database.close()


def embedding(degrees):
    return [np.cos(np.radians(degrees)), np.sin(np.radians(degrees))]


# Enrolment


def test_a_person_is_known_after_enrolment_and_after_a_restart(database, path):
    assert database.enrol("Ada", [blob(10), blob(14)], consent()) == 2
    database.close()
    again = opened(path)
    answer = again.identify(blob(11), threshold=0.9)
    assert (answer.status, answer.name) == ("known", "Ada")
    assert answer.score == pytest.approx(np.cos(np.radians(1)))
    assert answer.box == (0, 0, 4, 4)
    again.close()


def test_no_face_is_not_the_same_as_unknown(database):
    database.enrol("Ada", [blob(10)], consent())
    assert database.identify(blob(0), 0.5).status == "no face"
    assert database.identify(blob(150), 0.5).status == "unknown"


def test_nobody_enrolled_is_unknown(database):
    assert database.identify(blob(10), -1.0).status == "unknown"


@pytest.mark.parametrize("wrong", [None, True, "yes"])
def test_nobody_is_enrolled_without_a_record_of_consent(database, wrong):
    with pytest.raises(ConsentError, match="consent of Ada must be recorded"):
        database.enrol("Ada", [blob(10)], wrong)
    assert database.names() == []


@pytest.mark.parametrize("shift", [-31, 1])
def test_consent_must_hold_on_the_day(database, shift):
    on = TODAY + timedelta(days=shift)
    late = consent(on=on, until=on + timedelta(days=30))
    with pytest.raises(ConsentError, match="must hold today"):
        database.enrol("Ada", [blob(10)], late)


@pytest.mark.parametrize("day", [-30, 0])
def test_consent_holds_on_its_first_and_its_last_day(database, day):
    on = TODAY + timedelta(days=day)
    database.enrol("Ada", [blob(10)], consent(on=on, until=on + timedelta(days=30)))
    assert database.identify(blob(10), 0.9).name == "Ada"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"given_by": " "}, "given_by"),
        ({"purpose": ""}, "purpose"),
        ({"on": "today"}, "date without a time in on"),
        ({"until": None}, "date without a time in until"),
        ({"until": TODAY - timedelta(days=1)}, "must not end before"),
    ],
)
def test_consent_without_a_field_is_none(changes, words):
    with pytest.raises(ConsentError, match=words):
        consent(**changes)


def test_a_photograph_without_a_face_is_named_and_nothing_written(database, tmp_path):
    file = tmp_path / "wall.png"
    Image.fromarray(blob(0)).save(file)
    with pytest.raises(FaceCountError, match=r"wall\.png must show exactly one face"):
        database.enrol("Ada", [blob(10), file], consent())
    with pytest.raises(FaceCountError, match=r"images\[1\].*no face"):
        database.enrol("Ada", [blob(10), blob(0)], consent())
    assert database.names() == []
    assert database.audit().empty


def test_a_photograph_with_several_faces_is_refused(database):
    both = blob(10) + np.eye(8, dtype=np.uint8) * 20
    with pytest.raises(FaceCountError, match=r"images\[0\].*got [23] faces"):
        database.enrol("Ada", [both], consent())


def test_a_face_without_eyes_is_refused_and_not_identified(database):
    with pytest.raises(FaceCountError, match="whole face"):
        database.enrol("Ada", [blob(255)], consent())
    assert database.identify(blob(255), 0.5).status == "no face"


def test_a_torn_file_is_refused_by_name(database, tmp_path):
    file = tmp_path / "torn.png"
    Image.fromarray(blob(9)).save(file)
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(ValueError, match=r"torn\.png must be a picture"):
        database.enrol("Ada", [file], consent())


@pytest.mark.parametrize("name", ["", " Ada", "Ada ", "a\nb", "x" * 101, None])
def test_a_name_that_no_list_could_show_is_refused(database, name):
    with pytest.raises(ValueError, match="name must have 1 to 100 printable"):
        database.enrol(name, [blob(10)], consent())


def test_enrolling_without_photographs_is_refused(database):
    with pytest.raises(ValueError, match="at least one photograph"):
        database.enrol("Ada", [], consent())


@pytest.mark.parametrize(
    "wrong", [[[1.0, 0.0, 0.0]], [[0.0, 0.0]], [[np.nan, 1.0]], []]
)
def test_embeddings_that_are_none_are_refused(database, wrong):
    with pytest.raises(ValueError, match="embeddings must be"):
        database.enrol_embeddings("Ada", wrong, consent())


def test_a_name_is_taken_once(database):
    database.enrol("Ada", [blob(10)], consent())
    with pytest.raises(DuplicatePersonError, match="Ada is enrolled"):
        database.enrol("Ada", [blob(170)], consent(), allow_duplicate=True)


def test_the_same_face_under_another_name_is_refused_unless_allowed(database):
    database.enrol("Ada", [blob(10)], consent())
    with pytest.raises(DuplicatePersonError, match="Eve looks like Ada"):
        database.enrol("Eve", [blob(12)], consent())
    assert database.names() == ["Ada"]
    database.enrol("Eve", [blob(12)], consent(), allow_duplicate=True)
    assert database.names() == ["Ada", "Eve"]


def test_an_error_in_the_middle_writes_nothing(database, monkeypatch):
    def fails(*_):
        raise RuntimeError("power")

    monkeypatch.setattr(FaceDatabase, "_note", fails)
    with pytest.raises(RuntimeError, match="power"):
        database.enrol("Ada", [blob(10)], consent())
    assert database.names() == []
    assert database.people().empty


def test_one_of_two_who_enrol_the_same_person_at_once_is_refused(path):
    databases = [opened(path) for _ in range(2)]

    def enrol(database):
        try:
            return database.enrol("Ada", [blob(10)], consent())
        except DuplicatePersonError:
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(enrol, databases))
    assert sorted(map(str, answers)) == ["1", "refused"]
    for database in databases:
        database.close()


def test_what_another_connection_enrols_is_known_at_once(database, path):
    assert not len(database.gallery())
    other = opened(path)
    other.enrol("Ada", [blob(10)], consent())
    assert database.identify(blob(10), 0.9).name == "Ada"
    other.delete("Ada")
    assert database.identify(blob(10), 0.9).status == "unknown"
    other.close()


def test_a_locked_file_is_said_so_and_nothing_written(path):
    database = opened(path, timeout=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(DatabaseBusyError, match="locked by another process"):
        database.enrol_embeddings("Ada", [[1, 0]], consent())
    with pytest.raises(DatabaseBusyError):
        opened(path, timeout=0.05)
    other.execute("ROLLBACK")
    other.close()
    assert database.enrol_embeddings("Ada", [[1, 0]], consent()) == 1
    database.close()


def test_a_full_disk_is_said_so_and_nothing_written(database):
    pages = database._connection.execute("PRAGMA page_count").fetchone()[0]
    database._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OSError, match="the disk is full; nothing was written"):
        database.enrol_embeddings("Ada", [[1, 0]] * 2000, consent())
    assert database.names() == []


# Files that are none


@pytest.mark.parametrize("content", [b"x", b"hello " * 100, b"\x00" * 200])
def test_a_foreign_file_is_refused_and_left_as_it_is(path, content):
    path.write_bytes(content)
    with pytest.raises(ValueError, match="must be a face database"):
        opened(path)
    assert path.read_bytes() == content
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_database_of_another_program_is_refused_and_left_as_it_is(path):
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE people (name)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(ValueError, match="another program's"):
        opened(path)
    assert path.read_bytes() == before


def test_a_truncated_database_is_refused_and_left_as_it_is(database, path):
    database.enrol_embeddings("Ada", [[1, 0]] * 200, consent())
    database.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ValueError, match="is damaged: "):
        opened(path)
    assert path.read_bytes() == whole[: len(whole) // 2]


def test_a_damaged_page_is_refused_and_left_as_it_is(database, path):
    database.enrol_embeddings("Ada", [[1, 0]] * 200, consent())
    database.close()
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    path.write_bytes(content)
    with pytest.raises(ValueError, match="is damaged"):
        opened(path)
    assert path.read_bytes() == bytes(content)


def test_an_empty_file_is_a_new_database_and_a_missing_folder_an_error(path):
    path.touch()
    opened(path).close()
    with pytest.raises(FileNotFoundError, match="must be a folder"):
        opened(path.parent / "nowhere" / "faces.db")


# Open-set identification


@pytest.fixture
def distances(path):
    """The probe (1, 0) lies at Euclidean distance 0.55 of A and 0.30 of B."""
    database = opened(path)
    for name, distance in (("A", 0.55), ("B", -0.30)):
        similarity = distance_to_similarity(abs(distance))
        side = np.sign(distance) * np.sqrt(1 - similarity**2)
        database.enrol_embeddings(
            name, [[similarity, side]], consent(), allow_duplicate=True
        )
    yield database
    database.close()


def test_the_nearest_within_the_tolerance_is_taken_not_the_first(distances):
    threshold = distance_to_similarity(0.6)
    assert distances.identify_embedding([1, 0], threshold).name == "B"


def test_all_beyond_the_tolerance_is_unknown():
    similarity = distance_to_similarity(0.7)
    side = np.sqrt(1 - similarity**2)
    gallery = Gallery(["A", "B"], [[similarity, side], [similarity, -side]])
    answer = gallery.identify([1, 0], distance_to_similarity(0.6))
    assert answer.status == "unknown"
    assert answer.name is None
    assert answer.score == pytest.approx(similarity)


def test_lowering_the_tolerance_never_adds_a_match(distances):
    tolerances = np.linspace(2, 0, 41)
    names = [
        distances.identify_embedding([1, 0], distance_to_similarity(t)).name
        for t in tolerances
    ]
    known = [name is not None for name in names]
    assert known == sorted(known, reverse=True)
    assert set(names) == {"B", None}


def test_a_similarity_equal_to_the_threshold_is_a_match():
    assert Gallery(["A"], [[1, 0]]).identify([1, 0], 1.0).name == "A"


def test_scores_do_not_depend_on_the_length_of_an_embedding():
    rng = np.random.default_rng(0)
    rows, probe = rng.normal(size=(5, 8)), rng.normal(size=8)
    gallery, longer = Gallery(list("abcde"), rows), Gallery(list("abcde"), 7 * rows)
    np.testing.assert_allclose(
        gallery.scores(probe), longer.scores(7 * probe), atol=1e-12
    )


def test_best_and_mean_rule_differ_as_their_names_say():
    rng = np.random.default_rng(1)
    owners = list("bacabcb")
    rows, probes = rng.normal(size=(7, 5)), rng.normal(size=(3, 5))
    gallery = Gallery(owners, rows)
    assert gallery.people == ["b", "a", "c"]
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    for probe, best, mean in zip(
        probes, gallery.scores(probes), gallery.scores(probes, "mean"), strict=True
    ):
        cosines = unit @ probe / np.linalg.norm(probe)
        for column, name in enumerate(gallery.people):
            own = [c for c, o in zip(cosines, owners, strict=True) if o == name]
            assert best[column] == pytest.approx(max(own))
            assert mean[column] == pytest.approx(np.mean(own))


@pytest.mark.parametrize("threshold", [1.1, -1.1, np.nan, "0.5"])
def test_a_threshold_that_is_no_cosine_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold must be a number"):
        Gallery(["A"], [[1, 0]]).identify([1, 0], threshold)


def test_a_gallery_refuses_what_cannot_be_compared():
    gallery = Gallery(["A"], [[1, 0]])
    with pytest.raises(ValueError, match="2 columns"):
        gallery.scores([1, 0, 0])
    with pytest.raises(ValueError, match="rule must be one of best, mean"):
        gallery.scores([1, 0], "worst")
    with pytest.raises(ValueError, match="one length, got 2 and 1"):
        Gallery(["A", "B"], [[1, 0]])
    with pytest.raises(ValueError, match="two axes"):
        Gallery(["A"], [1.0])


# Deletion


def test_a_deletion_leaves_neither_name_nor_template_in_any_file(database, path):
    name = "Ottoline Quarmby"
    rng = np.random.default_rng(0)
    database.enrol_embeddings("Ada", [[1, 0]], consent())
    rows = rng.normal(size=(300, 2)) * [0.1, 1]
    database.enrol_embeddings(name, rows, consent(given_by=name), allow_duplicate=True)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    patterns = [name.encode(), *(row.tobytes() for row in unit)]
    assert files_with(path, patterns)["hits"].sum() >= 300
    size = path.stat().st_size
    proof = database.delete(name)
    assert (proof.photographs, proof.traces, proof.files) == (300, 0, 1)
    assert proof.bytes == path.stat().st_size < size
    assert files_with(path, patterns)["hits"].sum() == 0
    assert database.names() == ["Ada"]
    assert database.identify_embedding(rows[0], 0.9).name != name


def test_the_proof_counts_what_a_careless_deletion_leaves(path):
    """Without secure_delete the bytes stay: the search must find them."""
    careless = sqlite3.connect(path, isolation_level=None)
    careless.execute("PRAGMA secure_delete = OFF")
    careless.execute("CREATE TABLE people (name)")
    careless.execute("INSERT INTO people VALUES ('Ottoline Quarmby')")
    careless.execute("DELETE FROM people")
    careless.close()
    assert files_with(path, [b"Ottoline Quarmby"])["hits"].sum() == 1


@pytest.mark.parametrize("name", ["Person 1", "Ada"])
def test_a_name_inside_a_longer_one_is_no_trace(database, name):
    database.enrol_embeddings(name, [[1, 0]], consent(given_by="a parent"))
    for i, other in enumerate((f"{name}0", f"{name} Smith")):
        given = consent(given_by=f"the guardian of {name}0")
        database.enrol_embeddings(other, [[-1, i]], given, allow_duplicate=True)
    assert database.delete(name).traces == 0
    assert len(database.names()) == 2


@pytest.mark.parametrize("name", ["A", "7", "people", "enrol", "name"])
def test_a_name_that_other_bytes_spell_is_no_trace(database, path, name):
    """One letter stands somewhere by chance, and a table is called people."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(400, 2))
    database.enrol_embeddings("Somebody else", rows, consent())
    database.enrol_embeddings(name, [[1, 0]], consent(), allow_duplicate=True)
    assert database.delete(name).traces == 0
    assert files_with(path, [name.encode()])["hits"].sum() > 0


def test_the_proof_finds_what_stays_in_the_file(database, path):
    database.enrol_embeddings("Al", [[1, 0]], consent(given_by="a parent"))
    beside = path.with_name(path.name + "-journal.bak")
    beside.write_bytes(path.read_bytes())
    assert database.delete("Al").traces >= 2  # the name and the template


def test_the_proof_finds_a_row_that_was_not_deleted(database, monkeypatch):
    database.enrol_embeddings("Al", [[1, 0]], consent(given_by="a parent"))
    vectors = [np.array([1.0, 0.0]).tobytes()]
    monkeypatch.setattr(database, "_remove", lambda *_: vectors)
    assert database.delete("Al").traces == 2


def test_the_header_of_a_file_is_no_text(database, path):
    """Its counters change with every write and may spell a short name."""
    assert b"SQLite format" in path.read_bytes()
    assert files_with(path, [b"SQLite format"])["hits"].sum() == 0


def test_a_folder_with_signs_of_a_pattern_is_searched(tmp_path):
    path = tmp_path / "faces[1].db"
    path.write_bytes(b"Ada")
    (tmp_path / "faces1.db").write_bytes(b"Ada")
    assert files_with(path, [b"Ada"])["hits"].tolist() == [1]


def test_a_name_in_the_record_of_another_is_a_trace(database):
    database.enrol_embeddings("Ottoline", [[1, 0]], consent(given_by="Ottoline"))
    database.enrol_embeddings("Child", [[-1, 0]], consent(given_by="Ottoline"))
    assert database.delete("Ottoline").traces == 1


def test_deleting_somebody_unknown_is_an_error(database):
    with pytest.raises(UnknownPersonError, match="Ada is not enrolled"):
        database.delete("Ada")


def test_the_audit_trail_tells_what_happened_without_names(database, path):
    database.enrol("Ottoline", [blob(10), blob(12)], consent(given_by="Ottoline"))
    database.delete("Ottoline")
    audit = database.audit()
    assert audit["action"].tolist() == ["enrol", "delete"]
    assert audit["photographs"].tolist() == [2, 2]
    assert audit["people"].tolist() == [1, 1]
    assert "Ottoline" not in audit.to_csv()


def test_expired_consent_is_neither_matched_nor_kept(path):
    day = [TODAY]
    database = opened(path, today=lambda: day[0])
    database.enrol("Ada", [blob(10)], consent())
    database.enrol("Bob", [blob(90)], consent(until=TODAY + timedelta(days=99)))
    day[0] = TODAY + timedelta(days=30)
    assert database.identify(blob(10), 0.9).name == "Ada"
    day[0] = TODAY + timedelta(days=31)
    assert database.identify(blob(10), 0.9).status == "unknown"
    assert database.purge_expired() == 1
    assert database.names() == ["Bob"]
    assert database.purge_expired() == 0
    assert database.audit()["action"].tolist() == ["enrol", "enrol", "expire"]
    database.close()


# Another network


class Turned(Blobs):
    name, dimension = "turned", 3

    def embed(self, image, face):
        return np.append(super().embed(image, face)[::-1], 0.5)


def test_templates_of_another_network_are_refused_with_both_names(database, path):
    database.close()
    with pytest.raises(
        EmbedderMismatchError, match=r"blobs \(2 numbers\).*turned \(3\)"
    ):
        FaceDatabase(path, Turned(), detector=Blobs())


def test_re_indexing_replaces_every_template(database, path):
    database.enrol("Ada", [blob(10), blob(12)], consent())
    database.enrol("Bob", [blob(100)], consent())
    with pytest.raises(ValueError, match="photographs of Bob are missing"):
        database.re_index(Turned(), {"Ada": [blob(10)]})
    with pytest.raises(ValueError, match="at least one photograph, got none"):
        database.re_index(Turned(), {"Ada": [blob(10)], "Bob": []})
    assert database.name == "blobs"
    assert database.identify(blob(10), 0.9).name == "Ada"
    assert database.re_index(Turned(), {"Ada": [blob(10)], "Bob": [blob(100)]}) == 2
    assert database.identify(blob(101), 0.9).name == "Bob"
    database.close()
    again = FaceDatabase(path, Turned(), detector=Blobs(), today=lambda: TODAY)
    assert again.people()["photographs"].tolist() == [1, 1]
    assert again.people()["until"].tolist() == ["2026-03-31"] * 2
    again.close()


def test_a_person_who_is_enrolled_while_others_are_re_indexed_is_not_lost(
    database, path
):
    database.enrol("Ada", [blob(10)], consent())

    class Slow(Turned):
        def embed(self, image, face):
            other = opened(path)
            other.enrol("Bob", [blob(100)], consent())
            other.close()
            return super().embed(image, face)

    with pytest.raises(DatabaseBusyError, match="nothing was written"):
        database.re_index(Slow(), {"Ada": [blob(10)]})
    for value, name in ((10, "Ada"), (100, "Bob")):
        assert database.identify(blob(value), 0.9).name == name


def test_a_database_of_embeddings_alone_says_that_it_cannot_embed(path):
    database = FaceDatabase(path, "blobs", 2, detector=Blobs())
    with pytest.raises(ValueError, match="embedder must be given"):
        database.identify(blob(10), 0.5)
    database.close()


# Slips


def test_one_photograph_in_place_of_a_list_is_refused(database):
    for images in (np.zeros((20, 20), np.uint8), "ada.png"):
        with pytest.raises(ValueError, match="images must be a list"):
            database.enrol("Ada", images, consent())


@pytest.mark.parametrize("moment", [datetime(2026, 1, 1), None, "2026-01-01"])
def test_a_consent_is_dated_by_days(moment):
    with pytest.raises(ConsentError, match="a date without a time in until"):
        Consent("Ada", date(2026, 1, 1), "door", moment)


def test_a_consent_that_no_file_can_hold_is_refused():
    with pytest.raises(ConsentError, match="purpose"):
        Consent("Ada", date(2026, 1, 1), "door\ud800", date(2027, 1, 1))


def test_a_file_of_a_later_version_is_refused_and_left_as_it_is(path):
    FaceDatabase(path, "toy", 2).close()
    later = sqlite3.connect(path)
    later.execute("PRAGMA user_version = 2")
    later.close()
    before = path.read_bytes()
    with pytest.raises(ValueError, match="must have version 1, it has 2"):
        FaceDatabase(path, "toy", 2)
    assert path.read_bytes() == before


def test_an_embedder_must_be_given(path):
    with pytest.raises(ValueError, match="embedder must be"):
        FaceDatabase(path, None)
    assert not path.exists()
