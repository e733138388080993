//! All interleavings of an anomaly's steps: which of them breaks it?

use std::collections::HashSet;

use super::anomalies::Anomaly;
use super::engine::Tx;
use super::play::{Outcome, Play, Setting};

/// The order that breaks it with the fewest changes from one transaction to another; none if no order does.
///
/// Every order has the same length, so that the one that is quickest to read counts as the shortest. All orders with
/// no change come first, then those with one, and so on. Two orders that lead to the same state (same store, same
/// turns left, same transaction last) have the same future, and only the first of them is followed.
pub fn search(anomaly: &'static Anomaly, setting: impl Into<Setting>) -> Option<Vec<Tx>> {
    let mut now = vec![(Play::new(anomaly, setting.into()), Vec::new())];
    let mut later = Vec::new();
    let mut known = HashSet::new();
    while !now.is_empty() {
        while let Some((play, order)) = now.pop() {
            let last: Option<Tx> = order.last().copied();
            if !known.insert((play.state.clone(), last)) {
                continue;
            }
            if play.over() && play.outcome(anomaly) == Outcome::Happens {
                return Some(order);
            }
            // T1 last, so that it is taken off first.
            for t in (0..anomaly.steps.len()).rev().filter(|t| play.left(*t) > 0) {
                let (mut play, mut order) = (play.clone(), order.clone());
                play.turn(t);
                order.push(t);
                let change = last.is_some_and(|last| last != t);
                if change { &mut later } else { &mut now }.push((play, order));
            }
        }
        std::mem::swap(&mut now, &mut later);
    }
    None
}

/// How many orders there are: (a + b + …)! / (a! b! …) for transactions of a, b, … steps.
pub fn orders(anomaly: &Anomaly) -> u64 {
    let mut placed = 0;
    let mut orders = 1;
    for steps in anomaly.steps {
        for nth in 1..=steps.len() as u64 {
            placed += 1;
            orders = orders * placed / nth;
        }
    }
    orders
}
