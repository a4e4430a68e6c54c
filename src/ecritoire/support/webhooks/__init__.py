"""Telling other programs (Standard Webhooks): what is told, how it is signed and sent, who asked for it."""
