"""Two chains that only grow: who did what (acts), and who looked at whom (looks).

Actor and object are text or numbers, never foreign keys: the chains outlive what they tell of.
"""

import datetime as dt
import hashlib
import json
from typing import ClassVar

from django.db import models

from entas import custody

# What the first entry of a chain names as the hash before it.
GENESIS = "0" * 64


def canonical(entry: dict[str, object]) -> str:
    """The one JSON text of an entry; its hash is taken over this."""
    return json.dumps(
        entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def entry_hash(prev_hash: str, entry: dict[str, object]) -> str:
    """Hash of an entry that stands behind the one with ``prev_hash``."""
    return hashlib.sha256((prev_hash + canonical(entry)).encode()).hexdigest()


def head_seal(chain: str, length: int, last_hash: str) -> int:
    """What only the holder of the keys can write beside the end of a chain.

    Raises:
        entas.custody.KeyMissing: there is no key file.
    """
    return custody.blind_index(f"{chain} {length} {last_hash}", purpose="audit.head")


def utc_text(moment: dt.datetime) -> str:
    """A moment in one spelling, whatever zone the database gives it back in."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


class ChainEntry(models.Model):
    """A link of a chain: its place, when, who, and the hash that ties it to the one before."""

    position = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=160)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True

    def content(self) -> dict[str, object]:
        """What the hash is taken over, besides the hash before."""
        raise NotImplementedError


class Act(ChainEntry):
    """Somebody did something."""

    act = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id"], name="act_object"),
            models.Index(fields=["at"], name="act_at"),
            models.Index(fields=["actor", "position"], name="act_actor"),
            models.Index(fields=["act", "position"], name="act_act"),
            models.Index(fields=["actor", "act", "position"], name="act_actor_act"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.act}"

    def content(self) -> dict[str, object]:
        """Place, time, actor, act, object and detail."""
        return {
            "position": self.position,
            "at": utc_text(self.at),
            "actor": self.actor,
            "act": self.act,
            "object_type": self.object_type,
            "object_id": self.object_id,
            "detail": self.detail,
        }


class Look(ChainEntry):
    """Somebody saw one person's data."""

    person = models.BigIntegerField()
    purpose = models.CharField(max_length=200)
    where = models.CharField(max_length=80)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person", "position"], name="look_person"),
            models.Index(fields=["actor", "position"], name="look_actor"),
            models.Index(fields=["at"], name="look_at"),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.where}"

    def content(self) -> dict[str, object]:
        """Place, time, actor, person, purpose and where it was seen."""
        return {
            "position": self.position,
            "at": utc_text(self.at),
            "actor": self.actor,
            "person": self.person,
            "purpose": self.purpose,
            "where": self.where,
        }


class ChainHead(models.Model):
    """How long a chain is and how it ends, sealed with a key that is not in the database.

    Without it nobody could tell that the last entries of a chain were cut off. It is also the row
    that writers lock, so that the chain never forks.
    """

    length = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)
    seal = models.BigIntegerField(null=True)

    CHAIN: ClassVar[str]

    class Meta:
        abstract = True

    @property
    def is_sealed(self) -> bool:
        """Whether this end was written by the holder of the keys, or the chain never began."""
        if self.length == 0 and self.seal is None:
            return True
        return self.seal == head_seal(self.CHAIN, self.length, self.hash)


class ActHead(ChainHead):
    """The end of the chain of acts."""

    CHAIN = "acts"

    def __str__(self) -> str:
        return f"acts {self.length}"


class LookHead(ChainHead):
    """The end of the chain of looks; it lies in the same file as the looks."""

    CHAIN = "looks"

    def __str__(self) -> str:
        return f"looks {self.length}"
