"""Which packages are pinned, and which of them are installed without what they ask for."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements.txt"
NO_DEPS = ROOT / "tools" / "no-deps.txt"
PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.M)


def pins(path: Path = REQUIREMENTS) -> dict[str, str]:
    """Return the version of each exactly pinned package of a requirements file."""
    found = PIN.findall(path.read_text(encoding="utf-8"))
    return {name.lower().replace("_", "-"): version for name, version in found}
