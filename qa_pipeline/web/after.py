"""After the review: a lead publishes, corrects, decides appeals, answers where verdicts differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

from starlette.responses import Response

from qa_pipeline.errors import WrongUse
from qa_pipeline.records import Evaluation, Outcome
from qa_pipeline.render.call_words import OUTCOMES
from qa_pipeline.store.review import audit
from qa_pipeline.store.review.decisions import Appeal, Decision, Resolution
from qa_pipeline.store.review.submitting import Review, Sheet
from qa_pipeline.texts import Language, Text
from qa_pipeline.web.access import About, NotFound
from qa_pipeline.web.desk_work import show_call
from qa_pipeline.web.differing import Kind, differing_of
from qa_pipeline.web.office import Case
from qa_pipeline.web.pages import back, page
from qa_pipeline.web.periods import asked_period
from qa_pipeline.web.scoresheet import SAID, corrected_sheet
from qa_pipeline.web.visit import Visit

_N_LISTED = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion across a review's revisions: the machine's word and each revision's."""

    criterion: str
    title: str
    machine: Outcome | None
    said: tuple[Outcome | None, ...]


def show_any_call(visit: Visit) -> Response:
    """Show a call to a lead; who has yet to hear it blind is led there instead."""
    office, user = visit.office, visit.who
    call_id, case = visit.about.call_id, _case(visit.about)
    if office.queue.is_blind_to(user.user, call_id):
        raise WrongUse(
            f"call {call_id}",
            Text(en="you have yet to hear this call blind", zh="您尚未完成对该通话的盲评"),
            Text(en="submit your own review first", zh="请先提交您自己的复核"),
        )
    audit.record(office.database, user.user, "viewed", f"call {call_id}", blind=False)
    reviews = office.reviews.of_call(call_id)
    return show_call(visit, case, blind=False, draft=None, reviews=reviews)


def list_reviews(visit: Visit) -> Response:
    """Show the newest reviews of the lead's groups, those to be published first of all."""
    office = visit.office
    show = "all" if visit.request.query_params.get("show") == "all" else "unpublished"
    found = office.reviews.newest(_N_LISTED, unpublished=show == "unpublished")
    labels = office.labels({review.call_id for review in found})
    seen = [r for r in found if visit.who.sees(labels.get(r.call_id, (None, None))[0])]
    return page(visit, "reviews.html.j2", reviews=seen, labels=labels, show=show)


def show_review(visit: Visit) -> Response:
    """Show a review with its revisions side by side, its comments and its appeals."""
    office, review, case = visit.office, _review(visit.about), _case(visit.about)
    revisions = _revisions(visit, review)
    evaluation = _evaluation(case, review.scorecard_id)
    audit.record(
        office.database, visit.who.user, "viewed", f"call {review.call_id}", review=review.id
    )
    ids = [r.id for r in revisions]
    return page(
        visit,
        "review.html.j2",
        review=review,
        newest=revisions[-1],
        revisions=revisions,
        case=case,
        rows=_rows(visit, revisions, evaluation),
        comments=office.reviews.comments(ids),
        appeals=office.decisions.appeals_of(ids),
        outcomes=outcome_words(visit.language),
        said=SAID,
        title=office.titles.scorecard(review.scorecard_id, visit.language),
    )


def publish(visit: Visit) -> Response:
    """Publish a review."""
    review = _review(visit.about)
    visit.office.reviews.publish(visit.who.user, review.id)
    return back(f"/reviews/{review.id}")


def correct(visit: Visit) -> Response:
    """Add a correction of one criterion: a new revision, published with its reason."""
    office, review = visit.office, _review(visit.about)
    sheet = _corrected(visit, review, visit.said("criterion"), _outcome(visit.said("outcome")))
    key = f"correct/{review.id}/{visit.said('key')}"
    new = office.reviews.correct(visit.who.user, review.id, sheet, visit.said("reason"), key=key)
    return back(f"/reviews/{new}")


def appeal(visit: Visit) -> Response:
    """Enter an appeal for the agent."""
    review = _review(visit.about)
    criterion = visit.said("criterion") or None
    if criterion is not None and criterion not in review.verdicts:
        raise _no_criterion(criterion)
    visit.office.decisions.raise_appeal(visit.who.user, review.id, criterion, visit.said("reason"))
    return back(f"/reviews/{review.id}")


def list_appeals(visit: Visit) -> Response:
    """Show open appeals, then decided ones with their reasons."""
    office = visit.office
    appeals = (*office.decisions.appeals(is_open=True), *office.decisions.appeals(is_open=False))
    reviews = {a.review_id: office.reviews.review(a.review_id) for a in appeals[:_N_LISTED]}
    labels = office.labels({r.call_id for r in reviews.values() if r is not None})
    listed: list[tuple[Appeal, Review]] = [
        (a, review)
        for a in appeals[:_N_LISTED]
        if (review := reviews[a.review_id]) is not None
        and visit.who.sees(labels.get(review.call_id, (None, None))[0])
    ]
    return page(
        visit,
        "appeals.html.j2",
        appeals=listed,
        labels=labels,
        outcomes=outcome_words(visit.language),
        said=SAID,
        titles=office.titles,
    )


