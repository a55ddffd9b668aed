"""Who survived the Titanic: features from names and tickets, and honest comparisons.

>>> from mlmastery.titanic_survival import TitanicFeatures, title_of
>>> TitanicFeatures(["Title"]).get_feature_names_out().tolist()
['Title']
"""

from mlmastery.titanic_survival.compare import (
    CorrectedTest,
    ablation,
    corrected_t_test,
    difference_table,
    repeated_scores,
)
from mlmastery.titanic_survival.encoders import (
    LeakingTargetEncoder,
    TargetEncoder,
    shrunken_means,
)
from mlmastery.titanic_survival.explain import (
    PassengerPrediction,
    predict_passenger,
    reasons,
)
from mlmastery.titanic_survival.families import party_model
from mlmastery.titanic_survival.features import (
    COLUMNS,
    ENGINEERED,
    STANDARD,
    TitanicFeatures,
    age_group,
    as_passengers,
    deck_of,
    title_of,
)
from mlmastery.titanic_survival.imputers import GroupImputer, ModelImputer
from mlmastery.titanic_survival.models import (
    SexOnly,
    make_encoder,
    make_model,
    standard_model,
)

__all__ = [
    "COLUMNS",
    "ENGINEERED",
    "STANDARD",
    "CorrectedTest",
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
    "corrected_t_test",
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
    "title_of",
]
