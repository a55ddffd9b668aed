"""Explore a table: load it from anywhere, look at it, write down what is there.

>>> import pandas as pd
>>> from mlmastery.data_exploration import comprehensive_eda
>>> report = comprehensive_eda(pd.DataFrame({"x": [1, 2, 3], "y": [2, 4, 6]}))
>>> print(report.findings[0])
`x` and `y` nearly repeat each other: correlation 1.000.

At a shell: ``python -m mlmastery.data_exploration FILE --out report.html``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
