"""Reads a feed from standard input and prints its content as JSON.

Usage: read_feed.py atom|ics. Atom is read by feedparser, calendars by icalendar.
"""

import json
import sys

import feedparser
import icalendar

content = sys.stdin.buffer.read()
if sys.argv[1] == "atom":
    feed = feedparser.parse(content)
    if feed.bozo:
        sys.exit(f"the feed is not well formed: {feed.bozo_exception}")
    entries = [
        {
            "id": entry.id,
            "title": entry.title,
            "updated": entry.updated,
            "author": entry.author,
            "link": entry.link,
            "content": entry.content[0].value,
            "terms": [tag.term for tag in entry.tags],
        }
        for entry in feed.entries
    ]
    self_links = [link.href for link in feed.feed.links if link.rel == "self"]
    answer = {"id": feed.feed.id, "version": feed.version, "self": self_links, "updated": feed.feed.updated}
else:
    calendar = icalendar.Calendar.from_ical(content)
    entries = [
        {
            "id": str(event["UID"]),
            "day": event.decoded("DTSTART").isoformat(),
            "summary": str(event["SUMMARY"]),
            "description": str(event["DESCRIPTION"]),
            "url": str(event["URL"]),
        }
        for event in calendar.walk("VEVENT")
    ]
    answer = {"version": str(calendar["VERSION"]), "errors": [str(error) for error in calendar.errors]}
json.dump({**answer, "entries": entries}, sys.stdout)
