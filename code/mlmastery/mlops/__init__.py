"""Version, test, deploy, watch and roll back a model on one machine.

>>> from mlmastery.mlops import CanaryController
>>> CanaryController(0.1, minimum=100).decision
'continue'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
