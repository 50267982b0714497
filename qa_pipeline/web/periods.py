"""Which month a page is about: the address says it, else the newest with judged calls."""

from qa_pipeline.pipeline.periods import checked_period
from qa_pipeline.web.visit import Visit


def asked_period(visit: Visit) -> str:
    """Return the month that the address names, else the newest there is. Raises WrongUse."""
    asked = visit.said("period") or visit.request.query_params.get("period", "")
    if asked:
        return checked_period(asked)
    known = known_periods(visit)
    return known[0] if known else visit.office.today.strftime("%Y-%m")


def known_periods(visit: Visit) -> list[str]:
    """Return the months with judged calls, newest first."""
    periods = {file.period for file in visit.office.store.ledger.files("evaluations")}
    return sorted(periods, reverse=True)
