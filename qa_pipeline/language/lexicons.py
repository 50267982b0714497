"""The shipped word lists, one YAML file per language, each with its sources."""

from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from qa_pipeline.documents import read_document
from qa_pipeline.texts import Language

Words = tuple[str, ...]


class Lexicon(BaseModel):
    """What a language's detectors and redaction know of its words; the YAML says what each is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fillers: Words
    ambiguous: Words
    final_particles: Words
    back_channels: Annotated[Words, Field(min_length=1)]
    line_checks: Words
    hold_announcements: Annotated[Words, Field(min_length=1)]
    no_holds: Words
    helps: Words
    hold_thanks: Words
    wait_replies: Words
    reported: Words
    reported_over: Words
    not_reported: Words
    abbreviations: Words
    digits: dict[str, Annotated[int, Field(ge=0, le=9)]]
    repeats: dict[str, Annotated[int, Field(ge=2, le=9)]]
    digit_separators: Words
    check_letters: Words
    cardinals: dict[str, Annotated[int, Field(ge=10, le=99)]]
    multipliers: dict[str, Annotated[int, Field(ge=10, le=10_000)]]
    email_at: Words
    email_dot: Words
    email_providers: Words
    question_words: Words
    question_openers: Words
    ignored_words: Words
    not_heard: Words
    asked_back: Words
    no_answers: Words
    answers_coming: Words
    around_coming: Words
    read_back_by: Words
    stock_questions: Words
    corrected_by: Words
    around_correction: Words
    in_correction: Words
    number_names: Words
    set_right: Words
    denied_by: Words
    no_correction: Words
    amount_units: Words
    closing_units: Words
    no_amount_units: Words
    currencies: Words
    before_numbers: Words
    before_amounts: Words
    suggestions: Words
    wish_openers: Words
    wish_heads: Words
    wish_closers: Words
    no_suggestions: Words
    own_wishes: Words
    general_wishes: Words
    uninflected: Words


@cache
def lexicon(language: Language) -> Lexicon:
    """Return the shipped word lists of `language`."""
    name = f"lexicons/{language}.yaml"
    raw = resources.files("qa_pipeline.language").joinpath(name).read_bytes()
    return Lexicon.model_validate(read_document(raw, name).data)
