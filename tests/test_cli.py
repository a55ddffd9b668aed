"""One command: it finds those of chapters, hands over to them, and helps."""

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from chapters import ROOT

import mlmastery
from mlmastery import cli

COMMANDS = cli.commands()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Return the folder of a package that holds no commands yet."""
    folder = tmp_path / "mlmastery"
    folder.mkdir()
    monkeypatch.setattr(cli, "PACKAGE", folder)
    monkeypatch.setattr(mlmastery, "__path__", [str(folder), *mlmastery.__path__])
    return folder


def add(package: Path, slug: str, body: str) -> None:
    """Add a chapter with a command."""
    (package / slug).mkdir()
    text = f'"""Say {slug}.\n\nAnd more."""\n{body}\n'
    (package / slug / "__main__.py").write_text(text)


def test_the_script_that_is_installed_leads_here():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    module, _, name = project["scripts"]["mlmastery"].partition(":")
    assert getattr(import_module(module), name) is cli.main


def test_help_names_every_command_and_imports_none():
    code = (
        "import sys\nfrom mlmastery import cli\n"
        "try:\n    cli.main(['--help'])\n"
        "finally:\n    print(sorted(m for m in sys.modules if m[:9] == 'mlmastery'))"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for name, path in COMMANDS.items():
        assert f"  {name}  " in done.stdout
        assert f"  {cli.summary(path)}\n" in done.stdout
    assert done.stdout.endswith("['mlmastery', 'mlmastery.cli']\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_help_names_the_program_that_was_called(name, capsys):
    with pytest.raises(SystemExit, match=r"^0$"):
        cli.main([name, "--help"])
    assert capsys.readouterr().out.startswith(f"usage: mlmastery {name} ")
    module = f"mlmastery.{name.replace('-', '_')}"
    inside = ".__main__" if COMMANDS[name].stem == "__main__" else ""
    with pytest.raises(SystemExit, match=r"^0$"):
        import_module(module + inside).main(["--help"])
    assert capsys.readouterr().out.startswith(f"usage: python -m {module} ")


def test_a_new_chapter_adds_a_command_and_no_line_elsewhere(package, capsys):
    add(package, "new_chapter", "def main(arguments, prog): print(prog, arguments)")
    (package / "module.py").write_text("'''Idle.'''\n\nx = 1\n")
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    assert "commands:\n  new-chapter  Say new_chapter.\n\n" in capsys.readouterr().out
    cli.main(["new-chapter", "a", "--help"])
    assert capsys.readouterr().out == "mlmastery new-chapter ['a', '--help']\n"


@pytest.mark.parametrize("status", [0, 1, 130])
def test_the_exit_status_is_the_commands(package, status):
    add(package, f"ends{status}", f"def main(arguments, prog): return {status}")
    assert cli.main([f"ends{status}"]) == status


def test_a_command_without_its_package_says_which(package, capsys):
    add(package, "lacking", "import no_such_package")
    assert cli.main(["lacking"]) == 1
    words = "mlmastery: lacking needs the package 'no_such_package', not installed\n"
    assert capsys.readouterr().err == words


def test_a_command_that_lacks_a_module_of_ours_is_broken(package):
    add(package, "broken", "import mlmastery.no_such_module")
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        cli.main(["broken"])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("chek", "unknown command 'chek'; did you mean 'check'?"),
        ("data_exploration", "did you mean 'data-exploration'?"),
        ("xyz", f"unknown command 'xyz'; known: {', '.join(COMMANDS)}"),
    ],
)
def test_an_unknown_command_is_one_line(name, words, capsys):
    assert cli.main([name]) == 2
    said = capsys.readouterr()
    assert said.err.endswith(f"{words}\n")
    assert said.err.count("\n") == 1
    assert not said.out


def test_without_a_command_help_is_shown_as_an_error(capsys):
    assert cli.main([]) == 2
    assert "  check  " in capsys.readouterr().err


def test_python_m_does_the_same():
    command = [sys.executable, "-m", "mlmastery", "check", "99.9", "answer.py"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "99.9" in done.stderr
