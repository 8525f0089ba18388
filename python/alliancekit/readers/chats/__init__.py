"""Chats with a language model: conversations in JSON, whatever their messages look like."""
