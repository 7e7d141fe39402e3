"""Reports over HTTP: shapes, and who sees which."""

import pytest

from tests import factories, judged
from tests.drivers import signed_in
from tests.rooms.exported import batch, pair_project, voted

REPORTS = ("progress", "annotators", "agreement", "leaderboard", "bias")


@pytest.fixture
def project(db):
    project = pair_project()
    in_batch = batch(project)
    for key, choices in enumerate(["aab", "bba", "abt"]):
        voted(project, in_batch, str(key), choices)
    return project


def urls(project) -> dict[str, str]:
    found = {name: f"/api/v1/projects/{project.pk}/reports/{name}" for name in REPORTS}
    found["qc"] = f"/api/v1/batches/{judged.Batch.objects.get(project=project).pk}/qc"
    return found


@pytest.mark.parametrize(
    ("role", "allowed", "otherwise"),
    [
        ("manager", {*REPORTS, "qc"}, 403),
        ("reviewer", {"progress"}, 403),
        ("annotator", set(), 403),
        (None, set(), 404),
    ],
)
def test_each_role_sees_its_reports(project, role, allowed, otherwise) -> None:
    person = factories.member(project, role) if role else factories.user()
    client = signed_in(person)

    found = {name: client.get(url).status_code for name, url in urls(project).items()}

    assert found == {name: 200 if name in allowed else otherwise for name in (*REPORTS, "qc")}


def test_a_stranger_is_told_to_sign_in(project, client) -> None:
    assert {client.get(url).status_code for url in urls(project).values()} == {401}


def test_a_reviewer_does_not_see_who_did_what(project) -> None:
    url = urls(project)["progress"]

    seen = signed_in(factories.member(project, "reviewer")).get(url).json()
    all_of_it = signed_in(factories.member(project, "manager")).get(url).json()

    assert seen["annotators"] == []
    assert len(all_of_it["annotators"]) == 9
    both = {"annotators": all_of_it["annotators"], "computed_at": all_of_it["computed_at"]}
    assert {**seen, **both} == all_of_it


def test_reports_have_the_contracts_shapes(project) -> None:
    client = signed_in(factories.member(project, "manager"))

    found = {name: client.get(url).json() for name, url in urls(project).items()}

    assert found["progress"] == {
        "items": 3,
        "settled": 3,
        "excluded": 0,
        "slots": {
            "open": 0,
            "claimed": 0,
            "submitted": 0,
            "accepted": 9,
            "rejected": 0,
            "withdrawn": 0,
        },
        "reviews": {"sampled": 0, "waiting": 0, "done": 0, "rejected": 0},
        "per_day": [{"date": "2026-11-01", "annotations": 9}],
        "annotators": found["annotators"]["annotators"],
        "forecast": {
            "earliest": None,
            "likely": None,
            "latest": None,
            "level": 0.8,
            "remaining": 0,
            # The answers are older than what a forecast is made from.
            "working_days": 0,
            "reason": {
                "code": "forecast_nothing_open",
                "params": {"count": 0},
                "message": "Every answer that was asked for is there.",
            },
            "needing": 0,
        },
        "computed_at": found["progress"]["computed_at"],
        "computing": False,
    }
    assert set(found["annotators"]["annotators"][0]) == {
        "id", "name", "annotations", "accepted", "rejected", "median_active_ms",
    }  # fmt: skip
    [overall] = found["agreement"]["questions"]
    assert (overall["id"], overall["type"], overall["n"]) == ("overall", "preference", 3)
    # Of fewer than six items there is none.
    assert overall["interval"] is None
    assert overall["no_interval"]["code"] == "too_few_points"
    # Of aab, bba, abt a third, a third and none of the pairs agree; by chance 4² + 4² + 1 of 9².
    [fleiss] = overall["further"]
    reason = fleiss["estimate"].pop("no_interval")
    assert fleiss == {
        "name": "fleiss_kappa",
        "estimate": {
            "value": pytest.approx((2 / 9 - 33 / 81) / (1 - 33 / 81)),
            "n": 3,
            "interval": None,
            "undefined": None,
        },
    }
    assert (reason["code"], reason["params"]) == ("too_few_points", {"n": 3, "least": 6})
    [board] = found["leaderboard"]["dimensions"]
    generators, matrix = board.pop("generators"), board.pop("matrix")
    fragile = board.pop("fragile")
    assert board == {
        "question": "overall",
        "option": "",
        "kind": "preference",
        "measure": "win_rate",
        "higher_is_better": True,
        "scale": None,
        "answers": "accepted",
        "items": 3,
        "prompts": 3,
        "votes": 9,
        "side": {
            "left_share": None,
            "interval": None,
            "n": 9,
            "undefined": {
                "code": "sides_not_varied",
                "params": {},
                "message": board["side"]["undefined"]["message"],
            },
        },
        "not_comparable": None,
        "groups": [],
        "no_interval": {
            "code": "too_few_prompts",
            "params": {"n": 3, "least": 6},
            "message": board["no_interval"]["message"],
        },
        "undecided": None,
        "part": None,
        "weighed": 0,
        "single": 0,
    }
    # They are level: a vote less, and the other is first.
    decisive = fragile.pop("items")
    assert {fragile.pop("first"), fragile.pop("next")} == {"drawer", "painter"}
    assert fragile == {"votes": 1, "tried": 10}
    assert [row["votes"] for row in decisive] == [1]
    # aab, bba, abt: four votes each and a tie.
    level = {
        "n": 3, "value": 0.5, "interval": None, "wins": 1, "ties": 1, "losses": 1,
        "strength": pytest.approx(0, abs=1e-9), "strength_interval": None,
        "elo": pytest.approx(1000), "elo_interval": None,
        "rank": 1, "rank_interval": None, "first": None,
    }  # fmt: skip
    assert generators == [{"generator": name, **level} for name in ("drawer", "painter")]
    met = {"wins": 1, "ties": 1, "n": 3}
    assert matrix == [
        {"generator": "painter", "against": "drawer", **met},
        {"generator": "drawer", "against": "painter", **met},
    ]
    [bias] = found["bias"]["questions"]
    assert (bias["left"], bias["right"], bias["n"], bias["p"]) == (4, 4, 8, 1.0)
    assert (found["qc"]["answers"], found["qc"]["reviewed"], found["qc"]["interval"]) == (
        9,
        0,
        None,
    )
