"""What all tests share: the tools' modules, the default data tier, one thread."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "book" / "_ext")]
os.environ.pop("MLMASTERY_DATA", None)
os.environ.setdefault("OMP_NUM_THREADS", "1")
