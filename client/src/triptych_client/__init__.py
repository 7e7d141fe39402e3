"""Push images to a Triptych site, pull what people say of them.

from triptych_client import Triptych

project = Triptych("https://judge.example", token).project("Checkpoints")
project.push(images=[a, b], prompt="a red cube", generator=["step-1000", "step-2000"])
project.wait()
rows = project.pull("trl")
"""

from triptych_client.asynchronous import AsyncProject, AsyncTriptych
from triptych_client.errors import (
    ApiError,
    BatchFailed,
    ExportFailed,
    GroupFailed,
    TriptychError,
)
from triptych_client.groups import Ranked
from triptych_client.items import NewImage, NewItem
from triptych_client.synchronous import Project, Triptych

__all__ = [
    "ApiError", "AsyncProject", "AsyncTriptych", "BatchFailed", "ExportFailed", "GroupFailed",
    "NewImage", "NewItem", "Project", "Ranked", "Triptych", "TriptychError",
]  # fmt: skip
