"""The old name of `mlmastery.language_model.optimizers`."""

from mlmastery.renamed import renamed

__getattr__ = renamed(
    __name__,
    {
        name: f"mlmastery.language_model.optimizers.{name}"
        for name in ("Muon", "orthogonalise")
    },
)
