//! Weights fitted to the reader's own answers, when there are enough of them.

use chrono::NaiveDate;
use fsrs::{ComputeParametersInput, DEFAULT_PARAMETERS, FSRS, FSRSItem, compute_parameters};

use super::memory::reviews;
use crate::progress::CardHistory;

/// Answers after the first of a card, on another day than the one before, below which nothing is fitted.
pub const FEW: usize = 400;
/// Share of the answers, the newest, that both weights are tried on and that the first fit does not see.
const HELD_BACK: f64 = 0.2;

/// What a fit found.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// Answers that it was fitted to.
    pub answers: usize,
    /// Those held back, on which the errors below were measured.
    pub tried: usize,
    /// Root mean square of predicted minus real share known, over bins, with the weights in force.
    pub before: f64,
    /// The same with weights fitted to the older answers alone.
    pub after: f64,
    /// Weights fitted to all answers.
    pub weights: Vec<f32>,
}

/// Fits weights to histories and holds them against those in force.
///
/// # Errors
/// There are too few answers: so many. Or the fit came to nothing.
pub fn fit<'a>(
    histories: impl Iterator<Item = &'a CardHistory>,
    in_force: Option<&[f32]>,
) -> Result<Fitted, String> {
    let mut items: Vec<(NaiveDate, FSRSItem)> = Vec::new();
    for history in histories {
        let all = reviews(&history.answers);
        for (at, review) in all.iter().enumerate().skip(1).filter(|(_, r)| r.delta_t > 0) {
            debug_assert!(review.delta_t > 0);
            items.push((history.answers[at].date, FSRSItem { reviews: all[..=at].to_vec() }));
        }
    }
    if items.len() < FEW {
        return Err(format!("{} answers so far; {FEW} are enough to fit", items.len()));
    }
    // A map has no order: by day, then by what was answered, so that the same journal gives the same weights.
    items.sort_by(|a, b| {
        let key = |item: &FSRSItem| -> Vec<(u32, u32)> {
            item.reviews.iter().map(|r| (r.delta_t, r.rating)).collect()
        };
        a.0.cmp(&b.0).then_with(|| key(&a.1).cmp(&key(&b.1)))
    });
    let items: Vec<FSRSItem> = items.into_iter().map(|(_, item)| item).collect();
    let split = items.len() - (items.len() as f64 * HELD_BACK) as usize;
    let (older, newer) = items.split_at(split);
    let old = in_force.unwrap_or(&DEFAULT_PARAMETERS);
    Ok(Fitted {
        answers: items.len(),
        tried: newer.len(),
        before: error(old, newer)?,
        after: error(&weights(older)?, newer)?,
        weights: weights(&items)?,
    })
}

fn weights(items: &[FSRSItem]) -> Result<Vec<f32>, String> {
    let input = ComputeParametersInput {
        train_set: items.to_vec(),
        enable_short_term: true,
        ..ComputeParametersInput::default()
    };
    compute_parameters(input).map_err(|cause| format!("nothing could be fitted: {cause}"))
}

fn error(weights: &[f32], items: &[FSRSItem]) -> Result<f64, String> {
    let model = FSRS::new(weights).map_err(|cause| cause.to_string())?;
    let evaluation = model.evaluate(items.to_vec(), |_| true).map_err(|cause| cause.to_string())?;
    Ok(f64::from(evaluation.rmse_bins))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::dice::Dice;
    use crate::progress::Answered;
    use crate::recall::Model;
    use chrono::TimeDelta;

    /// A reader whose memories last a third of what the default weights say.
    fn forgetful(cards: usize) -> Vec<CardHistory> {
        let model = Model::default();
        let mut dice = Dice::new(5);
        let start = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let card = |n: usize| {
            let mut history = CardHistory::default();
            let mut date = start + TimeDelta::days((n % 30) as i64);
            let mut memory = None;
            for _ in 0..6 {
                let known = memory.is_none_or(|memory: crate::recall::Memory| {
                    let elapsed = 3 * (date - memory.last).num_days();
                    dice.chance(model.recall(&memory, memory.last + TimeDelta::days(elapsed)))
                });
                let grade = if known { 3 } else { 1 };
                let interval = model.intervals(memory.as_ref(), date, 0.9)[2];
                memory = model.after(memory, grade, date);
                history.answers.push(Answered { date, grade, interval });
                date += TimeDelta::days(i64::from(interval));
            }
            history
        };
        (0..cards).map(card).collect()
    }

    #[test]
    fn too_few_answers_are_said_to_be_too_few() {
        let said = fit(forgetful(10).iter(), None).unwrap_err();
        assert_eq!(said, "50 answers so far; 400 are enough to fit");
    }

    #[test]
    fn a_forgetful_reader_gets_shorter_intervals_and_better_predictions() {
        let histories = forgetful(200);
        let fitted = fit(histories.iter(), None).unwrap();
        assert!(fitted.after < 0.7 * fitted.before, "{} {}", fitted.before, fitted.after);
        let (own, default) = (Model::new(Some(&fitted.weights)), Model::default());
        let today = NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
        let good = |model: &Model| {
            let memory = model.memory(&histories[0].answers);
            model.intervals(memory.as_ref(), today, 0.9)[2]
        };
        assert!(good(&own) < good(&default), "{} {}", good(&own), good(&default));
        let again = fit(histories.iter().rev(), None).unwrap();
        assert_eq!(again.weights, fitted.weights, "in any order");
    }
}
