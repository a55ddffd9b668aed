"""Say what is wrong with the environment: a CUDA package, an unmet or a missing requirement."""

import re
import subprocess
import sys
from importlib.metadata import distributions

from pins import NO_DEPS, pins

CUDA = re.compile(r"^(nvidia-|cuda-|triton$|pytorch-triton)")


def cuda_packages(names: list[str]) -> list[str]:
    """Return the packages that only a GPU build brings."""
    return sorted(n for n in names if CUDA.match(n.lower().replace("_", "-")))


def cuda_build(versions: dict[str, str]) -> list[str]:
    """Return torch's version where its build is for CUDA (such a build says +cu130)."""
    version = versions.get("torch", "")
    return [f"torch {version}"] if "+cu" in version else []


def unmet() -> list[str]:
    """Return what pip check says, but for packages of which we want the files alone."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True
    )
    lines = done.stdout.splitlines() if done.returncode else []
    bare = tuple(f"{name} " for name in pins(NO_DEPS))
    return [line for line in lines if not line.startswith(bare)]


def main() -> int:
    versions = {d.metadata["Name"]: d.version for d in distributions()}
    trouble = cuda_packages(list(versions)) + cuda_build(versions)
    if trouble:
        print(f"error: CUDA packages entered the environment: {', '.join(trouble)}")
        print("delete .venv and install PyTorch's CPU build into a new one first")
    lacking = unmet()
    if lacking:
        print("error: requirements are not met:", *lacking, sep="\n")
    import torch

    if torch.version.cuda:
        print(f"error: torch is built for CUDA {torch.version.cuda}")
    return 1 if trouble or lacking or torch.version.cuda else 0


if __name__ == "__main__":
    sys.exit(main())
