from .artefact import (
    ALLOWED,
    ArtefactError,
    TypeRefused,
    VersionMismatch,
    check_versions,
    dump_bytes,
    load_artefact,
    load_bytes,
    save_artefact,
)
from .builder import MODELS, build_pipeline, column_features, split_target
from .config import ConfigError, RunConfig
from .guard import GuardedPipeline, load_run
from .kinds import ColumnKinds, infer_kinds, infer_task
from .manifest import (
    ManifestError,
    canonical,
    frame_hash,
    package_versions,
    plain,
    read_manifest,
    seal,
    write_manifest,
)
from .onnx_export import OnnxScorer, export_onnx, parity
from .runner import PipelineRunner, RunReport, step_key
from .schema import ColumnRule, SchemaFault, TableSchema, learn_schema
from .store import StepStore
from .transformers import (
    CategoryIndicators,
    ColumnGate,
    DateParts,
    MedianFill,
    QuantileClipper,
)

__all__ = [
    "ALLOWED",
]
