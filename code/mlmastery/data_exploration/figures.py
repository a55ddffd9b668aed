"""The drawings of a report. Nothing here uses pyplot, so no figure stays open."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.cbook import boxplot_stats
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager, get_font

import mlmastery.bookkit.figures as bookkit_figures
from mlmastery.data_exploration.columns import as_dates, finite
from mlmastery.data_exploration.content import ReportContent
from mlmastery.data_exploration.findings import CATEGORIES
from mlmastery.data_exploration.relations import pca_view, strongest_pairs

PANELS = 24  # small drawings in one figure
HISTOGRAM = 50_000  # rows in a histogram; more change nothing to see
DOTS = 1000  # in a scatter plot; more hide each other
STYLE = Path(bookkit_figures.__file__).with_name("mlmastery.mplstyle")


# Fonts for scripts that the book's own font lacks, as far as they are installed.
OTHER_SCRIPTS = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "IPAexGothic",
    "Hiragino Sans",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
)
HUGE = 1e100  # values beyond it are drawn divided by a power of ten


@cache
def families() -> tuple[str, ...]:
    """Name the installed fonts in which names are drawn, the book's own first."""
    installed = {font.name for font in fontManager.ttflist}
    return ("DejaVu Sans", *(name for name in OTHER_SCRIPTS if name in installed))


@cache
def _fonts() -> tuple[Any, ...]:
    return tuple(get_font(fontManager.findfont(name)) for name in families())


@cache
def drawable(sign: str) -> str:
    r"""Return a character as it can be drawn: itself, or its escape without a font.

    Examples
    --------
    >>> drawable("a"), drawable(chr(0x12000))
    ('a', '\\U00012000')
    """
    if sign.isspace() or not sign.isprintable():
        return " "
    if sign < "\u0250" or any(font.get_char_index(ord(sign)) for font in _fonts()):
        return sign
    return sign.encode("unicode_escape").decode()


@contextmanager
def style() -> Iterator[None]:
    """Draw in the book's style, whatever the caller has set."""
    with mpl.rc_context(fname=STYLE):
        yield


def draw_all(report: ReportContent) -> dict[str, Figure]:
    """Return the drawings that this table allows, by name."""
    artists: dict[str, Callable[[ReportContent], Figure | None]] = {
        "target": draw_target,
        "distributions": draw_distributions,
        "categories": draw_categories,
        "dates": draw_dates,
        "missing": draw_missing,
        "boxes": draw_boxes,
        "correlations": draw_correlations,
        "pairs": draw_pairs,
        "map": draw_map,
    }
    report = _within_reach(report)
    with style(), mpl.rc_context({"font.family": _families_for(report)}):
        drawn = {name: artist(report) for name, artist in artists.items()}
    return {name: figure for name, figure in drawn.items() if figure is not None}


def _families_for(report: ReportContent) -> list[str]:
    """Leave the large fonts of other scripts alone where no name needs them."""
    names = [*report.overview.index, *report.overview["top"].dropna()]
    names += list(report.texts.get("words", []))
    plain = all(sign < "\u0250" for name in map(str, names) for sign in name)
    return list(families()[:1] if plain else families())


def _within_reach(report: ReportContent) -> ReportContent:
    """Divide columns of numbers so large that axes would overflow, and say so."""
    table = report.overview[["minimum", "maximum"]].abs().max(axis=1)
    table = table[table > HUGE]
    if table.empty:
        return report
    powers = {name: int(math.log10(value)) for name, value in table.items()}
    names = {name: f"{name} / 1e{power}" for name, power in powers.items()}
    data, overview = report.data.copy(), report.overview.copy()
    for name, power in powers.items():
        data[name] = data[name].astype(float) / 10.0**power
        for column in ("mean", "std", "minimum", "q25", "median", "q75", "maximum"):
            overview.loc[name, column] /= 10.0**power
    return replace(
        report,
        data=data.rename(columns=names),
        overview=overview.rename(index=names),
        correlations={
            method: frame.rename(index=names, columns=names)
            for method, frame in report.correlations.items()
        },
        missing=report.missing.rename(index=names),
        target=names.get(report.target, report.target),
    )


