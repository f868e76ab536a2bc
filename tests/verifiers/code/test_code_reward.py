"""The reward function, alone and inside a GRPOTrainer step."""

from __future__ import annotations

from pathlib import Path

import pytest

from verifiers.code import Pool
from verifiers.code.reward import CodeReward, extract_program

RIGHT, WRONG = "def f(x): return x + 1", "def f(x): return x"


@pytest.mark.parametrize(
    ("text", "program"),
    [
        (RIGHT, RIGHT),
        (f"Sure:\n```python\n{RIGHT}\n```\nDone.", RIGHT + "\n"),
        (f"```py\n{WRONG}\n```\nBetter:\n```\n{RIGHT}\n```", RIGHT + "\n"),
        (f"```Python\n{RIGHT}\n", RIGHT + "\n"),
        ("", ""),
    ],
)
def test_the_program_of_an_answer(text: str, program: str) -> None:
    assert extract_program(text) == program


def test_rewards(best_pool: Pool) -> None:
    tests = ["assert f(1) == 2", "assert f(0) == 0", "assert f(2) == 3"]
    reward = CodeReward(pool=best_pool)
    completions = [
        RIGHT,
        [{"role": "assistant", "content": f"```python\n{RIGHT}\n```"}],
        WRONG,
        "prose",
        "import os; os._exit(0)",
    ]
    columns = {"prompts": ["?"] * 5, "completion_ids": [[1]] * 5, "trainer_state": None}
    assert reward(completions=completions, tests=[tests[:1]] * 5, **columns) == [1.0, 1.0, 0.0, 0.0, 0.0]
    assert reward(completions=completions, tests=[tests] * 5, **columns) == [0.0] * 5
    share = CodeReward(pool=best_pool, fraction=True)
    assert share(completions=completions, tests=[tests] * 4 + [None], **columns) == [2 / 3, 2 / 3, 1 / 3, 0.0, None]


def test_rewards_with_a_prelude_and_an_entry_point(best_pool: Pool) -> None:
    prelude = "def helper(x):\n    return x * 2\n\ndef f(x):\n"
    check = "def check(candidate):\n    assert candidate(2) == helper(2)"
    completions = ["    return helper(x)\n", "    return helper(x) + 1\n"]
    rewards = CodeReward(pool=best_pool)(
        completions=completions, tests=[check] * 2, entry_point=["f"] * 2, prelude=[prelude] * 2
    )
    assert rewards == [1.0, 0.0]


def test_tests_that_cannot_be_run_give_no_reward(best_pool: Pool) -> None:
    with pytest.warns(UserWarning, match="plain data"):
        rewards = CodeReward(pool=best_pool)(completions=[RIGHT] * 2, tests=["assert f(object())", "assert f(1) == 2"])
    assert rewards == [None, 1.0]


def test_rows_and_columns_must_match(best_pool: Pool) -> None:
    with pytest.raises(ValueError):
        CodeReward(pool=best_pool)(completions=[RIGHT] * 2, tests=["assert f(1) == 2"])


def test_in_a_grpo_step(tmp_path: Path) -> None:
    """A model that writes noise gets zeros, logged by the trainer under the name of the reward."""
    pytest.importorskip("trl", reason="trl is not installed")
    from datasets import Dataset
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
    from trl import GRPOConfig, GRPOTrainer

    words = {c: i for i, c in enumerate(["<pad>", "<eos>", *map(chr, range(32, 127)), "\n"])}
    core = Tokenizer(models.WordLevel(words, unk_token="<pad>"))
    core.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=core, pad_token="<pad>", eos_token="<eos>")
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(words), hidden_size=16, intermediate_size=32, num_hidden_layers=1,
            num_attention_heads=2, pad_token_id=0, bos_token_id=1, eos_token_id=1,
        )
    )  # fmt: skip
    rows = [{"prompt": "def f(x):", "tests": ["assert f(1) == 2"], "entry_point": "f", "prelude": None}] * 4
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=CodeReward(timeout=1),
        args=GRPOConfig(
            str(tmp_path), max_steps=1, per_device_train_batch_size=4, num_generations=4,
            max_completion_length=8, logging_steps=1, report_to=[], use_cpu=True, save_strategy="no",
        ),
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
    )  # fmt: skip
    trainer.train()
    logged = [log for log in trainer.state.log_history if "rewards/code_reward/mean" in log]
    assert logged
    assert logged[0]["rewards/code_reward/mean"] == 0.0
