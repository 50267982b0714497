"""The flows on a Prefect of their own: the same functions, nothing twice, retries that help."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa_pipeline.pipeline.session import Portion, Session
from qa_pipeline.settings import Settings
from qa_pipeline.store import Store
from tests.night.scripted import Made, made_night

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # Prefect's own, of its server and its database
]


@pytest.fixture(scope="module")
def _prefect() -> Iterator[None]:
    from prefect.testing.utilities import prefect_test_harness

    import flows.prefect_settings  # noqa: F401 - telemetry is off before Prefect is imported

    with prefect_test_harness(server_startup_timeout=180):
        yield


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A night of three transcripts, one of them broken."""
    made = made_night(tmp_path / "made", 0)
    with (made.root / "manifest.csv").open("a") as manifest:
        for name in ("t1", "t2", "t3"):
            manifest.write(f",{name}.txt,{name},2026-10-31T10:00:00,A1,east,orders,zh,\n")
            (made.root / "in" / f"{name}.txt").write_text("agent 0-2: 您好\n")
    (made.root / "in" / "t3.txt").write_text("nothing of the kind\n")
    return made


def nightly(made: Made) -> dict[str, int]:
    from flows.nightly import nightly as flow

    root = made.root
    return flow(root / "in", root / "store", root / "manifest.csv", root / "cards", None, 0)


@pytest.mark.usefixtures("_prefect")
def test_the_nightly_flow_runs_twice_and_does_everything_once(made: Made) -> None:
    first = {"calls": 3, "heard": 0, "evaluated": 2, "reused": 0, "failed": 1}
    assert nightly(made) == first
    assert nightly(made) == first | {"evaluated": 0, "reused": 2}
    with Store.open(made.root / "store") as store:
        assert store.read("evaluations").height == 2


@pytest.mark.usefixtures("_prefect")
def test_a_portion_that_fails_is_tried_again(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import nightly as module

    process, n_tries = Session.process, 0

    def fails_once(session: Session, portion: Portion) -> int:
        nonlocal n_tries
        n_tries += 1
        if n_tries == 1:
            raise OSError("the disk was away")
        return process(session, portion)

    monkeypatch.setattr(Session, "process", fails_once)
    monkeypatch.setitem(module.RETRIED, "retry_delay_seconds", 0)
    assert nightly(made)["evaluated"] == 2
    assert n_tries == 2


@pytest.mark.usefixtures("_prefect")
def test_what_a_person_must_mend_is_not_tried_again(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    from qa_pipeline.errors import EngineMissing
    from qa_pipeline.texts import same

    n_tries = 0

    def missing(_session: Session, _portion: Portion) -> int:
        nonlocal n_tries
        n_tries += 1
        raise EngineMissing("models/x", same("not there"), same("bring it"))

    monkeypatch.setattr(Session, "process", missing)
    with pytest.raises(EngineMissing):
        nightly(made)
    assert n_tries == 1


@pytest.mark.usefixtures("_prefect")
def test_the_monthly_flow_writes_the_report(made: Made, tmp_path: Path) -> None:
    from flows.monthly import monthly

    nightly(made)
    files = monthly(made.root / "store", tmp_path / "out", "2026-10")
    assert files
    assert all(Path(file).is_file() for file in files)


@pytest.mark.usefixtures("_prefect")
def test_telemetry_is_off() -> None:
    from prefect.settings import get_current_settings

    assert get_current_settings().server.analytics_enabled is False
    assert os.environ["DO_NOT_TRACK"] == "1"


def test_a_schedule_without_a_server_is_refused_in_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from prefect.settings import PREFECT_API_URL, temporary_settings

    from flows.nightly import nightly
    from flows.serving import in_words, serve

    with temporary_settings(restore_defaults={PREFECT_API_URL}), pytest.raises(SystemExit) as ended:
        in_words(lambda: serve(nightly, "every-night", "0 2 * * *", {}))
    assert ended.value.code == 2
    assert "prefect server start" in capsys.readouterr().err


def test_the_deployments_name_flows_that_exist_and_their_parameters() -> None:
    import importlib
    import inspect

    from qa_pipeline.documents import read_document

    path = Path(__file__).resolve().parents[2] / "prefect.yaml"
    declared = read_document(path.read_bytes(), "prefect.yaml").data
    assert {d["name"] for d in declared["deployments"]} == {"every-night", "every-month"}
    for deployment in declared["deployments"]:
        file, name = deployment["entrypoint"].split(":")
        module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
        known = inspect.signature(getattr(module, name).fn).parameters
        assert set(deployment["parameters"]) <= set(known)
        (schedule,) = deployment["schedules"]
        assert (schedule["cron"], schedule["timezone"]) == (module.CRON, Settings().time_zone)