def _columns(report: ReportContent, *kinds: str) -> list[str]:
    kind = report.overview["kind"]
    return list(kind.index[kind.isin(kinds)])[:PANELS]


def _fixed(size: tuple[float, float]) -> Figure:
    """Return a figure whose panels we place ourselves.

    Laying out dozens of panels by their texts takes longer than drawing them.
    """
    with mpl.rc_context({"figure.constrained_layout.use": False}):
        return Figure(figsize=size)


def _grid(n: int, across: int = 4, height: float = 1.7) -> tuple[Figure, list[Any]]:
    """Return a figure of ``n`` panels in rows, and its axes."""
    across = min(across, n)
    down = math.ceil(n / across)
    size = max(3.2, 2.1 * across), height * down + 0.3
    figure = _fixed(size) if across == 4 else Figure(figsize=size)
    axes = figure.subplots(down, across, squeeze=False).ravel()
    if across == 4:
        low, high = 0.25 / size[1], 1 - 0.25 / size[1]
        figure.subplots_adjust(0.06, low, 0.99, high, wspace=0.35, hspace=0.5)
    for spare in axes[n:]:
        spare.set_visible(False)
    return figure, list(axes[:n])


def literal(text: object, width: int = 24) -> str:
    r"""Shorten a name, and keep Matplotlib from reading dollars as mathematics.

    Examples
    --------
    >>> literal("price in $")
    'price in \\$'
    """
    name = str(text)
    name = name if len(name) <= width else name[: width - 1] + "…"
    return "".join(map(drawable, name)).replace("$", r"\$")


def _sample(df: pd.DataFrame, n: int) -> pd.DataFrame:
    return df if len(df) <= n else df.sample(n, random_state=0)


def draw_distributions(report: ReportContent) -> Figure | None:
    """Draw a histogram of each number column; far tails are cut, and it is said."""
    names = [n for n in _columns(report, "number") if len(finite(report.data[n]))]
    if not names:
        return None
    figure, axes = _grid(len(names))
    rows = _sample(report.data[names], HISTOGRAM)
    for ax, name in zip(axes, names, strict=True):
        values = finite(rows[name]).to_numpy()
        if not len(values):
            continue
        low, high = np.quantile(values, [0.005, 0.995])
        cut = high > low and np.ptp(values) > 3 * (high - low)
        shown = values[(values >= low) & (values <= high)] if cut else values
        ax.stairs(*np.histogram(shown, bins=_bins(shown)), fill=True)
        ax.set_ylim(bottom=0)
        ax.set_title(literal(name) + (" (1 % cut)" if cut else ""), fontsize=9)
        _small(ax)
    return figure


def _bins(values: np.ndarray) -> int | np.ndarray:
    """Return one bin for each of a few whole numbers, else about sqrt(n), at most 40."""
    low, high = values.min(), values.max()
    if high - low <= 31 and (values % 1 == 0).all():
        return np.arange(low, high + 2) - 0.5
    return min(40, max(5, int(math.sqrt(len(values)))))


def _small(ax: Any) -> None:
    ax.tick_params(labelsize=7)
    ax.locator_params(axis="x", nbins=4)
    ax.locator_params(axis="y", nbins=4)


def draw_categories(report: ReportContent) -> Figure | None:
    """Draw the commonest values of each category column."""
    names = _columns(report, *CATEGORIES)
    if not names:
        return None
    figure, axes = _grid(len(names), across=3, height=1.9)
    for ax, name in zip(axes, names, strict=True):
        counts = report.data[name].value_counts()
        top = counts.head(8)[::-1]
        ax.barh([literal(v, 16) for v in map(str, top.index)], top.to_numpy())
        more = f" ({len(counts) - 8:,} more)" if len(counts) > 8 else ""
        ax.set_title(literal(name) + more, fontsize=9)
        ax.tick_params(labelsize=7)
        ax.locator_params(axis="x", nbins=4)
    return figure


