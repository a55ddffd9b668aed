"""The live page: over HTTP, in a real browser, and as a process that is told to stop."""

import signal
import subprocess
import sys
import time
from contextlib import closing
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
import requests
from kit.servers import free_port, wait_until

from mlmastery.datasets import load_orl_faces
from mlmastery.face_recognition import SFaceEmbedder
from mlmastery.face_recognition.__main__ import main
from mlmastery.face_recognition.consent import Consent
from mlmastery.face_recognition.database import FaceDatabase
from mlmastery.face_recognition.rendering import render_video
from mlmastery.face_recognition.service import (
    WatchService,
    draw_boxes,
    listen,
    watching,
)
from mlmastery.face_recognition.sources import CameraLostError, Frame, FrameSource
from mlmastery.face_recognition.video import Seen, VideoRecognizer, VideoResult

CONSENT = Consent("self", date(2026, 1, 1), "test", date(2099, 1, 1))
GREY = np.full((40, 60), 90, np.uint8)


class Flat:
    """Every picture holds one face, whose embedding is always the same."""

    name, dimension = "flat", 2

    def detect(self, image):
        from mlmastery.face_recognition.detection import Face

        return [Face((5.0, 5.0, 20.0, 20.0), 0.9, np.ones((5, 2)))]

    def embed(self, image, face):
        return np.array([1.0, 0.0])


@pytest.fixture
def flat(tmp_path):
    """Return a function that serves a source whose every frame shows one face."""
    database = FaceDatabase(tmp_path / "faces.db", Flat(), detector=Flat())

    def service(source):
        recognizer = VideoRecognizer(database, 0.5, Flat())
        return WatchService(database, recognizer, source)

    yield service
    database.close()


def camera():
    def read():
        time.sleep(0.01)
        return GREY

    return read


def status(address):
    return requests.get(f"{address}/status", timeout=10).json()


def enrolment(**changes):
    return {"track": 1, "name": "Ada", "consent": True, **changes}


def test_who_is_enrolled_from_the_picture_is_named_and_who_is_deleted_is_not(flat):
    with watching(flat(FrameSource(camera))) as address:
        wait_until(lambda: status(address)["processed"] > 5)
        assert status(address)["faces"][0]["name"] is None
        answer = requests.post(f"{address}/people", json=enrolment(), timeout=10)
        assert (answer.status_code, answer.json()["name"]) == (201, "Ada")
        wait_until(lambda: status(address)["faces"][0]["name"] == "Ada")
        again = requests.post(f"{address}/people", json=enrolment(), timeout=10)
        assert again.status_code == 409
        assert "Ada is enrolled" in again.json()["error"]
        proof = requests.delete(f"{address}/people", params={"name": "Ada"}, timeout=10)
        assert proof.json()["traces"] == 0
        wait_until(lambda: status(address)["faces"][0]["name"] is None)
        gone = requests.delete(f"{address}/people", params={"name": "Ada"}, timeout=10)
        assert gone.status_code == 404
    assert status_of_stopped(address)


