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
    "NBSVM",
    "BagOfWords",
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
    "step_function",
    "stop_words",
    "tokenize",
]
