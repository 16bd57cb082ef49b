import pytest

from corpus.curation import (
    AssignSpeaker,
    ConfirmUtterance,
    HoldThread,
    MergeUtterance,
    ReleaseThread,
    RetitleThread,
    SplitUtterance,
    UndoEvent,
)
from corpus.errors import OperationRefused
from corpus.models import Basis, CurationEvent, Quotation, Speaker, State, Utterance

pytestmark = pytest.mark.django_db

TEXT = (
    "Beans\n\n"
    "The frost took all my beans this spring, every one of them.\n\n\n"
    "The frost took all my beans this spring, every one of them.\n\n"
    "Cover them at night.\n\nAn old curtain does.\n\n\n"
    "Thanks, I shall."
)


@pytest.fixture
def thread(import_text):
    return import_text(TEXT)


def posts(thread):
    return list(Utterance.objects.of_thread(thread.pk).in_order())


def words(thread):
    return [u.document.text[u.start : u.end] for u in posts(thread)]


def test_split_makes_two_posts_of_one(thread):
    answer = posts(thread)[1]
    SplitUtterance(answer, TEXT.index("An old")).execute()
    assert words(thread)[1:3] == [
        "The frost took all my beans this spring, every one of them.\n\nCover them at night.",
        "An old curtain does.",
    ]
    half = posts(thread)[2]
    assert (half.basis, half.state, half.speaker) == (Basis.CURATED, State.CONFIRMED, None)


@pytest.mark.parametrize(
    ("offset", "reason"),
    [
        (0, "Cannot split the post at 0: choose an offset between 70 and 171."),
        (172, "Cannot split the post at 172: choose an offset between 70 and 171."),
        (80, "Cannot split the post inside a quotation: change the quotation first."),
    ],
)
def test_split_is_refused_where_it_makes_no_sense(thread, offset, reason):
    with pytest.raises(OperationRefused) as refusal:
        SplitUtterance(posts(thread)[1], offset).execute()
    assert str(refusal.value) == reason
    assert not CurationEvent.objects.exists()


def test_split_takes_quotations_along_with_their_words(thread):
    answer = posts(thread)[1]
    quotation = answer.quotations.get()
    question = posts(thread)[0]
    MergeUtterance(posts(thread)[2]).execute()
    SplitUtterance(posts(thread)[1], quotation.end).execute()
    quotation.refresh_from_db()
    assert quotation.utterance_id == answer.pk
    assert quotation.source_id == question.pk


def test_merge_joins_a_post_to_the_one_before(thread):
    MergeUtterance(posts(thread)[2]).execute()
    assert len(posts(thread)) == 2
    assert words(thread)[1].endswith("An old curtain does.\n\n\nThanks, I shall.")


def test_merge_drops_a_quotation_of_its_own_post_and_undo_brings_it_back(thread):
    before = list(Quotation.objects.values())
    event = MergeUtterance(posts(thread)[1]).execute()
    assert not Quotation.objects.exists()
    UndoEvent(event).execute()
    assert list(Quotation.objects.values()) == before


def test_merge_of_the_first_post_is_refused(thread):
    with pytest.raises(OperationRefused, match="none stands before it"):
        MergeUtterance(posts(thread)[0]).execute()


def test_merge_over_boilerplate_is_refused(thread):
    second = posts(thread)[2]
    document = second.document
    Utterance.objects.filter(pk=second.pk).update(start=second.start + 7)
    document.boilerplate.create(start=second.start, end=second.start + 7, kind="header")
    with pytest.raises(OperationRefused, match="boilerplate stands between them"):
        MergeUtterance(second).execute()


def test_assign_speaker_states_who_wrote(thread):
    post = posts(thread)[0]
    AssignSpeaker(post, "  Ada ").execute()
    AssignSpeaker(posts(thread)[2], "Ada").execute()
    assert Speaker.objects.get().handle == "Ada"
    assert [(u.speaker_words, u.speaker_basis) for u in posts(thread)] == [
        ("Ada", "curated"),
        ("unknown speaker", ""),
        ("Ada", "curated"),
    ]


def test_assign_speaker_can_state_that_none_is_known(thread):
    post = posts(thread)[0]
    AssignSpeaker(post, "Ada").execute()
    AssignSpeaker(post, "").execute()
    post.refresh_from_db()
    assert (post.speaker, post.speaker_basis) == (None, Basis.CURATED)


def test_confirm_is_done_once(thread):
    post = posts(thread)[0]
    ConfirmUtterance(post).execute()
    with pytest.raises(OperationRefused, match="confirmed already"):
        ConfirmUtterance(post).execute()


def test_retitle_folds_white_space_and_refuses_nothing(thread):
    RetitleThread(thread, " Runner \n beans ").execute()
    thread.refresh_from_db()
    assert thread.title == "Runner beans"
    with pytest.raises(OperationRefused, match="A thread needs a title"):
        RetitleThread(thread, " \n").execute()


def test_hold_and_release_are_refused_twice(thread):
    with pytest.raises(OperationRefused, match="“Beans” is released already"):
        ReleaseThread(thread).execute()
    HoldThread(thread).execute()
    thread.refresh_from_db()
    assert thread.held


def test_operation_on_a_stale_version_is_refused(thread):
    RetitleThread(thread, "Peas").execute(version=0)
    with pytest.raises(OperationRefused) as refusal:
        RetitleThread(thread, "Leeks").execute(version=0)
    assert str(refusal.value) == (
        "“Peas” was changed by someone else in the meantime (version 1, you saw 0); "
        "look at it again and repeat your step."
    )


def test_operation_on_a_post_that_is_gone_is_refused(thread):
    stale = posts(thread)[2]
    MergeUtterance(posts(thread)[2]).execute()
    with pytest.raises(OperationRefused, match="This utterance no longer exists"):
        ConfirmUtterance(stale).execute()


def test_event_tells_who_did_what(thread, admin_user):
    event = RetitleThread(thread, "Peas").execute(admin_user)
    assert (event.user, event.version, event.operation, event.summary) == (
        admin_user,
        1,
        "retitle-thread",
        "Title: “Beans” → “Peas”",
    )


def test_undo_is_refused_when_a_later_step_changed_the_same_row(thread):
    first = RetitleThread(thread, "Peas").execute()
    RetitleThread(thread, "Leeks").execute()
    with pytest.raises(OperationRefused) as refusal:
        UndoEvent(first).execute()
    assert str(refusal.value) == (
        "Cannot undo “Title: “Beans” → “Peas””: a later step builds on it "
        "(“Title: “Peas” → “Leeks””, version 2); undo that first."
    )


def test_undo_is_refused_while_a_later_reply_refers_to_the_new_post(thread):
    event = SplitUtterance(posts(thread)[1], TEXT.index("An old")).execute()
    half = posts(thread)[2]
    Utterance.objects.filter(pk=posts(thread)[3].pk).update(reply_to=half, reply_basis="curated")
    with pytest.raises(OperationRefused, match="refers to utterance"):
        UndoEvent(event).execute()


def test_undo_twice_is_refused_and_undoing_the_undo_does_it_again(thread):
    event = RetitleThread(thread, "Peas").execute()
    undone = UndoEvent(event).execute()
    with pytest.raises(OperationRefused, match="is undone already"):
        UndoEvent(event).execute()
    UndoEvent(undone).execute()
    thread.refresh_from_db()
    assert thread.title == "Peas"