def status_of_stopped(address):
    with pytest.raises(requests.ConnectionError):
        requests.get(address, timeout=5)
    return True


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"consent": False}, 422, "consent of Ada must be given"),
        ({"track": 99}, 404, "face 99 is no longer in the picture"),
        ({"name": ""}, 422, "name must have 1 to 100"),
        ({"days": 0}, 422, "days"),
        ({"more": 1}, 422, "more"),
    ],
)
def test_what_cannot_be_enrolled_is_refused_in_words(flat, changes, code, words):
    with watching(flat(FrameSource(camera))) as address:
        wait_until(lambda: status(address)["processed"] > 2)
        answer = requests.post(
            f"{address}/people", json=enrolment(**changes), timeout=10
        )
        assert answer.status_code == code
        assert words in answer.json()["error"]
        assert status(address)["people"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Host": "evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_another_site_may_neither_enrol_nor_look(flat, headers):
    with watching(flat(FrameSource(camera))) as address:
        wait_until(lambda: status(address)["processed"] > 2)
        for method, path in (
            ("POST", "people"),
            ("GET", "frame.jpg"),
            ("GET", "status"),
        ):
            answer = requests.request(
                method,
                f"{address}/{path}",
                json=enrolment(),
                headers=headers,
                timeout=10,
            )
            assert answer.status_code == 403, (method, path)
        assert status(address)["people"] == []
        own = {"Origin": address}
        answer = requests.post(
            f"{address}/people", json=enrolment(), headers=own, timeout=10
        )
        assert answer.status_code == 201


def test_a_large_body_is_refused(flat):
    with watching(flat(FrameSource(camera))) as address:
        answer = requests.post(f"{address}/people", data=b"x" * 70_000, timeout=10)
        assert answer.status_code == 413


def test_the_end_keeps_the_last_frame_and_still_enrols(flat):
    service = flat(FrameSource(lambda: iter([GREY] * 4).__next__))
    with watching(service) as address:
        assert service.wait(10)
        now = status(address)
        assert (now["state"], now["message"]) == ("ended", "end of the source")
        assert (now["width"], now["height"]) == (60, 40)
        jpeg = requests.get(f"{address}/frame.jpg", timeout=10).content
        assert jpeg[:2] == b"\xff\xd8"
        requests.post(f"{address}/people", json=enrolment(), timeout=10)
        assert status(address)["faces"][0]["name"] == "Ada"
        requests.delete(f"{address}/people", params={"name": "Ada"}, timeout=10)
        assert status(address)["faces"][0]["name"] is None


def test_every_frame_is_recognised_where_that_is_asked_for(flat):
    service = flat(FrameSource(lambda: iter([GREY] * 30).__next__))
    service.newest = False
    with watching(service) as address:
        assert service.wait(20)
        now = status(address)
        assert (now["processed"], now["dropped"], now["frame"]) == (30, 0, 29)


def test_a_lost_camera_is_said_so(flat):
    def breaking():
        pictures = iter([GREY] * 3)

        def read():
            for picture in pictures:
                return picture
            raise CameraLostError("cable")

        return read

    opened = []

    def open_once():
        opened.append(1)
        if len(opened) > 1:
            raise CameraLostError("no device")
        return breaking()

    source = FrameSource(open_once, reconnects=2, pause=0.3)
    service = flat(source)
    with watching(service) as address:
        wait_until(lambda: status(address)["state"] == "reconnecting")
        assert service.wait(10)
        now = status(address)
        assert now["state"] == "lost"
        assert "camera lost: no device" in now["message"]
        assert now["lost"] == 1
        assert now["faces"]


def test_a_fault_in_the_work_is_shown_and_not_swallowed(flat):
    service = flat(FrameSource(camera))
    service.recognizer.detector = SimpleNamespace(detect=lambda image: 1 / 0)
    with watching(service) as address:
        wait_until(lambda: status(address)["state"] == "failed")
        assert "ZeroDivisionError" in status(address)["message"]
        assert requests.get(f"{address}/frame.jpg", timeout=10).status_code == 503


def test_the_stream_is_a_row_of_pictures_that_ends_with_the_service(flat):
    service = flat(FrameSource(camera))
    with watching(service) as address:
        with requests.get(f"{address}/stream", stream=True, timeout=10) as answer:
            kind = answer.headers["content-type"]
            assert kind == "multipart/x-mixed-replace; boundary=frame"
            content = b""
            for piece in answer.iter_content(1024):
                content += piece
                if content.count(b"--frame\r\n") > 3:
                    break
        parts = content.split(b"--frame\r\n")[1:4]
        for part in parts:
            head, _, picture = part.partition(b"\r\n\r\n")
            length = int(head.rpartition(b":")[2])
            assert picture[:2] == b"\xff\xd8"
            assert len(picture) == length + 2
        started = time.monotonic()
    assert time.monotonic() - started < 5


def test_speed_and_age_are_those_of_the_last_results(flat):
    service = flat(FrameSource(camera))
    assert service.status()["fps"] == 0.0
    assert (service.state, service.status()["frame"]) == ("starting", None)
    for number, done in enumerate((10.0, 10.5, 11.0, 12.0)):
        frame = Frame(GREY[..., None].repeat(3, axis=2), number, done - 0.1 * number)
        service._recent.append(VideoResult(frame, done=done))
        service._show(service._recent[-1])
    now = service.status()
    assert now["fps"] == 1.5  # three intervals in two seconds
    assert now["latency_ms"] == 150  # of 0, 100, 200 and 300
    assert (now["frame"], service.sequence) == (3, 4)


def test_a_box_is_green_for_a_name_and_orange_for_none():
    import cv2

    image = np.full((60, 80, 3), 128, np.uint8)
    seen = [
        Seen(1, (10.4, 5.0, 20.0, 30.0), "Ada", 0.9),
        Seen(2, (50.0, 5.0, 20.0, 30.0), None, 0.1),
    ]
    jpeg = draw_boxes(VideoResult(Frame(image, 0, 0.0), seen), quality=100)
    drawn = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    assert drawn.shape == image.shape
    for x, y in ((10, 20), (30, 20), (20, 5), (20, 35)):
        red, green, _ = map(int, drawn[y, x])
        assert green > red + 60
        red, green, blue = map(int, drawn[y, x + 40])
        assert red > green > blue
    assert np.abs(drawn[20, 20].astype(int) - 128).max() < 12
    assert image.min() == image.max() == 128


# A real browser on a rendered film of real photographs


@pytest.fixture(scope="module")
def orl():
    return load_orl_faces().groupby("person")["image"].apply(list)


@pytest.fixture
def film(tmp_path, orl):
    people = {f"Person {i}": orl[i][5:] for i in (3, 12)}
    render_video(tmp_path / "film.avi", people, 200, size=(400, 240))
    database = FaceDatabase(tmp_path / "faces.db", SFaceEmbedder())
    database.enrol("Person 3", orl[3][:3], CONSENT)
    source = FrameSource(tmp_path / "film.avi", loop=True, real_time=True)
    recognizer = VideoRecognizer(database, 0.4, detect_every=2)
    yield WatchService(database, recognizer, source)
    database.close()


def test_in_a_browser_a_stranger_is_enrolled_named_and_deleted(film, browser):
    from playwright.sync_api import expect

    with watching(film) as address:
        page = browser.new_page()
        problems, outside = [], []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "request",
            lambda request: (
                request.url.startswith(address)
                or request.url.startswith("data:")
                or outside.append(request.url)
            ),
        )
        page.goto(address, wait_until="domcontentloaded")
        known, unknown = page.locator(".face.known"), page.locator(".face.unknown")
        expect(known).to_have_text("Person 3", timeout=20_000)
        expect(unknown).to_have_text("unknown", timeout=20_000)
        expect(page.locator("#picture")).to_have_js_property("naturalWidth", 400)
        # The names stand on the right people: Person 3 moves in the left half.
        assert known.bounding_box()["x"] < unknown.bounding_box()["x"]
        assert float(page.locator("#fps").inner_text()) > 0
        assert page.locator("#dropped").inner_text().isdecimal()
        unknown.dispatch_event("click")
        page.locator("#name").fill("<script>alert(1)</script>")
        page.locator("#enrol").click()
        expect(page.locator("#refused")).to_contain_text("consent")
        page.locator("#consent").check()
        page.locator("#enrol").click()
        row = page.locator("#people li", has_text="<script>")
        expect(row).to_have_count(1, timeout=20_000)
        expect(known.filter(has_text="<script>")).to_have_count(1, timeout=20_000)
        assert page.locator("#people script, .face script").count() == 0
        row.get_by_role("button").click()
        page.locator("#sure").click()
        expect(page.locator("#answer")).to_contain_text("0 traces", timeout=20_000)
        expect(row).to_have_count(0, timeout=20_000)
        expect(unknown).to_have_count(1, timeout=20_000)
        # A service that was started again counts its faces anew: the form must go.
        before = page.locator("#picture").get_attribute("src")
        unknown.dispatch_event("click")
        page.route("**/status", lambda route: route.abort())
        expect(page.locator("#state")).to_have_text("The service does not answer")
        expect(page.locator("#dialog")).to_be_hidden()
        expect(page.locator(".face")).to_have_count(0)
        page.unroute("**/status")
        expect(page.locator("#state")).to_have_text("Live", timeout=20_000)
        assert page.locator("#picture").get_attribute("src") != before
        film.source.stop()
        expect(page.locator("#state")).to_contain_text("stopped", timeout=20_000)
        page.close()
        assert problems == []
        assert outside == []


