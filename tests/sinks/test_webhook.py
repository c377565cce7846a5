"""The webhook, against a real server that fails in every way a server can."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from receiving import Receiver, receiving

from passerby import plugins
from passerby.errors import ConfigError, SinkError
from passerby.outlets import Sink
from passerby.records import Alert, Bands, Trial
from passerby.sinks.webhook import SIGNATURE, Webhook
from passerby.testing import HandClock, check_sink, rows

ALERT = Alert("crush", "north", "square", "firing", "critical", HandClock().now)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as got:
        yield got


def hook(receiver: Receiver, **options: Any) -> Webhook:
    return Webhook(SecretStr(f"{receiver.url}/in?key=hush"), site="Old Town", **{"clock": HandClock(), **options})


def test_a_measurement_is_a_cloudevent(receiver: Receiver) -> None:
    (row,) = rows(1)
    hook(receiver).write([row])
    hook(receiver).write([row])
    event, again = receiver.events
    assert receiver.sent[0][0] == "/in?key=hush"
    assert receiver.sent[0][1]["Content-Type"] == "application/cloudevents+json"
    assert event == again  # whoever sends it, and whenever
    assert event["specversion"] == "1.0"
    assert event["type"] == "org.passerby.measurement.v1"
    assert event["source"] == "/passerby/Old%20Town/scripted"
    assert event["subject"] == row.place
    assert event["time"] == "2026-03-02T08:15:00Z"
    assert event["data"]["count"] == row.count
    assert event["data"]["part"] == ["foot in"]
    assert len({json.dumps(event) for event in receiver.events}) == 1


def test_rows_differ_in_their_ids(receiver: Receiver) -> None:
    hook(receiver).write(rows(8))
    assert len({event["id"] for event in receiver.events}) == 8


def test_an_alert_says_its_state_and_nothing_of_anybody(receiver: Receiver) -> None:
    ids = iter(["first", "second"])
    hook(receiver, ids=lambda: next(ids)).write([ALERT, ALERT])
    event, again = receiver.events
    assert (event["type"], event["id"], again["id"]) == ("org.passerby.alert.firing.v1", "first", "second")
    assert set(event["data"]) == {"rule", "camera", "place", "state", "severity", "hour", "told"}
    assert event["data"]["told"] == "new"


def test_an_alert_that_comes_late_says_its_hour_and_that_it_is_late(receiver: Receiver) -> None:
    late = replace(ALERT, told="late")
    hook(receiver, clock=HandClock(ALERT.hour + timedelta(hours=5))).write([late])
    hook(receiver).write([late])
    event, again = receiver.events
    assert event["type"] == "org.passerby.alert.late.v1"
    assert (event["time"], event["data"]["hour"]) == ("2026-03-02T08:00:00Z", "2026-03-02T08:00:00Z")
    assert event == again  # also when another process tells it


def test_an_alert_that_nobody_acknowledged_fires_again(receiver: Receiver) -> None:
    hook(receiver).write([replace(ALERT, told="escalated")])
    (event,) = receiver.events
    assert (event["type"], event["data"]["told"]) == ("org.passerby.alert.firing.v1", "escalated")


def test_bands_and_trials_are_cloudevents_too(receiver: Receiver) -> None:
    at = datetime(2026, 6, 1, 12, tzinfo=UTC)
    hook(receiver).write([Bands("north", at, {"square": {"inside": "5-9"}}), Trial(at)])
    bands, trial = receiver.events
    assert (bands["type"], bands["source"]) == ("org.passerby.bands.v1", "/passerby/Old%20Town/north")
    assert bands["data"] == {
        "camera": "north",
        "at": "2026-06-01T12:00:00Z",
        "places": {"square": {"inside": "5-9"}},
    }
    assert (trial["type"], trial["source"]) == ("org.passerby.alert.test.v1", "/passerby/Old%20Town")
    assert bands["time"] == trial["time"] == "2026-06-01T12:00:00Z"


def test_the_body_is_signed(receiver: Receiver) -> None:
    hook(receiver, secret=SecretStr("key"), token=SecretStr("tok")).write(rows(1))
    _, headers, body = receiver.sent[0]
    assert headers[SIGNATURE] == "sha256=" + hmac.new(b"key", body, hashlib.sha256).hexdigest()
    assert headers["Authorization"] == "Bearer tok"
    hook(receiver).write(rows(1))
    assert receiver.sent[1][1][SIGNATURE] is None


@pytest.mark.parametrize(("status", "said"), [(500, "answers with 500"), (302, "with 302"), (0, "be reach")])
def test_what_is_offered_again_goes_on_where_it_failed(receiver: Receiver, status: int, said: str) -> None:
    receiver.answers = [202, status]
    sink, offered = hook(receiver), rows(3)
    with pytest.raises(SinkError, match=said) as caught:
        sink.write(offered)
    assert "hush" not in str(caught.value)
    sink.write(offered)
    assert [event["data"]["start"] for event in receiver.events] == [
        f"2026-03-02T08:{m:02}:00Z" for m in (0, 15, 30)
    ]


def test_a_receiver_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = SecretStr(f"http://127.0.0.1:{silent.getsockname()[1]}/hush")
        sink = Webhook(url, timeout=timedelta(milliseconds=50))
        with pytest.raises(SinkError, match=r"^http://127.0.0.1:\d+ did not answer in time"):
            sink.write(rows(1))


@pytest.mark.parametrize(
    "url", ["ftp://host/hush", "hush", "http://host:hush/", "http://ada:hush@host/", "http://"]
)
def test_an_address_that_is_none_is_refused_without_saying_it(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        plugins.build("sink", {"use": "webhook", "url": SecretStr(url)}, Sink)
    assert "hush" not in str(caught.value)


def test_a_path_of_other_letters_is_encoded(receiver: Receiver) -> None:
    Webhook(SecretStr(f"{receiver.url}/hüsh%20?k=字 x\udcff")).write(rows(1))
    assert receiver.sent[0][0] == "/h%C3%BCsh%20?k=%E5%AD%97%20x%FF"


@pytest.mark.parametrize("token", ["hüsh", "hu sh", "hush\r\nX-Other: 1", "字hush"])
def test_a_token_that_no_header_can_carry_is_refused_without_saying_it(token: str) -> None:
    with pytest.raises(ConfigError, match="token holds") as caught:
        plugins.build("sink", {"use": "webhook", "url": SecretStr("http://h"), "token": SecretStr(token)}, Sink)
    assert "sh" not in str(caught.value).replace("webhook", "")


def test_it_keeps_the_contract_of_sinks(receiver: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}"
    check_sink(lambda: hook(receiver), unreachable=lambda: Webhook(SecretStr(nobody)))
    assert "hush" not in repr(hook(receiver))
