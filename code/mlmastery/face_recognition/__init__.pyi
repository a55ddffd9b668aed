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
from .embedding import (
    DlibEmbedder,
    Embedder,
    NoFaceError,
    SFaceEmbedder,
    cosine_similarity,
    find_landmarks,
    unit_length,
)
from .images import as_grey, as_rgb
from .mtcnn import Mtcnn, MtcnnStages
from .weights import WEIGHTS, weight_path

__all__ = [
    "TEMPLATE",
    "WEIGHTS",
    "Detector",
    "DlibEmbedder",
    "Embedder",
    "Face",
    "HaarDetector",
    "HogDetector",
    "MmodDetector",
    "Mtcnn",
    "MtcnnDetector",
    "MtcnnStages",
    "NoFaceError",
    "SFaceEmbedder",
    "YuNetDetector",
    "align_face",
    "as_grey",
    "as_rgb",
    "box_iou",
    "cosine_similarity",
    "find_landmarks",
    "non_maximum_suppression",
    "similarity_transform",
    "unit_length",
    "weight_path",
]
