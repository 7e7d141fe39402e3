"""Where a site is and by which token it is called: given, else in the environment, else kept."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from triptych_client.errors import TriptychError


@dataclass(frozen=True)
class Credentials:
    """A site and a token of it."""

    url: str
    token: str


def path() -> Path:
    """The file that `triptych login` keeps them in, readable by its owner alone."""
    root = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(root) / "triptych" / "credentials.json"


def found(url: str | None, token: str | None) -> Credentials:
    """What is given, else TRIPTYCH_URL and TRIPTYCH_TOKEN, else what was kept."""
    kept = _kept() if not (url and token) else None
    url = url or os.environ.get("TRIPTYCH_URL") or (kept.url if kept else "")
    token = token or os.environ.get("TRIPTYCH_TOKEN") or (kept.token if kept else "")
    if not url or not token:
        raise TriptychError("Say url and token, set TRIPTYCH_URL and TRIPTYCH_TOKEN, or log in.")
    if kept and kept.url != url and kept.token == token:
        raise TriptychError(f"The kept token is of {kept.url}, not of {url}.")
    return Credentials(url.rstrip("/"), token)


def keep(credentials: Credentials) -> Path:
    """Writes them down for the next time."""
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = json.dumps({"url": credentials.url, "token": credentials.token})
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        os.fchmod(stream.fileno(), 0o600)
        stream.write(text)
    return file


def _kept() -> Credentials | None:
    try:
        kept = json.loads(path().read_text())
        return Credentials(kept["url"], kept["token"])
    except FileNotFoundError:
        return None
