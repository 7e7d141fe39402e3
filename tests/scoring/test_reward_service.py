"""The reward service, asked in each dialect by the bytes that its stack's own client sends.

What these are was read in the clients: flow_grpo `rewards.py`, verl-omni `http_scorer_client.py`,
Flow-Factory `my_reward_remote.py`, UniRL `client.py` and `remote.py`, openai's chat.
"""

import base64
import io
import json
import math
import os
import pickle
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import requests
from PIL import Image
from torch import nn

from scoring.engine import Engine
from scoring.images import read_rgb
from scoring.metric_functions import Subject
from scoring.metrics.networks.efficientnet_lite import EfficientNetLite0
from scoring.rewards.feature_maps import FeatureMap
from scoring.rewards.head import Head
from scoring.rewards.model import TENSORS, RewardModel, features_of, load, save
from scoring.service.__main__ import main
from scoring.service.batching import Batcher
from scoring.service.decoding import Limits
from scoring.service.rewards import Rewards, Value, Values
from scoring.service.service import Service
from scoring.service.web import App
from scoring.weights.files import REGISTRY
from tests.scoring.embedded import efficientnet_lite0
from tests.sites import free_port
from tests.waiting import HANG_SECONDS, until

TOKEN = "a token of thirty-two characters"
FEATURES = 1280
LIMITS = Limits(
    body_bytes=1 << 20, images=8, image_bytes=1 << 18, side=64, pixels=40 * 40, seconds=300
)
COLOURS = [(200, 30, 40), (20, 180, 60), (90, 90, 200)]


def png(colour: tuple[int, int, int], side: int = 24) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(stream, "PNG")
    return stream.getvalue()


IMAGES = [png(colour) for colour in COLOURS]
BAD = b"no image"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Caller:
    """Somebody who knows the token, or says another."""

    app: App
    authorization: str = f"Bearer {TOKEN}"

    def __call__(self, path: str, body: bytes | Mapping[str, Any] | None = None) -> Answer:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        told: list[Any] = []
        environ = {
            "REQUEST_METHOD": "GET" if body is None else "POST",
            "PATH_INFO": path.encode().decode("latin-1"),
            "CONTENT_LENGTH": str(len(data)),
            "HTTP_AUTHORIZATION": self.authorization,
            "wsgi.input": io.BytesIO(data),
        }
        parts = self.app(environ, lambda *given: told.extend(given))  # type: ignore[arg-type]
        return Answer(int(told[0].split()[0]), dict(told[1]), b"".join(parts))


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of weights with EfficientNet-Lite0, out of its package."""
    return efficientnet_lite0(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def heads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two heads on one network, one of them with two dimensions; and a folder that is none.

    How far one may be off is known of dogs alone.
    """
    root = tmp_path_factory.mktemp("heads")
    rng = np.random.default_rng(3)
    for name, dimensions, known in (
        ("cats", ["overall", "alignment"], None), ("dogs", ["overall"], np.eye(5) / 4),
    ):  # fmt: skip
        mapped = FeatureMap(np.zeros(FEATURES), rng.normal(size=(FEATURES, 5)))
        each = {one: Head(rng.normal(size=5), 0.0, 1.0, known) for one in dimensions}
        save(RewardModel("efficientnet-lite0/clean", mapped, each), root / name)
    shutil.copytree(root / "cats", root / "broken")
    (root / "broken" / TENSORS).write_bytes(b"nothing")
    return root


@pytest.fixture(scope="module")
def rewards(weights: Path, heads: Path) -> Rewards:
    return Rewards(Engine(weights_root=weights), heads)


@pytest.fixture(scope="module")
def app(rewards: Rewards) -> App:
    return App(Service(rewards, Batcher(rewards.scored), LIMITS), TOKEN)


@pytest.fixture(scope="module")
def ask(app: App) -> Caller:
    return Caller(app)


@pytest.fixture(scope="module")
def expected(weights: Path, heads: Path) -> list[float]:
    """What `scoring.rewards.model.load` says of the three images."""
    model = load(heads / "cats", weights=weights, device="cpu")
    scores = model.score([read_rgb(io.BytesIO(image)) for image in IMAGES])["overall"]
    return [pytest.approx(float(score), rel=1e-4) for score in scores]


