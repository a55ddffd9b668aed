"""Record the figures that need the originals or a long run."""

from __future__ import annotations

from pathlib import Path

from mlmastery.datasets import (
    fingerprint,
    load_card_fraud,
    load_fraud_handbook,
    load_fraud_handbook_features,
)
from mlmastery.ledger import Recorded, cpu_timed, write_recorded_table
from mlmastery.spread import Spread

from .anomaly_record import record_anomalies
from .cards_in_time import collapse_table, diagnosis_table, luck_table, tuned_table
from .features import batch_features
from .handbook import boosting_defaults, compare_features, compare_sizes, handbook_table
from .stream_record import record_faults, record_race
from .updating_record import record_updating

__all__ = ["record", "record_cards_in_time", "record_handbook"]

SLUG = "fraud_detection"
BASELINE = "the Handbook's baseline: one week of training, of delay and of test"
ALL_ROWS = "1,754,155 rows, 18 features without the map, one core"
IN_TIME = "first 70 % of the rows train, last 30 % judge; blocks of 10 min resampled"


def record(data_dir: Path) -> list[Recorded]:
    """Run what the chapter's three pages show as recorded.

    Parameters
    ----------
    data_dir : Path
        Holds the folders ``card_fraud`` and ``fraud_handbook``.
    """
    parts = (
        record_handbook,
        record_cards_in_time,
        record_anomalies,
        record_updating,
        record_faults,
        record_race,
    )
    return [figure for part in parts for figure in part(data_dir)]


def record_handbook(data_dir: Path) -> list[Recorded]:
    """Repeat the Handbook's table, features and counts on its own transactions.

    Parameters
    ----------
    data_dir : Path
    """
    frame, sha = load_fraud_handbook(), fingerprint("fraud_handbook")
    sizes = compare_sizes(frame)
    write_recorded_table(sizes, SLUG, "handbook_sizes", "%.6g")
    features = compare_features(frame, load_fraud_handbook_features())
    write_recorded_table(features, SLUG, "handbook_features", "%.2g")
    _, fast = cpu_timed(lambda: batch_features(frame).shape)
    (table, oracle), seconds = cpu_timed(lambda: handbook_table(frame))
    table["cpu_s"] = table["cpu_s"].round(1)
    write_recorded_table(table.round(4), SLUG, "handbook_models")
    write_recorded_table(boosting_defaults(frame).round(4), SLUG, "boosting_defaults")
    forest = float(table.set_index("model").loc["forest", "AP"])
    return [
        Recorded("Handbook, forest", forest, None, "AP", BASELINE, seconds, sha),
        Recorded("Handbook, oracle", oracle, None, "CP@100", BASELINE, 0.0, sha),
        Recorded("Handbook, features", fast, None, "CPU s", ALL_ROWS, fast, sha),
    ]


def record_cards_in_time(data_dir: Path) -> list[Recorded]:
    """Try default and tuned models on real cards, split in time.

    Parameters
    ----------
    data_dir : Path
    """
    frame, sha = load_card_fraud(), fingerprint("card_fraud")
    write_recorded_table(collapse_table(frame).round(4), SLUG, "real_defaults")
    write_recorded_table(diagnosis_table(frame).round(4), SLUG, "real_diagnosis")
    write_recorded_table(luck_table(frame).round(4), SLUG, "real_luck")
    table, seconds = cpu_timed(lambda: tuned_table(frame))
    write_recorded_table(table.round(4), SLUG, "real_tuned")
    row = table.set_index("model").loc["LightGBM"]
    spread = Spread.interval(float(row["low"]), float(row["high"]))
    name = "real cards, tuned LightGBM"
    return [Recorded(name, float(row["AP"]), spread, "AP", IN_TIME, seconds, sha)]
