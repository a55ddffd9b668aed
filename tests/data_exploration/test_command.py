"""Chapter 1: the command reads what it is told to, and never destroys what it reads."""

from pathlib import Path

import openpyxl
import pytest

from mlmastery.data_exploration import __main__


@pytest.fixture
def run(tmp_path: Path, capsys):
    def call(text: str | bytes, *options: str, name: str = "a.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        out = ["--out", str(tmp_path / "r.html")]
        status = __main__.main([str(path), *out, *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


@pytest.mark.parametrize("way", ["same", "dots", "link", "hard link"])
def test_the_table_is_never_overwritten(tmp_path, capsys, monkeypatch, way):
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    out = {
        "same": "data.csv",
        "dots": "sub/../data.csv",
        "link": "link.csv",
        "hard link": "hard.csv",
    }[way]
    if way == "link":
        (tmp_path / out).symlink_to(path)
    if way == "hard link":
        (tmp_path / out).hardlink_to(path)
    assert __main__.main([str(path), "--out", out]) == 1
    assert "is the file that is read" in capsys.readouterr().err
    assert path.read_text() == "a,b\n1,2\n3,4\n"


def test_a_database_is_never_overwritten(tmp_path, capsys):
    import sqlite3

    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (a int)")
    before = path.read_bytes()
    arguments = [f"sqlite:///{path}", "--table", "t", "--out", str(path)]
    assert __main__.main(arguments) == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("a;b\n1,5;2\n2,5;4\n", [], "a: number, decimal comma"),
        ("a!b\n1!2\n2!4\n", ["--sep", "!"], "'!'-separated"),
        ("a\tb\n1\t2\n2\t4\n", ["--sep", "\\t"], "tab-separated"),
        ("a;b\n1.500;2\n2.500;4\n", ["--thousands", "."], "thousands point"),
        ("a;b\n1,500;2\n2,500;4\n", ["--decimal", ","], "decimal comma"),
        ("x\ny\na,b\n1,2\n2,4\n", ["--skiprows", "2"], "2 lines before the header"),
        ("d,b\n1/2/2024,2\n2/2/2024,4\n", ["--dayfirst"], "day first, as you said"),
        ("d,b\n1/2/2024,2\n2/2/2024,4\n", ["--monthfirst"], "month first, as you said"),
        (
            "d,b\n1/2/2024,2\n2/2/2024,4\n",
            ["--date-format", "%m/%d/%Y"],
            "date %m/%d/%Y",
        ),
        ("d,b\n1/2/2024,2\n2/2/2024,4\n", [], "two formats fit"),
        ("a,b\n1,!!\n2,4\n3,5\n", ["--na-values", "!!", "??"], "'!!' taken as missing"),
        ("1,2\n2,4\n", ["--no-header"], "no header"),
        ("a,b\n1,Müller\n2,x\n".encode("cp1252"), [], "read as cp1252"),
        (
            "a,b\n1,Müller\n2,x\n".encode("latin-1"),
            ["--encoding", "latin-1"],
            "comma-separated, latin-1",
        ),
    ],
)
def test_options_of_text_files(run, text, options, said):
    status, out, err = run(text, *options)
    assert (status, err) == (0, "")
    assert said in out


@pytest.mark.parametrize("target", ["2013", "country"])
def test_a_name_that_is_a_number_can_be_the_target(tmp_path, capsys, target):
    book = openpyxl.Workbook()
    book.active.append(["country", 2013, 2014])
    for i in range(20):
        book.active.append(["ab"[i % 2], i, 2 * i])
    book.save(tmp_path / "a.xlsx")
    arguments = [str(tmp_path / "a.xlsx"), "--target", target]
    assert __main__.main([*arguments, "--out", str(tmp_path / "r.html")]) == 0


def test_sheets_are_said_and_chosen(tmp_path, capsys):
    book = openpyxl.Workbook()
    book.active.append(["made by", "Ana"])
    sheet = book.create_sheet("Data")
    for i in range(20):
        sheet.append(["x", "y"] if i == 0 else [i, 2 * i])
    book.save(tmp_path / "a.xlsx")
    out = ["--out", str(tmp_path / "r.html")]
    assert __main__.main([str(tmp_path / "a.xlsx"), *out]) == 0
    assert "read 'Data'" in capsys.readouterr().out
    assert __main__.main([str(tmp_path / "a.xlsx"), "--sheet", "No", *out]) == 1
    assert "has no sheet 'No'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "name", "options", "complaint"),
    [
        ("[]", "a.json", ["--sep", ";"], "--sep means nothing for"),
        ("a\n1\n", "a.csv", ["--sheet", "x"], "--sheet means nothing for"),
        ("a\n1\n", "a.csv", ["--table", "x"], "--table is for databases"),
        ("a\n1\n", "a.csv", ["--sample", "0"], "of at least 1"),
        ("a\n1\n", "a.csv", ["--encoding", "no"], "unknown encoding"),
    ],
)
def test_an_option_that_means_nothing_is_refused(run, text, name, options, complaint):
    status, _, err = run(text, *options, name=name)
    assert status == 1
    assert complaint in err
    assert len(err.splitlines()) == 1


def test_the_report_says_how_the_file_was_read(run, tmp_path):
    run("a;b\n1,5;2\n2,5;4\n")
    assert "decimal comma" in (tmp_path / "r.html").read_text()


@pytest.mark.parametrize("out", ["none/such/r.html", "."])
def test_a_report_is_not_written_nowhere(tmp_path, capsys, monkeypatch, out):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3,4\n")
    assert __main__.main(["a.csv", "--out", out]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"error: --out {out}")
    assert "folder" in said
