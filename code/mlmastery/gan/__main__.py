"""Draw digits with a conditional GAN.

python -m mlmastery.gan sample --digit 7 --out sevens
python -m mlmastery.gan sample --digit 7 --out sevens --model gan.pt

Trains a projection GAN on 5,000 digits, or reads a file that `GAN.save` wrote. Ends with
status 0, or 1 with the reason in one sentence.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

if TYPE_CHECKING:
    from mlmastery.gan.training import GAN

STEPS = 500
STYLE: dict[str, Any] = {"cmap": "gray", "vmin": -1, "vmax": 1, "format": "png"}


def main(
    arguments: Sequence[str] | None = None, prog: str = "python -m mlmastery.gan"
) -> int:
    """Do what the arguments ask and return the exit status."""
    args = _parser(prog).parse_args(arguments)
    try:
        _sample(args)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser(prog: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=prog, description="Draw digits.")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    sample = actions.add_parser("sample", help="write images of a digit as PNG files")
    add = sample.add_argument
    add("--digit", type=int, required=True, metavar="0-9", help="the digit to draw")
    add("--out", type=Path, required=True, metavar="DIR", help="made if missing")
    add("--n", type=int, default=8, help="images to draw; default: 8")
    add("--seed", type=int, default=0, help="of training and noise; default: 0")
    source = sample.add_mutually_exclusive_group()
    source.add_argument("--model", metavar="FILE", help="a trained GAN; else train one")
    source.add_argument(
        "--steps", type=int, default=STEPS, help=f"of training; default: {STEPS}"
    )
    add("--save", metavar="FILE", help="keep the GAN for --model")
    return parser


def _sample(args: argparse.Namespace) -> None:
    from mlmastery.gan.training import GAN
    from mlmastery.validation import check_count

    # Before a training of seconds, so that a wrong wish costs none.
    check_count(args.n, "--n")
    check_count(args.seed, "--seed", minimum=0)
    if args.digit not in range(10):
        raise ValueError(
            f"--digit must be a whole number from 0 to 9, got {args.digit}"
        )
    args.out.mkdir(parents=True, exist_ok=True)
    model = GAN.load(args.model) if args.model else _trained(args.steps, args.seed)
    if args.save:
        model.save(args.save)
    _write(model.sample(args.n, y=args.digit, random_state=args.seed), args)


def _trained(n_steps: int, seed: int) -> GAN:
    from mlmastery.datasets import load_mnist
    from mlmastery.gan.images import to_images
    from mlmastery.gan.training import GAN

    def report(gan: GAN) -> None:
        if gan.n_steps_done_ % 100 == 0:
            done = f"step {gan.n_steps_done_} of {n_steps}"
            print(f"training: {done}", file=sys.stderr, flush=True)

    table = load_mnist()
    model = GAN(labels="projection", n_steps=n_steps, random_state=seed)
    return model.fit(to_images(table), table["digit"].to_numpy(), watch=report)


def _write(images, args: argparse.Namespace) -> None:
    from matplotlib.image import imsave

    from mlmastery.storage import replacing

    for k, image in enumerate(images):
        with replacing(args.out / f"digit-{args.digit}-{k}.png") as file:
            imsave(cast(BinaryIO, file), image, **STYLE)
    print(f"{len(images)} images of a {args.digit} in {args.out}")


if __name__ == "__main__":
    sys.exit(main())
