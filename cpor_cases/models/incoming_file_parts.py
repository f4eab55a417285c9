"""The content of incoming files, in pieces."""

from collections.abc import Iterable, Iterator

from django.db import models

from .incoming_files import IncomingFile


class IncomingFilePart(models.Model):
    """A piece of a file: in the database, which all machines share and nobody can browse."""

    file = models.ForeignKey(IncomingFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="unique_part_of_incoming_file")
        ]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.number}"

    @classmethod
    def keep(cls, file: IncomingFile, pieces: Iterable[bytes]) -> int:
        """Keep the content of a file piece by piece; return how many bytes it has."""
        return sum(
            len(cls.objects.create(file=file, number=number, content=piece).content)
            for number, piece in enumerate(pieces)
        )

    @classmethod
    def pieces_of(cls, file: IncomingFile) -> Iterator[bytes]:
        """Yield the file piece by piece: never the whole of it in memory."""
        for number in list(cls.objects.filter(file=file).values_list("number", flat=True)):
            yield bytes(cls.objects.get(file=file, number=number).content)
