"""What an edited scorecard would have done to a month: worked out behind the page, one at a time.

The answer is the page that `qa impact` writes; nothing in the store changes.
"""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread
from typing import Final

from qa_pipeline.errors import QaError, WrongUse
from qa_pipeline.pipeline.impact import Question, impact_of
from qa_pipeline.pipeline.jobs import unexpected
from qa_pipeline.pipeline.progress import Progress
from qa_pipeline.render.impact import ImpactSubject, impact_html
from qa_pipeline.settings import Settings
from qa_pipeline.texts import Language, Text

#: What an edit is called in errors: it has no file yet.
EDIT: Final = "scorecard.yaml"


@dataclass(slots=True)
class Preview:
    """One person's question and how far its answer is."""

    old: str
    period: str
    progress: Progress | None = None
    error: QaError | None = None
    html: str | None = None

    @property
    def is_running(self) -> bool:
        """Whether the answer is still being worked out."""
        return self.html is None and self.error is None


class Previews:
    """The last preview of each person; one is worked out at a time."""

    def __init__(self) -> None:
        self._of: dict[str, Preview] = {}
        self._lock = Lock()

    def of(self, user: str) -> Preview | None:
        """Return the person's last preview."""
        return self._of.get(user)

    def start(self, user: str, preview: Preview, ask: "Asking") -> None:
        """Begin to work out an answer. Raises WrongUse while another is under way."""
        with self._lock:
            if any(one.is_running for one in self._of.values()):
                raise WrongUse(
                    "impact",
                    Text(en="another preview is being worked out", zh="另一项影响预览正在计算"),
                    Text(en="wait until it has ended", zh="请等待其结束"),
                )
            self._of[user] = preview
        Thread(target=ask.answer, args=(preview,), daemon=True).start()


@dataclass(frozen=True, slots=True)
class Asking:
    """Everything that an answer takes; `text` is the edit, `old` a file."""

    text: str
    old: str
    store: Path
    settings: Settings
    language: Language

    def answer(self, preview: Preview) -> None:
        """Work it out; a fault of ours is told like any other error."""

        def show(progress: Progress) -> None:
            preview.progress = progress

        try:
            with tempfile.TemporaryDirectory() as name:
                edit = Path(name) / EDIT
                edit.write_text(self.text, encoding="utf-8")
                asked = Question(
                    self.old, str(edit), self.store, preview.period, self.settings, n_workers=0
                )
                with impact_of(asked, show) as run:
                    zone = self.settings.zone
                    subject = ImpactSubject.of(run.impact, run.old, run.new, zone)
                    preview.html = impact_html(subject, self.language, datetime.now(zone))
        except QaError as error:
            preview.error = error
        except Exception as error:
            preview.error = unexpected("impact", error)
