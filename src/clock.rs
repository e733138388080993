//! The one place that reads the clock. `SDPREP_NOW` moves it.

use std::time::Instant;

use chrono::{DateTime, FixedOffset, Local};

use crate::error::{Exit, Failure, Outcome};

/// Tells the time; from a named moment on, it ticks on from there.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    moved: Option<(DateTime<FixedOffset>, Instant)>,
}

impl Clock {
    /// The clock of this process. `moved` is the value of `SDPREP_NOW`, in RFC 3339.
    ///
    /// # Errors
    /// The value is no RFC 3339 time, or no data directory is named beside it: simulated days must never
    /// land in the reader's own journal.
    pub fn new(moved: Option<&str>, data_dir_named: bool) -> Outcome<Self> {
        let Some(text) = moved else { return Ok(Clock { moved: None }) };
        if !data_dir_named {
            return Err(Failure::new(Exit::Usage, "SDPREP_NOW moves the clock, but no data directory is named")
                .hint("add --data-dir DIR (or SDPREP_DATA_DIR), so that simulated days stay out of your own journal"));
        }
        match DateTime::parse_from_rfc3339(text) {
            Ok(start) => Ok(Clock { moved: Some((start, Instant::now())) }),
            Err(cause) => {
                Err(Failure::new(Exit::Usage, format!("SDPREP_NOW: \"{text}\": {cause}"))
                    .hint("write it like 2026-11-24T21:03:00+01:00"))
            }
        }
    }

    /// Now, with the offset of the place (or of the named moment).
    pub fn now(&self) -> DateTime<FixedOffset> {
        match self.moved {
            #[allow(clippy::disallowed_methods)] // the one place
            None => Local::now().fixed_offset(),
            Some((start, since)) => {
                start + chrono::Duration::from_std(since.elapsed()).unwrap_or_default()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_moved_clock_needs_a_data_directory_of_its_own() {
        assert!(Clock::new(Some("2026-11-24T21:03:00+01:00"), false).is_err());
        let clock = Clock::new(Some("2026-11-24T21:03:00+01:00"), true).unwrap();
        assert!(clock.now().to_rfc3339().starts_with("2026-11-24T21:03:00"));
    }

    #[test]
    fn a_wrong_time_is_named() {
        let failure = Clock::new(Some("yesterday"), true).unwrap_err();
        assert!(failure.to_string().contains("\"yesterday\""), "{failure}");
    }
}
