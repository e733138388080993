//! Which design to rehearse.

use crate::course::{Course, Entry};
use crate::progress::{Progress, Session, State};

/// A lesson that has a rehearsal, with what came of it.
#[derive(Debug, Clone)]
pub struct Design<'a> {
    /// The lesson.
    pub entry: &'a Entry,
    /// Rehearsals that were gone through to the end.
    pub count: usize,
    /// The last of these.
    pub last: Option<&'a Session>,
    /// Those that were begun and not ended: of each form the last rehearsal, if it is one.
    pub open: Vec<&'a Session>,
}

/// The forms as the journal names them, in the order in which they are listed.
const FORMS: [&str; 3] = ["whole", "short", "flaws"];

/// All designs, the most due first: of read lessons, those never rehearsed, in the order of the track in use; then those
/// rehearsed longest ago; then designs of lessons that are not read.
pub fn designs<'a>(course: &'a Course, progress: &'a Progress) -> Vec<Design<'a>> {
    let track = progress.track().and_then(|id| course.track(id));
    let mut order = course.order(track);
    for entry in course.listed() {
        if !order.iter().any(|known| known.slug == entry.slug) {
            order.push(entry);
        }
    }
    let mut designs: Vec<Design> = order
        .into_iter()
        .filter(|entry| entry.rehearsal > 0 && !entry.draft)
        .map(|entry| {
            let of = || progress.rehearsals().iter().filter(|s| s.lesson == *entry.slug);
            let last = |form| of().rfind(|s| s.begun() && s.form == form);
            Design {
                entry,
                count: of().filter(|session| session.ended).count(),
                last: of().rfind(|session| session.ended),
                open: FORMS.into_iter().filter_map(last).filter(|s| !s.ended).collect(),
            }
        })
        .collect();
    designs.sort_by_key(|design| {
        let unread = progress.lesson(&design.entry.slug).state != State::Read;
        (unread, design.last.map(|session| session.date))
    });
    designs
}
