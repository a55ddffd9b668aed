"""Export a fitted pipeline to ONNX, score with it, and compare the two.

The converters write the formulas of this chapter's transformers as ONNX nodes. They are
registered for one call of `export_onnx` and belong to no other conversion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pandas as pd
import skl2onnx
from skl2onnx.common import tree_ensemble
from skl2onnx.common.data_types import FloatTensorType, StringTensorType

from .kinds import check_table
from .transformers import (
    MISSING,
    RARE,
    CategoryIndicators,
    MedianFill,
    QuantileClipper,
)

__all__ = ["OnnxScorer", "export_onnx", "parity"]

OPSET = 17
FLOAT, INT64 = onnx.TensorProto.FLOAT, onnx.TensorProto.INT64
ML = {"op_domain": "ai.onnx.ml"}


class _Graph:
    """Short names for what a converter does with skl2onnx's scope and container."""

    def __init__(self, scope: Any, operator: Any, container: Any) -> None:
        self.scope, self.container = scope, container
        self.source = operator.inputs[0].full_name
        self.target = operator.outputs[0].full_name

    def constant(self, values: Any, kind: int) -> str:
        array = np.asarray(values)
        name = self.scope.get_unique_variable_name("constant")
        self.container.add_initializer(name, kind, array.shape, array.ravel().tolist())
        return name

    def node(self, op: str, inputs: list[str], output: str = "", **options: Any) -> str:
        output = output or self.scope.get_unique_variable_name(op.lower())
        name = self.scope.get_unique_operator_name(op)
        self.container.add_node(op, inputs, output, name=name, **options)
        return output


def _convert_clipper(scope: Any, operator: Any, container: Any) -> None:
    graph, model = _Graph(scope, operator, container), operator.raw_operator
    low = graph.constant([np.nan_to_num(model.low_)], FLOAT)
    high = graph.constant([np.nan_to_num(model.high_)], FLOAT)
    # Min and Max hand a NaN on, as NumPy's clip does.
    raised = graph.node("Max", [graph.source, low], op_version=13)
    graph.node("Min", [raised, high], graph.target, op_version=13)


def _convert_fill(scope: Any, operator: Any, container: Any) -> None:
    graph, model = _Graph(scope, operator, container), operator.raw_operator
    gap = graph.node("IsNaN", [graph.source], op_version=13)
    medians = graph.constant([model.medians_], FLOAT)
    parts = [graph.node("Where", [gap, medians, graph.source], op_version=9)]
    if len(model.gaps_):
        flags = graph.node("Cast", [gap], op_version=13, to=FLOAT)
        columns = graph.constant(model.gaps_, INT64)
        parts.append(graph.node("Gather", [flags, columns], op_version=13, axis=1))
    graph.node("Concat", parts, graph.target, op_version=13, axis=1)


def _convert_indicators(scope: Any, operator: Any, container: Any) -> None:
    graph = _Graph(scope, operator, container)
    parts = []
    for number, kept in enumerate(operator.raw_operator.kept_):
        own = graph.constant([number], INT64)
        column = graph.node("ArrayFeatureExtractor", [graph.source, own], **ML)
        names = sorted({*kept, MISSING})
        pooled = graph.node(
            "LabelEncoder",
            [column],
            op_version=2,
            keys_strings=names,
            values_strings=names,
            default_string=RARE,
            **ML,
        )
        flags = graph.node(
            "OneHotEncoder", [pooled], cats_strings=list(kept), zeros=1, **ML
        )
        shape = graph.constant([-1, len(kept)], INT64)
        parts.append(graph.node("Reshape", [flags, shape], op_version=13))
    graph.node("Concat", parts, graph.target, op_version=13, axis=1)


def _set_width(operator: Any) -> None:
    model = operator.raw_operator
    widths = {
        QuantileClipper: lambda: model.n_features_in_,
        MedianFill: lambda: model.n_features_in_ + len(model.gaps_),
        CategoryIndicators: lambda: sum(map(len, model.kept_)),
    }
    operator.outputs[0].type = FloatTensorType([None, widths[type(model)]()])


CONVERTERS = {
    QuantileClipper: _convert_clipper,
    MedianFill: _convert_fill,
    CategoryIndicators: _convert_indicators,
}


