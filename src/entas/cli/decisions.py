"""``entas registry`` for people's words: what waits, deciding, merging, proposing, taking back."""

import argparse
import sys
from typing import Any

from entas.cli.frame import say

_MOST_SHOWN = 1_000


def add_acts(acts: "argparse._SubParsersAction[Any]") -> None:
    """Add the acts of people to those on the registry."""
    _add_review(acts)
    _add_pairs(acts)
    _add_proposals(acts)


def row_of_import(text: str) -> tuple[int, int]:
    """``IMPOR:BARIS`` as two numbers.

    Raises:
        argparse.ArgumentTypeError: the text says something else.
    """
    number, _, row = text.partition(":")
    return positive(number), positive(row)


def positive(text: str) -> int:
    """A whole number above 0 of a length that a database takes.

    Raises:
        argparse.ArgumentTypeError: the text says something else.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= 12 and int(text)):  # noqa: PLR2004
        raise argparse.ArgumentTypeError(text[:20])
    return int(text)


def _add_review(acts: "argparse._SubParsersAction[Any]") -> None:
    waiting = acts.add_parser("review", help="apa yang menunggu keputusan orang")
    waiting.add_argument("--source", metavar="KODE", default="")
    waiting.add_argument("--limit", metavar="N", type=positive, default=20)
    waiting.set_defaults(run=review)
    word = acts.add_parser("decide", help="putuskan milik siapa sebuah baris")
    word.add_argument("row", metavar="IMPOR:BARIS", type=row_of_import)
    word.add_argument("--person", metavar="ID_WARGA", type=positive, required=True)
    says = word.add_mutually_exclusive_group(required=True)
    says.add_argument("--same", action="store_true", help="baris ini tentang warga itu")
    says.add_argument("--different", action="store_true", help="baris ini bukan tentang warga itu")
    says.add_argument("--withdraw", action="store_true", help="tarik kembali keputusan itu")
    word.set_defaults(run=decide)


def _add_pairs(acts: "argparse._SubParsersAction[Any]") -> None:
    merge_ = acts.add_parser("merge", help="nyatakan dua warga sebagai satu orang")
    merge_.add_argument("kept", metavar="ID_TETAP", type=positive)
    merge_.add_argument("absorbed", metavar="ID_DIGABUNG", type=positive)
    merge_.add_argument("--reason", metavar="ALASAN", required=True)
    merge_.add_argument(
        "--despite-nik", action="store_true", help="walau keduanya punya NIK sah yang berbeda"
    )
    merge_.set_defaults(run=merge)
    split_ = acts.add_parser("split", help="batalkan penggabungan dua warga")
    split_.add_argument("kept", metavar="ID_TETAP", type=positive)
    split_.add_argument("absorbed", metavar="ID_DIGABUNG", type=positive)
    split_.set_defaults(run=split)
    apart_ = acts.add_parser("apart", help="nyatakan dugaan ganda sebagai dua orang")
    apart_.add_argument("first", metavar="ID_A", type=positive)
    apart_.add_argument("second", metavar="ID_B", type=positive)
    apart_.add_argument("--reason", metavar="ALASAN", required=True)
    apart_.set_defaults(run=apart)


def _add_proposals(acts: "argparse._SubParsersAction[Any]") -> None:
    propose_ = acts.add_parser(
        "propose",
        help="usulkan perbaikan data; nilainya dibaca dari masukan standar",
        description="Nilai usulan ditulis di masukan standar, supaya NIK tidak tinggal di "
        "riwayat perintah.",
    )
    propose_.add_argument("person", metavar="ID_WARGA", type=positive)
    propose_.add_argument("--field", metavar="BIDANG", required=True)
    propose_.add_argument("--reason", metavar="ALASAN", required=True)
    propose_.set_defaults(run=propose)
    acts.add_parser("proposals", help="usulan yang menunggu").set_defaults(run=proposals)
    answer = acts.add_parser("answer", help="terima atau tolak sebuah usulan")
    answer.add_argument("proposal", metavar="USULAN", type=positive)
    says = answer.add_mutually_exclusive_group(required=True)
    says.add_argument("--accept", action="store_true", help="terima")
    says.add_argument("--reject", action="store_true", help="tolak")
    answer.set_defaults(run=answer_proposal)


def review(args: argparse.Namespace) -> dict[str, Any]:
    """List what waits for a human's word, the most doubtful first."""
    from entas.city.policies import check_may_at
    from entas.city.queries import acting_user
    from entas.registry.queries import review as waits
    from entas.sources.queries import source_of

    # The questions of linking are asked of the whole city.
    check_may_at(acting_user(), "registry.review", None)

    code = source_of(args.source).code if args.source else ""
    counts, most = waits.waiting(source_code=code), min(args.limit, _MOST_SHOWN)
    rows, pairs = waits.waiting_rows(source_code=code, most=most), waits.waiting_pairs(most=most)
    say(f"{counts.rows} baris dan {counts.pairs} dugaan ganda menunggu keputusan.")
    for row in rows:
        say(f"  baris {row.import_id}:{row.row} -> warga {row.candidate_id}? ({row.probability})")
    for pair in pairs:
        say(f"  warga {pair.first_id} = warga {pair.second_id}? ({pair.probability})")
    return {
        "rows_waiting": counts.rows,
        "pairs_waiting": counts.pairs,
        "rows": [
            {
                "import_id": row.import_id,
                "baris": row.row,
                "id_calon": row.candidate_id,
                "saingan": row.rival_id or "",
                "bobot": row.weight,
                "peluang": row.probability,
            }
            for row in rows
        ],
        "pairs": [
            {
                "id_warga_a": pair.first_id,
                "id_warga_b": pair.second_id,
                "bobot": pair.weight,
                "peluang": pair.probability,
            }
            for pair in pairs
        ],
    }


