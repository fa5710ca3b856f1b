"""What can be refused about jobs."""

from entas.refusals import EntasRefusal, Saying


class JobCancelled(EntasRefusal):
    """Somebody asked for the end of this work; what was visible before still is."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            "Pekerjaan {kind} dihentikan atas permintaan. Keadaan sebelumnya tetap berlaku; "
            "jalankan perintah yang sama untuk melanjutkan.",
            kind=kind,
        )


class JobEnded(EntasRefusal):
    """The job has already ended and takes no more reports."""

    def __init__(self, job_id: int, state: str) -> None:
        super().__init__(
            "Pekerjaan nomor {number} sudah {state}; mulai pekerjaan baru.",
            number=job_id,
            state=Saying(state),
        )
