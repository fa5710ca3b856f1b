from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("city", "0004_figures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Purpose",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30)),
                ("name", models.CharField(max_length=80)),
                ("description", models.CharField(max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("basis", models.CharField(max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "valid_from"), name="purpose_once_a_day"
                    )
                ],
            },
        ),
    ]
