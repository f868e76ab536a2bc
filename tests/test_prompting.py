"""From a problem to token ids, and from a text to a short answer."""

from __future__ import annotations

import json

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import CHAT, NO_SYSTEM, THINKING, WITH_BOS, Dictated, byte_pairs, llama

from qstar import Budget, Greedy, Problem, PromptFormat, Solver, Unit
from qstar.prompting import PLAIN_STOP, Prompter, after_thinking, load_shots, short_answer
from qstar.registry import read_settings
from qstar.request import GREEDY, Expand
from qstar.tree import ROOT

BOS, EOS, TURN = 1, 2, 3
torch.set_num_threads(1)

PROBLEM = Problem("What is 1+1?", "p")
SHOTS = (("1+0?", "1"), ("2+2? {x}", "4"))


@pytest.fixture(scope="module")
def net():
    return llama(300)


def dictated(net, text, tokenizer=None, **style):
    """An engine that says `text`: a text, or token ids."""
    tok = tokenizer or byte_pairs()
    engine = Dictated(net, tok, prompt=PromptFormat(**style))
    engine.script = tok(text, add_special_tokens=False).input_ids if isinstance(text, str) else text
    return engine


def answer(engine):
    result = Solver(engine, search=Greedy(), budget=Budget(tokens=250)).solve(PROBLEM)
    assert result.error is None
    return result


# -- prompts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("adds", [True, False])
@pytest.mark.parametrize("chat", [None, CHAT, WITH_BOS])
@pytest.mark.parametrize("template", ["auto", "plain", "Q {problem} A", "<bos>Q {problem}"])
@pytest.mark.parametrize("system", [None, "Be brief."])
def test_one_bos_wherever_it_comes_from(adds, chat, template, system):
    style = PromptFormat(template=template, system=system, shots=SHOTS)
    ids, _ = Prompter(byte_pairs(adds_bos=adds, chat=chat), style).encode(PROBLEM)
    written = template.startswith("<bos>") or (template == "auto" and chat is WITH_BOS)
    assert ids.count(BOS) == (adds or written)
    assert (ids[0] == BOS) == (adds or written)
    assert EOS not in ids


def test_a_chat_prompt_is_what_transformers_makes_of_the_conversation():
    tok = byte_pairs(chat=WITH_BOS)
    style = PromptFormat(system="Be brief.", shots=SHOTS, answer_format="End with ####.")
    messages = [{"role": "system", "content": "Be brief."}]
    for question, solution in (*SHOTS, (PROBLEM.prompt, None)):
        messages.append({"role": "user", "content": f"{question}\nEnd with ####."})
        messages += [{"role": "assistant", "content": solution}] if solution else []
    expected = tok.apply_chat_template(messages, add_generation_prompt=True, tokenize=True, return_dict=False)
    assert Prompter(tok, style).encode(PROBLEM)[0] == expected


def test_a_plain_prompt_reads_as_written():
    style = PromptFormat(system="Be brief.", shots=SHOTS)
    assert Prompter(byte_pairs(), style).text(PROBLEM) == (
        "Be brief.\n\nQuestion: 1+0?\nAnswer: 1\n\nQuestion: 2+2? {x}\nAnswer: 4\n\nQuestion: What is 1+1?\nAnswer:"
    )
    own = PromptFormat(template=r"\boxed{} {problem} {y}", shots=SHOTS)
    assert Prompter(byte_pairs(), own).text(PROBLEM) == (
        r"\boxed{} 1+0? {y} 1" + "\n\n" + r"\boxed{} 2+2? {x} {y} 4" + "\n\n" + r"\boxed{} What is 1+1? {y}"
    )


def test_public_tests_are_shown_to_the_model():
    text = Prompter(byte_pairs(), PromptFormat()).text(Problem("Write f.", tests=("assert f(1) == 2",)))
    assert "Write f.\nassert f(1) == 2" in text


def test_the_plain_template_stops_at_the_next_question_and_no_other_does():
    assert PLAIN_STOP in Prompter(byte_pairs(), PromptFormat()).stop
    assert PLAIN_STOP not in Prompter(byte_pairs(chat=CHAT), PromptFormat()).stop
    assert PLAIN_STOP not in Prompter(byte_pairs(), PromptFormat(template="{problem}")).stop


