"""Recommend films to a user, offline or over HTTP.

python -m mlmastery.recommendation recommend 15 --k 5
python -m mlmastery.recommendation serve --url sqlite:///ratings.db --port 8000

Learns from MovieLens, which takes some seconds, and from the ratings in the database.
Ends with status 0, or 1 with the reason in one sentence.
"""

import argparse
import sys
from collections.abc import Sequence

import sqlalchemy as sa

DATABASE = "sqlite:///ratings.db"


def main(
    arguments: Sequence[str] | None = None,
    prog: str = "python -m mlmastery.recommendation",
) -> int:
    """Do what the arguments ask and return the exit status."""
    args = _parser(prog).parse_args(arguments)
    try:
        args.action(args)
    except (ValueError, OSError, sa.exc.OperationalError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description="Recommend films.")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    one = actions.add_parser("recommend", help="print the films for a user")
    one.add_argument("user", metavar="USER", type=int)
    one.add_argument("--k", type=int, default=10, help="films to print; default: 10")
    one.add_argument("--seen", action="store_true", help="also films already rated")
    one.set_defaults(action=_recommend)
    many = actions.add_parser("serve", help="recommend and take ratings over HTTP")
    many.add_argument("--host", default="127.0.0.1")
    many.add_argument("--port", type=int, default=8000)
    many.set_defaults(action=_serve)
    for action in (one, many):
        action.add_argument("--url", default=DATABASE, help=f"default: {DATABASE}")
    return parser


def _service(url: str):
    from mlmastery.datasets import load_movielens
    from mlmastery.recommendation import Recommender
    from mlmastery.recommendation.service import RecommendationService
    from mlmastery.recommendation.store import RatingStore

    RatingStore(url).close()  # a database that cannot be opened says so at once
    ratings = load_movielens()
    films = ratings.drop_duplicates("movie_id").set_index("movie_id")
    return RecommendationService(
        Recommender(films["title"].to_dict()).fit(ratings), url
    )


def _recommend(args: argparse.Namespace) -> None:
    service = _service(args.url)
    try:
        answer = service.recommend(args.user, args.k, exclude_seen=not args.seen)
    finally:
        service.close()
    if answer["reason"]:
        print(answer["reason"])
    for film in answer["films"]:
        print(f"{film['rating']:.1f}", film["title"], film["reason"], sep="\t")


def _serve(args: argparse.Namespace) -> None:
    from mlmastery.recommendation.service import serve

    service = _service(args.url)
    print(f"Serving at http://{args.host}:{args.port}", flush=True)
    serve(service, args.host, args.port)


if __name__ == "__main__":
    sys.exit(main())
