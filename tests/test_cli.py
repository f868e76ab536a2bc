"""`qstar solve` and `qstar resume` as a person uses them."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys

import pytest
import torch
from tiny import CHAT, save

from qstar import Tree, models
from qstar.cli import main
from qstar.session import Journal

torch.set_num_threads(1)
EASY = "Make 24 from 6 4 1 1"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return save(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def chat(tmp_path_factory):
    return save(tmp_path_factory.mktemp("chat"), chat=CHAT)


@pytest.fixture
def qstar(monkeypatch, capsys, tmp_path):
    """Runs a command line: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)

    def run(*args, stdin=""):
        monkeypatch.setattr(sys, "argv", ["qstar", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        return code, *capsys.readouterr()

    return run


def settings_of(run):
    return Journal.read(run / "journal.jsonl")[0]["settings"]


# -- what is printed ------------------------------------------------------------------------------------------------


def test_an_easy_puzzle_in_words(qstar, tmp_path):
    code, out, _ = qstar("solve", EASY, "--budget", "4000", "--run", "r")
    assert code == 0
    assert "verified" in out
    lines = dict(line.split(maxsplit=1) for line in out.splitlines() if line[0] != " ")
    assert set(lines) >= {"answer", "path", "spent", "stopped", "tree"}
    assert " of 4000 model tokens" in lines["spent"]
    assert not any(not line.strip() for line in out.splitlines())
    tree = Tree.load(tmp_path / lines["tree"])
    assert any(a.verdict == "pass" for a in tree.answers)


def test_json_is_one_object_and_nothing_else(qstar, tmp_path):
    (tmp_path / "loud.py").write_text("def check(problem, text):\n    print('noise')\n    return len(text) % 2 == 0\n")
    code, out, err = qstar(
        *("solve", "Tom has 3 apples and buys 4. How many apples does he have?", "--json", "--budget", "300"),
        *("--search", "greedy", "--verifier", "loud.py:check", "--run", "r"),
    )
    said = json.loads(out)
    assert out.count("\n") == 1
    assert "noise" in err
    assert {"answer", "text", "score", "stop_reason", "ledger", "tree", "run", "error", "notes"} <= set(said)
    assert said["ledger"]["tokens"] <= 300
    assert code == (0 if said["answer"] else 1)
    assert said["error"] is None
    assert json.loads((tmp_path / "r" / "result.json").read_text())["answer"] == said["answer"]


def test_json_also_says_what_went_wrong(qstar):
    code, out, err = qstar("solve", EASY, "--json", "--search", "nonsense")
    assert code == 2
    assert json.loads(out)["kind"] == "ValueError"
    assert "nonsense" in json.loads(out)["error"]
    assert err.count("\n") == 1


def test_quiet_is_the_answer_alone(qstar, base):
    code, out, err = qstar("solve", EASY, "--quiet", "--budget", "4000")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 1
    code, out, err = qstar("solve", "hello", "--quiet", "--model", base, "--max-new-tokens", "1", "--budget", "40")
    assert (code, out, err) == (1, "", ""), "no answer in one token"


def test_the_tree_is_shown_on_demand(qstar):
    _, out, _ = qstar("solve", EASY, "--budget", "400", "--show-tree", "--verifier", "none")
    shown = out.split("\n\n", 1)[1]
    assert "[p " in shown
    assert 5 < len(shown.splitlines()) <= 61


def test_progress_goes_to_stderr_and_only_after_two_seconds(qstar, tmp_path):
    (tmp_path / "slow.py").write_text(
        "import time\n\ndef check(problem, text):\n    time.sleep(0.12)\n    return len(text) / 1000\n"
    )
    code, out, err = qstar("solve", EASY, "--search", "best-of-n", "--verifier", "slow.py:check", "--budget", "3s")
    assert code == 0
    assert "tok" in err
    assert "tok [" not in out
    assert float(out.split(" passes, ")[1].split()[0]) > 2
    elapsed = [60 * int(m) + int(s) for m, s in re.findall(r"\[(\d\d):(\d\d)", err)]
    assert elapsed
    assert min(elapsed) >= 2


def test_each_run_has_a_folder_of_its_own(qstar, base, tmp_path):
    for _ in range(3):
        qstar("solve", "hello", "--model", base, "--search", "greedy", "--budget", "60")
    assert len(list((tmp_path / "runs").iterdir())) == 3


# -- what goes in ---------------------------------------------------------------------------------------------------


def test_the_problem_comes_from_an_argument_a_file_or_standard_input(qstar, base, tmp_path):
    (tmp_path / "problem.txt").write_text("  hällo\n", encoding="utf-8")
    ways = [(["hällo"], ""), (["--file", "problem.txt"], ""), (["-"], "hällo\n")]
    common = ("--model", base, "--search", "greedy", "--budget", "60", "--json")
    said = [json.loads(qstar("solve", *args, *common, stdin=stdin)[1]) for args, stdin in ways]
    assert {s["problem"] for s in said} == {"hällo"}
    assert len({s["problem_id"] for s in said}) == 1


@pytest.mark.parametrize("search", ["greedy", "best-of-n", "astar", "mcts"])
@pytest.mark.parametrize("kind", ["base", "chat"])
def test_base_and_chat_models_without_code(qstar, base, chat, search, kind, tmp_path):
    folder = {"base": base, "chat": chat}[kind]
    options = ["--system", "Be brief.", "--answer-format", "End it.", "--max-new-tokens", "12", "--budget", "20x"]
    code, out, err = qstar("solve", "hello", "--model", folder, "--search", search, *options, "--run", "r", "--json")
    assert code in (0, 1)
    assert err == ""
    said = json.loads(out)
    assert said["ledger"]["tokens"] <= said["ledger"]["cap"]
    prompt = "".join(chr(c) for c in _characters(Tree.load(tmp_path / "r" / "tree.json").prompt))
    if kind == "base":
        assert prompt == "Be brief.\n\nQuestion: hello\nEnd it.\nAnswer:"
    else:
        assert prompt == "[system]Be brief.\n[user]hello\nEnd it.\n[assistant]"


def _characters(ids):
    import string

    return [ord(string.printable[i - 3]) for i in ids]


def test_a_multiple_is_of_the_greedy_completion(qstar, base, tmp_path):
    _, out, _ = qstar(
        "solve", "hello", "--model", base, "--max-new-tokens", "30", "--budget", "7x", "--run", "r", "--json"
    )
    tree = Tree.load(tmp_path / "r" / "tree.json")
    greedy = tree.rollouts[0][0]
    assert json.loads(out)["ledger"]["cap"] == len(tree.prompt) + 7 * tree.length[greedy]


def test_settings_of_the_search(qstar, base, tmp_path):
    sets = ["--set", "width=4", "--set", "unit=step", "--set", "sampling={temperature: 0.8}", "--set", "lam=1e-3"]
    qstar("solve", "hello", "--model", base, "--search", "astar", *sets, "--budget", "60", "--run", "r")
    search = settings_of(tmp_path / "r")["search"]
    assert (search["width"], search["unit"], search["sampling"]["temperature"], search["lam"]) == (4, "step", 0.8, 1e-3)


def test_a_model_may_name_its_search_and_verifier(qstar, base, tmp_path):
    folder = shutil.copytree(base, tmp_path / "model")
    beside = {"search": {"name": "mcts", "unit": "step", "width": 3}, "verifier": "math-steps"}
    (folder / "qstar.json").write_text(json.dumps(beside))
    common = ("solve", "hello", "--model", folder, "--budget", "60", "--run")
    qstar(*common, "a", "--set", "width=5")
    qstar(*common, "b", "--search", "astar", "--verifier", "none")
    a, b = (settings_of(tmp_path / name) for name in "ab")
    assert (a["search"]["name"], a["search"]["unit"], a["search"]["width"]) == ("mcts", "step", 5)
    assert a["verifier"] == "math-steps"
    assert (b["search"]["name"], b["search"]["unit"], b["verifier"]) == ("astar", "step", "none"), (
        "the unit is the model's"
    )


def test_the_bundled_model_names_its_search(qstar, tmp_path):
    qstar("solve", EASY, "--budget", "60", "--run", "r")
    beside = json.loads((models.path() / "qstar.json").read_text())["search"]
    assert settings_of(tmp_path / "r")["search"].items() >= beside.items()
    assert settings_of(tmp_path / "r")["verifier"] == "by-kind"


def test_options_from_a_yaml_file(qstar, base, tmp_path):
    (tmp_path / "c.yaml").write_text(
        f"model: {base}\nsearch: astar\nset: {{width: 3, sampling: {{temperature: 0.5}}}}\nseed: 5\nbudget: 70\n"
        "max-new-tokens: 9\nstop: [END, '\\n\\n']\njson: true\nrun: from-yaml\nproblem: from yaml\n"
    )
    code, out, _ = qstar("solve", "--config", "c.yaml")
    said, settings = json.loads(out), settings_of(tmp_path / "from-yaml")
    assert code in (0, 1)
    assert said["problem"] == "from yaml"
    assert (settings["search"]["width"], settings["search"]["sampling"]["temperature"]) == (3, 0.5)
    assert (settings["seed"], settings["budget"]) == (5, {"tokens": 70})
    assert (settings["prompt"]["max_new_tokens"], settings["prompt"]["stop"]) == (9, ["END", "\n\n"])
    _, out, _ = qstar("solve", "mine", "--config", "c.yaml", "--seed", "0", "--set", "width=2", "--run", "mine")
    settings = settings_of(tmp_path / "mine")
    assert json.loads(out)["problem"] == "mine"
    assert (settings["seed"], settings["search"]["width"]) == (0, 2), "the command line wins, also with a default value"


def test_verifiers_of_ones_own(qstar, base, tmp_path):
    (tmp_path / "v.py").write_text(
        "def score(problem, text):\n    return 1.0 if problem.prompt == 'hello' else 0.0\n"
        "class Judge:\n    prefixes = True\n    def __call__(self, problem, text):\n        return 0.25\n"
    )
    common = ("solve", "hello", "--model", base, "--search", "best-of-n", "--budget", "400", "--json")
    passed = json.loads(qstar(*common, "--verifier", "v.py:score")[1])
    assert (passed["stop_reason"], passed["verdict"]) == ("verified", "pass")
    judged = json.loads(qstar(*common, "--verifier", "v.py:Judge")[1])
    assert (judged["verdict"], judged["score"]) == ("unknown", 0.25)


def test_resuming_a_run_that_has_ended_shows_its_result(qstar, base, tmp_path):
    args = ("solve", "hello", "--model", base, "--search", "best-of-n", "--budget", "300", "--run", "r")
    first = qstar(*args, "--json")
    journal = (tmp_path / "r" / "journal.jsonl").read_bytes()
    again = qstar("resume", "r", "--json")
    assert again == first
    assert (tmp_path / "r" / "journal.jsonl").read_bytes() == journal
    assert qstar("resume", "r", "--quiet")[1].strip() == json.loads(first[1])["answer"]
    assert "tree " in qstar("resume", "r", "--show-tree")[1]


def test_help_and_grading_from_the_same_command(qstar, tmp_path):
    code, out, _ = qstar("--help")
    assert code == 0
    for command in ("solve", "resume", "maze", "verify"):
        assert command in out
    code, out, _ = qstar("solve", "--help")
    assert all(option in out for option in ("--search", "--budget", "--set", "--verifier", "--config", "--json"))
    assert "math" in qstar("verify", "--help")[1]
    assert "usage" in qstar("verify", "math", "--help")[1]


def test_the_installed_command_needs_no_terminal_and_no_network(base, tmp_path):
    command = [sys.executable, "-c", "from qstar.cli import main; main()", "solve", "-", "--model", str(base), "--json"]
    done = subprocess.run(command, input="hello", capture_output=True, text=True, cwd=tmp_path, timeout=120)
    assert done.stderr == ""
    assert json.loads(done.stdout)["problem"] == "hello"
    assert done.returncode in (0, 1)