def draw_dates(report: ReportContent) -> Figure | None:
    """Draw how many rows fall in each month, or in each year of a long column."""
    names = _columns(report, "date")
    names = [n for n in names if pd.notna(report.dates.loc[n, "earliest"])][:PANELS]
    if not names:
        return None
    figure = Figure(figsize=(6.4, 1.5 * len(names) + 0.4))
    for ax, name in zip(
        figure.subplots(len(names), 1, squeeze=False)[:, 0], names, strict=True
    ):
        rows = report.data[name].value_counts()
        dates = as_dates(rows.index.to_series()).reset_index(drop=True).dropna()
        years = dates.dt.year.max() - dates.dt.year.min()
        months = dates.dt.year * 12 + dates.dt.month - 1
        unit = dates.dt.year if years >= 10 else months / 12
        counts = pd.Series(rows.to_numpy()[unit.index]).groupby(unit.to_numpy()).sum()
        ax.bar(
            counts.index,
            counts.to_numpy(),
            width=0.9 if years >= 10 else 0.9 / 12,
            align="center" if years >= 10 else "edge",
        )
        ax.set_title(
            f"{literal(name)}, rows per {'year' if years >= 10 else 'month'}",
            fontsize=9,
        )
        ax.ticklabel_format(axis="x", useOffset=False)
        _small(ax)
    return figure


def draw_missing(report: ReportContent) -> Figure | None:
    """Draw where cells are missing, the table from top to bottom in 100 slices."""
    names = list(report.missing.index[:PANELS])
    if not names:
        return None
    gone = report.data[names].isna().to_numpy(float)
    slices = np.array_split(gone, min(100, len(gone)))
    shares = np.array([part.mean(axis=0) for part in slices])
    figure = Figure(figsize=(6.4, 0.24 * len(names) + 1.2))
    ax = figure.subplots()
    image = ax.imshow(shares.T, aspect="auto", vmin=0, vmax=1, cmap="Blues")
    ax.set_yticks(range(len(names)), [literal(name) for name in names], fontsize=8)
    ax.set_xticks([0, len(slices) - 1], ["first row", "last row"])
    ax.grid(False)
    figure.colorbar(image, label="share missing")
    return figure


def draw_boxes(report: ReportContent) -> Figure | None:
    """Draw box plots on one scale: the middle half of each column is one unit long."""
    names = [n for n in _columns(report, "number") if _box_length(report, n) > 0]
    if not names:
        return None
    boxes = [_box(report, name) for name in names]
    figure = Figure(figsize=(6.4, 0.28 * len(names) + 0.9))
    ax = figure.subplots()
    dots = {"markersize": 3, "alpha": 0.5}
    ax.bxp(boxes, orientation="horizontal", flierprops=dots)
    reach = max(
        float(np.abs([b["whislo"], b["whishi"], *b["fliers"]]).max()) for b in boxes
    )
    if reach > 10:  # equal steps near the middle, ever larger ones outside
        ax.set_xscale("symlog", linthresh=3)
        steps = [3.0 * 10**k for k in range(int(math.log10(reach / 3)) + 1)]
        ticks = [-t for t in steps[::-1]] + [0.0] + steps
        ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
        ax.set_xticks([], minor=True)
    ax.set_xlabel("distance from the median, in box lengths")
    return figure


def _box_length(report: ReportContent, name: str) -> float:
    row = report.overview.loc[name]
    return float(row["q75"] - row["q25"])


def _box(report: ReportContent, name: str) -> dict[str, Any]:
    values = finite(report.data[name]).to_numpy()
    middle = report.overview.loc[name, "median"]
    box = boxplot_stats((values - middle) / _box_length(report, name))[0]
    fliers = np.sort(box["fliers"])
    if len(fliers) > 60:  # the extremes, and some of those between
        fliers = fliers[np.linspace(0, len(fliers) - 1, 60).astype(int)]
    return {**box, "fliers": fliers, "label": literal(name)}


