"""Writing: what a form holds, drafts, answers, sending."""
