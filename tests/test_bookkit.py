"""The notebook kit: what a page's cells leave in the notebook, and HoldOut."""

import html
import json
import os
import re
import subprocess
import sys

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlmastery.bookkit import (
    ClaimError,
    HoldOut,
    HoldOutError,
    Published,
    Spread,
    claim,
    glue,
    palette,
    result,
    set_up,
    use_style,
)
from mlmastery.bookkit.notebook import rounded
from mlmastery.bookkit.tables import to_html, to_markdown

GLUE = "application/papermill.record/"
KIT = (
    "from mlmastery.bookkit import HoldOut, Published, Spread\n"
    "from mlmastery.bookkit import claim, glue, result, set_up\n"
)
CELLS = {
    "set_up": KIT + "set_up()",
    "figure": "import matplotlib.pyplot as plt\n"
    "_ = plt.plot([1, 3, 2], 'o-', label='a')\n_ = plt.legend()",
    "frame": "import pandas as pd\n"
    "pd.DataFrame({'a|b': [0.125, 2.0]}, index=['x', 'y'])",
    "series": "pd.Series([1, 2], name='n')",
    "glue": "glue('share', 0.1234, '.1%')",
    "claim": "claim('Ridge < “lasso” & more.', True)",
    "claim again": "claim('Another.', True)",
    "result": "other = Published(0.9, 'one split', 'doe2020', comparable=False,"
    " why_not='they tuned on it')\n"
    "result('ours', 0.8123, spread=Spread.sd(0.0123), metric='accuracy', protocol='5 folds',"
    " seconds=1.234, data='iris', note='A note.', published=[other])",
    "holdout": "held = HoldOut([[0], [1], [2], [3]], [0, 1, 0, 1], random_state=0,"
    " test_size=2)\nfrom sklearn.dummy import DummyClassifier\n"
    "_ = held.score(held.fit(DummyClassifier()), {'n': lambda t, p: len(t)})\n"
    "held.report()",
}


def execute(cells, seed="0", **more):
    """Run cells in a kernel of their own and return them with their outputs."""
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell(source) for source in cells]
    env = {**os.environ, "PYTHONHASHSEED": seed, **more}
    NotebookClient(book, kernel_name="python3", timeout=120).execute(env=env)
    return book.cells


@pytest.fixture(scope="module")
def page():
    """Return the one output of each of the cells above, by the cell's name."""
    done = execute(CELLS.values())
    assert done[0].outputs == [], "set_up shows nothing and warns of nothing"
    outputs = {}
    for name, cell in list(zip(CELLS, done, strict=True))[1:]:
        assert len(cell.outputs) == 1, (name, cell.outputs)
        outputs[name] = cell.outputs[0]
    return outputs


def kit_metadata(output):
    return output.metadata["mlmastery"]


def test_figure_is_vector_for_web_and_print(page):
    assert {"image/svg+xml", "application/pdf"} <= set(page["figure"].data)
    assert "image/png" not in page["figure"].data


def test_figure_is_the_same_in_every_run(page):
    again = execute([CELLS["set_up"], CELLS["figure"]], seed="0")[1].outputs[0]
    assert again.data["image/svg+xml"] == page["figure"].data["image/svg+xml"]
    assert again.data["application/pdf"] == page["figure"].data["application/pdf"]
    assert "dc:date" not in again.data["image/svg+xml"]


def test_figure_is_transparent_and_its_text_outlines(page):
    svg = page["figure"].data["image/svg+xml"]
    assert "<text" not in svg
    assert "fill: none" in svg.split('<g id="patch_1">')[1].split("</g>")[0]


def test_neither_the_hash_seed_nor_an_earlier_pyplot_changes_the_figure(page):
    cells = ["import matplotlib.pyplot as plt", CELLS["set_up"], CELLS["figure"]]
    again = execute(cells, seed="7")[2].outputs[0]
    assert "image/png" not in again.data
    assert again.data["image/svg+xml"] == page["figure"].data["image/svg+xml"]


def test_frame_is_a_table_in_print_and_without_style_on_the_web(page):
    data = page["frame"].data
    assert data["text/markdown"].splitlines()[0].split() == "| | a\\|b |".split()
    assert "0.125 |" in data["text/markdown"]
    assert "<table" in data["text/html"]
    assert "<style" not in data["text/html"]


def test_series_is_a_table(page):
    assert "<td>2</td>" in page["series"].data["text/html"]
    assert "| n |" in re.sub(" +", " ", page["series"].data["text/markdown"])


