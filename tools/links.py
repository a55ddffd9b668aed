"""Find links inside the built site that lead nowhere, and what it loads from elsewhere.

python tools/links.py [_build/html]
"""

import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lxml import html

LOADED = ("link", "script", "img", "object", "source", "iframe")


def pages_of(root: Path) -> dict[Path, html.HtmlElement]:
    paths = (p for p in root.rglob("*.html") if "_static" not in p.parts)
    return {p.resolve(): html.fromstring(p.read_bytes()) for p in paths}


def ids_of(page: html.HtmlElement) -> set[str]:
    return set(page.xpath("//@id | //a/@name"))


def problem(page: Path, name: str, url: str, ids: dict[Path, set[str]]) -> str:
    """Return what is wrong with one address, or nothing."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc:
        outside = name in LOADED and parts.scheme in ("http", "https", "")
        return f"{url} is loaded from outside" if outside else ""
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not target.exists():
        return f"{url} is absent"
    if parts.fragment and target in ids and unquote(parts.fragment) not in ids[target]:
        return f"{url}: no such part"
    return ""


def broken_links(root: Path) -> list[str]:
    """Return one line for each address of the site that leads nowhere."""
    pages = pages_of(root)
    ids = {path: ids_of(page) for path, page in pages.items()}
    found = []
    for path, page in pages.items():
        for element in page.iter("a", *LOADED):
            url = element.get("href") or element.get("src") or element.get("data") or ""
            canonical = {"canonical", "alternate"} & set(element.get("rel", "").split())
            wrong = "" if canonical else problem(path, str(element.tag), url, ids)
            if wrong:
                found.append(f"{path.relative_to(root.resolve())}: {wrong}")
    return found


if __name__ == "__main__":
    lines = broken_links(Path(sys.argv[1] if len(sys.argv) > 1 else "_build/html"))
    print("\n".join([*lines, f"{len(lines)} broken"]))
    sys.exit(bool(lines))
