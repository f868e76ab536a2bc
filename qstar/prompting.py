"""From a problem to the token ids a model reads, and from its text to a short answer."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qstar import countdown, kinds
from qstar.problem import Problem
from qstar.registry import SETTINGS_FILE, read_settings

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

PLAIN = "Question: {problem}\nAnswer:"
PLAIN_STOP = "\nQuestion:"

# Rewrites of a statement in a person's words into the form a model was trained on.
STATEMENTS = {"countdown": countdown.rewrite, "by-kind": kinds.asked}


@dataclass(frozen=True)
class PromptFormat:
    """How a model is asked.

    Attributes:
        template: "auto" takes the tokenizer's chat template if there is one, else a plain one; "chat"; "plain"; or a
            text of your own with `{problem}` in it.
        statement: the name of a rewrite of the statement ("countdown", "by-kind"), or none.
        system: system prompt; without a chat template it comes first.
        shots: worked examples, (problem, solution) each.
        answer_format: a sentence put after the statement, such as "End with 'The answer is N.'".
        thinking: passed to chat templates that can switch `<think>` on or off.
        delimiter: the text that ends a step.
        stop: texts that end a completion.
        max_new_tokens: longest completion.
        answer: "auto", or the literal text that the short answer follows on its line, such as "Answer:".
    """

    template: str = "auto"
    statement: str | None = None
    system: str | None = None
    shots: tuple[tuple[str, str], ...] = ()
    answer_format: str | None = None
    thinking: bool | None = None
    delimiter: str = "\n"
    stop: tuple[str, ...] = ()
    max_new_tokens: int = 512
    answer: str = "auto"

    def __post_init__(self) -> None:
        if self.template not in ("auto", "chat", "plain") and "{problem}" not in self.template:
            raise ValueError(
                f"a template is auto, chat, plain, or a text with {{problem}} in it, not {self.template!r}"
            )
        if self.statement is not None and self.statement not in STATEMENTS:
            raise ValueError(f"no rewrite named {self.statement!r}; there is {', '.join(STATEMENTS)}")
        if not self.delimiter or "" in self.stop:
            raise ValueError("the step delimiter and stop strings must not be empty")
        if self.max_new_tokens < 1:
            raise ValueError(f"max_new_tokens must be at least 1, not {self.max_new_tokens}")

    @classmethod
    def beside(cls, model: str | os.PathLike[str]) -> PromptFormat:
        """The format in the file qstar.json of a model folder; the default where there is none."""
        data = read_settings(model).get("prompt", {})
        try:
            return cls.from_json(data)
        except (TypeError, ValueError) as error:
            raise ValueError(f"{Path(model) / SETTINGS_FILE}: {error}") from None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> PromptFormat:
        """Raises ValueError for a setting that does not exist."""
        unknown = set(data) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"no prompt setting named {', '.join(sorted(unknown))}")
        shots = tuple((problem, solution) for problem, solution in data.get("shots", ()))
        return cls(**{**data, "shots": shots, "stop": tuple(data.get("stop", ()))})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def load_shots(path: str | os.PathLike[str]) -> tuple[tuple[str, str], ...]:
    """Worked examples from a JSONL file of `{"problem": ..., "solution": ...}`.

    `question` and `answer` do as names, too. Raises ValueError naming the line that is wrong.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"few-shot file {path} does not exist")
    shots = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            shot = data.get("problem") or data["question"], data.get("solution") or data["answer"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path}, line {number}: expected an object with problem and solution ({error})") from None
        if not all(isinstance(text, str) for text in shot):
            raise ValueError(f"{path}, line {number}: problem and solution are texts")
        shots.append(shot)
    if not shots:
        raise ValueError(f"few-shot file {path} is empty")
    return tuple(shots)


