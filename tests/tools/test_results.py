"""The tables of recorded figures: cut where a page ends, each row and protocol kept."""

import pages


def rows(n: int, protocol: str) -> list[list[str]]:
    return [[f"model {i}", "0.5", "AUC", protocol, "1"] for i in range(n)]


def test_every_row_stands_in_one_table_in_its_order():
    given = rows(25, "five folds") + rows(3, "another " * 40)
    assert [row for part in pages.on_pages(given) for row in part] == given


def test_a_table_ends_before_its_lines_fill_more_than_a_page():
    given = [[f"model {i}", "0.5", "AUC", f"{i} " * 200, "1"] for i in range(4)]
    parts = pages.on_pages(given)
    assert len(parts) == 4  # one row is longer than half a page
    assert max(map(len, pages.on_pages(rows(25, "five folds")))) == pages.ONE_PAGE


def test_each_table_says_its_protocol_and_says_it_once():
    first, second, other = pages.said_once([*rows(2, "five folds"), *rows(1, "ten")])
    assert [r[3] for r in (first, second, other)] == ["five folds", "as above", "ten"]
    assert second[:3] == ["model 1", "0.5", "AUC"]


def result(**more):
    return {
        "name": "ridge",
        "value": 53.1234,
        "spread": {"kind": "standard error", "size": 2.04},
        "metric": "RMSE",
        "protocol": "5 folds",
        "seconds": 1.24,
        "note": "",
        "published": [],
        **more,
    }


def published(**more):
    return {
        "source": "geron2022hands",
        "value": 54.0,
        "spread": None,
        "protocol": "one split",
        "comparable": True,
        "why_not": "",
        **more,
    }


def test_ours_stands_above_what_others_published():
    ours, theirs = pages.rows_of(result(published=[published()]))
    assert ours == ["**ridge**", "53.1 ± 2.0 (SE)", "RMSE", "5 folds", "1.2"]
    assert theirs == ["{cite:t}`geron2022hands`", "54", "", "one split", ""]


def test_what_cannot_be_compared_says_so_and_why():
    other = published(comparable=False, why_not="other rows")
    assert pages.cited(other)[3] == "one split; **not comparable**: other rows"


def test_a_chapter_has_one_table_and_its_notes_below():
    text = pages.executed([result(), result(name="lasso", note="Scaled.")])
    assert text.count("| Figure |") == 1
    assert text.endswith("*lasso*: Scaled.")


def test_a_published_figure_is_not_cut_off_from_ours():
    ours, theirs = pages.rows_of(result(published=[published()]))
    given = [ours] * (pages.ONE_PAGE - 1) + [ours, theirs]
    first, second = pages.on_pages(given)
    assert len(first) == pages.ONE_PAGE - 1
    assert second == [ours, theirs]
