"""`alliance serve`: what it answers, what it refuses, and that one client does not disturb another."""

from __future__ import annotations

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from tests.live.conftest import ANSWERS, SAID
from tests.live.serving import served

import alliancekit as ak
from alliancekit.errors import FileAccessError
from alliancekit.live.notice import NOTICE
from alliancekit.live.scored_turn import score_turns
from alliancekit.live.serve.openapi import description
from alliancekit.live.serve.repeats import Repeats
from alliancekit.live.serve.settings import Settings
from alliancekit.live.store import SessionStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from alliancekit import Reference, Scorer

PLANTED = "zebedee-4711"
QUICK = Settings(body_bytes=20_000, heartbeat_seconds=0.1, streams=3)
TOKEN = "0123456789abcdef"  # noqa: S105 - of a server that ends with the test


@pytest.fixture(scope="module")
def client(tiny_scorer: Scorer, tiny_reference: Reference) -> Iterator[httpx.Client]:
    with served(tiny_scorer, QUICK, reference=tiny_reference) as found:
        yield found


def push(client: httpx.Client, session: str, role: str, text: str | None, **more: object) -> httpx.Response:
    return client.post(f"/sessions/{session}/turns", json={"role": role, "text": text, **more})


def code_of(response: httpx.Response) -> str:
    assert response.headers["content-type"] == "application/json"
    return str(response.json()["error"]["code"])


def test_turns_over_http_are_those_of_a_live_session(
    client: httpx.Client, tiny_scorer: Scorer, tiny_reference: Reference
) -> None:
    session = ak.LiveSession(tiny_scorer, reference=tiny_reference)
    for turn in range(20):
        role, text = (("user", SAID[turn % 6]), ("assistant", ANSWERS[turn % 5]))[turn % 2]
        found = push(client, "same", role, text).json()
        expected = {"session_id": "same", **session.push(role, text).to_dict()}
        assert found == json.loads(json.dumps(expected))
    standing = client.get("/sessions/same").json()
    assert standing["running"] == found["running"]
    assert standing["signals"] == found["signals"]
    assert (standing["turns"], standing["turn_index"], standing["notice"]) == (20, 19, NOTICE)


def test_many_clients_at_once_get_what_each_would_get_alone(client: httpx.Client, tiny_scorer: Scorer) -> None:
    def talk(number: int) -> list[dict[str, Any]]:
        return [
            push(client, f"many{number}", "user", (*SAID, *ANSWERS)[(number + turn) % 11]).json() for turn in range(8)
        ]

    with ThreadPoolExecutor(12) as pool:
        talks = list(pool.map(talk, range(12)))
    for number, found in enumerate(talks):
        table = pl.DataFrame({"text": [(*SAID, *ANSWERS)[(number + turn) % 11] for turn in range(8)]})
        alone = tiny_scorer.score(
            table.with_columns(session_id=pl.lit("s"), role=pl.lit("user")).with_row_index("turn_index")
        )
        assert [row["turn_index"] for row in found] == list(range(8))
        for scale in tiny_scorer.scales:
            assert [row[scale] for row in found] == alone[scale].to_list()
    assert 'alliance_batch_turns_bucket{le="1.0"}' in client.get("/metrics").text


