"""Faults of shape: told together, where they stand, with what was got and the nearest name."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from qa_pipeline.documents import (
    MAX_ERRORS,
    closest,
    fault,
    read_document,
    read_leniently,
    validated,
)
from qa_pipeline.errors import DocumentRefused, QaError, WrongUse
from qa_pipeline.settings import Settings, load_settings
from qa_pipeline.texts import Text


class Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Cat(Strict):
    kind: Literal["cat"]
    n_lives: Annotated[int, Field(ge=1, le=9)]


class Dog(Strict):
    kind: Literal["dog"]
    tricks: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _dogs_do_tricks(self) -> "Dog":
        if not self.tricks:
            raise fault(
                Text(en="a dog without tricks", zh="狗不会把戏"),
                Text(en="teach it", zh="教它"),
                at="tricks",
            )
        return self


def kind(value: object) -> str | None:
    return f"kind={value['kind']}" if isinstance(value, dict) and "kind" in value else None


class Home(Strict):
    street: str
    number: int
    pets: dict[
        str,
        Annotated[
            Annotated[Cat, Tag("kind=cat")] | Annotated[Dog, Tag("kind=dog")], Discriminator(kind)
        ],
    ] = Field(default_factory=dict)
    except_: str = Field(default="", alias="except")


def faults(text: str) -> list[QaError]:
    with pytest.raises(DocumentRefused) as caught:
        validated(read_leniently(text.encode(), "home.yaml"), Home)
    return list(caught.value.errors)


def told(text: str) -> list[tuple[str, str, str | None, str]]:
    return [(e.where[10:], e.what.en, e.got, e.fix.en) for e in faults(text)]


def test_a_home_that_is_one() -> None:
    text = "street: Mill Lane\nnumber: 3\npets: {tom: {kind: cat, n_lives: 9}}\nexcept: x\n"
    home = validated(read_document(text.encode(), "home.yaml"), Home)
    assert home.except_ == "x"
    assert home.pets["tom"] == Cat(kind="cat", n_lives=9)


def test_a_missing_key_stands_at_its_mappings_first_key() -> None:
    assert told("\n  number: 3\n") == [
        ("2:3", "the key street is missing", None, "add street: ...")
    ]


def test_an_unknown_key_comes_with_the_nearest() -> None:
    assert told("street: x\nnumber: 3\nnumbr: 4\n") == [
        ("3:1", "unknown key", '"numbr"', "did you mean number?")
    ]


def test_an_unknown_key_that_is_near_nothing_comes_with_all() -> None:
    [(_, _, _, fix)] = told("street: x\nnumber: 3\nzzzzzzzz: 4\n")
    assert fix == "use one of: except, number, pets, street"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("greting", "greeting", id="a letter left out"),
        pytest.param("greeeting", "greeting", id="a letter twice"),
        pytest.param("greetign", "greeting", id="two letters changed round"),
        pytest.param("gteeting", "greeting", id="the key beside"),
        pytest.param("Greeting", "greeting", id="a capital"),
        pytest.param("greetings", "greeting", id="a plural"),
        pytest.param("deadair", "dead_air", id="no underscore"),
        pytest.param("dead-air", "dead_air", id="a hyphen"),
        pytest.param("deadAir", "dead_air", id="as programs write it"),
        pytest.param("mins", "min_s", id="a short name"),
        pytest.param("holds_thanked", "thanked_holds", id="words changed round"),
        pytest.param("complaint_heard", "complaint", id="a word too many"),
        pytest.param("投诉_b", "投诉_a", id="Chinese"),
        pytest.param("zzzz", None, id="near nothing"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_nearest_name_of_a_typing_error(written: str, meant: str | None) -> None:
    names = ("greeting", "dead_air", "min_s", "thanked_holds", "complaint", "投诉_a")
    assert closest(written, names) == meant
    assert closest(written, ()) is None


def test_the_name_in_python_is_no_key() -> None:
    [(where, what, got, _)] = told("street: x\nnumber: 3\nexcept_: y\n")
    assert (where, what, got) == ("3:1", "unknown key", '"except_"')


def test_a_union_tells_the_key_that_chooses() -> None:
    pets = "  a: {kind: cow}\n  b: {n_lives: 2}\n  c: {kind: cat, live: 2}\n"
    text = f"street: x\nnumber: 3\npets:\n{pets}"
    assert told(text) == [
        ("4:13", "unknown kind", '"cow"', "use one of: cat, dog"),
        ("5:7", "the key kind is missing", None, "add kind: ..."),
        ("6:7", "the key n_lives is missing", None, "add n_lives: ..."),
        ("6:18", "unknown key", '"live"', "did you mean n_lives?"),
    ]


def test_a_models_own_fault_stands_at_the_key_to_blame() -> None:
    assert told("street: x\nnumber: 3\npets: {rex: {kind: dog}}\n") == [
        ("3:14", "a dog without tricks", None, "teach it")
    ]


@pytest.mark.parametrize(
    ("value", "what", "got"),
    [
        pytest.param('"3"', "a whole number is needed", '"3"', id="quoted"),
        pytest.param("true", "a whole number is needed", "true", id="true-is-no-1"),
        pytest.param("3.5", "a whole number is needed", "3.5", id="a-half"),
        pytest.param("", "a whole number is needed", "null", id="nothing"),
        pytest.param("[3]", "a whole number is needed", "[3]", id="a-list"),
    ],
)
def test_wrong_types(value: str, what: str, got: str) -> None:
    [(where, found, shown, _)] = told(f"street: x\nnumber: {value}\n")
    assert (found, shown) == (what, got)
    assert where.startswith("2:")


def test_everything_is_told_in_order_of_place() -> None:
    text = "pets: {tom: {kind: cat, n_lives: 12}}\nnumber: x\nnumber: 4\nzip: 1\n"
    assert [where for where, *_ in told(text)] == ["1:1", "1:34", "2:9", "3:1", "4:1"]


def test_a_document_that_is_no_mapping() -> None:
    [(where, what, _, _)] = told("- a\n- b\n")
    assert (where, what) == ("1:1", "a mapping is needed")


def test_thousands_of_faults_are_counted_not_listed() -> None:
    errors = faults("street: x\nnumber: 3\n" + "".join(f"z{i}: 1\n" for i in range(2000)))
    assert len(errors) == MAX_ERRORS + 1
    assert errors[-1].what.en == f"{2000 - MAX_ERRORS} more faults"


def test_faults_of_form_and_of_shape_are_counted_together() -> None:
    twice = "".join(f"y{i}: 1\ny{i}: 2\n" for i in range(60))
    errors = faults("street: x\nnumber: 3\n" + twice + "".join(f"z{i}: 1\n" for i in range(60)))
    assert len(errors) == MAX_ERRORS + 1
    assert errors[-1].what.en == "80 more faults"
    assert errors[-1].where == "home.yaml:103:1"


def test_every_fault_is_bilingual_and_formatted() -> None:
    [error] = faults("street: x\nnumber: y\n")
    assert error.say("en") == (
        'home.yaml:2:9: a whole number is needed (got "y")\n'
        "fix: write a whole number without quotes"
    )
    assert error.say("zh").startswith('home.yaml:2:9: 此处应为整数（实际为 "y"）\n修复：')


def test_settings_default(tmp_path: Path) -> None:
    assert load_settings(None) == Settings()
    file = tmp_path / "settings.yaml"
    file.write_text("", "utf-8")
    assert load_settings(file) == Settings()


def test_settings_are_read(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("time_zone: Europe/London\nactivity: {threshold: 0.4}\n", "utf-8")
    settings = load_settings(file)
    assert settings.zone.key == "Europe/London"
    assert settings.activity.threshold == 0.4


def test_settings_are_refused_where_they_are_wrong(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(
        "time_zone: Asia/Shanghia\nrecognition: {beam_size: true, beam_sise: 3}\n", "utf-8"
    )
    with pytest.raises(DocumentRefused) as caught:
        load_settings(file)
    assert [(e.where, e.fix.en) for e in caught.value.errors] == [
        (f"{file}:1:12", "did you mean Asia/Shanghai?"),
        (f"{file}:2:26", "write a whole number without quotes"),
        (f"{file}:2:32", "did you mean beam_size?"),
    ]


def test_what_is_no_path_and_what_is_no_number_is_told_in_chinese(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(f"reports: {{font: [1]}}\nsource: {{agent_channel: {'9' * 30}}}\n", "utf-8")
    with pytest.raises(DocumentRefused) as caught:
        load_settings(file)
    assert [(e.what.zh, e.fix.zh) for e in caught.value.errors] == [
        ("此处应为文本", '请写文本；数字或 true 之类请加引号："400"'),
        ("数值过大", "请写较小的数值"),
    ]


def test_settings_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="cannot be read"):
        load_settings(tmp_path / "none.yaml")
