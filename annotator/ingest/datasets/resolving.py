"""Which file of an upload a path means that was written on another machine."""

from functools import cached_property

from annotator.ingest.datasets.layout import UploadedFiles, beside


class Resolver:
    """By the longest end of a path that is one file of the upload; beside the list, or anywhere."""

    def __init__(self, files: UploadedFiles) -> None:
        self._files = files

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self._files.names:
            found.setdefault(name.rpartition("/")[2], []).append(name)
        return found

    def of(self, list_name: str, path: str) -> str:
        """The file's name; the path as it is where no file is meant."""
        plain = str(path).partition("?d=")[2] or str(path)
        parts = [part for part in plain.replace("\\", "/").split("/") if part not in ("", ".")]
        if not parts:
            return str(path)
        candidates = self._by_name.get(parts[-1], [])
        beside_list = beside(list_name, "/".join(parts))
        if beside_list in candidates:
            return beside_list
        for start in range(len(parts)):
            end = "/".join(parts[start:])
            meant = [name for name in candidates if name == end or name.endswith(f"/{end}")]
            if len(meant) == 1:
                return meant[0]
        return beside_list