def test_every_head_that_is_one_is_listed_with_what_it_is_made_with(
    ask: Caller, heads: Path
) -> None:
    told = ask("/rewards").json

    assert told["rewards"] == ["cats.overall", "cats.alignment", "dogs.overall"]
    (file,) = REGISTRY["efficientnet-lite0"].files
    assert told["made_with"]["dogs.overall"] == {
        "version": sha256((heads / "dogs" / TENSORS).read_bytes()).hexdigest()[:12],
        "weights_sha256": file.sha256,
    }
    models = ask("/v1/models").json["data"]
    assert [model["id"] for model in models] == told["rewards"]


def test_a_zip_that_comes_or_is_replaced_is_served_without_a_start(
    weights: Path, heads: Path, tmp_path: Path
) -> None:
    rewards = Rewards(Engine(weights_root=weights), tmp_path / "none yet")
    ask = Caller(App(Service(rewards, Batcher(rewards.scored), LIMITS), TOKEN))
    assert ask("/rewards").json["rewards"] == []
    found = []
    for at, name in enumerate(("cats", "dogs")):
        # As the site writes it: one zip in the place of the other.
        shutil.make_archive(str(tmp_path / name), "zip", heads / name)
        folder = tmp_path / "none yet"
        folder.mkdir(exist_ok=True)
        (tmp_path / f"{name}.zip").rename(folder / "project-7.zip")
        os.utime(folder / "project-7.zip", (at, at))
        (folder / "half.zip").write_bytes(b"PK\x03\x04 and no more")

        rewards.look()

        told = ask("/v1/score", {"images": [b64(IMAGES[0])], "rewards": ["project-7.overall"]}).json
        version = sha256((heads / name / TENSORS).read_bytes()).hexdigest()[:12]
        assert told["rewards"]["project-7.overall"]["version"] == version
        found.append(told["results"][0]["project-7.overall"]["value"])
        model = load(heads / name, weights=weights, device="cpu")
        [expected] = model.score([read_rgb(io.BytesIO(IMAGES[0]))])["overall"]
        assert found[-1] == pytest.approx(float(expected), rel=1e-4)
    assert found[0] != found[1]


def test_plain_json_says_all_there_is(ask: Caller, expected: list[float]) -> None:
    body = {"images": [b64(IMAGES[0]), b64(BAD), b64(IMAGES[1])], "rewards": ["cats.overall"]}

    told = ask("/v1/score", body).json

    unreadable = {"code": "image_unreadable", "params": {}}
    assert [row["cats.overall"] for row in told["results"]] == [
        {"value": expected[0], "standard_error": None, "reasons": []},
        {"value": None, "standard_error": None, "reasons": [unreadable]},
        {"value": expected[1], "standard_error": None, "reasons": []},
    ]
    assert told["rewards"].keys() == {"cats.overall"}


def test_a_standard_error_is_told_where_it_is_known(
    ask: Caller, heads: Path, weights: Path
) -> None:
    model = load(heads / "dogs", weights=weights, device="cpu")
    image = read_rgb(io.BytesIO(IMAGES[0]))
    mapped = model.model.mapped(features_of(model.model.network, [image], model.engine))
    error = pytest.approx(float(np.linalg.norm(mapped)) / 2, rel=1e-4)

    body = {"prompt": ["p"], "image": [b64(IMAGES[0])]}
    assert ask("/dogs.overall/compute", body).json["standard_errors"] == [error]
    pickled = ask("/dogs.overall", pickle.dumps({"images": [IMAGES[0]]})).body
    assert pickle.loads(pickled)["standard_errors"] == [error]


def test_flow_factory_gets_numbers_and_of_a_group_the_shares_that_are_beaten(
    ask: Caller, expected: list[float], app: App
) -> None:
    body = {
        "prompt": ["a field"] * 3, "image": [b64(image) for image in IMAGES], "video": None,
        "condition_images": None, "condition_videos": None,
    }  # fmt: skip

    told = ask("/cats.overall/compute", body).json
    group = ask("/cats.overall/group/compute", body).json

    assert told["rewards"] == expected
    assert told["reward"]["cats.overall"]["version"] == app.service.listed["cats.overall"].version
    a, b, c = told["rewards"]
    beaten = [(1 / (1 + math.exp(b - a)) + 1 / (1 + math.exp(c - a))) / 2]
    assert group["rewards"][0] == pytest.approx(beaten[0], rel=1e-3)
    assert sum(group["rewards"]) == pytest.approx(1.5)
    assert ask("/cats.overall/health").json["status"] == "ok"


