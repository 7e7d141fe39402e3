"""The shortest way to rows that a test needs. Real rows, made as the product makes them."""

from itertools import count

from annotator.accounts.models import Role, User
from annotator.projects.models import Batch, Membership, Project, Question

_number = count(1)

MPS = ("aesthetics", "detail_quality", "semantic_alignment", "overall")


def user(name: str = "", **fields: object) -> User:
    """A person who can sign in with the password "correct horse battery"."""
    made = User(username=name or f"person{next(_number)}", **fields)
    made.set_password("correct horse battery")
    made.save()
    return made


def member(project: Project, role: str = Role.ANNOTATOR, name: str = "") -> User:
    """A new person with a role in the project."""
    made = user(name)
    Membership.objects.create(project=project, user=made, role=role)
    return made


def project(template: str = "mps", **fields: object) -> Project:
    """A project with the four preference questions of mps (other templates: projects.services)."""
    owner = user(can_create_projects=True)
    made = Project.objects.create(
        name=f"Project {next(_number)}", template=template, created_by=owner, **fields
    )
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
