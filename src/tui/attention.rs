//! How long the reader has been active, and when position and time go into the journal.
//!
//! Active: the time since the last key counts up to what the visible words take at 120 words a minute, at
//! most 180 s. Saved 2 s after the last move, every 10 s while moves go on, every 30 s for time alone.

/// Slow reading, in words a second: nobody needs longer for what is on the screen.
const SLOW: f64 = 120.0 / 60.0;
const MOST: f64 = 180.0;
const REST: f64 = 2.0;
const MOVING: f64 = 10.0;
const STILL: f64 = 30.0;

/// Times are seconds on a clock that only goes forward.
#[derive(Debug, Clone, Copy)]
pub struct Attention {
    last_key: f64,
    cap: f64,
    counted: f64,
    unsaved: f64,
    saved_at: f64,
    moved: Option<(f64, f64)>,
}

impl Attention {
    /// Begins at a time.
    pub fn new(now: f64) -> Self {
        Attention {
            last_key: now,
            cap: 0.0,
            counted: 0.0,
            unsaved: 0.0,
            saved_at: now,
            moved: None,
        }
    }

    /// Counts the time that has passed.
    pub fn tick(&mut self, now: f64) {
        let since_key = (now - self.last_key).clamp(0.0, self.cap);
        self.unsaved += (since_key - self.counted).max(0.0);
        self.counted = since_key;
    }

    /// A key was pressed, with so many words on the screen after it.
    pub fn key(&mut self, now: f64, words: usize) {
        self.tick(now);
        self.last_key = now;
        self.counted = 0.0;
        self.cap = (words as f64 / SLOW).min(MOST);
    }

    /// The position changed.
    pub fn moved(&mut self, now: f64) {
        let first = self.moved.map_or(now, |(first, _)| first);
        self.moved = Some((first, now));
    }

    /// Active seconds not saved yet.
    pub fn unsaved(&self) -> f64 {
        self.unsaved
    }

    /// When something will have to be saved, if nothing else happens.
    pub fn deadline(&self) -> Option<f64> {
        match self.moved {
            Some((first, last)) => Some((last + REST).min(first.max(self.saved_at) + MOVING)),
            None if self.counted < self.cap || self.unsaved >= 1.0 => {
                let end = self.last_key + self.cap;
                Some((self.saved_at + STILL).min(end.max(self.saved_at + REST)))
            }
            None => None,
        }
    }

    /// Whether to save now.
    pub fn due(&self, now: f64) -> bool {
        self.deadline().is_some_and(|deadline| now >= deadline)
            && (self.moved.is_some() || self.unsaved >= 1.0)
    }

    /// Whole seconds to save; what is left is kept.
    pub fn take(&mut self, now: f64) -> u32 {
        let whole = self.unsaved.floor();
        self.unsaved -= whole;
        self.saved_at = now;
        self.moved = None;
        whole as u32
    }

    /// The next time at which so many unsaved seconds will be reached, if no key is pressed before.
    pub fn reaches(&self, seconds: f64) -> Option<f64> {
        let missing = seconds - self.unsaved;
        (missing <= self.cap - self.counted).then_some(self.last_key + self.counted + missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_without_keys_counts_only_as_long_as_the_words_take() {
        let mut attention = Attention::new(0.0);
        attention.key(0.0, 60); // 30 s at 120 words a minute
        attention.tick(1000.0);
        assert!((attention.unsaved() - 30.0).abs() < 1e-9);
        attention.key(1000.0, 100_000);
        attention.tick(2000.0);
        assert!((attention.unsaved() - 210.0).abs() < 1e-9, "at most 180 s a key");
    }

    #[test]
    fn a_move_is_saved_two_seconds_after_the_last_and_every_ten_while_moving() {
        let mut attention = Attention::new(0.0);
        attention.key(0.0, 100);
        let mut saves = Vec::new();
        for tenth in 0..400 {
            let now = f64::from(tenth) / 10.0;
            if tenth % 10 == 0 && now <= 15.0 {
                attention.key(now, 100);
                attention.moved(now);
            }
            attention.tick(now);
            if attention.due(now) {
                saves.push(now);
                attention.take(now);
            }
        }
        assert_eq!(saves[..2], [10.0, 17.0]);
    }

    #[test]
    fn a_screen_nobody_looks_at_asks_for_no_wake_up() {
        let mut attention = Attention::new(0.0);
        attention.key(0.0, 100);
        let mut wakes = 0;
        while let Some(deadline) = attention.deadline() {
            attention.tick(deadline);
            assert!(attention.due(deadline), "an early wake-up spins");
            attention.take(deadline);
            wakes += 1;
            assert!(wakes < 10);
        }
        assert_eq!(wakes, 2); // 50 s: after 30 s, and at the end
    }
}
