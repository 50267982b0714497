"""Says no to every network habit of the engines, before any of them is imported."""

import os
from typing import Final

#: Telemetry, off whatever was set: pyannote's OpenTelemetry spans (file durations, speaker
#: counts), Prefect's, the hub client's, and that of everything that honours DO_NOT_TRACK.
TELEMETRY: Final = {
    "PYANNOTE_METRICS_ENABLED": "0",
    "OTEL_SDK_DISABLED": "true",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
}
#: Downloads by name from a model hub, off unless somebody set them on purpose.
HUB: Final = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
_WITHOUT_A_WARNING: Final = {"TOKENIZERS_PARALLELISM": "false"}


def go_offline() -> None:
    """Set the environment so that importing and running engines opens no connection.

    Call it before an engine's import. What somebody set on purpose stays, telemetry aside.
    """
    os.environ.update(TELEMETRY)
    for name, value in (HUB | _WITHOUT_A_WARNING).items():
        os.environ.setdefault(name, value)
