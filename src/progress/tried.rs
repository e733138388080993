//! What the journal says of labs and of own estimates.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::journal::{Event, What};

/// One run of a lab.
#[derive(Debug, Clone, PartialEq)]
pub struct LabRun {
    /// Day.
    pub date: NaiveDate,
    /// The lab's name.
    pub lab: String,
    /// Knobs that were not left as they come.
    pub knobs: Vec<(String, String)>,
    /// Seed.
    pub seed: u64,
    /// Before the run; none was skipped.
    pub predicted: Option<f64>,
    /// What the prediction is held against.
    pub measured: f64,
    /// Whether theory and measurement agreed.
    pub holds: bool,
}

impl LabRun {
    pub(super) fn of(event: &Event, date: NaiveDate) -> Option<LabRun> {
        let What::Lab { lab, knobs, seed, predicted, measured, holds } = &event.what else {
            return None;
        };
        Some(LabRun {
            date,
            lab: lab.clone(),
            knobs: knobs.clone(),
            seed: *seed,
            predicted: *predicted,
            measured: *measured,
            holds: *holds,
        })
    }
}

/// Inputs that the reader has set, by lesson and estimate; the scratch sheet has no lesson.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnEstimates(HashMap<(String, String), Vec<(String, String)>>);

impl OwnEstimates {
    pub(super) fn take(&mut self, lesson: String, name: &str, set: &[(String, String)]) {
        let key = (lesson, name.to_string());
        if set.is_empty() {
            self.0.remove(&key);
        } else {
            self.0.insert(key, set.to_vec());
        }
    }

    /// Own inputs of an estimate; empty where the course's are in force.
    pub fn of(&self, lesson: &str, name: &str) -> &[(String, String)] {
        self.0.get(&(lesson.to_string(), name.to_string())).map_or(&[], Vec::as_slice)
    }
}
