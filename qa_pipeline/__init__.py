"""qa-pipeline: hear every call, review the right few, report what one can believe."""
