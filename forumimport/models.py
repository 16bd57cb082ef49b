"""What an import did, and the forum objects that show the corpus.

The projection's foreign keys go to the engine's models through settings, as with
``AUTH_USER_MODEL``: no engine label stands here or in the migrations.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from corpus.models import Collection, SourceDocument, Thread, Utterance
from forumimport import conf


class ImportRun(models.Model):
    """One execution of an import: with what, by whom, in which version, and the counts."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("waiting for confirmation")
        WAITING = "waiting", _("waiting for a worker")
        RUNNING = "running", _("running")
        FAILED = "failed", _("failed")
        FINISHED = "finished", _("finished")
        CANCELLED = "cancelled", _("cancelled")
        WITHDRAWING = "withdrawing", _("being withdrawn")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Doing(models.TextChoices):
        READING = "reading", _("reading")
        INDEXING = "indexing", _("indexing for the search")
        COMPARING = "comparing", _("comparing for duplicates")

    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.RUNNING
    )
    arguments = models.JSONField(_("arguments"), default=dict)
    #: None as long as there is no collection of the name in the arguments.
    collection = models.ForeignKey(
        Collection,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("collection"),
    )
    #: Its collection was closed when it was deleted: nobody can tell any more to whom it was open.
    concealed = models.BooleanField(_("for superusers only"), default=False, editable=False)
    version = models.CharField(_("version of the program"), max_length=32)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("who"),
    )
    started = models.DateTimeField(_("started"), auto_now_add=True)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)
    threads = models.PositiveIntegerField(_("threads"), default=0)
    posts = models.PositiveIntegerField(_("posts"), default=0)
    skipped = models.PositiveIntegerField(_("skipped"), default=0)
    #: Threads older than what was asked for.
    left_out = models.PositiveIntegerField(_("left out"), default=0)
    failed = models.PositiveIntegerField(_("failed"), default=0)
    #: Threads of other imports that got more posts, and how many; these are among ``posts`` too.
    grown = models.PositiveIntegerField(_("threads added to"), default=0)
    added = models.PositiveIntegerField(_("posts added to them"), default=0)
    quotations = models.PositiveIntegerField(_("quotations"), default=0)
    unsure = models.PositiveIntegerField(_("unsure boundaries"), default=0)
    #: How many documents in which encoding and format, and threads in which language.
    kinds = models.JSONField(_("encodings, formats and languages"), default=dict)
    #: Of the files named: how many bytes there are, and how many have been dealt with.
    total_bytes = models.BigIntegerField(_("bytes to read"), default=0)
    read_bytes = models.BigIntegerField(_("bytes read"), default=0)
    #: What a running import is at. Once all is read and stored: how many posts are indexed, or
    #: documents compared, of how many; where it is withdrawn, how many threads of how many are.
    doing = models.CharField(
        _("at work on"), max_length=16, choices=Doing.choices, default=Doing.READING
    )
    done = models.PositiveIntegerField(default=0)
    to_do = models.PositiveIntegerField(default=0)
    #: When it turned to that.
    turned = models.DateTimeField(null=True, blank=True, editable=False)
    #: Somebody asked a running import to stop after its present batch.
    stopping = models.BooleanField(_("to be stopped"), default=False)
    #: When work on it last began, and last showed a sign of life, in which process of which host.
    since = models.DateTimeField(_("at work since"), null=True, blank=True)
    alive = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    process = models.CharField(_("process"), max_length=255, blank=True)
    #: Posts that it had brought in when work on it last began.
    posts_before = models.PositiveIntegerField(default=0)

    #: Whether it was taken up again and may meet what it met before. Of the process at work only.
    resumed = False

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        permissions = [("import_threads", _("Can import threads"))]

    def __str__(self) -> str:
        return f"{self.pk} ({self.get_state_display()})"


class ImportedContainer(models.Model):
    """A file that imports take threads from, known by its bytes and how it was read.

    ``reading`` is the digest of what the user stated about it: read otherwise it may hold other
    threads. Once it is finished, and as long as its ``documents`` are all there, it is not read
    again.
    """

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="containers", verbose_name=_("import run")
    )
    origin = models.TextField(_("where from"))
    sha256 = models.CharField(_("sha256 of the bytes"), max_length=64)
    reading = models.CharField(_("how it was read"), max_length=64)
    documents = models.PositiveIntegerField(_("source documents"), default=0)
    left_out = models.PositiveIntegerField(_("left out"), default=0)
    finished = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("imported file")
        verbose_name_plural = _("imported files")
        constraints = [
            models.UniqueConstraint(fields=["sha256", "reading"], name="forumimport_container_once")
        ]

    def __str__(self) -> str:
        return self.origin


class ImportedDocument(models.Model):
    """Which run brought a source document in, and from which file where several came from one."""

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="documents", verbose_name=_("import run")
    )
    document = models.OneToOneField(
        SourceDocument,
        on_delete=models.CASCADE,
        related_name="imported",
        verbose_name=_("source document"),
    )
    container = models.ForeignKey(
        ImportedContainer,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="brought",
        verbose_name=_("imported file"),
    )

    class Meta:
        verbose_name = _("imported document")
        verbose_name_plural = _("imported documents")

    def __str__(self) -> str:
        return str(self.document)


