//! The day of the interview as somebody writes it.

use chrono::{Duration, NaiveDate};

/// A day and, if they were given, minutes a day.
pub type Written = (NaiveDate, Option<u32>);

/// Minutes that a day can have.
pub const MINUTES: std::ops::RangeInclusive<u32> = 5..=1440;

/// Takes `2026-12-15`, `2 weeks` or `10 days`, and minutes a day behind it, as in `2 weeks, 60 min`.
///
/// # Errors
/// What is wrong, in words.
pub fn read(text: &str, today: NaiveDate) -> Result<Written, String> {
    let wrong = || "write 2026-12-15 or 2 weeks; minutes a day may follow".to_string();
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let (first, rest) = words.split_first().ok_or_else(wrong)?;
    let (day, rest) = if let Ok(day) = first.parse::<NaiveDate>() {
        (day, rest)
    } else {
        let count: u16 = first.parse().map_err(|_| wrong())?;
        let (unit, rest) = rest.split_first().ok_or_else(wrong)?;
        let days = match unit.to_lowercase().as_str() {
            "d" | "day" | "days" => i64::from(count),
            "w" | "week" | "weeks" => i64::from(count) * 7,
            _ => return Err(wrong()),
        };
        (today + Duration::days(days), rest)
    };
    let minutes = match rest {
        [] => None,
        [minutes] | [minutes, "min" | "minutes"] => Some(minutes.parse().map_err(|_| wrong())?),
        _ => return Err(wrong()),
    };
    if let Some(minutes) = minutes.filter(|minutes| !MINUTES.contains(minutes)) {
        let (least, most) = (MINUTES.start(), MINUTES.end());
        return Err(format!("{minutes} minutes a day: {least} to {most} can be planned"));
    }
    possible(day, today)?;
    Ok((day, minutes))
}

/// Refuses a day that is past or further off than ten years.
///
/// # Errors
/// That, in words.
pub fn possible(day: NaiveDate, today: NaiveDate) -> Result<(), String> {
    match (day - today).num_days() {
        0..=3650 => Ok(()),
        _ => Err(format!("{day} is not in the next ten years")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_day_is_a_date_or_a_span_and_minutes_may_follow() {
        let date = |day| NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
        let today = date(1);
        assert_eq!(read("2026-12-15", today), Ok((date(15), None)));
        assert_eq!(read(" 2026-12-15, 60 min", today), Ok((date(15), Some(60))));
        assert_eq!(read("2 weeks 45", today), Ok((date(15), Some(45))));
        assert_eq!(read("10 Days", today), Ok((date(11), None)));
        assert_eq!(read("0 days", today), Ok((today, None)), "today is a day");
    }

    #[test]
    fn what_is_no_day_is_refused_in_words() {
        let today = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        let odd = ["", "soon", "2026-12-32", "2", "2 months", "2026-12-15 x", "2026-12-15 60 s"];
        for text in odd {
            assert!(read(text, today).unwrap_err().starts_with("write 2026-12-15"), "{text}");
        }
        assert!(read("2026-11-30", today).unwrap_err().contains("not in the next ten years"));
        assert!(read("9000 weeks", today).unwrap_err().contains("ten years"));
        assert!(read("2 weeks 3", today).unwrap_err().contains("5 to 1440"));
    }
}