def test_template_errors_name_the_template_and_a_way_out():
    with pytest.raises(ValueError, match=r"no chat template.*plain"):
        Prompter(byte_pairs(), PromptFormat(template="chat"))
    refuses = Prompter(byte_pairs(chat=NO_SYSTEM), PromptFormat(system="Be brief."))
    with pytest.raises(ValueError, match=r"chat template of .* failed: no system role.*without a system prompt"):
        refuses.encode(PROBLEM)
    broken = Prompter(byte_pairs(chat="{{ messages[7]['content'].strip() }}"), PromptFormat())
    with pytest.raises(ValueError, match=r"chat template of .* failed"):
        broken.encode(PROBLEM)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"template": "no place for it"}, "problem"),
        ({"statement": "chess"}, "countdown"),
        ({"delimiter": ""}, "empty"),
        ({"stop": ("",)}, "empty"),
        ({"max_new_tokens": 0}, "at least 1"),
    ],
)
def test_a_format_that_cannot_work_says_so(wrong, message):
    with pytest.raises(ValueError, match=message):
        PromptFormat(**wrong)


@given(
    st.builds(
        PromptFormat,
        template=st.sampled_from(["auto", "chat", "plain", "{problem}"]),
        system=st.none() | st.text(),
        shots=st.lists(st.tuples(st.text(), st.text())).map(tuple),
        thinking=st.none() | st.booleans(),
        delimiter=st.text(min_size=1),
        stop=st.lists(st.text(min_size=1)).map(tuple),
        max_new_tokens=st.integers(1, 9999),
    )
)
@settings(max_examples=50, deadline=None)
def test_a_format_survives_json(style):
    assert PromptFormat.from_json(json.loads(json.dumps(style.to_json()))) == style


def test_the_file_beside_a_model_is_read_and_its_mistakes_are_named(tmp_path):
    path = tmp_path / "qstar.json"
    assert PromptFormat.beside(tmp_path) == PromptFormat()
    path.write_text('{"prompt": {"system": "Hi", "stop": ["END"]}, "verifier": "countdown"}')
    assert PromptFormat.beside(tmp_path) == PromptFormat(system="Hi", stop=("END",))
    for content, message in [
        ("{", "no JSON"),
        ("[]", "no object"),
        ('{"promt": {}}', "promt"),
        ('{"prompt": {"sistem": "x"}}', "sistem"),
        ('{"prompt": {"max_new_tokens": "many"}}', "qstar.json"),
        ('{"prompt": {"shots": [1]}}', "qstar.json"),
    ]:
        path.write_text(content)
        with pytest.raises(ValueError, match=message) as raised:
            PromptFormat.beside(tmp_path)
        assert str(path) in str(raised.value)
    path.unlink()
    assert read_settings(tmp_path) == {}


def test_few_shot_files(tmp_path):
    path = tmp_path / "shots.jsonl"
    path.write_text('{"problem": "a\u2028b", "solution": "c"}\n\n{"question": "d", "answer": "e"}\n', encoding="utf-8")
    assert load_shots(path) == (("a\u2028b", "c"), ("d", "e"))
    for content, message in [
        ("", "is empty"),
        ('{"problem": "a", "solution": "b"}\nx', "line 2"),
        ('{"problem": "a"}', "line 1"),
        ("[1]", "line 1"),
        ("3", "line 1"),
        ('{"problem": "a", "solution": 4}', "line 1.*texts"),
    ]:
        path.write_text(content)
        with pytest.raises(ValueError, match=message):
            load_shots(path)
    with pytest.raises(FileNotFoundError, match=r"nowhere\.jsonl"):
        load_shots(tmp_path / "nowhere.jsonl")


# -- where a text ends ----------------------------------------------------------------------------------------------


def test_every_eos_ends_a_text(net):
    tok = byte_pairs(chat=CHAT)
    before = net.generation_config.eos_token_id
    net.generation_config.eos_token_id = [TURN, 9]
    try:
        for end in (EOS, TURN, 9):
            ids = tok("The answer is 7").input_ids
            engine = dictated(net, [*ids, end, *ids], tok)
            assert engine.stops.eos == {EOS, TURN, 9}
            result = answer(engine)
            assert (result.text, result.answer) == ("The answer is 7", "7")
    finally:
        net.generation_config.eos_token_id = before


