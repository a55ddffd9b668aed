"""Binder's path without Docker: its files make an environment in which a chapter runs."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from chapters import ROOT, written
from kit.servers import free_port
from notebooks import export
from serve import wait_for

pytestmark = [pytest.mark.network, pytest.mark.site, pytest.mark.slow]
BINDER = ROOT / "binder"


def an_index_answers(folder: Path) -> bool:
    """Ask pip for one small wheel."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--retries",
        "0",
    ]
    done = subprocess.run(
        [*command, "six==1.17.0", "-d", str(folder)], capture_output=True
    )
    return done.returncode == 0


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Path:
    """A fresh environment, made as repo2docker reads binder/."""
    wanted = (BINDER / "runtime.txt").read_text().strip()
    assert wanted == f"python-{sys.version_info[0]}.{sys.version_info[1]}"
    venv = tmp_path_factory.mktemp("binder") / "env"
    if not an_index_answers(venv):
        pytest.skip("no package index answers")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(venv)], check=True)
    pip = [
        str(venv / "bin/pip"),
        "install",
        "-q",
        "-r",
        str(BINDER / "requirements.txt"),
    ]
    subprocess.run(pip, cwd=ROOT, check=True)
    path = f"{venv / 'bin'}:{os.environ['PATH']}"
    home = venv.parent / "home"
    home.mkdir()
    env = {
        **os.environ,
        "PATH": path,
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
    }
    subprocess.run([str(BINDER / "postBuild")], cwd=ROOT, env=env, check=True)
    return venv


@pytest.fixture(scope="module")
def lab(environment):
    """JupyterLab of that environment, on the repository."""
    port = free_port()
    token, home = secrets.token_hex(8), environment.parent / "home"
    command = [str(environment / "bin/jupyter"), "lab", "--no-browser", "--allow-root"]
    command += [
        f"--ServerApp.port={port}",
        f"--IdentityProvider.token={token}",
        "--log-level=40",
    ]
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    env |= {"PATH": f"{environment / 'bin'}:{env['PATH']}", "HOME": str(home)}
    env |= {"JUPYTER_CONFIG_DIR": str(home / ".jupyter"), "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(
        [*command, f"--ServerApp.root_dir={ROOT}"], env=env, cwd=ROOT
    )
    wait_for(port, 60)
    yield f"http://127.0.0.1:{port}", token
    process.terminate()
    process.wait(timeout=30)


def test_a_chapter_opens_as_a_notebook_and_runs_to_its_end(lab, browser):
    base, token = lab
    chapter = written()[0]
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(f"{base}/lab/tree/book/{chapter.slug}.md?token={token}")
    page.locator(".jp-Notebook").wait_for(timeout=90_000)
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
    page.wait_for_timeout(3000)
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_timeout(5000)
    idle = "[data-status=idle], .jp-Notebook-ExecutionIndicator[data-status=idle]"
    page.wait_for_selector(idle, timeout=180_000)
    stderr = "[data-mime-type='application/vnd.jupyter.stderr']"
    errors = page.locator(f"{stderr}, .jp-OutputArea-output pre:has-text('Traceback')")
    assert errors.count() == 0, errors.first.inner_text()
    code = len(
        re.findall(r"^```\{code-cell\}", chapter.page.read_text(encoding="utf-8"), re.M)
    )
    assert code > 20
    page.close()


def test_the_exported_notebook_runs_with_only_the_package_installed(
    environment, tmp_path
):
    """As on Colab: a wheel, no repository, a folder with nothing in it."""
    chapter = written()[0]
    pip = [
        str(environment / "bin/pip"),
        "install",
        "-q",
        "--no-deps",
        "--force-reinstall",
    ]
    subprocess.run([*pip, str(ROOT)], check=True, cwd=tmp_path)
    export(tmp_path)
    env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {
        "OMP_NUM_THREADS": "1"
    }
    command = [str(environment / "bin/jupyter"), "execute", f"{chapter.notebook}.ipynb"]
    done = subprocess.run(
        command, cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
