"""What goes wrong on the first page, kept going wrong, and its cures."""

import cv2
import numpy as np
import pytest

from mlmastery.face_recognition import (
    PairScores,
    SFaceEmbedder,
    TripletHead,
    YuNetDetector,
    compose_scene,
    cosine_similarity,
    turn,
    unit_length,
    weight_path,
)
from mlmastery.face_recognition.record import _distinct, _find_faces, _scorers


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("change", "collapses"),
    [
        ({}, True),
        ({"mining": "semi-hard"}, False),
        ({"learning_rate": 0.003}, False),
        ({"n_components": 32}, False),
        ({"steps": 1500}, False),
    ],
    ids=["hardest", "semi-hard", "slower", "larger", "longer"],
)
def test_the_hardest_triplets_collapse_and_one_change_is_a_cure(
    orl, change, collapses, seed
):
    photos, people = orl
    tiny = [cv2.resize(p, (23, 28), interpolation=cv2.INTER_AREA) for p in photos]
    pixels = unit_length(np.reshape(tiny, (400, -1)) / 255)
    teachers = people <= 30
    failing = {"mining": "hardest", "n_components": 8, "learning_rate": 0.03}
    head = TripletHead(**failing | change, random_state=seed)
    head.fit(pixels[teachers], people[teachers])
    if collapses:
        assert head.losses_[-1] == pytest.approx(0.2, abs=0.02)
        assert head.spreads_[-1] < 0.1
    else:
        assert head.losses_[-1] < 0.05
        assert head.spreads_[-1] > 0.8


def test_tilted_faces_need_alignment(orl, yunet):
    photos, people = orl
    rows = np.flatnonzero((people <= 10) & (np.arange(400) % 10 < 4))
    tilted = [turn(photos[i], 15 if k % 2 else -15) for k, i in enumerate(rows)]
    found = [yunet.detect(image)[0] for image in tilted]
    auc = {}
    for align in (True, False):
        vectors = SFaceEmbedder(align=align).embed_many(tilted, found)
        similarity = cosine_similarity(vectors, vectors)
        auc[align] = PairScores(similarity, people[rows]).auc()
    assert auc[True] > 0.99 > 0.97 > auc[False]


def test_distances_of_mixed_lengths_tell_nobody_apart(some_people):
    vectors, people = some_people
    stretched = vectors * np.where(np.arange(len(vectors)) % 2, 1, 7)[:, None]
    apart = -np.linalg.norm(stretched[:, None] - stretched, axis=2)
    assert PairScores(apart, people).auc() < 0.9
    assert PairScores(cosine_similarity(stretched, stretched), people).auc() > 0.99


def test_every_file_of_weights_has_the_hash_that_is_pinned():
    from mlmastery.face_recognition import WEIGHTS

    for name in WEIGHTS:
        assert weight_path(name).is_file()


def test_the_group_picture_is_named_rightly(orl, yunet, sface):
    photos, people = orl
    enrolled = [np.flatnonzero(people == p)[:3] for p in (1, 2, 3)]
    faces = [[yunet.detect(photos[i])[0] for i in rows] for rows in enrolled]
    templates = np.array(
        [
            sface.embed_many([photos[i] for i in rows], own).mean(axis=0)
            for rows, own in zip(enrolled, faces, strict=True)
        ]
    )
    guests = [2, 25, 1, 3]
    scene = compose_scene([photos[10 * (g - 1) + 6] for g in guests], guests)
    found = YuNetDetector().detect(scene.image)
    score = cosine_similarity(sface.embed_many([scene.image] * 4, found), templates)
    said = sorted(int(r.argmax()) + 1 if r.max() >= 0.363 else 25 for r in score)
    assert said == [1, 2, 3, 25]


@pytest.mark.slow
def test_recording_knows_each_photograph_once_and_scores_all_pairs(orl):
    import pandas as pd

    photos, _people = orl
    rows = np.r_[np.arange(0, 120, 10), np.arange(1, 120, 10)]
    large = {i: np.pad(photos[i], ((69, 69), (79, 79)), mode="edge") for i in rows}
    first = [large[i] for i in range(0, 120, 10)] * 2
    second = [large[i] for i in range(1, 120, 10)]
    second += [large[(i + 10) % 120] for i in range(0, 120, 10)]
    table = pd.DataFrame({"first": first, "second": second})
    distinct, a, b = _distinct(table)
    assert len(distinct) == 24
    assert all((distinct[i] == f).all() for i, f in zip(a, first, strict=True))
    assert all((distinct[i] == s).all() for i, s in zip(b, second, strict=True))
    folds = np.tile([1, 2], 12)
    scorers = _scorers(distinct, _find_faces(distinct), folds)
    assert list(scorers) == [
        "eigenfaces", "whitened", "LBP", "dlib", "SFace, not aligned", "SFace",
    ]  # fmt: skip
    scores = scorers["SFace"](a, b)
    assert scores[:12].min() > scores[12:].max()
    lbp = scorers["LBP"](a, b)
    assert lbp.shape == (24,)
    assert (lbp < 0).all()