def draw_correlations(report: ReportContent) -> Figure | None:
    """Draw Pearson's correlations as a heat map."""
    if "pearson" not in report.correlations:
        return None
    table = report.correlations["pearson"].iloc[:PANELS, :PANELS]
    n = len(table)
    names = [literal(name) for name in table.columns]
    margin = 0.3 + 0.085 * max(map(len, names))  # inches for the names
    width, height = 0.4 * n + margin + 1.4, 0.33 * n + 0.9 * margin + 0.2
    figure = _fixed((width, height))
    ax = figure.add_axes(
        (margin / width, 0.9 * margin / height, 0.4 * n / width, 0.33 * n / height)
    )
    bar = figure.add_axes(
        (
            (margin + 0.4 * n + 0.2) / width,
            0.9 * margin / height,
            0.012,
            0.33 * n / height,
        )
    )
    image = ax.imshow(table, cmap="RdBu", vmin=-1, vmax=1, aspect="auto")
    ax.set_xticks(range(n), names, rotation=60, ha="right", fontsize=8)
    ax.set_yticks(range(n), names, fontsize=8)
    ax.grid(False)
    for (i, j), r in np.ndenumerate(table.to_numpy()):
        if n <= 12 and i != j and np.isfinite(r):
            colour = "white" if abs(r) > 0.6 else "black"
            ax.text(
                j, i, f"{r:.1f}", ha="center", va="center", fontsize=7, color=colour
            )
    figure.colorbar(image, label="correlation", cax=bar)
    return figure


def _colours(report: ReportContent, rows: pd.DataFrame) -> tuple[str | None, list[str]]:
    """Choose a category of two to eight values, the target first, to colour dots by."""
    target = [] if report.target is None else [report.target]
    for name in [*target, *_columns(report, *CATEGORIES)]:
        kind = report.overview.loc[name, "kind"]
        if kind in CATEGORIES and 2 <= rows[name].nunique() <= 8:
            return name, sorted(map(str, rows[name].dropna().unique()))
    return None, []


def _scatter(
    ax: Any, x: Any, y: Any, groups: pd.Series | None, names: list[str]
) -> None:
    dots = {"s": 6, "alpha": 0.6, "linewidths": 0, "rasterized": True}
    if groups is None:
        ax.scatter(x, y, **dots)
        return
    for name in names:
        mask = (groups.astype(str) == name).to_numpy()
        ax.scatter(x[mask], y[mask], label=literal(name), **dots)


def draw_pairs(report: ReportContent) -> Figure | None:
    """Draw up to four number columns against each other."""
    names = _most_related(report)
    if len(names) < 2:
        return None
    rows = _sample(report.data, DOTS)
    by, groups = _colours(report, rows)
    n = len(names)
    width, height = 1.7 * n + (1.4 if by else 0.3), 1.6 * n
    figure = _fixed((width, height))
    axes = figure.subplots(n, n, squeeze=False)
    right = 1 - (1.3 if by else 0.1) / width
    low, high = 0.5 / height, 1 - 0.1 / height
    figure.subplots_adjust(0.6 / width, low, right, high, wspace=0.4, hspace=0.35)
    for (i, j), ax in np.ndenumerate(axes):
        x, y = (pd.to_numeric(rows[names[k]]).to_numpy(float) for k in (j, i))
        if i == j:
            ax.stairs(*np.histogram(x[np.isfinite(x)], 25), fill=True, color="0.6")
        else:
            _scatter(ax, x, y, rows[by] if by else None, groups)
        ax.set_xlabel(literal(names[j], 18) if i == n - 1 else "", fontsize=8)
        ax.set_ylabel(literal(names[i], 18) if j == 0 else "", fontsize=8)
        _small(ax)
    if by:
        _legend(figure, axes[0, 1], by)
    return figure


