"""What a page's cached outputs depend on: all that its run meets, and nothing else."""

import ast
import importlib.util
import json
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from chapters import BOOK, ROOT, written
from fingerprint import cells_of

LINEAR = "exercises/linear_regression"
CHECK = "from mlmastery.check import check as c\n"
TITANIC = "recorded/titanic_survival.json"
LEDGER = "from mlmastery.ledger import read_ledger\nread_ledger"
VERIFY = "from mlmastery.datasets import verify\nverify"
PAGES = {c.slug: cells_of(c.page) for c in written()}
EXERCISE = '"""Exercise {}: Something new."""\n# %% stub\n'


class Copy:
    """The package in a folder of its own, with the fingerprints of pages on it."""

    def __init__(self, root):
        shutil.copytree(
            ROOT / "code", root / "code", ignore=shutil.ignore_patterns("__pycache__")
        )
        (root / "tools").mkdir()
        shutil.copy(ROOT / "tools" / "fingerprint.py", root / "tools")
        shutil.copy(ROOT / "requirements.txt", root)
        path = root / "tools" / "fingerprint.py"
        spec = importlib.util.spec_from_file_location("fingerprint_of_copy", path)
        self.tool = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.tool)
        self.ours = root / "code" / "mlmastery"
        self.fresh = self.prints()

    def prints(self, pages=PAGES):
        return {name: self.tool.fingerprint(source) for name, source in pages.items()}

    @contextmanager
    def edited(self, name, text="\n"):
        """Add text to a file, which may be new, and take it away again."""
        path = self.ours / name
        before = path.read_bytes() if path.exists() else None
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((before or b"") + text.encode())
        self.tool.resolved.cache_clear()  # a build sees no file come or go
        yield
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
        self.tool.resolved.cache_clear()

    def invalidated(self, *edits):
        """Return the pages whose fingerprints an edit changes."""
        with self.edited(*edits):
            return {n for n, print_ in self.prints().items() if print_ != self.fresh[n]}

    def read(self, source):
        """Return the names of the files that a source leads to."""
        paths = self.tool.files(source)
        return {path.relative_to(self.ours).as_posix() for path in paths}


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return Copy(tmp_path_factory.mktemp("copy"))


# --- nothing that a run meets is missing ------------------------------------------

LOADED = """
import json, sys
{imports}
ours = [m for name, m in sys.modules.items() if name.split(".")[0] == "mlmastery"]
print(json.dumps([m.__file__ for m in ours]))
"""


# These import in less than two seconds.
LIGHT = {"iris_classifier", "linear_regression", "titanic_survival"}


@pytest.mark.parametrize(
    "slug",
    [pytest.param(s, marks=[pytest.mark.slow] * (s not in LIGHT)) for s in PAGES],
)
def test_every_module_that_a_page_imports_counts(slug):
    import fingerprint

    tree = ast.parse(fingerprint.without_magics(PAGES[slug]))
    lines = [
        ast.unparse(n) for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOADED.format(imports="\n".join(lines))],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "code"), "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    loaded = {Path(p) for p in json.loads(run.stdout.splitlines()[-1])}
    assert len(loaded) > 5
    assert loaded - set(fingerprint.modules(PAGES[slug])) == set()


