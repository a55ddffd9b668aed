"""Who will leave, what that costs, and whom it pays to call.

>>> from mlmastery.customer_churn import CostMatrix
>>> CostMatrix.campaign(contact_cost=50, save_rate=0.4, customer_value=500).threshold
0.25
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
