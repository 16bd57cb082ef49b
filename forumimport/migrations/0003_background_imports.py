"""Uploads lie in a folder, and a run shows signs of life. Uploads that wait for their
confirmation (a day at most) are to be made again."""

from django.db import migrations, models


def forget_uploads(apps, schema_editor):
    apps.get_model("forumimport", "StagedFile").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("forumimport", "0002_runs_at_scale"),
    ]

    operations = [
        migrations.RunPython(forget_uploads, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name="stagedfile",
            name="content",
        ),
        migrations.AddField(
            model_name="importrun",
            name="added",
            field=models.PositiveIntegerField(default=0, verbose_name="posts added to them"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="alive",
            field=models.DateTimeField(blank=True, null=True, verbose_name="last sign of life"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="grown",
            field=models.PositiveIntegerField(default=0, verbose_name="threads added to"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="posts_before",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="importrun",
            name="process",
            field=models.CharField(blank=True, max_length=255, verbose_name="process"),
        ),
        migrations.AddField(
            model_name="importrun",
            name="since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="at work since"),
        ),
        migrations.AddField(
            model_name="stagedfile",
            name="kept",
            field=models.CharField(default="", max_length=64, verbose_name="kept as"),
        ),
        migrations.AddField(
            model_name="stagedfile",
            name="size",
            field=models.BigIntegerField(default=0, verbose_name="bytes"),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("preview", "waiting for confirmation"),
                    ("waiting", "waiting for a worker"),
                    ("running", "running"),
                    ("failed", "failed"),
                    ("finished", "finished"),
                    ("cancelled", "cancelled"),
                    ("withdrawn", "withdrawn"),
                ],
                default="running",
                max_length=16,
                verbose_name="state",
            ),
        ),
    ]
