"""mkdocs' hook: pages of reference that are made of what the code says, never written by hand."""

import json
from pathlib import Path
from typing import Any

import yaml
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
METHODS = ("get", "post", "put", "patch", "delete")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages that are in no folder."""
    pages = {"api": api(), "codes": codes(), "settings": settings()}
    for name, text in pages.items():
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    return files


def api() -> str:
    """Every call, by what it is about, from annotator/api/openapi.yaml."""
    schema = yaml.safe_load((ROOT / "annotator/api/openapi.yaml").read_text())
    by_tag: dict[str, list[str]] = {}
    for path, operations in schema["paths"].items():
        for method in METHODS:
            if method in operations:
                row = _call(method, path, operations[method])
                by_tag.setdefault(operations[method]["tags"][0], []).append(row)
    parts = ["# Every call of the API\n", "Made of `annotator/api/openapi.yaml`, which says all.\n"]
    for tag in sorted(by_tag):
        head = "| call | does |\n|---|---|\n"
        parts.append(f"## {tag}\n\n{head}" + "\n".join(by_tag[tag]) + "\n")
    return "\n".join(parts)


def _call(method: str, path: str, operation: dict[str, Any]) -> str:
    does = " ".join(operation.get("description", "").split()).replace("|", "\\|")
    return f"| `{method.upper()} {path}` | {does} |"


def codes() -> str:
    """Every reason, from the catalog that the site itself reads."""
    reasons = json.loads((ROOT / "annotator/i18n/en/reasons.json").read_text())
    rows = [
        f"| `{code}` | {words.replace('|', chr(92) + '|')} |"
        for code, words in sorted(reasons.items())
        if isinstance(words, str)
    ]
    head = (
        "Programs read the code; `{{…}}` is filled with `params`.\n\n| code | words |\n|---|---|\n"
    )
    return "# Every code and its words\n\n" + head + "\n".join(rows) + "\n"


def settings() -> str:
    """Every setting, as .env.example explains it."""
    example = (ROOT / ".env.example").read_text()
    return f"# Every setting\n\nIn the environment, or in `.env`.\n\n```sh\n{example}```\n"
