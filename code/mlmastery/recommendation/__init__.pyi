from .base import Baseline, RatingModel
from .factors import FunkSVD, SVDPlusPlus
from .metrics import (
    calibration_divergence,
    coverage,
    dcg,
    list_diversity,
    mae,
    ndcg_at_k,
    novelty,
    precision_at_k,
    recall_at_k,
    rmse,
)
from .neighbours import NeighbourModel, common_similarity, predict_rating
from .ranking import EASE, ImplicitALS, ItemCosine, Popularity
from .ratings import (
    Prediction,
    Ratings,
    check_ratings,
    encode_ratings,
    matrix_to_ratings,
)
from .recommender import Recommender, Suggestion

__all__ = [
    "EASE",
    "Baseline",
    "FunkSVD",
    "ImplicitALS",
    "ItemCosine",
    "NeighbourModel",
    "Popularity",
    "Prediction",
    "RatingModel",
    "Ratings",
    "Recommender",
    "SVDPlusPlus",
    "Suggestion",
    "calibration_divergence",
    "check_ratings",
    "common_similarity",
    "coverage",
    "dcg",
    "encode_ratings",
    "list_diversity",
    "mae",
    "matrix_to_ratings",
    "ndcg_at_k",
    "novelty",
    "precision_at_k",
    "predict_rating",
    "recall_at_k",
    "rmse",
]
