"""Colleagues help colleagues: questions and answers, moderated, seen by signed-in people only."""
