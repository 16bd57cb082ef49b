"""A run keeps its collection, which may be renamed. Of earlier runs it is told by the name, or by
what they brought."""

import django.db.models.deletion
from django.db import migrations, models


def tie(apps, schema_editor):
    runs = apps.get_model("forumimport", "ImportRun").objects.filter(collection=None)
    by_name = dict(apps.get_model("corpus", "Collection").objects.values_list("name", "pk"))
    for run in runs.only("pk", "arguments").iterator(2000):
        found = by_name.get(run.arguments.get("collection", "")) or (
            run.documents.order_by("pk")
            .values_list("document__thread__collection", flat=True)
            .first()
        )
        if found:
            runs.filter(pk=run.pk).update(collection=found)


class Migration(migrations.Migration):
    dependencies = [
        ("corpus", "0007_parting_and_dismissals"),
        ("forumimport", "0005_pending_forum"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="collection",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="corpus.collection",
                verbose_name="collection",
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="concealed",
            field=models.BooleanField(
                default=False, editable=False, verbose_name="for superusers only"
            ),
        ),
        migrations.RunPython(tie, migrations.RunPython.noop),
    ]