def test_a_tokenizer_without_eos_needs_a_stop_string(net):
    tok = byte_pairs(chat=CHAT, eos=None)
    before = net.generation_config.eos_token_id
    net.generation_config.eos_token_id = None
    try:
        with pytest.raises(ValueError, match=r"no EOS token.*--stop"):
            dictated(net, "x", tok)
        assert answer(dictated(net, "It is 7. END", tok, stop=("END",))).text == "It is 7. "
    finally:
        net.generation_config.eos_token_id = before


def test_stop_strings_across_and_inside_tokens(net):
    """Against a plain search in the text, for every way to cut texts into tokens."""
    tok = byte_pairs(chat=CHAT)
    pieces = [tok.decode([i]) for i in range(len(tok))]
    usable = {p: i for i, p in enumerate(pieces) if p and set(p) <= set("abc.\nQu12")}
    engines = {stop: dictated(net, "", tok, stop=(stop,)) for stop in ("abc", "a", "\n\n", "cab", "bcab", "1.")}

    @given(st.sampled_from(sorted(engines)), st.lists(st.sampled_from(sorted(usable)), max_size=14))
    @settings(max_examples=60, deadline=None)
    def check(stop, said):
        engine = engines[stop]
        engine.script = [usable[piece] for piece in said]
        result = answer(engine)
        assert result.text == "".join(said).split(stop)[0]
        forwarded = len(engine.encode(PROBLEM).ids) + len(said)
        assert result.ledger.tokens <= forwarded, "nothing is generated after the stop string"

    check()


def test_a_base_model_is_cut_off_at_the_question_it_makes_up(net):
    result = answer(dictated(net, " 2\n\nQuestion: and 3+3?\nAnswer: 6"))
    assert (result.text, result.answer) == (" 2\n", "2")


@pytest.mark.parametrize(
    ("text", "delimiter", "steps"),
    [
        ("a.\n\nb.\n\nc", "\n\n", ["a.\n\n", "b.\n\n", "c"]),  # ".\n\n" is one token
        ("a.\n\nb.\n\nc", "\n", ["a.\n\n", "b.\n\n", "c"]),
        ("\n\na\nb", "\n", ["\n\na\n", "b"]),
        ("aé\nüb", "\n", ["aé\n", "üb"]),
        ("ab12cab12", "12", ["ab12", "cab12", ""]),
        ("a|b", "|", ["a|", "b"]),
    ],
)
def test_steps_end_at_the_token_that_completes_the_delimiter(net, text, delimiter, steps):
    class Steps:
        def search(self, tree, rng):
            node = ROOT
            while tree.is_open(node):
                (node,) = yield Expand((node,), 1, Unit.STEP, GREEDY)

    engine = dictated(net, text, byte_pairs(chat=CHAT), delimiter=delimiter)
    result = Solver(engine, search=Steps(), budget=Budget(tokens=200)).solve(PROBLEM)
    assert result.steps == steps
    assert result.text == text


# -- thinking -------------------------------------------------------------------------------------------------------


def test_the_thinking_switch_and_an_opened_think(net):
    tok = byte_pairs(chat=THINKING)
    texts = {on: Prompter(tok, PromptFormat(thinking=on)).encode(PROBLEM) for on in (None, True, False)}
    assert [texts[on][1] for on in (None, True, False)] == ["<think>", "<think>", ""]
    assert tok.decode(texts[False][0]).endswith("<think></think>")
    engine = dictated(net, "is it 12?\n</think>The answer is 7.", tok, thinking=True)
    result = answer(engine)
    assert result.answer == "7"
    assert result.text == "<think>is it 12?\n</think>The answer is 7."
    assert answer(dictated(net, "is it 12?</think> Hello!", tok, thinking=True)).answer == "Hello!"
    unfinished = answer(dictated(net, "is it 12?", tok, thinking=True))
    assert unfinished.chosen is None or unfinished.chosen.answer is None


def test_after_thinking():
    assert after_thinking("plain") == "plain"
    assert after_thinking("<think>a</think>b") == "b"
    assert after_thinking("a</think>b</think>c") == "c"
    assert after_thinking("<think>a") is None


def test_short_answers():
    style = PromptFormat(answer="Answer:")
    assert short_answer("1+1\nAnswer: 2\nAnswer:  3 ", style) == "3"
    assert short_answer("so Answer: 2", style) == "2"
    assert short_answer("Answer:", style) is None
    assert short_answer("nothing", style) is None
    assert short_answer("<think>Answer: 2", style) is None
    assert short_answer(r"Thus \boxed{42}.", PromptFormat()) == "42"
