"""What can be done with measurements: ask for them. (The ingest hand extends this file.)"""

from annotator.core import bell
from annotator.items.models import Image
from annotator.measurements.models import Chunk
from annotator.projects.models import Batch

CHUNK = 16


def request_measuring(batch: Batch) -> None:
    """Asks for every available metric of the batch's images, a bounded chunk a job."""
    ids = list(Image.objects.filter(batch=batch).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        chunk = Chunk.objects.create(project_id=batch.project_id, batch=batch)
        chunk.images.set(ids[start : start + CHUNK])
        bell.ring("annotator.workers.measure.measure_chunk", chunk.pk)
