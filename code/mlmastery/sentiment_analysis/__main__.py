"""Train a sentiment model, judge texts with it, or serve it with a small page.

python -m mlmastery.sentiment_analysis train --out model.json
python -m mlmastery.sentiment_analysis train --data reviews.csv --out model.json
python -m mlmastery.sentiment_analysis predict --model model.json "Not bad at all"
python -m mlmastery.sentiment_analysis serve --model model.json --port 8000

Training fits the chapter's model, which marks negations, to all sentences of film reviews
that come with the book, or to a CSV file with the columns text and positive (0 or 1).
Ends with status 0, or 1 with the reason in one sentence.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from mlmastery.datasets import DataError

MODEL = "sentiment.json"


def main(
    arguments: Sequence[str] | None = None,
    prog: str = "python -m mlmastery.sentiment_analysis",
) -> int:
    """Do what the arguments ask and return the exit status."""
    args = _parser(prog).parse_args(arguments)
    try:
        args.action(args)
    except (ValueError, TypeError, OSError, DataError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description="Praise or complaint?")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    train = actions.add_parser("train", help="fit a model and write it to a file")
    train.add_argument("--data", metavar="CSV", help="columns text and positive")
    train.add_argument("--out", default=MODEL, help=f"default: {MODEL}")
    train.set_defaults(action=_train)
    predict = actions.add_parser("predict", help="print label and probability of texts")
    predict.add_argument("texts", metavar="TEXT", nargs="+")
    predict.set_defaults(action=_predict)
    serve = actions.add_parser("serve", help="answer over HTTP, with a page to type in")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(action=_serve)
    for one in (predict, serve):
        one.add_argument("--model", default=MODEL, help=f"default: {MODEL}")
    return parser


def _train(args: argparse.Namespace) -> None:
    from mlmastery.sentiment_analysis.model import SentimentModel

    texts, positive = _read(args.data) if args.data else _film_sentences()
    SentimentModel(steps={"negations": True}).fit(texts, positive).save(args.out)
    print(f"Trained on {len(texts)} texts, written to {args.out}")


def _film_sentences() -> tuple[Any, Any]:
    from mlmastery.datasets import load_vader_movies

    reviews = load_vader_movies()
    return reviews["text"].tolist(), (reviews["score"] > 0).to_numpy()


def _read(path: str) -> tuple[list[str], Any]:
    import pandas as pd

    table = pd.read_csv(path, dtype={"text": str}, keep_default_na=False)
    if not {"text", "positive"} <= set(table.columns):
        found = ", ".join(map(str, table.columns))
        raise ValueError(f"{path} must have the columns text, positive, got {found}")
    labels = table["positive"].astype(str)
    if not labels.isin(["0", "1"]).all():
        strange = labels[~labels.isin(["0", "1"])].iloc[0]
        raise ValueError(f"positive must be 0 or 1, got {strange!r}")
    return table["text"].tolist(), (labels == "1").to_numpy()


def _service(args: argparse.Namespace) -> Any:
    from mlmastery.sentiment_analysis.model import SentimentModel
    from mlmastery.sentiment_analysis.service import SentimentService

    return SentimentService(SentimentModel.load(args.model))


def _predict(args: argparse.Namespace) -> None:
    service = _service(args)
    for text in args.texts:
        answer = service.predict(text)
        words = " ".join(f"{w['word']} {w['effect']:+.2f}" for w in answer["words"][:5])
        print(answer["label"], f"{answer['probability']:.3f}", words, sep="\t")


def _serve(args: argparse.Namespace) -> None:
    from mlmastery.sentiment_analysis.service import serve

    service = _service(args)
    print(f"Serving at http://{args.host}:{args.port}", flush=True)
    serve(service.model, args.host, args.port)


if __name__ == "__main__":
    sys.exit(main())
