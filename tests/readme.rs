//! What the README shows is what the program shows: its screens and its table of keys. `SDPREP_WRITE=1 cargo test --test
//! readme` writes them anew.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;

use sdprep::catalog;
use sdprep::tui::Keymap;
use support::screen::Screen;

/// Replaces what stands between `<!-- name -->` and `<!-- end -->`.
fn with(readme: &str, name: &str, content: &str) -> String {
    let start = format!("<!-- {name} -->\n");
    let (before, rest) =
        readme.split_once(&start).unwrap_or_else(|| panic!("the README has no {start}"));
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    format!("{before}{start}{content}<!-- end -->{after}")
}

#[test]
fn the_readme_shows_the_real_screens_and_keys() {
    let course = catalog::embedded();
    let mut screen = Screen::new(&course, (80, 24));
    screen.press("/interview basics<enter>m<esc>/little<enter><enter>").wait(60.0);
    screen.press("12j<esc><esc>ggjjj");
    let library = format!("```text\n{}\n```\n", screen.text());
    screen.press("/lost<enter><enter>70j");
    let reader = format!("```text\n{}\n```\n", screen.text());
    let keys = Keymap::new(&BTreeMap::new(), "").unwrap().to_string();

    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = fs_err::read_to_string(path).unwrap();
    let mut wanted = readme.clone();
    for (name, content) in [("library", &library), ("reader", &reader), ("keys", &keys)] {
        wanted = with(&wanted, name, content);
    }
    if std::env::var_os("SDPREP_WRITE").is_some() {
        fs_err::write(path, &wanted).unwrap();
    } else {
        assert!(
            readme == wanted,
            "the README is not what the program shows; SDPREP_WRITE=1 cargo test --test readme"
        );
    }
}