class ImportProblem(models.Model):
    """One thing that a run could not import, or had to guess, and why."""

    class Kind(models.TextChoices):
        FAILED = "failed", _("not imported")
        NOTICE = "notice", _("imported with a guess")

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="problems", verbose_name=_("import run")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    origin = models.TextField(_("where"))
    locator = models.CharField(_("place in the file"), max_length=500, blank=True)
    reason = models.TextField(_("why"))

    class Meta:
        verbose_name = _("import problem")
        verbose_name_plural = _("import problems")

    def __str__(self) -> str:
        return f"{self.origin}: {self.reason}"


class Duplicate(models.Model):
    """Two source documents that say the same: word for word (``likeness`` 1), or nearly."""

    run = models.ForeignKey(
        ImportRun,
        on_delete=models.CASCADE,
        related_name="duplicates",
        verbose_name=_("import run"),
    )
    document = models.ForeignKey(
        SourceDocument,
        on_delete=models.CASCADE,
        related_name="duplicate_of",
        verbose_name=_("source document"),
    )
    earlier = models.ForeignKey(
        SourceDocument,
        on_delete=models.CASCADE,
        related_name="duplicated_by",
        verbose_name=_("the earlier document"),
    )
    likeness = models.FloatField(_("likeness"))

    class Meta:
        verbose_name = _("duplicate")
        verbose_name_plural = _("duplicates")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "earlier"], name="forumimport_duplicate_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document_id} = {self.earlier_id}"


class Sketch(models.Model):
    """What near duplicates of a document are told by; empty for a very short one."""

    document = models.OneToOneField(
        SourceDocument,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="sketch",
        verbose_name=_("source document"),
    )
    hashes = models.BinaryField(_("minimal hashes"))

    class Meta:
        verbose_name = _("sketch")
        verbose_name_plural = _("sketches")

    def __str__(self) -> str:
        return str(self.pk)


class SketchBand(models.Model):
    """A part of a sketch; documents that share one may be near duplicates."""

    document = models.ForeignKey(SourceDocument, on_delete=models.CASCADE, related_name="+")
    band = models.PositiveSmallIntegerField()
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["band", "key"], name="forumimport_band_by_key")]

    def __str__(self) -> str:
        return f"{self.document_id}: {self.band}"


class StagedFile(models.Model):
    """An uploaded file until it is imported; ``kept`` is its name in the folder of uploads."""

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="staged", verbose_name=_("import run")
    )
    name = models.CharField(_("name"), max_length=255)
    kept = models.CharField(_("kept as"), max_length=64, default="")
    size = models.BigIntegerField(_("bytes"), default=0)

    class Meta:
        verbose_name = _("staged file")
        verbose_name_plural = _("staged files")

    def __str__(self) -> str:
        return self.name


class _Projected(models.Model):
    """Ties one corpus row to the forum object that shows it. Derived: may be rebuilt any time."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class ProjectedForum(_Projected):
    collection = models.OneToOneField(
        Collection, on_delete=models.CASCADE, related_name="projected"
    )
    forum: models.OneToOneField[Any, Any] = models.OneToOneField(
        conf.forum_model(), on_delete=models.CASCADE, related_name="corpus_projection"
    )


class ProjectedTopic(_Projected):
    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="projected")
    topic: models.OneToOneField[Any, Any] = models.OneToOneField(
        conf.topic_model(), on_delete=models.CASCADE, related_name="corpus_projection"
    )
    held = models.BooleanField(default=False)


class ProjectedPost(_Projected):
    """``position`` counts the thread's posts from 1. A row outlives its utterance until the
    projection has removed the post."""

    topic = models.ForeignKey(ProjectedTopic, on_delete=models.CASCADE, related_name="posts")
    utterance = models.OneToOneField(
        Utterance, null=True, on_delete=models.SET_NULL, related_name="projected"
    )
    post: models.OneToOneField[Any, Any] = models.OneToOneField(
        conf.post_model(), on_delete=models.CASCADE, related_name="corpus_projection"
    )
    position = models.PositiveIntegerField()


class PendingPost(models.Model):
    """A post whose search document is not yet up to date; one row for each change.

    Written in the transaction that changed the post, removed when the index has followed: what a
    crash or a locked index left undone is caught up by the next change.
    """

    post_id = models.BigIntegerField(_("post"))
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("post to index")
        verbose_name_plural = _("posts to index")

    def __str__(self) -> str:
        return str(self.post_id)


class PendingForum(models.Model):
    """A forum that has changed since it counted its topics and posts; one row for each change.

    Written in the transaction of the change where counting is postponed, removed once counted:
    what a killed program left undone is caught up by the next one that postpones.
    """

    forum_id = models.BigIntegerField(_("forum"))

    class Meta:
        verbose_name = _("forum to count")
        verbose_name_plural = _("forums to count")

    def __str__(self) -> str:
        return str(self.forum_id)
