from .alignment import TEMPLATE, align_face, similarity_transform
from .boxes import box_iou, non_maximum_suppression
from .detection import (
    Detector,
    Face,
    HaarDetector,
    HogDetector,
    MmodDetector,
    MtcnnDetector,
    YuNetDetector,
)
from .eigenfaces import Eigenfaces, as_rows
from .embedding import (
    DlibEmbedder,
    Embedder,
    NoFaceError,
    SFaceEmbedder,
    cosine_similarity,
    find_landmarks,
    unit_length,
)
from .hog import gradients, hog_cell, hog_cells, orientation_histogram
from .images import as_grey, as_rgb
from .integral import HaarCascade, HaarFeature, box_sum, integral_image
from .lbp import chi_square_similarity, lbp_code, lbp_histograms, lbp_image
from .losses import (
    arcface_gradient,
    arcface_logits,
    cross_entropy,
    triplet_gradient,
    triplet_losses,
)
from .metric_learning import ArcFaceHead, TripletHead, choose_triplets
from .mtcnn import Mtcnn, MtcnnStages
from .scenes import (
    CONDITIONS,
    Scene,
    compose_scene,
    count_matches,
    patches,
    spoil,
    turn,
)
from .trials import embed_people, false_positives, found_faces, scene_matches
from .verification import (
    PairScores,
    Rates,
    best_threshold,
    error_rates,
    fold_accuracies,
    people_intervals,
    rate_curve,
    threshold_at_far,
)
from .weights import WEIGHTS, weight_path

__all__ = [
    "CONDITIONS",
    "TEMPLATE",
    "WEIGHTS",
    "ArcFaceHead",
    "Detector",
    "DlibEmbedder",
    "Eigenfaces",
    "Embedder",
    "Face",
    "HaarCascade",
    "HaarDetector",
    "HaarFeature",
    "HogDetector",
    "MmodDetector",
    "Mtcnn",
    "MtcnnDetector",
    "MtcnnStages",
    "NoFaceError",
    "PairScores",
    "Rates",
    "SFaceEmbedder",
    "Scene",
    "TripletHead",
    "YuNetDetector",
    "align_face",
    "arcface_gradient",
    "arcface_logits",
    "as_grey",
    "as_rgb",
    "as_rows",
    "best_threshold",
    "box_iou",
    "box_sum",
    "chi_square_similarity",
    "choose_triplets",
    "compose_scene",
    "cosine_similarity",
    "count_matches",
    "cross_entropy",
    "embed_people",
    "error_rates",
    "false_positives",
    "find_landmarks",
    "fold_accuracies",
    "found_faces",
    "gradients",
    "hog_cell",
    "hog_cells",
    "integral_image",
    "lbp_code",
    "lbp_histograms",
    "lbp_image",
    "non_maximum_suppression",
    "orientation_histogram",
    "patches",
    "people_intervals",
    "rate_curve",
    "scene_matches",
    "similarity_transform",
    "spoil",
    "threshold_at_far",
    "triplet_gradient",
    "triplet_losses",
    "turn",
    "unit_length",
    "weight_path",
]
