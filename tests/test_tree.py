"""The tree's columns and its file."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import ROOT, STRATEGIES, World, solve

from qstar.request import Child, Expand, Other, Reply, Sampling, Stop, Unit
from qstar.tree import Tree, write_json

CHILDREN = st.builds(
    Child,
    tokens=st.lists(st.integers(0, 5), min_size=1, max_size=3).map(tuple),
    logp=st.floats(-50, 0),
    stop=st.sampled_from(list(Stop)),
    count=st.integers(0, 3),
    q=st.floats(0, 1) | st.just(math.nan),
    forced=st.lists(st.integers(0, 2), max_size=2).map(tuple),
    at_tokens=st.integers(0, 99),
    others=st.lists(
        st.builds(Other, st.integers(0, 2), st.integers(0, 5), st.floats(-50, 0), st.floats(0, 1) | st.just(math.nan)),
        max_size=3,
    ).map(tuple),
    text=st.none() | st.text(max_size=5),
    answer=st.none() | st.text(max_size=3),
    verdict=st.sampled_from([None, "pass", "fail", "unknown"]),
    score=st.floats(0, 1) | st.just(math.nan),
    refuted=st.booleans(),
)


@st.composite
def trees(draw):
    tree = Tree("p", draw(st.lists(st.integers(0, 9), min_size=1, max_size=3)))
    for child in draw(st.lists(CHILDREN, max_size=12)):
        unit = draw(st.sampled_from(list(Unit)))
        node = tree.add(draw(st.integers(0, len(tree) - 1)), child, unit)
        if draw(st.booleans()):
            tree.visits[node], tree.value_sum[node], tree.value_max[node] = 3, 1.5, 0.75
    return tree


def same(a: Tree, b: Tree) -> bool:
    unsaved = ("_index", "others")  # others are for the search under way: its journal has them
    columns_a, columns_b = ({k: v for k, v in vars(t).items() if k not in unsaved} for t in (a, b))
    return repr(columns_a) == repr(columns_b) and a._index == b._index  # NaN equals NaN in print


@settings(deadline=None)
@given(trees())
def test_a_saved_tree_is_loaded_as_it_was(tmp_path_factory, tree):
    path = tree.save(tmp_path_factory.mktemp("tree") / "deep" / "tree.json", {"note": "kept beside"})
    again = Tree.load(path)
    assert same(again, tree)
    assert json.loads(path.read_text())["note"] == "kept beside"
    extra = Child((1, 2), -1.0, Stop.STEP, 1)
    assert tree.add(ROOT, extra, Unit.STEP) == again.add(ROOT, extra, Unit.STEP), "and grows alike"


@pytest.mark.parametrize("name", sorted(STRATEGIES))
def test_trees_of_every_search_come_back(name, tmp_path):
    world = World(2, newline=True)
    tree = solve(world, STRATEGIES[name], verifier=world.judge).session.tree
    assert same(Tree.load(tree.save(tmp_path / "tree.json")), tree)


@given(st.lists(CHILDREN, max_size=4), st.booleans())
def test_replies_come_back_from_json(children, complete):
    reply = Reply((tuple(children), ()), complete)
    assert repr(Reply.from_json(json.loads(json.dumps(reply.to_json(), allow_nan=False)))) == repr(reply)


@settings(deadline=None)
@given(trees())
def test_columns_agree_with_each_other(tree):
    for node in range(1, len(tree)):
        path = tree.path(node)
        assert tree.depth[node] == len(path)
        assert tree.length[node] == len(tree.path_tokens(node))
        assert tree.path_logp[node] == pytest.approx(sum(tree.logp[n] for n in path))
        parent = tree.parent[node]
        assert (node in tree.children[parent]) + (node in tree.rollouts[parent]) == 1
    assert [a.node for a in tree.answers] == [n for n in range(len(tree)) if tree.is_terminal(n)]


def test_identical_siblings_merge_and_rollouts_stay_apart():
    tree = Tree("p", (1,))
    child = Child((4,), -1.0, Stop.EOS, 2, text="x")
    assert tree.add(ROOT, child, Unit.STEP) == tree.add(ROOT, child, Unit.TOKEN) == 1
    assert tree.add(ROOT, child, Unit.ANSWER) == 2
    assert (tree.count[1], tree.count[2], tree.draws[ROOT]) == (4, 2, 6)
    assert [a.count for a in tree.counted_answers()] == [4, 2]


def test_files_that_are_no_tree_say_what_to_do(tmp_path):
    path, good = tmp_path / "tree.json", Tree("p", (1,)).to_json()
    short = {**good, "nodes": {**good["nodes"], "visits": []}}
    for content, message in [
        (b"", "no tree file"),
        (b"\xff\xfe", "no tree file"),
        (b"[]", "not a qstar.tree file"),
        (b'{"format": "gguf"}', "'gguf'"),
        (json.dumps({**good, "version": 99}).encode(), "version 99"),
        (json.dumps({**good, "nodes": {}}).encode(), "damaged.*resume"),
        (json.dumps({k: v for k, v in good.items() if k != "answers"}).encode(), "damaged"),
        (json.dumps(short).encode(), "differ in length"),
        (json.dumps({**good, "answers": [{"node": 1}]}).encode(), "damaged"),
    ]:
        path.write_bytes(content)
        with pytest.raises(ValueError, match=message):
            Tree.load(path)
    with pytest.raises(FileNotFoundError):
        Tree.load(tmp_path / "absent.json")


def test_a_crash_while_saving_leaves_the_old_file(tmp_path):
    path = Tree("old", (1,)).save(tmp_path / "tree.json")
    with pytest.raises(ValueError):
        write_json(path, {"nan": math.nan})
    assert Tree.load(path).problem_id == "old"


@pytest.mark.parametrize(
    "settings",
    [
        {"nodes": ()},
        {"nodes": (1, 1)},
        {"nodes": (0,), "width": -1},
        {"nodes": (0,), "width": 0, "sampling": Sampling()},
        {"nodes": (0,), "unit": Unit.STEP},
        {"nodes": (0,), "width": None, "sampling": Sampling()},
        {"nodes": (0,), "sampling": Sampling(), "offset": 2},
    ],
)
def test_requests_that_make_no_sense(settings):
    with pytest.raises(ValueError):
        Expand(**settings)


def test_a_digest_names_the_whole_request():
    requests = [
        Expand((0,)),
        Expand((1,)),
        Expand((0,), 4),
        Expand((0,), offset=8),
        Expand((0,), sampling=Sampling()),
        Expand((0,), sampling=Sampling(0.5)),
        Expand((0,), unit=Unit.STEP, sampling=Sampling()),
    ]
    assert len({r.digest() for r in requests}) == len(requests)
    assert Expand([0]).digest() == Expand((0,)).digest()
