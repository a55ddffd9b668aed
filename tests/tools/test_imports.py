"""What imports what: no module of the package leads back to itself."""

import ast
import time
from concurrent.futures import ThreadPoolExecutor

import facts
import networkx as nx
import pytest
from chapters import ROOT

CODE, TOOLS, EXTENSIONS = ROOT / "code", ROOT / "tools", ROOT / "book" / "_ext"


def targets(statement, package, modules):
    """Yield the modules of ours that a statement imports by name."""
    if isinstance(statement, ast.Import):
        names = [alias.name for alias in statement.names]
    else:
        up = package.split(".")[: len(package.split(".")) - statement.level + 1]
        base = ".".join([*(up if statement.level else []), statement.module or ""])
        base = base.strip(".")
        names = [
            whole if (whole := f"{base}.{alias.name}") in modules else base
            for alias in statement.names
        ]
    yield from (name for name in names if name in modules)


def imports(file):
    """Yield a file's import statements: those of functions and type checkers, too."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node


def import_graph(code):
    """Return the graph of modules; a stub beside a lazy package speaks for it."""
    files = [f for f in code.rglob("*.py*") if f.suffix in (".py", ".pyi")]
    named = [
        (".".join(f.relative_to(code).with_suffix("").parts), f)
        for f in files
        if "exercises" not in f.parts
    ]
    named = [(name.removesuffix(".__init__"), file) for name, file in named]
    modules, graph = {name for name, _ in named}, nx.DiGraph()
    for name, file in named:
        package = name if file.stem == "__init__" else name.rpartition(".")[0]
        for statement in imports(file):
            graph.add_edges_from(
                (name, other) for other in targets(statement, package, modules)
            )
    return graph


def circles(code):
    """Return the groups of modules each of which leads to every other of its group."""
    groups = map(sorted, nx.strongly_connected_components(import_graph(code)))
    return [group for group in groups if len(group) > 1]


@pytest.mark.parametrize("folder", [CODE, TOOLS], ids=lambda folder: folder.name)
def test_no_module_leads_back_to_itself(folder):
    assert circles(folder) == []


def test_extensions_import_tools_and_no_tool_an_extension():
    extensions = {file.stem for file in EXTENSIONS.glob("*.py")}
    asked = {
        alias.name if isinstance(node, ast.Import) else node.module
        for file in TOOLS.glob("*.py")
        for node in imports(file)
        for alias in node.names
    }
    assert not asked & extensions


@pytest.mark.parametrize(
    "line",
    [
        "from mlmastery.b import x",
        "import mlmastery.b",
        "from mlmastery import b",
        "from . import b",
        "from .b import x",
        "def f():\n    from mlmastery.b import x",
        "if TYPE_CHECKING:\n    from mlmastery.b import x",
    ],
)
def test_a_circle_is_found_however_it_is_written(tmp_path, line):
    package = tmp_path / "mlmastery"
    package.mkdir()
    for name, text in (("__init__", ""), ("a", line), ("b", "import mlmastery.a")):
        (package / f"{name}.py").write_text(text)
    assert circles(tmp_path) == [["mlmastery.a", "mlmastery.b"]]


def test_sources_can_be_read_by_several_threads_at_once(monkeypatch):
    """CPython 3.11 stops with a SystemError when two threads parse at once."""
    inside, most = 0, 0

    def slow(source):
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        inside -= 1
        return ast.Module([], [])

    monkeypatch.setattr(facts.ast, "parse", slow)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(facts.syntax_tree, ["x = 1"] * 8))
    assert most == 1
