"""The newest key version of an installation; where it was rotated before, the acts know it."""

from typing import Any

from django.db import migrations, models


def take_from_acts(apps: Any, _: Any) -> None:
    """Raise the version to that of the last rotation that was written down."""
    acts = apps.get_model("audit", "Act").objects.filter(act="keys.rotate_begin")
    last = acts.order_by("-position").first()
    if last is not None:
        apps.get_model("city", "Installation").objects.update(key_version=last.detail["version"])


class Migration(migrations.Migration):
    """One column more."""

    dependencies = [
        ("audit", "0001_first"),
        ("city", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="installation",
            name="key_version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.RunPython(take_from_acts, migrations.RunPython.noop),
    ]