def test_a_change_in_any_file_that_counts_changes_the_fingerprint(copy):
    """Every one of them, not only those that the walk finds first."""
    source = PAGES["linear_regression"]
    for name in sorted(copy.read(source)):
        with copy.edited(name):
            assert copy.tool.fingerprint(source) != copy.fresh["linear_regression"], (
                name
            )


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("def f():\n    from mlmastery.datasets import load_wine", "datasets/wine.py"),
        ("import mlmastery.datasets as d\nd.load_wine()", "datasets/wine.py"),
        ("from mlmastery import datasets", "datasets/wine.py"),
        ("from mlmastery.datasets import *", "datasets/wine.py"),
        ("from mlmastery.datasets import wine", "datasets/wine.py"),
        ("from mlmastery.datasets import cards", "datasets/wine.py"),
        ("from mlmastery.datasets import card_of\ncard_of(x)", "datasets/wine.py"),
        ("from mlmastery.datasets import verify as v\nv('wine')", "datasets/wine.py"),
        ("from mlmastery.datasets import verify\nmap(verify, x)", "datasets/wine.py"),
        (f"{VERIFY}('iris'), map(verify, x)", "datasets/wine.py"),
        ("from mlmastery.datasets.kit import catalogue", "datasets/wine.py"),
        ("from mlmastery.datasets import load_cats_dogs", "datasets/animal_shapes.py"),
        ("import_module('mlmastery.datasets.wine')", "datasets/wine.py"),
        ("run('-m', 'mlmastery.check')", "check/__main__.py"),
        ("import mlmastery.bookkit as b", "bookkit/film.py"),
        ("from mlmastery.bookkit import frames", "bookkit/film.py"),
        ("from mlmastery.bookkit import unheard_of", "bookkit/film.py"),
        ("from mlmastery.bookkit import use_style", "bookkit/mlmastery.mplstyle"),
        ("from mlmastery.datasets import load_mnist", "datasets/data/mnist_5k.npy.xz"),
        (f"{LEDGER}(x)", TITANIC),
        ("import mlmastery.record", TITANIC),
        ("from mlmastery import record", TITANIC),
        (CHECK + "c(k, f)", f"{LINEAR}/cost.py"),
        (CHECK + "c('3.2', f)", f"{LINEAR}/cost.py"),
        (CHECK + "c('3.99', f)", f"{LINEAR}/_unchecked.txt"),
        ("from mlmastery.check import find_exercises", f"{LINEAR}/cost.py"),
        ("import mlmastery.check", f"{LINEAR}/cost.py"),
        ("def f(:", "neural_network/__init__.py"),
    ],
)  # fmt: skip
def test_what_a_source_may_read_counts(copy, source, file):
    assert file in copy.read(source)


@pytest.mark.parametrize(
    ("source", "file"),
    [
        (CHECK + "c('3.2', f)", f"{LINEAR}/predict.py"),
        (f"{LEDGER}('housing_prices')", TITANIC),
        (f"{VERIFY}('iris')", "datasets/wine.py"),
        ("from mlmastery.ledger import Recorded\nRecorded(x)", TITANIC),
    ],
)
def test_a_literal_key_asks_for_one_file(copy, source, file):
    assert file not in copy.read(source)


def test_a_folder_counts_where_the_names_of_its_files_are_not_known(copy):
    page = "from mlmastery.measured import table"
    reads = (
        "from pathlib import Path\n\ndef table(name):\n    return Path(__file__){}\n"
    )
    for way in (
        ".with_name(name)",
        ".with_name(f'{name}.csv')",
        ".parent.glob('*.csv')",
    ):
        with copy.edited("times.csv"), copy.edited("measured.py", reads.format(way)):
            assert "times.csv" in copy.read(page)
    with copy.edited("times.csv"), copy.edited("measured.py", "def table(): ..."):
        assert "times.csv" not in copy.read(page)


def test_imports_relative_to_the_package_are_followed(copy):
    with (
        copy.edited("some/__init__.py", "from .one import f\n"),
        copy.edited(
            "some/one.py", "from . import two\nfrom ..ledger import Recorded\n"
        ),
        copy.edited("some/two.py"),
    ):
        read = copy.read("import mlmastery.some")
    assert {"some/one.py", "some/two.py", "ledger.py"} <= read


def test_what_an_exercise_imports_counts(copy):
    text = EXERCISE.format("3.99") + "from mlmastery.iris_classifier import gini\n"
    source = "from mlmastery.check import check\ncheck('3.99', f)"
    with copy.edited("exercises/linear_regression/new.py", text):
        assert "iris_classifier/by_hand.py" in copy.read(source)


def test_a_package_that_makes_the_names_of_its_modules_counts_whole(copy):
    text = "import_module(f'{__name__}.{name}')"
    with copy.edited("some/__init__.py", text), copy.edited("some/part.py"):
        assert "some/part.py" in copy.read("from mlmastery.some import anything")


def test_only_these_import_modules_by_names_that_cannot_be_read():
    """The walk does not follow them; the old names that renamed.py is given it reads."""
    unread = set()
    for path in (ROOT / "code").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func):
                known = ("'mlmastery", "f'{__name__}.")
                if not ast.unparse(node.args[0]).startswith(known):
                    unread.add(path.relative_to(ROOT / "code" / "mlmastery").as_posix())
    assert unread <= {"cli.py", "datasets/kit/finding.py", "record.py", "renamed.py"}


