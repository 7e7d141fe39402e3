"""The deployment files, checked without an engine: schema, references, settings, locked doors."""

import configparser
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from annotator.measurements.references import MOST_BYTES
from scoring.service.__main__ import parser

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
OUTSIDE = ROOT / "deploy" / "outside.yml"
NGINX = ROOT / "deploy" / "nginx.conf"
DOCKERFILE = ROOT / "Dockerfile"
BIN = Path(sys.executable).parent

# Read by docker compose, by the images we stand on, by boto3, or by `serve`; not by settings.py.
NOT_SETTINGS = {
    "POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB", "HTTP_PORT", "PORT", "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE", "PATH", "COMPOSE_PROFILES", "SCORER_QUEUES", "TORCH_BACKEND",
    "COMPOSE_FILE", "SCORER_MEMORY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
}  # fmt: skip
# What of .env.example no container gets from .env, and why.
NOT_PASSED_ON = {
    "DATABASE_URL": "compose's own PostgreSQL, made of POSTGRES_PASSWORD",
    "REDIS_URL": "compose's own Redis",
    "REDIS_PREFIX": "nobody shares that Redis",
    "TRIPTYCH_DATA": "the volume `data`, set in the image",
    "MEDIA_ROOT": "the volume `media`, where the proxy finds it too",
    "UPLOAD_ROOT": "in the volume `data`",
    "EXPORT_ROOT": "the volume `exports`, where the proxy finds it too",
    "WEIGHTS_ROOT": "in the volume `data`",
    "STATIC_ROOT": "filled when the image is built",
    "ACCEL_REDIRECT": "as the proxy's configuration has it",
    "ACCEL_REDIRECT_EXPORTS": "as the proxy's configuration has it",
    "DEBUG": "strangers can reach the site",
    "PORT": "of `manage.py serve`, which compose does not run",
    "REWARD_PORT": "as the proxy's configuration has it",
    "REWARD_HEADS_ROOT": "in the volume `data`",
    "POSTGRES_PASSWORD": "compose puts it into DATABASE_URL and PostgreSQL's own environment",
    "HTTP_PORT": "compose's own: the proxy's port",
    "COMPOSE_FILE": "compose's own",
    "COMPOSE_PROFILES": "compose's own",
    "SCORER_QUEUES": "compose's own: in a command",
    "SCORER_MEMORY": "compose's own: a limit",
    "TORCH_BACKEND": "compose's own: for the build",
}
OWN_SERVICES = (
    "migrate",
    "web",
    "worker",
    "scorer",
    "scorer-gpu",
    "rewards",
    "rewards-gpu",
    "beat",
)


@pytest.fixture(scope="module")
def outside() -> dict[str, Any]:
    """What is laid over the other file where images are in a bucket."""
    read: dict[str, Any] = yaml.safe_load(OUTSIDE.read_text())
    return read


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return read


def settings_read_from_the_environment() -> set[str]:
    text = (ROOT / "annotator" / "config" / "settings.py").read_text()
    return set(re.findall(r"env\.\w+\(\s*\"([A-Z0-9_]+)\"", text))