def test_what_comes_again_is_scored_once_and_forgotten_in_its_turn(
    tiny_scorer: Scorer, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = Slow(tiny_scorer)
    counted.go.set()
    repeats = Repeats(counted)  # type: ignore[arg-type]  # it does what is needed
    monkeypatch.setattr("alliancekit.live.serve.repeats.MOST", 2)
    turns: list[tuple[str, str | None]] = [("patient", "No."), ("therapist", "No."), ("patient", None)]
    expected = score_turns(tiny_scorer, turns)
    for seen in (3, 4):
        found = repeats.score(turns)
        assert [(turn.role, turn.n_tokens, turn.scores) for turn in found] == [
            (turn.role, turn.n_tokens, turn.scores) for turn in expected
        ]
        assert counted.seen == seen
    repeats.score([("patient", "Always."), ("patient", "Never."), ("patient", "a" * 201)])
    repeats.score(turns)
    assert counted.seen == 10
    assert "No." not in repr(vars(repeats))


def test_turns_without_a_session_are_scored(client: httpx.Client, tiny_scorer: Scorer) -> None:
    turns = [{"role": "therapist", "text": "We agree."}, {"role": "patient", "text": None}]
    first, second = client.post("/score", json={"turns": turns}).json()["scores"]
    assert set(first) == {"n_tokens", "truncated", *tiny_scorer.scales}
    assert set(second.values()) == {None}


def test_a_turn_that_is_sent_again_is_recognised(client: httpx.Client) -> None:
    assert push(client, "again", "user", "I trust you.", turn_index=5).status_code == 200
    again = push(client, "again", "user", "I trust you.", turn_index=5)
    assert (again.status_code, code_of(again)) == (409, "out_of_order")
    assert client.get("/sessions/again").json()["turns"] == 1


def test_events_come_as_they_happen(client: httpx.Client) -> None:
    with client.stream("GET", "/sessions/seen/events") as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": updates follow"
        expected = push(client, "seen", "user", "I trust you.").json()
        push(client, "unseen", "user", "I trust you.")
        data = next(line for line in lines if line.startswith("data: "))
        assert json.loads(data.removeprefix("data: ")) == expected
        assert next(line for line in lines if line.startswith(":")) == ": still here"


def test_only_so_many_streams_are_open(client: httpx.Client) -> None:
    streams = [client.stream("GET", "/sessions/s/events") for _ in range(QUICK.streams)]
    responses = [stream.__enter__() for stream in streams]
    refused = client.get("/sessions/s/events")
    assert (refused.status_code, code_of(refused), refused.headers["retry-after"]) == (429, "busy", "10")
    for response in responses:
        response.close()
    end = time.monotonic() + 20
    while "alliance_streams 0.0" not in client.get("/metrics").text:
        assert time.monotonic() < end
    assert push(client, "s", "user", "I trust you.").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", "/sessions/s/turns", b"", 422),
        ("POST", "/sessions/s/turns", b"{", 422),
        ("POST", "/sessions/s/turns", b"[]", 422),
        ("POST", "/sessions/s/turns", b'{"role": "user"}', 422),
        ("POST", "/sessions/s/turns", b'{"role": "nurse", "text": "zebedee-4711"}', 422),
        ("POST", "/sessions/s/turns", b'{"role": "user", "text": 7}', 422),
        ("POST", "/sessions/s/turns", b'{"role": "user", "text": "\\ud800"}', 422),
        ("POST", "/sessions/s/turns", b'{"role": "user", "text": "a", "zebedee-4711": 1}', 422),
        ("POST", "/sessions/s/turns", b'{"role": "user", "text": "a", "turn_index": -1}', 422),
        ("POST", "/sessions/s/turns", b"[" * 19_000, 422),
        ("POST", "/sessions/a%00b/turns", b'{"role": "user", "text": "a"}', 422),
        ("POST", "/sessions/a%20b/turns", b'{"role": "user", "text": "a"}', 422),
        ("POST", "/sessions/" + "a" * 129 + "/turns", b'{"role": "user", "text": "a"}', 422),
        ("POST", "/score", b'{"turns": []}', 422),
        ("POST", "/score", b" " * 20_001, 413),
        ("GET", "/sessions/never", b"", 404),
        ("GET", "/nothing", b"", 404),
        ("PUT", "/score", b"", 405),
    ],
    ids=range(18),
)
def test_what_is_wrong_has_an_answer_that_quotes_nothing(
    client: httpx.Client, method: str, path: str, content: bytes, status: int
) -> None:
    response = client.request(method, path, content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert code_of(response)
    assert PLANTED not in response.text
    assert client.get("/ready").status_code == 200


@pytest.mark.parametrize("text", ["\0", "🙂\u202e\x1b[2J", "a" * 19_000, " ", "\u200b"])
def test_strange_texts_are_scored(client: httpx.Client, text: str) -> None:
    assert push(client, "strange", "user", text).status_code == 200


def test_only_json_is_taken_and_only_under_names_of_this_machine(client: httpx.Client) -> None:
    form = client.post("/score", content=b"{}", headers={"Content-Type": "text/plain"})
    assert (form.status_code, code_of(form)) == (415, "not_json")
    foreign = client.get("/ready", headers={"Host": "evil.example"})
    assert (foreign.status_code, code_of(foreign)) == (421, "wrong_host")


def raw(client: httpx.Client, *parts: bytes) -> bytes:
    """Send bytes as they are and give what comes back."""
    with socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
            if b"\r\n\r\n" in received:
                break
        return received


def test_slow_bodies_end(tiny_scorer: Scorer) -> None:
    head = b"POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with served(tiny_scorer, Settings(body_bytes=20_000, body_seconds=0.2)) as client:
        # The rest never comes, however long the server waits.
        slow = raw(client, head + b"Content-Length: 1000\r\n\r\n", b"{", b'"turns"')
        assert slow.startswith(b"HTTP/1.1 408")
        assert client.get("/ready").status_code == 200


def test_endless_bodies_end(client: httpx.Client) -> None:
    head = b"POST /score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    endless = raw(client, head + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1000\r\n" + b"a" * 4096 + b"\r\n"] * 5)
    assert endless.startswith(b"HTTP/1.1 413")
    claimed = raw(client, head + b"Content-Length: 99999999999\r\n\r\n")
    assert claimed.startswith(b"HTTP/1.1 413")
    assert push(client, "well", "user", "I trust you.").status_code == 200


