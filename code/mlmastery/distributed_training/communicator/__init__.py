"""Passing messages between ranks: one contract, three transports.

Every rank has a number from 0 to ``world_size - 1``. Messages from one rank to another
arrive in the order in which they were sent; every wait has a deadline; who waits for a
rank that is gone is told so at once.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
