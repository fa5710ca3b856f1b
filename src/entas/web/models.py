"""What the web door itself remembers: forms that were begun and questions that were asked."""

import uuid
from typing import ClassVar

from django.db import models


class Draft(models.Model):
    """One form in somebody's hands, from its first letter until it was sent once.

    Lies beside the looks, so that typing never waits for an import. The user is a number, for the
    two files know no foreign keys between them.
    """

    SEALED: ClassVar[dict[str, str]] = {"body_sealed": "web.draft"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.BigIntegerField()
    # Which form, and about what: "correction:12".
    form = models.CharField(max_length=80)
    body_sealed = models.BinaryField(null=True)
    is_sent = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "form"], name="draft_user_form")]


class SignIn(models.Model):
    """Somebody signed in: a session as its owner sees it, and when the last time was.

    Lies beside the sessions themselves and is kept for ninety days.
    """

    user = models.BigIntegerField()
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    # In the words of the person: "Chrome, Windows".
    browser = models.CharField(max_length=60)
    # A session of an earlier epoch than the user's is over.
    epoch = models.PositiveIntegerField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "began_at"], name="sign_in_user")]
