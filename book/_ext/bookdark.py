"""A second drawing of each figure, for the dark theme; the script of the site shows it."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "tools"))

from dark import dark_svg

FIGURE = re.compile(
    r'<img\b(?:[^>"]|"[^"]*")*?\bsrc="((?:\.\./)*_images/([^"/]+)\.svg)"'
)


def with_dark_figures(app, pagename, templatename, context, doctree):
    """Name beside each figure of a page the drawing for the dark theme, if it has one."""
    if app.builder.format == "html" and "body" in context:
        found = {name: path for path, name in app.builder.images.items()}
        context["body"] = FIGURE.sub(
            lambda match: dark_beside(app, found, match), context["body"]
        )


def dark_beside(app, found, match):
    address, name = match.groups()
    folder = Path(app.outdir) / "_images"
    source = Path(app.srcdir) / found.get(f"{name}.svg", folder / f"{name}.svg")
    drawn = dark_svg(source.read_text(encoding="utf-8"))
    if drawn is None:
        return match[0]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}-dark.svg").write_text(drawn, encoding="utf-8")
    return f'{match[0]} data-dark="{address.removesuffix(".svg")}-dark.svg"'


def setup(app):
    app.connect("html-page-context", with_dark_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
