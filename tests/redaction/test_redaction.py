import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from qa_pipeline.dialogue import parse_dialogue
from qa_pipeline.language.normalise import normalise
from qa_pipeline.records import Role, Turn
from qa_pipeline.redaction import redact
from qa_pipeline.redaction.reading import digit_runs
from qa_pipeline.redaction.sayings import sayings
from qa_pipeline.spans import Span
from qa_pipeline.texts import Language
from qa_pipeline.words import Word

KEY = b"sixteen bytes...key"
CARD = "4111111111111111"
CARD_SPOKEN = "四一一一一一一一一一一一一一一一"
IDENTITY = "11010519491231002X"
MOBILE = "13800138000"


def masked(text: str, language: Language = "zh") -> list[str]:
    """Return the turns' texts after redaction."""
    call = parse_dialogue(text, "drawing", language)
    return [turn.text for turn in redact(call.turns or (), KEY, language).turns]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param(f"卡号{CARD}。", "卡号［卡号 16 位］。", id="written"),
        pytest.param("卡号4111 1111 1111 1111", "卡号［卡号 16 位］", id="in groups"),
        pytest.param("4111-1111-1111-1111 对", "［卡号 16 位］ 对", id="with hyphens"),
        pytest.param("４１１１１１１１１１１１１１１１", "［卡号 16 位］", id="full width"),
        pytest.param(f"是{CARD_SPOKEN}吗", "是［卡号 16 位］吗", id="spoken"),
        pytest.param(
            "四一一一，嗯，一一一一，呃一一一一一一一一", "［卡号 16 位］", id="with fillers"
        ),
        pytest.param(
            "幺三八啊，零零幺三八，那个，对，零零零",
            "［电话 11 位］",
            id="with words that only fill",
        ),
        pytest.param(
            "尾号8000，对，13800138000", "尾号8000，对，［电话 11 位］", id="two, yes between"
        ),
        pytest.param(
            "是一三八零零一三八零零零一三八零零一三八零零零对",
            "是［电话 11 位］对",
            id="said twice without a mark",
        ),
        pytest.param(f"{CARD} {CARD} {CARD}", " ".join(["［卡号 16 位］"] * 3), id="three times"),
        pytest.param("四三个一四个一四个一四个一", "［卡号 16 位］", id="three ones"),
        pytest.param("第一，4111111111111111", "第一，［卡号 16 位］", id="a numeral before it"),
        pytest.param("我有一张四一一一1111一一一一1111", "我有一张［卡号 16 位］", id="mixed"),
        pytest.param(f"身份证{IDENTITY}", "身份证［证件号 18 位］", id="identity number"),
        pytest.param(
            "一一零一零五一九四九一二三一零零二叉", "［证件号 18 位］", id="spoken check X"
        ),
        pytest.param("身份证11010519491231002x。", "身份证［证件号 18 位］。", id="small x"),
        pytest.param("330106196505169723", "［证件号 18 位］", id="older than the county"),
        pytest.param("510103195203141231", "［证件号 18 位］", id="of a county that is no more"),
        pytest.param(f"电话{MOBILE}", "电话［电话 11 位］", id="mobile"),
        pytest.param("幺三八零零幺三八零零零", "［电话 11 位］", id="幺 is one"),
        pytest.param("138 0013 8000", "［电话 11 位］", id="mobile in groups"),
        pytest.param("+86 138 0013 8000", "+［电话 13 位］", id="with country code"),
        pytest.param("010-62345678", "［电话 11 位］", id="Beijing"),
        pytest.param("07551234567", "［电话 11 位］", id="four-digit area code"),
        pytest.param(
            f"{MOBILE}，{CARD}", "［电话 11 位］，［卡号 16 位］", id="two, one after another"
        ),
        pytest.param("li.ming@example.com吧", "［邮箱］吧", id="e-mail"),
        pytest.param("小王是wang艾特一六三点com", "小王是［邮箱］", id="e-mail read out"),
    ],
)
def test_masks_zh(said: str, shown: str) -> None:
    assert masked(f"customer 0-9: {said}") == [shown]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("卡号4111111111111112", id="wrong check digit"),
        pytest.param("订单20261122000012345678", id="a long order number"),
        pytest.param("身份证110105194912310021", id="wrong check character"),
        pytest.param("身份证43000119800101001X", id="a county that no table knows"),
        pytest.param("330106196513169723", id="no month"),
        pytest.param("验证码884422", id="a code"),
        pytest.param("订单4111111111111112" * 2, id="wrong check digit, twice"),
        pytest.param("订单1380013800013800138001", id="nearly a mobile twice"),
        pytest.param("拨打95588", id="a service number"),
        pytest.param("4008001234", id="a 400 number"),
        pytest.param("12800138000", id="no mobile prefix"),
        pytest.param("一共十八块，要三个", id="small numbers"),
        pytest.param("一百三十八零零一三八零零零", id="hundreds are not read"),
        pytest.param("0000000000000000", id="all the same digit"),
        pytest.param("13800138再加000", id="cut by other words"),
        pytest.param(
            "12800138000，88，5", id="parts that together pass Luhn but begin like no card"
        ),
        pytest.param("这个点com我不懂", id="no address"),
    ],
)
def test_leaves_zh(said: str) -> None:
    assert masked(f"customer 0-9: {said}") == [said]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param("it's 4111 1111 1111 1111, ok", "it's [card 16 digits], ok", id="groups"),
        pytest.param(
            "four double one one " + "one " * 12 + "right",
            "[card 16 digits] right",
            id="double",
        ),
        pytest.param("call 212-555-0187.", "call [phone 10 digits].", id="North America"),
        pytest.param(
            "two one two, okay, five five five, well, oh one eight seven",
            "[phone 10 digits]",
            id="with words that only fill",
        ),
        pytest.param("it's 138 0013 8000", "it's [phone 11 digits]", id="a Chinese mobile"),
        pytest.param("plus 8613800138000", "plus [phone 13 digits]", id="with country code"),
        pytest.param("(212) 555-0187", "([phone 10 digits]", id="with brackets"),
        pytest.param("oh seven seven oh oh nine oh oh one two three", "[phone 11 digits]", id="UK"),
        pytest.param("two one two five five five oh one eight seven", "[phone 10 digits]", id="oh"),
        pytest.param("john dot smith at gmail dot com thanks", "[e-mail] thanks", id="read out"),
        pytest.param("j o h n at gmail.com", "[e-mail]", id="spelled"),
        pytest.param("John.Smith@Example.co.uk", "[e-mail]", id="written"),
    ],
)
def test_masks_en(said: str, shown: str) -> None:
    assert masked(f"customer 0-9: {said}", "en") == [shown]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("look at amazon.com", id="a site"),
        pytest.param("meet me at nine", id="a time"),
        pytest.param("call 800-555-0187", id="toll-free"),
        pytest.param("order 1234567890", id="no area code begins with 1"),
        pytest.param("one of the two", id="ordinary words"),
        pytest.param("someone tone often", id="digits inside words"),
    ],
)
def test_leaves_en(said: str) -> None:
    assert masked(f"customer 0-9: {said}", "en") == [said]


