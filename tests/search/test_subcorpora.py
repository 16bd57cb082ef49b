"""Queries saved under a name, and the names used in queries."""

import pytest
from django.contrib.auth.models import Permission

from corpus.models import Subcorpus, Visibility
from forumimport.engines import engine
from tests.pages import page_text, parsed, text_of, with_class

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("search_engine")]


@pytest.fixture
def threads(import_text):
    import_text("Beans\n\nThe frost took them.\n\n\nRain took them.\n\n\nFrost and rain.")
    return import_text("Peas\n\nA frost too.", collection="Orchard", origin="peas.txt")


@pytest.fixture
def member(client, django_user_model):
    user = django_user_model.objects.create_user("member")
    client.force_login(user)
    return user


def save(client, query, name, **more):
    return client.post(f"/search/subcorpora/save/?{query}", {"name": name, **more}, follow=True)


def results(client, query):
    page = client.get("/search/", {"q": query, "order": "thread"})
    return [text_of(r.find("h3")) for r in with_class(parsed(page), "corpus-result")]


def test_a_saved_query_selects_by_its_name(threads, client, member):
    page = save(client, "q=frost&thread=", "cold")
    assert "Saved. Write subcorpus:cold in a query to search in it." in page_text(page)
    save(client, "q=frost", "cold")
    assert results(client, "subcorpus:cold") == ["Beans #1", "Beans #3", "Peas #1"]
    assert results(client, "rain subcorpus:cold") == ["Beans #3"]
    assert results(client, "rain NOT subcorpus:cold") == ["Beans #2"]
    assert Subcorpus.objects.count() == 1


def test_choices_belong_to_a_subcorpus(threads, client, member):
    forum = threads.collection.projected.forum_id
    save(client, f"q=frost&forum={forum}", "orchard")
    assert results(client, "subcorpus:orchard") == ["Peas #1"]


def test_a_subcorpus_follows_the_corpus(threads, client, member, import_text):
    save(client, "q=frost", "cold")
    import_text("More\n\nFrost again.", origin="more.txt")
    assert "More #1" in results(client, "subcorpus:cold")


def test_a_concordance_is_of_the_words_not_of_the_subcorpus(threads, client, member):
    save(client, "q=frost", "cold")
    page = page_text(client.get("/search/concordance/?q=rain+subcorpus:cold"))
    assert "1 hit in 1 post" in page
    assert "of the 10 running words in the 3 posts searched" in page


def test_subcorpora_are_made_of_others_but_never_of_themselves(threads, client, member):
    save(client, "q=frost", "cold")
    save(client, "q=subcorpus:cold+rain", "wet")
    assert results(client, "subcorpus:wet") == ["Beans #3"]
    page = save(client, "q=subcorpus:wet", "cold")
    assert "would be a part of itself" in page_text(page)
    assert results(client, "subcorpus:wet") == ["Beans #3"]


def test_what_others_do_not_share_is_not_there(threads, client, member, django_user_model):
    save(client, "q=frost", "cold")
    client.force_login(django_user_model.objects.create_user("other"))
    page = page_text(client.get("/search/?q=subcorpus:cold"))
    assert "There is no subcorpus “cold”: none is saved yet." in page
    assert "cold" not in page_text(client.get("/search/subcorpora/"))


def test_sharing_needs_a_permission(threads, client, member, django_user_model):
    page = save(client, "q=frost", "cold", shared="on")
    assert "You may not share subcorpora" in page_text(page)
    member.user_permissions.add(Permission.objects.get(codename="share_subcorpus"))
    client.force_login(django_user_model.objects.get(pk=member.pk))
    save(client, "q=frost", "cold", shared="on")
    client.logout()
    assert results(client, "subcorpus:cold") == ["Beans #1", "Beans #3", "Peas #1"]
    assert "cold shared" in page_text(client.get("/search/subcorpora/"))


