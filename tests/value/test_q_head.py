"""The Q head against independent calculations: its formula, its gradient, its targets, its judges."""

import math
from itertools import islice

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode
from transformers import AutoConfig, AutoModel

from qstar import models
from qstar.models.corpus import puzzle_texts
from qstar.models.memory import keep_memory
from qstar.models.puzzles import Mixture, Puzzle, game24_held_out, prompt, solved
from qstar.problem import Problem
from qstar.value import QHead, QHeadConfig
from qstar.value import train as training
from qstar.value.rollout import Rollout, rollouts
from qstar.value.train import (
    NO_TOKEN,
    Fit,
    States,
    auc,
    auc_within,
    calibration_error,
    collect,
    collect_texts,
    fit_q_head,
    judge,
    q_head_loss,
    rollout_engine,
)

PROBLEMS = [Problem(prompt((4, 1, 6, 1), 24), id="0"), Problem(prompt((3, 10, 25, 40), 48), id="1")]


@pytest.fixture(scope="module")
def engine():
    keep_memory()
    return rollout_engine(models.path())


@pytest.fixture(scope="module")
def model(engine):
    return engine.model


def draw(seed, *shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def head_of(d, **sizes):
    torch.manual_seed(d)
    return QHead(QHeadConfig(hidden_size=d, **sizes)).eval()


# ---------------------------------------------------------------- formula


def numpy_q(head, h, e):
    """sigmoid(v(h) + <A h + bias, B e>) for one state and one token, in plain float64."""
    w = {name: p.detach().double().numpy() for name, p in head.state_dict().items()}
    inner = w["value.0.weight"] @ h + w["value.0.bias"]
    v = w["value.2.weight"] @ (inner / (1 + np.exp(-inner))) + w["value.2.bias"]
    advantage = (w["state.weight"] @ h + w["state.bias"]) @ (w["action.weight"] @ e)
    return 1 / (1 + np.exp(-v.item())), 1 / (1 + np.exp(-(v.item() + advantage)))


@pytest.mark.parametrize(("d", "rank", "vocabulary"), [(8, 3, 5), (32, 32, 103), (64, 1, 17)])
def test_values_and_q_are_the_formula(d, rank, vocabulary):
    head, hidden, embedding = head_of(d, rank=rank), draw(1, 4, d), draw(2, vocabulary, d)
    values, q = head(hidden, embedding)
    assert values.shape == (4,)
    assert q.shape == (4, vocabulary)
    for n in range(4):
        for a in range(vocabulary):
            v, expected = numpy_q(head, hidden[n].double().numpy(), embedding[a].double().numpy())
            assert values[n].item() == pytest.approx(v, abs=1e-5)
            assert q[n, a].item() == pytest.approx(expected, abs=1e-5)


@given(st.integers(1, 6), st.integers(1, 9), st.integers(0, 2**31))
def test_all_tokens_at_once_equal_listed_tokens(n, k, seed):
    head, hidden, embedding = head_of(16, rank=4), draw(seed, n, 16), draw(seed + 1, 23, 16)
    tokens = torch.randint(23, (n, k), generator=torch.Generator().manual_seed(seed))
    listed = head.q(hidden, embedding, tokens)
    assert listed.shape == (n, k)
    torch.testing.assert_close(listed, head.q(hidden, embedding).gather(1, tokens))


def test_saved_and_loaded_without_the_base_model(tmp_path):
    head, hidden, embedding = head_of(16, rank=4, inner_size=8), draw(1, 3, 16), draw(2, 7, 16)
    head.save_pretrained(tmp_path)
    for loaded in (QHead.from_pretrained(tmp_path), AutoModel.from_pretrained(tmp_path)):
        assert isinstance(loaded, QHead)
        assert torch.equal(loaded.q(hidden, embedding), head.q(hidden, embedding))
    assert isinstance(AutoConfig.from_pretrained(tmp_path), QHeadConfig)


@pytest.mark.parametrize("rows", [1, 50])
def test_costs_at_most_a_twentieth_of_a_forward_pass(model, rows):
    head = QHead.from_pretrained(models.path() / "q_head")
    embedding = model.get_output_embeddings().weight
    tokens = torch.ones(rows, 1, dtype=torch.long)
    with torch.no_grad():
        hidden = model.model(tokens).last_hidden_state[:, -1]
        head.q(hidden, embedding)  # the first call prepares the vocabulary
        with FlopCounterMode(display=False) as forward:
            model(tokens)
        with FlopCounterMode(display=False) as scoring:
            head(hidden, embedding)
    assert 0 < scoring.get_total_flops() <= 0.05 * forward.get_total_flops()


def test_kept_action_keys_follow_every_change():
    head, hidden, embedding = head_of(8, rank=2), draw(1, 3, 8), draw(2, 5, 8)
    with torch.no_grad():
        for change in (lambda: embedding.mul_(2), lambda: head.action.weight.add_(1), lambda: None):
            change()
            torch.testing.assert_close(head.q(hidden, embedding), head.q(hidden, embedding.clone()))
            listed = torch.arange(5).expand(3, 5)
            torch.testing.assert_close(head.q(hidden, embedding), head.q(hidden, embedding, listed))


# ---------------------------------------------------------------- loss and fit


def test_gradient_of_the_loss_matches_finite_differences():
    head = head_of(6, rank=2, inner_size=4).double()
    hidden, embedding = draw(1, 5, 6).double(), draw(2, 9, 6).double()
    tokens, returns = torch.tensor([0, 8, 3, NO_TOKEN, 3]), torch.tensor([1.0, 0.0, 1.0, 0.0, 0.25]).double()
    q_head_loss(head, embedding, hidden, tokens, returns, torch.ones(len(hidden)).to(hidden)).backward()

    def loss_by_hand():
        total_v, total_q = [], []
        for h, a, r in zip(hidden.numpy(), tokens.tolist(), returns.tolist(), strict=True):
            v, q = numpy_q(head, h, embedding[a].numpy())
            total_v.append(-(r * math.log(v) + (1 - r) * math.log(1 - v)))
            if a != NO_TOKEN:
                total_q.append(-(r * math.log(q) + (1 - r) * math.log(1 - q)))
        return np.mean(total_v) + np.mean(total_q)

    for parameter in head.parameters():
        flat, gradient = parameter.data.view(-1), parameter.grad.view(-1)
        for i in range(0, len(flat), 3):
            kept, step = flat[i].item(), 1e-5
            flat[i] = kept + step
            above = loss_by_hand()
            flat[i] = kept - step
            below = loss_by_hand()
            flat[i] = kept
            assert gradient[i].item() == pytest.approx((above - below) / (2 * step), abs=1e-6)


def test_fit_recovers_known_probabilities():
    """Returns drawn from a known V and Q; the fitted head must find both again on fresh states."""
    d, vocabulary, n = 8, 6, 12_000
    direction, embedding, mixing = draw(1, d), draw(2, vocabulary, d), draw(3, d, d) / d
    bare = draw(4, 2 * n, d)

    def truth(hidden):
        return torch.sigmoid((hidden @ direction)[:, None] * 0.5 + hidden @ mixing @ embedding.T)

    generator = torch.Generator().manual_seed(5)
    tokens = torch.randint(vocabulary, (n,), generator=generator)
    q = truth(bare[:n]).gather(1, tokens[:, None]).squeeze(1)
    returns = torch.bernoulli(q, generator=generator)
    head = fit_q_head(bare[:n], tokens, returns, embedding, Fit(rank=6, epochs=8, batch=256, rate=5e-3), quiet=True)
    fresh = bare[n:]
    expected_q = truth(fresh)
    with torch.no_grad():
        assert (head.q(fresh, embedding) - expected_q).abs().mean() < 0.05
        assert (head.values(fresh) - expected_q.mean(1)).abs().mean() < 0.05  # tokens were uniform


def test_fit_is_seeded_and_leaves_the_global_generator_alone():
    arguments = draw(1, 64, 8), torch.zeros(64, dtype=torch.long), torch.ones(64), draw(2, 3, 8)
    before = torch.get_rng_state()
    first, second = (fit_q_head(*arguments, Fit(epochs=1, rank=2), quiet=True) for _ in range(2))
    assert torch.equal(before, torch.get_rng_state())
    assert all(torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters(), strict=True))


