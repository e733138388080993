//! The reader's own pace: active time of the lessons read, over the time that they measure.

/// Minutes at the measured pace that are put to the reader's own before they have read anything: one lesson read in
/// a train must not halve all estimates. Assumed.
const PRIOR: f64 = 20.0 * 60.0;
/// Beyond these a lesson was not read but left open, or skimmed.
const RANGE: std::ops::RangeInclusive<f64> = 0.4..=2.5;

/// Seconds of lessons read to their end: as measured, and as active until then.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pace {
    measured: f64,
    active: f64,
    /// Lessons in it.
    pub lessons: u32,
}

impl Pace {
    /// A lesson that was read: seconds that it measures, and that the reader was active in it.
    pub(super) fn read(&mut self, measured: u32, active: u32) {
        let (measured, active) = (f64::from(measured), f64::from(active));
        if measured > 0.0 && RANGE.contains(&(active / measured)) {
            self.measured += measured;
            self.active += active;
            self.lessons += 1;
        }
    }

    /// What measured time is multiplied by to be this reader's: 1 without any lesson, 1.3 for one who takes longer.
    pub fn factor(&self) -> f64 {
        (self.active + PRIOR) / (self.measured + PRIOR)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_is_learned_from_what_was_read_and_not_from_what_was_left_open() {
        let mut pace = Pace::default();
        assert!((pace.factor() - 1.0).abs() < 1e-9);
        pace.read(1200, 1800);
        assert!(
            (pace.factor() - 3000.0 / 2400.0).abs() < 1e-9,
            "half of the weight is the prior's"
        );
        pace.read(1200, 36_000);
        pace.read(1200, 60);
        assert_eq!(pace.lessons, 1, "thirty times as long, or a twentieth, is no reading");
    }
}
