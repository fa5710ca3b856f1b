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


class Question(models.Model):
    """What somebody typed into the search field, so that it stands in no address.

    Lies beside the looks, like drafts. The words are sealed and forgotten after half a day; the
    row stays two days longer, to count how often somebody learned where others are registered.
    """

    class Answer(models.TextChoices):
        """What was said about an exact identity that is not in the area of who asked."""

        NONE = "", "tidak ditanyakan"
        ELSEWHERE = "luar", "terdaftar di luar wilayah"
        NOWHERE = "tidak", "tidak terdaftar"

    SEALED: ClassVar[dict[str, str]] = {"body_sealed": "web.question"}

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.BigIntegerField()
    # Keyed, so that the same words asked again are the same question.
    text_hash = models.BigIntegerField()
    body_sealed = models.BinaryField(null=True)
    answer = models.CharField(max_length=5, choices=Answer.choices, blank=True)
    asked_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["user", "asked_at"], name="question_user_asked"),
            models.Index(fields=["user", "text_hash"], name="question_user_text"),
        ]
