"""What a lead should know of a draw: told, never fatal."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from qa_pipeline.pipeline.issuing import Issued
from qa_pipeline.sampling.assign import Obstacle
from qa_pipeline.sampling.members import unknown_columns
from qa_pipeline.sampling.plan_load import LoadedPlan
from qa_pipeline.sampling.targets import Listed
from qa_pipeline.store import BatchRow
from qa_pipeline.texts import Text

#: As many unknown values of a list are shown; the rest are counted.
_N_SHOWN = 3

_OBSTACLES: Final[dict[Obstacle, tuple[str, str]]] = {
    "no_reviewer": (
        "have no reviewer: add reviewers to the plan's capacity and draw again",
        "尚未分配：请在方案的 capacity 中填写质检员后再次抽样",
    ),
    "language": (
        "are in a language that no reviewer has: add it to someone's languages and draw again",
        "的语言没有质检员能听：请在 languages 中补充后再次抽样",
    ),
    "own_team": (
        "belong to the team of everyone who could hear them: add a reviewer of another team",
        "只能由本组质检员听：请增加其他组的质检员",
    ),
    "second": (
        "want a second reviewer and there is none but the first: add one who can hear them",
        "需要第二位质检员但没有合适的人：请增加能听的质检员",
    ),
}


def notes_of(
    calls: pl.DataFrame,
    loaded: LoadedPlan,
    drawn: tuple[Sequence[BatchRow], BatchRow | None, int],
    lists: Sequence[Listed],
    issued: Issued,
) -> list[Text]:
    """Return the notes; `drawn`: the batches before, the new one, and its calls drawn at random."""
    before, new, n_drawn = drawn
    notes = [*_of_plan(before, new, loaded.sha256)]
    notes += [
        Text(
            en=f"focus: no call has the column {name}; its rules find nothing",
            zh=f"重点：没有任何通话含有列 {name}，相关规则未生效",
        )
        for name in unknown_columns(calls, loaded.plan)
    ]
    if new is not None and n_drawn > new.n_wanted:
        notes.append(
            Text(
                en=f"minimums, quotas and levels took {n_drawn} calls at random; the plan wanted "
                f"{new.n_wanted}. Fewer strata, or drawing less often, costs less",
                zh=f"各层下限、坐席配额与检验等级共需随机听 {n_drawn} 通，"
                f"多于方案的 {new.n_wanted} 通；可减少分层或降低抽样频率",
            )
        )
    notes += [_of_list(listed) for listed in lists if listed.unknown]
    for obstacle, (en, zh) in _OBSTACLES.items():
        if n := issued.obstacles[obstacle]:
            notes.append(Text(en=f"{n} calls {en}", zh=f"{n} 通{zh}"))
    return notes


def _of_plan(before: Sequence[BatchRow], new: BatchRow | None, sha256: str) -> Iterator[Text]:
    if not before or before[-1].plan_sha256 == sha256:
        return
    last = before[-1].batch
    if new is None:
        yield Text(
            en=f"the plan or its lists changed since batch {last}: what was drawn stays",
            zh=f"方案或名单在批次 {last} 之后有改动：已抽取的不变",
        )
    else:
        yield Text(
            en=f"the plan or its lists changed since batch {last}: they count from batch "
            f"{new.batch} on, and what was drawn stays",
            zh=f"方案或名单在批次 {last} 之后有改动：自批次 {new.batch} 起生效，已抽取的不变",
        )


def _of_list(listed: Listed) -> Text:
    n, shown = len(listed.unknown), ", ".join(listed.unknown[:_N_SHOWN])
    more = ", ..." if n > _N_SHOWN else ""
    return Text(
        en=f"{listed.id}: {n} of {listed.n_wanted} values name no call of the period "
        f"({shown}{more})",
        zh=f"{listed.id}：{listed.n_wanted} 项中有 {n} 项在本周期没有对应通话（{shown}{more}）",
    )