def test_one_bad_image_of_flow_factorys_has_its_own_error(
    ask: Caller, expected: list[float]
) -> None:
    good = {"prompt": ["p"] * 2, "image": [b64(IMAGES[2]), "%"]}
    bad = {"prompt": ["p"], "image": ["%"]}

    assert ask("/cats.overall/compute", good).json["rewards"] == [expected[2], None]
    assert ask("/cats.overall/group/compute", good).json["rewards"] == [0.5, None]
    assert ask("/cats.overall/compute", good).json["errors"] == {"1": "image_not_base64"}
    assert ask("/cats.overall/compute", bad).json == {"error": "image_not_base64"}


def test_unirl_gets_each_rewards_value_and_errors_beside(
    ask: Caller, expected: list[float]
) -> None:
    def request(*images: bytes) -> dict[str, Any]:
        history = [{"text": "a field", "image_b64": b64(image)} for image in images]
        names = ["cats.overall", "dogs.overall"]
        return {"history": history, "required_rewards": names, "metadata": None}

    # An edit's history ends with what was made of its first image.
    told = ask("/score", {"requests": [request(IMAGES[1], IMAGES[0]), request(BAD)]}).json

    assert told["results"][0]["cats.overall"] == {"value": expected[0]}
    assert list(told["results"][0]) == ["cats.overall", "dogs.overall"]
    assert told["results"][1] == {}
    assert told["errors"] == [
        {}, {"cats.overall": "image_unreadable", "dogs.overall": "image_unreadable"},
    ]  # fmt: skip
    # Its client looks for its rewards' names in what health says, before it begins.
    assert ask("/health").json["rewards"].keys() == ask("/rewards").json["made_with"].keys()


def chat(*urls: str, **more: Any) -> dict[str, Any]:
    images = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    content = [*images, {"type": "text", "text": "Is it good? Answer Yes or No."}]
    messages = [{"role": "system", "content": "You judge."}, {"role": "user", "content": content}]
    return {"model": "cats.overall", "messages": messages, **more}


def test_chat_answers_with_the_value_and_as_tokens_how_probably_it_is_preferred(
    ask: Caller, expected: list[float]
) -> None:
    url = f"data:image/png;base64,{b64(IMAGES[1])}"

    told = ask("/v1/chat/completions", chat(url, logprobs=True, top_logprobs=20)).json

    value = float(told["choices"][0]["message"]["content"])
    assert value == expected[1]
    (token,) = told["choices"][0]["logprobs"]["content"]
    odds = {one["token"]: math.exp(one["logprob"]) for one in token["top_logprobs"]}
    assert odds["Yes"] == pytest.approx(1 / (1 + math.exp(-value)))
    assert odds["Yes"] + odds["No"] == pytest.approx(1)
    assert token["token"] == max(odds, key=lambda one: odds[one])
    assert (told["object"], told["model"]) == ("chat.completion", "cats.overall")
    assert told["rewards"] == [{"value": value, "standard_error": None, "reasons": []}]


def test_chat_fetches_no_image_from_anywhere(ask: Caller, expected: list[float]) -> None:
    good = f"data:image/png;base64,{b64(IMAGES[0])}"

    told = ask("/v1/chat/completions", chat("https://example.org/a.png", good)).json

    first, second = told["choices"][0]["message"]["content"].split("\n")
    assert (first, float(second)) == ("N/A", expected[0])
    assert told["rewards"][0]["reasons"][0]["code"] == "image_not_inline"
    assert ask("/v1/chat/completions", chat()).json["error"]["code"] == "no_image"


def test_flow_grpo_and_verl_omni_get_their_pickles(ask: Caller, expected: list[float]) -> None:
    # flow_grpo cuts a list of prompts with NumPy, so what it sends is an array.
    prompts = np.array_split(["a field", "a lake"], 1)[0]
    of_flow_grpo = pickle.dumps({"images": IMAGES[:2], "prompts": prompts})
    of_verl = pickle.dumps({"images": [IMAGES[2]], "prompts": ["a field"], "metadata": {}})

    grpo, verl = (ask("/cats.overall", body) for body in (of_flow_grpo, of_verl))

    assert pickle.loads(grpo.body)["outputs"] == expected[:2]
    assert pickle.loads(verl.body)["scores"] == [expected[2]]
    assert "error" not in pickle.loads(verl.body)


