"""A made-up call centre that shows the whole product: last night's calls, two months, reviewers."""
