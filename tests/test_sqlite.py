"""Headers of SQLite files, and transactions that are whole."""

import sqlite3
import threading

import pytest

from mlmastery.sqlite import MAGIC, read_header, write_transaction


@pytest.fixture
def path(tmp_path):
    return tmp_path / "own.db"


def connect(path, **options):
    return sqlite3.connect(path, isolation_level=None, **options)


@pytest.mark.parametrize("page", [512, 4096, 65536])
def test_a_header_says_whose_file_it_is_and_how_long(path, page):
    connection = connect(path)
    for setting in (f"page_size = {page}", "application_id = 9", "user_version = 3"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    assert read_header(path) == (9, 3, path.stat().st_size)


@pytest.mark.parametrize("content", [b"", b"x", MAGIC, b"hello " * 100, bytes(200)])
def test_what_is_no_sqlite_file_has_no_header(path, content):
    path.write_bytes(content)
    assert read_header(path) is None


def test_an_error_writes_nothing(path):
    connection = connect(path)
    connection.execute("CREATE TABLE t (x)")

    def fail():
        with write_transaction(connection):
            connection.execute("INSERT INTO t VALUES (1)")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    with write_transaction(connection):
        connection.execute("INSERT INTO t VALUES (1)")
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (1,)
    connection.close()


def test_a_full_disk_writes_nothing_and_is_told(path):
    connection = connect(path)
    connection.execute("CREATE TABLE t (x)")
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")

    def fill():
        with write_transaction(connection):
            connection.execute("INSERT INTO t VALUES (zeroblob(100000))")

    with pytest.raises(sqlite3.OperationalError, match="full"):
        fill()
    assert not connection.in_transaction
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
    connection.close()


def test_the_lock_is_taken_before_anything_is_read(path):
    """Two who read and then write would otherwise refuse each other at the write."""
    first, second = connect(path), connect(path, timeout=10, check_same_thread=False)
    first.execute("CREATE TABLE t (x)")
    counts = []

    def count_and_add(connection):
        with write_transaction(connection):
            counts.append(connection.execute("SELECT count(*) FROM t").fetchone()[0])
            connection.execute("INSERT INTO t VALUES (1)")

    with write_transaction(first):
        waiting = threading.Thread(target=count_and_add, args=(second,))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        first.execute("INSERT INTO t VALUES (1)")
    waiting.join()
    assert counts == [1]
    first.close()
    second.close()
