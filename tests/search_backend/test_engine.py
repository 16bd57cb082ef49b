"""What haystack promises, kept for any index: shown with one of our own beside the posts'."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from haystack import connections, indexes
from haystack.inputs import AutoQuery, Raw
from haystack.query import SQ, SearchQuerySet

from corpus.models import Collection

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = [
    ("Ada & <b>Ben</b>", "The running dogs are in the garden, I think.", "en", 3.5),
    ("Beans", "I do not like the frost in spring & autumn.", "en", 1.0),
    ("Curtains", "Frost, frost and more frost: cover the beans.", "is", 2.25),
    ("Dogs", "Nothing to see here.", "", 9.0),
    ("Écoles", "A dog ran.", "fr", 4.0),
]
STARTED = datetime(2020, 1, 1, 12, tzinfo=UTC)


class CollectionIndex(indexes.SearchIndex, indexes.Indexable):
    """An index as its users write them: nothing in it is made for our engine."""

    text = indexes.CharField(document=True, model_attr="description")
    name = indexes.CharField(model_attr="name", faceted=True)
    language = indexes.CharField(model_attr="language", null=True)
    tags = indexes.MultiValueField()
    weight = indexes.FloatField()
    number = indexes.IntegerField()
    started = indexes.DateTimeField()
    public = indexes.BooleanField()

    def get_model(self):
        return Collection

    def prepare_tags(self, obj):
        return ["all", obj.name[:1].lower()]

    def prepare_weight(self, obj):
        return NAMES[self.prepare_number(obj)][3]

    def prepare_number(self, obj):
        return [name for name, *_ in NAMES].index(obj.name)

    def prepare_started(self, obj):
        return STARTED.replace(year=2020 + self.prepare_number(obj) // 2)

    def prepare_public(self, obj):
        return self.prepare_number(obj) % 2 == 0


@pytest.fixture
def found(our_engine):
    """The collections' index with all of them in it, by the stock command."""
    unified = connections["default"].get_unified_index()
    unified.build(indexes=[*unified.collect_indexes(), CollectionIndex()])
    connections["default"].get_backend().setup_complete = False
    Collection.objects.bulk_create(
        Collection(name=name, description=text, language=language)
        for name, text, language, _ in NAMES
    )
    call_command("update_index", "corpus", verbosity=0)
    return SearchQuerySet().models(Collection)


def names(results):
    return [result.name for result in results]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("dog", {"Ada & <b>Ben</b>", "Écoles"}),
        ("I", {"Ada & <b>Ben</b>", "Beans"}),
        ("not", {"Beans"}),
        ("a", {"Écoles"}),
        ("frost -autumn", {"Curtains"}),
        ('"the frost"', {"Beans"}),
        ('"frost the"', set()),
        ("AND", {"Curtains"}),
        ("zzz", set()),
    ],
)
def test_auto_query(found, query, expected):
    assert set(names(found.auto_query(query))) == expected


def test_filters(found):
    assert names(found.filter(number=2)) == ["Curtains"]
    assert set(names(found.filter(number__in=[1, 3]))) == {"Beans", "Dogs"}
    assert set(names(found.filter(number__gte=3))) == {"Dogs", "Écoles"}
    assert set(names(found.filter(number__gt=3))) == {"Écoles"}
    assert set(names(found.filter(number__range=[1, 2]))) == {"Beans", "Curtains"}
    assert set(names(found.filter(weight__lt=2.0))) == {"Beans"}
    assert set(names(found.filter(started__gte=datetime(2022, 1, 1)))) == {"Écoles"}
    assert set(names(found.filter(started=datetime(2020, 1, 1, 12)))) == set(names(found)[:2])
    assert set(names(found.filter(public=True))) == {"Ada & <b>Ben</b>", "Curtains", "Écoles"}
    assert names(found.filter(tags="b")) == ["Beans"]
    assert names(found.filter(content__startswith="curt")) == []
    assert set(names(found.filter(content__startswith="gard"))) == {"Ada & <b>Ben</b>"}
    assert set(names(found.filter(content__fuzzy="frosd"))) == {"Beans", "Curtains"}
    assert set(names(found.filter(SQ(content="frost") | SQ(name="dogs")))) == {
        "Beans", "Curtains", "Dogs",
    }  # fmt: skip
    assert set(names(found.exclude(content="frost"))) == {"Ada & <b>Ben</b>", "Dogs", "Écoles"}
    assert names(found.filter(content=Raw("frost AND spring"))) == ["Beans"]
    assert names(found.filter(content=AutoQuery("frost")).narrow("number:1")) == ["Beans"]


def test_order(found):
    by_number = [name for name, *_ in NAMES]
    assert names(found.order_by("number")) == by_number
    assert names(found.order_by("-number")) == by_number[::-1]
    assert names(found.order_by("started", "-weight")) == [
        "Ada & <b>Ben</b>", "Beans", "Dogs", "Curtains", "Écoles",
    ]  # fmt: skip
    assert names(found.order_by("-started", "weight")) == [
        "Écoles", "Curtains", "Dogs", "Beans", "Ada & <b>Ben</b>",
    ]  # fmt: skip
    assert names(found.filter(content="frost")) == ["Curtains", "Beans"]


