//! A reader for lines exactly as [`super::line::write`] makes them, several times as fast as a JSON parser.
//! It reads such a line as the JSON parser does, or gives it up to that.

use chrono::{DateTime, FixedOffset, NaiveDate};

use super::event::round;
use super::{Event, What};

/// The event of a line in our own form without escapes.
pub(super) fn read(line: &[u8]) -> Option<Event> {
    let mut at = Cursor(std::str::from_utf8(line).ok()?);
    at.skip("{\"id\":")?;
    let id = at.text()?.to_owned();
    at.skip(",\"t\":")?;
    let t = time(at.text()?.as_bytes())?;
    let o = match at.skip(",\"o\":") {
        Some(()) => Some(i64::try_from(at.number()?).ok()?),
        None => None,
    };
    let batch = at.optional(",\"b\":")?;
    at.skip(",\"e\":")?;
    let what = match at.text()? {
        "at" => What::At {
            lesson: at.field(",\"l\":")?,
            heading: at.optional(",\"h\":")?,
            fraction: at.share(",\"f\":")?,
            share: at.share(",\"p\":")?,
            seconds: at.small(",\"s\":")?,
        },
        "open" => What::Open { lesson: at.field(",\"l\":")?, version: at.version()? },
        "read" => What::Read { lesson: at.field(",\"l\":")?, version: at.version()? },
        "grade" => What::Grade {
            card: at.field(",\"c\":")?,
            grade: u8::try_from(at.small(",\"g\":")?)
                .ok()
                .filter(|grade| (1..=4).contains(grade))?,
            interval: at.small(",\"iv\":")?,
        },
        "mark" => {
            let lesson = at.field(",\"l\":")?;
            let read = at.skip(",\"read\":true").is_some();
            if !read {
                at.skip(",\"read\":false")?;
            }
            What::Mark { lesson, read }
        }
        "track" => What::Track { track: Some(at.field(",\"track\":")?) },
        "undo" => What::Undo { of: at.field(",\"of\":")? },
        _ => return None,
    };
    at.skip("}")?;
    (at.0.is_empty() && !id.is_empty()).then_some(Event { id, t, o, batch, what })
}

/// What is left of a line.
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn skip(&mut self, literal: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(literal)?;
        Some(())
    }

    /// A string without escapes.
    fn text(&mut self) -> Option<&'a str> {
        let inner = self.0.strip_prefix('"')?;
        let end = inner.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x1f))?;
        let (text, rest) = inner.split_at(end);
        self.0 = rest.strip_prefix('"')?;
        Some(text)
    }

    fn field(&mut self, name: &str) -> Option<String> {
        self.skip(name)?;
        self.text().map(str::to_owned)
    }

    /// `Some(None)` where the field is not there.
    #[expect(clippy::option_option, reason = "the outer one gives the line up, as everywhere here")]
    fn optional(&mut self, name: &str) -> Option<Option<String>> {
        match self.skip(name) {
            Some(()) => self.text().map(|text| Some(text.to_owned())),
            None => Some(None),
        }
    }

    /// Eight hex digits in lower case.
    #[expect(clippy::option_option, reason = "the outer one gives the line up, as everywhere here")]
    fn version(&mut self) -> Option<Option<u32>> {
        let Some(text) = self.optional(",\"v\":")? else { return Some(None) };
        let ours = text.len() == 8 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if ours { u32::from_str_radix(&text, 16).ok().map(Some) } else { None }
    }

    /// The digits at the front, at most 15: all such numbers are exact in a float too.
    fn digits(&mut self) -> Option<(u64, u32)> {
        let count = self.0.bytes().take_while(u8::is_ascii_digit).count();
        if count == 0 || count > 15 {
            return None;
        }
        let (digits, rest) = self.0.split_at(count);
        self.0 = rest;
        Some((digits.bytes().fold(0, |n, d| n * 10 + u64::from(d - b'0')), count as u32))
    }

    /// A whole number as JSON spells it: no sign, no zero before other digits.
    fn number(&mut self) -> Option<u64> {
        let zero = self.0.starts_with('0');
        let (number, count) = self.digits()?;
        (count == 1 || !zero).then_some(number)
    }

    fn small(&mut self, name: &str) -> Option<u32> {
        self.skip(name)?;
        u32::try_from(self.number()?).ok()
    }

    /// A number such as 0.371, with at most seven digits before and after the point, so that the
    /// division below is rounded once, as in any correct parser.
    fn share(&mut self, name: &str) -> Option<f64> {
        self.skip(name)?;
        let whole = self.number().filter(|whole| *whole < 10_000_000)?;
        if self.skip(".").is_none() {
            return Some(round(whole as f64));
        }
        let (part, count) = self.digits().filter(|(_, count)| *count <= 7)?;
        let scale = 10_u64.pow(count);
        Some(round((whole * scale + part) as f64 / scale as f64))
    }
}

/// `2026-11-24T21:03:07.412+01:00`, all 29 bytes of it.
fn time(text: &[u8]) -> Option<DateTime<FixedOffset>> {
    const FORM: &[u8; 29] = b"0000-00-00T00:00:00.000+00:00";
    let fits = |(byte, form): (&u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'+' => matches!(byte, b'+' | b'-'),
        _ => byte == form,
    };
    if text.len() != FORM.len() || !text.iter().zip(FORM).all(fits) {
        return None;
    }
    let number = |from: usize, to: usize| {
        text[from..to].iter().fold(0, |n: u32, digit| n * 10 + u32::from(digit - b'0'))
    };
    let date = NaiveDate::from_ymd_opt(number(0, 4) as i32, number(5, 7), number(8, 10))?;
    let local =
        date.and_hms_milli_opt(number(11, 13), number(14, 16), number(17, 19), number(20, 23))?;
    let (hours, minutes) = (number(24, 26), number(27, 29));
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = (hours * 3600 + minutes * 60) as i32;
    let offset = FixedOffset::east_opt(if text[23] == b'-' { -seconds } else { seconds })?;
    local.and_local_timezone(offset).single()
}
