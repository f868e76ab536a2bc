"""Whole completions: grades, the reward function, the command line."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from verifiers.math import Grade, Policy, accuracy_reward, grade, reward
from verifiers.math.cli import InputError, main, run


def test_grade() -> None:
    assert grade("So it is 3/4. The answer is 0.75.", "\\frac{3}{4}") == Grade("0.75", True)
    assert grade("#### 71", "24 + 48 = 72\n#### 72") == Grade("71", False)
    assert grade("I give up.", "72") == Grade(None, False)
    assert grade("The answer is 0.33", "1/3", policy=Policy(decimals=2)).correct


def test_reward_takes_texts_and_conversations() -> None:
    completions = ["The answer is 5.", [{"role": "assistant", "content": "\\boxed{6}"}], "?", "5"]
    assert accuracy_reward(completions, ["5", "6", "7", None], prompts=["p"] * 4) == [1.0, 1.0, 0.0, None]
    with pytest.raises(ValueError, match="2 completions but 1 solutions"):
        accuracy_reward(["a", "b"], ["c"])


def test_reward_names_its_column() -> None:
    judge = reward("answer")
    assert judge(["The answer is 5."], answer=["#### 5"], solution=["6"]) == [1.0]
    with pytest.raises(ValueError, match="no column 'answer'; it has solution"):
        judge(["5"], solution=["5"])


def test_reward_off_the_main_thread() -> None:
    rewards: list = []
    thread = threading.Thread(target=lambda: rewards.extend(accuracy_reward(["The answer is (10^9)!"], ["3"])))
    thread.start()
    thread.join()
    assert rewards == [0.0]


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n")
    return path


def test_jsonl_in_and_out(tmp_path: Path) -> None:
    samples = write(
        tmp_path / "samples.jsonl",
        {"id": 1, "text": "The answer is 5.", "gold": "5"},
        {"id": 2, "text": ["#### 7", "<<1+1=3>> hm"], "gold": 7},
    )
    summary = run(samples, tmp_path / "out.jsonl", prediction="text", reference="gold", steps=True, progress=False)
    one, two = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert one == {
        "id": 1,
        "text": "The answer is 5.",
        "gold": "5",
        "extracted": "5",
        "correct": True,
        "wrong_steps": [],
    }
    assert (two["extracted"], two["correct"], two["wrong_steps"]) == (["7", None], [True, False], [[], ["1+1=3"]])
    assert (summary.rows, summary.samples, summary.correct, summary.without_answer) == (2, 3, 2, 1)
    assert summary.refuted_steps == 1
    assert summary.accuracy == 2 / 3


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["{bad"], r"samples.jsonl:1: not JSON"),
        (['{"prediction": "1", "reference": "1"}', "[1]"], r"samples.jsonl:2: a list, not an object"),
        (['{"prediction": "1"}'], r"samples.jsonl:1: no field 'reference'; it has prediction"),
        (['{"prediction": 1, "reference": "1"}'], r"samples.jsonl:1: 'prediction' is neither a text"),
        ([""], r"samples.jsonl: only blank lines"),
    ],
)
def test_bad_inputs_name_file_line_and_remedy(tmp_path: Path, rows: list[str], message: str) -> None:
    samples = write(tmp_path / "samples.jsonl", *rows)
    with pytest.raises(InputError, match=message):
        run(samples, tmp_path / "out.jsonl", progress=False)
    assert not (tmp_path / "out.jsonl").exists()


def test_missing_and_empty_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl")]) == 2
    (tmp_path / "empty.jsonl").touch()
    assert main([str(tmp_path / "empty.jsonl")]) == 2
    errors = capsys.readouterr().err
    assert "no such file" in errors
    assert "the file is empty" in errors


def test_as_a_module(tmp_path: Path) -> None:
    samples = write(tmp_path / "samples.jsonl", {"prediction": "#### 5", "reference": "5"})
    command = [sys.executable, "-m", "verifiers.math", str(samples), "-o", str(tmp_path / "out.jsonl")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stderr.splitlines()[-1])["correct"] == 1
    assert json.loads((tmp_path / "out.jsonl").read_text())["correct"] is True


def test_imports_neither_torch_nor_the_toolkit() -> None:
    program = (
        "import sys, verifiers.math; "
        "sys.exit(any(m.partition('.')[0] in ('torch', 'qstar', 'transformers') for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_real_grpo_step(tmp_path: Path) -> None:
    """TRL trains one step on the reward: a tiny random model and a tokenizer made here."""
    trl = pytest.importorskip("trl", reason="needs TRL")
    datasets = pytest.importorskip("datasets")
    import tokenizers
    import torch
    import transformers

    words = ["<pad>", "<eos>", "<unk>", "The", "answer", "is", *map(str, range(10))]
    model = tokenizers.models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>")
    raw = tokenizers.Tokenizer(model)
    raw.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>"
    )
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=64, pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    seen: list[float | None] = []

    def reward_function(completions: list, solution: list, **columns: object) -> list[float | None]:
        rewards = accuracy_reward([f"The answer is {text}" for text in completions], solution, **columns)
        seen.extend(rewards)
        return rewards

    arguments = trl.GRPOConfig(
        output_dir=str(tmp_path),
        max_steps=1,
        per_device_train_batch_size=8,
        num_generations=4,
        max_completion_length=2,
        report_to=[],
        use_cpu=True,
        logging_steps=1,
        save_strategy="no",
    )
    trainer = trl.GRPOTrainer(
        model=transformers.LlamaForCausalLM(config),
        processing_class=tokenizer,
        reward_funcs=reward_function,
        train_dataset=datasets.Dataset.from_list([{"prompt": "The answer is", "solution": str(i)} for i in range(8)]),
        args=arguments,
    )
    trainer.train()
    assert len(seen) == 8
    assert set(seen) <= {0.0, 1.0}
    assert "rewards/reward_function/mean" in trainer.state.log_history[0]
