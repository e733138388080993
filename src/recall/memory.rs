//! The memory model: FSRS-6 as its authors wrote it (crate `fsrs`), with days and grades of ours.

use chrono::NaiveDate;
use fsrs::{DEFAULT_PARAMETERS, FSRS, FSRSItem, FSRSReview, MemoryState, current_retrievability};

use crate::progress::Answered;

/// Longest interval, days.
const LONGEST: u32 = 3650;

/// What is left of a card in the memory after its last answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Memory {
    /// Days after which 90 % are still known.
    pub stability: f32,
    /// 1 to 10.
    pub difficulty: f32,
    /// Day of the last answer.
    pub last: NaiveDate,
}

impl Memory {
    fn state(&self) -> MemoryState {
        MemoryState { stability: self.stability, difficulty: self.difficulty }
    }
}

/// FSRS-6 with 21 weights.
pub struct Model {
    fsrs: FSRS,
    decay: f32,
}

impl Default for Model {
    fn default() -> Self {
        Model::new(None)
    }
}

impl Model {
    /// With weights fitted to a reader, or the default ones. Weights that are no weights are left aside.
    pub fn new(weights: Option<&[f32]>) -> Self {
        let usable = weights
            .filter(|w| w.len() == DEFAULT_PARAMETERS.len() && w.iter().all(|w| w.is_finite()));
        let weights = usable.unwrap_or(&DEFAULT_PARAMETERS);
        let fsrs = FSRS::new(weights).unwrap_or_default();
        Model { fsrs, decay: weights[20] }
    }

    /// The state after some answers; none without any. Answers with a clock that went back count as of the same day.
    pub fn memory(&self, answers: &[Answered]) -> Option<Memory> {
        let last = answers.last()?.date;
        let reviews = reviews(answers);
        let state = self.fsrs.memory_state(FSRSItem { reviews }, None).ok()?;
        Some(Memory { stability: state.stability, difficulty: state.difficulty, last })
    }

    /// The state after one more answer; the same if the model cannot tell.
    pub fn after(&self, memory: Option<Memory>, grade: u8, date: NaiveDate) -> Option<Memory> {
        let elapsed = memory.map_or(0, |memory| days(memory.last, date));
        let next = self.fsrs.next_states(memory.map(|m| m.state()), 0.9, elapsed).ok();
        let next = next.map(|next| match grade {
            1 => next.again.memory,
            2 => next.hard.memory,
            3 => next.good.memory,
            _ => next.easy.memory,
        });
        match next {
            Some(state) => Some(Memory {
                stability: state.stability,
                difficulty: state.difficulty,
                last: date,
            }),
            None => memory.map(|memory| Memory { last: date, ..memory }),
        }
    }

    /// The chance that the card is known on a day: retrievability.
    pub fn recall(&self, memory: &Memory, date: NaiveDate) -> f64 {
        let elapsed = days(memory.last, date) as f32;
        f64::from(current_retrievability(memory.state(), elapsed, self.decay)).clamp(0.0, 1.0)
    }

    /// Days until the card comes again after each grade, if it is answered on a day: again is 0 (today), the others at
    /// least 1 and in order, easy a day above good. `retention` is the share that should still be known then.
    pub fn intervals(&self, memory: Option<&Memory>, date: NaiveDate, retention: f64) -> [u32; 4] {
        let elapsed = memory.map_or(0, |memory| days(memory.last, date));
        let states = self.fsrs.next_states(memory.map(Memory::state), retention as f32, elapsed);
        let Ok(states) = states else { return [0, 1, 1, 2] };
        let whole = |interval: f32| (interval.round().max(1.0) as u32).min(LONGEST);
        let hard = whole(states.hard.interval);
        let good = whole(states.good.interval).max(hard);
        let easy = whole(states.easy.interval).max((good + 1).min(LONGEST));
        [0, hard, good, easy]
    }
}

/// Days from one date to another; none backwards.
fn days(from: NaiveDate, to: NaiveDate) -> u32 {
    u32::try_from((to - from).num_days()).unwrap_or(0)
}

