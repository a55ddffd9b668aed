"""Neural architecture search on a space whose every network is trained."""
