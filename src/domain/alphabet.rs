//! The alphabetical order of names and titles: the Unicode Collation Algorithm with CLDR's root table (UTS #10). It is
//! the same for all languages.

use std::cmp::Ordering;
use std::sync::LazyLock;

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};

static COLLATOR: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| {
    Collator::try_new(CollatorPreferences::default(), CollatorOptions::default()).ok()
});

/// Compares two texts alphabetically. Texts that the algorithm treats as equal are ordered by code point.
#[must_use]
pub fn compare(left: &str, right: &str) -> Ordering {
    // The table is compiled in, so the collator always exists.
    let order = COLLATOR.as_ref().map_or(Ordering::Equal, |collator| collator.compare(left, right));
    order.then_with(|| left.cmp(right))
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn letters_are_in_the_usual_alphabetical_order() {
        let mut titles = [
            "zebra",
            "Äpfel",
            "Zone",
            "Ґанок",
            "apple",
            "Éclair",
            "Дім",
            "Гора",
            "Apple",
            "eclipse",
            "2 steps",
            "10 steps",
        ];
        titles.sort_by(|left, right| compare(left, right));
        assert_eq!(
            titles,
            [
                "10 steps",
                "2 steps",
                "Äpfel",
                "apple",
                "Apple",
                "Éclair",
                "eclipse",
                "zebra",
                "Zone",
                "Ґанок",
                "Гора",
                "Дім"
            ]
        );
    }
}
