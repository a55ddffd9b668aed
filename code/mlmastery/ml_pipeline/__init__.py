"""Build pipelines for tables, run them with cached steps, and keep their files safe.

>>> from mlmastery.ml_pipeline import MODELS
>>> MODELS
('linear', 'forest', 'boosting')
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
