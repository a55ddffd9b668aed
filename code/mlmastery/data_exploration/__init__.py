"""Explore a table: load it from anywhere, look at it, write down what is there.

>>> import pandas as pd
>>> from mlmastery.data_exploration import comprehensive_eda
>>> x = pd.Series(range(40)) / 4
>>> report = comprehensive_eda(pd.DataFrame({"x": x, "y": 2 * x + 1}))
>>> print(report.findings[0])
`x` and `y` nearly repeat each other: correlation 1.000 in 40 rows.

At a shell: ``python -m mlmastery.data_exploration FILE --out report.html``.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
