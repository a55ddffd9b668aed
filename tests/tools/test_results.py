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


def chapter_with(monkeypatch, found, figures):
    run = {"results": found}
    ledger = {"date": "2026-11-02", "figures": figures} if figures else {}
    monkeypatch.setattr(pages, "run_of", lambda chapter: run)
    monkeypatch.setattr(pages, "ledger_of", lambda chapter: ledger)
    return pages.results_of(None)


def recorded(**more):
    told = {"name": "forest", "value": 0.8, "metric": "AUC", "protocol": "5 folds"}
    return {
        **told,
        "spread": None,
        "cpu_seconds": 12.3,
        "data_sha256": "0" * 64,
        **more,
    }


def test_a_chapter_has_one_table_and_its_notes_below(monkeypatch):
    found = [result(), result(name="lasso", note="Scaled.")]
    text = chapter_with(monkeypatch, found, [])
    assert text.count("| Figure |") == 1
    assert text.endswith("*lasso*: Scaled.")


def test_recorded_figures_stand_in_the_same_table_and_say_so(monkeypatch):
    figures = [recorded(), recorded(name="trees (recorded)")]
    text = chapter_with(monkeypatch, [result()], figures)
    assert text.count("| Figure |") == 1
    assert "| forest *(recorded)* | 0.8 | AUC |" in text
    assert "| trees (recorded) | 0.8 |" in text
    assert "Recorded on 2026-11-02" in text


def test_a_spread_is_not_parted_from_its_sign(monkeypatch):
    assert "53.1 ±\u00a02.0 (SE)" in chapter_with(monkeypatch, [result()], [])


def test_a_chapter_without_figures_says_so(monkeypatch):
    assert chapter_with(monkeypatch, [], []) == "Not yet executed."


def test_a_published_figure_is_not_cut_off_from_ours():
    ours, theirs = pages.rows_of(result(published=[published()]))
    given = [ours] * (pages.ONE_PAGE - 1) + [ours, theirs]
    first, second = pages.on_pages(given)
    assert len(first) == pages.ONE_PAGE - 1
    assert second == [ours, theirs]
