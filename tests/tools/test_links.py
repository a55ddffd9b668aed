"""Links of a built site: each that leads nowhere is named with its page."""

from pathlib import Path

import pytest
from links import broken_links

GOOD = """
<html><head><link rel="canonical" href="https://example.org/index.html"></head><body>
<h1 id="top">Title</h1><a name="old"></a><a href="#top">up</a><a href="other.html#part">on</a>
<a href="https://example.org">out</a><img src="data:image/png;base64,AA"><a href="#old">old</a>
</body></html>
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(GOOD)
    (tmp_path / "other.html").write_text('<html><body><p id="part">x</p></body></html>')
    return tmp_path


def test_a_whole_site_has_no_broken_link(site):
    assert broken_links(site) == []


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        ('<a href="gone.html">x</a>', "gone.html is absent"),
        ('<a href="other.html#gone">x</a>', "other.html#gone: no such part"),
        ('<a href="#gone">x</a>', "#gone: no such part"),
        ('<img src="gone.png">', "gone.png is absent"),
        ('<script src="https://example.org/x.js"></script>', "is loaded from outside"),
        ('<img src="//example.org/x.png">', "is loaded from outside"),
    ],
)
def test_a_broken_link_is_named_with_its_page(site, element, expected):
    page = site / "index.html"
    page.write_text(GOOD.replace("</body>", f"{element}</body>"))
    [line] = broken_links(site)
    assert line.startswith("index.html: ")
    assert expected in line
