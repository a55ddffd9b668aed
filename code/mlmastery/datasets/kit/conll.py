"""Read words and tags as the shared tasks of CoNLL write them: one word a line."""

import pandas as pd

COLUMNS = ["sentence", "token", "tag"]


def read_conll(text: str) -> pd.DataFrame:
    r"""Return one row a word; the first column of a line is the word, the last its tag.

    Parameters
    ----------
    text : str
        Columns are separated by blanks, sentences by empty lines. Lines of documents,
        ``-DOCSTART-``, are left out.

    Returns
    -------
    DataFrame
        ``sentence`` (number from 0), ``token`` and ``tag``.

    Examples
    --------
    >>> read_conll("Ada NC B-PER\nsaw V O\n\nDelft NC B-LOC\n")
       sentence  token    tag
    0         0    Ada  B-PER
    1         0    saw      O
    2         1  Delft  B-LOC
    """
    rows: list[tuple[int, str, str]] = []
    sentence, fresh = -1, True
    for line in text.split("\n"):
        cells = line.split()
        if not cells or cells[0] == "-DOCSTART-":
            fresh = True
            continue
        sentence, fresh = sentence + fresh, False
        rows.append((sentence, cells[0], cells[-1]))
    return pd.DataFrame(rows, columns=COLUMNS)
