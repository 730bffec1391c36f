//! Comparisons of two days.

use chrono::NaiveDate;

/// The changes of one record between two days. `T` is an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference<T> {
    /// The assessment in force at the end of the first day.
    pub before: Option<T>,
    /// The assessments that took effect later, up to the end of the second day, in order. The last one is in force on
    /// the second day.
    pub between: Vec<T>,
}

/// Splits a history at the end of the day `from`. `history` contains the assessments of one record by one holder up to
/// the second day, in the order in which they took effect.
///
/// `None` if the status on the second day is the same as at the end of `from`. `status` returns the status of an
/// assessment; `initial` is the status without an assessment.
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
        fn difference_exists_when_the_statuses_of_the_two_days_differ(
            mut days in prop::collection::vec(0u64..10, 0..8), statuses in prop::collection::vec(0u8..3, 8), from in 0u64..10
        ) {
            days.sort_unstable();
            let history: Vec<(u64, u8)> = days.into_iter().zip(statuses).collect();
            let at = |day: u64| history.iter().rfind(|(since, _)| *since <= day).map_or(0, |(_, status)| *status);
            let result = difference(history.clone(), on(from), |assessment| on(assessment.0), |assessment| assessment.1, &0);
            prop_assert_eq!(result.is_some(), at(from) != at(9));
            if let Some(difference) = result {
                prop_assert_eq!(difference.before.map_or(0, |assessment| assessment.1), at(from));
                prop_assert!(difference.between.iter().all(|assessment| assessment.0 > from));
                prop_assert_eq!(difference.between.last().map(|assessment| assessment.1), Some(at(9)));
            }
        }
    }
}
