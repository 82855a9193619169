"""The sandbox's pages for people: HTML made here on the server, without a line of JavaScript.

Each module makes one kind of page; ``routes`` says which path is whose. All that repositories and
accounts hold is hostile: ``markup`` escapes it, ``markdown`` renders and cleans it.
"""