def test_glue_is_read_by_myst_nb(page):
    from myst_nb.ext.glue import extract_glue_data_cell

    assert page["glue"].data == {GLUE + "text/plain": "'12.3%'"}
    cell = nbformat.v4.new_code_cell("", outputs=[page["glue"].copy()])
    [(name, output)] = extract_glue_data_cell(cell)
    assert (name, output["data"]) == ("share", {"text/plain": "'12.3%'"})


def test_claim_shows_itself_escaped_and_numbered(page):
    output = page["claim"]
    assert "✓" in output.data["text/html"]
    assert 'id="claim-1"' in output.data["text/html"]
    assert "Ridge &lt; “lasso” &amp; more." in output.data["text/html"]
    assert output.data["text/markdown"] == "✓ **Claim.** Ridge < “lasso” & more."
    assert kit_metadata(output) == {
        "kind": "claim",
        "id": "claim-1",
        "text": "Ridge < “lasso” & more.",
        "code": "True",
        "quiet": False,
    }
    assert kit_metadata(page["claim again"])["id"] == "claim-2"


def test_result_shows_losses_and_what_is_not_comparable(page):
    fields = kit_metadata(page["result"])
    assert fields["kind"] == "result"
    assert (fields["value"], fields["data"]) == (0.8123, "iris")
    assert fields["published"][0]["source"] == "doe2020"
    for text in page["result"].data.values():
        assert text.index("0.812 ± 0.012") < text.index("0.9")
        assert "not comparable, because they tuned on it" in text
        assert "A note." in text


def test_holdout_reports_its_count(page):
    assert page["holdout"].data["text/plain"] == "Test set scored 1 time."
    fields = kit_metadata(page["holdout"])
    assert (fields["kind"], fields["name"], fields["scored"]) == ("holdout", "test", 1)


def test_a_claim_that_fails_fails_the_build():
    from nbclient.exceptions import CellExecutionError

    with pytest.raises(CellExecutionError, match="It rains"):
        execute([KIT, "claim('It rains.', False)"], MLMASTERY_BUILD="1")


def test_a_claim_that_fails_in_a_readers_notebook_is_shown_and_the_next_cell_runs():
    cells = [KIT, "claim('It rains.', 1 > 2, quiet=True)", "print('dry')"]
    _, broken, after = execute(cells)
    assert (
        "✗ This does not hold in your run: It rains."
        in broken.outputs[0].data["text/plain"]
    )
    assert after.outputs[0].text == "dry\n"


CONDITIONS = {
    "claim('A.', 1 < 2)": ["1 < 2"],
    "claim('A.', holds=1 < 2)": ["1 < 2"],
    "x = 'é'; claim('é é', x == 'é')": ["x == 'é'"],
    "claim(\n    'A.',\n    all(\n        [True]\n    ),\n)": ["all(\n    [True]\n)"],
    "for i in range(2):\n    claim(f'{i}.', i < 2)": ["i < 2", "i < 2"],
    "def f(x):\n    claim('A.', x > 0)\n\nf(1)": ["x > 0"],
    "if True:\n    claim('A.', True)": ["True"],
    "exec(\"claim('A.', True)\")": [""],
}


def test_a_claims_condition_is_known_wherever_it_stands():
    _, *cells = execute([KIT, *CONDITIONS])
    for cell, codes in zip(cells, CONDITIONS.values(), strict=True):
        assert [kit_metadata(o)["code"] for o in cell.outputs] == codes
        for output, code in zip(cell.outputs, codes, strict=True):
            assert html.escape(code) in output.data["text/html"]


def test_a_quiet_claim_is_noted_and_not_shown():
    [output] = execute([KIT, "claim('A.', 1 < 2, quiet=True)"])[1].outputs
    assert kit_metadata(output) == {
        "kind": "claim",
        "id": "claim-1",
        "text": "A.",
        "code": "1 < 2",
        "quiet": True,
    }
    assert output.data["text/plain"] == ""
    assert re.sub("<.*?>", "", output.data["text/html"]) == ""


@pytest.mark.parametrize("holds", [1, 0.5, np.array([True]), "yes", None])
def test_claim_takes_only_a_bool(holds):
    with pytest.raises(TypeError, match="holds must be a bool"):
        claim("Something.", holds)


def test_claim_takes_a_numpy_bool():
    claim("Something.", np.float64(2) > 1)
    with pytest.raises(ClaimError, match=r"^Something\.$"):
        claim("Something.", np.float64(2) < 1)


def test_glue_refuses_a_name_the_role_would_split():
    with pytest.raises(ValueError, match="name must be"):
        glue("error:test", 1)


