"""Folders of images measured from a command line, without Django or a server.

    python -m scoring.folder statistics IMAGES OUT.npz --weights DIR
    python -m scoring.folder compare IMAGES REFERENCE --weights DIR --metrics fid kid fd_dinov2
    python -m scoring.folder ppl my_package.model:generate --dimensions 512 --weights DIR

DIR is the folder of weights that ``manage.py weights`` fills. IMAGES and REFERENCE are folders; for
a Fréchet distance an ``.npz`` with mu and sigma will do, of ours or of pytorch-fid's. A value comes
on a line of its own, what to know beside it after it; files that are no images are named on stderr.
Reasons are printed as their codes with their values (``scoring/reasons.py``).
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from scoring.catalog import CATALOG, Grain
from scoring.engine import Engine
from scoring.measured import Outcome
from scoring.metrics import path_length
from scoring.metrics.sets.frechet import FeaturesDiffer, frechet_distance
from scoring.metrics.sets.gathering import Broken, gather, gather_features, images_in
from scoring.metrics.sets.measure_set import FRECHET, SetMeasured, measure_set
from scoring.metrics.sets.resizing import Resize
from scoring.metrics.sets.set_statistics import SAMPLE, SetStatistics
from scoring.reasons import Code, Reason, Refusal
from scoring.statistics.feature_statistics import Statistics, read_statistics, write_statistics
from scoring.weights.files import REGISTRY
from scoring.weights.published import Weights

SET_METRICS = tuple(name for name, entry in CATALOG.items() if entry.grain is Grain.SET)
# Of Inception a folder is decoded once for all its ways of resizing.
_INCEPTION = frozenset(name for name in SET_METRICS if CATALOG[name].weights == "inception")


def main(arguments: Sequence[str], *, registry: Mapping[str, Weights] = REGISTRY) -> int:
    """Runs the command; 0, or 1 after one line on stderr that says what is wrong."""
    options = _parser().parse_args(arguments)
    engine = Engine(
        weights_root=options.weights,
        device=options.device,
        dtype=options.dtype,
        options={"batch": options.batch, "compile": int(options.compile)},
        registry=registry,
    )
    try:
        options.run(options, engine)
    except (OSError, ValueError, Refusal, ImportError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _statistics(options: argparse.Namespace, engine: Engine) -> None:
    if options.out.exists():
        raise FileExistsError(f"{options.out} is there already")
    (gathered,) = _gather(options.images, [options.resize], engine, options).values()
    write_statistics(gathered.statistics(), options.out)
    _say(f"{gathered.n} images, {gathered.network}")


def _compare(options: argparse.Namespace, engine: Engine) -> None:
    _compare_inception([name for name in options.metrics if name in _INCEPTION], engine, options)
    others: dict[str, list[str]] = {}
    for name in options.metrics:
        if name not in _INCEPTION:
            others.setdefault(str(CATALOG[name].network), []).append(name)
    for network, names in others.items():
        of = _features(options.images, network, engine, options)
        reference = options.reference
        against = _features(reference, network, engine, options) if reference else None
        for name, measured in _measure(names, of, against, engine.device).items():
            _say(_line(name, measured, engine))


def _compare_inception(metrics: Sequence[str], engine: Engine, options: argparse.Namespace) -> None:
    ways = {name: _resize_of(name) for name in metrics}
    if not ways:
        return
    needed = list(dict.fromkeys(ways.values()))
    of = _side(options.images, needed, engine, options)
    against = _side(options.reference, needed, engine, options) if options.reference else {}
    for way in needed:
        names = [name for name in metrics if ways[name] is way]
        for name, measured in _measure(names, of[way], against.get(way), engine.device).items():
            _say(_line(name, measured, engine))


def _measure(
    names: Sequence[str],
    of: SetStatistics | Statistics,
    against: SetStatistics | Statistics | None,
    device: str,
) -> dict[str, SetMeasured]:
    if isinstance(of, SetStatistics):
        return measure_set(names, of, against, device=device)
    if against is None or not FRECHET.issuperset(names):
        raise FeaturesDiffer(Reason(Code.ONLY_FRECHET_DISTANCE))
    reference = against.statistics() if isinstance(against, SetStatistics) else against
    found = frechet_distance(of, reference, device=device)
    n, n_reference = of.n or 0, reference.n
    measured = SetMeasured(found.value, n=n, n_reference=n_reference, reasons=found.warnings)
    return dict.fromkeys(names, measured)


def _line(name: str, measured: SetMeasured, engine: Engine) -> str:
    if measured.outcome is not Outcome.OK:
        return f"{name} none: {_text(measured.reasons)}"
    spread = "" if measured.spread is None else f" sd={measured.spread:.6g}"
    reference = "" if measured.n_reference is None else f" n_reference={measured.n_reference}"
    warning = f" warning: {_text(measured.reasons)}" if measured.reasons else ""
    return (
        f"{name} {measured.value:.10g}{spread} n={measured.n}{reference}"
        f" network={CATALOG[name].network} device={engine.device} dtype={engine.dtype}{warning}"
    )


def _text(reasons: Sequence[Reason]) -> str:
    return "; ".join(str(reason) for reason in reasons)


def _side(
    path: Path, ways: Sequence[Resize], engine: Engine, options: argparse.Namespace
) -> Mapping[Resize, SetStatistics | Statistics]:
    if path.suffix.lower() == ".npz":
        return dict.fromkeys(ways, read_statistics(path))
    return _gather(path, ways, engine, options)


def _features(
    path: Path, network: str, engine: Engine, options: argparse.Namespace
) -> SetStatistics | Statistics:
    """What is known of a folder or a file in this network's features."""
    if path.suffix.lower() == ".npz":
        return read_statistics(path)
    gathered, broken = gather_features(
        _images(path, options),
        network,
        engine,
        key=lambda file: file.relative_to(path).as_posix(),
        sample=options.sample,
        workers=options.workers,
    )
    _tell(broken)
    return gathered


