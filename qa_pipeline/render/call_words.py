"""What the codes in a call are called on the screen, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType

from qa_pipeline.records import Match, Outcome, Role, RoleSource, Tier
from qa_pipeline.texts import Text, same

ROLES: Mapping[Role | None, Text] = MappingProxyType(
    {
        "agent": Text(en="agent", zh="客服"),
        "customer": Text(en="customer", zh="客户"),
        None: same("?"),
    }
)

TIERS: Mapping[Tier, Text] = MappingProxyType(
    {
        "dual_channel": Text(en="each party on a channel of its own", zh="双声道（双方各一声道）"),
        "mono_diarised": Text(en="one channel, speakers told apart", zh="单声道，已区分说话人"),
        "mono_undiarised": Text(
            en="one channel, speakers not told apart", zh="单声道，未区分说话人"
        ),
        "imported": Text(en="imported transcript", zh="导入的转写文本"),
    }
)

ROLE_SOURCES: Mapping[RoleSource, Text] = MappingProxyType(
    {
        "manifest": Text(en="roles from the manifest", zh="角色取自清单"),
        "settings": Text(en="roles from the settings", zh="角色取自设置"),
        "evidence": Text(en="roles found from what was said", zh="角色由通话内容推断"),
        "transcript": Text(en="roles from the transcript", zh="角色取自转写文本"),
        "unknown": Text(en="roles unknown", zh="角色未知"),
    }
)

#: How a phrase was met; by text, as nearly all are, goes without saying.
MATCHES: Mapping[Match | None, Text] = MappingProxyType(
    {
        "sound": Text(en="(by sound)", zh="（按读音）"),
        "regex": Text(en="(by pattern)", zh="（按正则）"),
    }
)

#: `Finding.kind`, in which way a detector found it, without what follows a colon.
KINDS: Mapping[str, Text] = MappingProxyType(
    {
        "card": Text(en="(card number)", zh="（卡号）"),
        "email": Text(en="(e-mail address)", zh="（邮箱）"),
        "id": Text(en="(identity number)", zh="（证件号）"),
        "misplaced": Text(en="(out of order)", zh="（顺序不对）"),
        "missing": Text(en="(missing)", zh="（缺少）"),
        "number": Text(en="(number)", zh="（号码）"),
        "order": Text(en="(letters and digits)", zh="（字母加数字的编号）"),
        "phone": Text(en="(telephone number)", zh="（电话）"),
        "phrase": Text(en="(listed words)", zh="（所列的词）"),
        "ambiguous": Text(en="(ordinary word that fills)", zh="（普通词作口头禅）"),
        "clipped": Text(en="(clipped)", zh="（削波失真）"),
        "excess": Text(en="(beyond what was excused)", zh="（超出说明的时长）"),
        "fast": Text(en="(too fast)", zh="（过快）"),
        "held": Text(en="(held sound)", zh="（拖长的音）"),
        "lexicon": Text(en="(filler)", zh="（口头禅）"),
        "loud": Text(en="(too loud)", zh="（过响）"),
        "quiet": Text(en="(too quiet)", zh="（过轻）"),
        "short": Text(en="(too short to be sure)", zh="（词句过短，不能确认）"),
        "silence": Text(en="(silence)", zh="（无人说话）"),
        "slow": Text(en="(too slow)", zh="（过慢）"),
        "stretched": Text(en="(by the word's times)", zh="（按词的时间）"),
        "thanked": Text(en="(with thanks)", zh="（已致谢）"),
        "uncovered": Text(en="(without words)", zh="（有声无词）"),
        "unthanked": Text(en="(without thanks)", zh="（未致谢）"),
        "wait": Text(en="(waiting for an answer)", zh="（等待应答）"),
    }
)


def kind_words(kind: str) -> Text:
    """Return what a finding's kind is called, a step with its id; an unknown kind as it is."""
    name, _, step = kind.partition(":")
    words = KINDS.get(name, same(name))
    return Text(en=f"{step} {words.en}", zh=f"{step}{words.zh}") if step else words


OUTCOMES: Mapping[Outcome, Text] = MappingProxyType(
    {
        "pass": Text(en="pass", zh="通过"),
        "fail": Text(en="fail", zh="不通过"),
        "not_applicable": Text(en="not applicable", zh="不适用"),
        "not_measured": Text(en="not measured", zh="未能测量"),
        "pending": Text(en="for a person", zh="待人工"),
    }
)
STYLES: Mapping[Outcome, str] = MappingProxyType(
    {
        "pass": "green",
        "fail": "bold red",
        "not_applicable": "dim",
        "not_measured": "yellow",
        "pending": "cyan",
    }
)

#: Codes in `Call.notes`; one that is not here is shown as it is.
NOTES: Mapping[str, Text] = MappingProxyType(
    {
        "bleed": Text(
            en="one channel is heard on the other: overlaps may be echoes",
            zh="一个声道串入另一声道：重叠可能是回声",
        ),
        "demo_diariser": Text(
            en="speakers told apart by the demo's diariser, whose answer on real calls is nonsense",
            zh="由演示用说话人分离处理，对真实通话的区分结果没有意义",
        ),
        "demo_model": Text(
            en="heard by the demo's recogniser, which makes nonsense of real calls",
            zh="由演示用识别模型处理，对真实通话的结果没有意义",
        ),
        "dual_mono": Text(en="both channels carry the same", zh="两个声道内容相同"),
        "empty_channel": Text(
            en="one channel is empty: both parties may be on the other",
            zh="有一个声道为空：双方可能都在另一声道",
        ),
        "language_uncertain": Text(en="the language is uncertain", zh="语种不确定"),
        "low_confidence": Text(
            en="words too uncertain to be judged were left out", zh="识别过于不确定的词未参与评判"
        ),
        "no_speech": Text(en="nobody speaks in this recording", zh="该录音中无人说话"),
        "not_diarised": Text(
            en="nobody told the speakers apart: what depends on who spoke is not measured",
            zh="未做说话人分离：取决于谁在说话的评分项未能测量",
        ),
        "one_speaker": Text(en="only one speaker was found", zh="只发现一位说话人"),
        "repetition_dropped": Text(
            en="endless repetitions of the recogniser were dropped", zh="已丢弃识别模型的循环重复"
        ),
        "roles_by_evidence": Text(
            en="nobody said which channel is the agent's: found from what was said",
            zh="清单与设置均未指明客服声道：由通话内容推断",
        ),
        "roles_unknown": Text(
            en="nobody knows which channel is the agent's", zh="无法确定哪个声道是客服"
        ),
        "transcript_untimed": Text(en="the transcript has no times", zh="转写文本没有时间"),
        "unclear_agent": Text(
            en="the agent's words were too uncertain", zh="客服的话识别过于不确定"
        ),
        "unclear_customer": Text(
            en="the customer's words were too uncertain", zh="客户的话识别过于不确定"
        ),
    }
)
