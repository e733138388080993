//! Which design to rehearse.

use chrono::NaiveDate;

use crate::course::{Course, Entry};
use crate::progress::{Progress, Session, State};

/// A lesson that has a rehearsal, with what came of it.
#[derive(Debug, Clone)]
pub struct Design<'a> {
    /// The lesson.
    pub entry: &'a Entry,
    /// Rehearsals that were gone through to the end.
    pub count: usize,
    /// Day and share of the last of these.
    pub last: Option<(NaiveDate, Option<f64>)>,
    /// One that was begun and not ended, the last.
    pub open: Option<&'a Session>,
}

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
            let last = of().rfind(|session| session.ended);
            Design {
                entry,
                count: of().filter(|session| session.ended).count(),
                last: last.map(|session| (session.date, session.share())),
                open: of().next_back().filter(|session| !session.ended),
            }
        })
        .collect();
    designs.sort_by_key(|design| {
        let unread = progress.lesson(&design.entry.slug).state != State::Read;
        (unread, design.last.map(|(date, _)| date))
    });
    designs
}
