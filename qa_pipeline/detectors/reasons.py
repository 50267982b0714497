"""Why a signal could not be measured, as reviewers read it."""

from qa_pipeline.detectors.registry import NotMeasured
from qa_pipeline.records import Call, Role
from qa_pipeline.texts import Text

NO_WORDS = NotMeasured(Text(en="the words were not recognised", zh="未识别出文字"))
NO_ROLES = NotMeasured(Text(en="nobody told the speakers apart", zh="未区分客服与客户的话轮"))
UNCLEAR = NotMeasured(Text(en="the words were heard too uncertainly", zh="文字识别的置信度过低"))
NO_TIMES = NotMeasured(Text(en="the dialogue has no times", zh="对话没有时间"))
NO_SPEECH = NotMeasured(Text(en="who speaks when was not measured", zh="未测量双方的说话时段"))
NO_SUSTAINED = NotMeasured(
    Text(
        en="hesitations without words were not measured: there is no audio, or an earlier version"
        " heard the call",
        zh="未测量有声无词的停顿：没有录音，或该通话由旧版本处理",
    )
)
NO_TRACKS = NotMeasured(
    Text(en="there is no audio to measure levels on", zh="没有可测量电平的录音")
)
NO_HEALTH = NotMeasured(Text(en="clipping was not measured", zh="未测量削波"))
SHARED_CHANNEL = NotMeasured(
    Text(
        en="both parties are on the channel that is clipped: whose speech it is is not known",
        zh="双方同在一个削波的声道，不知道是谁的声音失真",
    )
)
NOBODY_SPEAKS = NotMeasured(Text(en="nobody speaks", zh="无人说话"))
NO_HANGUP = NotMeasured(
    Text(
        en="hangup_by does not say agent, customer or system: who hung up is not known",
        zh="hangup_by 不是 agent、customer 或 system：不知道谁先挂机",
    )
)
NO_RING = NotMeasured(
    Text(
        en="ring_s does not say for how many seconds it rang",
        zh="ring_s 没有给出振铃秒数",
    )
)
NO_CONFIDENCE = NotMeasured(
    Text(
        en="min_confidence is set, and the words carry no confidence",
        zh="设置了 min_confidence，但文字没有置信度",
    )
)

_ROLE_NAMES = {
    "agent": Text(en="the agent", zh="客服"),
    "customer": Text(en="the customer", zh="客户"),
}


def words_unmeasured(call: Call, role: Role | None) -> NotMeasured:
    """Return why `call` has no turns of `role`."""
    if call.turns is None:
        return NO_WORDS
    return UNCLEAR if call.unclear & ({role} if role else {"agent", "customer"}) else NO_ROLES


def speech_unmeasured(call: Call) -> NotMeasured:
    """Return why `call` has no speech spans."""
    return NO_SPEECH if call.timed else NO_TIMES


def speech_without_words(role: Role | None) -> NotMeasured:
    """Return that somebody spoke and no word of it was recognised."""
    who = _ROLE_NAMES[role] if role else Text(en="somebody", zh="有人")
    return NotMeasured(
        Text(
            en=f"{who.en} speaks, but no words were recognised",
            zh=f"{who.zh}有说话声，但未识别出文字",
        )
    )


def anchor_unmeasured(anchor: str, reason: NotMeasured) -> NotMeasured:
    """Return that the signal's anchor could not be measured, and why."""
    return NotMeasured(
        Text(
            en=f"its anchor {anchor} was not measured: {reason.reason.en}",
            zh=f"其锚点 {anchor} 未测量：{reason.reason.zh}",
        )
    )