def test_a_bad_image_of_a_pickle_has_its_own_error(ask: Caller, expected: list[float]) -> None:
    some = ask("/cats.overall/", pickle.dumps({"images": [BAD, IMAGES[0]]}))
    none = ask("/cats.overall/", pickle.dumps({"images": [BAD]}))

    told = pickle.loads(some.body)
    assert (told["scores"], told["errors"]) == ([None, expected[0]], {0: "image_unreadable"})
    assert pickle.loads(none.body) == {"error": "image_unreadable"}


def test_what_a_pickle_would_run_is_refused_before_anything_is_scored(ask: Caller) -> None:
    answer = ask("/cats.overall", b"cos\nsystem\n(S'false'\ntR.")
    lone_surrogate = ask("/cats.overall", b"\x80\x04\x8c\x03\xed\xa0\x80\x8c\x01b\x93.")

    assert (answer.status, lone_surrogate.status) == (400, 400)
    assert pickle.loads(answer.body) == {"error": "pickle_refused (what=os system)"}
    assert pickle.loads(lone_surrogate.body) == {"error": "pickle_refused (what=\ud800 b)"}


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer ", "Bearer another", f"Token {TOKEN}", "Basic ?", f"Basic {b64(b'a:another')}"],
)
def test_who_does_not_know_the_token_gets_nothing_but_a_sign_of_life(
    app: App, authorization: str
) -> None:
    stranger = Caller(app, authorization)

    assert stranger("/health").json == {"status": "ok"}
    for path, body in (("/rewards", None), ("/score", {}), ("/cats.overall", None)):
        answer = stranger(path, body)
        assert (answer.status, answer.json["error"]["code"]) == (401, "token_wrong")


