"""Chapter 22: federated and data-parallel training over real processes."""
