//! What a day asks.
//!
//! Without a day to aim at: all cards that are due, up to the day's limit, the lowest chance of being known first; new
//! cards only while nothing waits. What the limit puts off stays due, so that a break is spread over the days after it.
//!
//! With a day to aim at (an interview): what counts is what is known on that day. Among the due cards those come first
//! whose answer today adds most to it, so that a limit cuts the least; in the last week, cards that fall due only later
//! are asked too where that adds enough; and new cards are met early enough to be met at all, as far as the day's limit
//! goes. Measured: `benches/recall.md`.

use chrono::NaiveDate;

use super::{Memory, Model};

/// Days before the day aimed at in which cards are asked before they are due.
pub(super) const LAST_DAYS: i64 = 7;
/// What such an early answer must add to the chance of knowing the card on the day.
const WORTH: f64 = 0.03;

/// What the configuration sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Share that should still be known when a card is due.
    pub retention: f64,
    /// New cards a day.
    pub new_per_day: usize,
    /// Reviews a day.
    pub due_per_day: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { retention: 0.9, new_per_day: 10, due_per_day: 60 }
    }
}

/// One card as a day sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item {
    /// None before the first answer.
    pub memory: Option<Memory>,
    /// When it falls due; of a new card, whether its lesson was read is what counts.
    pub due: Option<NaiveDate>,
    /// First day on which it may be asked: after a day put off, after its lesson is read. None while it is suspended or its
    /// lesson is not read.
    pub from: Option<NaiveDate>,
}

/// What was done today already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Cards reviewed that had been met before today.
    pub reviews: usize,
    /// Cards met today.
    pub new: usize,
}

/// Why a card is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It was missed today.
    Again,
    /// It is due.
    Due,
    /// It is met for the first time.
    New,
    /// It falls due later, but adds to what is known on the day aimed at.
    Early,
}

/// What is left of a day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Today {
    /// Index of each card and why it is asked, in order.
    pub cards: Vec<(usize, Why)>,
    /// Due, and put off to the days after by the limit.
    pub waiting: usize,
    /// New cards of read lessons that other days bring.
    pub new_later: usize,
}

impl Today {
    /// How many are asked for this reason.
    pub fn count(&self, why: Why) -> usize {
        self.cards.iter().filter(|(_, reason)| *reason == why).count()
    }
}

/// Chooses and orders the cards of what is left of a day.
pub fn choose(
    items: &[Item],
    done: Done,
    limits: &Limits,
    aim: Option<NaiveDate>,
    model: &Model,
    today: NaiveDate,
) -> Today {
    let aim = aim.filter(|day| *day >= today);
    let mut again = Vec::new();
    let mut due = Vec::new();
    let mut later = Vec::new();
    let mut new = Vec::new();
    for (at, item) in
        items.iter().enumerate().filter(|(_, item)| item.from.is_some_and(|day| day <= today))
    {
        match (&item.memory, item.due) {
            (Some(memory), Some(day)) if day <= today && memory.last >= today => again.push(at),
            (Some(memory), Some(day)) if day <= today => due.push((at, memory)),
            (Some(memory), Some(_)) if memory.last < today => later.push((at, memory)),
            (None, _) => new.push(at),
            _ => {}
        }
    }
    let room = limits.due_per_day.saturating_sub(done.reviews);
    let mut ranked: Vec<(usize, f64)> = due
        .into_iter()
        .map(|(at, memory)| match aim {
            Some(day) => (at, -gain(model, memory, today, day)),
            None => (at, model.recall(memory, today)),
        })
        .collect();
    ranked.sort_by(|a, b| a.1.total_cmp(&b.1)); // stable: the order of the course decides
    let waiting = ranked.len().saturating_sub(room);
    ranked.truncate(room);

    let mut chosen = Today { waiting, ..Today::default() };
    chosen.cards.extend(ranked.iter().map(|(at, _)| (*at, Why::Due)));
    let mut room = room - ranked.len();
    if aim.is_some() {
        // New cards take their part of the limit, or a day that is done would go on.
        room = room.saturating_sub(done.new);
    }
    let share = new_share(new.len() + done.new, limits, aim, today).saturating_sub(done.new);
    // While reviews wait, nothing new is added to them; and an aim brings no wall of new cards either.
    let share = match aim {
        _ if waiting > 0 => 0,
        Some(_) => share.min(room.max(limits.new_per_day.saturating_sub(done.new))),
        None => share,
    };
    let share = share.min(new.len());
    chosen.new_later = new.len() - share;
    chosen.cards.extend(new.into_iter().take(share).map(|at| (at, Why::New)));
    room = room.saturating_sub(share);
    if let Some(day) = aim.filter(|day| (*day - today).num_days() <= LAST_DAYS) {
        let gains = later.into_iter().map(|(at, memory)| (at, gain(model, memory, today, day)));
        let mut early: Vec<(usize, f64)> = gains.filter(|(_, gain)| *gain >= WORTH).collect();
        early.sort_by(|a, b| b.1.total_cmp(&a.1));
        chosen.cards.extend(early.into_iter().take(room).map(|(at, _)| (at, Why::Early)));
    }
    chosen.cards.extend(again.into_iter().map(|at| (at, Why::Again)));
    chosen
}

