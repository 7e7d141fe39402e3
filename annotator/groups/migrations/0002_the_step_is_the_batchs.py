from django.db import migrations


def to_batches(apps, schema_editor):
    groups = apps.get_model("groups", "CandidateGroup").objects.filter(step__isnull=False)
    batches = apps.get_model("projects", "Batch").objects
    for batch, step in groups.values_list("batch_id", "step").iterator():
        batches.filter(pk=batch).update(step=step)


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0001_groups_of_candidates"),
        ("projects", "0028_batch_step"),
    ]

    operations = [
        migrations.RunPython(to_batches, migrations.RunPython.noop),
        # The release before goes on reading the column while both run; a later one drops it.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="candidategroup", name="step")],
        ),
    ]
