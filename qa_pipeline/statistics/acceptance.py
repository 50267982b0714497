"""Acceptance sampling of lots: which number of failures to accept, and what that lets through."""

from scipy.special import bdtr

#: A lot exactly as good as agreed is accepted at least this often.
PRODUCER_CONFIDENCE = 0.95


def acceptance_probability(n: int, acceptance_number: int, failed_share: float) -> float:
    """Return the chance that a lot is accepted: at most that many failures among `n` calls.

    Source: Schilling & Neubauer 2017, Acceptance Sampling in Quality Control, chapter 5 (type B
    operating characteristic, binomial).
    """
    if acceptance_number < 0:
        return 0.0
    return 1.0 if acceptance_number >= n else float(bdtr(acceptance_number, n, failed_share))


def acceptance_number(n: int, acceptable_share: float) -> int:
    """Return the least number of failures that accepts good lots often enough (95 %).

    Source: the producer's risk of 5 % that ISO 2859-1's plans are built around (2859-1:1999, 12.2).
    """
    number = 0
    while acceptance_probability(n, number, acceptable_share) < PRODUCER_CONFIDENCE:
        number += 1
    return number


def skip_lot(accepted: float, n_in_row: int, inspected_share: float) -> tuple[float, float]:
    """Return (acceptance probability, share of lots inspected) of plan SkSP-2.

    `accepted` is the reference plan's acceptance probability; after `n_in_row` accepted lots only
    `inspected_share` of them is looked at.

    Source: Perry 1973, Journal of Quality Technology 5:123-130.
    """
    in_row = accepted**n_in_row
    below = inspected_share + (1 - inspected_share) * in_row
    return (inspected_share * accepted + (1 - inspected_share) * in_row) / below, (
        inspected_share / below
    )
