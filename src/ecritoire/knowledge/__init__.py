"""Guides, frequent questions, news: what people read before they ask, and what their questions teach."""