def decide(args: argparse.Namespace) -> dict[str, Any]:
    """Say that a row is, or is not, about a person; or take that word back."""
    from entas.city.queries import acting_user
    from entas.registry.queries.review import link_on, standing_decision
    from entas.registry.services import decisions

    link = link_on(*args.row)
    if args.withdraw:
        decisions.withdraw_decision(decision=standing_decision(link, args.person), by=acting_user())
    else:
        decisions.decide_row(
            delivery=link.delivery,
            row=link.row,
            person_id=args.person,
            same=args.same,
            by=acting_user(),
        )
    link.refresh_from_db()
    say(f"Baris {args.row[0]}:{args.row[1]} sekarang: {link.decision} {link.person_id or ''}")
    return {
        "import_id": args.row[0],
        "baris": args.row[1],
        "keputusan": link.decision,
        "id_warga": link.person_id or "",
    }


def merge(args: argparse.Namespace) -> dict[str, Any]:
    """Declare two persons one; ``split`` takes it back exactly."""
    from entas.city.queries import acting_user
    from entas.registry.services import decisions

    done = decisions.merge_persons(
        kept_id=args.kept,
        absorbed_id=args.absorbed,
        reason=args.reason,
        by=acting_user(),
        in_spite_of_niks=args.despite_nik,
    )
    say(f"Warga {done.absorbed_id} digabung ke warga {done.kept_id}.")
    return {"id_warga": done.kept_id, "absorbed": done.absorbed_id}


def split(args: argparse.Namespace) -> dict[str, Any]:
    """Take a merge back."""
    from entas.city.queries import acting_user
    from entas.registry.queries.review import standing_merge
    from entas.registry.services import decisions

    person = decisions.split_persons(
        merge=standing_merge(args.kept, args.absorbed), by=acting_user()
    )
    say(f"Warga {person.pk} berdiri sendiri lagi.")
    return {"id_warga": args.kept, "restored": person.pk, "state": person.state}


def apart(args: argparse.Namespace) -> dict[str, Any]:
    """Say that two suspected persons are two; they are not suspected again."""
    from entas.city.queries import acting_user
    from entas.registry.services import decisions

    pair = decisions.refute_duplicate(
        first_id=args.first, second_id=args.second, by=acting_user(), reason=args.reason
    )
    say(f"Warga {pair.first_id} dan {pair.second_id} dinyatakan dua orang.")
    return {"id_warga_a": pair.first_id, "id_warga_b": pair.second_id, "state": pair.state}


def propose(args: argparse.Namespace) -> dict[str, Any]:
    """Propose another value for one field; somebody else decides."""
    from entas.city.queries import acting_user
    from entas.registry.services import proposals as proposing

    if sys.stdin.isatty():
        say("Tulis nilainya, lalu Enter:")
    made = proposing.propose_correction(
        person_id=args.person,
        field=args.field,
        value=sys.stdin.readline(),
        reason=args.reason,
        by=acting_user(),
    )
    say(f"Usulan nomor {made.pk} dicatat; orang lain memutuskannya.")
    return {"proposal": made.pk, "id_warga": made.person_id, "field": made.field}


def proposals(_: argparse.Namespace) -> dict[str, Any]:
    """List the proposals that wait, without their values."""
    from entas.city.policies import check_may, scope_of
    from entas.city.queries import acting_user
    from entas.registry.queries.review import waiting_proposals

    user = acting_user()
    check_may(user, "registry.propose")
    within = scope_of(user, "registry.propose").filter("person__kelurahan")
    waiting = [
        {
            "proposal": one.pk,
            "id_warga": one.person_id,
            "field": one.field,
            "by": one.by,
            "at": one.at.isoformat(),
        }
        for one in waiting_proposals().filter(within)
    ]
    say(f"{len(waiting)} usulan menunggu.")
    for one in waiting:
        say(f"  {one['proposal']}: warga {one['id_warga']}, {one['field']}, oleh {one['by']}")
    return {"proposals": waiting}


def answer_proposal(args: argparse.Namespace) -> dict[str, Any]:
    """Accept or reject a proposal of somebody else."""
    from entas.city.queries import acting_user
    from entas.registry.queries.review import proposal_of
    from entas.registry.services import proposals as proposing

    proposal = proposal_of(args.proposal)
    if args.accept:
        proposing.accept_proposal(proposal=proposal, by=acting_user())
    else:
        proposing.reject_proposal(proposal=proposal, by=acting_user())
    proposal.refresh_from_db()
    say(f"Usulan nomor {proposal.pk}: {proposal.state}.")
    return {"proposal": proposal.pk, "id_warga": proposal.person_id, "state": proposal.state}
