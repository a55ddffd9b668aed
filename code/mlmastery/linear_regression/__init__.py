r"""Linear regression by gradient descent, from the cost to the elastic net.

One objective serves the whole package. For m rows, weights w and intercept b,

.. math::
    J(w, b) = \frac{1}{2m} \sum_i (x_i \cdot w + b - y_i)^2
              + \lambda \rho \lVert w \rVert_1
              + \frac{\lambda (1 - \rho)}{2} \lVert w \rVert_2^2 ,

with :math:`\lambda` the ``alpha`` of the code and :math:`\rho` its ``l1_ratio``: 1
for the lasso, 0 for ridge. The intercept is never penalised. scikit-learn's ``Lasso``,
``ElasticNet`` and ``SGDRegressor`` minimise the same function; its ``Ridge`` leaves
out the 1/2m, see :func:`sklearn_alpha`.

>>> from mlmastery.linear_regression import LinearRegressionScratch
>>> LinearRegressionScratch(penalty="l2", alpha=0.1)
LinearRegressionScratch(alpha=0.1, penalty='l2')
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
