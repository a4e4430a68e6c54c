"""HR files: read, checked, compared, applied. ``docs/hr-feed.md`` documents their columns."""
