"""Says no to every network habit of the engines, before any of them is imported."""

import os

#: Telemetry of pyannote (OpenTelemetry spans with file durations) and of everything that honours
#: DO_NOT_TRACK; downloads by name from a model hub; a tokeniser's thread warning after a fork.
_DEFAULTS = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "PYANNOTE_METRICS_ENABLED": "0",
    "OTEL_SDK_DISABLED": "true",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def go_offline() -> None:
    """Set the environment so that importing and running engines opens no connection.

    Call it before an engine's import. What somebody set on purpose stays, telemetry aside.
    """
    for name, value in _DEFAULTS.items():
        if name in ("PYANNOTE_METRICS_ENABLED", "OTEL_SDK_DISABLED", "DO_NOT_TRACK"):
            os.environ[name] = value
        else:
            os.environ.setdefault(name, value)
