#!/bin/sh
# Install PyTorch's CPU build: sh tools/install_torch.sh PYTHON
set -eu
pip="$1 -m pip install -q --disable-pip-version-check"

# On Linux x86_64 the usual index gives PyTorch's CUDA build, several GB of it. uv knows where
# the CPU build is. Where that can't be reached, pip may have one at hand.
torch=$(grep '^torch==' requirements.txt)
if [ "$(uname -sm)" = "Linux x86_64" ]; then
  $pip "$(grep '^uv==' requirements.txt)"
  UV_HTTP_TIMEOUT=20 UV_HTTP_RETRIES=0 "$1" -m uv pip install -q --python "$1" \
    --torch-backend cpu --no-deps "$torch" 2>/dev/null || $pip --no-deps "$torch"
else
  $pip --no-deps "$torch"
fi
