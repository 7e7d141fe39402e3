"""The Helm chart, rendered by Helm and held against Kubernetes' own schemas."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from servers import helm

from tests.contracts.test_deployment import named_in_the_example

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "deploy" / "helm" / "triptych"
EXAMPLES = ROOT / "deploy" / "helm" / "examples"
BIN = Path(sys.executable).parent
OLDEST, NEWEST = "1.25.0", "1.37.0"

# What the chart sets by itself or by values of another name, what only compose knows, and DEBUG.
NOT_SETTINGS_OF_THE_CHART = {
    "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS",
    "S3_BUCKET", "S3_ENDPOINT_URL", "S3_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
    "TRIPTYCH_DATA", "WEIGHTS_ROOT", "MEDIA_ROOT", "UPLOAD_ROOT", "EXPORT_ROOT", "STATIC_ROOT",
    "REWARD_HEADS_ROOT", "REWARD_PORT", "MEASURE_DEVICE", "ACCEL_REDIRECT",
    "ACCEL_REDIRECT_EXPORTS", "PORT", "DEBUG",
    "POSTGRES_PASSWORD", "HTTP_PORT", "COMPOSE_FILE", "COMPOSE_PROFILES", "SCORER_MEMORY",
    "SCORER_QUEUES", "TORCH_BACKEND",
}  # fmt: skip

Documents = dict[tuple[str, str], dict[str, Any]]


def rendered(*values: Path) -> Documents:
    done = helm.render(CHART, *values)
    assert done.returncode == 0, done.stderr
    documents = [one for one in yaml.safe_load_all(done.stdout) if one]
    return {(one["kind"], one["metadata"]["name"]): one for one in documents}


@dataclass(frozen=True)
class Pod:
    spec: dict[str, Any]

    @property
    def container(self) -> dict[str, Any]:
        (only,) = self.spec["containers"]
        found: dict[str, Any] = only
        return found

    @property
    def plain(self) -> dict[str, str]:
        """Variables whose value stands in the chart."""
        return {one["name"]: one["value"] for one in self.container["env"] if "value" in one}

    @property
    def secret(self) -> dict[str, tuple[str, str]]:
        """Variables that are somewhere else: name → (Secret, key)."""
        references = {
            one["name"]: one["valueFrom"]["secretKeyRef"]
            for one in self.container["env"]
            if "valueFrom" in one
        }
        return {name: (to["name"], to["key"]) for name, to in references.items()}


def pods(documents: Documents) -> dict[str, Pod]:
    return {
        name.removeprefix("triptych-"): Pod(document["spec"]["template"]["spec"])
        for (kind, name), document in documents.items()
        if kind in {"Deployment", "Job"}
    }


@pytest.fixture(scope="module")
def small() -> Documents:
    return rendered(EXAMPLES / "small.yaml")


@pytest.fixture(scope="module")
def whole() -> Documents:
    return rendered(EXAMPLES / "whole.yaml")


@pytest.mark.parametrize("values", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
@pytest.mark.parametrize("version", [OLDEST, NEWEST])
def test_what_is_rendered_follows_kubernetes_schemas(
    values: Path, version: str, tmp_path: Path
) -> None:
    file = tmp_path / "rendered.yaml"
    file.write_text(helm.render(CHART, values).stdout)

    done = subprocess.run(
        [BIN / "kubernetes-validate", "--strict", "--kubernetes-version", version, file],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert len(re.findall(r"\bpassed\b", done.stdout + done.stderr)) >= 10


def test_every_part_of_the_site_is_there(small: Documents, whole: Documents) -> None:
    assert set(pods(small)) == {"web", "worker", "scorer", "beat", "migrate"}
    assert set(pods(whole)) == {*pods(small), "scorer-gpu", "rewards"}


def test_parts_run_what_compose_runs(small: Documents, whole: Documents) -> None:
    of_compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    for part in ("worker", "beat", "migrate"):
        assert pods(small)[part].container["command"] == of_compose[part]["command"]
    assert pods(whole)["rewards"].container["command"] == of_compose["rewards"]["command"]
    assert json.dumps(pods(small)["web"].container["command"]) in re.sub(
        r" \\\n\s+", " ", (ROOT / "Dockerfile").read_text()
    )


def test_each_queue_has_a_listener_and_the_gpu_takes_the_networks(
    small: Documents, whole: Documents
) -> None:
    def queues(documents: Documents) -> dict[str, str]:
        commands = {part: pod.container["command"] for part, pod in pods(documents).items()}
        return {part: line[line.index("-Q") + 1] for part, line in commands.items() if "-Q" in line}

    assert queues(small) == {"worker": "jobs", "scorer": "measure,measure_gpu"}
    assert queues(whole) == {"worker": "jobs", "scorer": "measure", "scorer-gpu": "measure_gpu"}
    gpu = pods(whole)["scorer-gpu"]
    assert gpu.container["resources"]["limits"]["nvidia.com/gpu"] == 1
    assert gpu.plain["MEASURE_DEVICE"] == "cuda"
    assert (gpu.spec["runtimeClassName"], gpu.spec["nodeSelector"]) == (
        "nvidia",
        {"accelerator": "h200"},
    )


def test_rewards_are_served_inside_the_cluster_on_the_gpu_and_only_when_asked(
    small: Documents, whole: Documents
) -> None:
    service = whole["Service", "triptych-rewards"]["spec"]
    rewards = pods(whole)["rewards"]

    assert ("Service", "triptych-rewards") not in small
    assert service["selector"]["app.kubernetes.io/component"] == "rewards"
    assert [port["port"] for port in service["ports"]] == [settings.REWARD_PORT]
    assert rewards.container["ports"] == [{"name": "http", "containerPort": settings.REWARD_PORT}]
    assert rewards.container["resources"]["limits"]["nvidia.com/gpu"] == 1
    assert (rewards.plain["MEASURE_DEVICE"], rewards.plain["REWARD_HEADS_ROOT"]) == (
        "cuda",
        "/weights/heads",
    )


def test_nothing_secret_stands_in_what_is_rendered(whole: Documents) -> None:
    assert not [name for kind, name in whole if kind == "Secret"]
    for pod in pods(whole).values():
        assert pod.secret == {
            "SECRET_KEY": ("site", "secret-key"),
            "DATABASE_URL": ("postgres-app", "uri"),
            "REDIS_URL": ("broker", "url"),
            "METRICS_TOKEN": ("prometheus", "token"),
            "REWARD_TOKEN": ("training", "token"),
            "OIDC_CLIENT_SECRET": ("provider", "client-secret"),
            "AWS_ACCESS_KEY_ID": ("bucket", "id"),
            "AWS_SECRET_ACCESS_KEY": ("bucket", "key"),
        }
        assert not set(pod.plain) & set(pod.secret)


def test_settings_reach_every_pod_as_they_were_written(whole: Documents) -> None:
    for pod in pods(whole).values():
        assert pod.plain["UPLOAD_MAX_BYTES"] == "21474836480"
        assert pod.plain["TIME_ZONE"] == "Europe/Berlin"
        assert pod.plain["ALLOWED_HOSTS"] == "label.example.org,etiketten.example.org"
        assert pod.plain["CSRF_TRUSTED_ORIGINS"] == (
            "https://label.example.org,https://etiketten.example.org"
        )
        assert pod.plain["S3_BUCKET"] == "triptych"


def test_a_pod_may_write_to_its_scratch_and_do_nothing_else(whole: Documents) -> None:
    for pod in pods(whole).values():
        inside = pod.container["securityContext"]
        assert inside["readOnlyRootFilesystem"]
        assert not inside["allowPrivilegeEscalation"]
        assert inside["capabilities"] == {"drop": ["ALL"]}
        assert pod.spec["securityContext"]["runAsNonRoot"]
        assert not pod.spec["automountServiceAccountToken"]
        assert pod.container["resources"]["limits"]["memory"]
        sizes = [one["emptyDir"]["sizeLimit"] for one in pod.spec["volumes"] if "emptyDir" in one]
        assert len(sizes) == 2


def test_weights_are_mounted_where_the_site_looks_for_them(whole: Documents) -> None:
    scorer = pods(whole)["scorer"]

    (weights,) = [one for one in scorer.container["volumeMounts"] if one["name"] == "weights"]

    assert weights["mountPath"] == scorer.plain["WEIGHTS_ROOT"]
    assert {"name": "weights", "persistentVolumeClaim": {"claimName": "triptych-weights"}} in (
        scorer.spec["volumes"]
    )


def test_tables_are_migrated_before_new_pods_come(small: Documents) -> None:
    job = small["Job", "triptych-migrate"]
    account = small["ServiceAccount", job["spec"]["template"]["spec"]["serviceAccountName"]]

    hooks = {"helm.sh/hook": "pre-install,pre-upgrade"}
    assert hooks.items() <= job["metadata"]["annotations"].items()
    assert hooks.items() <= account["metadata"]["annotations"].items()
    assert int(account["metadata"]["annotations"]["helm.sh/hook-weight"]) < int(
        job["metadata"]["annotations"]["helm.sh/hook-weight"]
    )


def test_numbers_and_readiness_are_not_reached_from_outside(small: Documents) -> None:
    (rule,) = small["Ingress", "triptych"]["spec"]["rules"]
    paths = {one["path"]: one["backend"]["service"]["name"] for one in rule["http"]["paths"]}

    assert paths == {
        "/": "triptych-web",
        "/metrics": "triptych-closed",
        "/health/ready": "triptych-closed",
    }
    nobody = small["Service", "triptych-closed"]["spec"]["selector"]["app.kubernetes.io/component"]
    assert nobody not in pods(small)


def test_the_web_is_asked_by_a_name_that_it_answers_to(small: Documents) -> None:
    web = pods(small)["web"]

    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        asked = web.container[probe]["httpGet"]
        assert asked["path"] == "/health/live"
        assert {"name": "Host", "value": "label.example.org"} in asked["httpHeaders"]


def test_every_setting_of_the_example_can_be_set() -> None:
    schema: Mapping[str, Any] = json.loads((CHART / "values.schema.json").read_text())

    known, secret = (
        set(schema["properties"][name]["properties"]) for name in ("settings", "secretSettings")
    )

    assert known == secret == named_in_the_example() - NOT_SETTINGS_OF_THE_CHART


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("hosts: []", "/hosts"),
        ("settings: {SESION_IDLE_SECONDS: 5}", "SESION_IDLE_SECONDS"),
        ("bucket: {name: ''}", "/bucket/name"),
        ("database: {secret: '', key: uri}", "/database"),
        ("wokrer: {replicas: 2}", "wokrer"),
    ],
)
def test_wrong_values_are_refused_by_name(wrong: str, named: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(wrong)

    done = helm.render(CHART, EXAMPLES / "small.yaml", file)

    assert done.returncode != 0
    assert named in done.stderr
