//! The promises of the journal, each as a fault and what must be left after it.
#![allow(clippy::unwrap_used)]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::DateTime;
use proptest::prelude::*;

use super::{Event, LockWait, Place, RehearsalStep, Store, What, line, lines};

fn at(minute: u32) -> DateTime<chrono::FixedOffset> {
    DateTime::parse_from_rfc3339(&format!("2026-11-24T10:{minute:02}:00+01:00")).unwrap()
}

fn mark(lesson: &str) -> Vec<What> {
    vec![What::Mark { lesson: lesson.into(), read: true }]
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("course.jsonl");
    (dir, path)
}

fn open(path: &Path) -> Store {
    Store::open(path, false).unwrap()
}

fn lessons(store: &Store) -> Vec<String> {
    let name = |event: &&Event| match &event.what {
        What::Mark { lesson, .. } => lesson.clone(),
        other => other.kind().to_string(),
    };
    store.alive().iter().map(name).collect()
}

fn lines_of(path: &Path) -> usize {
    fs_err::read_to_string(path).unwrap().lines().filter(|line| !line.is_empty()).count()
}

#[test]
fn what_was_recorded_is_there_again_with_its_order() {
    let (_dir, path) = place();
    let mut store = open(&path);
    assert!(!path.exists(), "opening writes nothing");
    store.record(mark("a"), at(0)).unwrap();
    store.record(vec![mark("b").remove(0), mark("c").remove(0)], at(1)).unwrap();
    let again = open(&path);
    assert_eq!(again.events(), store.events());
    assert_eq!(lessons(&again), ["a", "b", "c"]);
    assert_eq!(fs_err::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_torn_last_line_is_never_joined_to_the_next_event() {
    let (_dir, path) = place();
    open(&path).record(mark("a"), at(0)).unwrap();
    let mut torn = fs_err::read(&path).unwrap();
    torn.extend_from_slice(b"{\"id\":\"x-1\",\"t\":\"2026-11-24T10:0");
    fs_err::write(&path, &torn).unwrap();
    let mut store = open(&path);
    assert_eq!(store.notices(), Vec::<String>::new(), "never acknowledged: nothing is said");
    store.record(mark("b"), at(1)).unwrap();
    assert_eq!(lessons(&open(&path)), ["a", "b"]);
    assert!(fs_err::read(&path).unwrap().starts_with(&torn), "no byte is taken away");
}

#[test]
fn nuls_a_bom_and_crlf_hide_nothing() {
    let (_dir, path) = place();
    open(&path).record(mark("a"), at(0)).unwrap();
    let text = fs_err::read_to_string(&path).unwrap();
    fs_err::write(&path, format!("\u{feff}{}\r\n\0\0\0\n", text.trim_end())).unwrap();
    assert_eq!(lessons(&open(&path)), ["a"]);
}

#[test]
fn a_broken_line_inside_costs_that_event_and_stays() {
    let (_dir, path) = place();
    let mut store = open(&path);
    store.record(mark("a"), at(0)).unwrap();
    let text = fs_err::read_to_string(&path).unwrap();
    fs_err::write(&path, format!("{text}this is no event\n")).unwrap();
    let mut store = open(&path);
    assert_eq!(store.notices(), ["line 2 of the journal cannot be read: sdprep doctor"]);
    store.record(mark("b"), at(1)).unwrap();
    assert_eq!(lessons(&open(&path)), ["a", "b"]);
    assert!(fs_err::read_to_string(&path).unwrap().contains("this is no event"));
}

#[test]
fn an_event_of_a_later_version_is_counted_and_kept() {
    let (_dir, path) = place();
    let later = "{\"id\":\"z-1\",\"t\":\"2026-11-24T10:00:00+01:00\",\"e\":\"dream\",\"x\":1}\n";
    fs_err::write(&path, later).unwrap();
    let mut store = open(&path);
    assert_eq!(store.health().later["dream"], 1);
    store.record(mark("a"), at(1)).unwrap();
    assert!(fs_err::read_to_string(&path).unwrap().starts_with(later));
}

#[test]
fn utf16_is_read_only_and_says_how_to_convert() {
    let (_dir, path) = place();
    let text = "{\"id\":\"z-1\",\"t\":\"2026-11-24T10:00:00+01:00\",\"e\":\"mark\",\"l\":\"a\",\"read\":true}\n";
    let bytes: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    fs_err::write(&path, &bytes).unwrap();
    let mut store = open(&path);
    assert_eq!(lessons(&store), ["a"]);
    assert!(store.notices()[0].contains("iconv"), "{:?}", store.notices());
    assert!(store.record(mark("b"), at(1)).is_err());
    assert_eq!(fs_err::read(&path).unwrap(), bytes);
}

#[test]
fn a_file_that_becomes_utf16_while_it_is_open_is_not_written_to() {
    let (_dir, path) = place();
    let mut store = open(&path);
    store.record(mark("a"), at(0)).unwrap();
    let text = fs_err::read_to_string(&path).unwrap();
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    fs_err::write(&path, &bytes).unwrap();
    let said = store.record(mark("b"), at(1)).unwrap_err().to_string();
    assert!(said.contains("iconv"), "{said}");
    assert_eq!((lessons(&store), store.pending()), (vec!["a".to_string(), "b".into()], 1));
    assert_eq!(fs_err::read(&path).unwrap(), bytes);
}

#[test]
fn a_clock_that_goes_back_does_not_change_which_act_was_last() {
    let (_dir, path) = place();
    let mut store = open(&path);
    store.record(mark("late"), at(30)).unwrap();
    store.record(mark("back"), at(10)).unwrap();
    store.record(mark("same"), at(10)).unwrap();
    assert_eq!(lessons(&open(&path)), ["late", "back", "same"]);
    let orders: Vec<i64> = store.events().iter().map(Event::order).collect();
    assert!(orders.is_sorted_by(|a, b| a < b), "strictly greater: {orders:?}");
}

#[test]
fn two_writers_see_each_other_and_lose_nothing() {
    let (_dir, path) = place();
    let (mut one, mut two) = (open(&path), open(&path));
    one.record(mark("a"), at(0)).unwrap();
    assert!(two.refresh() && !two.refresh());
    two.record(mark("b"), at(1)).unwrap();
    one.record(mark("c"), at(2)).unwrap();
    assert_eq!(lessons(&one), ["a", "b", "c"]);
    two.refresh();
    assert_eq!(lessons(&two), ["a", "b", "c"]);
}

#[test]
fn a_held_lock_makes_a_command_wait_and_the_full_screen_go_on() {
    let (_dir, path) = place();
    let mut store = open(&path);
    store.record(mark("a"), at(0)).unwrap();
    let holder = std::fs::File::open(path.with_extension("lock")).unwrap();
    holder.lock().unwrap();
    store.set_wait(LockWait::Try);
    assert!(store.record(mark("b"), at(1)).unwrap_err().locked);
    assert_eq!(lessons(&store), ["a", "b"], "it counts in memory");
    assert_eq!(store.retry_after(), Duration::from_secs(1));
    store.set_wait(LockWait::UpTo(Duration::from_millis(50)));
    let start = Instant::now();
    assert!(store.retry().is_err());
    assert!(start.elapsed() >= Duration::from_millis(50));
    drop(holder);
    store.retry().unwrap();
    assert_eq!(lessons(&open(&path)), ["a", "b"]);
}

#[test]
fn without_locks_each_write_begins_a_line_and_doctor_says_so() {
    let (_dir, path) = place();
    let mut store = open(&path);
    store.lockless = true;
    store.record(mark("a"), at(0)).unwrap();
    store.record(mark("b"), at(1)).unwrap();
    assert!(fs_err::read_to_string(&path).unwrap().starts_with('\n'));
    assert_eq!(lessons(&open(&path)), ["a", "b"]);
    let said = store.health().lines();
    assert!(said.iter().any(|line| line.starts_with("the file system has no locks")), "{said:?}");
}

#[test]
fn a_full_disk_keeps_the_events_until_there_is_room() {
    let (_dir, path) = place();
    for room in 0..400 {
        let _ = std::fs::remove_file(&path);
        let mut store = open(&path);
        store.room = Some(room);
        let saved = (0..3).filter(|n| store.record(mark(&format!("l{n}")), at(*n)).is_ok()).count();
        if saved < 3 {
            assert_eq!(store.pending(), 3 - saved, "room for {room}");
            let said = store.not_saved().unwrap();
            assert!(
                said.starts_with("not saved: disk full; ")
                    && said.ends_with(if saved == 2 { "1 change waits" } else { "changes wait" }),
                "{said}"
            );
        }
        assert_eq!(lessons(&store), ["l0", "l1", "l2"]);
        store.room = None;
        store.retry().unwrap();
        assert_eq!(lessons(&open(&path)), ["l0", "l1", "l2"], "room for {room}");
    }
}

#[test]
fn a_file_that_is_replaced_gets_this_runs_events_again() {
    let (dir, path) = place();
    let mut store = open(&path);
    store.record(mark("a"), at(0)).unwrap();
    let other = dir.path().join("other");
    open(&other.with_extension("jsonl")).record(mark("elsewhere"), at(1)).unwrap();
    fs_err::rename(other.with_extension("jsonl"), &path).unwrap();
    assert!(store.refresh());
    assert_eq!(lessons(&store), ["a", "elsewhere"]);
    store.retry().unwrap();
    assert_eq!(lessons(&open(&path)), ["a", "elsewhere"]);
}

#[test]
fn a_file_that_is_deleted_is_written_again() {
    let (_dir, path) = place();
    let mut store = open(&path);
    store.record(mark("a"), at(0)).unwrap();
    fs_err::remove_file(&path).unwrap();
    store.record(mark("b"), at(1)).unwrap();
    assert_eq!(lessons(&open(&path)), ["a", "b"]);
}

#[test]
fn a_directory_is_made_if_its_parent_is_there_and_else_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = open(&dir.path().join("new/course.jsonl"));
    store.record(mark("a"), at(0)).unwrap();
    assert!(store.made().unwrap().starts_with("new journal at "));
    let said =
        Store::open(&dir.path().join("no/such/course.jsonl"), false).unwrap_err().to_string();
    assert!(said.contains("parent"), "{said}");
    let mut own = Store::open(&dir.path().join("all/of/it/course.jsonl"), true).unwrap();
    own.record(mark("a"), at(0)).unwrap();
}

#[test]
fn a_place_that_cannot_be_written_keeps_the_acts_in_memory_and_says_so() {
    let dir = tempfile::tempdir().unwrap();
    fs_err::write(dir.path().join("file"), "").unwrap();
    let mut store = Store::nowhere("read-only".into());
    assert_eq!(store.notices(), ["progress is not kept: read-only"]);
    assert!(store.record(mark("a"), at(0)).is_err());
    assert_eq!(
        (lessons(&store), store.pending_lines().lines().count()),
        (vec!["a".to_string()], 1)
    );
}

#[test]
fn a_conflict_copy_is_announced_and_importing_it_twice_is_importing_it_once() {
    let (dir, path) = place();
    let mut store = open(&path);
    store.record(mark("a"), at(0)).unwrap();
    let copy = dir.path().join("course (conflict).jsonl");
    fs_err::copy(&path, &copy).unwrap();
    assert_eq!(
        open(&path).notices(),
        Vec::<String>::new(),
        "a copy with nothing new is nothing to say"
    );
    open(&copy).record(mark("b"), at(1)).unwrap();
    let said = open(&path).notices().remove(0);
    assert!(said.starts_with("conflict copy with 1 events not here: sdprep import '"), "{said}");
    let bytes = fs_err::read(&copy).unwrap();
    assert_eq!(store.import(&bytes, true).unwrap().new, 1);
    assert_eq!(lessons(&store), ["a"], "a dry run brings nothing");
    assert_eq!(store.import(&bytes, false).unwrap().new, 1);
    assert_eq!(store.import(&bytes, false).unwrap().new, 0);
    assert_eq!((lessons(&open(&path)), lines_of(&path)), (vec!["a".to_string(), "b".into()], 2));
}

#[test]
fn undo_goes_back_act_by_act_and_redo_returns() {
    let (_dir, path) = place();
    let mut store = open(&path);
    store.record(mark("a"), at(0)).unwrap();
    store.record(vec![mark("b").remove(0), mark("c").remove(0)], at(1)).unwrap();
    let undo = |store: &mut Store| {
        let of = store.last_act()[0].id.clone();
        store.record(vec![What::Undo { of }], at(2)).unwrap();
    };
    undo(&mut store);
    let alive = |store: &Store| {
        lessons(store).into_iter().filter(|kind| kind != "undo").collect::<Vec<_>>()
    };
    assert_eq!(alive(&store), ["a"], "a batch goes together");
    undo(&mut store);
    assert!(alive(&store).is_empty() && store.last_act().is_empty());
    for expected in [vec!["a"], vec!["a", "b", "c"]] {
        let of = store.last_undo().unwrap().0.id.clone();
        store.record(vec![What::Undo { of }], at(3)).unwrap();
        assert_eq!(alive(&store), expected);
    }
    assert!(store.last_undo().is_none());
    assert_eq!(alive(&open(&path)), ["a", "b", "c"]);
}

#[test]
fn what_waits_outlives_a_failed_sync() {
    let (_dir, path) = place();
    let mut store = open(&path);
    store.record(mark("a"), at(0)).unwrap();
    store.room = Some(0);
    assert!(store.record(mark("b"), at(1)).is_err());
    store.sync_failed();
    assert_eq!(store.pending(), 2, "what the disk refused, and what it never got");
    store.room = None;
    store.retry().unwrap();
    assert_eq!(lessons(&open(&path)), ["a", "b"]);
    assert_eq!(lines_of(&path), 3, "appended again with the same ids");
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_cannot_be_read_for_a_moment_takes_nothing_from_memory() {
    let (_dir, path) = place();
    let mut store = open(&path);
    store.record(mark("a"), at(0)).unwrap();
    let aside = path.with_extension("aside");
    fs_err::rename(&path, &aside).unwrap();
    std::os::unix::fs::symlink("/proc/self/mem", &path).unwrap(); // is there, and reading it fails
    store.refresh();
    assert_eq!(lessons(&store), ["a"]);
    fs_err::rename(&aside, &path).unwrap();
    store.record(mark("b"), at(1)).unwrap();
    assert_eq!(lessons(&open(&path)), ["a", "b"]);
}

#[test]
fn a_broken_line_that_another_adds_is_named_by_its_number() {
    let (_dir, path) = place();
    let mut store = open(&path);
    for minute in 0..3 {
        store.record(mark("a"), at(minute)).unwrap();
    }
    let text = fs_err::read_to_string(&path).unwrap();
    fs_err::write(&path, text + "this is no event\n").unwrap();
    store.refresh();
    assert_eq!(store.health().unreadable, [4]);
    store.record(mark("b"), at(4)).unwrap();
    assert_eq!((store.health().unreadable, open(&path).health().unreadable), (vec![4], vec![4]));
}

#[test]
fn a_file_that_is_rewritten_in_place_is_read_again_and_gets_this_runs_events_again() {
    let (_dir, path) = place();
    open(&path).record(mark("old"), at(0)).unwrap();
    let before = fs_err::read_to_string(&path).unwrap();
    let mut store = open(&path);
    store.record(mark("mine"), at(1)).unwrap();
    // As some editors save: the same file, longer, another text before the end that was read.
    let edited = before.replace("old", "mended-by-hand");
    fs_err::write(
        &path,
        edited.clone() + &before.replace("-1\"", "-9\"").replace("old", "more".repeat(40).as_str()),
    )
    .unwrap();
    assert!(store.refresh());
    assert_eq!(lessons(&store), ["mended-by-hand", &"more".repeat(40), "mine"]);
    assert_eq!(store.pending(), 1);
    store.retry().unwrap();
    assert_eq!(lessons(&open(&path)).len(), 3);
    assert!(fs_err::read_to_string(&path).unwrap().starts_with(&edited));
    // And of the same length.
    std::thread::sleep(Duration::from_millis(20)); // a clock tick of the file system
    let text = fs_err::read_to_string(&path).unwrap();
    fs_err::write(&path, text.replace("mended", "MENDED")).unwrap();
    assert!(store.refresh());
    assert_eq!(lessons(&store)[0], "MENDED-by-hand");
}

#[test]
fn an_act_comes_after_what_another_did_with_a_clock_ahead() {
    let (_dir, path) = place();
    let (mut ahead, mut here) = (open(&path), open(&path));
    ahead.record(mark("ahead"), at(30)).unwrap();
    here.record(mark("here"), at(10)).unwrap();
    assert_eq!(lessons(&open(&path)), ["ahead", "here"]);
    assert!(matches!(&here.last_act()[0].what, What::Mark { lesson, .. } if lesson == "here"));
}

#[test]
fn doctor_knows_of_locks_without_writing() {
    let (_dir, path) = place();
    assert_eq!(open(&path).health().locks, None, "nothing was written: nobody has tried");
    open(&path).record(mark("a"), at(0)).unwrap();
    assert_eq!(open(&path).health().locks, Some(true));
}

#[test]
fn an_import_that_fails_half_way_can_be_repeated() {
    let (dir, path) = place();
    let other = dir.path().join("other.jsonl");
    let mut store = open(&other);
    for minute in 0..5 {
        store.record(mark(&format!("l{minute}")), at(minute)).unwrap();
    }
    let bytes = fs_err::read(&other).unwrap();
    for room in 0..bytes.len() {
        let _ = std::fs::remove_file(&path);
        let mut store = open(&path);
        store.room = Some(room);
        store.import(&bytes, false).unwrap_err();
        let mut store = open(&path);
        let done = store.import(&bytes, false).unwrap();
        assert_eq!(done.new + done.known, 5);
        assert_eq!(lessons(&open(&path)).len(), 5, "room for {room}");
    }
    fs_err::remove_file(&path).unwrap();
    let mut lockless = open(&path);
    lockless.lockless = true;
    lockless.import(&bytes, false).unwrap();
    assert!(fs_err::read(&path).unwrap().starts_with(b"\n"), "its own line end first");
}

#[test]
fn the_directory_of_a_new_journal_is_synced_once_and_after_the_file() {
    let (_dir, path) = place();
    let mut store = open(&path);
    assert!(store.sync_handle().is_none());
    store.record(mark("a"), at(0)).unwrap();
    assert!(store.sync_handle().unwrap().metadata().unwrap().is_file());
    assert!(store.unsynced());
    assert!(store.sync_handle().unwrap().metadata().unwrap().is_dir());
    assert!(!store.unsynced() && store.sync_handle().is_none());
    store.record(mark("b"), at(1)).unwrap();
    assert!(store.sync_handle().unwrap().metadata().unwrap().is_file());
    assert!(!store.unsynced());
}

fn events() -> Vec<Event> {
    let (_dir, path) = place();
    let mut store = open(&path);
    for minute in 0..6 {
        store.record(mark(&format!("l{minute}")), at(minute)).unwrap();
    }
    store.record(vec![What::Undo { of: store.last_act()[0].id.clone() }], at(7)).unwrap();
    store.events().to_vec()
}

/// What a copy, a merge or an editor makes of the lines of a journal.
fn read(text: &[u8]) -> Vec<String> {
    let (_dir, path) = place();
    fs_err::write(&path, text).unwrap();
    lessons(&open(&path))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn shuffled_doubled_marked_and_with_other_line_ends_it_is_the_same(
        order in Just((0..7usize).collect::<Vec<_>>()).prop_shuffle(),
        twice in prop::collection::vec(any::<bool>(), 7),
        crlf in any::<bool>(),
        nuls in any::<bool>(),
    ) {
        let events = events();
        let plain: String = events.iter().map(|event| line::write(event) + "\n").collect();
        let mut text = String::from("\u{feff}<<<<<<< ours\n");
        for index in order {
            let line = line::write(&events[index]);
            let end = if crlf { "\r\n" } else { "\n" };
            for _ in 0..=usize::from(twice[index]) {
                text.push_str(&line);
                text.push_str(end);
            }
            if nuls {
                text.push_str("\0\0");
            }
        }
        text.push_str("=======\n>>>>>>> theirs\n");
        prop_assert_eq!(read(text.as_bytes()), read(plain.as_bytes()));
    }

    #[test]
    fn a_prefix_of_a_journal_is_its_first_events(cut in 0..1000usize) {
        let text: String = events().iter().map(|event| line::write(event) + "\n").collect();
        let cut = cut.min(text.len());
        let whole = text[..cut].matches('\n').count();
        let found = lines::lines(&text.as_bytes()[..cut]).filter(|(_, l)| matches!(l, lines::Line::Event(..))).count();
        // The last line may be whole but for its end.
        prop_assert!(found == whole || found == whole + 1);
    }

    #[test]
    fn the_fast_reader_reads_what_serde_json_reads(
        lesson in "\\PC{0,12}", heading in proptest::option::of("[a-z\"\\\\-]{0,8}"),
        fraction in 0.0..1.0f64, seconds in 0u32..5000, grade in 1u8..5, offset in -720i32..840,
    ) {
        let t = at(3).with_timezone(&chrono::FixedOffset::east_opt(offset * 60).unwrap());
        let quote = lesson.clone();
        let place = Place { heading: heading.clone(), fraction, share: fraction, quote };
        let whats = [
            What::Bookmark { lesson: lesson.clone(), place: place.clone() },
            What::Highlight { lesson: lesson.clone(), place: place.clone(), chars: seconds },
            What::Card {
                card: lesson.clone(),
                place: heading.is_some().then_some(place.clone()),
                question: lesson.clone(),
                answer: format!("{lesson}\n"),
            },
            What::Lab {
                lab: lesson.clone(),
                knobs: vec![(lesson.clone(), "7 ms".into())],
                seed: u64::from(seconds),
                predicted: (grade > 1).then_some(fraction),
                measured: fraction,
                holds: grade > 2,
            },
            What::Estimate {
                lesson: lesson.clone(),
                name: "feed".into(),
                set: if grade > 1 { vec![("members".into(), lesson.clone())] } else { vec![] },
            },
            What::Suspend { card: lesson.clone(), on: grade > 2 },
            What::Bury { card: lesson.clone() },
            What::Aim { by: (grade > 1).then(|| t.date_naive()), minutes: (grade > 2).then_some(seconds) },
            What::Fit { weights: (grade > 1).then(|| vec![fraction as f32, 0.212, 1e-7, 36500.0]) },
            What::Note {
                lesson: lesson.clone(),
                place: heading.is_some().then_some(place),
                text: format!("{lesson}\n\"{lesson}"),
                over: vec![lesson.clone(); usize::from(grade) - 1],
            },
            What::At { lesson: lesson.clone(), heading, fraction, share: fraction, seconds },
            What::Grade { card: lesson.clone(), grade, interval: seconds },
            What::Track { track: None },
            What::Read { lesson: lesson.clone(), version: Some(seconds) },
        ];
        let steps = [
            RehearsalStep::Start {
                lesson: lesson.clone(),
                form: "short".into(),
                phase: (grade > 2).then(|| lesson.clone()),
            },
            RehearsalStep::Clock { phase: lesson.clone(), seconds },
            RehearsalStep::Text { at: "flaws".into(), text: lesson.clone() },
            RehearsalStep::Tick { phase: lesson.clone(), got: [0, 1, seconds], of: [3; 3] },
            RehearsalStep::Flaws { got: 1, of: seconds },
            RehearsalStep::End,
        ];
        let rehearsal = steps.map(|step| What::Rehearse { rehearsal: lesson.clone(), step });
        for what in whats.into_iter().chain(rehearsal) {
            let event = Event { id: "abc-1".into(), t, o: None, batch: None, what: what.rounded() };
            let written = line::write(&event);
            prop_assert_eq!(line::read(written.as_bytes()).unwrap(), event.clone());
            prop_assert_eq!(line::read_any(written.as_bytes()).unwrap(), event);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn whatever_the_fast_reader_takes_it_reads_as_serde_json_does(
        event in 0..SAMPLES.len(),
        place in any::<prop::sample::Index>(),
        length in 0usize..3,
        with in prop_oneof![
            Just("0".to_string()), "[0-9.+-]{1,3}", "[\"\\\\{},:a-z]{0,3}", "\\PC", "[\u{0}-\u{1f}]",
        ],
    ) {
        let mut line = SAMPLES[event].as_bytes().to_vec();
        // Where a value begins or ends there is more to get wrong than inside it.
        let edges: Vec<usize> = (1..line.len())
            .filter(|at| !line[at - 1].is_ascii_alphanumeric() || !line[*at].is_ascii_alphanumeric())
            .collect();
        let from = edges[place.index(edges.len())];
        line.splice(from..(from + length).min(line.len()), with.bytes());
        if let Some(event) = super::fast::read(&line) {
            prop_assert_eq!(line::read_any(&line).ok(), Some(event), "{}", String::from_utf8_lossy(&line));
        }
    }
}

/// One line of each kind in our own form, to be changed a little.
const SAMPLES: [&str; 8] = [
    r#"{"id":"k7q2m9x4-1","t":"2026-11-24T21:03:07.412+01:00","e":"open","l":"caching","v":"0a1b2c3d"}"#,
    r#"{"id":"k7q2m9x4-2","t":"2026-11-24T21:03:41.020+01:00","e":"at","l":"caching","h":"stampedes","f":0.4,"p":0.371,"s":28}"#,
    r#"{"id":"k7q2m9x4-3","t":"2026-11-24T21:09:12.300-03:30","e":"grade","c":"caching#ttl-jitter","g":3,"iv":9}"#,
    r#"{"id":"k7q2m9x4-4","t":"2024-02-29T23:59:59.999+14:00","e":"undo","of":"k7q2m9x4-3"}"#,
    r#"{"id":"p0d8w1n6-1","t":"2026-11-24T20:58:00.007+01:00","o":1795551002116,"e":"mark","l":"caching","read":true}"#,
    r#"{"id":"p0d8w1n6-2","t":"2026-11-24T20:58:00.007+00:00","b":"p0d8w1n6-2","e":"mark","l":"caching","read":false}"#,
    r#"{"id":"p0d8w1n6-3","t":"2026-11-24T20:58:00.007+00:00","e":"read","l":"caching"}"#,
    r#"{"id":"p0d8w1n6-4","t":"2026-11-24T20:58:00.007+00:00","e":"track","track":"sprint"}"#,
];