# Commands


def test_commands_enrol_identify_list_and_delete(tmp_path, orl, capsys):
    from PIL import Image

    files = []
    for number in range(3):
        files.append(str(tmp_path / f"{number}.png"))
        Image.fromarray(orl[12][number]).save(files[-1])
    Image.fromarray(GREY).save(tmp_path / "wall.png")
    place = ["--database", str(tmp_path / "faces.db")]
    asked = ["enrol", "Ada", *files[:2], "--purpose", "test", *place]
    assert main(asked) == 1
    assert "consent of Ada must be given" in capsys.readouterr().err
    assert main([*asked, "--consent"]) == 0
    assert "2 photographs enrolled" in capsys.readouterr().out
    assert main(["identify", files[2], *place]) == 0
    assert capsys.readouterr().out.startswith("Ada\t0.")
    assert main(["identify", str(tmp_path / "wall.png"), *place]) == 0
    assert capsys.readouterr().out == "no face\n"
    assert main(["list", *place]) == 0
    assert capsys.readouterr().out.startswith("Ada\t2\ttest\t")
    assert main(["delete", "Ada", *place]) == 0
    assert "2 templates deleted, 0 traces" in capsys.readouterr().out
    assert main(["delete", "Ada", *place]) == 1
    assert capsys.readouterr().err == "error: Ada is not enrolled\n"


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_the_command_stops_cleanly_while_a_browser_watches(tmp_path, sign):
    for number in range(3):
        from PIL import Image

        Image.fromarray(GREY).save(tmp_path / f"{number}.png")
    port = free_port()
    command = [sys.executable, "-m", "mlmastery.face_recognition", "watch"]
    command += [str(tmp_path), "--loop", "--port", str(port)]
    command += ["--database", str(tmp_path / "faces.db")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}"

    def ready():
        try:
            return status(address)["processed"] > 0
        except requests.RequestException:
            return process.poll() is not None

    wait_until(ready, timeout=60)
    stream = requests.get(f"{address}/stream", stream=True, timeout=10)
    next(stream.iter_content(100))
    process.send_signal(sign)
    _, errors = process.communicate(timeout=20)
    stream.close()
    assert errors == ""
    assert process.returncode in (0, -sign)


def test_a_source_that_is_not_there_ends_with_a_sentence(tmp_path, capsys):
    asked = ["watch", str(tmp_path / "no.avi"), "--database", str(tmp_path / "f.db")]
    assert main(asked) == 1
    assert "no.avi does not exist" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named_before_anything_is_begun(tmp_path, capsys):
    with closing(listen(free_port())) as taken:
        host, port = taken.getsockname()
        assert host == "127.0.0.1"
        asked = ["watch", "demo", "--port", str(port)]
        assert main([*asked, "--database", str(tmp_path / "f.db")]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert f"port must be free on this machine, {port} is not" in output.err
    assert not (tmp_path / "f.db").exists()


@pytest.mark.parametrize("port", [0, 65536, 80.5, True])
def test_a_port_that_is_no_port_is_refused(port):
    with pytest.raises(ValueError, match="port must be"):
        listen(port)
