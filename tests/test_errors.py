"""Every mistake is one line that names the thing and the remedy, and nothing that was found is lost."""

from __future__ import annotations

import json
import os
import signal
import sys
import time

import huggingface_hub.constants
import pytest
import torch
from tiny import NO_SYSTEM, forked, save

from qstar import Tree
from qstar.cli import main
from qstar.solver import _located

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return save(tmp_path_factory.mktemp("base"))


@pytest.fixture
def qstar(monkeypatch, capsys, tmp_path, base):
    """Runs a command line in a folder with a few files: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model").symlink_to(base)
    (tmp_path / "folder").mkdir()
    for name, content in {
        "empty": " \n",
        "bad.yaml": "a: [1",
        "list.yaml": "[1]",
        "typo.yaml": "serach: mcts",
        "bad.jsonl": "{}",
        "syntax.py": "def f(:",
        "raises.py": "1 / 0",
        "fine.py": "x = 1",
    }.items():
        (tmp_path / name).write_text(content)

    def run(*args):
        monkeypatch.setattr(sys, "argv", ["qstar", *map(str, args)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("args", "named"),
    [
        ("", "--file"),
        ("--file empty", "empty"),
        ("--file nowhere", "nowhere"),
        ("x --file empty", "--file"),
        ("x --model ./nowhere", "nowhere"),
        ("x --model folder", "no config.json"),
        ("x --search dfs", "greedy, best-of-n, astar, mcts"),
        ("x --set wide=4", "width"),
        ("x --set width=four", "whole number"),
        ("x --set width=true", "whole number"),
        ("x --set unit=word", "token, step, answer"),
        ("x --set sampling={heat:1}", "temperature"),
        ("x --set sampling={temperature:-1}", "heat|sample|setting"),
        ("x --set sampling={a", "--set"),
        ("x --set width", "name=value"),
        ("x --set proof=maybe", "true or false"),
        ("x --budget much", "4096"),
        ("x --budget 0", "positive"),
        ("x --budget 10,5x", "not both"),
        ("x --budget 3", "budget of 3 tokens does not cover the prompt"),
        ("x --select best", "majority"),
        ("x --verifier magic", "countdown, examples, math-steps, none"),
        ("x --verifier nowhere.py:f", "nowhere.py"),
        ("x --verifier fine.py:f", "no function 'f'"),
        ("x --verifier fine.py:x", "no function 'x'"),
        ("x --verifier syntax.py:f", "SyntaxError"),
        ("x --verifier raises.py:f", "ZeroDivisionError"),
        ("x --template nothing", "problem"),
        ("x --template chat", "no chat template"),
        ("x --shots nowhere", "nowhere"),
        ("x --shots bad.jsonl", "line 1"),
        ("x --config nowhere", "nowhere"),
        ("x --config bad.yaml", "no YAML"),
        ("x --config list.yaml", "map option names"),
        ("x --config typo.yaml", "serach"),
        ("x --device abacus", "abacus"),
        ("x --dtype float12", "bfloat16"),
        ("x --kv-cap-gb -1", "positive"),
        ("x --max-new-tokens 0", "at least 1"),
        ("x --run empty", "name a folder"),
        (f"{'long ' * 60} --budget 9000", "context"),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_code_two(qstar, args, named):
    import re

    text, _, options = args.partition("--")
    words = ([text.strip()] if text.strip() else []) + (f"--{options}".split() if options else [])
    model = [] if "--model" in words else ["--model", "model"]
    code, out, err = qstar("solve", *words, *model)
    assert code == 2
    assert out == ""
    assert err.startswith("qstar: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert re.search(named, err)


@pytest.mark.parametrize(("command", "named"), [("resume folder", "journal"), ("resume nowhere", "nowhere")])
def test_a_folder_that_is_no_run(qstar, command, named):
    code, out, err = qstar(*command.split())
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert named in err


def test_an_unknown_option_or_command_names_itself(qstar):
    for args in (["solve", "x", "--serach", "mcts"], ["slove", "x"], ["solve", "x", "--seed", "many"]):
        code, out, err = qstar(*args)
        assert (code, out) == (2, "")
        assert any(word in err for word in ("--serach", "slove", "--seed")), err


def test_models_that_cannot_be_asked(qstar, tmp_path):
    save(tmp_path / "mute", eos=(), eos_token=None)
    config = tmp_path / "mute" / "generation_config.json"
    said = json.loads(config.read_text())
    config.write_text(json.dumps({k: v for k, v in said.items() if k != "eos_token_id"}))
    code, _, err = qstar("solve", "x", "--model", "mute", "--template", "Say {problem}")
    assert (code, err.count("\n")) == (2, 1)
    assert "no EOS token" in err
    assert "--stop" in err
    save(tmp_path / "picky", chat=NO_SYSTEM)
    code, _, err = qstar("solve", "x", "--model", "picky", "--system", "Be brief.")
    assert (code, err.count("\n")) == (2, 1)
    assert "no system role" in err
    assert "without a system prompt" in err
    (tmp_path / "model2").mkdir()
    (tmp_path / "model2" / "config.json").write_text("{")
    code, _, err = qstar("solve", "x", "--model", "model2")
    assert (code, err.count("\n")) == (2, 1)
    assert "model2" in err


# -- the hub --------------------------------------------------------------------------------------------------------


@pytest.fixture
def no_network(monkeypatch, tmp_path):
    monkeypatch.setattr(huggingface_hub.constants, "ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path / "cache"))


def test_a_hub_id_without_network_fails_within_seconds(qstar, no_network):
    for name in ("nobody/nothing", "nothing", "not:valid"):
        began = time.monotonic()
        code, _, err = qstar("solve", "x", "--model", name)
        assert time.monotonic() - began < 10
        assert (code, err.count("\n")) == (2, 1)
        assert name in err
        assert "network" in err or "hub" in err


def test_a_cached_model_needs_no_network(base, no_network, tmp_path):
    repository = tmp_path / "cache" / "models--some--model"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("abc")
    (repository / "snapshots").mkdir()
    (repository / "snapshots" / "abc").symlink_to(base)
    assert os.path.samefile(_located("some/model", None), base)


# -- what was found survives ----------------------------------------------------------------------------------------


def found_in(run):
    return Tree.load(run / "tree.json")


def test_a_verifier_that_raises_is_named_and_the_best_so_far_is_kept(qstar, tmp_path):
    (tmp_path / "v.py").write_text(
        "calls = []\n\ndef check(problem, text):\n    calls.append(text)\n"
        "    if len(calls) == 4:\n        raise KeyError('no such unit')\n    return 0.5\n"
    )
    args = ("solve", "hello", "--model", "model", "--search", "best-of-n", "--set", "wave=4", "--budget", "500")
    code, out, err = qstar(*args, "--verifier", "v.py:check", "--run", "r")
    assert code == 1
    assert err.count("\n") == 1
    assert "the verifier raised KeyError: 'no such unit'" in err
    assert "tree.json" in err
    assert "answer " in out
    assert "stopped  error" in out
    assert len([a for a in found_in(tmp_path / "r").answers if a.score == 0.5]) >= 1
    assert "KeyError" in json.loads((tmp_path / "r" / "result.json").read_text())["error"]
    code, out, err = qstar("resume", "r")
    assert code == 2
    assert "give it again" in err
    (tmp_path / "v.py").write_text("def check(problem, text):\n    return 0.5\n")
    code, out, err = qstar("resume", "r", "--verifier", "v.py:check", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["stop_reason"] == "tokens"


@pytest.mark.parametrize("said", ["'good'", "None", "7.5", "float('nan')"])
def test_a_verifier_that_returns_nonsense_is_named(qstar, tmp_path, said):
    (tmp_path / "v.py").write_text(f"def check(problem, text):\n    return {said}\n")
    args = ("solve", "hello", "--model", "model", "--search", "best-of-n", "--budget", "900")
    code, _, err = qstar(*args, "--verifier", "v.py:check", "--run", "r")
    assert (code, err.count("\n")) == (1, 1)
    assert "verifier" in err
    assert len(found_in(tmp_path / "r")) >= 1


def test_a_cap_on_memory_that_does_not_hold_the_prompt(qstar, tmp_path):
    code, _, err = qstar("solve", "a" * 150, "--model", "model", "--kv-cap-gb", "1e-9", "--budget", "900", "--run", "r")
    assert code in (1, 2)
    assert err.count("\n") == 1
    assert "kv" in err.lower()
    assert len(found_in(tmp_path / "r")) == 1


def test_a_run_folder_is_not_overwritten(qstar, tmp_path):
    args = ("solve", "hello", "--model", "model", "--search", "greedy", "--budget", "60", "--run", "r")
    qstar(*args)
    before = {file.name: file.read_bytes() for file in (tmp_path / "r").iterdir()}
    code, _, err = qstar(*args)
    assert (code, err.count("\n")) == (2, 1)
    assert "holds a search already: resume it" in err
    assert {file.name: file.read_bytes() for file in (tmp_path / "r").iterdir()} == before


def test_ctrl_c_shows_the_best_answer_and_keeps_the_tree(tmp_path, base):
    run = tmp_path / "r"
    args = ["solve", "hello", "--model", str(base), "--search", "mcts", "--budget", "60s", "--run", str(run)]
    pid = forked(args, tmp_path / "o")
    journal = run / "journal.jsonl"
    deadline = time.monotonic() + 60
    while not journal.exists() or '"text"' not in journal.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(pid, signal.SIGINT)
    began = time.monotonic()
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 130
    assert time.monotonic() - began < 20
    out, err = ((tmp_path / "o").with_suffix(suffix).read_text() for suffix in (".out", ".err"))
    assert out.startswith("answer ")
    assert "stopped  interrupted" in out
    assert "Traceback" not in err
    assert f"qstar resume {run}" in err
    tree = found_in(run)
    assert tree.answers
    assert len(tree.parent) == len(json.loads((run / "tree.json").read_text())["texts"])


def test_ctrl_c_before_the_search_is_no_traceback(tmp_path, base, monkeypatch, capsys):
    def pressed(*args, **settings):
        raise KeyboardInterrupt

    monkeypatch.setattr("qstar.solver.HFEngine.from_pretrained", pressed)
    monkeypatch.setattr(sys, "argv", ["qstar", "solve", "hello", "--model", str(base)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 130
    assert "Traceback" not in capsys.readouterr().err
