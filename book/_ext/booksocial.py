"""The picture that goes with a shared link: the descent of the cover, with the title."""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

SIZE, DPI = (1200, 630), 100
GROUND, CONTOUR, STEP, END = "#17355e", "#3e6898", "#e69f00", "#f0e442"
RATE, STEPS, START = 0.27, 12, np.array([-4.6, -1.05])
CURVATURE = np.array([1.0, 6.4])  # of x²/2 + 3.2 y²
TURN = np.deg2rad(24)


def card():
    """Return the card as a figure.

    Examples
    --------
    >>> (card().get_size_inches() * DPI).tolist()
    [1200.0, 630.0]
    """
    fig = Figure(figsize=np.array(SIZE) / DPI, dpi=DPI, facecolor=GROUND)
    ax = fig.add_axes((0, 0, 1, 1), facecolor=GROUND, xlim=(-5.6, 9.64), ylim=(-4, 4))
    ax.axis("off")
    angle = np.linspace(0, 2 * np.pi, 200)
    circle = np.column_stack([np.cos(angle), np.sin(angle)])
    for level in (0.12, 0.5, 1.2, 2.2, 3.5, 5.1, 7, 9.2, 11.7, 14.5):
        ellipse = turned(circle * np.sqrt(2 * level / CURVATURE))
        ax.plot(*ellipse.T, color=CONTOUR, lw=1.4)
    path = turned(START * (1 - RATE * CURVATURE) ** np.arange(STEPS + 1)[:, None])
    ax.plot(*path.T, color="white", lw=3)
    ax.plot(*path[:-1].T, "o", color=STEP, ms=11)
    ax.plot(*path[-1:].T, "o", color=END, ms=14)
    words = {"family": "DejaVu Serif", "color": "white", "va": "center"}
    for y, word in zip(
        (1.9, 0.6, -0.7), ("Machine", "Learning", "Mastery"), strict=True
    ):
        ax.text(4.9, y, word, size=50, **words)
    ax.text(4.93, -2.1, "A complete practical guide", size=17, **words)
    return fig


def turned(points):
    """Return points of shape (n, 2), turned by the cover's angle."""
    cos, sin = np.cos(TURN), np.sin(TURN)
    return points @ np.array([[cos, sin], [-sin, cos]])


def write_card(app, failure):
    if app.builder.format == "html" and failure is None:
        card().savefig(
            Path(app.outdir) / "_static" / "card.png", metadata={"Software": None}
        )


def setup(app):
    app.connect("build-finished", write_card)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