def named_in_the_example() -> set[str]:
    return set(re.findall(r"^#?([A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M))


def keys(part: dict[str, Any] | list[str] | None) -> list[str]:
    """Names in a section that may be a list or a mapping; `data:/data` counts as data."""
    return [str(name).split(":")[0] for name in part or []]


def locations() -> dict[str, str]:
    """What stands in each `location` of the proxy's configuration, by its path."""
    text = re.sub(r"#.*", "", NGINX.read_text())
    found = {}
    for match in re.finditer(r"location\s+(?:[=~]\s+)?(\S+)\s*\{", text):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        found[match[1]] = text[match.end() : end - 1]
    return found


@pytest.mark.parametrize("file", [COMPOSE, OUTSIDE])
def test_compose_files_follow_the_compose_specification(file: Path) -> None:
    done = subprocess.run(
        [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", file],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr


def test_dockerfile_passes_hadolint() -> None:
    done = subprocess.run(
        [BIN / "hadolint", DOCKERFILE], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_compose_has_every_part_of_the_site(compose: dict[str, Any]) -> None:
    services = set(compose["services"])

    assert services == {*OWN_SERVICES, "postgres", "redis", "proxy"}


def test_compose_refers_only_to_what_it_defines(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert set(keys(service.get("depends_on"))) <= set(compose["services"]), name
        assert set(keys(service.get("networks"))) <= set(compose["networks"]), name
        assert set(keys(service.get("volumes"))) <= set(compose["volumes"]), name
        assert set(keys(service.get("secrets"))) <= set(compose.get("secrets", {})), name


def test_compose_defines_nothing_that_nobody_uses(compose: dict[str, Any]) -> None:
    services = compose["services"].values()

    for section in ("networks", "volumes"):
        used = {key for service in services for key in keys(service.get(section))}
        assert used == set(compose[section])


def test_compose_waits_for_health_only_where_health_is_checked(compose: dict[str, Any]) -> None:
    in_the_image = set(
        re.findall(r"AS (\w+)\n(?:(?!FROM).*\n)*?HEALTHCHECK", DOCKERFILE.read_text())
    )
    for service in compose["services"].values():
        for name, need in (service.get("depends_on") or {}).items():
            if need["condition"] == "service_healthy":
                needed = compose["services"][name]
                target = needed.get("build", {}).get("target")
                assert "healthcheck" in needed or target in in_the_image, name


def test_compose_builds_only_stages_that_the_dockerfile_has(compose: dict[str, Any]) -> None:
    stages = set(re.findall(r"^FROM \S+ AS (\S+)$", DOCKERFILE.read_text(), re.M))
    built = [service["build"] for service in compose["services"].values() if "build" in service]
    targets = {build["target"] for build in built}

    assert targets == {"site", "scorer", "proxy"}
    assert targets <= stages


def test_dockerfile_copies_only_what_is_there_and_not_ignored() -> None:
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = [line[1:].rstrip("/") for line in ignore if line.startswith("!")]
    sources = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE.read_text(), re.M)
        for source in line.split()[:-1]
    ]

    for source in sources:
        assert (ROOT / source).exists(), source
        assert any(Path(source).match(name) or Path(source).parts[0] == name for name in let_in)


@pytest.mark.parametrize("secret", ["SECRET_KEY", "POSTGRES_PASSWORD"])
def test_compose_has_no_default_for_a_secret(secret: str) -> None:
    uses = re.findall(r"\$\{" + secret + r"([^}]*)\}", COMPOSE.read_text())

    assert uses
    assert all(use.startswith(":?") for use in uses)


def test_no_secret_is_built_into_the_image() -> None:
    lines = re.findall(r"^\s*(?:ENV|ARG)\b.*$", DOCKERFILE.read_text(), re.M)

    assert not [line for line in lines if re.search(r"SECRET|PASSWORD|TOKEN|KEY", line)]


def test_redis_never_drops_a_message_to_make_room(compose: dict[str, Any]) -> None:
    command = compose["services"]["redis"]["command"]

    assert command[command.index("--maxmemory-policy") + 1] == "noeviction"


def test_postgres_keeps_what_it_has_acknowledged(compose: dict[str, Any]) -> None:
    command = compose["services"]["postgres"]["command"]

    assert {"fsync=on", "full_page_writes=on", "synchronous_commit=on"} <= set(command)


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    services = compose["services"]
    inner = {name for name, network in compose["networks"].items() if network.get("internal")}

    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    for name in set(services) - {"proxy"}:
        assert set(keys(services[name]["networks"])) <= inner, name


@pytest.mark.parametrize("name", OWN_SERVICES)
def test_own_containers_can_do_no_more_than_they_must(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    users = re.findall(r"^USER (\S+)$", DOCKERFILE.read_text(), re.M)
    assert users == ["10001"] * 3


def test_every_variable_that_compose_sets_is_a_setting(compose: dict[str, Any]) -> None:
    known = settings_read_from_the_environment() | NOT_SETTINGS

    for name, service in compose["services"].items():
        assert set(service.get("environment") or {}) <= known, name


def test_the_example_environment_names_every_setting_and_no_other() -> None:
    named = named_in_the_example()
    settings = settings_read_from_the_environment()

    assert settings - named - {"TEST_DB_SUFFIX"} == set()
    assert named - settings - NOT_SETTINGS == set()


@pytest.mark.parametrize("name", OWN_SERVICES)
def test_every_setting_of_the_example_reaches_the_services(
    compose: dict[str, Any], name: str
) -> None:
    environment = compose["services"][name]["environment"]
    passed_on = {
        key
        for key, value in environment.items()
        if value is None or re.search(r"\$\{" + key + r"\b", str(value))
    }
    if name.endswith("-gpu"):
        assert environment["MEASURE_DEVICE"] == "cuda"
        passed_on.add("MEASURE_DEVICE")

    assert named_in_the_example() - passed_on == NOT_PASSED_ON.keys()
    assert passed_on - named_in_the_example() == set()


def test_a_default_of_the_site_stands_in_its_settings_alone(compose: dict[str, Any]) -> None:
    """But where behind a proxy another one is right."""
    environment = compose["x-environment"]
    own = {key: value for key, value in environment.items() if ":-" in str(value)}

    assert own == {"HTTPS": "${HTTPS:-true}", "TRUSTED_PROXIES": "${TRUSTED_PROXIES:-1}"}


def test_only_what_handles_images_gets_a_way_out_and_only_when_asked(
    compose: dict[str, Any], outside: dict[str, Any]
) -> None:
    assert set(outside) == {"services", "networks"}
    assert set(outside["services"]) == {"web", "worker", "scorer", "scorer-gpu", "beat"}
    for name, service in outside["services"].items():
        assert service == {"networks": ["outside"]}, name
    assert outside["networks"] == {"outside": {}}
    assert "outside" not in compose["networks"]


def test_every_container_has_a_limit_of_memory_and_of_its_log(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert re.fullmatch(r"(\$\{\w+:-)?\d+[mg]\}?", service["mem_limit"]), name
        assert service["logging"]["driver"] == "json-file", name
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}, name


def megabytes(size: str) -> int:
    number, unit = re.findall(r"(\d+)([mg])", size)[0]
    return int(number) * {"m": 1, "g": 1024}[unit]


def test_a_folder_in_memory_has_a_size_well_below_its_container_s(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        for folder in service.get("tmpfs", ()):
            path, size = folder.split(":size=")
            assert path == "/tmp"  # noqa: S108
            assert megabytes(size) * 2 <= megabytes(service["mem_limit"]), name


@pytest.mark.parametrize("name", ["worker", "scorer"])
def test_workers_can_be_scaled(compose: dict[str, Any], name: str) -> None:
    """Nothing of it can be there only once: a name, a port of the machine, Celery's own name."""
    service = compose["services"][name]

    assert not {"container_name", "hostname", "ports"} & service.keys()
    assert not {"-n", "--hostname"} & set(service["command"])


def test_the_image_brings_the_programs_that_back_up_its_server(compose: dict[str, Any]) -> None:
    server = re.fullmatch(r"postgres:(\d+)-alpine", compose["services"]["postgres"]["image"])
    stage = DOCKERFILE.read_text().split("FROM runtime AS site")[1].split("\nFROM ")[0]
    client = re.search(r"\bpostgresql-client-(\d+)\b", stage)

    assert server is not None
    assert client is not None
    assert int(client[1]) >= int(server[1])


def test_a_backup_has_a_volume_that_the_site_may_write_to(compose: dict[str, Any]) -> None:
    made = re.search(r"install -d -o triptych .*?$", DOCKERFILE.read_text(), re.M)

    assert "backups:/backups" in compose["services"]["web"]["volumes"]
    assert made is not None
    assert "/backups" in made[0].split()


def queues_of(service: dict[str, Any]) -> set[str]:
    """What a worker listens to where nothing is set."""
    command = service.get("command") or []
    if "-Q" not in command:
        return set()
    named = re.sub(r"\$\{\w+:-([\w,]+)\}", r"\1", command[command.index("-Q") + 1])
    return set(named.split(","))


def test_every_celery_queue_has_a_worker_also_without_a_gpu(compose: dict[str, Any]) -> None:
    started = [each for each in compose["services"].values() if "profiles" not in each]
    queues = set().union(*(queues_of(service) for service in started))
    routed = {str(route["queue"]) for route in settings.CELERY_TASK_ROUTES.values()}

    assert queues == {"jobs", "measure", "measure_gpu"}
    assert routed <= queues
    assert queues_of(compose["services"]["scorer-gpu"]) == {"measure_gpu"}


def test_the_unit_for_systemd_starts_what_is_there() -> None:
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(ROOT / "deploy" / "systemd" / "triptych.service")
    service = unit["Service"]
    commands = [service["ExecStartPre"].split(), service["ExecStart"].split()]

    assert [command[1:3] for command in commands] == [
        ["manage.py", "migrate"],
        ["manage.py", "serve"],
    ]
    assert {command[2] for command in commands} <= get_commands().keys()
    assert {command[0] for command in commands} == {
        f"{service['WorkingDirectory']}/.venv/bin/python"
    }


def test_statistics_of_a_reference_set_get_through_the_proxy() -> None:
    body = locations()["^/api/v1/projects/[0-9]+/references$"]
    limit = re.search(r"client_max_body_size (\d+)m;", body)

    assert limit is not None
    assert int(limit[1]) * 1024**2 > MOST_BYTES


def test_the_proxy_cannot_be_walked_out_of_an_aliased_folder() -> None:
    aliased = {path: body for path, body in locations().items() if "alias" in body}

    assert set(aliased) == {"/static/", "/static/assets/", "/_images/", "/_exports/"}
    for path, body in aliased.items():
        folder = re.search(r"alias\s+(\S+);", body)
        assert folder is not None
        assert path.endswith("/"), path
        assert folder[1].endswith("/"), path


def test_the_proxy_serves_images_only_when_the_site_says_so(compose: dict[str, Any]) -> None:
    door = compose["services"]["web"]["environment"]["ACCEL_REDIRECT"]
    media = compose["services"]["web"]["environment"]["MEDIA_ROOT"]
    body = locations()[door]

    assert "internal;" in body
    assert f"alias {media}/;" in body
    assert "X-Content-Type-Options nosniff always" in body
    assert "default-src 'none'; sandbox" in body
    assert "media:/data/media:ro" in compose["services"]["proxy"]["volumes"]


def test_the_proxy_sends_exports_only_when_the_site_says_so(compose: dict[str, Any]) -> None:
    environment = compose["services"]["web"]["environment"]
    body = locations()[environment["ACCEL_REDIRECT_EXPORTS"]]

    assert "internal;" in body
    assert f"alias {environment['EXPORT_ROOT']}/;" in body
    assert "max_ranges 1;" in body
    assert "X-Content-Type-Options nosniff always" in body
    assert "exports:/data/exports:ro" in compose["services"]["proxy"]["volumes"]
    for name in OWN_SERVICES:
        assert "exports:/data/exports" in compose["services"][name]["volumes"], name


def test_the_proxy_does_not_tell_when_an_image_was_written(compose: dict[str, Any]) -> None:
    """nginx adds ETag (time and size) and Last-Modified to files, also to X-Accel-Redirect's."""
    body = locations()[compose["services"]["web"]["environment"]["ACCEL_REDIRECT"]]

    assert "etag off;" in body
    assert 'add_header Last-Modified "";' in body


def test_the_proxy_passes_on_to_the_reward_service_what_that_takes(
    compose: dict[str, Any],
) -> None:
    body = locations()["/rewards/"]
    limit = re.search(r"client_max_body_size (\d+)m;", body)

    assert f"proxy_pass http://$rewards:{settings.REWARD_PORT};" in body
    assert limit is not None
    assert int(limit[1]) * 1024**2 > parser().get_default("max_bytes")
    assert compose["services"]["rewards-gpu"]["networks"] == {"front": {"aliases": ["rewards"]}}


@pytest.mark.parametrize("path", ["/metrics", "/health/ready"])
def test_the_proxy_keeps_operations_pages_inside(path: str) -> None:
    assert "return 404;" in locations()[path]


def test_the_proxy_lets_a_chunk_of_an_upload_through() -> None:
    limit = re.search(r"client_max_body_size (\d+)m;", NGINX.read_text())

    assert limit is not None
    assert int(limit[1]) * 1024**2 > settings.UPLOAD_CHUNK_BYTES
