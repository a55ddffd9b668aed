"""The figure style of the book and its colours."""

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

palette: Mapping[str, str] = MappingProxyType(
    {
        "blue": "#0072B2",
        "vermillion": "#D55E00",
        "green": "#009E73",
        "purple": "#CC79A7",
        "orange": "#BE8C00",
        "sky_blue": "#3A9BD9",
        "black": "#000000",
        "brown": "#8A6D4B",
    }
)
"""The colours of Okabe and Ito, told apart by readers with any colour vision.

Orange and sky blue are darker here, and brown stands for yellow: each colour has a
contrast of at least 3 on white. In the order of the figure style's colour cycle.

>>> palette["vermillion"]
'#D55E00'
"""


def use_style() -> None:
    """Make the book's figure style the current one.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> with plt.rc_context():
    ...     use_style()
    ...     plt.rcParams["axes.spines.top"]
    False
    """
    import matplotlib.pyplot as plt

    plt.style.use(Path(__file__).with_name("mlmastery.mplstyle"))


def notebook_shell() -> Any:
    """Return the running IPython shell, or None outside IPython.

    A program that runs in IPython has imported it, so nothing is imported here.
    """
    ipython = sys.modules.get("IPython")
    return None if ipython is None else ipython.get_ipython()


def show_vector_figures(shell: Any) -> None:
    """Show figures as SVG for the site and PDF for print, without dates in them."""
    # The backend selects its own formats when it is first imported, so import it now.
    import matplotlib_inline.backend_inline  # noqa: F401
    from IPython.core.pylabtools import print_figure, select_figure_formats
    from matplotlib.figure import Figure

    select_figure_formats(shell, set())
    # SVG and PDF name the date differently; set_matplotlib_formats passes the same
    # metadata to both, and each warns of the other's name.
    undated = {
        "svg": ("image/svg+xml", {"Date": None}),
        "pdf": ("application/pdf", {"CreationDate": None}),
    }
    for fmt, (mime, metadata) in undated.items():
        formatter = shell.display_formatter.formatters[mime]
        formatter.for_type(Figure, partial(print_figure, fmt=fmt, metadata=metadata))
