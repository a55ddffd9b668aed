from .behaviour import KINDS, SUITE, Case, run_cases, run_suite
from .features import IDF, BagOfWords, TfidfWeights, idf_table, ngrams
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

__all__ = [
    "IDF",
    "KINDS",
    "NBSVM",
    "SUITE",
    "BagOfWords",
    "Case",
    "Explanation",
    "MultinomialNaiveBayes",
    "SentimentModel",
    "TfidfWeights",
    "idf_table",
    "log_count_ratio",
    "mark_negations",
    "ngrams",
    "platt_scaling",
    "preprocess_text",
    "run_cases",
    "run_suite",
    "step_function",
    "stop_words",
    "tokenize",
]