def test_fit_refuses_arrays_that_do_not_match():
    with pytest.raises(ValueError, match="5 states, 4 next tokens"):
        fit_q_head(draw(1, 5, 8), torch.zeros(4, dtype=torch.long), torch.ones(5), draw(2, 3, 8))


# ---------------------------------------------------------------- judges


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=30))
def test_auc_counts_pairs(rows):
    right = [score for score, label in rows if label]
    wrong = [score for score, label in rows if not label]
    pairs = [(r > w) + 0.5 * (r == w) for r in right for w in wrong]
    found = auc([score for score, _ in rows], [label for _, label in rows])
    assert found == pytest.approx(sum(pairs) / len(pairs)) if pairs else math.isnan(found)


def test_auc_within_ignores_differences_between_problems():
    scores, labels = np.array([0.9, 0.8, 0.2, 0.1, 0.5]), np.array([False, True, False, True, True])
    assert auc_within(scores, labels, np.array([0, 0, 1, 1, 2])) == (0.0, 2)


def test_calibration_error_of_known_cases():
    sure = np.array([0.95] * 10)
    assert calibration_error(sure, np.array([1.0] * 9 + [0.0])) == pytest.approx(0.05)
    assert calibration_error(np.array([0.0, 1.0]), np.array([1.0, 0.0])) == pytest.approx(1.0)


