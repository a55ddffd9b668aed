"""Exercise 1.12: Read an API to its end."""


# %% stub
def all_records(get, url):
    """Return the records of all pages of an API in one list.

    get(url) returns a page, a dict such as {"items": [...], "next": "/p2"}; on the last
    page "next" is None or not there. A page may have no items. get raises
    ConnectionError when the server fails; then ask for the same page again, three times
    in all, and let the third error out. Let any other error out at once.
    """
    raise NotImplementedError


# %% solution
def all_records(get, url):
    records = []
    while url:
        page = ask(get, url)
        records += page["items"]
        url = page.get("next")
    return records


def ask(get, url):
    for attempt in range(3):
        try:
            return get(url)
        except ConnectionError:
            if attempt == 2:
                raise


# %% wrong: "You stopped after the first page. Go on with page['next'] until there is none."
def all_records(get, url):
    for attempt in range(3):
        try:
            return list(get(url)["items"])
        except ConnectionError:
            if attempt == 2:
                raise


# %% wrong: "A page that failed was skipped, and its records are lost without a word. Ask for it again."
def all_records(get, url):
    records = []
    while url:
        try:
            page = get(url)
        except ConnectionError:
            break
        records += page["items"]
        url = page.get("next")
    return records


# %% wrong: "You kept the last page only. Add each page's records to those before."
def all_records(get, url):
    while url:
        for attempt in range(3):
            try:
                page = get(url)
                break
            except ConnectionError:
                if attempt == 2:
                    raise
        records = page["items"]
        url = page.get("next")
    return records


# %% wrong: "The third error was swallowed, so the caller takes half a table for the whole. Let it out."
def all_records(get, url):
    records = []
    while url:
        for _ in range(3):
            try:
                page = get(url)
                break
            except ConnectionError:
                page = {"items": []}
        records += page["items"]
        url = page.get("next")
    return records


# %% wrong: "You counted the failures of all pages together. Every page has three attempts of its own."
def all_records(get, url):
    records, failures = [], 0
    while url:
        try:
            page = get(url)
        except ConnectionError:
            failures += 1
            if failures == 3:
                raise
            continue
        records += page["items"]
        url = page.get("next")
    return records


# %% wrong: "You caught every kind of error. Only a ConnectionError is worth another attempt; anything else is a fault to be seen."
def all_records(get, url):
    records = []
    while url:
        for attempt in range(3):
            try:
                page = get(url)
                break
            except Exception:
                if attempt == 2:
                    raise
        records += page["items"]
        url = page.get("next")
    return records


# %% wrong: "You gave up one attempt too early: the third may still succeed."
def all_records(get, url):
    records = []
    while url:
        try:
            page = get(url)
        except ConnectionError:
            page = get(url)
        records += page["items"]
        url = page.get("next")
    return records


# %% wrong: "You asked more than three times for one page. A server that is down must not keep the loop alive."
def all_records(get, url):
    records = []
    while url:
        try:
            page = get(url)
        except ConnectionError:
            continue
        records += page["items"]
        url = page.get("next")
    return records


# %% wrong: "The last page need not have the key 'next' at all. Read it in a way that allows for that."
def all_records(get, url):
    records = []
    while url:
        for attempt in range(3):
            try:
                page = get(url)
                break
            except ConnectionError:
                if attempt == 2:
                    raise
        records += page["items"]
        url = page["next"]
    return records


# %% wrong: "You collected the pages' lists, one inside the other. Join them into one list of records."
def all_records(get, url):
    records = []
    while url:
        for attempt in range(3):
            try:
                page = get(url)
                break
            except ConnectionError:
                if attempt == 2:
                    raise
        records.append(page["items"])
        url = page.get("next")
    return records


# %% wrong: "After an error you started at the first page again, so some records are there twice. Repeat the failed page alone."
def all_records(get, url):
    records, start, failures = [], url, 0
    while url:
        try:
            page = get(url)
        except ConnectionError:
            failures += 1
            if failures == 3:
                raise
            url = start
            continue
        failures = 0
        records += page["items"]
        url = page.get("next")
    return records


# %% wrong: "You took a page without items for the end. Only 'next' says whether there is more."
def all_records(get, url):
    records = []
    while url:
        for attempt in range(3):
            try:
                page = get(url)
                break
            except ConnectionError:
                if attempt == 2:
                    raise
        if not page["items"]:
            break
        records += page["items"]
        url = page.get("next")
    return records


# %% wrong: "The last page is missing: it has no 'next', but it does have records."
def all_records(get, url):
    records = []
    while url:
        for attempt in range(3):
            try:
                page = get(url)
                break
            except ConnectionError:
                if attempt == 2:
                    raise
        url = page.get("next")
        if url:
            records += page["items"]
    return records


# %% wrong: "You added the other pages' records to the list inside the first page, which is not yours. Start with a list of your own."
def all_records(get, url):
    records = None
    while url:
        for attempt in range(3):
            try:
                page = get(url)
                break
            except ConnectionError:
                if attempt == 2:
                    raise
        if records is None:
            records = page["items"]
        else:
            records += page["items"]
        url = page.get("next")
    return records


# %% wrong: "The caller waits for the server's own ConnectionError. Do not turn it into another one."
def all_records(get, url):
    records = []
    while url:
        for _ in range(3):
            try:
                page = get(url)
                break
            except ConnectionError:
                pass
        else:
            raise RuntimeError(f"no answer from {url}")
        records += page["items"]
        url = page.get("next")
    return records


# %% check
class Server:
    """Serves three pages, a fourth, and one without items between them.

    Each page in `failing` fails that often before it answers. A page that it has served
    is its own: changed by the reader, it is missed at the next request.
    """

    def __init__(self, failing, error=ConnectionError):
        self.failing, self.error = dict(failing), error
        self.pages = {
            "/p1": {"items": [{"id": 1}, {"id": 2}], "next": "/p2"},
            "/p2": {"items": [{"id": 3}], "next": "/p3"},
            "/p3": {"items": [{"id": 4}]},
            "/q1": {"items": [{"id": 5}], "next": "/q2"},
            "/q2": {"items": [], "next": "/q3"},
            "/q3": {"items": [{"id": 6}], "next": None},
        }

        self.served = repr(self.pages)

    def __call__(self, url):
        if repr(self.pages) != self.served:
            raise RuntimeError("a page that the server keeps was changed")
        if self.failing.get(url, 0):
            self.failing[url] -= 1
            raise self.error(url)
        return self.pages[url]

    def __repr__(self):
        return f"a server, failing {self.failing or 'never'}"


EVERY = [{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}]
CASES = [
    Case("three pages", args=(Server({}), "/p1"), want=EVERY),
    Case(
        "a page without items, and a last one whose next is None",
        args=(Server({}), "/q1"),
        want=[{"id": 5}, {"id": 6}],
    ),
    Case("the second page fails twice", args=(Server({"/p2": 2}), "/p1"), want=EVERY),
    Case(
        "every page fails twice",
        args=(Server({"/p1": 2, "/p2": 2, "/p3": 2}), "/p1"),
        want=EVERY,
    ),
    Case(
        "a page that fails three times: its error comes out",
        args=(Server({"/p2": 3}), "/p1"),
        raises=ConnectionError,
    ),
    Case(
        "another kind of error, twice: it comes out",
        args=(Server({"/p2": 2}, ValueError), "/p1"),
        raises=ValueError,
    ),
]
