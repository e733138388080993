//! A report as lines of text: the table and the bars, for the screen and for a pipe.

use super::{Cell, Report};
use crate::text;

/// The table: head and rows, each cell padded to its column; numbers stand at the right of theirs.
pub fn table(report: &Report) -> Vec<String> {
    let columns = report.head.len();
    let width = |at: usize| {
        let cells = report.rows.iter().filter_map(|row| row.get(at)).map(Cell::shown);
        cells.chain([report.head[at]]).map(text::width).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let right = |at: usize| {
        report
            .rows
            .iter()
            .filter_map(|row| row.get(at))
            .any(|cell| matches!(cell, Cell::Number(..)))
    };
    let rights: Vec<bool> = (0..columns).map(right).collect();
    let line = |cells: Vec<&str>| -> String {
        let mut line = String::new();
        for (at, cell) in cells.into_iter().enumerate().take(columns) {
            let pad = " ".repeat(widths[at].saturating_sub(text::width(cell)));
            line.push_str(if at == 0 { "" } else { "  " });
            let cell = if rights[at] { format!("{pad}{cell}") } else { format!("{cell}{pad}") };
            line.push_str(&cell);
        }
        line.trim_end().to_string()
    };
    let mut lines = Vec::new();
    if report.head.iter().any(|head| !head.is_empty()) {
        lines.push(line(report.head.clone()));
    }
    lines.extend(report.rows.iter().map(|row| line(row.iter().map(Cell::shown).collect())));
    lines
}

/// The bars: label, bar and value, the longest as wide as `width` allows.
pub fn bars(report: &Report, width: usize) -> Vec<(String, String, String)> {
    let Some(chart) = &report.chart else { return Vec::new() };
    let widest = |texts: &mut dyn Iterator<Item = &str>| texts.map(text::width).max().unwrap_or(0);
    let label = widest(&mut chart.bars.iter().map(|(label, ..)| label.as_str()));
    let shown = widest(&mut chart.bars.iter().map(|(.., shown)| shown.as_str()));
    let room = width.saturating_sub(label + shown + 4).clamp(1, 60);
    let most = chart.bars.iter().map(|(_, value, _)| *value).fold(0.0, f64::max);
    chart
        .bars
        .iter()
        .map(|(name, value, said)| {
            let share = if most > 0.0 { (value / most).clamp(0.0, 1.0) } else { 0.0 };
            // Something is never drawn as nothing.
            let cells = ((share * room as f64).round() as usize).max(usize::from(*value > 0.0));
            let pad = " ".repeat(label.saturating_sub(text::width(name)));
            (format!("{name}{pad}"), "━".repeat(cells), said.clone())
        })
        .collect()
}

/// How far off a prediction of a number was: the larger over the smaller, 1 where they agree; none where one of them is
/// not above 0 and they differ.
pub fn factor(predicted: f64, measured: f64) -> Option<f64> {
    if (predicted - measured).abs() < 1e-9 {
        return Some(1.0);
    }
    (predicted > 0.0 && measured > 0.0).then(|| (predicted / measured).max(measured / predicted))
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, Chart};
    use super::*;

    fn report() -> Report {
        Report {
            answer: Answer::Number(1.0),
            theory: None,
            measured: 1.0,
            unit: "",
            holds: true,
            verdict: String::new(),
            head: vec!["", "moved"],
            rows: vec![
                vec![Cell::text("modulo"), Cell::number(90.8, 1, "%")],
                vec![Cell::text("ring"), Cell::number(8.6, 1, "%")],
            ],
            chart: Some(Chart {
                title: "moved".into(),
                bars: vec![
                    ("modulo".into(), 90.8, "90.8 %".into()),
                    ("ring".into(), 0.1, "0.1 %".into()),
                    ("none".into(), 0.0, "0 %".into()),
                ],
            }),
            here: false,
            partial: false,
        }
    }

    #[test]
    fn numbers_stand_at_the_right_of_their_column() {
        assert_eq!(table(&report()), ["         moved", "modulo  90.8 %", "ring     8.6 %"]);
    }

    #[test]
    fn the_longest_bar_fills_the_room_and_a_little_is_not_nothing() {
        let bars = bars(&report(), 30);
        let cells: Vec<usize> = bars.iter().map(|(_, bar, _)| bar.chars().count()).collect();
        assert_eq!(cells, [14, 1, 0]);
        assert_eq!(bars[1].0, "ring  ");
    }

    #[test]
    fn a_prediction_is_graded_by_its_ratio() {
        assert_eq!(factor(20.0, 10.0), Some(2.0));
        assert_eq!(factor(5.0, 10.0), Some(2.0));
        assert_eq!((factor(0.0, 0.0), factor(0.0, 3.0)), (Some(1.0), None));
    }
}