/// A history as the crate wants it.
pub(super) fn reviews(answers: &[Answered]) -> Vec<FSRSReview> {
    let mut before = None;
    answers
        .iter()
        .map(|answer| {
            let delta_t = before.map_or(0, |before| days(before, answer.date));
            before = Some(answer.date);
            FSRSReview { rating: u32::from(answer.grade), delta_t }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(739_000 + n as i32).unwrap()
    }

    /// Grades a card whenever it is due, and gives the intervals promised.
    fn play(grades: &[u8]) -> Vec<u32> {
        let model = Model::default();
        let (mut memory, mut today, mut promised) = (None, 0, Vec::new());
        for grade in grades {
            let interval =
                model.intervals(memory.as_ref(), day(today), 0.9)[usize::from(*grade) - 1];
            memory = model.after(memory, *grade, day(today));
            today += interval;
            promised.push(interval);
        }
        promised
    }

    /// The vector that the implementations of FSRS-6 share (py-fsrs, `test_memo_state`; fsrs-rs, `test_memory_state`).
    #[test]
    fn again_and_five_times_good_reach_the_state_of_the_reference_vector() {
        let at = [0, 0, 1, 4, 12, 33];
        let grades = [1, 3, 3, 3, 3, 3];
        let answers: Vec<Answered> = at
            .iter()
            .zip(grades)
            .map(|(at, grade)| Answered { date: day(*at), grade, interval: 0 })
            .collect();
        let memory = Model::default().memory(&answers).unwrap();
        assert!((memory.stability - 53.62691).abs() < 1e-3, "{memory:?}");
        assert!((memory.difficulty - 6.357_486_7).abs() < 1e-4, "{memory:?}");
    }

    // The formulas of FSRS-6 as its authors' wiki states them ("The Algorithm", FSRS-6), with the default weights,
    // computed apart from the crate: initial stability w0..w3, S'r on success, the power curve with decay w20.
    #[test]
    fn the_first_intervals_are_the_initial_stabilities() {
        assert_eq!(Model::default().intervals(None, day(0), 0.9), [0, 1, 2, 8]);
    }

    #[test]
    fn good_good_good_grows_as_the_published_formula_says() {
        let w = DEFAULT_PARAMETERS.map(f64::from);
        let factor = 0.9f64.powf(-1.0 / w[20]) - 1.0;
        let mut stability = w[2];
        let mut difficulty = w[4] - (w[5] * 2.0).exp() + 1.0;
        let mut expected = vec![stability.round() as u32];
        for _ in 0..4 {
            let elapsed = f64::from(*expected.last().unwrap());
            let recall = (1.0 + factor * elapsed / stability).powf(-w[20]);
            stability *= 1.0
                + w[8].exp()
                    * (11.0 - difficulty)
                    * stability.powf(-w[9])
                    * (((1.0 - recall) * w[10]).exp() - 1.0);
            let easy = w[4] - (w[5] * 3.0).exp() + 1.0;
            difficulty = (w[7] * easy + (1.0 - w[7]) * difficulty).clamp(1.0, 10.0);
            expected.push(stability.round() as u32);
        }
        assert_eq!(play(&[3, 3, 3, 3, 3]), expected);
        assert!(expected.windows(2).all(|pair| pair[0] < pair[1]), "{expected:?}");
    }

    #[test]
    fn again_is_today_and_the_next_good_is_shorter_than_it_would_have_been() {
        let lapsed = play(&[3, 3, 3, 1, 3]);
        let kept = play(&[3, 3, 3, 3]);
        assert_eq!(lapsed[3], 0);
        assert!(lapsed[4] < kept[3], "{lapsed:?} {kept:?}");
    }

    #[test]
    fn replaying_a_history_gives_the_state_of_its_steps() {
        let model = Model::default();
        let history = [(0, 3), (2, 2), (2, 1), (2, 3), (9, 4)];
        let answers: Vec<Answered> = history
            .iter()
            .map(|(at, grade)| Answered { date: day(*at), grade: *grade, interval: 0 })
            .collect();
        let mut memory = None;
        for answer in &answers {
            memory = model.after(memory, answer.grade, answer.date);
        }
        let (a, b) = (model.memory(&answers).unwrap(), memory.unwrap());
        assert!((a.stability - b.stability).abs() < 1e-3 && a.last == day(9), "{a:?} {b:?}");
    }

    #[test]
    fn after_its_stability_nine_of_ten_are_known_and_intervals_stay_in_order() {
        let model = Model::default();
        for (stability, difficulty) in [(0.01, 10.0), (1.0, 5.0), (200.0, 1.0), (36_500.0, 10.0)] {
            let memory = Memory { stability, difficulty, last: day(0) };
            let exact = f64::from(current_retrievability(memory.state(), stability, model.decay));
            assert!((exact - 0.9).abs() < 1e-3);
            for retention in [0.7, 0.9, 0.99] {
                let [again, hard, good, easy] = model.intervals(Some(&memory), day(30), retention);
                assert!(again == 0 && 1 <= hard && hard <= good && good <= easy && easy <= LONGEST);
            }
        }
    }

    #[test]
    fn weights_that_are_none_are_left_aside_and_a_clock_that_went_back_is_no_time() {
        let broken = [f32::NAN; 21];
        for weights in [&broken[..], &[1.0; 3][..]] {
            assert_eq!(Model::new(Some(weights)).intervals(None, day(0), 0.9), [0, 1, 2, 8]);
        }
        let memory = Model::default().after(None, 3, day(5));
        assert!((Model::default().recall(&memory.unwrap(), day(1)) - 1.0).abs() < 1e-9);
    }
}