def test_outside_a_notebook_nothing_is_printed(capsys):
    with plt.rc_context():
        set_up()
    glue("a", 1)
    claim("Something.", True)
    assert capsys.readouterr().out == ""


def test_importing_the_kit_changes_nothing_and_loads_no_notebook():
    code = (
        "import sys, matplotlib as m; before = dict(m.rcParams)\n"
        "import mlmastery.bookkit\n"
        "assert dict(m.rcParams) == before and 'IPython' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_palette_is_the_style_cycle():
    with plt.rc_context():
        use_style()
        cycle = plt.rcParams["axes.prop_cycle"].by_key()["color"]
    assert [f"#{c.lstrip('#')}" for c in cycle] == list(palette.values())


def test_a_published_figure_says_why_it_is_not_comparable():
    with pytest.raises(ValueError, match="why_not"):
        Published(0.9, "unknown", "doe2020", comparable=False)


@pytest.mark.parametrize(
    ("key", "value"), [("value", np.nan), ("seconds", np.inf), ("seconds", -1.0)]
)
def test_result_refuses_numbers_that_are_none(key, value):
    numbers = {"value": 1.0, "spread": Spread.sd(0.1), "seconds": 1.0, key: value}
    with pytest.raises(ValueError, match=key):
        result("a", **numbers, metric="m", protocol="p", data="d")


def test_result_refuses_a_spread_without_a_kind():
    with pytest.raises(TypeError, match="spread must be a Spread"):
        result("a", 1.0, spread=0.1, metric="m", protocol="p", seconds=1.0, data="d")


@pytest.mark.parametrize(
    ("value", "spread", "text"),
    [
        (1234.56, 78.9, "1235 ± 79"),
        (0.00012345, 0.0000021, "0.0001234 ± 0.0000021"),
        (5, 0, "5 ± 0"),
        (0.9, None, "0.9"),
    ],
)
def test_rounded_to_the_spread(value, spread, text):
    assert rounded(value, spread) == text


# Tables


def body(frame, **options):
    """Return the cells of the Markdown table's body."""
    lines = to_markdown(frame, **options).splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" |")] for line in lines]


@pytest.mark.parametrize(
    "values",
    [
        [1.0, 2.5],
        [0.123456789, 12.0],
        [np.nan, 3.25],
        [1e-9, 1.0],
        [1.0, 2.0],
        [-0.5, 0],
    ],
)
def test_print_and_web_show_the_same_digits(values):
    frame = pd.DataFrame({"v": values})
    rows = to_html(frame).split("<tbody>")[1]
    assert [row[1] for row in body(frame)] == re.findall("<td>(.*?)</td>", rows)


def test_a_header_says_what_it_heads_and_an_empty_corner_heads_nothing():
    columns = pd.MultiIndex.from_tuples([("loss", "mean"), ("loss", "sd")])
    frame = pd.DataFrame([[1, 2]], index=["<b>"], columns=columns)
    html = to_html(frame)
    assert re.findall("<th (.*?)>", html) == [
        'scope="colgroup" colspan="2" halign="left"',
        'scope="col"',
        'scope="col"',
        'scope="row"',
    ]
    assert html.count("<td></td>") == 2
    assert "&lt;b&gt;" in html


def test_labels_dates_and_mixed_columns():
    frame = pd.DataFrame(
        {
            "code": ["007", "a_b*"],
            "day": pd.to_datetime(["2020-01-01", "2021-02-03"]),
            "mixed": [1.5, "none"],
        },
        index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["k", None]),
    )
    first, second = body(frame)
    assert first == ["a / 1", "007", "2020-01-01", "1.5"]
    assert second == ["b / 2", r"a\_b\*", "2021-02-03", "none"]


def test_a_long_table_is_cut_as_pandas_cuts_it():
    frame = pd.DataFrame({"v": range(1000)})
    rows = body(frame)
    assert len(rows) == 11
    assert [rows[4], rows[5], rows[6]] == [["4", "4"], ["…", "…"], ["995", "995"]]
    assert to_html(frame).count("<tr") == 12


def test_a_table_without_rows():
    assert "| a" in to_markdown(pd.DataFrame({"a": []}), index=False)


# HoldOut


@pytest.fixture
def flowers():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    y = np.repeat([0, 1, 2], [40, 12, 8])
    X[:, 0] += y
    return X, y


@pytest.fixture
def homes(flowers):
    X, _ = flowers
    frame = pd.DataFrame(X, columns=["size", "age", "rooms"]).add_prefix("x_")
    frame.index = [f"home{i}" for i in range(60)]
    frame["kind"] = np.where(frame["x_age"] > 0, "old", "new")
    frame.loc["home3", "x_age"] = np.nan
    return frame, pd.Series(X.sum(axis=1), index=frame.index, name="price")


