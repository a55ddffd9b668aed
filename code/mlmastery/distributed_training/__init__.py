"""Chapter 22: federated and data-parallel training over real processes.

The names below are imported when they are asked for, so that a worker process starts
without what it does not use.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