# ---------------------------------------------------------------- rollouts and states


def test_rollouts_are_seeded_counted_and_leave_the_global_generator_alone(engine):
    before = torch.get_rng_state()
    first, same, other = (rollouts(engine, PROBLEMS, 6, seed=s, quiet=True) for s in (1, 1, 2))
    assert torch.equal(before, torch.get_rng_state())
    assert first == same != other
    for found in first:
        assert sum(rollout.count for rollout in found) == 6
        assert len({rollout.tokens for rollout in found}) == len(found)
        for rollout in found:
            stopped = engine.decode(rollout.tokens).endswith(engine.stops.strings)
            assert (rollout.text is not None) == (stopped or rollout.tokens[-1] in engine.stops.eos)


@pytest.mark.parametrize(
    ("length", "forced", "half"), [(4, (), 2), (5, (), 2), (6, (2, 3), 4), (6, (3, 4, 5), 1), (1, (), 0), (0, (), 0)]
)
def test_half_of_a_rollout_counts_what_was_drawn(length, forced, half):
    """With half the drawn tokens behind it, and whatever was forced after them."""
    assert Rollout(tuple(range(length)), None, 1, frozenset(forced)).half == half


def test_collected_states_are_those_of_single_uncached_passes(engine, monkeypatch):
    monkeypatch.setattr(training, "ROWS", 3)
    found = rollouts(engine, PROBLEMS, 4, verifier="by-kind", seed=1, quiet=True)
    half = {(i, rollout.tokens): rollout.half for i, row in enumerate(found) for rollout in row}
    states = collect(engine, PROBLEMS, lambda i, text: 0.25 + 0.5 * i, 4, verifier="by-kind", seed=1, quiet=True)
    ends = states.next_token == NO_TOKEN
    assert int(ends.sum()) == int(states.half.sum())
    for i, returned in enumerate((0.25, 0.75)):
        assert int(states.weight[ends & (states.problem == i)].sum()) == 4
        assert set(states.returns[states.problem == i].tolist()) <= {0.0, returned}
    begin = 0
    for end in ends.nonzero().flatten().tolist():
        problem = int(states.problem[begin])
        asked = list(engine.encode(PROBLEMS[problem]).ids)
        written = states.next_token[begin:end].tolist()
        for row in (begin, (begin + end) // 2, end):
            prefix = torch.tensor([asked + written[: row - begin]])
            with torch.inference_mode():
                alone = engine.model.model(prefix).last_hidden_state[0, -1]
            torch.testing.assert_close(states.hidden[row].float(), alone, atol=1e-3, rtol=1e-3)
        assert states.half[begin : end + 1].nonzero().flatten().tolist() == [half[problem, tuple(written)]]
        begin = end + 1


def test_two_processes_collect_what_one_does(engine):
    texts = list(islice(puzzle_texts(Mixture(), np.random.default_rng(5), "value"), 5))
    one, two = (collect_texts(engine, models.path(), texts, 8, 3, processes) for processes in (1, 2))
    for problem in range(5):
        mine, theirs = one.problem == problem, two.problem == problem
        for name in ("next_token", "returns", "half", "weight"):
            a, b = getattr(one, name)[mine], getattr(two, name)[theirs]
            assert sorted(a.tolist()) == sorted(b.tolist())
        assert one.weight[mine & one.half].sum() == 8
        assert torch.allclose(one.hidden[mine].float().mean(0), two.hidden[theirs].float().mean(0), atol=1e-2)


def test_a_weighted_state_is_the_state_repeated():
    head, hidden, embedding = head_of(8, rank=2), draw(1, 5, 8), draw(2, 6, 8)
    tokens, returns = torch.tensor([0, 3, NO_TOKEN, 5, 1]), torch.tensor([1.0, 0.0, 1.0, 0.5, 0.0])
    weight = torch.tensor([1, 4, 2, 3, 1])
    rows = torch.arange(5).repeat_interleave(weight)
    repeated = q_head_loss(head, embedding, hidden[rows], tokens[rows], returns[rows], torch.ones(len(rows)))
    weighted = q_head_loss(head, embedding, hidden, tokens, returns, weight.float())
    torch.testing.assert_close(weighted, repeated)
    assert weighted != q_head_loss(head, embedding, hidden, tokens, returns, torch.ones(5))


def test_judged_in_parts_as_in_one(monkeypatch):
    head, embedding, n = head_of(8, rank=2), draw(2, 6, 8), 40
    rng = np.random.default_rng(0)
    tokens = torch.from_numpy(rng.integers(-1, 6, n))
    tokens[:7] = NO_TOKEN  # a whole part without an action
    rows = {"returns": torch.from_numpy(rng.integers(0, 2, n)).float(), "problem": torch.arange(n) // 10}
    rows |= {"half": torch.ones(n, dtype=torch.bool), "weight": torch.ones(n)}
    states = States(draw(1, n, 8), tokens, **rows)
    whole = judge(head, states, embedding)
    monkeypatch.setattr(training, "JUDGED", 7)
    assert judge(head, states, embedding) == pytest.approx(whole, rel=1e-5)


def test_bundled_head_ranks_half_finished_solutions(engine):
    head = QHead.from_pretrained(models.path() / "q_head")
    puzzles = [Puzzle(numbers, 24) for numbers in game24_held_out("801-900")[:30]]
    problems = [Problem(prompt(*puzzle), id=str(i)) for i, puzzle in enumerate(puzzles)]
    states = collect(
        engine, problems, lambda i, text: float(solved(puzzles[i], text)), 16, verifier="by-kind", seed=7, quiet=True
    )
    found = judge(head, states, engine.model.get_output_embeddings().weight.detach().float())
    assert found["problems"] >= 5
    assert found["auc_half"] >= 0.75
    assert found["ece_v"] <= 0.2
