//! What the README shows is what the program shows: its screens and its table of keys. `SDPREP_WRITE=1 cargo test --test
//! readme` writes them anew.
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;

use sdprep::catalog;
use sdprep::config::Config;
use sdprep::tui::Keymap;
use sdprep::tui::keymap::TABLE;
use support::screen::Screen;

/// `[keys.SCREEN]` of the example configuration: every key of the program as it is by default.
fn keys_section() -> String {
    let mut section = String::new();
    let mut last = None;
    for binding in TABLE {
        if last != Some(binding.scope) {
            let end = if last.is_some() { "\n" } else { "" };
            section.push_str(&format!("{end}[keys.{}]\n", binding.scope.name()));
            last = Some(binding.scope);
        }
        let keys: Vec<String> = binding.keys.iter().map(|key| format!("\"{key}\"")).collect();
        section.push_str(&format!("{} = [{}] # {}\n", binding.name, keys.join(", "), binding.help));
    }
    section
}

#[test]
fn the_example_configuration_names_every_key_and_gives_the_default() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config.example.toml");
    let example = fs_err::read_to_string(path).unwrap();
    let start = "# The keys, by screen: this part is made from the program's own table.\n";
    let (before, _) = example.split_once(start).unwrap();
    let wanted = format!("{before}{start}{}", keys_section());
    if std::env::var_os("SDPREP_WRITE").is_some() {
        fs_err::write(path, &wanted).unwrap();
    } else {
        assert!(example == wanted, "SDPREP_WRITE=1 cargo test --test readme");
    }
    let config = Config::parse(&wanted, "example").unwrap();
    let shown = |keys| Keymap::new(keys, "example").unwrap().to_string();
    assert_eq!(shown(&config.keys), shown(&BTreeMap::new()));
}

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
    if std::env::var_os("SDPREP_WRITE").is_some() {
        let mut wanted = readme;
        for (name, content) in [("library", &library), ("reader", &reader), ("keys", &keys)] {
            wanted = with(&wanted, name, content);
        }
        fs_err::write(path, &wanted).unwrap();
    } else {
        // The pictures may be older than the newest lesson, the keys not.
        assert!(with(&readme, "keys", &keys) == readme, "SDPREP_WRITE=1 cargo test --test readme");
    }
}