/// New cards of a day: those of the configuration, or so many that all are met two days before the day aimed at; in its
/// last three weeks within two days of their lesson, or the last days would bring them all (`benches/sprint.rs`).
fn new_share(left: usize, limits: &Limits, aim: Option<NaiveDate>, today: NaiveDate) -> usize {
    let Some(day) = aim else { return limits.new_per_day };
    let days = match (day - today).num_days() {
        0 => return 0,
        days if days <= 21 => (days - 1).min(2),
        days => days - 1,
    };
    left.div_ceil(days.max(1) as usize).max(limits.new_per_day)
}

/// What an answer today adds to the chance that the card is known on a day. A card that is missed today is learned again
/// at once.
fn gain(model: &Model, memory: &Memory, today: NaiveDate, day: NaiveDate) -> f64 {
    let known = model.recall(memory, today);
    let on_the_day = |memory: Option<Memory>| memory.map_or(0.0, |m| model.recall(&m, day));
    let good = on_the_day(model.after(Some(*memory), 3, today));
    let missed = model.after(Some(*memory), 1, today);
    let missed = on_the_day(model.after(missed, 3, today));
    known * good + (1.0 - known) * missed - model.recall(memory, day)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use chrono::TimeDelta;

    const LIMITS: Limits = Limits { retention: 0.9, new_per_day: 3, due_per_day: 5 };

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 24).unwrap() + TimeDelta::days(n)
    }

    fn known(stability: f32, last: i64, due: i64) -> Item {
        let memory = Memory { stability, difficulty: 5.0, last: day(last) };
        Item { memory: Some(memory), due: Some(day(due)), from: Some(NaiveDate::MIN) }
    }

    const NEW: Item = Item { memory: None, due: None, from: Some(NaiveDate::MIN) };

    fn today(items: &[Item], done: Done, aim: Option<i64>) -> Today {
        choose(items, done, &LIMITS, aim.map(day), &Model::default(), day(0))
    }

    #[test]
    fn due_cards_come_first_the_least_known_before_the_others_then_new_ones_then_those_missed_today()
     {
        let items = [
            known(50.0, -50, 0),
            NEW,
            known(5.0, -20, -15),
            known(10.0, 0, 0), // missed today
            known(9.0, -3, 6),
        ];
        let today = today(&items, Done::default(), None);
        let expected = [(2, Why::Due), (0, Why::Due), (1, Why::New), (3, Why::Again)];
        assert_eq!(today.cards, expected);
    }

    #[test]
    fn after_a_break_the_limit_holds_the_rest_waits_and_nothing_new_comes() {
        let mut items: Vec<Item> = (0..12).map(|n| known(4.0 + n as f32, -40, -30)).collect();
        items.push(NEW);
        let today_ = today(&items, Done { reviews: 2, new: 0 }, None);
        assert_eq!(today_.cards, [(0, Why::Due), (1, Why::Due), (2, Why::Due)]);
        assert_eq!((today_.waiting, today_.new_later), (9, 1));
    }

    #[test]
    fn what_was_met_today_counts_against_the_share_of_new_cards() {
        let items = [NEW; 10];
        assert_eq!(today(&items, Done { reviews: 0, new: 2 }, None).count(Why::New), 1);
        assert_eq!(today(&items, Done { reviews: 0, new: 9 }, None).count(Why::New), 0);
        let aside = [Item { from: None, ..NEW }; 3];
        assert_eq!(today(&aside, Done::default(), None), Today::default());
    }

    #[test]
    fn a_day_to_aim_at_brings_new_cards_in_time_and_none_on_the_day() {
        let items = [NEW; 40];
        assert_eq!(today(&items, Done::default(), Some(9)).count(Why::New), 5, "40 over 8 days");
        assert_eq!(today(&items, Done::default(), Some(2)).count(Why::New), 5, "the day's limit");
        assert_eq!(today(&items, Done::default(), Some(60)).count(Why::New), 3);
        assert_eq!(today(&items, Done::default(), Some(0)).count(Why::New), 0);
        assert_eq!(today(&items, Done::default(), Some(-2)).count(Why::New), 3, "it is past");
    }

    #[test]
    fn a_day_to_aim_at_is_done_when_its_limit_is() {
        // Five a day; two were reviewed and three met: nothing early is added to them.
        let items = [known(8.0, -6, 3); 10];
        let done = Done { reviews: 2, new: 3 };
        assert_eq!(today(&items, done, Some(6)).cards, []);
        assert_eq!(today(&items, Done { reviews: 2, new: 1 }, Some(6)).count(Why::Early), 2);
    }

    #[test]
    fn a_day_to_aim_at_asks_first_what_adds_most_and_asks_early_only_in_the_last_week() {
        // The first is nearly lost and short-lived, the second would be known anyway.
        let items = [known(400.0, -60, 0), known(2.0, -10, -5), known(8.0, -6, 3)];
        let soon = today(&items, Done::default(), Some(6));
        assert_eq!(soon.cards[0], (1, Why::Due));
        assert_eq!(soon.cards.last(), Some(&(2, Why::Early)));
        let far = today(&items, Done::default(), Some(20));
        assert_eq!(far.count(Why::Early), 0);
    }
}
