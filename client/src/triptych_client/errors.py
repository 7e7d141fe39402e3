"""What can go wrong, with the site's own code and words."""

from collections.abc import Mapping
from typing import Any

import httpx


class TriptychError(Exception):
    """Base of all that this package raises by itself."""


class ApiError(TriptychError):
    """The site refused: `code` for programs, `message` in English, `fields` says where."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        params: Mapping[str, Any] | None = None,
        fields: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(f"{message} ({code}, {status})")
        self.status = status
        self.code = code
        self.message = message
        self.params = dict(params or {})
        self.fields = dict(fields or {})


class JobFailed(TriptychError):
    """Something that workers did for us has failed; `code` and `message` say why."""

    def __init__(self, error: Mapping[str, Any] | None) -> None:
        reason = error or {}
        self.code: str = reason.get("code", "error")
        self.message: str = reason.get("message", "It failed.")
        super().__init__(f"{self.message} ({self.code})")


class BatchFailed(JobFailed):
    """An upload could not be taken in as a whole."""


class ExportFailed(JobFailed):
    """An export could not be made."""


class GroupFailed(JobFailed):
    """Candidates could not be put to people."""


class MissingExtra(TriptychError, ImportError):
    """A table was asked for and the package that makes it is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"{package} is not installed: pip install 'triptych-client[{package}]'. "
            "`pull_folder` needs nothing besides."
        )


class TooLate(TriptychError):
    """What was waited for has not come in the time that was given."""


def error_of(response: httpx.Response) -> ApiError:
    """The refusal that a response tells of, whoever it came from."""
    try:
        told = response.json()
        return ApiError(
            response.status_code, told["code"], told["message"], told["params"], told["fields"]
        )
    except (ValueError, KeyError, TypeError):
        # A proxy's own page, say.
        words = response.text.strip()[:200] or response.reason_phrase
        return ApiError(response.status_code, "not_the_sites", words)
