//! The days to come, played once with the chances that the model gives.

use chrono::{NaiveDate, TimeDelta};

use super::{Done, Item, Limits, Model, Why, choose};
use crate::dice::Dice;

/// One day to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Date.
    pub date: NaiveDate,
    /// Reviews, those before their time and those missed today included.
    pub reviews: usize,
    /// Cards met.
    pub new: usize,
    /// Put off by the limit.
    pub waiting: usize,
}

/// What the days to come bring, if each day does all that it asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// From today to the day before the last.
    pub days: Vec<Day>,
    /// Mean chance that a card that was met is known on the last day, before anything is asked on it.
    pub known: f64,
    /// Cards met by then.
    pub met: usize,
    /// Cards of read lessons not met by then.
    pub unmet: usize,
}

/// Plays the days from today up to `end` (not played). The same deck gives the same forecast: chance has a fixed seed.
pub fn forecast(
    items: &[Item],
    done: Done,
    limits: &Limits,
    aim: Option<NaiveDate>,
    model: &Model,
    (today, end): (NaiveDate, NaiveDate),
) -> Forecast {
    let mut items = items.to_vec();
    let mut dice = Dice::new(1);
    let mut days = Vec::new();
    let mut date = today;
    while date < end {
        let done = if date == today { done } else { Done::default() };
        let chosen = choose(&items, done, limits, aim, model, date);
        days.push(Day {
            date,
            reviews: chosen.cards.len() - chosen.count(Why::New),
            new: chosen.count(Why::New),
            waiting: chosen.waiting,
        });
        for (at, _) in &chosen.cards {
            let item = &mut items[*at];
            let known = item.memory.is_none_or(|memory| dice.chance(model.recall(&memory, date)));
            if !known {
                item.memory = model.after(item.memory, 1, date);
            }
            let interval = model.intervals(item.memory.as_ref(), date, limits.retention)[2];
            item.memory = model.after(item.memory, 3, date);
            item.due = date.checked_add_signed(TimeDelta::days(i64::from(interval)));
        }
        date += TimeDelta::days(1);
    }
    let met: Vec<f64> =
        items.iter().filter_map(|item| item.memory).map(|m| model.recall(&m, end)).collect();
    Forecast {
        days,
        known: met.iter().sum::<f64>() / met.len().max(1) as f64,
        met: met.len(),
        unmet: items.iter().filter(|item| item.memory.is_none() && item.from.is_some()).count(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_backlog_is_worked_off_day_by_day_within_the_limit_and_then_new_cards_come() {
        let model = Model::default();
        let today = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let long_ago = today - TimeDelta::days(40);
        let item = Item {
            memory: model.after(None, 4, long_ago),
            due: Some(today - TimeDelta::days(30)),
            from: Some(NaiveDate::MIN),
        };
        let mut items = vec![item; 100];
        items.extend([Item { memory: None, due: None, from: Some(NaiveDate::MIN) }; 20]);
        let limits = Limits { retention: 0.9, new_per_day: 5, due_per_day: 30 };
        let end = today + TimeDelta::days(14);
        let forecast = forecast(&items, Done::default(), &limits, None, &model, (today, end));
        assert!(forecast.days.iter().all(|day| day.reviews <= 30));
        assert_eq!((forecast.days[0].reviews, forecast.days[0].waiting), (30, 70));
        let first_new = forecast.days.iter().position(|day| day.new > 0).unwrap();
        assert!(first_new >= 3 && forecast.days[first_new].waiting == 0, "{:?}", forecast.days);
        assert_eq!((forecast.met, forecast.unmet), (120, 0));
        assert!((0.8..1.0).contains(&forecast.known), "{}", forecast.known);
    }
}
