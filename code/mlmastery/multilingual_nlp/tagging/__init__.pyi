from .crf import CRFTagger
from .decoding import bio_rules, viterbi
from .features import character_features, word_features, word_shape
from .finder import EntityFinder
from .perceptron import AveragedPerceptronTagger
from .race import TAGGERS, race_taggers
from .ready_made import SPACY_MODELS, spacy_entities
from .scoring import (
    EntityScores,
    entity_counts,
    f1_difference,
    f1_interval,
    label_scores,
    score_entities,
)
from .spans import Entity, Span, bio_spans, bio_tags, entities_in_text, token_offsets
from .tables import CLAUSE_ENDS, cut_after, split_characters, split_sentences

__all__ = [
    "CLAUSE_ENDS",
    "SPACY_MODELS",
    "TAGGERS",
    "AveragedPerceptronTagger",
    "CRFTagger",
    "Entity",
    "EntityFinder",
    "EntityScores",
    "Span",
    "bio_rules",
    "bio_spans",
    "bio_tags",
    "character_features",
    "cut_after",
    "entities_in_text",
    "entity_counts",
    "f1_difference",
    "f1_interval",
    "label_scores",
    "race_taggers",
    "score_entities",
    "spacy_entities",
    "split_characters",
    "split_sentences",
    "token_offsets",
    "viterbi",
    "word_features",
    "word_shape",
]
