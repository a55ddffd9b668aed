"""Do the same as the command ``mlmastery``."""

import sys

from mlmastery.cli import main

if __name__ == "__main__":
    sys.exit(main())
