"""Variables that somebody set and that would let a program talk to the outside."""

import os

from qa_pipeline.cli.doctor_checks.check import Check
from qa_pipeline.engines.offline import HUB, TELEMETRY, go_offline
from qa_pipeline.texts import Text

_NO = ("0", "false", "no", "off", "")


def telemetry() -> Check:
    """Look at what was set before we turn everything off; we do so for ourselves alone."""
    asked_for = _against(HUB)
    reporting = _against(TELEMETRY)
    go_offline()
    if asked_for:
        remedy = Text(
            en="unset it: engines must not ask a hub during a night",
            zh="请取消该变量：夜间任务中引擎不应访问模型仓库",
        )
        return Check("telemetry", "warn", ", ".join((*asked_for, *reporting)), remedy)
    if reporting:
        remedy = Text(
            en="qa turns this off for itself; other programs that are started here would report: "
            "unset it",
            zh="qa 自身会将其关闭；在此环境启动的其他程序会上报数据：请取消该变量",
        )
        return Check("telemetry", "warn", ", ".join(reporting), remedy)
    return Check("telemetry", "ok", "off")


def _against(wanted: dict[str, str]) -> tuple[str, ...]:
    """Return the variables that are set to the contrary of what we set."""
    return tuple(
        f"{name}={os.environ[name]}"
        for name, value in wanted.items()
        if name in os.environ and _is_on(os.environ[name]) != _is_on(value)
    )


def _is_on(value: str) -> bool:
    return value.strip().lower() not in _NO
