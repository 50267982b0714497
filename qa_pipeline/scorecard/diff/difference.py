"""One difference, and the ways to say that something was added, removed or changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from qa_pipeline.texts import Language, Text, same

Subject = Literal["scorecard", "severity", "section", "criterion", "signal"]
#: More items of a list than a sentence holds; the data has them all.
_MAX_NAMED = 8


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the new version says otherwise.

    `name` is the id of the subject, `key` the YAML key (None for the whole subject); `before` and
    `after` are plain data, None where there was nothing. `text` says it without the subject.
    """

    subject: Subject
    name: str
    title: Mapping[Language, str] | None
    key: str | None
    before: Any
    after: Any
    text: Text

    def said(self) -> Text:
        """Return the whole sentence: `criterion greeting (Greeting): points 10 → 5`."""
        if self.subject == "scorecard":
            return self.text
        noun = _NOUNS[self.subject]
        return Text(
            en=f"{noun.en} {self.named('en')}: {self.text.en}",
            zh=f"{noun.zh} {self.named('zh')}：{self.text.zh}",
        )

    def named(self, language: Language) -> str:
        """Return the subject's id and, where it has one, its title."""
        title = (self.title or {}).get(language)
        if not title or title == self.name:
            return self.name
        return {"en": f"{self.name} ({title})", "zh": f"{self.name}（{title}）"}[language]


_NOUNS: Mapping[Subject, Text] = {
    "scorecard": Text(en="scorecard", zh="评分表"),
    "severity": Text(en="severity", zh="严重程度"),
    "section": Text(en="section", zh="分类"),
    "criterion": Text(en="criterion", zh="标准"),
    "signal": Text(en="signal", zh="信号"),
}
ADDED = Text(en="new", zh="新增")
REMOVED = Text(en="removed", zh="删除")


def became(label: Text, before: Any, after: Any) -> Text:
    """Return `label before → after`; what was not there is said, too."""
    if before in (None, (), {}):
        now = shown(after)
        return Text(en=f"{label.en} {now.en}, none before", zh=f"{label.zh} 新设为 {now.zh}")
    if after in (None, (), {}):
        was = shown(before)
        return Text(
            en=f"{label.en} taken out (was {was.en})", zh=f"{label.zh} 取消（原为 {was.zh}）"
        )
    was, now = shown(before), shown(after)
    return Text(en=f"{label.en} {was.en} → {now.en}", zh=f"{label.zh} {was.zh} → {now.zh}")


def shown(value: Any) -> Text:
    """Return a value as a sentence shows it."""
    match value:
        case Text():
            return value
        case bool():
            return Text(en="yes" if value else "no", zh="是" if value else "否")
        case float() | int():
            return same(f"{value:.15g}")
        case dict():
            inner = "; ".join(f"{k}: {', '.join(map(str, v))}" for k, v in value.items())
            return same(inner)
        case tuple() | list():
            return listed(value)
        case _:
            return same(str(value))


def listed(values: Sequence[Any]) -> Text:
    """Return a list's items, a long one's first items and how many more."""
    items = [str(v) if not isinstance(v, tuple | list) else "/".join(map(str, v)) for v in values]
    more = len(items) - _MAX_NAMED
    en, zh = ", ".join(items[:_MAX_NAMED]), "、".join(items[:_MAX_NAMED])
    if more <= 0:
        return Text(en=en, zh=zh)
    return Text(en=f"{en} and {more} more", zh=f"{zh} 等 {len(items)} 项")


def list_changes(label: Text, before: Sequence[Any], after: Sequence[Any]) -> Iterator[Text]:
    """Yield what joined a list and what left it, else that only its order changed."""
    joined = [item for item in after if item not in before]
    left = [item for item in before if item not in after]
    if joined:
        more = listed(joined)
        yield Text(en=f"{label.en} added: {more.en}", zh=f"{label.zh} 增加：{more.zh}")
    if left:
        less = listed(left)
        yield Text(en=f"{label.en} removed: {less.en}", zh=f"{label.zh} 删去：{less.zh}")
    if not joined and not left and list(before) != list(after):
        yield Text(en=f"{label.en} in another order", zh=f"{label.zh}顺序改变")
