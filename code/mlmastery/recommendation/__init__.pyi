from .base import Baseline, RatingModel
from .cold import FoldIn, cold_user_errors, hide_films, hide_users, new_user_arrays
from .content import ContentFactors, ContentModel, film_words, genre_table
from .evaluation import (
    Judged,
    beyond_accuracy,
    judge_lists,
    judge_ranking,
    liked_films,
    top_lists,
)
from .factors import FunkSVD, SVDPlusPlus
from .hybrid import HybridRanker
from .index import (
    InvertedFileIndex,
    exact_search,
    index_recall,
    race_indexes,
    simulate_factors,
)
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
from .service import RecommendationService, create_app, serving
from .splits import Split, split_by_time, split_by_user, split_random
from .store import RatingStore
from .tuning import choose_settings

__all__ = [
    "EASE",
    "Baseline",
    "ContentFactors",
    "ContentModel",
    "FoldIn",
    "FunkSVD",
    "HybridRanker",
    "ImplicitALS",
    "InvertedFileIndex",
    "ItemCosine",
    "Judged",
    "NeighbourModel",
    "Popularity",
    "Prediction",
    "RatingModel",
    "RatingStore",
    "Ratings",
    "RecommendationService",
    "Recommender",
    "SVDPlusPlus",
    "Split",
    "Suggestion",
    "beyond_accuracy",
    "calibration_divergence",
    "check_ratings",
    "choose_settings",
    "cold_user_errors",
    "common_similarity",
    "coverage",
    "create_app",
    "dcg",
    "encode_ratings",
    "exact_search",
    "film_words",
    "genre_table",
    "hide_films",
    "hide_users",
    "index_recall",
    "judge_lists",
    "judge_ranking",
    "liked_films",
    "list_diversity",
    "mae",
    "matrix_to_ratings",
    "ndcg_at_k",
    "new_user_arrays",
    "novelty",
    "precision_at_k",
    "predict_rating",
    "race_indexes",
    "recall_at_k",
    "rmse",
    "serving",
    "simulate_factors",
    "split_by_time",
    "split_by_user",
    "split_random",
    "top_lists",
]