@pytest.fixture
def scored(flowers):
    held = HoldOut(*flowers, random_state=0)
    held.score(held.fit(LogisticRegression()), {"accuracy": accuracy_score})
    return held


def test_stratified_split_keeps_the_shares(flowers):
    X, y = flowers
    held = HoldOut(X, y, test_size=15, random_state=0, stratify=y)
    assert np.bincount(held.y_train).tolist() == [30, 9, 6]


def test_scores_equal_scikit_learn_on_the_same_split(flowers):
    from sklearn.model_selection import train_test_split

    X, y = flowers
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=0.25, random_state=3, stratify=y
    )
    want = accuracy_score(
        y_test, LogisticRegression().fit(X_train, y_train).predict(X_test)
    )
    held = HoldOut(X, y, test_size=0.25, random_state=3, stratify=y)
    got = held.score(held.fit(LogisticRegression()), {"accuracy": accuracy_score})
    assert got == {"accuracy": want}
    assert type(got["accuracy"]) is float


def test_another_method_is_scored(flowers):
    held = HoldOut(*flowers, random_state=0)
    model = held.fit(LogisticRegression())
    loss = held.score(model, {"loss": log_loss}, method="predict_proba")["loss"]
    X_test, y_test, y_pred = held.reveal()
    assert y_pred.shape == (12, 3)
    assert loss == pytest.approx(log_loss(y_test, model.predict_proba(X_test)))


def test_pandas_goes_in_and_comes_out_with_its_index(homes):
    X, y = homes
    held = HoldOut(X, y, random_state=1)
    assert list(held.X_train.index) == list(held.y_train.index)
    pd.testing.assert_frame_equal(held.X_train, X.loc[held.X_train.index])
    pd.testing.assert_series_equal(held.y_train, y.loc[held.X_train.index])


def test_regression_on_a_frame(homes):
    X, y = homes
    held = HoldOut(X[["x_size", "x_rooms"]], y, random_state=1)
    held.score(held.fit(LinearRegression()), {"error": mean_absolute_error})
    X_test, y_test, y_pred = held.reveal()
    assert set(X_test.index).isdisjoint(held.X_train.index)
    assert list(X_test.index) == list(y_test.index)
    assert len(y_pred) == 12


@pytest.mark.parametrize("name", ["X_test", "y_test", "reveal"])
def test_the_test_part_is_closed_before_scoring(flowers, name):
    held = HoldOut(*flowers, random_state=0)
    with pytest.raises(HoldOutError, match="stays closed until it is scored"):
        getattr(held, name)()


def test_a_second_score_is_refused_and_not_counted(scored, flowers):
    model = LogisticRegression(C=10).fit(scored.X_train, scored.y_train)
    with pytest.raises(HoldOutError, match="scored already"):
        scored.score(model, {"accuracy": accuracy_score})
    with pytest.raises(HoldOutError, match="scored already"):
        scored.score(model, {"accuracy": accuracy_score}, again="  ")
    assert scored.scored == 1


def test_a_second_score_with_a_reason_is_counted(scored):
    model = scored.fit(LogisticRegression(C=10))
    scored.score(model, {"accuracy": accuracy_score}, again="to show the optimism")
    assert scored.scored == 2
    assert repr(scored) == "HoldOut(48 train, 12 test, scored 2 times)"


@pytest.mark.parametrize("metrics", [{}, {"accuracy": "accuracy"}])
def test_a_mistaken_call_does_not_use_up_the_score(flowers, metrics):
    held = HoldOut(*flowers, random_state=0)
    with pytest.raises(ValueError, match="metrics must"):
        held.score(held.fit(LogisticRegression()), metrics)
    with pytest.raises(AttributeError):
        held.score(LinearRegression(), {"a": accuracy_score}, method="predict_proba")
    assert held.scored == 0


def test_a_model_or_metric_that_writes_into_its_input_changes_nothing(flowers):
    class Vandal:
        def predict(self, X):
            X[:] = 0
            return np.zeros(len(X))

    def vandal(y_true, y_pred):
        y_true[:] = 9
        return 0

    held = HoldOut(*flowers, random_state=0)
    before = held._X_test.copy(), held._y_test.copy()
    held.score(Vandal(), {"a": vandal, "accuracy": accuracy_score})
    held.reveal()[0][:] = 7
    held.X_test[:] = 7
    np.testing.assert_array_equal(held.X_test, before[0])
    np.testing.assert_array_equal(held.y_test, before[1])


