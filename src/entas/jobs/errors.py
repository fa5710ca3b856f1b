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


class JobGivenBack(EntasRefusal):
    """The worker is to stop: the work goes back to the queue and is done again later."""

    def __init__(self) -> None:
        super().__init__("Pekerja dihentikan; pekerjaannya kembali ke antrean.")


class JobLost(EntasRefusal):
    """Another worker took this work over, or it was ended from outside."""

    def __init__(self, job_id: int) -> None:
        super().__init__(
            "Pekerjaan nomor {number} sudah diambil alih atau diakhiri.", number=job_id
        )


class NotRepeatable(EntasRefusal):
    """Only work that ended badly in the background is tried again."""

    def __init__(self, job_id: int, state: str) -> None:
        super().__init__(
            "Pekerjaan nomor {number} ({state}) tidak dapat diulang. Mulai pekerjaan baru dari "
            "halaman atau perintah asalnya.",
            number=job_id,
            state=Saying(state),
        )


class UnknownKind(EntasRefusal):
    """No stage of this version knows how to do such work."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            "Jenis pekerjaan '{kind}' tidak dikenal versi Entas ini. Perbarui Entas di "
            "komputer pekerja, atau batalkan pekerjaannya.",
            kind=kind[:40],
        )
