"""A schema names every fault, and converts nothing that could hide one."""

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest
from sklearn.linear_model import LinearRegression

from mlmastery.ml_pipeline import (
    ColumnRule,
    GuardedPipeline,
    SchemaFault,
    TableSchema,
    learn_schema,
)


def table():
    return pd.DataFrame(
        {
            "n": [1, 2, 3, 4],
            "gap": pd.array([1, None, 3, 4], dtype="Int64"),
            "x": [0.0, 1.0, 2.0, np.nan],
            "job": ["a", "b", "a", None],
            "ok": [True, False, True, True],
            "day": pd.to_datetime(["2024-01-01"] * 4),
        }
    )


def faults(schema, df):
    with pytest.raises(SchemaFault) as caught:
        schema.check(df)
    return {row.column: row.fault for row in caught.value.faults.itertuples()}


def test_what_is_learned():
    columns = learn_schema(table(), margin=0.5).columns
    assert columns["n"] == ColumnRule("int64", False, -0.5, 5.5)
    assert columns["gap"].dtype == "Int64"
    assert columns["gap"].nullable
    assert columns["x"] == ColumnRule("float64", True, -1.0, 3.0)
    assert columns["job"] == ColumnRule("str", True, values=("a", "b"))
    assert (columns["ok"].dtype, columns["ok"].low) == ("bool", None)
    assert columns["day"].dtype.startswith("datetime64")
    assert learn_schema(table(), margin=None).columns["n"].low is None
    many = pd.DataFrame({"t": [f"t{i}" for i in range(30)]})
    assert learn_schema(many).columns["t"].values is None


def test_the_table_itself_passes_in_the_schemas_order():
    schema = learn_schema(table())
    checked = schema.check(table()[table().columns[::-1]])
    assert list(checked) == list(table())
    pd.testing.assert_frame_equal(checked, table())


def test_all_faults_are_named_at_once():
    schema = learn_schema(table())
    df = table().drop(columns="ok").assign(label=1, n=["1", "2", "3", "4"])
    df.loc[0, ["x", "job"]] = [99.0, "pilot"]
    assert faults(schema, df) == {
        "n": "type str, expected int64",
        "ok": "missing column",
        "label": "column that the schema does not have",
        "x": "99.0 in 1 row, expected -1 to 3",
        "job": "'pilot' in 1 row, expected one of a, b",
    }


def test_limits_belong_to_the_range():
    schema = learn_schema(pd.DataFrame({"x": [0.0, 1.0]}), margin=0)
    schema.check(pd.DataFrame({"x": [0.0, 1.0]}))
    assert "1.01 in 2 rows" in faults(schema, pd.DataFrame({"x": [1.01, 1.5]}))["x"]
    assert "x" in faults(schema, pd.DataFrame({"x": [-0.01]}))
    assert "missing in 1 row" in faults(schema, pd.DataFrame({"x": [np.nan, 0]}))["x"]


def test_whole_numbers_with_a_gap():
    """pandera #796, #1161: an int column cannot hold the missing value."""
    coercing = pa.DataFrameSchema({"n": pa.Column(int, nullable=True, coerce=True)})
    with pytest.raises(pa.errors.SchemaErrors):
        coercing.validate(pd.DataFrame({"n": [1.0, None]}))
    schema = learn_schema(
        pd.DataFrame({"n": pd.array([1, None], dtype="Int64")}), margin=9
    )
    out = schema.check(pd.DataFrame({"n": [1.0, np.nan]}))  # as a CSV file gives it
    assert str(out["n"].dtype) == "Int64"
    assert "type float64" in faults(schema, pd.DataFrame({"n": [1.5, np.nan]}))["n"]
    whole = learn_schema(pd.DataFrame({"n": [1, 2]}))
    found = faults(whole, pd.DataFrame({"n": [1.0, np.nan]}))["n"]
    assert found == "type float64, expected int64, missing in 1 row"


def test_texts_are_texts_and_numbers_numbers():
    with pytest.raises(pa.errors.SchemaError):
        pa.DataFrameSchema({"t": pa.Column(object)}).validate(
            pd.DataFrame({"t": ["a"]})
        )
    lenient = pa.DataFrameSchema({"n": pa.Column(int, coerce=True)})
    assert lenient.validate(pd.DataFrame({"n": ["1"]}))["n"].tolist() == [1]
    schema = learn_schema(pd.DataFrame({"n": [1, 2], "x": [1.5, 2]}))
    assert set(faults(schema, pd.DataFrame({"n": ["1"], "x": ["1.5"]}))) == {"n", "x"}
    assert str(schema.check(pd.DataFrame({"n": [1], "x": [2]}))["x"].dtype) == "float64"
    assert set(faults(schema, pd.DataFrame({"n": [True], "x": [True]}))) == {"n", "x"}