def _legend(figure: Figure, ax: Any, by: str, loc: Any = "upper right") -> None:
    handles, labels = ax.get_legend_handles_labels()
    figure.legend(handles, labels, title=literal(by), loc=loc, markerscale=2)


def _most_related(report: ReportContent) -> list[str]:
    """Name up to four columns, those of the strongest pairs that are not near copies."""
    if "pearson" not in report.correlations:
        return []
    table = report.correlations["pearson"]
    pairs = strongest_pairs(table)
    pairs = pairs[pairs["value"].abs() < 0.98]
    few = report.overview.index[report.overview["distinct"] < 10]
    pairs = pairs[~pairs["first"].isin(few) & ~pairs["second"].isin(few)]
    names: list[str] = []
    if report.target in table.columns:
        names = [report.target]
    for _, (first, second, _r) in pairs.iterrows():
        names += [n for n in (first, second) if n not in names]
    return names[:4]


def draw_map(report: ReportContent) -> Figure | None:
    """Draw the rows along the two directions in which the numbers vary most."""
    distinct = report.overview["distinct"]
    names = [n for n in _columns(report, "number") if distinct[n] >= 10]
    names = [n for n in names if n != report.target]
    rows = _sample(report.data, DOTS)
    try:
        view = pca_view(rows[names].astype(float))
    except ValueError:  # too few columns or complete rows for a map
        return None
    by, groups = _colours(report, rows)
    figure = Figure(figsize=(6.0, 3.8))
    ax = figure.subplots()
    x, y = view.points["first"].to_numpy(), view.points["second"].to_numpy()
    _scatter(ax, x, y, rows.loc[view.points.index, by] if by else None, groups)
    assert view.explained is not None
    first, second = (f"{100 * share:.0f} %" for share in view.explained)
    ax.set_xlabel(f"first component ({first} of the variance)")
    ax.set_ylabel(f"second component ({second})")
    if by:
        _legend(figure, ax, by, "outside right upper")
    return figure


def draw_target(report: ReportContent) -> Figure | None:
    """Draw what goes with the target: up to six columns."""
    if report.target is None:
        return None
    if report.overview.loc[report.target, "kind"] in ("empty", "constant"):
        return None
    others = [n for n in _related_first(report) if n != report.target][:6]
    if not others:
        return None
    rows = _sample(report.data, 5 * DOTS)
    figure, axes = _grid(len(others), across=3, height=2.1)
    for ax, name in zip(axes, others, strict=True):
        _against_target(ax, report, rows, name)
        ax.set_title(literal(name), fontsize=9)
        _small(ax)
    return figure


def _related_first(report: ReportContent) -> list[Any]:
    """Name the number columns, those that go with the target first."""
    numbers = report.overview.index[report.overview["kind"] == "number"]
    related = [
        name
        for finding in report.findings
        if finding.topic == "target"
        for name in finding.columns
        if name in numbers
    ]
    return list(dict.fromkeys([*related, *numbers]))


def _against_target(
    ax: Any, report: ReportContent, rows: pd.DataFrame, name: str
) -> None:
    target = report.target
    if report.overview.loc[target, "kind"] == "number":
        both = rows[[name, target]].astype(float)
        _scatter(ax, both[name].to_numpy(), both[target].to_numpy(), None, [])
        ax.set_ylabel(literal(target, 18), fontsize=8)
        return
    counts = rows[target].value_counts()
    top = counts.index[counts > 0][:8]
    values = [finite(rows.loc[rows[target] == value, name]) for value in top]
    stats = [
        {**boxplot_stats(v.to_numpy())[0], "label": literal(k, 12)}
        for k, v in zip(top, values, strict=True)
        if len(v)
    ]
    if not stats:
        return
    ax.bxp(stats, orientation="horizontal", showfliers=False)
    ax.set_yticks(range(1, len(stats) + 1), [box["label"] for box in stats])
