//! Two days compared: what changed between them.

use chrono::NaiveDate;

/// What became of one thing between two days. `T` is an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference<T> {
    /// The assessment in force at the end of the first day.
    pub before: Option<T>,
    /// Those that took effect after that, up to the end of the second day, in the order in which they held. The last of them
    /// is in force then.
    pub between: Vec<T>,
}

/// Splits the history of one thing, in one holder's view, at the end of a day. It comes in the order in which its
/// assessments hold, and ends with the second day.
///
/// `None` where the status at its end is the one of the first day again, or still: `status` tells an assessment's, and
/// `initial` is what holds without any.
pub fn difference<T, S: PartialEq>(
    history: impl IntoIterator<Item = T>,
    from: NaiveDate,
    effective_on: impl Fn(&T) -> NaiveDate,
    status: impl Fn(&T) -> S,
    initial: &S,
) -> Option<Difference<T>> {
    let (early, between): (Vec<T>, Vec<T>) =
        history.into_iter().partition(|assessment| effective_on(assessment) <= from);
    let before = early.into_iter().next_back();
    let last = between.last()?;
    let is_same = before
        .as_ref()
        .map_or_else(|| status(last) == *initial, |before| status(last) == status(before));
    (!is_same).then_some(Difference { before, between })
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::prelude::*;

    use super::*;

    fn on(number: u64) -> NaiveDate {
        NaiveDate::default() + Days::new(number)
    }

    proptest! {
        #[test]
        fn difference_is_there_when_the_statuses_of_the_two_days_differ(
            mut days in prop::collection::vec(0u64..10, 0..8), statuses in prop::collection::vec(0u8..3, 8), from in 0u64..10
        ) {
            days.sort_unstable();
            let history: Vec<(u64, u8)> = days.into_iter().zip(statuses).collect();
            let at = |day: u64| history.iter().rfind(|(since, _)| *since <= day).map_or(0, |(_, status)| *status);
            let found = difference(history.clone(), on(from), |said| on(said.0), |said| said.1, &0);
            prop_assert_eq!(found.is_some(), at(from) != at(9));
            if let Some(found) = found {
                prop_assert_eq!(found.before.map_or(0, |said| said.1), at(from));
                prop_assert!(found.between.iter().all(|said| said.0 > from));
                prop_assert_eq!(found.between.last().map(|said| said.1), Some(at(9)));
            }
        }
    }
}
