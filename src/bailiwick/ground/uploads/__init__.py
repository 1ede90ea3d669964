"""Files from people: typed by their content, kept sealed, scanned where a scanner is set, deleted on their day.

`rules` names what can be wrong, `checks` lets a file in, `actions` is the only writer. docs/uploads.md
"""
