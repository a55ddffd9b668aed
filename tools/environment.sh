#!/bin/sh
# Make the book's environment: sh tools/environment.sh PYTHON VENV
set -eu
python=$1 venv=$2

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "error: the book needs Python 3.11 or newer; $python is $("$python" --version 2>&1)." \
       "Name another: make book PYTHON=python3.12" >&2
  exit 1
}
offline() {
  echo "error: the packages could not be installed. Is there a network? What is there already is" \
       "kept; run again to go on." >&2
  exit 1
}
"$python" -m venv "$venv"
pip="$venv/bin/python -m pip install -q --disable-pip-version-check"
echo "installing the environment into $venv: once, some minutes"

sh tools/install_torch.sh "$venv/bin/python" || offline
$pip --no-deps -r requirements.txt || offline
"$venv/bin/python" tools/check_environment.py
