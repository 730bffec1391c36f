//! Pages of lists: every connection of the schema, in every order.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

/// A list: the path of fields to its parent record (empty for root lists), its field, and its arguments without the
/// paging arguments.
#[derive(Clone, Copy)]
pub struct List<'a> {
    pub of: &'a [&'a str],
    pub field: &'a str,
    pub arguments: &'a str,
}

impl<'a> List<'a> {
    pub fn root(field: &'a str, arguments: &'a str) -> Self {
        Self { of: &[], field, arguments }
    }

    /// One page, with `selection` for every node.
    pub fn page(&self, app: &TestApp, paging: &str, selection: &str) -> Value {
        let Self { of, field, arguments } = self;
        let page = format!(
            "list: {field}({paging} {arguments}) {{ totalCount nodes {{ ...Id {selection} }} edges {{ cursor node {{ ...Id }} }} \
             pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}"
        );
        let query = of.iter().rfold(page, |inner, field| format!("of: {field} {{ {inner} }}"));
        let query = format!("{{ {query} }} fragment Id on Node {{ id }}");
        let mut data = app.data(&query, json!({}));
        of.iter().fold(&mut data, |data, _| &mut data["of"])["list"].take()
    }

    /// Every node, read in pages of 200.
    pub fn all(&self, app: &TestApp, selection: &str) -> Vec<Value> {
        let (mut nodes, mut paging) = (Vec::new(), "first: 200".to_owned());
        loop {
            let mut page = self.page(app, &paging, selection);
            nodes.append(page["nodes"].as_array_mut().expect("the nodes are a list"));
            if page["pageInfo"]["hasNextPage"] == false {
                assert_eq!(page["totalCount"], nodes.len(), "{} ({})", self.field, self.arguments);
                return nodes;
            }
            paging = format!("first: 200, after: {}", page["pageInfo"]["endCursor"]);
        }
    }

    /// The ids of all nodes, page by page: forward from the start, or backward from the end. Checks every page.
    pub fn walk(&self, app: &TestApp, size: usize, forward: bool) -> Vec<String> {
        let (count, cursor, edge, more, cut) = if forward {
            ("first", "after", "endCursor", "hasNextPage", "hasPreviousPage")
        } else {
            ("last", "before", "startCursor", "hasPreviousPage", "hasNextPage")
        };
        let what = format!("{} of {:?} ({}), {count}: {size}", self.field, self.of, self.arguments);
        let mut paging = format!("{count}: {size}");
        let (mut walked, mut cursors): (Vec<String>, HashSet<String>) = Default::default();
        loop {
            let page = self.page(app, &paging, "");
            let info = &page["pageInfo"];
            let ids = ids(&page["nodes"]);
            let marks: Vec<&str> = texts(&page["edges"], "/cursor");
            assert_eq!(texts(&page["edges"], "/node/id"), ids, "{what}: nodes and edges differ");
            assert!(ids.len() <= size, "{what}: more nodes than requested");
            assert_eq!(info["startCursor"].as_str(), marks.first().copied(), "{what}");
            assert_eq!(info["endCursor"].as_str(), marks.last().copied(), "{what}");
            assert_eq!(info[cut], !cursors.is_empty(), "{what}: {cut}");
            for mark in marks {
                assert!(
                    cursors.insert(mark.to_owned()),
                    "{what}: {mark} is the cursor of two records"
                );
            }
            if forward {
                walked.extend(ids);
            } else {
                walked.splice(0..0, ids);
            }
            if info[more] == false {
                // The page after the last one is empty, and reports that no page follows.
                if let Some(end) = info[edge].as_str() {
                    let beyond =
                        self.page(app, &format!("{count}: {size}, {cursor}: \"{end}\""), "");
                    assert_eq!(beyond["nodes"], json!([]), "{what}: a page follows");
                    assert_eq!(beyond["pageInfo"][more], false, "{what}");
                    assert_eq!(beyond["pageInfo"][cut], true, "{what}");
                    assert_eq!(beyond["pageInfo"]["startCursor"], Value::Null, "{what}");
                    assert_eq!(beyond["pageInfo"]["endCursor"], Value::Null, "{what}");
                }
                assert_eq!(page["totalCount"], walked.len(), "{what}: totalCount");
                return walked;
            }
            assert_eq!(page["edges"].as_array().map(Vec::len), Some(size), "{what}: page size");
            let end = info[edge].as_str().expect("a page with more records has an end cursor");
            paging = format!("{count}: {size}, {cursor}: \"{end}\"");
        }
    }

    /// Checks that both directions and all page sizes return the same list. Returns the list.
    pub fn check_walks(&self, app: &TestApp, sizes: &[usize]) -> Vec<String> {
        let whole = self.walk(app, 200, true);
        let distinct: HashSet<&String> = whole.iter().collect();
        assert_eq!(distinct.len(), whole.len(), "{}: a record appears twice", self.field);
        for size in sizes {
            for forward in [true, false] {
                let what =
                    format!("{} of {:?}, pages of {size}, forward {forward}", self.field, self.of);
                assert_eq!(self.walk(app, *size, forward), whole, "{what}");
            }
        }
        whole
    }
}

/// The strings at a JSON pointer in each item of a list.
pub fn texts<'v>(items: &'v Value, pointer: &str) -> Vec<&'v str> {
    let items = items.as_array().expect("a list").iter();
    items.map(|item| item.pointer(pointer).and_then(Value::as_str).expect("a text")).collect()
}