def test_pieces_are_joined_over_back_channels_and_echoes_and_nothing_else() -> None:
    text = """customer 0-2: 一三八零
agent 2-3: 嗯
customer 3-4: 零一三八
agent 4-5: 零一三八，好
customer 5-6: 零零零，对
agent 7-8: 好的"""
    assert masked(text) == [
        "［电话 11 位］",
        "嗯",
        "［电话（续）］",
        "［电话（续）］，好",
        "［电话（续）］，对",
        "好的",
    ]
    apart = text.replace("嗯", "您说慢点")
    assert masked(apart) == [line.split(": ")[1] for line in apart.splitlines()]


def test_a_number_may_begin_with_a_turn_whatever_digits_came_before() -> None:
    text = "customer 0-2: 一三八\nagent 2-3: 一三八\ncustomer 3-9: 一三八零零一三八零零零"
    assert masked(text) == ["一三八", "一三八", "［电话 11 位］"]


def test_where_nobody_knows_the_roles_each_channel_is_one_party() -> None:
    text = """customer 0-2: 一三八零
agent 2-3: 一三八零，好
customer 3-4: 零一三八零零零
agent 4-5: 一三八零零一三八零零零"""
    turns = tuple(
        turn._replace(role=None, channel=0 if turn.role == "agent" else 1)
        for turn in parse_dialogue(text, "drawing", "zh").turns or ()
    )
    assert [turn.text for turn in redact(turns, KEY).turns] == [
        "［电话 11 位］",
        "［电话（续）］，好",
        "［电话（续）］",
        "［电话 11 位］",
    ]


