"""Find the programs that print the book, or install them by apt where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

PACKAGES = Path(__file__).with_name("apt-pdf.txt")
PROGRAMS = ["lualatex", "latexmk", "rsvg-convert", "kpsewhich"]
FILES = ["texgyrepagella-math.otf", "texgyrepagella-regular.otf", "titlesec.sty", "texgyreheros-regular.otf"]


def lacking() -> list[str]:
    """Return the programs and TeX files that are not there."""
    programs = [p for p in PROGRAMS if not shutil.which(p)]
    if programs:
        return programs
    return [f for f in FILES if subprocess.run(["kpsewhich", f], capture_output=True).returncode]


def apt() -> list[str] | None:
    """Return the command that installs packages without asking, where there is one."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    quiet = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True)
    return ["sudo", "-n", "apt-get"] if quiet and quiet.returncode == 0 else None


def provide() -> str:
    """Return nothing when the PDF can be made, else one sentence on what is missing."""
    missing = lacking()
    command = apt() if missing else None
    if missing and command:
        print(f"installing TeX by apt ({', '.join(missing)} missing): once, some minutes", flush=True)
        install(command)
        missing = lacking()
    if not missing:
        return ""
    return (
        f"PDF:  not made, because {', '.join(missing)} is missing; on Debian or Ubuntu: "
        "sudo apt-get install --no-install-recommends $(cat tools/apt-pdf.txt)"
    )


def install(command: list[str]) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    quiet = {"env": env, "stdout": subprocess.DEVNULL, "check": False}
    subprocess.run([*command, "update", "-qq"], **quiet)  # type: ignore[call-overload]
    packages = PACKAGES.read_text().split()
    options = ["install", "-y", "-qq", "--no-install-recommends"]
    subprocess.run([*command, *options, *packages], **quiet)  # type: ignore[call-overload]
