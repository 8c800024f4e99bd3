from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_board_order"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("trashed_at", None)),
                fields=["project", "completed_at"],
                name="task_completed_in_project",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("trashed_at", None), models.Q(("status", "done"), _negated=True)),
                fields=["project", "due_at"],
                name="task_undone_in_project",
            ),
        ),
    ]
