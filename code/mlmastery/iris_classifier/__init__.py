"""Classifying iris flowers: the workflow, its metrics, and the leaks that spoil it.

>>> from mlmastery.iris_classifier import evaluate
>>> evaluate(["setosa", "virginica"], ["setosa", "setosa"]).accuracy
0.5
"""

import lazy_loader

from mlmastery.renamed import renamed

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__getattr__ = renamed(
    __name__,
    {
        "Interval": "mlmastery.inference.Interval",
        "PairedDifference": "mlmastery.inference.PairedDifference",
        "flips_to_tell": "mlmastery.inference.required_test_size",
        "mcnemar": "mlmastery.inference.mcnemar",
        "plot_confusion": "mlmastery.bookkit.plots.plot_confusion",
        "paired_difference": "mlmastery.inference.paired_difference",
        "wilson_interval": "mlmastery.inference.wilson_interval",
    },
    __getattr__,
)
