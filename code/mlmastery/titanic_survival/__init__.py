"""Predict who survived the Titanic: features from names and tickets, fair comparisons.

>>> from mlmastery.titanic_survival import TitanicFeatures, title_of
>>> TitanicFeatures(["Title"]).get_feature_names_out().tolist()
['Title']
"""

import lazy_loader

from mlmastery.renamed import renamed

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = renamed(
    __name__,
    {
        "CorrectedTest": "mlmastery.inference.PairedInterval",
        "corrected_t_test": "mlmastery.inference.paired_interval",
    },
    __getattr__,
)
