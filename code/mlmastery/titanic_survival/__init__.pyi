from .compare import (
    ablation,
    columns_by_model,
    difference_table,
    repeated_scores,
)
from .encoders import (
    LeakingTargetEncoder,
    TargetEncoder,
    shrunken_means,
)
from .explain import (
    PassengerPrediction,
    predict_passenger,
    reasons,
)
from .families import party_model
from .features import (
    COLUMNS,
    ENGINEERED,
    STANDARD,
    TitanicFeatures,
    age_group,
    as_passengers,
    deck_of,
    title_of,
)
from .imputers import GroupImputer, ModelImputer
from .models import (
    SexOnly,
    make_encoder,
    make_model,
    standard_model,
)
from .rates import survival_rates

__all__ = [
    "COLUMNS",
    "ENGINEERED",
    "STANDARD",
    "GroupImputer",
    "LeakingTargetEncoder",
    "ModelImputer",
    "PassengerPrediction",
    "SexOnly",
    "TargetEncoder",
    "TitanicFeatures",
    "ablation",
    "age_group",
    "as_passengers",
    "columns_by_model",
    "deck_of",
    "difference_table",
    "make_encoder",
    "make_model",
    "party_model",
    "predict_passenger",
    "reasons",
    "repeated_scores",
    "shrunken_means",
    "standard_model",
    "survival_rates",
    "title_of",
]
