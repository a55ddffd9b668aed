"""Agents that learn from reward: tables, exact solutions, DQN, REINFORCE and A2C.

>>> from mlmastery.reinforcement_learning import discounted_returns
>>> discounted_returns([0.0, 0.0, 1.0], gamma=0.5).tolist()
[0.25, 0.5, 1.0]
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
