"""The catalogue to read: every family of ``etabli.components`` as a sheet with its symbols and the curves of its laws.

Everything comes from the component files; nothing about a family is written here. ``card.py`` gathers, ``plot.py`` and
``symbols.py`` draw, ``pages.py`` writes the pages of ``docs/``; the web pages show the same cards.
"""
