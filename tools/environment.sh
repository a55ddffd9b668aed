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

# On Linux x86_64 the usual index gives PyTorch's CUDA build, several GB of it. uv knows where
# the CPU build is. Where that can't be reached, pip may have one at hand; the check below decides.
torch=$(grep '^torch==' requirements.txt)
if [ "$(uname -sm)" = "Linux x86_64" ]; then
  $pip "$(grep '^uv==' requirements.txt)" || offline
  UV_HTTP_TIMEOUT=20 UV_HTTP_RETRIES=0 "$venv/bin/uv" pip install -q --python "$venv/bin/python" \
    --torch-backend cpu --no-deps "$torch" 2>/dev/null || $pip --no-deps "$torch" || offline
fi
$pip --no-deps -r requirements.txt || offline
"$venv/bin/python" tools/check_environment.py
