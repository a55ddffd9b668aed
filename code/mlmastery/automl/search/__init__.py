"""Searchers that propose configurations and learn from their losses.

>>> from mlmastery.automl.search.random import RandomSearch
>>> from mlmastery.automl.space import Float, Space
>>> sorted(RandomSearch(Space({"rate": Float(0, 1)})).ask())
['rate']
"""
