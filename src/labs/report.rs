//! What a run says.

/// The result of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// What the reader's prediction is held against.
    pub answer: Answer,
    /// The quantity of the claim as the theory has it; none where there is no formula.
    pub theory: Option<f64>,
    /// The same quantity as it came out.
    pub measured: f64,
    /// Of both: `%`, `ms`, empty.
    pub unit: &'static str,
    /// Whether theory and measurement agree within the tolerance that `verdict` states.
    pub holds: bool,
    /// Why it holds, or by how much it does not: one sentence, with the tolerance.
    pub verdict: String,
    /// Heads of the columns of `rows`; the first column names the row.
    pub head: Vec<&'static str>,
    /// At most 14 rows of at most 6 columns.
    pub rows: Vec<Vec<Cell>>,
    /// Drawn as bars.
    pub chart: Option<Chart>,
    /// Measured on this machine's clock, so that another run differs.
    pub here: bool,
    /// The run was stopped before its end.
    pub partial: bool,
}

/// What came out, in the form of the question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Answer {
    /// For a number.
    Number(f64),
    /// Index of the option that is right.
    Choice(usize),
}

/// One cell of the table.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number, and how it is shown: `Number(9.2, "9.2 %")`.
    Number(f64, String),
}

impl Cell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Cell {
        Cell::Text(text.into())
    }

    /// A number with so many digits after the point and a unit (may be empty).
    pub fn number(value: f64, digits: usize, unit: &str) -> Cell {
        let blank = if unit.is_empty() { "" } else { " " };
        Cell::Number(value, format!("{}{blank}{unit}", crate::text::grouped(value, digits)))
    }

    /// As it is shown.
    pub fn shown(&self) -> &str {
        match self {
            Cell::Text(text) | Cell::Number(_, text) => text,
        }
    }
}

/// Bars, longest first or in an order that means something.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What the bars are.
    pub title: String,
    /// Name, value and how it is shown; at most 16.
    pub bars: Vec<(String, f64, String)>,
}
