"""What each detector finds, in the plain words of people who write scorecards.

The docstrings say the same exactly, for whoever changes a detector; the examples are theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qa_pipeline.texts import Language, Text


@dataclass(frozen=True, slots=True)
class Explained:
    """A detector for its users: its name, what it finds, what it leaves out.

    `shows_en` says what each of the docstring's English examples shows, in their order; `shows_zh`
    what each of the Chinese.
    """

    title: Text
    finds: Text
    not_counted: Text
    shows_en: tuple[str, ...]
    shows_zh: tuple[str, ...]

    def shows(self, language: Language) -> tuple[str, ...]:
        """Return what the examples in `language` show."""
        return {"en": self.shows_en, "zh": self.shows_zh}[language]


EXPLAINED: Mapping[str, Explained] = MappingProxyType(
    {
        "phrase": Explained(
            Text(en="Phrases", zh="词句"),
            Text(
                en="One of some phrases (`any_of`), or one of every group (`all_of`), in any "
                "order. The usual detector for what must or must not be said.",
                zh="说了所列词句中的任意一句（`any_of`），或每组各说到一句（`all_of`，顺序不限）。"
                "“必须说”和“不许说”的话都用它。",
            ),
            Text(
                en="what `except` excuses; words across two turns or two sentences; part of a "
                "word or number; a set of `all_of` that is not complete; digits that are masked. "
                "By sound: two syllables that are no word of their own. `inflect` finds forms of "
                "a word (pay, paid, paying), not its relatives (payment).",
                zh="`except` 豁免的；跨两个话轮或两句话的；一个词或号码的一部分；"
                "`all_of` 没有凑齐的；已遮盖的数字。按读音匹配时，不能独立成词的两个字不算。"
                "`inflect` 只认词形变化（pay、paid、paying），不认派生词（payment）。",
            ),
            shows_en=(
                "With `inflect` the list need not name every form of a word.",
                "The second sentence goes on to find out: `except` excuses it.",
            ),
            shows_zh=("两处“不清楚”，第二处只是转述客户的情况，由 `except` 免去。",),
        ),
        "filler": Explained(
            Text(en="Filler words", zh="口头禅"),
            Text(
                en="Hesitation words (嗯, um), and ordinary words where they only fill: repeated "
                "at once, or opening a sentence before a pause.",
                zh="嗯、呃等迟疑词；“这个”“那个”等普通词，只有立刻重复（这个，这个）或在句首且"
                "后面有停顿时才算。",
            ),
            Text(
                en="ordinary words elsewhere; 啊 and 呀 at a sentence's end; an answer that is "
                "nothing but the word; turns of mere listening (mm, okay); parts of words "
                "(so-called) and of “uh-huh”.",
                zh="其他位置的普通词；句尾的“啊”“呀”；只有一个词的回答（“这个。”）；"
                "只有“嗯”“好的”之类应答的话轮；“嗯哼”里的“嗯”；英文单词的一部分（so-called）。",
            ),
            shows_en=("The last “like” is an ordinary word.",),
            shows_zh=("最后一个“这个”是普通词，不算。",),
        ),
        "dead_air": Explained(
            Text(en="Silence", zh="冷场"),
            Text(
                en="Nobody speaks for `min_s` seconds or longer, between the first and the last "
                "speech of the call. Music and ringing are silence.",
                zh="通话中（首次人声与最后人声之间）双方都不说话，达到 `min_s` 秒。"
                "音乐和铃声也算无人说话。",
            ),
            Text(
                en="silence before the first and after the last speech; silence that the agent "
                "announced within 10 s before it (`excused_by`), up to `excused_max_s`; a "
                "customer's own “one moment” excuses too, his report of having been told to wait "
                "does not.",
                zh="首句之前、末句之后的安静；之前 10 秒内说明过的等待（`excused_by`），但超过 "
                "`excused_max_s` 的部分照算。客户自己说“稍等”也可免；转述“你让我稍等”不可免。",
            ),
            shows_en=("The first silence was announced, the second was not.",),
            shows_zh=("第一次安静事先说明过，第二次没有。",),
        ),
        "interruption": Explained(
            Text(en="Interruptions", zh="抢话"),
            Text(
                en="The role starts to speak while the other has been speaking for "
                "`min_other_s`, and both speak for `min_overlap_s`.",
                zh="对方已说了 `min_other_s` 秒，此角色插进来，且同时说话达到 `min_overlap_s` 秒。",
            ),
            Text(
                en="listening (“mm”, “okay”, under 1.5 s); going on after a short pause of one's "
                "own; starting in a pause of the other.",
                zh="“嗯”“好的”之类 1.5 秒以内的应答；自己稍停后接着说；在对方停顿时开口。",
            ),
            shows_en=("“Okay” first, then the agent who does not let the customer finish.",),
            shows_zh=("先是一声“嗯”，不算；随后客服没让客户说完。",),
        ),
        "speech_rate": Explained(
            Text(en="Pace", zh="语速"),
            Text(
                en="Turns of 3 s or longer that are slower than `min` or faster than `max`, in "
                "Chinese characters or English words a minute; a digit counts as one. `value` is "
                "the rate of the call.",
                zh="3 秒以上、每分钟字数（英文为词数；一位数字算一个）低于 `min` 或高于 `max` 的"
                "话轮。`value` 为整通语速。",
            ),
            Text(
                en="turns under 3 s, except in the value; pauses inside a turn.",
                zh="3 秒以下的话轮（仍计入整通语速）；话轮中的停顿。",
            ),
            shows_en=("Fifteen words in three seconds are 300 a minute.",),
            shows_zh=("三秒十九个字，合每分钟 380 字。",),
        ),
        "slow_answer": Explained(
            Text(en="Slow answers", zh="应答慢"),
            Text(
                en="The agent takes `min_s` seconds or longer to answer what the customer said.",
                zh="客户说完后，客服过了 `min_s` 秒或更久才回答。",
            ),
            Text(
                en="waits that were announced (`excused_by`); waits that end because the customer "
                "goes on himself; what is never answered (`dead_air` finds both silences). A “mm” "
                "is no answer; whether the answer answers is not asked.",
                zh="说明过的等待（`excused_by`）；客户自己接着说的；始终没有回答的（后两种由 "
                "`dead_air` 计）。“嗯”不算回答；答得对不对不由它判断。",
            ),
            shows_en=("“Okay” is no answer: the wait goes on.",),
            shows_zh=("“嗯”不算回答，从客户说完算起。",),
        ),
        "talk_share": Explained(
            Text(en="Share of talk", zh="说话占比"),
            Text(
                en="No findings: its `value` is the role's share of all speech, 0-1. Write "
                "`agent_share.value <= 0.8`.",
                zh="没有逐处的发现，只有 `value`：此角色说话占双方说话的比例（0-1）。"
                "写作 `agent_share.value <= 0.8`。",
            ),
            Text(
                en="silence, music, ringing. Where both speak at once, each has that time.",
                zh="安静、音乐、铃声。双方同时说话的时间各算一份。",
            ),
            shows_en=("The agent has six of ten seconds.",),
            shows_zh=("十秒的话，客服占六秒。",),
        ),
        "drawn_out": Explained(
            Text(en="Drawn-out syllables", zh="拖音"),
            Text(
                en="A syllable is held for `min_s` seconds or longer: by the times of the words, "
                "and where there is audio, by a voice that stays the same.",
                zh="一个字的音拖到 `min_s` 秒或更久：看识别出的词的时间；"
                "有录音时，还要听到声音一直没断。",
            ),
            Text(
                en="held sounds that are in no word (`filler` with `uncovered: true` finds them); "
                "what is said while the other speaks. Times of recognised words are rough: ask "
                "for 0.8 s or longer.",
                zh="不成词的拖音（由 `filler` 的 `uncovered: true` 计）；与对方重叠时的声音。"
                "识别出的时间有误差，`min_s` 请写 0.8 以上。",
            ),
            shows_en=(
                "In a typed dialogue the words of a line share its time; the last has only one.",
            ),
            shows_zh=("手写对话里，一行的字平分这一行的时间；最后一行只有一个字，拖了 1.2 秒。",),
        ),
        "loudness": Explained(
            Text(en="Loudness", zh="音量"),
            Text(
                en="The role's turns below `min_dbfs` or above `max_dbfs`, and channels that are "
                "clipped (distorted). `value` is the level over all turns.",
                zh="此角色电平低于 `min_dbfs` 或高于 `max_dbfs` 的话轮，以及削波（失真）的声道。"
                "`value` 为全部话轮的电平。",
            ),
            Text(
                en="turns under 0.5 s; silence and noise between turns. Levels depend on the "
                "recorder: compare calls of one recorder only, and better show them to people "
                "(`hints`) than score them. Typed dialogues have none.",
                zh="0.5 秒以下的话轮；话轮之间的安静与噪声。电平随录音设备而变，"
                "只宜在同一设备内比较，最好放在 `hints` 里提示给人，不要计分。手写对话没有电平。",
            ),
            shows_en=("A typed dialogue has no levels.",),
            shows_zh=("手写对话没有声音，无法测量。",),
        ),
        "hold": Explained(
            Text(en="Holds", zh="让客户等待"),
            Text(
                en="The agent asks the customer to wait and at least `min_s` seconds of silence "
                "follow. Each hold is with thanks or without; `unthanked: true` keeps only those "
                "without. So `not hold_unthanked` asks for thanks after every hold, "
                "`on_hold.thanked >= 1` for thanks once in the call.",
                zh="客服请客户稍等，随后至少 `min_s` 秒没有声音。每次等待分为已致谢和未致谢；"
                "写 `unthanked: true` 只留未致谢的。因此 `not hold_unthanked` 要求每次都致谢，"
                "`on_hold.thanked >= 1` 只要求有一次。",
            ),
            Text(
                en="silence that nobody announced (`dead_air` finds it); announcements without "
                "silence after them; that the customer look something up himself.",
                zh="没有说明的安静（由 `dead_air` 计）；说了稍等但没有停下来的；请客户自己去查的。",
            ),
            shows_en=("Two holds, with thanks for the first; `unthanked: true` finds the second.",),
            shows_zh=("两次等待，只谢了第一次。",),
        ),
        "hang_up": Explained(
            Text(en="Hanging up", zh="先挂机"),
            Text(
                en="The agent hung up, as `hangup_by` in the manifest says: agent, customer or "
                "system.",
                zh="话务系统的 `hangup_by`（清单列）说是客服挂的机；取值 agent、customer、system。",
            ),
            Text(
                en="what is heard (a click, “goodbye”). Without the column: not measured.",
                zh="听到的声音（咔哒声、“再见”）。没有这一列时无法判定。",
            ),
            shows_en=(
                "The line broke: nobody's fault. In a typed dialogue the fact is a `#` line.",
            ),
            shows_zh=("来自清单；手写对话里写成以 `#` 开头的一行。",),
        ),
        "ring": Explained(
            Text(en="Ringing", zh="接听时长"),
            Text(
                en="The call was answered later than `max_s` seconds, as `ring_s` in the "
                "manifest says. `value` is the seconds.",
                zh="清单列 `ring_s`（振铃秒数）超过 `max_s`。`value` 为秒数。",
            ),
            Text(
                en="ringing heard in the recording; queues and menus before the agent's telephone "
                "rings. Without the column: not measured.",
                zh="录音里听到的铃声；振铃之前的排队和语音菜单。没有这一列时无法判定。",
            ),
            shows_en=(
                "Ten seconds are not later than ten. In a typed dialogue the fact is a `#` line.",
            ),
            shows_zh=("来自清单；手写对话里写成以 `#` 开头的一行。",),
        ),
        "repeated_question": Explained(
            Text(en="Asking again", zh="重复询问"),
            Text(
                en="The agent asks again what the customer has already answered, in nearly the "
                "same words.",
                zh="客户已经回答过，客服又用差不多的话问一遍。",
            ),
            Text(
                en="questions that were not answered or not heard (“pardon?”); questions while "
                "reading back; what may be asked often (“anything else?”); the same in quite "
                "other words.",
                zh="没得到回答的、没听清的（“什么？”）；复述核对中的问话；可以常问的（“还有其他需要吗”）；"
                "换了一种完全不同的说法的。",
            ),
            shows_en=("The date is asked twice; the name too, but because it was not heard.",),
            shows_zh=("姓氏问了两遍；地址也问了两遍，但那是因为没听清。",),
        ),
        "steps": Explained(
            Text(en="Steps in order", zh="步骤与次序"),
            Text(
                en="Each step that is missing, and each that comes out of order, once. A step is "
                "said when one of its phrases is.",
                zh="漏掉的步骤、错位的步骤，各算一次。说到该步的任意一句就算做了这一步。",
            ),
            Text(
                en="`optional` steps that nobody says; repeating a step later; steps said in "
                "words that are not listed count as missing.",
                zh="`optional` 的步骤没说不算漏；做过之后再说一遍不算错位。"
                "用了没列出的说法，会算作漏。",
            ),
            shows_en=("The amount comes before the purpose, and the right to dispute is missing.",),
            shows_zh=("地址问在电话之前，最后也没有核对。",),
        ),
        "read_back": Explained(
            Text(en="Reading back", zh="复述核对"),
            Text(
                en="Numbers of five digits or more, order numbers, and words in `of` that the "
                "customer gave and the agent did not repeat later. Any grouping and form will do "
                "(138, 幺三八, double five); `tail: 4` accepts the last four digits.",
                zh="客户报了五位以上的号码、订单号或 `of` 所列的词，客服之后没有复述。"
                "换一种念法也算复述（138、幺三八、一百三十八）；写 `tail: 4` 时复述后四位即可。",
            ),
            Text(
                en="what the agent said first; numbers that the customer takes back; amounts, "
                "prices, e-mail addresses. A wrong digit is not repeated.",
                zh="客服先说的；客户当场改口的；金额、价格、邮箱。复述错一位不算复述。",
            ),
            shows_en=("The last four digits are enough; the phone is not read back at all.",),
            shows_zh=("电话换了断句复述了，订单号没有。",),
        ),
        "sensitive_data": Explained(
            Text(en="Sensitive data", zh="敏感信息"),
            Text(
                en="Card and identity numbers, phones and e-mail addresses that are said, where "
                "check digits or numbering plans confirm them. The quote is always masked.",
                zh="说出的银行卡号、证件号、电话、邮箱，且经校验位或号段核实。引文始终是遮盖过的。",
            ),
            Text(
                en="digits that nothing confirms (order numbers, codes); the last four digits "
                "alone; the same address said again at once.",
                zh="核实不了的数字（订单号、验证码）；只说后四位；紧接着重复的同一邮箱。",
            ),
            shows_en=("A card number counts, an order number does not.",),
            shows_zh=("卡号算，订单号不算。",),
        ),
        "suggestion": Explained(
            Text(en="Suggestions", zh="客户建议"),
            Text(
                en="Sentences in which the customer suggests or wishes something. Put it under "
                "`count`: reports list them, nothing judges them.",
                zh="客户提出建议或希望的句子。放在 `count` 里：报表统计，不参与评分。",
            ),
            Text(
                en="asking for a suggestion, having none; wishes about the own order (“I want a "
                "refund”, “you should refund me”), and what else stands in such a sentence.",
                zh="“您有什么建议”之类征求建议、没有建议的话；对自己这一单的要求（“我要退款”"
                "“希望你们尽快给我退款”），连同该句其余内容；推测（“你们应该收到了吧”）。",
            ),
            shows_en=("One suggestion; asking for one is none.",),
            shows_zh=("有一条建议；征求建议的不算。",),
        ),
    }
)
