"""Migrations of the ledger; `store.migrate` runs them when a store is opened."""