def test_one_party_does_not_end_the_other_partys_number() -> None:
    text = "customer 0-2: 一三八零零一\nagent 2-3: 三八零零零"
    assert masked(text) == ["一三八零零一", "三八零零零"]


def test_an_identity_number_that_is_also_a_card_number_is_an_identity_number() -> None:
    number = next(
        n
        for i in range(1000)
        if luhn.is_valid(n := (h := f"11010519491231{i:03}") + mod_11_2.calc_check_digit(h))
    )
    assert masked(f"customer 0-9: {number}") == ["［证件号 18 位］"]


def test_tokens_are_equal_for_equal_numbers_under_one_key_only() -> None:
    def tokens(text: str, key: bytes) -> list[tuple[str, str]]:
        turns = parse_dialogue(text, "t", "zh").turns or ()
        words = [w for turn in redact(turns, key).turns for w in turn.words if w.masked]
        return [(w.masked.token, w.masked.tail_token) for w in words if w.masked]

    written, spoken, prefixed, other = tokens(
        "customer 0-1: 13800138000\ncustomer 2-3: 幺三八零零幺三八零零零\n"
        "customer 4-5: 86 13800138000\ncustomer 6-7: 13900138000",
        KEY,
    )
    assert written == spoken == prefixed
    assert other[0] != written[0]
    assert other[1] == written[1]
    assert tokens("customer 0-1: 13800138000", KEY + b"2")[0] != written
    assert "13800138000" not in "".join(written)


def test_masked_words_keep_times_confidence_and_their_neighbours() -> None:
    words = (
        Word("号码", 0.0, 1.0, 0.9),
        Word("是13800", 1.0, 7.0, 0.8),
        Word("138000", 7.0, 10.0, 0.5),
        Word("。好", 10.0, 11.0, 0.7),
    )
    redacted = redact([Turn("agent", 0, 0.0, 11.0, words)], KEY)
    assert [(w.text, w.start_s, w.end_s, w.confidence) for w in redacted.turns[0].words] == [
        ("号码", 0.0, 1.0, 0.9),
        ("是", 1.0, 2.0, 0.8),
        ("［电话 11 位］", 2.0, 10.0, 0.5),
        ("。好", 10.0, 11.0, 0.7),
    ]
    assert redacted.spans == (Span(2.0, 10.0),)


def test_redacting_twice_changes_nothing() -> None:
    turns = parse_dialogue(f"customer 0-9: 卡{CARD_SPOKEN}，{MOBILE}", "t", "zh").turns or ()
    once = redact(turns, KEY)
    assert redact(once.turns, KEY) == once


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 65])
def test_keys_of_the_wrong_length_are_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="16 to 64 bytes"):
        redact((), key)


# -- no digit of a verified number survives, however it is said ---------------------------------

_ZH = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_EN = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def _card(body: str) -> str:
    return body + luhn.calc_check_digit(body)


