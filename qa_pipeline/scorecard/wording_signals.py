"""Signals that go by what is said: questions, steps, numbers read back, suggestions."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from qa_pipeline.documents import fault
from qa_pipeline.scorecard.signal_keys import NAME, Lexicon, Phrases, Signal, Whose, as_tuple
from qa_pipeline.texts import Text
from qa_pipeline.words import SensitiveKind


class RepeatedQuestionSignal(Signal):
    """`repeated_question`: `role` asks again what the other has answered."""

    polarity = "fault"
    detector: Literal["repeated_question"]
    role: Whose = "agent"
    min_similarity: Annotated[float, Field(gt=0, le=1)] = 0.85
    question_words: Lexicon | None = None
    ignored_words: Lexicon | None = None
    not_heard: Lexicon | None = None
    read_back_by: Lexicon | None = None
    except_: Lexicon | None = Field(default=None, alias="except")


class Step(BaseModel):
    """A step of a conversation: any of its phrases stands for it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: Annotated[str, Field(pattern=NAME, max_length=64)]
    any_of: Phrases
    optional: bool = False


Steps = Annotated[
    tuple[Step, ...],
    BeforeValidator(
        lambda value: tuple(value) if isinstance(value, list) else value,
        json_schema_input_type=Annotated[list[Step], Field(min_length=1)],
    ),
    Field(min_length=1),
]


class StepsSignal(Signal):
    """`steps`: what must be said in an order."""

    polarity = "fault"
    detector: Literal["steps"]
    steps: Steps


class ReadBackSignal(Signal):
    """`read_back`: what one party gave, and `role` did not repeat."""

    polarity = "fault"
    detector: Literal["read_back"]
    role: Whose = "agent"
    of: Lexicon = ()
    tail: Annotated[int, Field(ge=4, le=4)] | None = None
    corrected_by: Lexicon | None = None

    @model_validator(mode="after")
    def _windows_in_seconds(self) -> "ReadBackSignal":
        for key in ("first_turns", "last_turns"):
            if getattr(self, key) is not None and self.role != "any":
                raise fault(
                    Text(
                        en="turns of the one who repeats, where it is the other who gives",
                        zh="话轮属于复述的一方，而信息是由对方给出的",
                    ),
                    Text(
                        en="write first_s, last_s, after or before",
                        zh="请改用 first_s、last_s、after 或 before",
                    ),
                    at=key,
                )
        return self


class SensitiveDataSignal(Signal):
    """`sensitive_data`: numbers and addresses that redaction verifies are said."""

    polarity = "fact"
    detector: Literal["sensitive_data"]
    kinds: Annotated[
        tuple[SensitiveKind, ...],
        BeforeValidator(
            as_tuple,
            json_schema_input_type=SensitiveKind
            | Annotated[list[SensitiveKind], Field(min_length=1)],
        ),
        Field(min_length=1),
    ] = ("card", "id", "phone", "email")


class SuggestionSignal(Signal):
    """`suggestion`: the customer proposes or wishes something."""

    polarity = "fact"
    detector: Literal["suggestion"]
    role: Whose = "customer"
    phrases: Lexicon | None = None
    except_: Lexicon | None = Field(default=None, alias="except")
