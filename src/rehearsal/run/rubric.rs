//! What is ticked: lines of a rubric, planted weaknesses.

use super::{Run, Stage, Step};

impl Run {
    /// Whether there are lines to tick now, and none is.
    pub fn nothing_ticked(&self) -> bool {
        let lines = match self.stage {
            Stage::Compare(at) => self.ticks.get(at),
            Stage::Flaws(true) => Some(&self.flaws),
            _ => None,
        };
        lines.is_some_and(|lines| !lines.is_empty() && !lines.contains(&true))
    }

    /// Rubric lines of a phase with their level and whether they are ticked.
    pub fn rubric(&self, phase: usize) -> Vec<(usize, &str, bool)> {
        let Some(of) = self.phases.get(phase) else { return Vec::new() };
        let lines = [&of.mid, &of.senior, &of.staff].into_iter().enumerate();
        let lines = lines.flat_map(|(level, lines)| lines.iter().map(move |line| (level, line)));
        lines
            .zip(&self.ticks[phase])
            .map(|((level, line), ticked)| (level, line.value.as_str(), *ticked))
            .collect()
    }

    /// Ticks a line of a rubric, or not.
    pub fn toggle(&mut self, phase: usize, line: usize) {
        if let Some(ticked) = self.ticks.get_mut(phase).and_then(|lines| lines.get_mut(line)) {
            *ticked = !*ticked;
        }
    }

    /// The weaknesses with whether they were named.
    pub fn flaws(&self) -> Vec<(&str, bool)> {
        let flaws = self.script.flaws.iter().flat_map(|flaws| &flaws.flaws);
        flaws.zip(&self.flaws).map(|(flaw, named)| (flaw.value.as_str(), *named)).collect()
    }

    /// Ticks a weakness, or not.
    pub fn toggle_flaw(&mut self, at: usize) {
        if let Some(named) = self.flaws.get_mut(at) {
            *named = !*named;
        }
    }

    pub(super) fn flaws_step(&self) -> Step {
        let got = self.flaws.iter().filter(|named| **named).count() as u32;
        Step::Flaws { got, of: self.flaws.len() as u32 }
    }

    pub(super) fn tick_step(&self, phase: usize) -> Step {
        let (mut got, mut of) = ([0; 3], [0; 3]);
        for (level, _, ticked) in self.rubric(phase) {
            got[level] += u32::from(ticked);
            of[level] += 1;
        }
        Step::Tick { phase: self.phases[phase].name.value.clone(), got, of }
    }
}
