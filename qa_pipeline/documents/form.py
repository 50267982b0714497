"""What a file must be before it is read as YAML, and the words for what is wrong with its form."""

from qa_pipeline.documents.places import Lines
from qa_pipeline.errors import DocumentRefused, QaError, WrongUse
from qa_pipeline.texts import Text

MAX_BYTES = 1_000_000
#: The YAML scanner takes a second and more for what these bounds refuse; a scorecard has hundreds
#: of lines and words.
MAX_LINES = 20_000
MAX_WORDS = 50_000
MAX_LINE_CHARACTERS = 10_000


def decoded(raw: bytes, where: str) -> str:
    if len(raw) > MAX_BYTES:
        raise refused(
            f"{where}:1:1",
            Text(en="the file is larger than 1 MB", zh="文件超过 1 MB"),
            Text(
                en="split it, or look whether it is the right file",
                zh="拆分文件，或确认是否选错了文件",
            ),
            got=f"{len(raw)} bytes",
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        raise refused(
            Lines(before, where).say(len(before)),
            Text(en="the file is not UTF-8", zh="文件不是 UTF-8 编码"),
            Text(en="save it as UTF-8", zh="请另存为 UTF-8 编码"),
            got=f"byte 0x{raw[error.start]:02X}",
        ) from None


def check_density(text: str, lines: Lines) -> None:
    start, n_longest = lines.longest()
    too_much = (
        (0, len(lines), MAX_LINES, Text(en="lines in the file", zh="文件行数")),
        (start, n_longest, MAX_LINE_CHARACTERS, Text(en="characters in one line", zh="单行字符数")),
        (0, len(text.split()), MAX_WORDS, Text(en="words in the file", zh="文件词数")),
    )
    for offset, n, most, unit in too_much:
        if n > most:
            raise refused(
                lines.say(offset),
                Text(en=f"more than {most:,} {unit.en}", zh=f"{unit.zh}超过 {most:,}"),
                Text(
                    en="look whether it is the right file, or split it",
                    zh="确认是否选错了文件，或拆分文件",
                ),
                got=f"{n:,}",
            )


def refused(where: str, what: Text, fix: Text, *, got: str | None = None) -> DocumentRefused:
    return DocumentRefused((WrongUse(where, what, fix, got=got),))


#: The scanner's and parser's own words that people meet, in words that people understand.
_SYNTAX: tuple[tuple[str, Text], ...] = (
    (
        "mapping values are not allowed",
        Text(en="a colon stands where no key can be", zh="此处不能出现冒号"),
    ),
    ("could not find expected ':'", Text(en="a key without a colon", zh="键后面缺少冒号")),
    ("'\\t'", Text(en="a tab where YAML wants spaces", zh="此处用了制表符，YAML 只接受空格缩进")),
    (
        "cannot start any token",
        Text(en="a text may not start with this character", zh="文本不能以此字符开头"),
    ),
    (
        "found unexpected end of stream",
        Text(en="a quotation mark is never closed", zh="引号没有结束"),
    ),
    ("expected <block end>", Text(en="the indentation does not fit", zh="缩进不一致")),
    (
        "expected ',' or",
        Text(en="a bracket is never closed, or a comma is missing", zh="括号没有结束或缺少逗号"),
    ),
    (
        "expected the node content",
        Text(
            en="a value is missing, or starts with a character that needs quotation marks",
            zh="缺少值，或值以需要加引号的字符开头",
        ),
    ),
    (
        "sequence entries are not allowed",
        Text(en="a list item stands where none can be", zh="此处不能出现列表项"),
    ),
    (
        "mapping keys are not allowed",
        Text(en="a key stands where none can be", zh="此处不能出现键"),
    ),
    (
        "expected a comment or a line break",
        Text(en="a text stands beside | or >", zh="| 或 > 之后不能有其他文字"),
    ),
    (
        "expected chomping or indentation",
        Text(en="a text stands beside | or >", zh="| 或 > 之后不能有其他文字"),
    ),
    (
        "expected '<document start>'",
        Text(en="this does not belong to what stands before", zh="此处与前文不成一个整体"),
    ),
    (
        "unknown escape character",
        Text(en="an unknown escape in double quotes", zh="双引号中有无法识别的转义"),
    ),
)


def syntax(where: str, problem: str) -> QaError:
    known = next((text for words, text in _SYNTAX if words in problem), None)
    what = known or Text(en=f"not valid YAML: {problem}", zh=f"不是合法的 YAML：{problem}")
    fix = Text(
        en="check indentation, colons and quotation marks; quote texts with special characters",
        zh="检查缩进、冒号和引号；含特殊字符的文本请加引号",
    )
    return WrongUse(where, what, fix)


def control(where: str) -> QaError:
    return WrongUse(
        where,
        Text(en="a control character", zh="文件中有控制字符"),
        Text(
            en="delete it; the file may have been damaged while copying",
            zh="请删除；文件可能在复制时损坏",
        ),
    )