def _gather(
    folder: Path, ways: Sequence[Resize], engine: Engine, options: argparse.Namespace
) -> Mapping[Resize, SetStatistics]:
    gathered = gather(
        _images(folder, options),
        ways,
        engine,
        key=lambda file: file.relative_to(folder).as_posix(),
        sample=options.sample,
        workers=options.workers,
    )
    _tell(gathered.broken)
    return gathered.sets


def _images(folder: Path, options: argparse.Namespace) -> list[Path]:
    files = images_in(folder, pattern=options.pattern)
    if not files:
        raise FileNotFoundError(f"{folder} holds no images")
    return files


def _tell(broken: Sequence[Broken]) -> None:
    for one in broken:
        sys.stderr.write(f"skipped: {one.file}: {one.why}\n")


def _resize_of(name: str) -> Resize:
    return Resize(str(CATALOG[name].network).rpartition("/")[2])


def _ppl(options: argparse.Namespace, engine: Engine) -> None:
    path = path_length.PathPlan(
        dimensions=options.dimensions,
        space=options.space,
        sampling=options.sampling,
        epsilon=options.epsilon,
        n=options.samples,
        batch=options.batch,
        seed=options.seed,
    )
    found = path_length.path_length(
        _callable(options.generator),
        path_length.lpips_vgg(engine, side=options.side),
        path,
        mapping=_callable(options.mapping) if options.mapping else None,
        device=engine.device,
    )
    _say(
        f"ppl {found.mean:.10g} sd={found.sd:.6g} n={found.n} kept={found.kept}"
        f" space={path.space.value} sampling={path.sampling.value} epsilon={path.epsilon:g}"
        f" network=lpips-vgg device={engine.device} dtype={engine.dtype}"
    )


def _callable(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    found = getattr(import_module(module), attribute, None) if attribute else None
    if not callable(found):
        raise ValueError(f"{name} names no callable: write module:function")
    return found  # type: ignore[no-any-return]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scoring.folder", description="Measures folders of images."
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--weights", type=Path, required=True, help="the folder of weights")
    common.add_argument("--device", default="cpu", help="cpu or cuda:0")
    common.add_argument("--dtype", default="float32", choices=["float32", "bfloat16"])
    common.add_argument("--batch", type=int, default=32, help="images a forward pass")
    common.add_argument("--compile", action="store_true", help="compile the network: for a GPU")
    images = argparse.ArgumentParser(add_help=False)
    images.add_argument("--workers", type=int, help="threads that decode; one a core")
    images.add_argument("--pattern", default="*", help="which files; **/* for folders within")
    images.add_argument("--sample", type=int, default=SAMPLE, help="for KID, precision, recall")
    commands = parser.add_subparsers(required=True)

    one = commands.add_parser("statistics", parents=[common, images])
    one.add_argument("images", type=Path)
    one.add_argument("out", type=Path)
    one.add_argument("--resize", type=Resize, choices=list(Resize), default=Resize.PYTORCH)
    one.set_defaults(run=_statistics)

    two = commands.add_parser("compare", parents=[common, images])
    two.add_argument("images", type=Path)
    two.add_argument("reference", type=Path, nargs="?", help="not for scores by classes")
    two.add_argument("--metrics", nargs="+", choices=SET_METRICS, default=["fid"])
    two.set_defaults(run=_compare)

    ppl = commands.add_parser("ppl", parents=[common], description=path_length.__doc__)
    ppl.add_argument("generator", help="module:callable, latents (n, d) to images in [-1, 1]")
    ppl.add_argument("--mapping", help="module:callable, z to w, for --space w")
    ppl.add_argument("--dimensions", type=int, required=True, help="length of a latent")
    ppl.add_argument("--samples", type=int, default=path_length.SAMPLES)
    ppl.add_argument("--epsilon", type=float, default=path_length.EPSILON)
    ppl.add_argument("--side", type=int, default=path_length.SIDE, help="larger ones are reduced")
    ppl.add_argument("--seed", type=int, default=path_length.SEED)
    for name, kind in (("space", path_length.Space), ("sampling", path_length.Sampling)):
        ppl.add_argument(f"--{name}", type=kind, choices=list(kind), default=next(iter(kind)))
    ppl.set_defaults(run=_ppl)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
