//! `CommonMark`'s own examples: what a reader of ours sees against what a browser shows of the expected HTML.
//!
//! Both sides become a list of lines, one a block, with its containers, its kind, its words, and the
//! style and link of each. What differs on purpose stands in `differences.txt`.
#![allow(clippy::unwrap_used)]

#[path = "../../fuzz/bodies.rs"]
mod bodies;
mod html;
mod ours;
mod seen;

use std::collections::BTreeMap;
use std::fmt::Write;

use sdprep::markdown::parse;

#[derive(serde::Deserialize)]
struct Example {
    #[serde(rename = "example")]
    number: u32,
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
    for Example { number, section, markdown, html } in &examples {
        let (ours, theirs) = (ours::blocks(&parse(markdown, 1)), html::blocks(html));
        let entry = || {
            let (ours, theirs) = (ours.join("\n  "), theirs.join("\n  "));
            format!("{number} {section}: {markdown:?}\n  {ours}\n browser:\n  {theirs}\n")
        };
        match (ours == theirs, table.get(number)) {
            (true, None) => {}
            (false, Some(reason)) => {
                write!(shown, "{}", entry().replacen(':', &format!(" ({reason}):"), 1)).unwrap();
            }
            (false, None) => write!(wrong, "differs: {}", entry()).unwrap(),
            (true, Some(_)) => writeln!(wrong, "{number} no longer differs: take it out").unwrap(),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    insta::assert_snapshot!(shown);
}

/// The fuzz targets without a fuzzer: a fixed seed, so that a failure comes again.
#[test]
fn the_fuzz_targets_hold_on_the_examples_and_on_20000_mutations_of_them() {
    let examples = examples();
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below.max(1) as u64) as usize
    };
    let line = br#"{"id":"k7q2m9x4-2","t":"2026-11-24T21:03:41.020+01:00","e":"at","l":"caching","h":"x","f":0.4,"p":0.371,"s":28}"#;
    for nth in 0..20_000 {
        let example = &examples[nth % examples.len()];
        let mut text = [&[80, 0], example.markdown.as_bytes()].concat();
        let mut journal = line.to_vec();
        if nth >= examples.len() {
            let other = examples[random(examples.len())].markdown.as_bytes();
            let from = random(other.len());
            let at = 2 + random(text.len() - 2);
            text.splice(at..(at + random(6)).min(text.len()), other[from..].iter().copied());
            text[0] = random(256) as u8;
            let at = random(journal.len());
            let with = [b'0' + random(10) as u8, b"\"\\,:{} -+.eTZn"[random(14)]];
            journal
                .splice(at..(at + random(3)).min(journal.len()), with[random(2)..].iter().copied());
        }
        bodies::render(&text);
        bodies::journal(&journal);
    }
}
