"""A web service on this machine that may be mistreated: pages, and one failure."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd

__all__ = ["served_pages"]


@contextmanager
def served_pages(
    table: pd.DataFrame, per_page: int = 25, failing_page: int | None = 2
) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """Serve a table in pages of JSON until the end of the ``with``.

    Parameters
    ----------
    table : DataFrame
    per_page : int, default=25
    failing_page : int, optional
        The page whose first request is answered with status 503.

    Yields
    ------
    address : str
        Of the first page.
    log : list of (str, int)
        Grows with each request: what was asked for, and the status of the answer.

    Examples
    --------
    >>> import requests
    >>> with served_pages(pd.DataFrame({"id": [1, 2, 3]}), per_page=2) as (address, log):
    ...     page = requests.get(address, timeout=5).json()
    >>> page
    {'items': [{'id': 1}, {'id': 2}], 'next': '/items?page=2'}
    """
    log: list[tuple[str, int]] = []

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = int(parse_qs(urlsplit(self.path).query).get("page", ["1"])[0])
            fails = page == failing_page and (self.path, 503) not in log
            log.append((self.path, 503 if fails else 200))
            body = json.dumps({} if fails else _page(table, page, per_page)).encode()
            self.send_response(log[-1][1])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(
            target=server.serve_forever, args=(0.01,), daemon=True
        )
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/items", log
        finally:
            server.shutdown()
            thread.join()


def _page(table: pd.DataFrame, page: int, per_page: int) -> dict[str, Any]:
    rows = table.iloc[per_page * (page - 1) : per_page * page]
    last = per_page * page >= len(table)
    records = json.loads(rows.to_json(orient="records"))
    return {"items": records, "next": None if last else f"/items?page={page + 1}"}
