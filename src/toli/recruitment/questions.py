"""What a drive asks beside name and number: the questions read and checked, and the answers to them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from toli.kit.errors import BadInput, Sentence
from toli.kit.forbidden import refused_name, refused_value
from toli.kit.numbers import parse_whole
from toli.kit.text import clean

KINDS = {
    "text": _("Text"),
    "choice": _("Choose one"),
    "choices": _("Choose some"),
    "number": _("Number"),
    "file": _("File"),
    "link": _("Link to own published work"),
}
LANGUAGES = ("hi", "en")
MOST_QUESTIONS, MOST_OPTIONS = 20, 30
LONGEST_QUESTION, LONGEST_OPTION, LONGEST_ANSWER, LONGEST_LINK = 200, 80, 2000, 500


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form. `options` as ((key, {language: text}), ...); `least`, `most` bound a number."""

    key: str
    kind: str
    names: Mapping[str, str]
    required: bool = False
    options: tuple[tuple[str, Mapping[str, str]], ...] = ()
    least: int | None = None
    most: int | None = None

    @property
    def field(self) -> str:
        """The name its answer has in a form."""
        return f"q_{self.key}"


def read(stored: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The questions of a version as it is kept."""
    return [
        Question(
            **{
                **{key: value for key, value in one.items() if key in Question.__dataclass_fields__},
                "options": tuple((key, names) for key, names in one.get("options", ())),
            }
        )
        for one in stored
    ]


def stored(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """The questions as a version keeps them; `read` gives them back."""
    return [asdict(one) | {"options": [[key, dict(names)] for key, names in one.options]} for one in questions]


def check(questions: Sequence[Question]) -> list[Question]:
    """Return the questions cleaned. Raises BadInput; `fields` has "<place>-<part>" of each fault, counted from 0.

    What Toli never stores about a person (domain.md rule 21) is not asked either: a question or an option that names
    it, in Hindi or English, is refused with the kind of thing it asks for.
    """
    if len(questions) > MOST_QUESTIONS:
        raise BadInput(_("At most 20 questions: a longer form is not filled."))
    faults: dict[str, Sentence] = {}
    cleaned = []
    for place, question in enumerate(questions):
        question = _cleaned(question)
        faults |= {f"{place}-{part}": said for part, said in _faults(question).items()}
        cleaned.append(question)
    if faults:
        raise BadInput(fields=faults)
    return cleaned


def _cleaned(question: Question) -> Question:
    return Question(
        question.key, question.kind, _texts(question.names, LONGEST_QUESTION), question.required,
        tuple((key, _texts(names, LONGEST_OPTION)) for key, names in question.options),
        question.least, question.most,
    )  # fmt: skip


def _texts(names: Mapping[str, str], most: int) -> dict[str, str]:
    return {tag: text for tag in LANGUAGES if (text := clean(names.get(tag, ""))[:most])}


def _faults(question: Question) -> dict[str, Sentence]:
    faults: dict[str, Sentence] = {}
    if question.kind not in KINDS:
        faults["kind"] = _("Please choose from the list.")
    for tag in LANGUAGES:
        if not question.names.get(tag):
            faults[tag] = _("Please write the question in Hindi and in English.")
    if kind := _forbidden(question.names.values()):
        faults[LANGUAGES[0]] = _refusal(kind)
    return faults | _option_faults(question) | _bound_faults(question)


def _option_faults(question: Question) -> dict[str, Sentence]:
    if question.kind not in ("choice", "choices"):
        return {}
    texts = [text for _key, names in question.options for text in names.values()]
    if len(question.options) < 2:
        return {"options": _("Please write at least two answers to choose from, one in each line.")}
    if len(question.options) > MOST_OPTIONS:
        return {"options": _("At most 30 answers to choose from.")}
    if kind := _forbidden(texts):
        return {"options": _refusal(kind)}
    return {}


def _bound_faults(question: Question) -> dict[str, Sentence]:
    if question.least is not None and question.most is not None and question.least > question.most:
        return {"most": _("The largest number must not be below the smallest.")}
    return {}


def _forbidden(texts: Any) -> Sentence | None:
    for text in texts:
        if refusal := refused_name(text):
            return refusal.label
        if label := refused_value(text):
            return label
    return None


def _refusal(label: Sentence) -> Sentence:
    return _("Toli never asks for this: %(what)s. Please ask something else.") % {"what": label}


def check_answers(questions: Sequence[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return {key: answer} as it is kept, without what was left empty. Raises BadInput by the fields' names.

    A file arrives here as the ref of what was taken in already.
    """
    faults: dict[str, Sentence] = {}
    answers: dict[str, Any] = {}
    for question in questions:
        try:
            answer = _answer(question, given.get(question.key))
        except BadInput as error:
            faults[question.field] = error.sentence
            continue
        if answer not in (None, "", []):
            answers[question.key] = answer
        elif question.required:
            faults[question.field] = _("Please answer this question.")
    if faults:
        raise BadInput(fields=faults)
    return answers


def _answer(question: Question, value: Any) -> Any:
    if value in (None, "", []):
        return None
    return _READERS[question.kind](question, value)


def _text(question: Question, value: Any) -> str:
    text = clean(str(value))
    if len(text) > LONGEST_ANSWER:
        raise BadInput(_("This answer is longer than 2,000 letters. Please shorten it; it is still here."))
    if label := refused_value(text):
        raise BadInput(_("Toli never stores this: %(what)s. Please leave it out.") % {"what": label})
    return text


def _choice(question: Question, value: Any) -> str:
    if value not in dict(question.options):
        raise BadInput(_("Please choose from the list."))
    return str(value)


def _choices(question: Question, value: Any) -> list[str]:
    chosen = list(value) if isinstance(value, list | tuple) else [value]
    if set(chosen) - set(dict(question.options)):
        raise BadInput(_("Please choose from the list."))
    return [key for key, _names in question.options if key in chosen]


def _number(question: Question, value: Any) -> int:
    number = parse_whole(str(value)[:40])
    if question.least is not None and number < question.least:
        raise BadInput(_("Please write a number of at least %(n)s.") % {"n": question.least})
    if question.most is not None and number > question.most:
        raise BadInput(_("Please write a number of at most %(n)s.") % {"n": question.most})
    return number


def _link(question: Question, value: Any) -> str:
    """A public page of the person's own work. It is shown, never fetched."""
    text = clean(str(value))[: LONGEST_LINK + 1]
    text = text if "://" in text else f"https://{text}"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("")
    if len(text) > LONGEST_LINK or parts.scheme not in ("http", "https") or "." not in host or " " in text:
        raise BadInput(_("Please paste the whole address of the page. It begins with https://."))
    return text


def _file(question: Question, value: Any) -> str:
    return str(value)


_READERS = {
    "text": _text, "choice": _choice, "choices": _choices, "number": _number, "link": _link, "file": _file,
}  # fmt: skip


def shown(questions: Sequence[Question], answers: Mapping[str, Any], language: str) -> list[tuple[Question, str, Any]]:
    """(question, its text, the answer as people read it) for each question that was answered."""
    return [
        (one, one.names.get(language) or next(iter(one.names.values())), _said(one, answers[one.key], language))
        for one in questions
        if one.key in answers
    ]


def _said(question: Question, answer: Any, language: str) -> Any:
    names = {key: texts.get(language) or next(iter(texts.values())) for key, texts in question.options}
    if question.kind == "choice":
        return names.get(answer, answer)
    if question.kind == "choices":
        return ", ".join(names.get(key, key) for key in answer)
    return answer
