//! Stated and measured reading time.

use super::lesson::Lesson;
use super::report::Said;

/// Words a minute, as in the measure.
const WORDS: f64 = 200.0;
/// How far the measured time may be from the stated one.
const ALLOWED: f64 = 0.15;

/// Holds the measured minutes within 15 % of the stated ones.
pub fn check(lesson: &Lesson, said: &mut Said) {
    let (measured, stated) = (lesson.entry.measured_minutes(), f64::from(lesson.entry.minutes));
    let off = measured / stated - 1.0;
    if !off.is_finite() || off.abs() <= ALLOWED {
        return;
    }
    // To the nearer end of what is allowed, in tens of words.
    let edge = stated * (1.0 + ALLOWED.copysign(off));
    let words = (((measured - edge).abs() * WORDS / 10.0).round() * 10.0).max(10.0);
    let mend = if off > 0.0 {
        format!("cut about {words} words")
    } else {
        format!("about {words} words are missing")
    };
    let message = format!(
        "measures {measured:.1} min, states {stated} ({:+.0} %, 15 % allowed); {mend}",
        off * 100.0
    );
    said.wrong(lesson.file(), lesson.front_line("minutes"), message);
}

#[cfg(test)]
mod tests {
    use super::super::lesson::said;
    use super::check;

    fn words(count: usize) -> String {
        "word ".repeat(count)
    }

    #[test]
    fn the_measure_may_be_15_per_cent_off() {
        // The title of the sources counts nothing; 9 minutes are 1,800 words.
        for held in [1540, 1800, 2060] {
            assert_eq!(said(&words(held), check), [""; 0], "{held}");
        }
        assert_eq!(
            said(&words(2240), check),
            ["7: measures 11.2 min, states 9 (+24 %, 15 % allowed); cut about 170 words"]
        );
        assert_eq!(
            said(&words(1200), check),
            ["7: measures 6.0 min, states 9 (-33 %, 15 % allowed); about 330 words are missing"]
        );
    }
}
