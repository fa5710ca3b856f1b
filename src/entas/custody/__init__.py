"""Keys: sealing and opening what is secret, and finding it again without opening it.

A sealed value is AES-256-GCM: two bytes key version, twelve bytes nonce, ciphertext and tag.
Its ``context`` (for instance ``"person.nik"``) is authenticated with it, so that a sealed value
moved to another column does not open there. The keys stand in a file outside the database.
What leaves the installation in readable form goes through :func:`complete_file`.
"""

from entas.custody.errors import (
    CannotWrite,
    EscrowMismatch,
    KeyExists,
    KeyFileOdd,
    KeyMissing,
    SealBroken,
)
from entas.custody.escrow import restore, split_escrow
from entas.custody.keyfile import (
    KeyStatus,
    add_key_version,
    create_key_file,
    drop_old_versions,
    key_id,
    status,
)
from entas.custody.sealing import (
    blind_index,
    blind_index_many,
    key_version_of,
    seal,
    seal_many,
    unseal,
    unseal_many,
)
from entas.custody.targets import complete_file, target_of

__all__ = [
    "CannotWrite",
    "EscrowMismatch",
    "KeyExists",
    "KeyFileOdd",
    "KeyMissing",
    "KeyStatus",
    "SealBroken",
    "add_key_version",
    "blind_index",
    "blind_index_many",
    "complete_file",
    "create_key_file",
    "drop_old_versions",
    "key_id",
    "key_version_of",
    "restore",
    "seal",
    "seal_many",
    "split_escrow",
    "status",
    "target_of",
    "unseal",
    "unseal_many",
]
