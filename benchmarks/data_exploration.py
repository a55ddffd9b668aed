"""Race the report of chapter 1 against existing profilers on the table of flights.

    python benchmarks/data_exploration.py [--out FILE] [--tools NAME ...]

Each profiler gets an environment of its own under ``_build/benchmarks`` (this needs a
package index the first time) and a process of its own. All read the same CSV file;
the clock runs from the table in memory to the finished HTML file, several times, and
the fastest counts. Written are one row per tool: seconds, CPU seconds, peak memory, and
what the report holds and states.
"""

import argparse
import datetime
import json
import os
import platform
import re
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pandas as pd
import psutil

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "_build" / "benchmarks"
RESULT = ROOT / "code" / "mlmastery" / "recorded" / "data_exploration" / "race.csv"
PACKAGES: dict[str, list[str]] = {
    "comprehensive_eda": [],
    "ydata-profiling, full": ["ydata-profiling==4.18.4", "setuptools<81"],
    "ydata-profiling, minimal": ["ydata-profiling==4.18.4", "setuptools<81"],
    "sweetviz": ["sweetviz==2.3.3", "pandas==2.3.3", "numpy<2", "setuptools<81"],
    "skrub TableReport": ["skrub==0.11.0", "pandas==2.3.3"],
}
# How each tool makes its report of `df` in the file `out`; `stated` are its sentences.
RECIPES = {
    "comprehensive_eda": """
import mlmastery.data_exploration.page  # like the others', imports are not on the clock
from mlmastery.data_exploration import comprehensive_eda
def run(df, out):
    report = comprehensive_eda(df)
    report.to_html(out)
    return [str(finding) for finding in report.findings]
""",
    "ydata-profiling, full": """
from ydata_profiling import ProfileReport
def run(df, out):
    report = ProfileReport(df, progress_bar=False)
    report.to_file(out, silent=True)
    return [str(alert) for alert in report.get_description().alerts]
""",
    "ydata-profiling, minimal": """
from ydata_profiling import ProfileReport
def run(df, out):
    report = ProfileReport(df, minimal=True, progress_bar=False)
    report.to_file(out, silent=True)
    return [str(alert) for alert in report.get_description().alerts]
""",
    "sweetviz": """
import sweetviz
def run(df, out):
    report = sweetviz.analyze(df, pairwise_analysis="on")
    report.show_html(out, open_browser=False)
    return []
""",
    "skrub TableReport": """
from skrub import TableReport
def run(df, out):
    TableReport(df, verbose=0).write_html(out)
    return []
""",
}
CHILD = """
import json, resource, sys, time, warnings
warnings.simplefilter("ignore")
import matplotlib
matplotlib.use("Agg")
import pandas as pd
{recipe}
csv, out, result = sys.argv[1:]
df = pd.read_csv(csv)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
wall, cpu = time.perf_counter(), time.process_time()
stated = run(df, out)
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
json.dump(dict(seconds=wall, cpu_s=cpu, peak_mb=peak, before_mb=before, stated=stated),
          open(result, "w"))
"""
# Facts of this table. SHOWN: the number is somewhere in the report's text. STATED: one
# of the tool's own sentences names the column and says it.
SHOWN = {
    "missing cells of dep_time": r"8,?255",
    "mean of dep_delay": r"12\.6",
    "median of dep_delay": r"-2\b",
    "correlation of air_time and distance": r"0?\.99[01]?\b",
}
STATED = {
    "year is constant": r"(?i)year.*(constant|same value)",
    "air_time and distance repeat each other": r"(?i)(air_time|distance).*(correl|repeat)",
    "dep_delay has a long tail": r"(?i)dep_delay.*(skew|tail)",
    "five columns are missing together": r"missing together",
    "dep_time is a clock time": r"(?i)dep_time.*times of day",
    "time_hour is a date in text": r"(?i)time_hour.*date",
    "dep_time is missing for some": r"(?i)dep_time.*missing",
}


