"""What people do at the review page, on the ledger's database: one module a concern."""
