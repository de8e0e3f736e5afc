"""What pages tell is kept by page, forgotten with a page, and merged."""

from types import SimpleNamespace

from docs.plugins.by_page import ByPage

counts = ByPage[int]("test_counts")


def environment(**pages):
    env = SimpleNamespace()
    counts(env).update(pages)
    return env


def test_what_a_page_tells_is_stored_in_the_environment():
    env = environment(one=1)
    counts(env)["two"] = 2
    assert vars(env) == {"test_counts": {"one": 1, "two": 2}}
    assert ByPage[int]("others")(env) == {}


def test_a_page_is_forgotten_whether_it_told_something_or_not():
    env = environment(one=1, two=2)
    counts.purge(None, env, "one")
    counts.purge(None, env, "three")
    assert counts(env) == {"two": 2}


def test_only_pages_that_another_process_has_read_are_taken_from_it():
    env = environment(one=1, two=2)
    counts.merge(None, env, {"two", "three"}, environment(one=10, two=20))
    assert counts(env) == {"one": 1, "two": 20}


def test_the_events_of_the_environment_are_heard():
    heard = {}
    counts.connect(SimpleNamespace(connect=heard.__setitem__))
    assert heard == {"env-purge-doc": counts.purge, "env-merge-info": counts.merge}
