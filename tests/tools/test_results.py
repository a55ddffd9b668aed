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
