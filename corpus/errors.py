"""What the project raises on purpose; every message is one sentence for its user."""


class CorpusError(Exception):
    """Root of all errors that a user can cause and mend; its text is shown as it is."""


class OperationRefused(CorpusError):
    """A curation step that would break an invariant, or that its user may not take."""


class OperationOutrun(OperationRefused):
    """A curation step that was decided on an older version of its thread."""


class AnnotationRefused(CorpusError):
    """An annotation, assignment or codebook change that cannot be; ``reason`` is for programs."""

    def __init__(self, message: str, reason: str = "refused") -> None:
        super().__init__(message)
        self.reason = reason


class FileUnreadable(CorpusError):
    """A codebook or annotation file that is not what it should be; says what would be."""
