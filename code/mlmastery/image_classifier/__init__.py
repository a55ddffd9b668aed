"""Cats and dogs: convolution by hand, a network of one's own, and a borrowed one.

``by_hand`` needs NumPy alone, ``networks`` and ``explain`` bring Keras along, and
``transfer`` brings PyTorch; so nothing is imported here.
"""