def test_a_token_is_asked_for_where_there_is_one(tiny_scorer: Scorer) -> None:
    with served(tiny_scorer, QUICK, token=TOKEN) as client:
        for shown in (None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", "Bearer ü"):
            headers = {} if shown is None else {b"Authorization": shown.encode()}
            for path in ("/metrics", "/sessions/s", "/sessions/s/events"):
                refused = client.get(path, headers=headers)
                assert (refused.status_code, code_of(refused)) == (401, "unauthorized")
        assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        assert [client.get(path).status_code for path in ("/", "/health", "/ready", "/openapi.json")] == [200] * 4


class Slow:
    """A scorer that waits until it is let go."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self.go = threading.Event()
        self.begun = threading.Event()
        self.seen = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the scorer has
        return getattr(self._scorer, name)

    def score_and_embed(self, texts: list[str | None]) -> Any:  # noqa: ANN401 - as the scorer gives
        """Wait, then score."""
        self.seen += len(texts)
        self.begun.set()
        self.go.wait(30)
        return self._scorer.score_and_embed(texts)


def test_overload_is_refused_and_goes_over(tiny_scorer: Scorer) -> None:
    slow = Slow(tiny_scorer)
    settings = Settings(waiting_turns=4, batches=1)
    with served(slow, settings) as client, ThreadPoolExecutor(12) as pool:  # type: ignore[arg-type]  # it does what is needed
        answers = [pool.submit(push, client, "o0", "user", "I trust you.")]
        # Alone in work: otherwise it is a matter of time how many are taken with it, and how many wait.
        assert slow.begun.wait(30)
        answers += [pool.submit(push, client, f"o{number}", "user", "I trust you.") for number in range(1, 12)]
        refused: list[httpx.Response] = []
        while len(refused) < 7:
            refused = [answer.result() for answer in answers if answer.done()]
        assert {(response.status_code, response.headers["retry-after"]) for response in refused} == {(429, "1")}
        assert client.get("/health").status_code == 200
        slow.go.set()
        statuses = [answer.result().status_code for answer in answers]
        assert statuses.count(200) == 5
        assert push(client, "o0", "user", "I trust you.").status_code == 200


def test_a_turn_that_waits_too_long_is_not_taken(tiny_scorer: Scorer, tmp_path: Path) -> None:
    slow = Slow(tiny_scorer)
    waits = Settings(answer_seconds=0.05, batches=1)
    with served(slow, waits, folder=tmp_path) as client:  # type: ignore[arg-type]  # as above
        # Nothing is scored before `go`, however long it takes.
        late = push(client, "late", "user", "I trust you.", turn_index=0)
        assert (late.status_code, code_of(late)) == (504, "timeout")
        slow.go.set()
    # The first server has finished the scores that nobody waits for; they are in no session.
    with served(tiny_scorer, Settings(), folder=tmp_path) as client:
        assert client.get("/sessions/late").status_code == 404
        assert push(client, "late", "user", "I trust you.", turn_index=0).status_code == 200


class Broken(Slow):
    """A scorer that fails, quoting the text, on some."""

    def score_and_embed(self, texts: list[str | None]) -> Any:  # noqa: ANN401 - as the scorer gives
        """Wait, then score or fail."""
        self.begun.set()
        self.go.wait(30)
        if PLANTED in texts:
            raise ValueError(f"cannot score {PLANTED}")
        return self._scorer.score_and_embed(texts)


def test_an_error_of_one_disturbs_no_other_and_quotes_nothing(
    tiny_scorer: Scorer, capfd: pytest.CaptureFixture[str]
) -> None:
    broken = Broken(tiny_scorer)
    with served(broken, Settings(batches=1)) as client, ThreadPoolExecutor(6) as pool:  # type: ignore[arg-type]  # as above
        texts = ["I trust you.", "No.", PLANTED, "Always.", "We agree."]
        answers = [pool.submit(push, client, "e0", "user", texts[0])]
        assert broken.begun.wait(30)  # alone in work, as above
        answers += [pool.submit(push, client, f"e{number}", "user", texts[number]) for number in range(1, 5)]
        while "alliance_waiting_turns 4.0" not in client.get("/metrics").text:
            time.sleep(0.01)
        broken.go.set()
        found = [answer.result() for answer in answers]
    assert [response.status_code for response in found] == [200, 200, 500, 200, 200]
    said = capfd.readouterr()
    assert PLANTED not in found[2].text + said.out + said.err
    assert "ValueError" in said.err


def test_what_was_acknowledged_is_there_after_a_stop(
    tiny_scorer: Scorer, tiny_reference: Reference, tmp_path: Path
) -> None:
    folder = tmp_path / "state"
    with served(tiny_scorer, QUICK, reference=tiny_reference, folder=folder) as client, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: push(client, f"k{number % 4}", "user", f"I trust {PLANTED}."), range(40)))
        before = {name: client.get(f"/sessions/{name}").json() for name in ("k0", "k1", "k2", "k3")}
    assert {found["turns"] for found in before.values()} == {10}
    assert PLANTED.encode() not in b"".join(path.read_bytes() for path in folder.iterdir())
    with served(tiny_scorer, QUICK, reference=tiny_reference, folder=folder) as client:
        assert {name: client.get(f"/sessions/{name}").json() for name in before} == before


def test_a_turn_that_cannot_be_kept_is_not_taken(
    tiny_scorer: Scorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise FileAccessError("the disk is full")

    with served(tiny_scorer, QUICK, folder=tmp_path) as client:
        for index in range(2):
            with monkeypatch.context() as full:
                full.setattr(SessionStore, "write", refuse)
                refused = push(client, "kept", "user", "I trust you.", turn_index=index)
                assert (refused.status_code, code_of(refused)) == (503, "unavailable")
            assert push(client, "kept", "user", "I trust you.", turn_index=index).status_code == 200
        assert client.get("/sessions/kept").json()["turns"] == 2
    assert "FileAccessError" in capfd.readouterr().err


def test_who_only_looks_does_not_fill_the_memory(tiny_scorer: Scorer, tmp_path: Path) -> None:
    with served(tiny_scorer, QUICK, folder=tmp_path) as client:
        for number in range(130):
            push(client, f"m{number}", "user", "I trust you.")
        for number in range(130):
            assert client.get(f"/sessions/m{number}").json()["turns"] == 1
        found = next(line for line in client.get("/metrics").text.splitlines() if line.startswith("alliance_sessions"))
        assert float(found.split()[1]) <= 100  # what `served` keeps in memory


def test_many_turns_at_once_are_taken_by_a_short_queue_that_is_empty(tiny_scorer: Scorer) -> None:
    with served(tiny_scorer, Settings(waiting_turns=2)) as client:
        turns = [{"role": "user", "text": "I trust you."}] * 5
        assert client.post("/score", json={"turns": turns}).status_code == 200


def test_no_id_and_no_text_is_in_the_metrics(client: httpx.Client) -> None:
    push(client, "secret-name", "user", f"I trust {PLANTED}.")
    client.get("/sessions/secret-name")
    client.get(f"/{PLANTED}")
    text = client.get("/metrics").text
    assert "secret-name" not in text
    assert PLANTED not in text
    assert 'route="/sessions/{session_id}/turns",status="200"' in text


def test_the_page_loads_nothing_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("/")
    assert NOTICE in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for path in ("/", "/page.js", "/page.css"):
        found = client.get(path)
        assert found.status_code == 200
        assert "//" not in found.text.replace("http://www.w3.org/2000/svg", "").replace("// ", "")


def test_the_description_names_every_route_and_says_what_signals_are_not(client: httpx.Client) -> None:
    found = client.get("/openapi.json").json()
    assert found == json.loads(json.dumps(description()))
    assert NOTICE in found["info"]["description"]
    assert {"/score", "/sessions/{session_id}/turns", "/sessions/{session_id}/events", "/metrics"} <= set(
        found["paths"]
    )
    references = json.dumps(found).count('"$ref"')
    assert references > 10
    for part in json.dumps(found).split('"$ref": "')[1:]:
        assert part.split('"')[0].rsplit("/", 1)[1] in found["components"]["schemas"]
