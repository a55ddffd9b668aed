"""What a page's cells gave in the book's last run, as any notebook program can show it.

The run keeps figures as SVG and PDF for the site and for print; Colab, Kaggle and GitHub
show PNG. The same run gives the same bytes.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import io
import os
from typing import Any

import cache
import nbformat
import resvg_py
from cells import read
from chapters import ROOT, Chapter
from facts import syntax_tree
from nbformat import NotebookNode
from PIL import Image

from mlmastery.bookkit.film import FILM

DRAWN = ROOT / "_build" / "png"
SHOWN = ("text/html", "text/latex", "text/plain")
PX = 96  # pixels an inch, as browsers count


def of_run(chapter: Chapter) -> list[list[NotebookNode]]:
    """Return the outputs of each code cell, or nothing if the cells are not in the cache."""
    store, pages = cache.open_cache(), read(chapter)
    if not all(cache.load_from_cache(store, page) for page in pages):
        return []
    cells = [cell for page in pages for cell in page.notebook.cells]
    return [cell.outputs for cell in cells if cell.cell_type == "code"]


def deal(
    parts: list[tuple[bool, str]], outputs: list[NotebookNode]
) -> list[list[NotebookNode]]:
    """Give each part of a cell what it made: claims to claims, all else to the lesson.

    Parts are as in `reading.Reader.segments`; a claim outside a loop makes one output.
    """
    dealt: list[list[NotebookNode]] = [[] for _ in parts]
    at = 0
    for output in outputs if parts else []:
        lesson = kind(output) not in ("claim", "result")
        order = [*range(at, len(parts)), *reversed(range(at))]
        place = next((i for i in order if parts[i][0] == lesson), order[0])
        dealt[place].append(output)
        done = not lesson and not parts[place][0] and is_call(parts[place][1])
        at = max(at, min(place, len(parts)) + done)
    return dealt


def kind(output: NotebookNode) -> str:
    return output.get("metadata", {}).get("mlmastery", {}).get("kind", "")


def is_call(source: str) -> bool:
    [node] = syntax_tree(source).body
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)


def plain(outputs: list[NotebookNode], zoom: float) -> list[NotebookNode]:
    """Return a cell's outputs without the book's records, figures as PNG."""
    return [new for old in outputs for new in each(old, zoom)]


def each(output: NotebookNode, zoom: float) -> list[NotebookNode]:
    if output.output_type not in ("display_data", "execute_result"):
        return [output]
    for key in output.data:
        if key.endswith(FILM):
            return film(output.data[key], zoom)
    quiet = kind(output) == "claim" and not output.data.get("text/plain")
    if quiet or "scrapbook" in output.metadata:  # a value, which stands in the text
        return []
    data: dict[str, Any] = {k: output.data[k] for k in SHOWN if k in output.data}
    if "image/svg+xml" in output.data:
        return [figure(output.data["image/svg+xml"], zoom, data)]
    return [nbformat.v4.new_output(output.output_type, data)]


def film(pictures: list[dict[str, str]], zoom: float) -> list[NotebookNode]:
    """Return the first, the middle and the last picture, each under its label."""
    few = [pictures[i] for i in sorted({0, len(pictures) // 2, len(pictures) - 1})]
    show = nbformat.v4.new_output
    return [
        new
        for picture in few
        for new in (
            show("display_data", {"text/markdown": f"**{picture['label']}**"}),
            figure(picture["svg"], zoom, {}),
        )
    ]


def figure(svg: str, zoom: float, data: dict[str, Any]) -> NotebookNode:
    """Return a figure that is shown in its own size, whatever pixels it has."""
    content = png(svg, zoom)
    width, height = Image.open(io.BytesIO(content)).size
    size = {"width": round(width / zoom), "height": round(height / zoom)}
    image = {"image/png": base64.b64encode(content).decode()}
    return nbformat.v4.new_output(
        "display_data", {**image, **data}, metadata={"image/png": size}
    )


def png(svg: str, zoom: float) -> bytes:
    """Return a picture, which is kept, since drawing is most of an export's work."""
    path = DRAWN / f"{hashlib.sha256(f'{zoom} {svg}'.encode()).hexdigest()}.png"
    if not path.exists():
        DRAWN.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_bytes(draw(svg, zoom))
        part.replace(path)  # whole or not at all: others may be reading
    return path.read_bytes()


def draw(svg: str, zoom: float) -> bytes:
    """Draw a picture in at most 256 colours."""
    # Text is drawn as paths, so no font is looked for.
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, dpi=PX * zoom, background="white", skip_system_fonts=True
    )
    packed = io.BytesIO()
    image = Image.open(io.BytesIO(bytes(drawn))).convert("RGB")
    image.quantize(256).save(packed, "PNG", optimize=True)
    return packed.getvalue()