def test_visitors_cannot_save_nor_delete(threads, client, member):
    save(client, "q=frost", "cold")
    subcorpus = Subcorpus.objects.get()
    client.logout()
    client.post("/search/subcorpora/save/?q=rain", {"name": "wet"})
    client.post(f"/search/subcorpora/{subcorpus.pk}/delete/")
    assert list(Subcorpus.objects.all()) == [subcorpus]


def test_only_the_owner_deletes(threads, client, member, django_user_model):
    save(client, "q=frost", "cold")
    subcorpus = Subcorpus.objects.get()
    client.force_login(django_user_model.objects.create_user("other"))
    client.post(f"/search/subcorpora/{subcorpus.pk}/delete/")
    assert Subcorpus.objects.exists()
    client.force_login(member)
    client.post(f"/search/subcorpora/{subcorpus.pk}/delete/")
    assert not Subcorpus.objects.exists()


@pytest.mark.parametrize("name", ["", "late frosts", 'x"', "-x", "x" * 61])
def test_a_name_can_stand_in_a_query(threads, client, member, name):
    assert "A name consists of" in page_text(save(client, "q=frost", name))
    assert not Subcorpus.objects.exists()


def test_a_bad_query_is_not_saved(threads, client, member):
    assert "There is nothing after “OR” here." in page_text(save(client, "q=frost+OR", "cold"))
    assert not Subcorpus.objects.exists()


def test_a_query_uses_so_many_subcorpora_and_no_more(threads, client, member):
    save(client, "q=frost", "cold")
    save(client, "q=" + "+".join(["subcorpus:cold"] * 24), "cold24")
    assert len(results(client, "subcorpus:cold24 subcorpus:cold24")) == 3
    with_three = "subcorpus:cold24 " * 3
    assert "This uses too many subcorpora." in page_text(client.get("/search/", {"q": with_three}))
    page = save(client, "q=" + with_three.replace(" ", "+"), "more")
    assert "This uses too many subcorpora." in page_text(page)
    assert not Subcorpus.objects.filter(name="more").exists()


def test_a_shared_subcorpus_does_not_tell_what_else_its_owner_has(
    threads, client, member, django_user_model
):
    other = django_user_model.objects.create_user("other")
    Subcorpus.objects.create(owner=other, name="secret", query="frost")
    Subcorpus.objects.create(owner=other, name="open", query="subcorpus:gone", shared=True)
    Subcorpus.objects.create(owner=member, name="mine", query="subcorpus:open")
    for name in ("open", "mine"):
        page = page_text(client.get(f"/search/?q=subcorpus:{name}"))
        assert "The subcorpus “open” cannot be used: a part of it is gone." in page
        assert "secret" not in page
        assert "gone”" not in page
    client.force_login(other)
    page = page_text(client.get("/search/?q=subcorpus:open"))
    assert "There is no subcorpus “gone”. There are: open, secret." in page


def test_a_name_that_another_keeps_for_himself_is_not_told(
    threads, client, member, django_user_model
):
    """Whoever shares a subcorpus made of a private one must not have its name guessed."""
    other = django_user_model.objects.create_user("other")
    Subcorpus.objects.create(owner=other, name="secret", query="frost")
    Subcorpus.objects.create(owner=other, name="open", query="subcorpus:secret", shared=True)
    for name in ("secret", "anything"):
        assert f"subcorpus:{name}" in page_text(save(client, "q=subcorpus:open+rain", name))
        assert results(client, f"subcorpus:{name}") == ["Beans #3"]


def test_a_subcorpus_comes_back_to_itself_through_another_s(
    threads, client, member, django_user_model
):
    other = django_user_model.objects.create_user("other")
    Subcorpus.objects.create(owner=member, name="mine", query="frost", shared=True)
    Subcorpus.objects.create(owner=other, name="open", query="subcorpus:mine", shared=True)
    page = page_text(save(client, "q=subcorpus:open", "mine"))
    assert "The subcorpus “open” cannot be used" in page
    assert results(client, "subcorpus:open") == ["Beans #1", "Beans #3", "Peas #1"]


