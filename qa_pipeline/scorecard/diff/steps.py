"""What changed in the steps of a conversation: their phrases, which there are, and their order."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from qa_pipeline.scorecard.diff.difference import became, list_changes, listed
from qa_pipeline.texts import Text

#: A step with its keys `id`, `any_of` and `optional`.
Step = Mapping[str, Any]


def step_changes(before: Sequence[Step], after: Sequence[Step]) -> Iterator[Text]:
    """Yield what is different between two lists of steps; an empty one is that of another detector.

    Then the names alone say which steps there are.
    """
    if not before or not after:
        names = (tuple(step["id"] for step in steps) for steps in (before, after))
        yield became(Text(en="steps", zh="步骤"), *names)
        return
    was, now = ({step["id"]: step for step in steps} for steps in (before, after))
    for place, step in enumerate(after):
        if step["id"] in was:
            yield from _step(was[step["id"]], step)
        else:
            yield _new(step, after[place - 1]["id"] if place else None)
    for name in was:
        if name not in now:
            yield Text(en=f"step {name} removed", zh=f"步骤 {name} 删除")
    yield from _moved([name for name in was if name in now], [name for name in now if name in was])


def _moved(before: Sequence[str], after: Sequence[str]) -> Iterator[Text]:
    """Yield the steps that stand elsewhere: those beside the longest parts in the old order."""
    parts = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {name for part in parts for name in after[part.b : part.b + part.size]}
    for place, name in enumerate(after):
        if name not in stayed:
            where = _where(after[place - 1] if place else None)
            yield Text(en=f"step {name} moved {where.en}", zh=f"步骤 {name} 移动，{where.zh}")


def _where(follows: str | None) -> Text:
    if follows is None:
        return Text(en="to the start", zh="位于最前")
    return Text(en=f"after {follows}", zh=f"位于 {follows} 之后")


def _step(was: Step, now: Step) -> Iterator[Text]:
    name = now["id"]
    label = Text(en=f"phrases of step {name}", zh=f"步骤 {name} 的词句")
    yield from list_changes(label, was["any_of"], now["any_of"])
    if was["optional"] != now["optional"]:
        en, zh = ("optional", "可省略") if now["optional"] else ("required", "必须做到")
        yield Text(en=f"step {name} now {en}", zh=f"步骤 {name} 改为{zh}")


def _new(step: Step, follows: str | None) -> Text:
    """Return that a step joined, where it stands, and what stands for it."""
    name, phrases, place = step["id"], listed(step["any_of"]), _where(follows)
    if step["optional"]:
        place = Text(en=f"{place.en}, optional", zh=f"{place.zh}，可省略")
    return Text(
        en=f"step {name} added {place.en}: {phrases.en}",
        zh=f"步骤 {name} 新增，{place.zh}：{phrases.zh}",
    )
