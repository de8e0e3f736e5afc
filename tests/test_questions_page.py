"""Each of the reader's questions has a short answer that can be run or looked up."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "questions.md"
ANSWER = re.compile(r"^### (.+)\n((?:(?!##).*\n)*)", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def test_each_question_is_answered_in_a_few_sentences_with_something_to_run():
    answers = ANSWER.findall(PAGE.read_text(encoding="utf-8"))
    assert len(answers) == 31
    for question, text in answers:
        sentences = [line for line in FENCE.sub("", text).splitlines() if line]
        assert question.endswith("?"), question
        assert 3 <= len(sentences) <= 8, question
        assert ">>> " in text or ".md)" in text, question
