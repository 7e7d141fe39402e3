from math import inf
from typing import Any

from django.db import migrations


def fill_in(apps: Any, schema_editor: Any) -> None:
    """The PSNR of identical images was found and kept without a number."""
    apps.get_model("measurements", "Measurement").objects.filter(
        metric="psnr", state="done", value=None, reasons__0__code="identical_images"
    ).update(value=inf)


class Migration(migrations.Migration):
    dependencies = [("measurements", "0001_initial")]

    operations = [migrations.RunPython(fill_in, migrations.RunPython.noop)]
