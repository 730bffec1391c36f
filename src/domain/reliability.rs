//! Reliability of codings: the agreement between coders who coded the same clauses without seeing each other's codings.

use super::status::ClauseStatus;
use super::string_enum::string_enum;

/// The number of levels of the ordinal scale.
pub const LEVELS: usize = 4;

/// The level of a status in the ordinal scale `NOT_STARTED` < `MINIMAL` < `PARTIAL` < `COMPLETE`, from 0. `None` for statuses
/// outside the scale, which do not state a degree of progress: a clause can be breached or suspended at any level.
#[must_use]
pub fn level(status: ClauseStatus) -> Option<usize> {
    match status {
        ClauseStatus::NotStarted => Some(0),
        ClauseStatus::Minimal => Some(1),
        ClauseStatus::Partial => Some(2),
        ClauseStatus::Complete => Some(3),
        _ => None,
    }
}

string_enum! {
    /// The reason why alpha is undefined.
    Undefined {
        /// No clause has two codings on the scale.
        NoPairs = "no_pairs",
        /// All codings have the same level, so the expected disagreement is zero.
        NoVariation = "no_variation",
    }
}

/// The number of times that each level was assigned.
type Counts = [f64; LEVELS];

/// Krippendorff's alpha for ordinal data. Each unit contains the [levels](level) that its coders assigned. A coder who
/// assigned no level is omitted. 1 is perfect agreement, 0 is the agreement that is expected by chance, and negative
/// values are systematic disagreement.
///
/// The definition is from K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section D, and *Content
/// Analysis* (2004), chapter 11:
///
/// > α = 1 − (n − 1) · Σᵤ (1 / (mᵤ − 1)) Σ꜀₍ₖ nᵤ꜀ · nᵤₖ · δ²꜀ₖ  /  Σ꜀₍ₖ n꜀ · nₖ · δ²꜀ₖ
///
/// Here nᵤ꜀ counts the level c in unit u, mᵤ is the number of levels in unit u, and n꜀ and n are the sums over all units
/// with at least two levels. δ꜀ₖ is the number of values from level c to level k, where the values at c and at k count half.
/// It equals the difference between the mean ranks of the two levels.
///
/// # Errors
/// The reason why alpha is undefined.
pub fn alpha(units: &[Vec<usize>]) -> Result<f64, Undefined> {
    let units: Vec<Counts> =
        units.iter().map(|levels| counts(levels)).filter(|unit| total(unit) >= 2.0).collect();
    if units.is_empty() {
        return Err(Undefined::NoPairs);
    }
    let mut all = Counts::default();
    for unit in &units {
        all.iter_mut().zip(unit).for_each(|(sum, count)| *sum += count);
    }
    let mean_ranks = mean_ranks(&all);
    let expected = disagreement(&all, &mean_ranks);
    if expected == 0.0 {
        return Err(Undefined::NoVariation);
    }
    let of_unit = |unit: &Counts| disagreement(unit, &mean_ranks) / (total(unit) - 1.0);
    let observed: f64 = units.iter().map(of_unit).sum();
    Ok(1.0 - (total(&all) - 1.0) * observed / expected)
}

fn counts(levels: &[usize]) -> Counts {
    let mut counts = Counts::default();
    for level in levels {
        if let Some(count) = counts.get_mut(*level) {
            *count += 1.0;
        }
    }
    counts
}

fn total(counts: &Counts) -> f64 {
    counts.iter().sum()
}

/// The mean rank of the values of each level among all sorted values.
fn mean_ranks(counts: &Counts) -> Counts {
    let mut below = 0.0;
    counts.map(|count| {
        let rank = below + count / 2.0;
        below += count;
        rank
    })
}

