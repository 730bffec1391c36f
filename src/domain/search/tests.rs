use std::ops::Range;

use proptest::prelude::*;

use super::excerpt::EXCERPT;
use super::*;

fn folded(text: &str) -> Vec<String> {
    words(text).into_iter().map(|word| word.folded).collect()
}

/// The highlighted parts of an excerpt.
fn marked(excerpt: &Excerpt) -> Vec<String> {
    let units: Vec<u16> = excerpt.text.encode_utf16().collect();
    let piece = |range: &Range<usize>| String::from_utf16(&units[range.clone()]).unwrap();
    excerpt.matches.iter().map(piece).collect()
}

fn shown(texts: &[(Field, &str)], query: &str) -> Excerpt {
    let indexed_texts: Vec<_> =
        texts.iter().map(|(field, text)| IndexedText::new(*field, *text)).collect();
    excerpt(&indexed_texts, &terms(query))
}

#[test]
fn words_are_letters_and_digits_without_case_and_accents() {
    assert_eq!(
        folded("Élysée, ЁЛКА—Київ: \"10.a\" (NEAR/2)"),
        ["elysee", "елка", "киів", "10", "a", "near", "2"]
    );
    assert_eq!(folded("\u{0}\u{7}.,*\"' %_\\ — 🕊"), Vec::<String>::new());
    assert_eq!(folded("e\u{301}te\u{301}"), ["ete"], "combining accents belong to the word");
    assert_eq!(folded(&"x".repeat(20_000)), ["x".repeat(MAX_WORD_LENGTH)]);
}

#[test]
fn word_with_an_apostrophe_is_a_word_and_so_are_its_parts() {
    for text in ["об'єкт", "об\u{2019}єкт", "об\u{2bc}єкт", "ОБ\u{2018}ЄКТ"] {
        assert_eq!(folded(text), ["обєкт", "об", "єкт"], "{text}");
    }
    assert_eq!(
        folded("Russia's o'Neill'd"),
        ["russias", "russia", "s", "oneilld", "o", "neill", "d"]
    );
    assert_eq!(
        folded("'cease''fire' 5'10 90's a' 'b"),
        ["cease", "fire", "5", "10", "90", "s", "a", "b"],
        "quotation marks separate words"
    );
}

#[test]
fn words_have_their_range_in_bytes_and_characters() {
    let ranges: Vec<_> = words("Є te\u{301} ⒈")
        .into_iter()
        .map(|word| (word.folded, word.bytes, word.characters))
        .collect();
    assert_eq!(
        ranges,
        [
            ("є".to_owned(), 0..2, 0..1),
            ("te".to_owned(), 3..7, 2..5),
            // `⒈` folds to a digit and a full stop.
            ("1".to_owned(), 8..11, 6..7),
        ]
    );
}

#[test]
fn invisible_characters_do_not_separate_words() {
    assert_eq!(
        folded("cease\u{ad}fire пере\u{200b}мир\u{2060}'я \u{feff}end"),
        ["ceasefire", "перемиря", "перемир", "я", "end"]
    );
}

#[test]
fn scripts_without_spaces_have_a_word_for_each_pair_of_letters() {
    assert_eq!(folded("停火协议"), ["停火", "火协", "协议", "议"]);
    assert_eq!(folded("第9条 A面"), ["第", "9", "条", "a", "面"]);
    assert_eq!(folded("หยุดยิง")[..2], ["หย", "ยด"], "vowel signs are accents");
    let of = |query: &str| -> Vec<String> { terms(query).iter().map(Term::last).collect() };
    assert_eq!(of("停火协议"), ["停火", "协议"]);
    assert_eq!(of("停火协"), ["停火", "火协"]);
    assert_eq!(of("停"), ["停\u{10FFFF}"]);
}

#[test]
fn excerpt_marks_words_in_their_original_spelling() {
    for (text, query, expected) in [
        ("The об\u{2bc}єкт!", "об'єкт", "об\u{2bc}єкт"),
        ("A cease\u{ad}fire holds", "ceasefire", "cease\u{ad}fire"),
        ("Die STRAẞE", "strasse", "STRAẞE"),
        ("Russia\u{2019}s draft", "russias", "Russia\u{2019}s"),
        ("Ґанок", "ганок", "Ґанок"),
        ("Łódź", "lodz", "Łódź"),
        ("双方同意停火协议。", "停火协", "停火协"),
        ("双方同意停火协议。", "火", "火协"),
    ] {
        assert_eq!(marked(&shown(&[(Field::Text, text)], query)), [expected], "{text}");
    }
    let mut misspelt = terms("ceasfire");
    misspelt[0].near.push("ceasefire".to_owned());
    let found = excerpt(&[IndexedText::new(Field::Text, "A Ceasefire.")], &misspelt);
    assert_eq!(marked(&found), ["Ceasefire"]);
}

