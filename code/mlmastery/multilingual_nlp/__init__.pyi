from .alignment import WordSpace, positive_pmi, procrustes_rotation, translations
from .calibration import cut_pieces
from .characters import describe_text, graphemes, sentences, words
from .encoder import ENCODER_LANGUAGES, encode_texts
from .identification import Guess, LanguageIdentifier, character_ngrams
from .normal_forms import Normalised, fold_case, normalise
from .pipeline import Analysis, MultilingualPipeline, Name, Part
from .retrieval import cosine_similarity, is_found, nearest
from .scripts import direction, main_script, script_shares
from .token_costs import load_tokenizer, token_table
from .transfer import SentenceClassifier, tfidf_classifier

__all__ = [
    "ENCODER_LANGUAGES",
    "Analysis",
    "Guess",
    "LanguageIdentifier",
    "MultilingualPipeline",
    "Name",
    "Normalised",
    "Part",
    "SentenceClassifier",
    "WordSpace",
    "character_ngrams",
    "cosine_similarity",
    "cut_pieces",
    "describe_text",
    "direction",
    "encode_texts",
    "fold_case",
    "graphemes",
    "is_found",
    "load_tokenizer",
    "main_script",
    "nearest",
    "normalise",
    "positive_pmi",
    "procrustes_rotation",
    "script_shares",
    "sentences",
    "tfidf_classifier",
    "token_table",
    "translations",
    "words",
]
