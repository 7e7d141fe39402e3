"""The shortest way to rows that a test needs. Real rows, made as the product makes them."""

from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from annotator import pipeline
from annotator.accounts.models import Role, User
from annotator.items.models import Image, Item, ItemImage
from annotator.projects.models import Batch, Membership, Project, Question

_number = count(1)

MPS = ("aesthetics", "detail_quality", "semantic_alignment", "overall")


PASSWORD = "correct horse battery"

# What projects of tests draw by, wherever they say no other.
SEED = "a seed of the tests"


@cache
def _hashed_password() -> str:
    """Hashing is slow on purpose; once is enough."""
    return make_password(PASSWORD)


def user(name: str = "", **fields: object) -> User:
    """A person who can sign in with PASSWORD."""
    return User.objects.create(
        username=name or f"person{next(_number)}", password=_hashed_password(), **fields
    )


def member(project: Project, role: str = Role.ANNOTATOR, name: str = "") -> User:
    """A new person with a role in the project."""
    made = user(name)
    Membership.objects.create(project=project, user=made, role=role)
    return made


def project(template: str = "mps", **fields: object) -> Project:
    """A project with the four preference questions of mps (other templates: projects.services).

    Its draws (splits, reviews, sides) are the same in every run: its seed is no random one.
    """
    owner = user(can_create_projects=True)
    values: dict[str, object] = {"name": f"Project {next(_number)}", "seed": SEED, **fields}
    made = Project.objects.create(template=template, created_by=owner, **values)
    Membership.objects.create(project=made, user=owner, role=Role.MANAGER)
    if template == "mps":
        Question.objects.bulk_create(
            Question(project=made, key=key, kind="preference", position=place)
            for place, key in enumerate(MPS)
        )
    return made


def batch(project: Project, **fields: object) -> Batch:
    """A finished batch without items."""
    values: dict[str, object] = {
        "name": "batch",
        "filename": "batch.zip",
        "size": 0,
        "state": "done",
        "created_by": project.created_by,
        **fields,
    }
    return Batch.objects.create(project=project, **values)


def items(
    project: Project, count: int, *, images: int = 2, prompt: str = "a red cube"
) -> list[Item]:
    """Items with image rows (no files), as an ingest leaves them, in a batch of their own."""
    in_batch = batch(project, state="running")
    made = [
        Item(project=project, batch=in_batch, prompt=prompt, key=f"{place}")
        for place in range(count)
    ]
    rows = [
        Image(
            project=project,
            batch=in_batch,
            prompt=prompt,
            generator=f"generator-{letter}",
            source_name=f"{item.key}-{letter}.png",
            source_sha256=f"{next(_number):064x}",
            sha256=f"{next(_number):064x}",
            bytes=1000,
            width=512,
            height=512,
        )
        for item in made
        for letter in range(images)
    ]
    Item.objects.bulk_create(made)
    Image.objects.bulk_create(rows)
    ItemImage.objects.bulk_create(
        ItemImage(item=item, image=rows[place * images + letter], place=letter)
        for place, item in enumerate(made)
        for letter in range(images)
    )
    return made


def open_items(project: Project, count: int, **fields: object) -> list[Item]:
    """Items that are put to people: slots open, reviews drawn (pipeline.open_batch)."""
    made = items(project, count, **fields)  # type: ignore[arg-type]
    pipeline.open_batch(made[0].batch, now=timezone.now())
    return made