def test_extra_columns_are_refused_or_ignored():
    extra = pd.DataFrame({"x": [1.0], "label": [1]})
    one = pd.DataFrame({"x": [1.0, 2.0]})
    assert "label" in faults(learn_schema(one), extra)
    assert list(learn_schema(one, extra="ignore").check(extra)) == ["x"]


def test_unknown_categories_are_refused_or_flagged():
    df = pd.DataFrame({"job": ["a", "b"], "town": ["c", None]})
    new = pd.DataFrame({"job": ["pilot", "a", "pilot"], "town": ["x", "c", None]})
    assert set(faults(learn_schema(df), new)) == {"job", "town"}
    schema = learn_schema(df, unknown="flag")
    schema.check(new)
    assert schema.unknown_in(new).tolist() == ["job, town", "", "job"]


def test_a_column_without_a_value_has_no_type_of_its_own():
    schema = learn_schema(table())
    one = table().iloc[[3]].assign(job=None)
    assert schema.check(one)["job"].isna().all()


@pytest.mark.parametrize("margin", [0.0, 0.5, None])
def test_schema_as_text_and_back(margin):
    schema = learn_schema(table(), margin=margin, unknown="flag", extra="ignore")
    assert TableSchema.from_yaml(schema.to_yaml()) == schema


@pytest.mark.parametrize(
    "text", ["", "a: [", "columns: 3", "columns: {a: {size: 3}}", "- a"]
)
def test_texts_that_are_no_schema(text):
    with pytest.raises(ValueError, match="text is not a schema"):
        TableSchema.from_yaml(text)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("{dtype: flaot64, nullable: true}", "column 'a': dtype must be a type"),
        ("{dtype: int64, nullable: perhaps}", "nullable must be one of True, False"),
        ("{dtype: int64, nullable: true, low: x}", "low must be a number"),
        ("{dtype: int64, nullable: true, low: 2, high: 1}", "low must not exceed high"),
        ("{dtype: str, nullable: true, values: abc}", "expected a list of texts"),
        ("{dtype: str, nullable: true, values: [yes, no]}", "quote it in YAML"),
    ],
)
def test_rules_that_a_person_wrote_wrongly(rule, words):
    with pytest.raises(ValueError, match=words):
        TableSchema.from_yaml(f"columns: {{a: {rule}}}")


def test_columns_that_are_not_read():
    schema = learn_schema(pd.DataFrame({"x": [0.0, 1.0]}), unread=("id",))
    assert TableSchema.from_yaml(schema.to_yaml()) == schema
    checked = schema.check(pd.DataFrame({"id": ["?"], "x": [0.5]}))
    assert list(checked) == ["x"]
    schema.check(checked)
    assert "other" in faults(schema, pd.DataFrame({"x": [0.5], "other": [1]}))


def test_which_rows_are_refused():
    schema = learn_schema(table(), margin=0)
    df = pd.concat([table(), table()]).set_axis(list("abcdefgh"))
    df.loc["b", "x"] = 9.0
    df.loc[["b", "h"], "job"] = "pilot"
    assert schema.refuses(df)[lambda s: s].index.tolist() == ["b", "h"]
    assert not schema.refuses(table()).any()
    assert schema.refuses(table().drop(columns="x")).all()
    assert schema.refuses(table().assign(z=1)).all()


def test_options_that_do_not_exist():
    for wrong in ({"unknown": "maybe"}, {"extra": "x"}, {"margin": -1}):
        with pytest.raises(ValueError, match="must be"):
            learn_schema(table(), **wrong)
    with pytest.raises(ValueError, match="at least one row"):
        learn_schema(table()).check(table().head(0))


def test_the_guard_checks_before_it_scores():
    X = pd.DataFrame({"x": [0.0, 1.0], "job": ["a", "b"]})

    class Lengths(LinearRegression):
        def predict(self, df):
            return np.arange(len(df))

    guarded = GuardedPipeline(Lengths(), learn_schema(X, unknown="flag"))
    out = guarded.predict(pd.DataFrame({"job": ["z", "a"], "x": [1, 0]}, index=[7, 8]))
    assert out.to_dict("list") == {"prediction": [0, 1], "unknown": ["job", ""]}
    assert list(out.index) == [7, 8]
    with pytest.raises(SchemaFault, match="x: missing column"):
        guarded.predict(X[["job"]])
