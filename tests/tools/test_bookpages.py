"""Pictures that one page borrows from another."""

from types import SimpleNamespace

import bookpages
import pytest
from docutils import nodes


@pytest.fixture
def film_of():
    def film_of(*names: str):
        """Return what stands for the film fig-walk of a page with films of these names."""
        page = nodes.section(
            "", *(nodes.figure("", nodes.image(), ids=[n]) for n in names)
        )
        env = SimpleNamespace(get_doctree={"lines": page}.__getitem__)
        place = bookpages.borrowed_film(
            "", nodes.paragraph(), page="lines", film="fig-walk"
        )
        return bookpages.PutPictures.film(SimpleNamespace(env=env), place)

    return film_of


def test_the_film_of_another_page_is_copied(film_of):
    [film] = film_of("fig-other", "fig-walk")
    assert isinstance(film, bookpages.shown_film)
    assert len(list(film.findall(nodes.image))) == 1


def test_a_page_that_was_not_executed_lends_no_film(film_of, monkeypatch):
    """Or no chapter could be rendered in a fresh clone, whose others have no cells run.

    The warning stops the build of the whole book, in which no film may be missing.
    """
    said = []
    monkeypatch.setattr(bookpages.logger, "warning", lambda *words: said.append(words))
    assert film_of() == film_of("fig-other") == []
    assert [words[1:] for words in said] == [("lines", "fig-walk")] * 2
