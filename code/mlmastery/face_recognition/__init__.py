"""Find faces, compare them, and tell known people from strangers.

>>> from mlmastery.face_recognition import box_iou
>>> box_iou([0, 0, 2, 2], [0, 0, 2, 1]).item()
0.5
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