def python_of(tool: str) -> str:
    """Return the interpreter that has the tool, making its environment if need be."""
    if not PACKAGES[tool]:
        return sys.executable
    home = WORK / "env" / re.sub(r"\W+", "-", tool.split(",")[0])
    python = home / "bin" / "python"
    ready = home / "ready.json"
    if not ready.exists() or json.loads(ready.read_text()) != PACKAGES[tool]:
        print(f"installing {PACKAGES[tool][0]} ...", flush=True)
        venv.create(home, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "-qqq", *PACKAGES[tool]]
        subprocess.run(install, check=True)
        ready.write_text(json.dumps(PACKAGES[tool]))
    return str(python)


def race(tool: str, csv: Path) -> dict[str, Any]:
    """Run one tool in a process of its own and return its row."""
    name = re.sub(r"\W+", "-", tool)
    out, result, log = (WORK / f"{name}.{end}" for end in ("html", "json", "log"))
    script = WORK / f"race-{name}.py"  # its name is not to hide the tool
    script.write_text(CHILD.format(recipe=RECIPES[tool]))
    env = {**os.environ, "PYTHONPATH": str(ROOT / "code"), "OMP_NUM_THREADS": "1"}
    command = [python_of(tool), str(script), str(csv), str(out), str(result)]
    with log.open("w") as file:
        subprocess.run(command, env=env, check=True, stdout=file, stderr=file)
    return row(tool, json.loads(result.read_text()), out)


def row(tool: str, measured: dict[str, Any], out: Path) -> dict[str, Any]:
    """Return what was measured and what the report holds."""
    page = out.read_text(encoding="utf-8", errors="replace")
    text = re.sub(r"(?s)<(script|style).*?</\1>|data:[^\"')]+|<[^>]+>", " ", page)
    if "skrub" in tool:  # its text is made by a script from data in the page
        text = page
    stated = measured.pop("stated")
    shown = {fact: bool(re.search(find, text)) for fact, find in SHOWN.items()}
    said = {fact: any(re.search(f, s) for s in stated) for fact, f in STATED.items()}
    return {
        "tool": tool,
        **{key: round(value, 1) for key, value in measured.items()},
        "html_mb": round(len(page.encode()) / 1e6, 1),
        "sentences": len(stated),
        **{f"shows: {k}": v for k, v in shown.items()},
        **{f"states: {k}": v for k, v in said.items()},
    }


def processor() -> str:
    """Name the processor as well as the system can."""
    info = Path("/proc/cpuinfo")
    found = (
        re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    )
    return found[1] if found else platform.processor() or platform.machine()


def main() -> int:
    """Race the tools and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--tools", nargs="*", default=list(PACKAGES), choices=PACKAGES)
    parser.add_argument("--repeats", type=int, default=3, help="the fastest counts")
    args = parser.parse_args()
    sys.path.insert(0, str(ROOT / "code"))
    from mlmastery.datasets import load_flights

    WORK.mkdir(parents=True, exist_ok=True)
    csv = WORK / "flights.csv"
    load_flights().to_csv(csv, index=False)
    for tool in args.tools:
        python_of(tool)
    rows = []
    for tool in args.tools:
        runs = [race(tool, csv) for _ in range(args.repeats)]
        rows.append(min(runs, key=lambda run: run["seconds"]) | {"runs": len(runs)})
        print(f"{tool}: {rows[-1]['seconds']} s, {rows[-1]['peak_mb']} MB", flush=True)
    table = pd.DataFrame(rows)
    table["date"] = datetime.date.today().isoformat()
    gib = psutil.virtual_memory().total / 2**30
    table["hardware"] = f"{processor()}, {psutil.cpu_count()} cores, {gib:.0f} GiB"
    table["python"] = platform.python_version()
    table.to_csv(args.out, index=False)
    print(f"written: {args.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
