from .behaviour import KINDS, SUITE, Case, run_cases, run_suite
from .evaluation import (
    PHENOMENA,
    accuracy_by_group,
    contrast_with_rest,
    grade_counts,
    phenomena,
    rank_correlation,
)
from .features import IDF, BagOfWords, TfidfWeights, idf_table, ngrams
from .lstm import LSTMClassifier, SentenceLSTM
from .model import Explanation, SentimentModel, platt_scaling
from .naive_bayes import MultinomialNaiveBayes
from .nbsvm import NBSVM, log_count_ratio
from .preprocessing import (
    mark_negations,
    preprocess_text,
    step_function,
    stop_words,
    tokenize,
)
from .race import (
    ablation,
    accuracy,
    against,
    choose,
    dense_model,
    run_race,
    word_models,
)
from .rules import VaderModel, vader_scores
from .sentences import MiniLMVectors
from .word_vectors import (
    MeanVectors,
    SkipGram,
    WordVectors,
    load_glove,
    skip_gram_gradients,
    skip_gram_loss,
    skip_gram_pairs,
)

__all__ = [
    "IDF",
    "KINDS",
    "NBSVM",
    "PHENOMENA",
    "SUITE",
    "BagOfWords",
    "Case",
    "Explanation",
    "LSTMClassifier",
    "MeanVectors",
    "MiniLMVectors",
    "MultinomialNaiveBayes",
    "SentenceLSTM",
    "SentimentModel",
    "SkipGram",
    "TfidfWeights",
    "VaderModel",
    "WordVectors",
    "ablation",
    "accuracy",
    "accuracy_by_group",
    "against",
    "choose",
    "contrast_with_rest",
    "dense_model",
    "grade_counts",
    "idf_table",
    "load_glove",
    "log_count_ratio",
    "mark_negations",
    "ngrams",
    "phenomena",
    "platt_scaling",
    "preprocess_text",
    "rank_correlation",
    "run_cases",
    "run_race",
    "run_suite",
    "skip_gram_gradients",
    "skip_gram_loss",
    "skip_gram_pairs",
    "step_function",
    "stop_words",
    "tokenize",
    "vader_scores",
    "word_models",
]
