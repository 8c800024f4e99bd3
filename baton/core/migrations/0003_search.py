import django.db.models.deletion
from django.db import migrations, models

from baton.core.migrations._search_index import CreateSearchIndex


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_files_tokens_invitations_tallies"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="core.task",
                    ),
                ),
                ("words", models.TextField()),
                ("recipe", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name="SearchTrigram",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("trigram", models.CharField(max_length=3)),
                (
                    "word",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="trigrams", to="core.searchword"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("trigram", "word"), name="trigram_once_per_word")],
            },
        ),
        CreateSearchIndex(),
    ]
