"""What every key of a scorecard means, as an editor shows it: Chinese, then English."""

from collections.abc import Mapping
from types import MappingProxyType

from qa_pipeline.texts import Text

#: Every key by its name, in both languages.
TEXTS: dict[str, Text] = {
    "scorecard": Text(en="Id: a-z, 0-9 and -.", zh="评分表标识：小写字母、数字和 -。"),
    "version": Text(
        en="Raise it with every change once calls were judged by it.",
        zh="版本号；评过通话后每次修改都要加一。",
    ),
    "title": Text(
        en="What people read: one text, or one for each language.",
        zh="显示名称：一段文字，或按语言分别写。",
    ),
    "language": Text(
        en="Language of the calls and of the reasons: zh or en.", zh="通话与理由的语言：zh 或 en。"
    ),
    "effective_from": Text(
        en="First local date, 2026-10-01. The newest version in force is used.",
        zh="生效日期（当地），如 2026-10-01；使用当日已生效的最新版本。",
    ),
    "applies_to": Text(
        en="Manifest columns and their values: which calls it is for.",
        zh="适用的通话：清单列名与取值，如 queue: [orders]。",
    ),
    "pass_mark": Text(en="Score from which a call passes, 0-100.", zh="合格线，0-100。"),
    "min_coverage": Text(
        en="Share of the points that must have been judged, 0-1; below it people decide.",
        zh="至少需判定的分值占比，0-1；不足则由人工复核。",
    ),
    "fatal_on_mono": Text(
        en="Let inferred roles on one channel fail a call.",
        zh="允许单声道推断的角色触发致命项。",
    ),
    "severities": Text(en="Classes of issues, such as A, B, C.", zh="问题等级，如 A、B、C。"),
    "severity": Text(en="One of the severities above.", zh="上面定义的等级之一。"),
    "fatal": Text(
        en="A failed criterion of this class fails the call whatever its score.",
        zh="此等级的标准不通过即整通不合格。",
    ),
    "signals": Text(
        en="What to look for. A signal gives no opinion; criteria do.",
        zh="要检测的内容。信号只负责发现，好坏由标准判定。",
    ),
    "count": Text(
        en="Signals that reports count and nothing judges.", zh="只在报表中计数、不参与判定的信号。"
    ),
    "sections": Text(en="Categories, in report order.", zh="评分大类，按报表顺序。"),
    "criteria": Text(en="The lines of the scorecard.", zh="评分标准。"),
    "id": Text(en="Name in tables and reports.", zh="在数据与报表中的名称。"),
    "points": Text(
        en="Weight, 0 or more; 0 is shown and not scored.", zh="分值，>= 0；0 只显示不计分。"
    ),
    "when": Text(
        en="Condition; the criterion does not apply where it is false.",
        zh="前提条件；不成立则不适用。",
    ),
    "pass_if": Text(
        en="Condition of passing: greeting and not bare_hello, fillers.per_minute <= 4.",
        zh="通过条件，如 greeting and not bare_hello、fillers.per_minute <= 4。",
    ),
    "judged_by": Text(en="machine (default) or human.", zh="machine（默认）或 human（人工）。"),
    "guidance": Text(en="What people should listen for.", zh="人工评判要点。"),
    "hints": Text(en="Signals whose findings help people to judge.", zh="给评审人参考的信号。"),
    "min_tier": Text(
        en="Least evidence: imported, mono_diarised or dual_channel; below it not measured.",
        zh="最低证据等级：imported、mono_diarised、dual_channel；不足则无法判定。",
    ),
    "examples": Text(
        en="Dialogues that `qa scorecard check` judges: the criterion's tests.",
        zh="示例对话，由 qa scorecard check 检验。",
    ),
    "pass": Text(en="Dialogues that must pass.", zh="应通过的对话。"),
    "fail": Text(en="Dialogues that must fail.", zh="应不通过的对话。"),
    "not_applicable": Text(en="Dialogues where `when` is false.", zh="不满足 when 的对话。"),
    "detector": Text(en="How to look.", zh="检测方式。"),
    "role": Text(en="Whose speech: agent, customer or any.", zh="谁说的：agent、customer 或 any。"),
    "first_s": Text(en="Only the first seconds of talk.", zh="只看开头这么多秒。"),
    "last_s": Text(en="Only the last seconds of talk.", zh="只看最后这么多秒。"),
    "first_turns": Text(en="Only that role's first turns.", zh="只看该角色的前几个话轮。"),
    "last_turns": Text(en="Only that role's last turns.", zh="只看该角色的最后几个话轮。"),
    "after": Text(en="Only after one of these signals.", zh="只看这些信号之后。"),
    "before": Text(en="Only before one of these signals.", zh="只看这些信号之前。"),
    "within_s": Text(
        en="Seconds from the anchor at most, that second included.", zh="距锚点最多多少秒（含）。"
    ),
    "min_confidence": Text(
        en="Ignore words that were heard less surely, 0-1.", zh="忽略置信度低于此值的词，0-1。"
    ),
    "any_of": Text(en="Any of these phrases.", zh="说了其中任意一句即可。"),
    "all_of": Text(en="Groups: one phrase of every group.", zh="多组词句：每组至少说一句。"),
    "match": Text(
        en="text (default), sound (also Chinese homophones: for phrases that must be said) or "
        "regex (RE2).",
        zh="text（默认）、sound（同音字也算，宜用于必说的话，词句至少两个字）或 regex（RE2）。",
    ),
    "inflect": Text(
        en="English alone: refund also finds refunds, refunded, refunding.",
        zh="仅用于英文：refund 也匹配 refunds、refunded、refunding。",
    ),
    "except": Text(en="Phrases that excuse a hit.", zh="出现这些说法时不算命中。"),
    "except_within": Text(
        en="Where the excuse must stand: hit, sentence or turn (default).",
        zh="例外须出现在：hit、sentence 或 turn（默认）。",
    ),
    "lexicon": Text(
        en="Words that always fill; default: the shipped list.", zh="口头禅词表；默认用自带词表。"
    ),
    "ambiguous": Text(
        en="Ordinary words that count only where they fill (这个，这个).",
        zh="普通词，只有作口头禅用时才计（这个，这个）。",
    ),
    "uncovered": Text(
        en="Also count held sounds of 0.15-1.5 s without words: a lower bound, never fatal; needs "
        "audio. With lexicon: [] and ambiguous: [] they are counted alone.",
        zh="同时计入 0.15-1.5 秒的有声无词停顿：为下限，不触发致命项，需有录音。"
        "lexicon 与 ambiguous 均写 [] 时只计此项。",
    ),
    "min_s": Text(en="Seconds from which it counts.", zh="达到多少秒才计。"),
    "max_s": Text(
        en="Seconds of ringing at most; later is found.", zh="振铃最多多少秒；超过即算接听过迟。"
    ),
    "excused_by": Text(
        en="Words that announce the silence: please hold the line.",
        zh="事先说明的话，如“请您稍等”。",
    ),
    "excused_max_s": Text(en="Seconds that the announcement excuses.", zh="说明最多可免多少秒。"),
    "min_other_s": Text(en="Seconds that the other has spoken already.", zh="对方至少已说多少秒。"),
    "min_overlap_s": Text(en="Seconds of talking at once.", zh="至少重叠多少秒。"),
    "back_channels": Text(
        en="Short words of listening that neither interrupt nor answer; default: the shipped list.",
        zh="不算抢话、也不算回答的应答词；默认用自带词表。",
    ),
    "line_checks": Text(
        en="What a waiting customer says to hear whether anybody is there; default: the shipped "
        "list.",
        zh="客户等待时试探线路的话，如“喂，在吗”；默认用自带词表。",
    ),
    "announced_by": Text(
        en="Words that ask the customer to wait; default: the shipped list.",
        zh="请客户等待的话；默认用自带词表。",
    ),
    "thanked_by": Text(
        en="Thanks or an apology for the wait, within 15 s after it; default: the shipped list.",
        zh="等待结束后 15 秒内的致谢或致歉；默认用自带词表。",
    ),
    "unthanked": Text(
        en="Find only the holds that nobody gave thanks for.", zh="只计等待后没有致谢的。"
    ),
    "min_dbfs": Text(
        en="Turns with a lower level (dBFS, -120 to 0) are too quiet.",
        zh="电平低于此值（dBFS，-120 至 0）的话轮算过轻。",
    ),
    "max_dbfs": Text(
        en="Turns with a higher level (dBFS, -120 to 0) are too loud.",
        zh="电平高于此值（dBFS，-120 至 0）的话轮算过响。",
    ),
    "max_clipped_share": Text(
        en="Share of clipped samples, 0-1, from which on a channel is distorted; 1: never.",
        zh="削波采样占比上限，0-1；超过即算失真，1 为不检查。",
    ),
    "min_similarity": Text(
        en="From which share of common characters (en: words) on two questions are one, 0-1; "
        "default 0.85.",
        zh="两句问话相同的字（英文为词）占比达到多少算重复提问，0-1，默认 0.85。",
    ),
    "question_words": Text(
        en="Words that make a sentence a question without a mark; default: the shipped list.",
        zh="没有问号时表示提问的词；默认用自带词表。",
    ),
    "ignored_words": Text(
        en="Words that do not matter when questions are compared; default: the shipped list.",
        zh="比较问话时不计的词（请问、一下等）；默认用自带词表。",
    ),
    "not_heard": Text(
        en="Words after which one may ask again; default: the shipped list.",
        zh="出现这些话（没听清、再说一遍）之后可以再问；默认用自带词表。",
    ),
    "read_back_by": Text(
        en="Words that announce a read-back, in which questions do not count; default: the "
        "shipped list.",
        zh="表示复述核对的话（核对、跟您确认），其中的问话不计；默认用自带词表。",
    ),
    "steps": Text(en="What must be said, in this order.", zh="须依次说到的步骤，按先后顺序写。"),
    "optional": Text(
        en="true: it may be left out, but not be said at the wrong place.",
        zh="true 表示可以不说；说了仍须在正确的位置。",
    ),
    "of": Text(
        en="Words that must be repeated too once they are given.",
        zh="对方说到后也必须复述的词，如地址、商品名。",
    ),
    "tail": Text(en="4: the last four digits are enough.", zh="写 4 表示只复述后四位也可以。"),
    "corrected_by": Text(
        en="Words by which one takes back the number just said; default: the shipped list.",
        zh="表示刚才说错了的话（不对、说错了），其前的号码不计；默认用自带词表。",
    ),
    "kinds": Text(
        en="Which: card, id, phone, email; default: all.",
        zh="要找哪些：card、id、phone、email；默认全部。",
    ),
    "phrases": Text(
        en="Words that suggest or wish something; default: the shipped list.",
        zh="表示建议或希望的话；默认用自带词表。",
    ),
    "min": Text(en="Least characters (en: words) a minute.", zh="每分钟字数下限（英文为词数）。"),
    "max": Text(en="Most characters (en: words) a minute.", zh="每分钟字数上限（英文为词数）。"),
}

DESCRIPTIONS: Mapping[str, str] = MappingProxyType(
    {key: f"{text.zh} {text.en}" for key, text in TEXTS.items()}
)
