//! Documents, each with what the reference implementation says to it: that it is in order, or that it is not, and for
//! what reason.

use async_graphql::Variables;
use async_graphql::parser::parse_query;
use serde_json::json;

use super::super::bounds::check_objects;
use super::*;

fn types() -> Types {
    Types::new(&crate::graphql::sdl())
}

/// The faults of a document, in words.
fn faults(types: &Types, text: &str) -> Vec<String> {
    let document = match parse_query(text) {
        Ok(document) => document,
        Err(failure) => return vec![failure.to_string()],
    };
    let objects = check_objects(text).err();
    let faults = check(types, &document).into_iter().map(|fault| fault.message);
    objects.into_iter().chain(faults).collect()
}

#[test]
fn documents_that_are_in_order_are_taken() {
    let types = types();
    for text in [
        "{ __typename @skip(if: false) @include(if: true) }",
        "query($x: Boolean = true) { __typename @include(if: $x) }",
        "query($x: Boolean!) { __typename @skip(if: $x) }",
        "query($n: String!) { agreement(slug: \"a\") { ...F } } fragment F on Agreement { clause(number: $n) { id } }",
        "{ __type(name: \"Query\") { name kind fields(includeDeprecated: true) { args { defaultValue } } } }",
        "{ __schema { types { fields { type { fields { name } } } } } }",
        "mutation { __typename }",
        "query A { __typename } query B { __typename }",
        "query($a: String! = \"x\") { agreement(slug: $a) { slug } }",
        "query($a: String = \"x\") { agreement(slug: $a) { slug } }",
        "query($s: ClauseStatus!) { clauses(filter: { status: [$s, COMPLETE] }) { totalCount } }",
        "query($s: [ClauseStatus!]!) { clauses(filter: { status: $s }) { totalCount } }",
        "query($f: ClauseFilter) { clauses(filter: $f) { totalCount } }",
        "query($f: ClauseOrderField = POSITION) { clauses(orderBy: { field: $f }) { totalCount } }",
        "query($d: OrderDirection!) { clauses(orderBy: { field: POSITION, direction: $d }) { totalCount } }",
        "query($a: ID! = 5) { node(id: $a) { id } }",
        "{ clauses(filter: { status: COMPLETE }, first: null) { totalCount } }",
        "{ clauses(filter: { status: null, asOf: \"2015-01-01\" }) { totalCount } }",
        "{ node(id: 1) { id } }",
        "{ agreements(first: 1, after: \"x\") { totalCount } agreements(after: \"x\", first: 1) { nodes { id } } }",
        "{ agreement(slug: \"a\") { slug: title } }",
        "{ node(id: \"x\") { ... on Agreement { x: title } ... on Topic { x: name } } }",
        "{ node(id: \"x\") { ... on Trackable { id } ... on Clause { id number } } }",
        "{ node(id: \"x\") { ... on Clause { assessments(first: 1) { totalCount } } ... on Caveat { assessments(first: 2) { totalCount } } } }",
        "{ agreement(slug: \"a\") { ... on Node { ... on Agreement { id } } ... { slug } } }",
        "{ timeline { nodes { ... on Event { title } ... on Proposal { slug } } } }",
    ] {
        assert_eq!(faults(&types, text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn documents_that_are_not_are_refused_with_a_reason() {
    let types = types();
    for (text, reason) in [
        // `__typename` and introspection.
        ("{ __typename @foo }", "no directive @foo"),
        ("{ __typename { a } }", "has no fields to select"),
        ("{ __typename(a: 1) }", "no argument “a”"),
        ("{ __typename @skip }", "needs the argument `if`"),
        ("{ __typename @skip(if: 1) }", "1 is no Boolean!"),
        ("{ __typename @skip(if: $x) }", "$x is not defined"),
        ("query($x: String!) { __typename @skip(if: $x) }", "Boolean! is expected"),
        ("query($x: Boolean) { __typename @skip(if: $x) }", "Boolean! is expected"),
        ("{ __type { name } }", "needs the argument `name`"),
        ("{ __schema { nope } }", "__Schema has no field “nope”"),
        (
            "mutation { agreement(slug: \"a\") { __schema { types { name } } } }",
            "Mutation has no field",
        ),
        ("{ __type(name: \"A\") { name } __type(name: \"B\") { name } }", "different arguments"),
        // Directives.
        (
            "{ agreement(slug: \"a\") @skip(if: true) @skip(if: true) { slug } }",
            "stands here twice",
        ),
        ("{ ... @skip(if: true) @skip(if: true) { __typename } }", "stands here twice"),
        ("{ __typename @skip(if: true, if: true) }", "`if` twice"),
        ("{ __typename @skip(if: true, x: 1) }", "no argument “x”"),
        ("{ agreement(slug: \"a\") @deprecated { slug } }", "no directive @deprecated"),
        (
            "{ agreement(slug: \"a\") @specifiedBy(url: \"x\") { slug } }",
            "@specifiedBy cannot stand here",
        ),
        ("query @skip(if: true) { __typename }", "@skip cannot stand here"),
        (
            "query($a: String! @skip(if: true)) { agreement(slug: $a) { slug } }",
            "cannot stand here",
        ),
        (
            "{ agreement(slug: \"a\") { ...F } } fragment F on Agreement @skip(if: true) { slug }",
            "cannot stand here",
        ),
        (
            "{ agreement(slug: \"a\") { ...F @nope } } fragment F on Agreement { slug }",
            "no directive @nope",
        ),
        // Fields and arguments.
        ("{ agreement(slug: \"a\") { titel } }", "did you mean “title”?"),
        ("{ node(id: \"a\") { number } }", "Node has no field “number”"),
        ("{ agreement(slug: \"a\") }", "select fields of it"),
        ("{ agreement(slug: \"a\") { slug { x } } }", "has no fields to select"),
        ("{ agreement { slug } }", "needs the argument `slug`"),
        ("{ agreement(slug: null) { slug } }", "null is no String!"),
        ("{ agreement(slug: \"a\", slug: \"b\") { slug } }", "`slug` twice"),
        ("{ agreement(slug: \"a\", x: 1) { slug } }", "no argument “x”"),
        ("subscription { nothing }", "Subscription has no field “nothing”"),
        // Fragments.
        ("{ __typename } fragment F on Agreement { slug }", "“F” is never used"),
        ("{ agreement(slug: \"a\") { ...F } }", "no fragment “F”"),
        ("{ agreement(slug: \"a\") { ... on String { x } } }", "cannot be on String"),
        (
            "{ agreement(slug: \"a\") { ... on ClauseFilter { text } } }",
            "cannot be on ClauseFilter",
        ),
        ("{ agreement(slug: \"a\") { ... on Agrement { slug } } }", "did you mean “Agreement”?"),
        ("{ agreement(slug: \"a\") { ... on Clause { number } } }", "no Agreement is one"),
        (
            "{ agreement(slug: \"a\") { ...F } } fragment F on Clause { number }",
            "no Agreement is one",
        ),
        (
            "{ agreement(slug: \"a\") { ...on } } fragment on on Agreement { slug }",
            "cannot be named",
        ),
        // Variables.
        ("query($a: Int) { __typename }", "$a is never used"),
        ("query A { __typename } query B($x: Int) { __typename }", "$x is never used"),
        ("{ agreement(slug: $x) { slug } }", "$x is not defined"),
        (
            "query A { agreement(slug: \"a\") { ...F } } fragment F on Agreement { clause(number: $n) { id } }",
            "$n is not defined",
        ),
        ("query($a: String!, $a: String!) { agreement(slug: $a) { slug } }", "defined twice"),
        ("query($a: Agreement) { agreement(slug: $a) { slug } }", "given and not taken"),
        ("query($a: Sting!) { agreement(slug: $a) { slug } }", "did you mean “String”?"),
        ("query($a: Int!) { agreement(slug: $a) { slug } }", "String! is expected"),
        ("query($a: String) { agreement(slug: $a) { slug } }", "String! is expected"),
        ("query($a: String = null) { agreement(slug: $a) { slug } }", "String! is expected"),
        ("query($a: [String!]!) { agreement(slug: $a) { slug } }", "String! is expected"),
        ("query($a: String! = 1) { agreement(slug: $a) { slug } }", "1 is no String!"),
        ("query($a: Int) { clauses(filter: { text: $a }) { totalCount } }", "String is expected"),
        (
            "query($s: ClauseStatus) { clauses(filter: { status: [$s] }) { totalCount } }",
            "ClauseStatus! is expected",
        ),
        (
            "query($s: [ClauseStatus]) { clauses(filter: { status: $s }) { totalCount } }",
            "[ClauseStatus!] is expected",
        ),
        (
            "query($a: String! = \"x\", $b: String! = $a) { a: agreement(slug: $a) { slug } b: agreement(slug: $b) { slug } }",
            "-->",
        ),
        ("query () { __typename }", "nothing between the brackets"),
        // Values.
        (
            "{ clauses(orderBy: { field: \"POSITION\" }) { totalCount } }",
            "“POSITION” is no ClauseOrderField!",
        ),
        ("{ clauses(filter: { status: COMPLET }) { totalCount } }", "did you mean “COMPLETE”?"),
        (
            "{ clauses(filter: { status: [COMPLETE, null] }) { totalCount } }",
            "null is no ClauseStatus!",
        ),
        (
            "{ clauses(filter: { status: [[COMPLETE]] }) { totalCount } }",
            "a list is no ClauseStatus!",
        ),
        ("{ clauses(filter: 1) { totalCount } }", "1 is no ClauseFilter"),
        ("{ clauses(filter: { nope: 1 }) { totalCount } }", "no field “nope”"),
        (
            "{ clauses(filter: { text: \"a\", text: \"b\" }) { totalCount } }",
            "`text` is given twice",
        ),
        ("{ clauses(orderBy: { direction: ASC }) { totalCount } }", "needs the field `field`"),
        ("{ clauses(first: \"1\") { totalCount } }", "“1” is no Int"),
        ("{ clauses(first: 1.0) { totalCount } }", "is no Int"),
        ("{ clauses(first: 3000000000) { totalCount } }", "3000000000 is no Int"),
        ("{ clauses(filter: { contested: 1 }) { totalCount } }", "1 is no Boolean"),
        ("{ node(id: true) { id } }", "true is no ID!"),
        ("mutation { createParty(input: {}) { userErrors { code } } }", "needs the field"),
        // Fields that are merged.
        ("{ agreement(slug: \"a\") { x: slug x: title } }", "one is `"),
        ("{ agreement(slug: \"a\") { x: slug } agreement(slug: \"a\") { x: title } }", "one is `"),
        (
            "{ agreement(slug: \"a\") { x: slug ...F } } fragment F on Agreement { x: title }",
            "one is `",
        ),
        ("{ agreement(slug: \"a\") { x: slug ... { x: title } } }", "one is `"),
        (
            "{ a: agreement(slug: \"a\") { slug } a: agreement(slug: \"b\") { slug } }",
            "different arguments",
        ),
        (
            "{ agreements(first: 1) { totalCount } agreements { totalCount } }",
            "different arguments",
        ),
        (
            "query($a: Int, $b: Int) { agreements(first: $a) { totalCount } agreements(first: $b) { totalCount } }",
            "different arguments",
        ),
        (
            "{ ...A ...B } fragment A on Query { agreements { nodes { x: slug } } } fragment B on Query { agreements { nodes { x: title } } }",
            "one is `",
        ),
        ("{ node(id: \"x\") { x: id ... on Agreement { x: title } } }", "x` conflict"),
        (
            "{ node(id: \"x\") { ... on Agreement { x: title } ... on Clause { x: version } } }",
            "of the types",
        ),
        (
            "{ node(id: \"x\") { ... on Agreement { x: title } ... on Clause { x: note } } }",
            "of the types",
        ),
        (
            "{ node(id: \"x\") { ... on Agreement { x: title } ... on Clause { x: agreement { slug } } } }",
            "of the types",
        ),
        ("{ agreement(slug: \"a\") { __typename: title __typename } }", "one is `"),
    ] {
        let found = faults(&types, text).join("; ");
        assert!(found.contains(reason), "{text}\nexpected: {reason}\nfound: {found}");
    }
}

#[test]
fn faults_are_named_in_the_order_of_the_text_and_not_all_of_them() {
    let fields: String = (0..40).map(|number| format!("a{number} ")).collect::<Vec<_>>().concat();
    let found = faults(&types(), &format!("{{ {fields} }}"));
    assert_eq!(found.len(), MOST_FAULTS);
    assert!(found[0].contains("“a0”") && found[9].contains("“a9”"), "{found:?}");
}

#[test]
fn combinations_of_types_without_end_are_given_up() {
    let mut text = "assessments(first: 1) { nodes { x: status } }".to_owned();
    for _ in 0..7 {
        let kinds = ["ClauseAssessment", "CaveatAssessment", "ProposalAssessment"];
        let each = kinds.map(|kind| format!("... on {kind} {{ y: retracts {{ {text} }} }}"));
        text = each.concat();
    }
    let document = parse_query(format!("{{ node(id: \"x\") {{ {text} }} }}")).unwrap();
    let began = std::time::Instant::now();
    let types = types();
    assert!(!check(&types, &document).is_empty());
    assert!(began.elapsed() < std::time::Duration::from_secs(2), "{:?}", began.elapsed());
}

#[test]
fn variables_that_do_not_fit_are_refused() {
    let types = types();
    let text = "query($s: [ClauseStatus!], $o: ClauseOrder, $n: Int!) { clauses(filter: { status: $s }, orderBy: $o, first: $n) { totalCount } }";
    let document = parse_query(text).unwrap();
    let (_, operation) = document.operations.iter().next().unwrap();
    let check =
        |variables| check_variables(&types, &operation.node, &Variables::from_json(variables));
    for variables in [
        json!({ "n": 1 }),
        json!({ "n": 1, "s": null, "other": {} }),
        json!({ "n": 1, "s": "COMPLETE" }),
        json!({ "n": 1, "s": ["COMPLETE", "VOID"], "o": { "field": "POSITION" } }),
    ] {
        assert_eq!(check(variables.clone()), Ok(()), "{variables}");
    }
    for (variables, reason) in [
        (json!({}), "$n is missing; its type is Int!"),
        (json!({ "n": null }), "$n is missing"),
        (json!({ "n": "1" }), "$n: “1” is no Int!"),
        (json!({ "n": 1.5 }), "$n: 1.5 is no Int!"),
        (json!({ "n": 1, "s": ["COMPLETE", null] }), "null is no ClauseStatus!"),
        (
            json!({ "n": 1, "s": "COMPLET" }),
            "“COMPLET” is no ClauseStatus! (did you mean “COMPLETE”?)",
        ),
        (json!({ "n": 1, "o": { "direction": "ASC" } }), "needs the field `field`"),
        (json!({ "n": 1, "o": { "field": "POSITION", "nope": 1 } }), "no field “nope”"),
        (json!({ "n": 1, "o": [] }), "a list is no ClauseOrder"),
    ] {
        let message = check(variables.clone()).expect_err("it does not fit");
        assert!(message.contains(reason), "{variables}: {message}");
    }
}
