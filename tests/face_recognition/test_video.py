"""Tracks, sources, rendered films, and the queue in which the newest frame wins."""

import threading
import time
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from mlmastery.face_recognition.detection import Face
from mlmastery.face_recognition.gallery import Gallery, Identification
from mlmastery.face_recognition.rendering import render_frames, render_video
from mlmastery.face_recognition.sources import CameraLostError, Frame, FrameSource
from mlmastery.face_recognition.tracking import (
    Tracker,
    assign_greedily,
    assign_optimally,
    vote,
)
from mlmastery.face_recognition.video import (
    LatestFrame,
    Seen,
    VideoRecognizer,
    VideoResult,
    count_switches,
    score_video,
    simulate_queue,
    time_stages,
)

GREY = np.full((20, 30), 90, np.uint8)


# Tracks


@pytest.mark.parametrize("assign", [assign_greedily, assign_optimally])
def test_no_row_or_column_is_paired_twice_nor_below_the_minimum(assign):
    rng = np.random.default_rng(0)
    for _ in range(50):
        overlaps = rng.random((4, 6))
        pairs = assign(overlaps, 0.5)
        rows, columns = zip(*pairs, strict=True)
        assert len(set(rows)) == len(pairs) == len(set(columns))
        assert min(overlaps[pair] for pair in pairs) >= 0.5


def test_greedy_takes_the_largest_first_and_can_lose_a_pair():
    overlaps = np.array([[0.8, 0.7], [0.7, 0.1]])
    assert assign_greedily(overlaps, 0.3) == [(0, 0)]
    assert assign_optimally(overlaps, 0.3) == [(0, 1), (1, 0)]


def test_a_pair_that_is_not_allowed_does_not_push_an_allowed_one_aside():
    overlaps = np.array([[0.5, 0.29], [0.29, 0.0]])
    assert assign_optimally(overlaps, 0.3) == [(0, 0)]


def test_a_track_follows_a_face_and_knows_where_it_will_be():
    tracker = Tracker(gain=1.0)
    for left in (0, 3, 6):
        (track,) = tracker.update([(left, 5, 10, 12)])
    assert track.id == 1
    assert track.velocity.tolist() == [3, 0]
    tracker.predict()
    tracker.predict()
    assert track.box == (12.0, 5.0, 10.0, 12.0)
    (same,) = tracker.update([(15, 5, 10, 12)])
    assert same is track
    assert track.velocity.tolist() == [3, 0]


def test_a_track_moves_down_and_up_too():
    tracker = Tracker(gain=1.0)
    for top in (0, 3):
        (track,) = tracker.update([(5, top, 10, 12)])
    tracker.predict()
    assert track.box == (5.0, 6.0, 10.0, 12.0)


def test_velocity_is_by_frame_also_where_detections_are_rare():
    tracker = Tracker(gain=1.0)
    tracker.update([(0, 0, 20, 20)])
    tracker.predict()
    tracker.predict()
    (track,) = tracker.update([(6, 0, 20, 20)])  # six pixels in three frames
    assert track.velocity.tolist() == [2, 0]


def test_gain_weighs_the_newest_displacement():
    tracker = Tracker(gain=0.25)
    tracker.update([(0, 0, 20, 20)])
    (track,) = tracker.update([(4, 8, 20, 20)])
    assert track.velocity.tolist() == [1, 2]


def test_the_centre_moves_not_the_corner():
    tracker = Tracker(gain=1.0)
    tracker.update([(10, 10, 20, 20)])
    (track,) = tracker.update([(8, 8, 24, 24)])  # grows about its centre
    assert track.velocity.tolist() == [0, 0]


def test_a_vanished_face_keeps_its_number_for_a_while_and_then_loses_it():
    tracker = Tracker(max_missed=2)
    (first,) = tracker.update([(0, 0, 10, 10)])
    for _ in range(2):
        assert tracker.update([]) == []
    (again,) = tracker.update([(0, 0, 10, 10)])
    assert again is first
    assert first.missed == 0
    for _ in range(3):
        tracker.update([])
    assert tracker.tracks == []
    (new,) = tracker.update([(0, 0, 10, 10)])
    assert new.id == 2


