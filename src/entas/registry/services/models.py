"""Which linkage model is in use; training and choosing one are deliberate acts."""

from datetime import datetime
from functools import lru_cache
from importlib import resources

from django.db import transaction

from entas.analytics.linkage.model import Model, model_from_json
from entas.registry.errors import ModelUnreadable
from entas.registry.models import LinkageModel

SHIPPED = "model-1.json"


@lru_cache(maxsize=1)
def shipped_model() -> Model:
    """The model that comes with this version of Entas; read once."""
    path = resources.files("entas.analytics.linkage") / "data" / SHIPPED
    return model_from_json(path.read_text(encoding="utf-8"))


def model_in_use() -> Model:
    """The model of this installation; the shipped one until another is chosen.

    Raises:
        ModelUnreadable: the stored artefact is not of this version.
    """
    version = LinkageModel.objects.filter(in_use=True).values_list("version", flat=True).first()
    if version is None:
        return shipped_model()
    return stored_model(LinkageModel.objects.get(version=version))


def stored_model(row: LinkageModel) -> Model:
    """Read one stored artefact.

    Raises:
        ModelUnreadable: it is not of this version.
    """
    try:
        return model_from_json(row.body)
    except (ValueError, KeyError) as fault:
        raise ModelUnreadable(row.version) from fault


@transaction.atomic
def keep_model(*, model: Model, use: bool, at: datetime) -> LinkageModel:
    """Store an artefact under its version; with ``use`` it replaces the one in use."""
    if use:
        LinkageModel.objects.filter(in_use=True).update(in_use=False)
    row, _ = LinkageModel.objects.update_or_create(
        version=model.version,
        defaults={
            "note": model.note,
            "body": model.to_json(),
            "in_use": use,
            "created_at": at,
        },
    )
    return row
