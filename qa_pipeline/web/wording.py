"""What the review page says, in both languages."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from qa_pipeline.texts import Language, Text


def _t(zh: str, en: str) -> Text:
    return Text(en=en, zh=zh)


STATUS: Final[Mapping[int, Text]] = MappingProxyType(
    {
        400: _t("请求无法读取。", "The request cannot be read."),
        403: _t(
            "请求被拒绝：页面已过期，或请求并非来自本站。请重新载入页面。",
            "Refused: the page is too old, or the request came from elsewhere. Load it again.",
        ),
        404: _t("没有此页面，或您无权查看。", "There is no such page, or not for you."),
        405: _t("此页面不接受该操作。", "This page does not take that."),
        409: _t("无法完成。", "This cannot be done."),
        413: _t("内容过大。", "That is too large."),
    }
)

WORDS: Final[Mapping[str, Text]] = MappingProxyType(
    {
        # everywhere
        "product": _t("质检台", "QA review"),
        "queue": _t("队列", "Queue"),
        "reviews": _t("复核", "Reviews"),
        "appeals": _t("申诉", "Appeals"),
        "disagreements": _t("分歧", "Disagreements"),
        "calibrations": _t("校准", "Calibration"),
        "coaching": _t("辅导", "Coaching"),
        "desk": _t("班组", "Groups"),
        "scorecards": _t("评分表", "Scorecards"),
        "report": _t("月报", "Report"),
        "users": _t("用户", "Users"),
        "audit": _t("审计", "Audit"),
        "logout": _t("退出", "Log out"),
        "other_language": _t("English", "中文"),
        "theme_dark": _t("深色", "Dark"),
        "theme_light": _t("浅色", "Light"),
        "skip": _t("跳到正文", "Skip to content"),
        "help": _t("帮助", "Help"),
        "save": _t("保存", "Save"),
        "cancel": _t("取消", "Cancel"),
        "close": _t("关闭", "Close"),
        "none_yet": _t("暂无", "None yet"),
        "all": _t("全部", "All"),
        "when": _t("时间", "When"),
        "call": _t("通话", "Call"),
        "group": _t("班组", "Group"),
        "agent": _t("客服", "Agent"),
        "reviewer": _t("质检员", "Reviewer"),
        "reason": _t("理由", "Reason"),
        "error": _t("无法继续", "That did not work"),
        "back_to_queue": _t("返回队列", "Back to the queue"),
        "period": _t("周期", "Period"),
        "show": _t("显示", "Show"),
        "yes": _t("是", "yes"),
        "no": _t("否", "no"),
        # entrance
        "login": _t("登录", "Log in"),
        "user_name": _t("用户名", "User name"),
        "password": _t("密码", "Password"),
        "new_password": _t("新密码（至少 10 个字符）", "New password (at least 10 characters)"),
        "again": _t("再输一次", "Once more"),
        "old_password": _t("现在的密码", "Present password"),
        "choose_password": _t("设置密码", "Choose a password"),
        "one_time_note": _t(
            "您用的是一次性密码，请先设置自己的密码。",
            "You came in with a one-time password. Choose your own first.",
        ),
        "wrong_password": _t("用户名或密码不正确。", "User name or password is not right."),
        "too_many_tries": _t(
            "尝试次数过多，请 15 分钟后再试。", "Too many tries. Try again in 15 minutes."
        ),
        "unknown_to_us": _t(
            "您已通过单点登录，但质检台没有该用户，请联系管理员。",
            "Your sign-on is known, but there is no such user here. Ask an administrator.",
        ),
        "not_the_same": _t("两次输入不一致。", "The two are not the same."),
        # queue
        "my_calls": _t("我的通话", "My calls"),
        "pool": _t("待领取", "Waiting for anybody"),
        "done": _t("已完成", "Done"),
        "everyones": _t("所有人", "Everybody's"),
        "start": _t("开始听下一通", "Hear the next call"),
        "take": _t("领取", "Take"),
        "due": _t("截止", "Due"),
        "due_any": _t("不限", "Any day"),
        "due_today": _t("今天及以前", "Today and before"),
        "due_late": _t("已逾期", "Overdue"),
        "why": _t("原因", "Why"),
        "length": _t("预计", "About"),
        "minutes": _t("分钟", "min"),
        "language": _t("语种", "Language"),
        "filter": _t("筛选", "Filter"),
        "clear": _t("清除", "Clear"),
        "blind": _t("盲评", "blind"),
        "today_done": _t("今日完成", "Done today"),
        "today_due": _t("今日到期", "Due today"),
        "open_in_all": _t("待复核", "Open"),
        "queue_empty": _t("这里没有待听的通话。", "Nothing to hear here."),
        "first_page": _t("第一页", "First page"),
        "next_page": _t("下一页", "Next"),
        "held_by": _t("处理中", "open with"),
        "queue_keys": _t("N/P 移动，Enter 打开", "N/P to move, Enter to open"),
        "random": _t("随机", "random"),
        "focus": _t("重点", "focus"),
        "flagged": _t("机检标记", "flagged"),
        "back_check": _t("回查", "back-check"),
        "double": _t("双评", "double"),
        "calibration": _t("校准", "calibration"),
        "overdue": _t("逾期", "overdue"),
        "zh": _t("中文", "Chinese"),
        "en": _t("英文", "English"),
        # call
        "submit": _t("提交并听下一通", "Submit and next"),
        "give_back": _t("放回队列", "Give back"),
        "reopen": _t("修改我的复核", "Change my review"),
        "undo": _t("撤销", "Undo"),
        "score": _t("得分", "Score"),
        "pass_mark": _t("合格线", "pass mark"),
        "passed": _t("合格", "passed"),
        "failed": _t("不合格", "not passed"),
        "undecided": _t("未决", "undecided"),
        "left": _t("未评", "to judge"),
        "saved": _t("已保存", "Saved"),
        "saving": _t("保存中…", "Saving…"),
        "unsaved": _t("未能保存，正在重试", "Not saved, trying again"),
        "machine": _t("机检", "machine"),
        "people": _t("人工评判", "for people"),
        "fatal": _t("致命", "fatal"),
        "points": _t("分", "points"),
        "transcript": _t("对话", "Transcript"),
        "findings": _t("证据", "Findings"),
        "no_findings": _t("机检没有找到证据。", "The machine found nothing."),
        "findings_hidden": _t(
            "盲评：提交前不显示机检结果。", "Blind: the machine's word is hidden until you submit."
        ),
        "no_words": _t("未能测量通话内容。", "The words were not measured."),
        "no_times": _t("转写没有时间。", "The transcript has no times."),
        "no_audio": _t(
            "此通话没有可听的副本：没有录音，或内容未能识别而无法脱敏。",
            "There is no copy to hear: no recording, or words unknown, so numbers stay unmasked.",
        ),
        "masked_note": _t("提示音处为已脱敏号码", "A tone stands for a masked number"),
        "not_judged": _t("没有评分表评判过此通话。", "No scorecard has judged this call."),
        "card_gone": _t(
            "评分表文件不在，无法合计得分。", "The scorecard's file is not there: nothing adds up."
        ),
        "scorecard": _t("评分表", "Score sheet"),
        "counted": _t("另计", "Counted"),
        "play": _t("播放", "Play"),
        "pause": _t("暂停", "Pause"),
        "back_5": _t("后退 5 秒", "Back 5 s"),
        "forward_5": _t("前进 5 秒", "Forward 5 s"),
        "slower": _t("减速", "Slower"),
        "faster": _t("加速", "Faster"),
        "speed": _t("速度", "Speed"),
        "tracks": _t("电平与音高", "Level and pitch"),
        "hear_before": _t("从 3 秒前播放", "Play 3 s before"),
        "comment": _t("评语", "Comment"),
        "comments": _t("评语", "Comments"),
        "comment_at": _t("在此处加评语", "Comment here"),
        "comment_hint": _t(
            "写给客服或主管；Ctrl+Enter 保存", "For the agent or the lead; Ctrl+Enter saves"
        ),
        "remove": _t("删除", "Remove"),
        "position": _t("位置", "Position"),
        "waveform": _t("波形", "Waveform"),
        "jump_to": _t("跳到", "Jump to"),
        "keys_on": _t("单键快捷键", "Single-key shortcuts"),
        "guidance": _t("评判要点", "Guidance"),
        "revision": _t("修订", "Revision"),
        "submitted": _t("已提交", "Submitted"),
        "published": _t("已发布", "Published"),
        "unpublished": _t("未发布", "Not published"),
        "your_word": _t("您的评判", "Your word"),
        "say_pass": _t("通过", "Pass"),
        "say_fail": _t("不通过", "Fail"),
        "say_not_applicable": _t("不适用", "N/A"),
        "say_not_measured": _t("无法判断", "Can't tell"),
        "all_judged": _t("全部已评", "all judged"),
        "rest_machine": _t("其余按机检", "the rest as the machine says"),
        "login_again": _t(
            "登录已过期，您的操作尚未保存。请在新标签页登录后回到此页。",
            "Your session is over and a click is not saved. Log in in another tab and come back.",
        ),
        # after
        "publish": _t("发布", "Publish"),
        "correct": _t("更正", "Correct"),
        "correction": _t("更正", "Correction"),
        "correct_note": _t(
            "更正会成为新的修订并立即发布；原来的复核保留不变。",
            "A correction is a new revision, published at once; what stood before stays.",
        ),
        "appeal": _t("申诉", "Appeal"),
        "enter_appeal": _t("代客服提出申诉", "Enter an appeal for the agent"),
        "whole_review": _t("整份复核", "the whole review"),
        "criterion": _t("评分项", "Criterion"),
        "verdict": _t("结论", "Verdict"),
        "uphold": _t("支持", "Uphold"),
        "reject": _t("驳回", "Reject"),
        "upheld": _t("已支持", "upheld"),
        "rejected": _t("已驳回", "rejected"),
        "decision": _t("决定", "Decision"),
        "open": _t("待定", "open"),
        "by": _t("由", "by"),
        "listen": _t("听这通电话", "Hear the call"),
        "to_publish": _t("待发布", "To be published"),
        "all_reviews": _t("全部复核", "All reviews"),
        "result": _t("结果", "Result"),
        "history": _t("修订历史", "Revisions"),
        "export": _t("导出 CSV", "Export CSV"),
        "double_differ": _t("双评不一致", "Two people differ"),
        "machine_differ": _t("人机不一致", "Person and machine differ"),
        "answer": _t("给出结论", "Answer"),
        "answered": _t("已有结论", "Answered"),
        "open_questions": _t("待解决", "open"),
        "agree_all": _t("本月没有分歧。", "Nobody differs this month."),
        "new_calibration": _t("新的校准", "New calibration"),
        "calibration_note": _t(
            "每位成员盲评同一通电话；全部提交或关闭后并排比较。",
            "Each member hears the same call blind; then all stand side by side.",
        ),
        "title": _t("标题", "Title"),
        "call_id": _t("通话编号", "Call id"),
        "members": _t("成员", "Members"),
        "state": _t("状态", "State"),
        "closed": _t("已关闭", "closed"),
        "waiting_for": _t("还在等待成员提交。", "Some members have yet to submit."),
        "close_session": _t("关闭校准", "Close the session"),
        "agreement": _t("一致率", "Agreement"),
        "among_members": _t("成员之间", "among members"),
        "with_machine": _t("与机检", "with the machine"),
        "with_people": _t("与他人", "with others"),
        "pairs": _t("对", "pairs"),
        "differs": _t("不一致", "differs"),
        "coach": _t("辅导人", "Coach"),
        "plan": _t("计划", "Plan"),
        "new_note": _t("写辅导记录", "Write a coaching note"),
        "helped": _t("效果", "Did it help"),
        "check": _t("记录效果", "Record"),
        # desk
        "groups": _t("班组", "Groups"),
        "machine_raw": _t("机检计数（未加权）", "machine counts, unweighted"),
        "n_calls": _t("通话", "Calls"),
        "n_passed": _t("合格", "Passed"),
        "n_failed": _t("不合格", "Not passed"),
        "n_undecided": _t("未决", "Undecided"),
        "n_reviewed": _t("已复核", "Reviewed"),
        "reviewers": _t("质检员", "Reviewers"),
        "n_open": _t("待听", "Open"),
        "n_late": _t("逾期", "Overdue"),
        "n_week": _t("近 7 日完成", "Done in 7 days"),
        "levels": _t("检查级别", "Inspection levels"),
        "level": _t("级别", "Level"),
        "no_levels": _t("没有调整过级别：全部按抽样。", "No level was ever switched."),
        "full": _t("全检", "full"),
        "half": _t("半检", "half"),
        "sampled": _t("抽检", "sampled"),
        "exempt": _t("免检", "exempt"),
        "version": _t("版本", "Version"),
        "effective_from": _t("生效日期", "In force from"),
        "used": _t("已用于评判", "Has judged"),
        "changed_since": _t("用过后文件被改动", "its file was changed since"),
        "source_text": _t("文件内容", "The file"),
        "check_edit": _t("检查修改稿", "Check an edit"),
        "check_note": _t(
            "粘贴 YAML 进行检查。发布仍通过文件完成：此处不写入任何文件。",
            "Paste the YAML to check it. It is put in force by its file: nothing is written here.",
        ),
        "impact": _t("影响预览", "Impact of an edit"),
        "impact_note": _t(
            "用修改稿重新评判某月已存的通话，与现行版本比较。不会重新识别，也不改动任何数据。",
            "Judges a month's stored calls by the edit too, beside the version chosen. Nothing is "
            "heard again, nothing changes.",
        ),
        "working": _t("正在计算…", "Working…"),
        "compare_with": _t("比较对象", "Compare with"),
        "run_impact": _t("预览影响", "Preview"),
        "run_check": _t("检查", "Check"),
        "load_file": _t("载入文件", "Load a file"),
        "no_faults": _t("没有错误，所有示例成立。", "No faults, and every example holds."),
        "warnings": _t("提醒", "Warnings"),
        "examples": _t("示例", "examples"),
        "criteria": _t("评分项", "criteria"),
        "faults": _t("错误", "Faults"),
        # administration
        "display_name": _t("显示姓名", "Shown as"),
        "role": _t("角色", "Role"),
        "role_reviewer": _t("质检员", "reviewer"),
        "role_lead": _t("主管", "lead"),
        "role_admin": _t("管理员", "admin"),
        "groups_hint": _t("班组，以逗号分隔；* 为全部", "groups, by commas; * is all"),
        "active": _t("启用", "Active"),
        "add_user": _t("添加用户", "Add a user"),
        "reset": _t("重置密码", "Reset password"),
        "one_time_password": _t("的一次性密码（仅显示一次）：", ": one-time password, shown once:"),
        "audit_whole": _t("审计链完整", "The chain is whole"),
        "audit_broken": _t("审计链被改动", "The chain was changed"),
        "rows": _t("条", "rows"),
        "who": _t("用户", "Who"),
        "action": _t("操作", "Action"),
        "subject": _t("对象", "Subject"),
        "detail": _t("详情", "Detail"),
        # keys
        "keys_play": _t("播放 / 暂停", "Play / pause"),
        "keys_seek": _t("后退 / 前进 5 秒", "Back / forward 5 s"),
        "keys_speed": _t("减速 / 加速（0.75–2 倍）", "Slower / faster (0.75–2x)"),
        "keys_move": _t("下一项 / 上一项", "Next / previous criterion"),
        "keys_say": _t(
            "通过 / 不通过 / 不适用 / 无法判断（需先选中一项）",
            "Pass / fail / not applicable / cannot tell (on the chosen criterion)",
        ),
        "keys_comment": _t("在当前时间加评语", "Comment at this time"),
        "keys_undo": _t("撤销上一步", "Undo the last step"),
        "keys_hear": _t("听当前项的证据", "Hear the evidence of the criterion"),
        "keys_submit": _t("提交", "Submit"),
        "keys_help": _t(
            "帮助（? 在未选中评分项时同样有效）", "Help (also ? while no criterion is chosen)"
        ),
        "keys_escape": _t("取消选中 / 关闭", "Choose nothing / close"),
        "keys_ime": _t(
            "输入文字或使用输入法时，单键不起作用。",
            "Single keys do nothing while you write or an input method composes.",
        ),
    }
)


class Words:
    """The words of one language: `w.queue` or `w["queue"]`."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language

    def __getitem__(self, name: str) -> str:
        return WORDS[name].say(self._language)

    def __getattr__(self, name: str) -> str:
        try:
            return WORDS[name].say(self._language)
        except KeyError as error:
            raise AttributeError(name) from error

    def named(self, code: str) -> str:
        """Return the word for a code from data; one that has none stands for itself."""
        known = WORDS.get(code)
        return code if known is None else known.say(self._language)
