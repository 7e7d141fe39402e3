"""Computes reports of large projects."""

from celery import shared_task

from annotator import jobs
from annotator.reports import services
from annotator.reports.models import StoredReport


@shared_task(name=StoredReport.TASK)
def compute_report(report_id: int) -> None:
    """Computes a report, if it waits for that."""
    jobs.run(StoredReport, report_id)


jobs.register(StoredReport, work=services.work, give_up=services.give_up)
