"""Exercise 1.7: Read an API to its end."""


# %% stub
def all_records(get, url):
    """Return the records of all pages of an API in one list.

    get(url) returns a page, a dict such as {"items": [...], "next": "/p2"}; on the last
    page "next" is None or not there. get raises ConnectionError when the server fails;
    then ask for the same page again, three times in all, and let the third error out.
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


# %% check
PAGES = {
    "/p1": {"items": [{"id": 1}, {"id": 2}], "next": "/p2"},
    "/p2": {"items": [{"id": 3}], "next": "/p3"},
    "/p3": {"items": [{"id": 4}]},
}


class Server:
    """Serves PAGES; each page in `failing` fails that often before it answers."""

    def __init__(self, failing):
        self.failing = dict(failing)

    def __call__(self, url):
        if self.failing.get(url, 0):
            self.failing[url] -= 1
            raise ConnectionError(url)
        return PAGES[url]

    def __eq__(self, other):
        return isinstance(other, Server)  # that it counts its failures is no change

    def __repr__(self):
        return f"a server, failing {self.failing or 'never'}"


EVERY = [{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}]
CASES = [
    Case("three pages", args=(Server({}), "/p1"), want=EVERY),
    Case("the second page fails twice", args=(Server({"/p2": 2}), "/p1"), want=EVERY),
]