/// The ids of the nodes in a list.
pub fn ids(nodes: &Value) -> Vec<String> {
    texts(nodes, "/id").into_iter().map(str::to_owned).collect()
}

on_both_databases! {
    fn root_lists_are_equal_for_all_page_sizes(app: SharedSample) {
        for field in ["agreements", "clauses", "proposals", "caveats", "parties", "events", "sources"] {
            let walked = List::root(field, "").check_walks(&app, &[7, 50]);
            assert!(walked.len() >= 10, "{field}: {}", walked.len());
        }
    }

    fn nested_lists_are_equal_for_all_page_sizes(app: SharedSample) {
        const AGREEMENT: &[&str] = &["agreement(slug: \"minsk-2\")"];
        const CLAUSE: &[&str] = &["clause(agreement: \"minsk-2\", number: \"1\")"];
        const PROPOSAL: &[&str] = &["proposal(slug: \"russia-us-draft-treaty\")"];
        const CAVEAT: &[&str] =
            &["proposal(slug: \"neutral-ukraine-test\")", "caveat(number: \"C-1\")"];
        const PARTY: &[&str] = &["party(slug: \"russia\")"];
        const RESOLUTION: &[&str] = &["source(url: \"https://undocs.org/A/RES/ES-11/1\")"];
        const ARTICLE: &[&str] =
            &["source(url: \"https://slate.com/news-and-politics/2021/12/biden-and-putin-ukraine-crisis.html\")"];
        for (of, field, arguments, least) in [
            (AGREEMENT, "clauses", "", 29),
            (AGREEMENT, "proposals", "", 1),
            (CLAUSE, "assessments", "", 10),
            (CLAUSE, "events", "", 10),
            (PROPOSAL, "caveats", "", 8),
            (PROPOSAL, "assessments", "", 2),
            (PROPOSAL, "events", "", 5),
            (CAVEAT, "assessments", "", 2),
            (CAVEAT, "events", "", 2),
            (PARTY, "agreements", "", 5),
            (PARTY, "clauses", "", 5),
            (PARTY, "clauses", "role: OBLIGED", 5),
            (RESOLUTION, "assessments", "", 60),
            (ARTICLE, "events", "", 20),
        ] {
            let walked = List { of, field, arguments }.check_walks(&app, &[1, 7, 50]);
            assert!(walked.len() >= least, "{of:?} {field}: {}", walked.len());
        }
    }

    fn page_of_size_zero_reports_whether_records_exist(app: SharedSample) {
        for (filter, there_are) in [("", true), ("filter: { text: \"no such words\" }", false)] {
            let list = List::root("clauses", filter);
            for (paging, more, other) in [
                ("first: 0", "hasNextPage", "hasPreviousPage"),
                ("last: 0", "hasPreviousPage", "hasNextPage"),
            ] {
                let page = list.page(&app, paging, "");
                assert_eq!(page["nodes"], json!([]));
                assert_eq!(page["edges"], json!([]));
                assert_eq!(page["totalCount"], if there_are { 74 } else { 0 });
                let info = json!({ more: there_are, other: false, "startCursor": null, "endCursor": null });
                assert_eq!(page["pageInfo"], info, "{paging} {filter}");
            }
        }
    }

    fn both_cursors_together_return_the_records_between_them(app: SharedSample) {
        let list = List::root("clauses", "");
        let whole = list.page(&app, "first: 20", "");
        let cursors = texts(&whole["edges"], "/cursor");
        let between = format!("after: \"{}\", before: \"{}\"", cursors[3], cursors[9]);
        let expected = &ids(&whole["nodes"])[4..9];
        assert_eq!(ids(&list.page(&app, &format!("first: 200, {between}"), "")["nodes"]), expected);
        let first = list.page(&app, &format!("first: 2, {between}"), "");
        assert_eq!(ids(&first["nodes"]), expected[..2]);
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let last = list.page(&app, &format!("last: 2, {between}"), "");
        assert_eq!(ids(&last["nodes"]), expected[3..]);
        assert_eq!(last["pageInfo"]["hasPreviousPage"], true);
        assert_eq!(last["totalCount"], 74, "cursors do not affect the total count");
    }

    fn page_without_a_size_contains_fifty_records(app: SharedSample) {
        let page = app.data("{ clauses { nodes { id } pageInfo { hasNextPage } } }", json!({}));
        assert_eq!(ids(&page["clauses"]["nodes"]).len(), 50);
        assert_eq!(page["clauses"]["pageInfo"]["hasNextPage"], true);
    }

    fn pages_of_many_parents_equal_those_of_each_parent(app: SharedSample) {
        for arguments in [
            "first: 2",
            "last: 3",
            "first: 1, filter: { topic: [\"security\"] }",
            "first: 4, orderBy: { field: STATUS_SINCE, direction: DESC }",
        ] {
            let page = format!(
                "clauses({arguments}) {{ totalCount nodes {{ reference }} edges {{ cursor }} pageInfo {{ hasNextPage hasPreviousPage }} }}"
            );
            let together = app.data(&format!("{{ agreements {{ nodes {{ slug {page} }} }} }}"), json!({}));
            let together = together["agreements"]["nodes"].as_array().expect("a list");
            assert_eq!(together.len(), 10);
            for agreement in together {
                let slug = agreement["slug"].as_str().expect("a slug");
                let query = format!("{{ agreement(slug: \"{slug}\") {{ slug {page} }} }}");
                assert_eq!(&app.data(&query, json!({}))["agreement"], agreement, "{arguments}");
            }
        }
    }
}
