"""Say what is wrong with the environment: a CUDA package, an unmet or a missing requirement."""

import re
import subprocess
import sys
from importlib.metadata import distributions

CUDA = re.compile(r"^(nvidia-|cuda-|triton$|pytorch-triton)")


def cuda_packages(names: list[str]) -> list[str]:
    """Return the packages that only a GPU build brings."""
    return sorted(n for n in names if CUDA.match(n.lower().replace("_", "-")))


def cuda_build(versions: dict[str, str]) -> list[str]:
    """Return torch's version where its build is for CUDA (such a build says +cu130)."""
    version = versions.get("torch", "")
    return [f"torch {version}"] if "+cu" in version else []


def main() -> int:
    versions = {d.metadata["Name"]: d.version for d in distributions()}
    trouble = cuda_packages(list(versions)) + cuda_build(versions)
    if trouble:
        print(f"error: CUDA packages entered the environment: {', '.join(trouble)}")
        print("delete .venv and install PyTorch's CPU build into a new one first")
    unmet = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True)
    if unmet.returncode:
        print(f"error: requirements are not met:\n{unmet.stdout}")
    import torch

    if torch.version.cuda:
        print(f"error: torch is built for CUDA {torch.version.cuda}")
    return 1 if trouble or unmet.returncode or torch.version.cuda else 0


if __name__ == "__main__":
    sys.exit(main())