@contextmanager
def _whole_number_flags() -> Iterator[None]:
    """Write the flag of missing values as 0 or 1: protobuf takes no truth value."""
    original = tree_ensemble.add_node
    flag = "nodes_missing_value_tracks_true"

    def add_node(*args: Any, **options: Any) -> Any:
        if flag in options:
            options[flag] = int(options[flag])
        return original(*args, **options)

    tree_ensemble.add_node = add_node
    try:
        yield
    finally:
        tree_ensemble.add_node = original


def export_onnx(pipeline: Any) -> bytes:
    """Return a fitted pipeline of `build_pipeline` as an ONNX model.

    Each used column is an input of its own, by name. Numbers become 32-bit floats.
    The gate is left out: it belongs to `OnnxScorer`.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted, with the steps "gate", "features" and "model".

    Returns
    -------
    bytes
        Equal for equal pipelines.

    Raises
    ------
    ValueError
        If the table had dates, for which there is no converter.
    """
    routes = _routes(pipeline)
    if "date" in routes:
        raise ValueError(f"dates cannot be exported yet, got {routes['date']}")
    inputs = [
        (name, (StringTensorType if kind == "category" else FloatTensorType)([None, 1]))
        for kind, names in routes.items()
        for name in names
    ]
    for model, convert in CONVERTERS.items():
        alias = f"MlMastery{model.__name__}"
        skl2onnx.update_registered_converter(
            model, alias, _set_width, convert, overwrite=True
        )
    classes = hasattr(pipeline[-1], "classes_")
    options = {"zipmap": False} if classes else None
    with _whole_number_flags():
        exported = skl2onnx.convert_sklearn(
            pipeline[1:],
            name="pipeline",
            initial_types=inputs,
            target_opset=OPSET,
            options=options,
        )
    # skl2onnx lists the operator sets as a Python set yields them: hash order.
    operator_sets = sorted(exported.opset_import, key=lambda item: item.domain)
    del exported.opset_import[:]
    exported.opset_import.extend(operator_sets)
    return exported.SerializeToString(deterministic=True)


def _routes(pipeline: Any) -> dict[str, list[str]]:
    features = pipeline.named_steps["features"]
    return {k: list(v) for k, _, v in features.transformers_ if k != "remainder"}


class OnnxScorer:
    """Score tables with an exported pipeline, by the names of their columns.

    Parameters
    ----------
    data : bytes
        From `export_onnx`.

    Attributes
    ----------
    columns : dict of str to str
        Name and type of each input.
    """

    def __init__(self, data: bytes) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            data, options, providers=["CPUExecutionProvider"]
        )
        self.columns = {i.name: i.type for i in self._session.get_inputs()}

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Return predicted values or labels, shape (n_samples,)."""
        return np.asarray(self._session.run(None, self._feed(X))[0]).ravel()

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Return probabilities of the classes, shape (n_samples, n_classes)."""
        return np.asarray(self._session.run(None, self._feed(X))[1])

    def _feed(self, X: pd.DataFrame) -> dict[str, np.ndarray]:
        lacks = [n for n in self.columns if n not in check_table(X, "X").columns]
        if lacks:
            raise ValueError(f"X lacks {len(lacks)} columns: {', '.join(lacks)}")
        return {name: _tensor(X[name], kind) for name, kind in self.columns.items()}


def _tensor(column: pd.Series, kind: str) -> np.ndarray:
    if kind == "tensor(string)":
        texts = column.astype(object).where(column.notna(), MISSING)
        return texts.to_numpy(dtype=object).reshape(-1, 1)
    return column.to_numpy(dtype=np.float32, na_value=np.nan).reshape(-1, 1)


def parity(first: Any, second: Any, floor: float = 1e-3) -> Mapping[str, float]:
    """Return the largest absolute and relative difference of two predictions.

    Parameters
    ----------
    first, second : array of equal shape
    floor : float, default=1e-3
        Smallest denominator of the relative difference, in the predictions' unit.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> {k: round(v, 6) for k, v in parity([1000.0, 1.0], [1000.1, 1.0]).items()}
    {'absolute': 0.1, 'relative': 0.0001}
    """
    a, b = np.asarray(first, dtype=float), np.asarray(second, dtype=float)
    if a.shape != b.shape:
        raise ValueError(
            f"first and second must have one shape, got {a.shape} and {b.shape}"
        )
    gap = np.abs(a - b)
    share = gap / np.maximum(np.abs(a), floor)
    return {"absolute": float(gap.max()), "relative": float(share.max())}