#[test]
fn spellings_are_those_of_words_that_misspelt_words_can_match() {
    let indexed_texts = [
        IndexedText::new(Field::Name, "Київ, 10.a КИЇВ of Łódź 停火协议"),
        IndexedText::new(Field::Text, "об’єкт"),
    ];
    let spelt: Vec<String> = spellings(&indexed_texts).into_values().collect();
    assert_eq!(spelt, ["Łódź", "Київ", "об’єкт", "єкт"]);
}

#[test]
fn references_are_equal_with_any_separators() {
    for query in ["Minsk II, 11.a", "minsk ii 11a", "MINSK-II 11-A"] {
        assert_eq!(run_together(query), "minskii11a", "{query}");
    }
}

#[test]
fn terms_are_whole_words_except_the_last() {
    let of = |query: &str| -> Vec<String> { terms(query).iter().map(Term::last).collect() };
    assert_eq!(of("Minsk II, 9"), ["minsk", "ii", "9\u{10FFFF}"]);
    assert_eq!(of("peace peace"), ["peace"]);
    assert_eq!(of("peace pea"), ["peace", "pea\u{10FFFF}"]);
    assert_eq!(of(" *.,"), Vec::<String>::new());
}

/// If this test fails, the same records produce a different index than before: increase `VERSION`.
#[test]
fn index_is_that_of_this_version() {
    let mut indexed_texts = IndexedText::of_point(&[
        Some("4.a"),
        Some("Local elections"),
        Some("Elections, elections, ELECTIONS in some areas."),
        Some("Elections"),
        None,
        Some("areas: Two districts."),
    ]);
    indexed_texts.push(IndexedText::new(Field::Name, "Law").inherited());
    let index: Vec<String> = index(&indexed_texts)
        .into_iter()
        .map(|(word, Weight { own, inherited })| format!("{word} {own} {inherited}"))
        .collect();
    assert_eq!(VERSION, 6);
    assert_eq!(
        index,
        [
            "4 40 0",
            "4a 8 0",
            "a 40 0",
            "areas 10 0",
            "districts 4 0",
            "elections 56 0",
            "in 6 0",
            "law 40 20",
            "local 40 0",
            "some 6 0",
            "two 4 0"
        ]
    );
}

#[test]
fn words_alone_never_count_as_much_as_a_name_or_a_spelling() {
    // The greatest score: each word occurs three times in each field of one record, and in no other of a million
    // records. No record has both a name and a title.
    let fields = [Field::Name, Field::Label, Field::Summary, Field::Text];
    let most: i32 = fields.into_iter().map(|field| field.weight(i32::MAX)).sum();
    let rarest = rarity(1_000_000, 1);
    let all = i64::from(most) * 2 * rarest * i64::try_from(MAX_WORDS).unwrap();
    assert!(all < i64::from(NAMED), "{all}");
    // A caveat's name counts once, a clause's name twice.
    let clause = all + 2 * i64::from(NAMED);
    assert!(clause < i64::from(REFERENCE + NAMED), "{all}");
    assert!(clause + i64::from(REFERENCE) < i64::from(MISSPELT), "{all}");
    let elsewhere: i32 = fields.into_iter().skip(1).map(|field| field.weight(i32::MAX)).sum();
    assert!(elsewhere < NAME_WEIGHT && Field::Name.weight(1) == NAME_WEIGHT, "{elsewhere}");
}

#[test]
fn rarity_grows_by_eight_each_time_that_half_as_many_records_have_the_word() {
    let found = [1024, 512, 256, 200, 2, 1];
    assert_eq!(found.map(|found| rarity(1024, found)), [8, 16, 24, 26, 80, 88]);
    assert_eq!((rarity(0, 0), rarity(1, 5), rarity(i64::MAX, 1) > 0), (8, 8, true));
}

#[test]
fn excerpt_prefers_the_text_with_most_words_and_texts_to_names() {
    let texts = [
        (Field::Name, "9 State border"),
        (Field::Summary, "The border of the state."),
        (Field::Text, "Border"),
    ];
    assert_eq!(shown(&texts, "border").text, "The border of the state.");
    let label = [(Field::Name, "Border"), (Field::Label, "state-border")];
    assert_eq!(shown(&label, "state border").text, "Border");
    assert_eq!(shown(&label, "state").text, "state-border");
    let unrelated = [(Field::Summary, "The armies withdraw."), (Field::Label, "state-border")];
    assert_eq!(shown(&unrelated, "state").text, "state-border");
    let both = shown(&texts, "9 bord");
    assert_eq!(
        (both.text.as_str(), marked(&both)),
        ("9 State border", vec!["9".to_owned(), "border".to_owned()])
    );
}

