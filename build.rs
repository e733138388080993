//! Writes the index of the embedded course, with the program's own parser: a table entry a lesson, so that at run
//! time only the lesson that is shown is parsed, and the files, deflated. A broken lesson is recorded and does not fail the build.
#![allow(dead_code, unused_imports)] // the parser's parts that only the program uses

#[path = "src/text.rs"]
mod text;

#[path = "src/course/mod.rs"]
mod course;

#[path = "src/markdown/mod.rs"]
mod markdown;

#[path = "src/catalog/folder.rs"]
mod folder;

#[path = "src/catalog/index.rs"]
mod index;

use std::env;
use std::fmt::Write;
use std::path::Path;

use miniz_oxide::deflate::compress_to_vec;

use course::{Entry, Info, Problem, info};

/// Level of compression: the lessons are packed once and unpacked often.
const SMALLEST: u8 = 10;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=lessons");
    println!("cargo:rerun-if-changed=build.rs");
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("lessons");
    let files = folder::read(&root)?;
    let index::Index { lessons, mut problems, .. } = index::entries(files.lessons());
    let info = files.course().and_then(info::parse).map_err(|problem| problem.to_string())?;
    problems.extend(files.problems);

    let out = env::var("OUT_DIR")?;
    let out = Path::new(&out);
    for (name, text) in &files.texts {
        fs_err::write(out.join(name), compress_to_vec(text.as_bytes(), SMALLEST))?;
    }
    let names: Vec<&str> = files.texts.iter().map(|(name, _)| &**name).collect();
    fs_err::write(out.join("index.rs"), rust(&info, &lessons, &problems, &names)?)?;
    Ok(())
}

/// The table as Rust source.
fn rust(
    info: &Info,
    lessons: &[Entry],
    problems: &[Problem],
    names: &[&str],
) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let strings = |list: &[course::Str]| {
        let items: String = list.iter().map(|item| format!("Str::Borrowed({item:?}), ")).collect();
        format!("Cow::Borrowed(&[{items}])")
    };
    writeln!(
        out,
        "pub static ID: &str = {:?};\npub static TITLE: &str = {:?};",
        info.id, info.title
    )?;
    writeln!(out, "pub static PROBLEMS: &[(&str, usize, &str)] = &[")?;
    for problem in problems {
        writeln!(out, "({:?}, {}, {:?}),", problem.file, problem.line, problem.message)?;
    }
    writeln!(out, "];\npub static FILES: &[(&str, &[u8])] = &[")?;
    for name in names {
        writeln!(out, "({name:?}, include_bytes!(concat!(env!(\"OUT_DIR\"), \"/\", {name:?}))),")?;
    }
    writeln!(out, "];\npub static TRACKS: &[Track] = &[")?;
    for track in &info.tracks {
        let (id, title, about) = (&track.id, &track.title, &track.about);
        write!(out, "Track {{ id: Str::Borrowed({id:?}), title: Str::Borrowed({title:?}), ")?;
        writeln!(out, "about: Str::Borrowed({about:?}), stages: Cow::Borrowed(&[")?;
        for stage in track.stages.iter() {
            let (title, lessons) = (&stage.title, strings(&stage.lessons));
            writeln!(out, "Stage {{ title: Str::Borrowed({title:?}), lessons: {lessons} }},")?;
        }
        writeln!(out, "]) }},")?;
    }
    writeln!(out, "];\npub static LESSONS: &[Entry] = &[")?;
    for entry in lessons {
        writeln!(out, "Entry {{")?;
        for (name, value) in [
            ("file", &entry.file),
            ("slug", &entry.slug),
            ("title", &entry.title),
            ("gist", &entry.gist),
        ] {
            writeln!(out, "{name}: Str::Borrowed({value:?}),")?;
        }
        for (name, list) in [
            ("needs", &entry.needs),
            ("tags", &entry.tags),
            ("labs", &entry.labs),
            ("aliases", &entry.aliases),
            ("cards", &entry.cards),
        ] {
            writeln!(out, "{name}: {},", strings(list))?;
        }
        let renamed: String = entry
            .heading_aliases
            .iter()
            .map(|(old, new)| format!("(Str::Borrowed({old:?}), Str::Borrowed({new:?})), "))
            .collect();
        writeln!(out, "heading_aliases: Cow::Borrowed(&[{renamed}]),\nheadings: Cow::Borrowed(&[")?;
        for heading in entry.headings.iter() {
            let (level, id, title) = (heading.level, &heading.id, &heading.title);
            writeln!(
                out,
                "Heading {{ level: {level}, id: Str::Borrowed({id:?}), title: Str::Borrowed({title:?}) }},"
            )?;
        }
        writeln!(out, "]),\nlevel: Level::{:?}, kind: Kind::{:?},", entry.level, entry.kind)?;
        writeln!(
            out,
            "number: {}, minutes: {}, draft: {},",
            entry.number, entry.minutes, entry.draft
        )?;
        writeln!(
            out,
            "words: {}, seconds: {}, rehearsal: {},",
            entry.words, entry.seconds, entry.rehearsal
        )?;
        writeln!(out, "hash: {}, body_line: {} }},", entry.hash, entry.body_line)?;
    }
    writeln!(out, "];")?;
    Ok(out)
}
