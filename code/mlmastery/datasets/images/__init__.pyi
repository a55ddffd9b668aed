from .decode import ImageError, read_image
from .folder import label_of, read_folder
from .photographs import Photographs, Skipped

__all__ = [
    "ImageError",
    "Photographs",
    "Skipped",
    "label_of",
    "read_folder",
    "read_image",
]