def test_subcorpora_are_made_of_others_five_deep(threads, client, member):
    save(client, "q=frost", "s0")
    for at in range(5):
        save(client, f"q=subcorpus:s{at}", f"s{at + 1}")
    page = page_text(save(client, "q=subcorpus:s5+rain", "s6"))
    assert "Subcorpora can be made of subcorpora 5 deep, no deeper." in page


def change(client, subcorpus, **asked):
    page = client.post(f"/search/subcorpora/{subcorpus.pk}/change/", asked, follow=True)
    subcorpus.refresh_from_db()
    return page_text(page) if page.status_code == 200 else page.status_code


def test_the_owner_renames(threads, client, member):
    save(client, "q=frost", "cold")
    save(client, "q=rain", "wet")
    cold = Subcorpus.objects.get(name="cold")
    assert "There is a subcorpus “wet” already" in change(client, cold, name="wet")
    assert "A name consists of" in change(client, cold, name="late frosts")
    assert cold.name == "cold"
    change(client, cold, name="frosty")
    assert cold.name == "frosty"
    assert results(client, "subcorpus:frosty rain") == ["Beans #3"]


def test_a_new_name_never_makes_a_subcorpus_part_of_itself(
    threads, client, member, django_user_model
):
    other = django_user_model.objects.create_user("other")
    Subcorpus.objects.create(owner=other, name="cold", query="frost", shared=True)
    save(client, "q=subcorpus:cold", "mine")
    mine = Subcorpus.objects.get(name="mine")
    assert "would be a part of itself" in change(client, mine, name="cold")
    assert mine.name == "mine"


def test_the_owner_shares_with_permission_and_takes_back_without(
    threads, client, member, django_user_model
):
    save(client, "q=frost", "cold")
    cold = Subcorpus.objects.get()
    assert "Share cold" not in page_text(client.get("/search/subcorpora/"))
    assert "You may not share subcorpora" in change(client, cold, share="on")
    may = Permission.objects.get(codename="share_subcorpus")
    member.user_permissions.add(may)
    client.force_login(django_user_model.objects.get(pk=member.pk))
    assert "Share cold no longer" in change(client, cold, share="on")
    assert cold.shared
    member.user_permissions.remove(may)
    client.force_login(django_user_model.objects.get(pk=member.pk))
    change(client, cold, share="off")
    assert not cold.shared


def test_only_the_owner_changes(threads, client, member, django_user_model):
    save(client, "q=frost", "cold")
    cold = Subcorpus.objects.get()
    client.force_login(django_user_model.objects.create_user("other"))
    assert change(client, cold, name="mine") == 404
    assert cold.name == "cold"


def test_chosen_values_are_told_in_words_as_far_as_the_visitor_may_read_them(
    threads, client, member, django_user_model
):
    forum = threads.collection.projected.forum_id
    save(client, f"q=frost&forum={forum}&year=2003", "orchard")
    Subcorpus.objects.update(shared=True)
    chosen = "Collection or forum: {} · Year: 2003"
    assert chosen.format("Orchard") in page_text(client.get("/search/subcorpora/"))
    engine().set_readers(forum, Visibility.CURATORS, curators=[], groups=[])
    gone = "one that is gone or not open to you"
    for user in (member, django_user_model.objects.create_user("other")):
        client.force_login(user)
        page = page_text(client.get("/search/subcorpora/"))
        assert chosen.format(gone) in page
        assert "Orchard" not in page
        assert results(client, "subcorpus:orchard") == []


def test_a_subcorpus_of_a_deleted_collection_finds_nothing_and_says_why(threads, client, member):
    forum = threads.collection.projected.forum_id
    save(client, f"q=&forum={forum}", "orchard")
    assert results(client, "subcorpus:orchard") == ["Peas #1"]
    engine().delete_forum(forum)
    assert results(client, "subcorpus:orchard") == []
    assert "one that is gone or not open to you" in page_text(client.get("/search/subcorpora/"))