#[test]
fn excerpt_of_a_long_text_shows_the_most_words_between_whole_words() {
    let filler = "lorem ipsum dolor sit amet ".repeat(20);
    let text =
        format!("Border. {filler}The Ukrainian border, ревізія кордону 🕊 and border. {filler}");
    let found = shown(&[(Field::Summary, &text)], "кордону border");
    assert_eq!(marked(&found), ["border", "кордону", "border"]);
    assert!(found.text.starts_with("…") && found.text.ends_with("…"), "{}", found.text);
    assert!(found.text.chars().count() <= EXCERPT + 2, "{}", found.text);
    assert!(text.contains(found.text.trim_matches('…')));
    let none = shown(&[(Field::Summary, &text)], "nowhere");
    assert!(none.text.starts_with("Border. lorem") && none.matches.is_empty(), "{none:?}");
}

#[test]
fn excerpt_of_a_long_text_prefers_different_words_then_many_words() {
    let filler = "lorem ipsum dolor sit amet ".repeat(20);
    let text = format!("North and south. {filler}North, north, north. {filler}");
    assert_eq!(marked(&shown(&[(Field::Text, &text)], "north south")), ["North", "south"]);
    let text = format!("North. {filler}North and north. {filler}");
    assert_eq!(marked(&shown(&[(Field::Text, &text)], "north")), ["North", "north"]);
}

#[test]
fn excerpt_keeps_the_start_and_the_end_of_a_long_text() {
    let text = format!("(North) {}", "lorem ".repeat(50));
    let found = shown(&[(Field::Text, &text)], "north").text;
    assert!(found.starts_with("(North) lorem"), "{found}");
    // The excerpt begins 40 characters before the word, and ends exactly where the text ends.
    let text = format!("{}north{}.", "a ".repeat(50), " b".repeat(77));
    let found = shown(&[(Field::Text, &text)], "north").text;
    assert!(found.starts_with("…a ") && found.ends_with(" b."), "{found}");
    assert_eq!(found.chars().count(), EXCERPT + 1);
}

#[test]
fn excerpt_marks_one_character_that_makes_several_words_once() {
    let found = shown(&[(Field::Summary, "So: \u{FDFA}!")], "\u{FDFA}");
    assert_eq!(marked(&found), ["\u{FDFA}"]);
}

/// Texts with frequent repetitions, accents, ligatures, and characters of two UTF-16 units.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ab\u{e9}\u{301}Ёк. 🕊\u{FDFA}ﬁ'’\u{ad}停火ก]{0,300}",
        "([a-c]{1,3}[ .,]){0,200}",
        ".{0,60}",
    ]
}

proptest! {
    #[test]
    fn excerpt_marks_words_with_the_prefix_in_order_without_overlap(text in text(), query in text()) {
        let mut terms = terms(&query);
        terms.truncate(MAX_WORDS);
        let found = excerpt(&[IndexedText::new(Field::Text, text.as_str())], &terms);
        let mut end = 0;
        for range in &found.matches {
            prop_assert!(end <= range.start && range.start < range.end, "{:?}", found.matches);
            end = range.end;
        }
        prop_assert!(end <= found.text.encode_utf16().count());
        for piece in marked(&found) {
            let begins = |word: &String| terms.iter().any(|term| word.starts_with(&term.word));
            prop_assert!(folded(&piece).iter().any(begins), "{piece:?}");
        }
        prop_assert!(text.contains(found.text.trim_matches('…')) || text.contains('…'));
        let index = index(&[IndexedText::new(Field::Text, text.as_str())]);
        let is_found = terms.iter().any(|term| index.keys().any(|word| term.finds(word)));
        prop_assert_eq!(is_found, !found.matches.is_empty(), "{:?}", found);
    }

    #[test]
    fn every_word_of_a_text_finds_it(text in text()) {
        let index = index(&[IndexedText::new(Field::Summary, text.as_str())]);
        for word in words(&text) {
            for term in terms(&word.folded) {
                let found = index.range(term.word.clone()..=term.last()).next();
                prop_assert!(found.is_some(), "{:?} is not found", term.word);
            }
        }
    }

    #[test]
    fn rarity_falls_as_more_records_have_the_word(documents in 1i64..1_000_000, found in 1i64..1_000_000, more in 0i64..1_000) {
        prop_assert!(rarity(documents, found) >= rarity(documents, found + more));
        prop_assert!((8..=8 * 22).contains(&rarity(documents, found)));
    }
}