class Prompter:
    """A prompt format applied to one tokenizer."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, style: PromptFormat) -> None:
        self.tokenizer, self.style = tokenizer, style
        has_template = bool(getattr(tokenizer, "chat_template", None))
        if style.template == "chat" and not has_template:
            raise ValueError("this tokenizer has no chat template: use the template plain, or one of your own")
        self.chat = style.template == "chat" or (style.template == "auto" and has_template)
        self.plain = PLAIN if style.template in ("auto", "plain") else style.template
        bos, written = tokenizer.bos_token_id, str(tokenizer.bos_token or "\0")
        wanted = bos is not None and (self.plain.startswith(written) or bos in tokenizer("x").input_ids[:1])
        self.plain = self.plain.removeprefix(written)  # once, before system prompt and examples: see `encode`
        self.bos: int | None = bos if wanted else None

    @property
    def stop(self) -> tuple[str, ...]:
        """Stop strings: those asked for, and the next question where the plain template makes a model go on."""
        return self.style.stop + ((PLAIN_STOP,) if not self.chat and self.plain is PLAIN else ())

    def text(self, problem: Problem) -> str:
        """The prompt as text, with no BOS unless the chat template writes one."""
        rewrite = STATEMENTS[self.style.statement] if self.style.statement else None
        statement = rewrite(problem.prompt) if rewrite else problem.prompt
        if problem.tests and ">>> " not in problem.prompt:  # a docstring shows its examples itself
            statement += "\n" + "\n".join(problem.tests)
        asked = [self._asked(text) for text in (*(shot for shot, _ in self.style.shots), statement)]
        answers = [solution for _, solution in self.style.shots]
        if not self.chat:
            parts = [self.style.system + "\n\n"] if self.style.system else []
            for question, solution in zip(asked, answers):
                parts.append(f"{self._plainly(question)} {solution}\n\n")
            return "".join(parts) + self._plainly(asked[-1])
        messages = [{"role": "system", "content": self.style.system}] if self.style.system else []
        for question, solution in zip(asked, answers):
            messages += [{"role": "user", "content": question}, {"role": "assistant", "content": solution}]
        messages.append({"role": "user", "content": asked[-1]})
        switch: dict[str, Any] = {} if self.style.thinking is None else {"enable_thinking": self.style.thinking}
        try:
            return str(
                self.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True, **switch)
            )
        except Exception as error:  # templates are programs: jinja and template authors raise what they like
            raise ValueError(
                f"the chat template of {self.tokenizer.name_or_path or 'the tokenizer'} failed: {error}; "
                "try without a system prompt, or the template plain"
            ) from error

    def encode(self, problem: Problem) -> tuple[list[int], str]:
        """Token ids with exactly one BOS if the tokenizer uses one, and what the prompt began of the answer."""
        text = self.text(problem)
        ids = list(self.tokenizer(text, add_special_tokens=False).input_ids)
        if self.bos is not None:
            while ids[:1] == [self.bos]:
                ids = ids[1:]
            ids = [self.bos, *ids]
        opened = re.search(r"<think>\s*$", text)
        return ids, opened[0] if opened else ""

    def _plainly(self, question: str) -> str:
        return self.plain.replace("{problem}", question)  # other braces are the template's own

    def _asked(self, statement: str) -> str:
        return f"{statement}\n{self.style.answer_format}" if self.style.answer_format else statement


def after_thinking(text: str) -> str | None:
    """What follows the last `</think>`; None while thinking is not over."""
    if "</think>" in text:
        return text.rpartition("</think>")[2]
    return None if "<think>" in text else text


def short_answer(text: str, style: PromptFormat) -> str | None:
    """The short answer in a finished text, or None."""
    said = after_thinking(text)
    if said is None:
        return None
    if style.answer != "auto":
        lines = [line.partition(style.answer)[2].strip() for line in said.splitlines() if style.answer in line]
        return lines[-1] or None if lines else None
    from verifiers.math import extract_answer

    return extract_answer(said)


def eos_ids(tokenizer: PreTrainedTokenizerBase, generation_eos: int | Sequence[int] | None) -> frozenset[int]:
    """Every EOS: of the generation config and of the tokenizer."""
    listed = [generation_eos] if isinstance(generation_eos, int) else list(generation_eos or ())
    return frozenset(token for token in (*listed, tokenizer.eos_token_id) if token is not None)
