"""Read photographs as people have them: a folder of files, some of them broken."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
