//! What `check` says.

use std::fmt;

use crate::course::Course;

/// One thing that is wrong, or that an author should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// File name in the course's folder.
    pub file: String,
    /// Line, from 1; 0 if the file as a whole is meant.
    pub line: usize,
    /// Column, from 1, in diagrams.
    pub column: Option<usize>,
    /// `what is wrong; the mend`
    pub message: String,
}

impl fmt::Display for Finding {
    /// `9.md:12: …`, `9.md:12:20: …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:", self.file, self.line)?;
        if let Some(column) = self.column {
            write!(f, "{column}:")?;
        }
        write!(f, " {}", self.message)
    }
}

/// How much there is in a course.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs)] // their names say it
pub struct Counts {
    pub cards: usize,
    pub asks: usize,
    pub diagrams: usize,
    pub transcripts: usize,
    pub estimates: usize,
    pub rehearsals: usize,
    /// Links to lessons that are drafts.
    pub draft_links: usize,
    /// Links to labs that this program does not have.
    pub absent_labs: usize,
}

/// All that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What must be mended, by file and line.
    pub findings: Vec<Finding>,
    /// What should be looked at; never the exit code.
    pub warnings: Vec<Finding>,
    /// Lessons, without drafts.
    pub lessons: usize,
    /// Drafts.
    pub drafts: usize,
    /// How much there is.
    pub counts: Counts,
}

impl Report {
    /// For `--json`.
    pub fn data(&self) -> serde_json::Value {
        let list = |list: &[Finding]| -> serde_json::Value {
            let one = |it: &Finding| {
                serde_json::json!({
                    "file": it.file, "line": it.line, "column": it.column, "message": it.message,
                })
            };
            list.iter().map(one).collect()
        };
        let counts = &self.counts;
        serde_json::json!({
            "findings": list(&self.findings),
            "warnings": list(&self.warnings),
            "lessons": self.lessons,
            "drafts": self.drafts,
            "cards": counts.cards,
            "asks": counts.asks,
            "diagrams": counts.diagrams,
            "transcripts": counts.transcripts,
            "estimates": counts.estimates,
            "rehearsals": counts.rehearsals,
            "draft_links": counts.draft_links,
            "absent_labs": counts.absent_labs,
        })
    }
}

impl fmt::Display for Report {
    /// A line a finding, a line a warning, and a last line that counts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        for warning in &self.warnings {
            let Finding { message, .. } = warning;
            let message = format!("warning: {message}");
            writeln!(f, "{}", Finding { message, ..warning.clone() })?;
        }
        let many = |count: usize, one: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {one}s"),
        };
        let Counts {
            cards,
            asks,
            diagrams,
            transcripts,
            estimates,
            rehearsals,
            draft_links,
            absent_labs,
        } = self.counts;
        let parts = [
            many(self.lessons, "lesson"),
            many(self.drafts, "draft"),
            many(cards, "card"),
            many(asks, "ask"),
            many(diagrams, "diagram"),
            many(transcripts, "transcript"),
            many(estimates, "estimate"),
            many(rehearsals, "rehearsal"),
        ];
        writeln!(f, "{}", parts.join(", "))?;
        if draft_links + absent_labs > 0 {
            let labs = many(absent_labs, "link");
            writeln!(f, "{} to drafts, {labs} to labs not yet there", many(draft_links, "link"))?;
        }
        let (findings, warnings) = (self.findings.len(), self.warnings.len());
        writeln!(f, "{}, {}", many(findings, "finding"), many(warnings, "warning"))
    }
}

/// What the families have said so far.
#[derive(Debug, Default)]
pub struct Said {
    findings: Vec<Finding>,
    warnings: Vec<Finding>,
    pub counts: Counts,
}

impl Said {
    /// A finding.
    pub fn wrong(&mut self, file: &str, line: usize, message: impl Into<String>) {
        self.findings.push(finding(file, line, None, message.into()));
    }

    /// A finding at a column.
    pub fn wrong_at(&mut self, file: &str, (line, column): (usize, usize), message: String) {
        self.findings.push(finding(file, line, Some(column), message));
    }

    /// A warning.
    pub fn warn(&mut self, file: &str, line: usize, message: impl Into<String>) {
        self.warnings.push(finding(file, line, None, message.into()));
    }

    pub fn into_report(self, course: &Course) -> Report {
        let sorted = |mut list: Vec<Finding>| {
            list.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
            list.dedup();
            list
        };
        let lessons = course.listed().count();
        Report {
            findings: sorted(self.findings),
            warnings: sorted(self.warnings),
            lessons,
            drafts: course.lessons.len() - lessons,
            counts: self.counts,
        }
    }

    /// `line: message` of the findings, then `warning: line: message`.
    #[cfg(test)]
    pub fn lines(&self) -> Vec<String> {
        let line = |it: &Finding| match it.column {
            Some(column) => format!("{}:{column}: {}", it.line, it.message),
            None => format!("{}: {}", it.line, it.message),
        };
        let warnings = self.warnings.iter().map(|it| format!("warning: {}", line(it)));
        self.findings.iter().map(line).chain(warnings).collect()
    }
}

fn finding(file: &str, line: usize, column: Option<usize>, message: String) -> Finding {
    Finding { file: file.to_owned(), line, column, message }
}