def test_a_token_may_stand_in_the_address(app: App) -> None:
    by_address = Caller(app, f"Basic {b64(f'any:{TOKEN}'.encode())}")

    assert by_address("/rewards").status == 200


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v1/score", b"[", 400, "body_unreadable"),
        ("/v1/score", b"[" * 100_000, 400, "body_unreadable"),
        ("/v1/score", b"[]", 400, "shape_wrong"),
        ("/v1/score", {"images": [], "prompts": ["a"]}, 400, "shape_wrong"),
        ("/v1/score", {"images": [], "rewards": ["cats"]}, 404, "reward_unknown"),
        ("/v1/score", {"images": ["a"] * 9}, 413, "too_many_images"),
        ("/v1/score", b" " * (1 << 20) + b"{}", 413, "body_too_large"),
        ("/compute", {"image": [], "prompt": []}, 400, "reward_not_named"),
        ("/cats/compute", {"image": [], "prompt": []}, 404, "reward_unknown"),
        ("/cats.overall/compute", {"video": [["a"]], "prompt": []}, 400, "shape_wrong"),
        ("/cats.overall/nothing", {}, 404, "address_unknown"),
        ("/score", {"requests": [{"required_rewards": []}]}, 400, "reward_not_named"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_whole_request_is_a_code(
    ask: Caller, path: str, body: bytes | Mapping[str, Any], status: int, code: str
) -> None:
    answer = ask(path, body)

    assert (answer.status, answer.json["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("image", "code"),
    [
        (png((0, 0, 0), side=65), "image_too_many_pixels"),
        (png((0, 0, 0), side=41), "image_too_many_pixels"),
        (IMAGES[0] + b"\0" * (1 << 18), "image_too_large"),
        (IMAGES[0][:60], "image_unreadable"),
    ],
)
def test_an_image_beyond_a_limit_is_refused_alone(ask: Caller, image: bytes, code: str) -> None:
    body = {"images": [b64(image), b64(IMAGES[0])], "rewards": ["dogs.overall"]}

    bad, good = (row["dogs.overall"] for row in ask("/v1/score", body).json["results"])

    assert [reason["code"] for reason in bad["reasons"]] == [code]
    assert good["value"] is not None


def test_images_of_many_requests_go_through_the_network_once(rewards: Rewards) -> None:
    # Full at eight: nobody's five milliseconds decide what this machine does in them.
    batcher = Batcher(rewards.scored, most=8, wait_seconds=300)
    ask = Caller(App(Service(rewards, batcher, LIMITS), TOKEN))
    sizes: list[int] = []

    def count(module: nn.Module, given: Sequence[Any], _found: Any) -> None:
        if isinstance(module, EfficientNetLite0):
            sizes.append(len(given[0]))

    body = {"images": [b64(IMAGES[0]), b64(IMAGES[1])], "rewards": ["cats.overall", "dogs.overall"]}
    hook = nn.modules.module.register_module_forward_hook(count)
    try:
        with ThreadPoolExecutor(4) as callers:
            answers = list(callers.map(lambda _: ask("/v1/score", body), range(4)))
    finally:
        hook.remove()

    assert [answer.status for answer in answers] == [200] * 4
    assert sizes == [8]


@pytest.fixture
def slow() -> Callable[[], tuple[Batcher, threading.Event, list[int]]]:
    """A batcher whose scorer waits until it is let go, and how many images it was given."""

    def made() -> tuple[Batcher, threading.Event, list[int]]:
        go, sizes = threading.Event(), []

        def score(names: Sequence[str], subjects: Sequence[Subject]) -> list[Values]:
            sizes.append(len(subjects))
            go.wait(300)
            return [dict.fromkeys(names, Value(1.0)) for _ in subjects]

        return Batcher(score, most=1, wait_seconds=0), go, sizes

    return made


def test_what_comes_too_late_is_said_so_and_not_scored_afterwards(
    app: App, slow: Callable[[], tuple[Batcher, threading.Event, list[int]]]
) -> None:
    batcher, go, sizes = slow()
    limits = replace(LIMITS, seconds=0.05)
    ask = Caller(App(Service(app.service.rewards, batcher, limits), TOKEN))
    body = {"images": [b64(IMAGES[0])] * 3, "rewards": ["cats.overall"]}

    answer = ask("/v1/score", body)

    assert (answer.status, answer.json["error"]["code"]) == (503, "too_late")
    assert answer.headers["Retry-After"] == "1"
    go.set()
    assert batcher.submit(["cats.overall"], Subject(read_rgb(io.BytesIO(IMAGES[0])))).result(300)
    assert len(sizes) == 2


def test_a_fault_of_the_scorer_is_raised_where_it_is_waited_for() -> None:
    def score(names: Sequence[str], subjects: Sequence[Subject]) -> list[Values]:
        if names == ("bad",):
            raise OSError("the disk is gone")
        return [dict.fromkeys(names, Value(1.0)) for _ in subjects]

    batcher = Batcher(score)
    subject = Subject(read_rgb(io.BytesIO(IMAGES[0])))

    with pytest.raises(OSError, match="the disk is gone"):
        batcher.submit(["bad"], subject).result(300)
    assert batcher.submit(["good"], subject).result(300) == {"good": Value(1.0)}


def test_it_does_not_start_without_a_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("REWARD_TOKEN", raising=False)

    assert main([]) == 2
    assert "REWARD_TOKEN is not set" in capsys.readouterr().err


def test_a_process_of_its_own_answers_until_it_is_ended(heads: Path, weights: Path) -> None:
    port = free_port()
    options = {"port": port, "heads": heads, "weights": weights, "device": "cpu"}
    command = [f"--{name}={value}" for name, value in options.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "scoring.service", *command],
        env={**os.environ, "REWARD_TOKEN": TOKEN}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://any:{TOKEN}@127.0.0.1:{port}"
    try:
        until(lambda: answers(port), "the service answers")
        told = requests.get(f"{address}/cats.overall/health", timeout=HANG_SECONDS).json()
        # A body whose length nobody says.
        endless = requests.post(address, data=iter([b"a"]), timeout=HANG_SECONDS)
    finally:
        process.terminate()

    assert told == {"status": "ok", "rewards": {"cats.overall": ["ready"]}}
    assert endless.status_code == 411
    assert process.wait(HANG_SECONDS) == 0


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/health", timeout=HANG_SECONDS).ok
    except requests.ConnectionError:
        return False
