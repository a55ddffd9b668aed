"""Watch a camera or video and name the faces, and keep the people enrolled.

python -m mlmastery.face_recognition watch demo
python -m mlmastery.face_recognition watch 0 --database faces.db
python -m mlmastery.face_recognition enrol "Ada" a.jpg b.jpg --purpose door --days 365
python -m mlmastery.face_recognition identify photo.jpg
python -m mlmastery.face_recognition list
python -m mlmastery.face_recognition delete "Ada"

A source is a video file, a folder of pictures, the number of a camera, or demo: a video
that is rendered from the ORL photographs. Everything stays on this machine. Ends with
status 0, or 1 with the reason in one sentence.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

DATABASE = "faces.db"
THRESHOLD = 0.363  # published for SFace by OpenCV; the chapter measures a better one


def main(
    arguments: Sequence[str] | None = None,
    prog: str = "python -m mlmastery.face_recognition",
) -> int:
    """Do what the arguments ask and return the exit status."""
    args = _parser(prog).parse_args(arguments)
    try:
        args.action(args)
    except (ValueError, OSError, LookupError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog, description="Recognise enrolled people."
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    watch = actions.add_parser("watch", help="open a live page in the browser")
    watch.add_argument("source", metavar="SOURCE", help="file, folder, camera or demo")
    watch.add_argument("--port", type=int, default=8000)
    watch.add_argument("--loop", action="store_true", help="begin again at the end")
    watch.add_argument("--detect-every", type=int, default=2, metavar="K")
    watch.add_argument(
        "--scale", type=float, default=1.0, help="of the detector's view"
    )
    watch.set_defaults(action=_watch)
    enrol = actions.add_parser("enrol", help="add a person who has agreed")
    enrol.add_argument("name", metavar="NAME")
    enrol.add_argument("images", metavar="IMAGE", nargs="+")
    enrol.add_argument("--consent", action="store_true", help="the person has agreed")
    enrol.add_argument("--given-by", metavar="WHO", help="default: the person")
    enrol.add_argument("--purpose", required=True)
    enrol.add_argument("--days", type=int, default=30, help="of the consent")
    enrol.set_defaults(action=_enrol)
    one = actions.add_parser("identify", help="name the faces of a picture")
    one.add_argument("image", metavar="IMAGE")
    one.set_defaults(action=_identify)
    every = actions.add_parser("list", help="print the people and their consent")
    every.set_defaults(action=_list)
    delete = actions.add_parser("delete", help="remove a person, with proof")
    delete.add_argument("name", metavar="NAME")
    delete.set_defaults(action=_delete)
    for action in (watch, enrol, one, every, delete):
        action.add_argument("--database", default=DATABASE, help=f"default: {DATABASE}")
    for action in (watch, one):
        action.add_argument("--threshold", type=float, default=THRESHOLD)
    return parser


def _database(args: argparse.Namespace) -> Any:
    from mlmastery.face_recognition.database import FaceDatabase
    from mlmastery.face_recognition.embedding import SFaceEmbedder

    return FaceDatabase(args.database, SFaceEmbedder())


def _watch(args: argparse.Namespace) -> None:
    from mlmastery.face_recognition.service import WatchService, listen, serve
    from mlmastery.face_recognition.sources import FrameSource
    from mlmastery.face_recognition.video import VideoRecognizer

    with closing(listen(args.port)) as port, tempfile.TemporaryDirectory() as folder:
        source: Any = int(args.source) if args.source.isdecimal() else args.source
        if source == "demo":
            source = _demo(Path(folder))
        frames = FrameSource(source, loop=args.loop, real_time=True)
        database = _database(args)
        database.purge_expired()
        recognizer = VideoRecognizer(
            database, args.threshold, detect_every=args.detect_every, scale=args.scale
        )
        print(f"Watching at http://127.0.0.1:{args.port}", flush=True)
        serve(WatchService(database, recognizer, frames), port)


def _demo(folder: Path) -> Path:
    from mlmastery.datasets import load_orl_faces
    from mlmastery.face_recognition.rendering import render_video

    photos = load_orl_faces().groupby("person")["image"].apply(list)
    people = {f"Person {i}": photos[i] for i in (3, 8, 12)}
    render_video(folder / "demo.avi", people, 600)
    return folder / "demo.avi"


def _enrol(args: argparse.Namespace) -> None:
    from mlmastery.face_recognition.consent import Consent, ConsentError

    if not args.consent:
        raise ConsentError(f"consent of {args.name} must be given: --consent")
    with closing(_database(args)) as database:
        today = database.today()
        until = today + timedelta(days=args.days)
        consent = Consent(args.given_by or args.name, today, args.purpose, until)
        count = database.enrol(args.name, args.images, consent)
    print(f"{args.name}: {count} photographs enrolled until {until}")


def _identify(args: argparse.Namespace) -> None:
    with closing(_database(args)) as database:
        answers = database.identify_all(args.image, args.threshold)
    for answer in answers:
        score = "" if answer.score is None else f"{answer.score:.2f}"
        print(answer.name or "unknown", score, sep="\t")
    if not answers:
        print("no face")


def _list(args: argparse.Namespace) -> None:
    with closing(_database(args)) as database:
        people = database.people()
    for person in people.itertuples():
        print(person.name, person.photographs, person.purpose, person.until, sep="\t")


def _delete(args: argparse.Namespace) -> None:
    with closing(_database(args)) as database:
        proof = database.delete(args.name)
    print(
        f"{args.name}: {proof.photographs} templates deleted, {proof.traces} traces "
        f"in {proof.bytes} bytes of {proof.files} files"
    )


if __name__ == "__main__":
    sys.exit(main())