@pytest.mark.parametrize(
    "estimator",
    [LinearRegression(), make_pipeline(StandardScaler(), LogisticRegression())],
    ids=["linear", "pipeline"],
)
def test_the_holdout_itself_is_refused_as_data(flowers, estimator):
    held = HoldOut(*flowers, random_state=0)
    with pytest.raises(HoldOutError, match="not data to fit on"):
        estimator.fit(held, held.y_train)


def test_texts_are_split_too():
    texts = [f"text {i}" for i in range(10)]
    held = HoldOut(texts, [0, 1] * 5, random_state=0)
    assert isinstance(held.X_train, list)
    held.check_disjoint(held.X_train)
    with pytest.raises(HoldOutError, match="2 of the 2 rows"):
        held.check_disjoint(texts)


def test_a_smuggled_row_is_found_in_an_array(flowers):
    X, y = flowers
    held = HoldOut(X, y, random_state=0)
    held.check_disjoint(held.X_train)
    smuggled = np.vstack([held.X_train, held._X_test[[4]]])
    with pytest.raises(HoldOutError, match=r"1 of the 12 rows of the test set is in X"):
        held.check_disjoint(smuggled)


def test_a_row_is_a_row_only_as_a_whole(flowers):
    held = HoldOut(*flowers, random_state=0)
    mixed = held._X_test.copy()
    mixed[:, 1] = np.roll(mixed[:, 1], 1)  # every value occurs, no row does
    held.check_disjoint(mixed)


def test_a_smuggled_row_is_found_under_reordered_and_extra_columns(homes):
    held = HoldOut(*homes, random_state=1)
    row = held._X_test.iloc[[2]]
    smuggled = pd.concat([held.X_train, row])[["kind", "x_rooms", "x_size", "x_age"]]
    with pytest.raises(HoldOutError, match="1 of the 12 rows"):
        held.check_disjoint(smuggled.assign(extra=1).reset_index(drop=True))


def test_a_smuggled_row_with_missing_values_is_found(homes):
    X, y = homes
    seed = next(
        s for s in range(50) if "home3" in HoldOut(X, y, random_state=s)._X_test.index
    )
    held = HoldOut(X, y, random_state=seed)
    with pytest.raises(HoldOutError, match="1 of the 12 rows"):
        held.check_disjoint(X.loc[["home3"]])
    array = X[["x_size", "x_age"]].to_numpy()
    held = HoldOut(array, y, random_state=seed)
    with pytest.raises(HoldOutError, match="1 of the 12 rows"):
        held.check_disjoint(array[[3]])


def test_integers_floats_and_signed_zeros_compare_by_value():
    X = np.arange(10).reshape(-1, 1)
    held = HoldOut(X, np.arange(10), random_state=0, test_size=5)
    with pytest.raises(HoldOutError, match="5 of the 5"):
        held.check_disjoint(X.astype(float))
    zeros = np.column_stack([np.zeros(10), np.arange(10)])
    held = HoldOut(zeros, np.arange(10), random_state=0)
    with pytest.raises(HoldOutError, match="2 of the 2"):
        held.check_disjoint(zeros * [-1, 1])


def test_images_are_compared_whole():
    images = np.random.default_rng(0).integers(0, 2, size=(40, 5, 5))
    held = HoldOut(images, np.zeros(40), random_state=0)
    held.check_disjoint(held.X_train)
    with pytest.raises(HoldOutError, match="8 of the 8"):
        held.check_disjoint(images)


def test_duplicates_across_the_split_are_counted_and_are_no_leak():
    X = np.repeat(np.arange(40.0), [1] * 38 + [15, 15]).reshape(-1, 1)
    held = HoldOut(X, X.ravel(), random_state=0)
    want = sum(row in held.X_train for row in held._X_test.ravel())
    assert held.duplicates_across == want > 0
    held.check_disjoint(held.X_train)
    alone = held._X_test[~np.isin(held._X_test, held.X_train)]
    assert len(alone) > 0
    with pytest.raises(HoldOutError, match=f"{len(alone)} of the 14 rows"):
        held.check_disjoint(X)


def test_columns_that_do_not_match_are_an_error(homes, flowers):
    held = HoldOut(*homes, random_state=1)
    with pytest.raises(ValueError, match="X lacks columns of the test set: kind"):
        held.check_disjoint(held.X_train.drop(columns="kind"))
    held = HoldOut(*flowers, random_state=0)
    with pytest.raises(ValueError, match="3 columns, got 2"):
        held.check_disjoint(held.X_train[:, :2])


def test_everything_shown_is_json(page):
    json.dumps(page)
