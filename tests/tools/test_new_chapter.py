"""A chapter more, with a data set of its own, is files of its own: no list grows."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from kit.small_book import FRONT, SmallBook

ROOT = Path(__file__).resolve().parents[2]
CSV = "day,trips\n1,5\n2,7\n3,9\n"
DATA_SET = f'''
"""Bike trips: a made-up set."""
import io
import pandas as pd
from mlmastery.datasets.kit.cards import Column, DataCard
from mlmastery.datasets.kit.files import VendoredFile
from mlmastery.datasets.kit.frames import load_frame

CARD = DataCard(
    name="bike_trips", title="Bike trips", source="made up", url="https://example.org",
    licence="CC0", row="One day.", shape=(3, 2),
    columns=(Column("day", "", "of the year", "int64"),
             Column("trips", "", "rentals", "int64")),
    faults=("It is made up.",), chapters=("bike_demand",), citation="nobody",
    embedded=(VendoredFile("bike_trips.csv",
                           "{hashlib.sha256(CSV.encode()).hexdigest()}"),),
)

def load_bike_trips():
    return load_frame(CARD, lambda contents: pd.read_csv(io.BytesIO(contents[0])))
'''
MODULE = '''
"""Forecast the rentals of a day."""

def forecast(trips):
    return float(trips.mean())
'''
COMMAND = '''
"""Forecast the rentals of a day."""
from mlmastery.bike_demand import forecast
from mlmastery.datasets import load_bike_trips

def main(arguments=None, prog=None):
    print(forecast(load_bike_trips()["trips"]))
    return 0
'''
EXERCISE = '''"""Exercise 23.1: Double it."""
# %% stub
def double(x):
    """Return twice x."""
# %% solution
def double(x):
    """Return twice x."""
    return 2 * x
# %% check
from mlmastery.check import Case
CASES = [Case("two", args=(2,), want=4)]
'''
NEW = {
    "code/mlmastery/datasets/bike_trips.py": DATA_SET,
    "code/mlmastery/datasets/data/bike_trips.csv": CSV,
    "code/mlmastery/bike_demand/__init__.py": MODULE,
    "code/mlmastery/bike_demand/__main__.py": COMMAND,
    "code/mlmastery/exercises/bike_demand/double.py": EXERCISE,
}
PRINTS = """
import chapters, fingerprint
import sys; sys.path.append("book/_ext")
from fingerprint import cells_of
print({c.slug: fingerprint.fingerprint(cells_of(c.page)) for c in chapters.written()})
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> SmallBook:
    """Return the tools and the whole package, with one page that uses much of it."""
    small = SmallBook(tmp_path_factory.mktemp("new") / "book")
    package = small.root / "code" / "mlmastery"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "code" / "mlmastery", package, ignore=ignore)
    small.write(
        "from mlmastery.bookkit import frames, set_up\n"
        "from mlmastery.datasets import load_iris, verify\n"
        "from mlmastery.check import check\nfrom mlmastery.ledger import read_ledger\n"
        "check('2.1', f), read_ledger('titanic_survival'), verify('iris')"
    )
    return small


def run(book: SmallBook, *arguments: str) -> str:
    package = os.environ | {"PYTHONPATH": str(book.root / "code")}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=package)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_new_chapter_is_found_everywhere_and_disturbs_no_page(book: SmallBook):
    before = eval(book.python(PRINTS))
    for name, content in NEW.items():
        (book.root / name).parent.mkdir(exist_ok=True)
        (book.root / name).write_text(content.lstrip("\n"))
    assert eval(book.python(PRINTS)) == before
    assert "bike-demand" in run(book, "mlmastery", "--help")
    assert run(book, "mlmastery", "bike-demand") == "7.0\n"
    assert "bike_trips" in run(book, "mlmastery", "datasets")
    assert "23.1" in run(book, "mlmastery", "check")
    code = "sys.path.insert(0, 'code'); import pages; print('Bike trips' in pages.data_cards())"
    assert book.python(code) == "True\n"

    (book.root / "book" / "bike_demand.md").write_text(
        FRONT.replace("number: 3", "number: 22").replace("small", "bike_demand")
        + "\n```{code-cell} ipython3\n"
        "from mlmastery.bike_demand import forecast\n"
        "from mlmastery.datasets import load_bike_trips\n"
        'forecast(load_bike_trips()["trips"])\n```\n'
    )
    status, said = book.execute("--only", "bike_demand")
    assert status == 0, said
    assert eval(book.python(PRINTS)).items() >= before.items()
