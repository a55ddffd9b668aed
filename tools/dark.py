"""The figures of a dark page: the same drawing in colours that are legible there.

Ink and paper change places. A colour keeps its hue, so that a caption that names it stays
true, and becomes lighter until it stands out from the dark page. A figure that holds a
photograph, a colour map or text on colour is not redrawn: there the colours are the data.
"""

from __future__ import annotations

import colorsys
import re
from functools import cache

RGB = tuple[float, float, float]

PAGE: RGB = (0.07, 0.07, 0.07)  # #121212, the dark page of the theme
INK, PAPER = 0.92, 0.12  # lightness of what was black, and of what was white
CONTRAST = 4.0
TINT = 0.85  # a lighter colour is paper that is tinted, not a line or a dot
MOST_COLOURS = 12  # of a figure whose colours are names and not values
COLOUR = re.compile(r"(fill|stroke|stop-color)(:\s*|=\")#([0-9a-fA-F]{6})\b")


def dark_svg(svg: str) -> str | None:
    """Return a drawing for a dark page, or None where its colours have to stay.

    Examples
    --------
    >>> dark_svg('<svg><path style="fill: none; stroke: #000000"/></svg>')
    '<svg fill="#ebebeb"><path style="fill: none; stroke: #ebebeb"/></svg>'
    >>> dark_svg('<svg><image href="data:image/png;base64,AA"/></svg>') is None
    True
    """
    used = {found[2].lower() for found in COLOUR.findall(svg)}
    if "<image" in svg or len(set(filter(is_coloured, used))) > MOST_COLOURS:
        return None
    changed = COLOUR.sub(lambda m: f"{m[1]}{m[2]}#{on_dark(m[3].lower())}", svg)
    # What names no colour is black: text as outlines, among others.
    return re.sub(r"<svg\b", f'<svg fill="#{on_dark("000000")}"', changed, count=1)


def is_coloured(colour: str) -> bool:
    rgb = read(colour)
    return max(rgb) - min(rgb) >= 0.15


@cache
def on_dark(colour: str) -> str:
    """Return the colour for a dark page, both as six hexadecimal digits.

    Examples
    --------
    >>> on_dark("000000"), on_dark("ffffff"), on_dark("e69f00")
    ('ebebeb', '1f1f1f', 'e69f00')
    """
    hue, lightness, saturation = colorsys.rgb_to_hls(*read(colour))
    if not is_coloured(colour) or lightness > TINT:
        lightness = INK - (INK - PAPER) * lightness
        return written(colorsys.hls_to_rgb(hue, lightness, saturation))
    rgb: tuple[float, ...] = read(colour)
    while contrast(rgb, PAGE) < CONTRAST:
        rgb = tuple(x + 0.04 * (1 - x) for x in rgb)
    return written(rgb)


def read(colour: str) -> RGB:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def written(rgb: tuple[float, ...]) -> str:
    return "".join(f"{round(255 * x):02x}" for x in rgb)


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the contrast ratio of WCAG 2, from 1 to 21.

    Examples
    --------
    >>> round(contrast((0, 0, 0), (1, 1, 1)), 3)
    21.0
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(rgb: tuple[float, ...]) -> float:
    linear = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in rgb)
    return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
