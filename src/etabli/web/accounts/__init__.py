"""Accounts: teachers, learners, their classes, logging in and out."""
