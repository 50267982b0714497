"""How to read a bench's figures: the paragraphs under its page, in both languages."""

from collections.abc import Sequence
from typing import Final

from qa_pipeline.texts import Language, Text

_ASR: Final = (
    Text(
        en="Error rate = (substituted + missed + added) / what was said: characters in Mandarin "
        "(CER), words in English (WER). Both sides go through the program’s own normaliser: NFKC, "
        "traditional to simplified, case folded, punctuation dropped, numerals as written; a Latin "
        "word inside Mandarin counts letter by letter. “Digits folded” takes 一, 幺 and 1, or one "
        "and 1, for the same, digit by digit; 二十 and 20 stay different. Groups are sums.",
        zh="错误率 =（替换 + 漏 + 多）/ 原文：中文按字（CER），英文按词（WER）。两边都经过程序"
        "自己的规范化：NFKC、繁转简、忽略大小写、去标点，数字照所写；中文里的拉丁词按字母计。"
        "“数字归一后”把 一、幺、1（或 one 与 1）逐位视为相同；二十 与 20 仍不同。各组为合计，"
        "不是平均的平均。",
    ),
    Text(
        en="Word starts are compared where the truth gives each word its own time. Invented: heard "
        "over 0.2 s away from any speech of the truth. Fillers are the hesitation words of the "
        "shipped list. A phrase counts as found where it stands in the alignment, whoever says it; "
        "intervals are Wilson’s at 95%.",
        zh="只有标注给出每个词的时间时才比较词的起点。无中生有：离标注语音 0.2 秒以外却听出的字词。"
        "语气词取自随附词表。短语须在对齐位置上找到才算召回，不论谁说；区间为 95% Wilson 区间。",
    ),
    Text(
        en="Confidence is the recogniser’s own word probability. A side whose mean lies below "
        "recognition.min_call_confidence is “unclear”: in a night it would not be judged, here it "
        "is counted.",
        zh="置信度为识别模型自己给出的词概率。均值低于 recognition.min_call_confidence 的声道为"
        "“不清晰”：正式处理时不评判，这里仍计入。",
    ),
)
_DIARISATION: Final = (
    Text(
        en="DER = (missed + false alarm + confusion) / true speech time, by pyannote.metrics; "
        "overlapping speech counts for every speaker. A collar of 0.25 s leaves that much on each "
        "side of a true boundary out of account (NIST). Two speakers are asked for.",
        zh="DER =（漏检 + 虚警 + 混淆）/ 真实语音时长，由 pyannote.metrics 计算；重叠语音"
        "对每个说话人都计。容差 0.25 秒：真实边界两侧各不计 0.25 秒（NIST）。"
        "固定按两个说话人分离。",
    ),
    Text(
        en="“Pipeline” is what the engine answers; “in the journey” is what the program makes of "
        "it, where measured speech without a speaker goes to the nearest one. Role right: share of "
        "agent’s and customer’s speech time told as that role by what was said; undecided counts "
        "as wrong.",
        zh="“流水线”是引擎的回答；“流程中”是程序据此得出的结果：检测到的语音若无人认领，归最近的"
        "说话人。角色正确：客服与客户的语音时长中按所说内容判对角色的比例；未定按错计。",
    ),
)


def reading_asr(language: Language) -> Sequence[str]:
    """Return the paragraphs of the recogniser's page."""
    return [text.say(language) for text in _ASR]


def reading_diarisation(language: Language) -> Sequence[str]:
    """Return the paragraphs of the diariser's page."""
    return [text.say(language) for text in _DIARISATION]
