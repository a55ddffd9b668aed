"""Tests that a delivery runs: of data, code, model and infrastructure."""
