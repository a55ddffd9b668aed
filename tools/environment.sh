#!/bin/sh
# Make the book's environment: sh tools/environment.sh PYTHON VENV
set -eu
python=$1 venv=$2

# Others have no files of the packages that requirements.txt pins.
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || {
  echo "error: the book needs Python 3.11, 3.12 or 3.13; $python is $("$python" --version 2>&1)." \
       "Name another: make book PYTHON=python3.11" >&2
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

$pip "$(grep '^uv==' requirements.txt)" || offline
sh tools/install_torch.sh "$venv/bin/python" || offline
# uv unpacks what pip takes minutes for. Where it finds no index, pip may know one.
"$venv/bin/python" -m uv pip install -q --python "$venv/bin/python" --system-certs --no-deps \
  -r requirements.txt || $pip --no-compile --no-deps -r requirements.txt || offline
# A page's first run need not pay for this: on all cores at once. Some packages hold files of
# Python 2, which do not compile and are never imported.
"$venv/bin/python" -W ignore -m compileall -q -j 0 -x '/tests?/' "$venv/lib" >/dev/null 2>&1 || true
"$venv/bin/python" tools/check_environment.py