def decide(visit: Visit) -> Response:
    """Decide an appeal, with its reason; upheld, it corrects the criterion."""
    entered, review = visit.about.appeal, _review(visit.about)
    if entered is None:
        raise NotFound
    upheld = visit.said("decision") == "upheld"
    sheet = None
    if upheld and entered.criterion is not None:
        newest = _revisions(visit, review)[-1]
        sheet = _corrected(visit, newest, entered.criterion, _outcome(visit.said("outcome")))
    decision: Decision = "upheld" if upheld else "rejected"
    visit.office.decisions.decide(visit.who.user, entered.id, decision, visit.said("reason"), sheet)
    return back("/appeals")


def list_disagreements(visit: Visit) -> Response:
    """Show criteria on which people differ, or people and the machine; unanswered ones first."""
    period = asked_period(visit)
    kind: Kind = "machine" if visit.request.query_params.get("kind") == "machine" else "double"
    found = [d for d in differing_of(visit.office, period, kind) if visit.who.sees(d.group)]
    calls = sorted({d.call_id for d in found})
    answers = {
        (a.call_id, a.scorecard_id, a.criterion): a
        for a in visit.office.decisions.resolutions(calls)
    }
    found.sort(key=lambda d: d.line in answers)
    return page(
        visit,
        "disagreements.html.j2",
        period=period,
        kind=kind,
        rows=found[:_N_LISTED],
        n_all=len(found),
        n_open=sum(d.line not in answers for d in found),
        answers=answers,
        outcomes=outcome_words(visit.language),
        said=SAID,
        titles=visit.office.titles,
    )


def resolve(visit: Visit) -> Response:
    """Answer a disagreement with a verdict and its reason."""
    case = _case(visit.about)
    scorecard_id, criterion = visit.said("scorecard"), visit.said("criterion")
    known = {(e.scorecard_id, v.criterion) for e in case.evaluations for v in e.verdicts}
    if (scorecard_id, criterion) not in known:
        raise _no_criterion(criterion)
    visit.office.decisions.resolve(
        Resolution(
            case.call.call_id,
            scorecard_id,
            criterion,
            _outcome(visit.said("outcome")),
            visit.said("reason").strip(),
            visit.who.user,
            datetime.now(UTC),
        )
    )
    kind = "machine" if visit.said("kind") == "machine" else "double"
    return back("/disagreements", period=visit.said("period"), kind=kind)


def outcome_words(language: Language) -> Mapping[str, str]:
    """Return what outcomes are called."""
    return {o: OUTCOMES[o].say(language) for o in get_args(Outcome)}


def _case(about: About) -> Case:
    if about.case is None:
        raise NotFound
    return about.case


def _review(about: About) -> Review:
    if about.review is None:
        raise NotFound
    return about.review


def _revisions(visit: Visit, review: Review) -> list[Review]:
    return [
        r
        for r in visit.office.reviews.of_call(review.call_id)
        if (r.scorecard_id, r.reviewer) == (review.scorecard_id, review.reviewer)
    ]


def _evaluation(case: Case, scorecard_id: str) -> Evaluation:
    for evaluation in case.evaluations:
        if evaluation.scorecard_id == scorecard_id:
            return evaluation
    raise NotFound


def _rows(visit: Visit, revisions: list[Review], evaluation: Evaluation) -> list[Row]:
    titles, language = visit.office.titles, visit.language
    return [
        Row(
            v.criterion,
            titles.criterion(evaluation.scorecard_id, v.criterion, language),
            v.outcome,
            tuple(r.verdicts.get(v.criterion) for r in revisions),
        )
        for v in evaluation.verdicts
    ]


def _corrected(visit: Visit, review: Review, criterion: str, outcome: Outcome) -> Sheet:
    if criterion not in review.verdicts:
        raise _no_criterion(criterion)
    evaluation = _evaluation(_case(visit.about), review.scorecard_id)
    verdicts = {**review.verdicts, criterion: outcome}
    return corrected_sheet(evaluation, visit.office.card(evaluation), verdicts)


def _outcome(said: str) -> Outcome:
    for outcome in SAID:
        if outcome == said:
            return outcome
    raise WrongUse(
        "outcome",
        Text(en="no verdict was chosen", zh="未选择结论"),
        Text(en="choose one of the four", zh="请在四项中选择"),
    )


def _no_criterion(criterion: str) -> WrongUse:
    return WrongUse(
        "criterion",
        Text(en="the review has no such criterion", zh="该复核没有此评分项"),
        Text(en="load the page again", zh="请重新载入页面"),
        got=criterion[:64],
    )
