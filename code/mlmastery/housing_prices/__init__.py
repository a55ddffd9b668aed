"""Predict what a house sells for: features, geography, boosting, reasons, intervals.

>>> from mlmastery.housing_prices import rmsle
>>> rmsle([100_000], [110_000]).__round__(3)
0.095
"""

import lazy_loader

from mlmastery.renamed import renamed

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = renamed(
    __name__,
    {
        "Kilometres": "mlmastery.housing_prices.geography.LocalProjection",
        "Race": "mlmastery.contest.Contest",
        "SideBySide": "mlmastery.contest.ModelPanel",
        "race": "mlmastery.housing_prices.models.cross_validate_rmsle",
        "surroundings": "mlmastery.housing_prices.models.location_features",
    },
    __getattr__,
)
