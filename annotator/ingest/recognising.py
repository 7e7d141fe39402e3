"""What an upload was recognised as, kept for its page to say."""

from annotator.ingest.models import RecognisedDataset
from annotator.projects.models import Batch


def keep_recognised(batch: Batch, layout: str, *, rows: int, votes: int) -> None:
    """Notes it; of a manifest of ours nothing, unless it brings votes."""
    if layout or votes:
        RecognisedDataset.objects.update_or_create(
            batch=batch, defaults={"layout": layout, "rows": rows, "votes": votes}
        )
