//! CommonMark's own examples: what a reader of ours sees against what a browser shows of the expected HTML.
//!
//! Both sides become a list of lines, one a block, with its containers, its kind, its words, and the
//! style and link of each. What differs on purpose stands in `differences.txt`.
#![allow(clippy::unwrap_used)]

mod html;
mod ours;
mod seen;

use std::collections::BTreeMap;
use std::fmt::Write;

use sdprep::markdown::parse;

#[derive(serde::Deserialize)]
struct Example {
    example: u32,
    section: String,
    markdown: String,
    html: String,
}

fn examples() -> Vec<Example> {
    let lines = include_str!("spec.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Reasons by number.
fn table() -> BTreeMap<u32, &'static str> {
    let mut reasons = BTreeMap::new();
    let lines = include_str!("differences.txt").lines();
    for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (numbers, reason) = line.split_once(": ").unwrap();
        for number in numbers.split(' ') {
            let before = reasons.insert(number.parse().unwrap(), reason);
            assert!(before.is_none(), "{number} stands there twice");
        }
    }
    reasons
}

#[test]
fn every_example_is_seen_as_in_a_browser_but_those_of_the_table() {
    let table = table();
    let (mut shown, mut wrong) = (String::new(), String::new());
    let examples = examples();
    assert_eq!(examples.len(), 652);
    for Example { example, section, markdown, html } in &examples {
        let (ours, theirs) = (ours::blocks(&parse(markdown, 1)), html::blocks(html));
        let entry = || {
            let (ours, theirs) = (ours.join("\n  "), theirs.join("\n  "));
            format!("{example} {section}: {markdown:?}\n  {ours}\n browser:\n  {theirs}\n")
        };
        match (ours == theirs, table.get(example)) {
            (true, None) => {}
            (false, Some(reason)) => {
                write!(shown, "{}", entry().replacen(':', &format!(" ({reason}):"), 1)).unwrap()
            }
            (false, None) => write!(wrong, "differs: {}", entry()).unwrap(),
            (true, Some(_)) => writeln!(wrong, "{example} no longer differs: take it out").unwrap(),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    insta::assert_snapshot!(shown);
}
