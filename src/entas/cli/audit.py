"""``entas audit verify``: are the chains of acts and looks as they were written?"""

import argparse
import re
from typing import TYPE_CHECKING, Any

from entas.cli.frame import say
from entas.refusals import EntasRefusal, Saying

if TYPE_CHECKING:
    from entas.audit.queries import ChainReport

_NAMES = {"acts": Saying("tindakan"), "looks": Saying("penglihatan data")}


class ChainBroken(EntasRefusal):
    """A chain is not as it was written."""

    def __init__(self, report: "ChainReport") -> None:
        super().__init__(
            "Rantai {chain} rusak pada entri {entry}: {why}. "
            "Amankan salinan basis data ini dan bandingkan dengan cadangan.",
            chain=_NAMES[report.chain],
            entry=report.broken_at,
            why=Saying(report.why),
        )


class AnchorLost(EntasRefusal):
    """A chain no longer holds the end that was once written down."""

    def __init__(self, name: str, length: int) -> None:
        super().__init__(
            "Jangkar {name}:{length} tidak ada lagi dalam rantainya: basis data ini lebih tua "
            "daripada catatan itu, atau rantainya ditulis ulang. Bandingkan dengan cadangan.",
            name=name,
            length=length,
        )


def _anchor(text: str) -> tuple[str, int, str]:
    found = re.fullmatch(r"(acts|looks):(\d{1,18}):([0-9a-f]{64})", text)
    if not found:
        raise argparse.ArgumentTypeError("bentuknya acts:JUMLAH:HASH")
    return found[1], int(found[2]), found[3]


def add_commands(subparsers: "argparse._SubParsersAction[Any]") -> None:
    """Add ``audit verify``."""
    stage = subparsers.add_parser("audit", help="rantai catatan tindakan")
    acts = stage.add_subparsers(metavar="TINDAKAN", required=True, dest="act")
    verify = acts.add_parser("verify", help="periksa keutuhan kedua rantai")
    verify.add_argument(
        "--anchor",
        type=_anchor,
        action="append",
        default=[],
        metavar="RANTAI:JUMLAH:HASH",
        help="ujung rantai yang pernah dicatat di luar basis data",
    )
    verify.set_defaults(run=run)


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Verify both chains; refused with the first broken entry."""
    from entas.audit.queries import holds_anchor, verify

    report = verify()
    for chain in report.chains:
        if not chain.is_whole:
            raise ChainBroken(chain)
        end = f"{chain.chain}:{chain.length}:{chain.last_hash}"
        say(f"Rantai {_NAMES[chain.chain]} utuh: {chain.length} entri. Jangkar: {end}")
    for name, length, last_hash in args.anchor:
        if not holds_anchor(name, length, last_hash):
            raise AnchorLost(name, length)
    return {
        chain.chain: {"length": chain.length, "last_hash": chain.last_hash}
        for chain in report.chains
    } | {"is_whole": True}