@pytest.mark.parametrize("stub", sorted((ROOT / "code").rglob("__init__.pyi")))
def test_a_lazy_name_is_not_that_of_its_module(stub):
    """Importing the module would put it in the place of the function."""
    import fingerprint

    owners = fingerprint.owners(stub.parent)
    assert [name for name, owner in owners.items() if name == owner.split(".")[0]] == []


# --- nothing else counts ----------------------------------------------------------

LOADS = {
    "ames": {"automl", "housing_prices", "ml_pipeline"},
    "diabetes": {"automl", "linear_regression"},
    "mnist": {"neural_network", "distributed_training", "gan"},
    "shakespeare": {"language_model"},
    "titanic": {"automl", "titanic_survival"},
    "california_housing": set(),
}


@pytest.mark.parametrize(("name", "pages"), LOADS.items())
def test_a_data_set_concerns_the_pages_that_load_it(copy, name, pages):
    assert copy.invalidated(f"datasets/{name}.py") == pages


@pytest.mark.parametrize(
    ("edit", "pages"),
    [
        (("datasets/tulips.py", "CARD = None\n"), set()),
        (("exercises/iris_classifier/new.py", EXERCISE.format("2.99")), set()),
        (("exercises/iris_classifier/class_scores.py",), {"iris_classifier"}),
        (("exercises/linear_regression/predict.py",), set()),
        (("recorded/new_chapter.json", "{}"), set()),
        (("recorded/image_classifier.json",), {"image_classifier"}),
        (("recorded/titanic_survival.json",), {"titanic_survival"}),
        (("recorded/image_classifier/ablation.csv",), {"image_classifier"}),
        (("new_chapter.py", "import numpy\n"), set()),
        (("iris_classifier/regions.py",), {"iris_classifier"}),
        (
            ("contest.py",),
            {
                "automl",
                "customer_churn",
                "housing_prices",
                "image_classifier",
                "ml_pipeline",
                "multilingual_nlp",
                "recommendation",
                "sentiment_analysis",
                "stock_prices",
                "titanic_survival",
            },
        ),
        (("datasets/data/new.csv", "x\n1\n"), set()),
        (("datasets/kit/markdown.py",), set()),
        (("datasets/kit/status.py",), {"image_classifier", "ml_pipeline"}),
        (("datasets/__init__.pyi", "# a name more\n"), set()),
        (("bookkit/__init__.pyi", "# a name more\n"), set()),
        (
            ("bookkit/film.py",),
            {
                "ab_testing",
                "automl",
                "customer_churn",
                "data_exploration",
                "face_recognition",
                "fraud_detection",
                "gan",
                "image_classifier",
                "iris_classifier",
                "linear_regression",
                "ml_pipeline",
                "mlops",
                "multilingual_nlp",
                "neural_network",
                "recommendation",
                "reinforcement_learning",
                "sentiment_analysis",
                "stock_prices",
                "titanic_survival",
            },
        ),
        (("bookkit/notebook.py",), set(PAGES)),
        (
            ("datasets/__init__.py",),
            set(PAGES) - {"fraud_detection", "reinforcement_learning"},
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_an_edit_concerns_these_pages(copy, edit, pages):
    assert copy.invalidated(*edit) == pages


def test_a_page_that_is_not_python_depends_on_everything(copy):
    with copy.edited("recorded/new_chapter.json", "{}"):
        assert "recorded/new_chapter.json" in copy.read("def f(:")


def test_cells_are_read_without_their_options(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "```{code-cell} ipython3\n---\nmystnb:\n  figure:\n    caption: It's one\n---\n"
        "x = 1\n```\n\n```{code-cell} ipython3\n:tags: [show]\ny = 2\n```\n"
    )
    assert cells_of(page).split() == ["x", "=", "1", "y", "=", "2"]


@pytest.mark.parametrize("page", sorted(BOOK.glob("*.md")), ids=lambda p: p.stem)
def test_the_cells_of_every_page_can_be_read(page):
    import fingerprint

    ast.parse(fingerprint.without_magics(cells_of(page)))
