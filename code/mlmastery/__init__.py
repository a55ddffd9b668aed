"""Tested code, data and exercises of the book *Machine Learning Mastery*."""

__version__ = "0.1.0"