def test_numbers_do_not_change_with_the_order_of_detections():
    boxes = [(0, 0, 10, 10), (40, 0, 10, 10), (0, 40, 10, 10)]
    tracker = Tracker()
    ids = [track.id for track in tracker.update(boxes)]
    assert [t.id for t in tracker.update(boxes[::-1])] == ids[::-1]


@pytest.mark.parametrize(
    "options",
    [
        {"min_overlap": 0},
        {"min_overlap": 2},
        {"max_missed": -1},
        {"gain": 0},
        {"assignment": "best"},
    ],
)
def test_a_tracker_refuses_settings_out_of_range(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        Tracker(**options)


def test_a_vote_needs_more_than_half():
    a, b, no = (
        Identification("known", "A", 0.9),
        Identification("known", "B", 0.9),
        Identification("unknown", None, 0.1),
    )
    assert vote([]) is None
    assert vote([no, no, a]) is None
    assert vote([a, b, a]) == "A"
    assert vote([a, b]) is None


# Films


PEOPLE = {"Ada": [GREY[:, :24]], "Bob": [GREY[:, :24] + 60, GREY[:, :24] + 90]}


def test_the_truth_of_a_film_says_where_the_photographs_are():
    for image, truth in render_frames(PEOPLE, 5, size=(200, 120), noise=0):
        assert image.shape == (120, 200, 3)
        assert image.dtype == np.uint8
        bob = truth.set_index("name").loc["Bob"]
        if bob["visible"] == 1:
            x, y = int(bob["left"] + bob["width"] / 2), int(bob["top"] + 2)
            assert image[y, x].tolist() == [150] * 3
        assert truth["visible"].between(0, 1).all()


def test_a_film_is_the_same_again_and_another_with_another_seed():
    first, again, other = (
        next(render_frames(PEOPLE, 2, random_state=seed))[0] for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_film_file_holds_its_frames(tmp_path):
    truth = render_video(tmp_path / "film.avi", PEOPLE, 7, size=(160, 120), noise=0)
    source = FrameSource(tmp_path / "film.avi")
    frames = list(source)
    assert [frame.number for frame in frames] == list(range(7))
    assert source.ended == "end of the source"
    assert source.corrupt == 0
    assert set(truth["frame"]) == set(range(7))
    image, _ = next(render_frames(PEOPLE, 7, size=(160, 120), noise=0))
    assert np.abs(frames[0].image.astype(int) - image).mean() < 3


@pytest.mark.parametrize("people", [{}, {"Ada": []}])
def test_a_film_without_photographs_is_refused(tmp_path, people):
    with pytest.raises(ValueError, match="at least one photograph"):
        render_video(tmp_path / "film.avi", people)


def test_a_film_that_cannot_be_written_is_an_error(tmp_path, capfd):
    with pytest.raises(OSError, match="cannot be written"):
        render_video(tmp_path / "nowhere" / "film.avi", PEOPLE, 2)
    capfd.readouterr()  # what OpenCV says of it


# Sources


def test_a_folder_is_read_in_order_and_a_torn_picture_is_counted(tmp_path):
    for number in range(4):
        Image.fromarray(GREY + number).save(tmp_path / f"{number}.png")
    whole = (tmp_path / "2.png").read_bytes()
    (tmp_path / "2.png").write_bytes(whole[:50])
    (tmp_path / "notes.txt").write_text("no picture")
    source = FrameSource(tmp_path)
    frames = list(source)
    assert [frame.number for frame in frames] == [0, 1, 3]
    assert frames[2].image[0, 0].tolist() == [93] * 3
    assert source.corrupt == 1


@pytest.mark.parametrize(
    "wrong", [None, "text", GREY.astype(float), GREY[..., None], GREY[:0], [1, 2]]
)
def test_what_is_no_picture_is_skipped_and_counted(wrong):
    source = FrameSource(lambda: iter([GREY, wrong, GREY]).__next__)
    assert [frame.number for frame in source] == [0, 2]
    assert source.corrupt == 1


def test_a_corrupt_frame_inside_a_video_file_is_skipped_and_counted(tmp_path, capfd):
    render_video(tmp_path / "film.avi", PEOPLE, 9, size=(160, 120))
    content = bytearray((tmp_path / "film.avi").read_bytes())
    chunk = -1
    for _ in range(5):  # the fifth frame: name, length, JPEG
        chunk = content.index(b"00dc", chunk + 1)
    length = int.from_bytes(content[chunk + 4 : chunk + 8], "little")
    content[chunk + 8 : chunk + 8 + length] = bytes(length)
    (tmp_path / "film.avi").write_bytes(content)
    source = FrameSource(tmp_path / "film.avi")
    frames = list(source)
    capfd.readouterr()  # what the decoder says of it
    assert len(frames) == 8
    assert source.corrupt == 1
    assert source.ended == "end of the source"


class Camera:
    """Opens again and again; each stream gives some frames and then breaks."""

    def __init__(self, *streams):
        self.streams, self.opened = list(streams), 0

    def __call__(self):
        self.opened += 1
        if not self.streams:
            raise CameraLostError("no device")
        pictures = iter([GREY] * self.streams.pop(0))

        def read():
            try:
                return next(pictures)
            except StopIteration:
                raise CameraLostError("cable") from None

        return read


def test_a_lost_camera_is_opened_again_and_the_numbers_count_on():
    pauses, camera = [], Camera(3, 2, 1)
    source = FrameSource(camera, reconnects=2, pause=0.25, wait=pauses.append)
    assert [frame.number for frame in source] == list(range(6))
    assert source.lost == 3
    assert source.ended == "camera lost: no device; 2 attempts failed"
    assert camera.opened == 3 + 2
    assert pauses == [0.25] * 4
    assert not source.reconnecting


def test_a_camera_that_never_opens_ends_with_a_reason():
    source = FrameSource(Camera(), reconnects=0)
    assert list(source) == []
    assert source.ended.startswith("camera lost: no device")


def test_while_a_camera_is_away_the_source_says_so():
    seen = []
    source = FrameSource(
        Camera(1, 1), reconnects=1, wait=lambda _: seen.append(source.reconnecting)
    )
    for _ in source:
        seen.append(source.reconnecting)
    assert seen == [False, True, False, True]


def test_a_loop_begins_again_and_stops_when_told():
    source = FrameSource(lambda: iter([GREY] * 3).__next__, loop=True)
    numbers = []
    for frame in source:
        numbers.append(frame.number)
        if len(numbers) == 8:
            source.stop()
    assert numbers == list(range(8))
    assert source.ended == "stopped"


def test_a_loop_over_nothing_ends():
    source = FrameSource(lambda: iter([]).__next__, loop=True)
    assert list(source) == []


def test_a_file_in_real_time_is_not_read_faster_than_recorded(tmp_path):
    render_video(tmp_path / "film.avi", PEOPLE, 5, size=(160, 120), rate=10)
    now, waits = [0.0], []

    def wait(seconds):
        waits.append(seconds)
        now[0] += seconds

    source = FrameSource(
        tmp_path / "film.avi", real_time=True, clock=lambda: now[0], wait=wait
    )
    times = [frame.at for frame in source]
    np.testing.assert_allclose(times, [0, 0.1, 0.2, 0.3, 0.4])


def test_sources_that_do_not_exist_are_named(tmp_path, capfd):
    with pytest.raises(FileNotFoundError, match=r"film\.avi does not exist"):
        FrameSource(tmp_path / "film.avi")
    with pytest.raises(TypeError, match="source must be a path"):
        FrameSource(3.5)
    (tmp_path / "text.avi").write_text("no film")
    with pytest.raises(ValueError, match="cannot be opened as a video"):
        list(FrameSource(tmp_path / "text.avi"))
    capfd.readouterr()


def test_an_absent_camera_ends_with_a_reason(capfd):
    source = FrameSource(97, reconnects=1, pause=0)
    assert list(source) == []
    assert "97 cannot be opened as a camera; 1 attempts failed" in source.ended
    capfd.readouterr()


# The queue


def test_the_newest_frame_wins_and_the_others_are_counted():
    box = LatestFrame()
    assert box.get(timeout=0) is None
    for number in range(1, 5):
        box.put(number)
        assert len(box) == 1
    assert (box.get(), box.dropped, len(box)) == (4, 3, 0)
    box.put(5)
    box.close()
    assert (box.get(), box.get()) == (5, None)


def test_waiting_for_a_frame_ends_when_it_comes_or_when_closed():
    box = LatestFrame()
    threading.Timer(0.05, box.put, ("frame",)).start()
    assert box.get(timeout=10) == "frame"
    threading.Timer(0.05, box.close).start()
    assert box.get(timeout=10) is None


class FakeDatabase:
    """Enough of a database: one person at (1, 0)."""

    def __init__(self):
        self.people = Gallery(["Ada"], [[1.0, 0.0]])
        self.embedder = SimpleNamespace(embed=self._embed)
        self.calls = 0

    def gallery(self):
        return self.people

    def _embed(self, image, face):
        self.calls += 1
        return np.array([1.0, 0.1])


class OneFace:
    """A face that moves with the frames; slow on request."""

    def __init__(self, seconds=0.0):
        self.seconds, self.left, self.shapes = seconds, 0, []

    def detect(self, image):
        time.sleep(self.seconds)
        self.left += 1
        self.shapes.append(image.shape)
        return [Face((self.left, 2, 10, 10), 0.9, np.ones((5, 2)))]


def recognizer(detector=None, **options):
    return VideoRecognizer(FakeDatabase(), 0.5, detector or OneFace(), **options)


def frames(n):
    return FrameSource(lambda: iter([GREY] * n).__next__)


def test_a_slow_recogniser_answers_about_the_newest_frame():
    """Source every 10 ms for a second, 50 ms of work: about 20 frames, none old."""

    def camera():
        pictures = iter([GREY] * 100)

        def read():
            time.sleep(0.01)
            return next(pictures)

        return read

    slow = recognizer(OneFace(0.05))
    results = list(slow.run(FrameSource(camera)))
    assert 8 <= len(results) <= 24  # fewer where the machine is busy
    assert results[-1].age < 0.12
    assert slow.captured == 100
    assert slow.dropped == 100 - len(results)
    numbers = [result.frame.number for result in results]
    assert numbers == sorted(set(numbers))
    assert numbers[-1] == 99


def test_on_paper_the_newest_frame_is_never_old():
    table = simulate_queue(100, 0.01, 0.05)
    assert len(table) == 21
    assert table["age"].max() < 0.12
    assert table["waiting"].max() == 0
    assert table["frame"].iloc[-1] == 99


def test_the_naive_loop_falls_ever_further_behind():
    table = simulate_queue(100, 0.01, 0.05, newest=False)
    assert table["frame"].tolist() == list(range(100))
    assert table["age"].is_monotonic_increasing
    assert table["age"].iloc[-1] == pytest.approx(5.0 - 0.99)
    assert table["waiting"].max() == 79


def test_a_fast_recogniser_drops_nothing_either_way():
    for newest in (True, False):
        table = simulate_queue(10, 0.05, 0.01, newest)
        assert table["frame"].tolist() == list(range(10))
        np.testing.assert_allclose(table["age"], 0.01)


def test_an_error_of_the_source_reaches_the_caller():
    def camera():
        def read():
            raise ZeroDivisionError("driver")

        return read

    with pytest.raises(ZeroDivisionError, match="driver"):
        list(recognizer().run(FrameSource(camera)))


def test_leaving_the_loop_stops_the_source():
    source = FrameSource(lambda: lambda: GREY)
    for _ in recognizer().run(source):
        break
    assert source.ended == "stopped"


# The recogniser


def run(**options):
    video = recognizer(**options)
    results = list(video.run(frames(30), newest=False))
    return video, results


def test_a_tracked_face_is_embedded_rarely_and_an_untracked_one_always():
    tracked, results = run()
    assert tracked.database.calls == 4  # three to settle, one refresh
    assert sum(result.embedded for result in results) == 4
    assert {result.seen[0].track for result in results} == {1}
    assert all(result.seen[0].name == "Ada" for result in results)
    apart, _ = run(track=False)
    assert apart.database.calls == 30


def test_between_detections_boxes_move_on():
    detector = OneFace()
    video = recognizer(detector, detect_every=3)
    results = list(video.run(frames(9), newest=False))
    assert len(detector.shapes) == 3
    lefts = [result.seen[0].box[0] for result in results]
    assert lefts[3] == 2.0
    assert lefts[3] < lefts[4] < lefts[5]


def test_a_smaller_view_gives_boxes_of_the_full_picture():
    class Fixed:
        def detect(self, image):
            self.shape = image.shape
            return [Face((4.0, 5.0, 6.0, 7.0), 0.9, np.ones((5, 2)))]

    detector = Fixed()
    found = []
    video = recognizer(detector, scale=0.5)
    video.database.embedder.embed = lambda _, face: found.append(face) or [1.0, 0.0]
    (result,) = video.run(frames(1), newest=False)
    assert detector.shape == (10, 15, 3)
    assert result.seen[0].box == (8.0, 10.0, 12.0, 14.0)
    assert found[0].landmarks.tolist() == [[2.0, 2.0]] * 5


def test_a_change_of_the_database_counts_at_once():
    video = recognizer()
    (first,) = video.run(frames(1), newest=False)
    video.database.people = Gallery([], np.empty((0, 2)))
    (second,) = video.run(frames(1), newest=False)
    assert (first.seen[0].name, second.seen[0].name) == ("Ada", None)
    assert first.seen[0].track == second.seen[0].track


def test_a_doubtful_face_is_looked_at_more_often():
    video = recognizer()
    video.threshold = float(1 / np.hypot(1, 0.1)) - 0.01  # just reached
    list(video.run(frames(30), newest=False))
    assert video.database.calls == 3 + 6  # then every fourth detection


# Judging a film


def result(number, *seen):
    return VideoResult(Frame(GREY, number, 0.0), list(seen))


def test_a_film_is_judged_person_by_person():
    rows = [("Ada", 0, 0), ("Bob", 50, 0), ("Eve", 0, 50), ("Zoe", 50, 50)]
    truth = pd.DataFrame(
        [(0, name, x, y, 20, 20, 1.0) for name, x, y in rows]
        + [(1, "Ada", 0, 0, 20, 20, 0.5)],
        columns=["frame", "name", "left", "top", "width", "height", "visible"],
    )
    seen = [
        Seen(1, (2, 2, 16, 16), "Ada", 0.9),
        Seen(2, (52, 2, 16, 16), None, 0.1),
        Seen(3, (2, 52, 16, 16), "Ada", 0.6),
    ]
    scored = score_video([result(0, *seen), result(1)], truth, ["Ada", "Bob", "Zoe"])
    assert scored["outcome"].tolist() == ["right", "unknown", "wrong name", "not found"]
    assert scored["track"].tolist() == [1, 2, 3, 0]


def test_a_stranger_called_unknown_is_right():
    truth = pd.DataFrame(
        [(0, "Eve", 0, 0, 20, 20, 1.0)],
        columns=["frame", "name", "left", "top", "width", "height", "visible"],
    )
    seen = Seen(1, (0, 0, 20, 20), None, 0.1)
    assert score_video([result(0, seen)], truth, [])["outcome"].tolist() == ["right"]


def test_switches_are_changes_of_a_found_track():
    scored = pd.DataFrame({"name": list("aaaabb"), "track": [1, 0, 1, 2, 3, 3]})
    assert count_switches(scored) == 1


def test_stages_are_timed_each():
    times = time_stages({"a": lambda: None, "b": lambda: sum(range(200_000))}, 3)
    assert times.index.tolist() == ["a", "b"]
    assert times["b"] > times["a"]


@pytest.mark.parametrize(
    "options",
    [
        {"threshold": 1.1},
        {"threshold": -1.1},
        {"detect_every": 0},
        {"scale": 0},
        {"scale": 1.5},
        {"refresh": 0},
    ],
)
def test_a_recogniser_refuses_settings_out_of_range(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        VideoRecognizer(FakeDatabase(), **{"threshold": 0.5, **options})


def test_a_negative_threshold_is_a_cosine_too():
    assert VideoRecognizer(FakeDatabase(), -0.5, OneFace()).threshold == -0.5


def test_photographs_stay_near_their_place_in_the_row():
    width, height, base = 480, 320, 0.4 * 320
    for _, truth in render_frames(PEOPLE, 20, size=(width, height), noise=0):
        for place, row in zip((0.25, 0.75), truth.itertuples(), strict=True):
            centre = row.left + row.width / 2
            assert abs(centre - place * width) <= 0.75 * base + 2
            assert 0.8 * base - 1 <= row.width <= 1.2 * base + 1
            assert abs(row.height - row.width * 112 / 92) <= row.width
            assert -1 <= row.top <= height


def test_a_film_shows_another_photograph_every_twelve_frames():
    photos = {"Ada": [np.full((112, 92), grey, np.uint8) for grey in (60, 200)]}
    shown = []
    for image, truth in render_frames(photos, 26, size=(200, 160), noise=0):
        row = truth.iloc[0]
        x, y = row["left"] + row["width"] // 2, row["top"] + row["height"] // 2
        shown.append(int(image[y, x, 0]))
    assert shown == [60] * 12 + [200] * 12 + [60] * 2


def test_a_lower_photograph_is_covered_by_the_share_of_the_upper():
    image = np.full((112, 92), 100, np.uint8)
    people = {"under": [image], "over": [image]}
    for _, truth in render_frames(people, 30, size=(120, 400), noise=0):
        under, over = (row for _, row in truth.iterrows())
        shared = 1.0
        for start, size in (("left", "width"), ("top", "height")):
            low = max(under[start], over[start])
            high = min(under[start] + under[size], over[start] + over[size])
            shared *= max(high - low, 0)
        inside = [under["left"] >= 0, under["left"] + under["width"] <= 120]
        inside += [under["top"] >= 0, under["top"] + under["height"] <= 400]
        inside += [over["left"] >= 0, over["left"] + over["width"] <= 120]
        if all(inside):
            expected = 1 - shared / (under["width"] * under["height"])
            assert under["visible"] == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize("box", [(0, 0, 1), (0, np.nan, 1, 1), (0, 0, np.inf, 1)])
def test_a_tracker_refuses_what_is_no_box_and_keeps_its_tracks(box):
    tracker = Tracker()
    tracker.update([(0, 0, 10, 10)])
    with pytest.raises(ValueError, match="boxes must be four finite numbers"):
        tracker.update([box])
    assert tracker.tracks[0].box == (0, 0, 10, 10)


@pytest.mark.parametrize("assign", [assign_greedily, assign_optimally])
def test_overlaps_are_a_table_of_numbers(assign):
    for wrong in ([[np.nan, 0.5]], [0.5, 0.6]):
        with pytest.raises(ValueError, match="overlaps must be a table"):
            assign(wrong)


def test_a_camera_has_no_negative_number():
    """OpenCV dies of it, and the process with it."""
    with pytest.raises(ValueError, match="source must be"):
        FrameSource(-1)


@pytest.mark.parametrize(
    "photo",
    [np.zeros((9, 9, 3), np.uint8), np.ones((9, 9)), np.zeros((0, 0), np.uint8)],
)
def test_a_film_is_made_of_grey_photographs(tmp_path, photo):
    with pytest.raises(ValueError, match="photographs of Ada must be grey"):
        render_video(tmp_path / "film.avi", {"Ada": [photo]}, 2)


def test_after_a_deletion_no_sample_of_a_face_is_kept():
    video = recognizer()
    list(video.run(frames(3), newest=False))
    assert len(video.tracker.tracks[0].samples) > 0
    video.database.people = Gallery([], np.empty((0, 2)))
    video.detector = SimpleNamespace(detect=lambda image: [])
    list(video.run(frames(1), newest=False))
    (track,) = video.tracker.tracks
    assert (len(track.samples), len(track.votes)) == (0, 0)


def test_a_film_in_real_time_makes_up_for_no_pause():
    """After a slow answer the next frames come at their own pace, not in a burst."""

    class Film:
        rate = 10

        def __init__(self):
            self.left = 4

        def __call__(self):
            self.left -= 1
            if self.left < 0:
                raise StopIteration
            return GREY

    now, waits = [0.0], []

    def wait(seconds):
        waits.append(seconds)
        now[0] += seconds

    source = FrameSource(Film, real_time=True, clock=lambda: now[0], wait=wait)
    for frame in source:
        now[0] += 5 * (frame.number == 0)
    assert waits == pytest.approx([0.1, 0.1])