/// The sum, over all pairs of different levels, of the product of their two counts and the squared difference of their mean
/// ranks.
fn disagreement(counts: &Counts, mean_ranks: &Counts) -> f64 {
    let levels = || counts.iter().zip(mean_ranks);
    let with_higher = |(index, (count, rank)): (usize, (&f64, &f64))| -> f64 {
        let higher = levels().skip(index + 1);
        higher.map(|(other, other_rank)| count * other * (other_rank - rank).powi(2)).sum()
    };
    levels().enumerate().map(with_higher).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tables() -> impl Strategy<Value = Vec<Vec<usize>>> {
        prop::collection::vec(prop::collection::vec(0..LEVELS, 0..5), 0..20)
    }

    #[test]
    fn alpha_of_a_table_with_missing_values_is_that_of_the_reference_implementation() {
        // The eleven units of Krippendorff (2011), section C, without values above 4. The expected value is from the Python
        // package krippendorff 0.9.0.
        let units = [
            vec![1, 1, 1],
            vec![2, 2, 3, 2],
            vec![3, 3, 3, 3],
            vec![3, 3, 3, 3],
            vec![2, 2, 2, 2],
            vec![1, 2, 3, 4],
            vec![4, 4, 4, 4],
            vec![1, 1, 2, 1],
            vec![2, 2, 2, 2],
            vec![1, 1, 1],
            vec![3],
        ];
        let units = units.map(|unit| unit.iter().map(|value| value - 1).collect::<Vec<usize>>());
        assert!((alpha(&units).unwrap() - 0.773_904_940_392_524_4).abs() < 1e-12);
    }

    #[test]
    fn levels_are_those_of_the_ordinal_scale() {
        let scale = [
            ClauseStatus::NotStarted,
            ClauseStatus::Minimal,
            ClauseStatus::Partial,
            ClauseStatus::Complete,
        ];
        assert_eq!(scale.map(level), [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!([ClauseStatus::Breached, ClauseStatus::Suspended].map(level), [None, None]);
    }

    #[test]
    fn alpha_is_undefined_without_pairs_and_without_variation() {
        assert_eq!(alpha(&[]), Err(Undefined::NoPairs));
        assert_eq!(alpha(&[vec![1], vec![2], vec![]]), Err(Undefined::NoPairs));
        assert_eq!(alpha(&[vec![1, 1], vec![2], vec![1, 1, 1]]), Err(Undefined::NoVariation));
    }

    #[test]
    fn distant_levels_disagree_more_than_neighbours() {
        let rest = [vec![0, 0], vec![1, 1], vec![2, 2], vec![3, 3]];
        let with = |unit: Vec<usize>| alpha(&[rest.as_slice(), &[unit]].concat()).unwrap();
        assert!(with(vec![0, 3]) < with(vec![0, 2]) && with(vec![0, 2]) < with(vec![0, 1]));
    }

    proptest! {
        #[test]
        fn perfect_agreement_is_one(units in prop::collection::vec((0..LEVELS, 2usize..5), 2..20)) {
            prop_assume!(units.iter().any(|(level, _)| *level != units[0].0));
            let units: Vec<Vec<usize>> = units.into_iter().map(|(level, coders)| vec![level; coders]).collect();
            prop_assert_eq!(alpha(&units), Ok(1.0));
        }

        #[test]
        fn order_of_coders_and_units_changes_nothing(units in tables()) {
            let reversed = |unit: &Vec<usize>| unit.iter().rev().copied().collect();
            let other: Vec<Vec<usize>> = units.iter().rev().map(reversed).collect();
            match (alpha(&units), alpha(&other)) {
                (Ok(one), Ok(two)) => prop_assert!((one - two).abs() < 1e-9, "{one} {two}"),
                (one, two) => prop_assert_eq!(one, two),
            }
        }

        #[test]
        fn units_with_one_coding_change_nothing(units in tables(), single in 0..LEVELS) {
            let more = [units.as_slice(), &[vec![single], vec![]]].concat();
            prop_assert_eq!(alpha(&more), alpha(&units));
        }

        #[test]
        fn reversal_of_the_scale_changes_nothing(units in tables()) {
            let reversed: Vec<Vec<usize>> =
                units.iter().map(|unit| unit.iter().map(|level| LEVELS - 1 - level).collect()).collect();
            match (alpha(&units), alpha(&reversed)) {
                (Ok(one), Ok(two)) => prop_assert!((one - two).abs() < 1e-9, "{one} {two}"),
                (one, two) => prop_assert_eq!(one, two),
            }
        }

        #[test]
        fn alpha_is_at_most_one(units in tables()) {
            if let Ok(alpha) = alpha(&units) {
                prop_assert!(alpha <= 1.0);
            }
        }
    }
}