_CARDS = (
    st.text("0123456789", min_size=12, max_size=18).map(_card).filter(lambda n: len(set(n)) > 1)
)
_NUMBERS = st.one_of(
    _CARDS,
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.from_regex(
        r"11010519(4[0-9]|8[0-9])(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", fullmatch=True
    ).map(lambda head: head + mod_11_2.calc_check_digit(head)),
)
_STYLES = st.sampled_from(["written", "zh", "en"])
_CUTS = st.lists(st.integers(1, 18), max_size=4)


def _chunks(number: str, cuts: list[int]) -> list[str]:
    edges = sorted({0, len(number), *(cut for cut in cuts if cut < len(number))})
    return [number[a:b] for a, b in pairwise(edges)]


def _say(chunk: str, style: str) -> str:
    if style == "zh":
        return "".join(_ZH.get(digit, "叉") for digit in chunk)
    if style == "en":
        return " ".join("x" if digit == "X" else _EN[int(digit)] for digit in chunk)
    return chunk


@settings(max_examples=120, deadline=None)
@given(_NUMBERS, _STYLES, _CUTS, st.booleans())
def test_no_digit_of_a_verified_number_survives(
    number: str, style: str, cuts: list[int], interrupted: bool
) -> None:
    language: Language = "en" if style == "en" else "zh"
    if language == "en" and len(number) == 11:
        return
    before, after, nod = {"zh": ("号码", "对", "嗯"), "en": ("it is ", " right", "okay")}[language]
    chunks = [_say(chunk, style) for chunk in _chunks(number, cuts)]
    turns: list[Turn] = []
    if interrupted:
        for i, chunk in enumerate(chunks):
            turns.append(_turn("customer", 2 * i, chunk))
            turns.append(_turn("agent", 2 * i + 1, nod))
    else:
        turns.append(_turn("customer", 0, before + " ".join(chunks) + after))
    redacted = redact(turns, KEY, language)
    left = [
        digits
        for turn in redacted.turns
        for word in turn.words
        if word.masked is None
        for digits, _, _ in digit_runs(normalise(word.text))
    ]
    shown = {word.text.strip() for t in redacted.turns for word in t.words if word.masked}
    assert left == []
    assert shown
    assert all(
        re.fullmatch(r"［\w+( \d\d 位|（续）)］|\[\w+( \d\d digits|, continued)\]", s)
        for s in shown
    )
    assert sum(w.masked.n_digits for t in redacted.turns for w in t.words if w.masked) == len(
        number
    )


def _turn(role: Role, at_s: float, text: str) -> Turn:
    return Turn(role, None, at_s, at_s + 1.0, (Word(text, at_s, at_s + 1.0),))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("0123 一两零，。x叉a@点.", max_size=12), min_size=1, max_size=6))
def test_whatever_is_said_times_stay_in_order_and_unmasked_text_stays(texts: list[str]) -> None:
    turns = [_turn("agent" if i % 3 else "customer", i, text) for i, text in enumerate(texts)]
    redacted = redact(turns, KEY)
    for before, after in zip(turns, redacted.turns, strict=True):
        assert after._replace(words=before.words) == before
        assert all(a.end_s <= b.start_s for a, b in pairwise(after.words))
        if not any(word.masked for word in after.words):
            assert after == before


def test_a_hostile_run_of_digits_is_read_quickly() -> None:
    turns = [_turn("customer", 0, "1 " * 1_500), _turn("customer", 2, "1，" * 1_500)]
    assert len(redact(turns, KEY).turns) == 2


@pytest.mark.parametrize("word", ["uh huh", "mm-hmm", "对啊", "好啊"])
def test_who_listens_for_long_is_read_quickly(word: str) -> None:
    listening = f"{word} " * 300
    said = f"38 {listening}我说 380"
    assert [digits for digits, _, _ in digit_runs(normalise(said))] == ["38", "380"]
    assert [saying.code for saying in sayings(said)] == ["38", "380"]
    passing = normalise(f"38 {listening}, 380")
    assert [digits for digits, _, _ in digit_runs(passing)] == ["38380"]
    assert [saying.code for saying in sayings(passing)] == ["38380"]