def test_pages(found):
    assert found.count() == 5
    assert names(found.order_by("number")[0:2]) == ["Ada & <b>Ben</b>", "Beans"]
    assert names(found.order_by("number")[3:6]) == ["Dogs", "Écoles"]
    assert names(found.order_by("number")[4:6]) == ["Écoles"]
    assert names(found.order_by("number")[8:10]) == []


def test_facets(found):
    counts = (
        found.facet("language")
        .facet("tags")
        .facet("name")
        .date_facet("started", date(2020, 1, 1), date(2022, 1, 1), "year")
        .query_facet("weight", "[3.0 TO 10]")
        .facet_counts()
    )
    assert counts["fields"]["language"] == [("en", 2), ("fr", 1), ("is", 1), (None, 1)]
    assert counts["fields"]["tags"][0] == ("all", 5)
    assert ("Dogs", 1) in counts["fields"]["name"]
    assert counts["dates"]["started"] == [
        ((datetime(2020, 1, 1), datetime(2021, 1, 1)), 2),
        ((datetime(2021, 1, 1), datetime(2022, 1, 1)), 2),
        (None, 1),
    ]
    assert counts["queries"] == {"weight:[3.0 TO 10]": 3}


def test_results_carry_what_was_indexed(found):
    (result,) = found.filter(number=0)
    assert (result.weight, result.number, result.public) == (3.5, 0, True)
    assert result.tags == ["all", "a"]
    assert result.started == STARTED
    assert result.object == Collection.objects.get(name=NAMES[0][0])
    pks = found.order_by("number").values_list("pk", flat=True)
    assert [int(pk) for pk in pks] == list(Collection.objects.values_list("pk", flat=True))


def test_highlight(found):
    (result,) = found.auto_query("run").highlight()
    assert result.highlighted == {"text": ["The <em>running</em> dogs are in the garden, I think."]}


def test_more_like_this(found):
    one = Collection.objects.get(name="Beans")
    assert set(names(found.more_like_this(one))) == {"Curtains", "Ada & <b>Ben</b>"}


def test_spelling_suggestion(found):
    assert found.auto_query("gardne").spelling_suggestion() == "garden"
    assert found.auto_query("frost").spelling_suggestion() == "frost"


def test_remove_and_clear(found):
    Collection.objects.get(name="Dogs")
    backend = connections["default"].get_backend()
    backend.remove(Collection.objects.get(name="Dogs"))
    assert set(names(found.all())) == {name for name, *_ in NAMES} - {"Dogs"}
    backend.clear(models=[Collection])
    assert found.all().count() == 0
    call_command("update_index", "corpus", verbosity=0)
    assert found.all().count() == 5
    call_command("clear_index", interactive=False, verbosity=0)
    assert found.all().count() == 0


def test_update_index_removes_what_is_gone(found):
    Collection.objects.filter(name="Dogs").delete()
    call_command("update_index", "corpus", remove=True, verbosity=0)
    assert found.all().count() == 4
    assert connections["default"].get_backend().folder.exists()


def test_update_replaces_and_never_doubles(found):
    index = connections["default"].get_unified_index().get_index(Collection)
    for _ in range(3):
        index.update()
    Collection.objects.filter(name="Dogs").update(description="Cats")
    index.update_object(Collection.objects.get(name="Dogs"))
    assert found.all().count() == 5
    assert names(found.filter(content="cats")) == ["Dogs"]


def test_a_failure_while_indexing_changes_nothing_and_leaves_no_lock(found, monkeypatch):
    index = connections["default"].get_unified_index().get_index(Collection)

    def fails(self, obj):
        raise RuntimeError("cannot be prepared")

    with monkeypatch.context() as patch:
        patch.setattr(CollectionIndex, "prepare_tags", fails)
        with pytest.raises(RuntimeError):
            index.update()
    assert found.all().count() == 5
    index.update()
    assert found.all().count() == 5


def test_a_lock_is_waited_for_and_then_told(found, backend, monkeypatch):
    from haystack.exceptions import SearchBackendError

    monkeypatch.setattr(backend, "lock_timeout", 0.1)
    index = connections["default"].get_unified_index().get_index(Collection)
    with backend.writer(), pytest.raises(SearchBackendError, match=r"locked for 0\.1 seconds"):
        index.update()


@pytest.mark.usefixtures("our_engine")
def test_no_index_answers_nothing(backend):
    found = SearchQuerySet().auto_query("frost").facet("forum").highlight()
    assert (list(found), found.count()) == ([], 0)
    backend.clear()
    assert list(SearchQuerySet().auto_query("frost")) == []


def test_rebuild_index_for_any_index(found):
    from corpus.management.commands.rebuild_index import Command

    out = StringIO()
    call_command(Command(stdout=out), interactive=False, workers=1, verbosity=1)
    assert out.getvalue() == "Rebuilt the index of “default”: 5 documents.\n"
    assert found.all().count() == 5
