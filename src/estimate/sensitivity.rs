//! Which input moves the goal most.

use super::eval::{Evaluated, Input};
use super::formula::Scope;
use crate::course::blocks::{Estimate, EstimateLine};

/// The result that is watched: marked `# goal`, else the last.
pub(super) fn goal<'a>(blocks: &[&'a Estimate]) -> Option<&'a str> {
    let lines = blocks.iter().flat_map(|block| &block.lines);
    let results = lines.filter_map(|at| match &at.value {
        EstimateLine::Result { name, goal, .. } => Some((name.as_str(), *goal)),
        _ => None,
    });
    let results: Vec<_> = results.collect();
    results.iter().find(|(_, marked)| *marked).or(results.last()).map(|(name, _)| *name)
}

/// For each input the ratio of the goal's largest to its smallest value over the input's range (±50 % without one);
/// none where the goal has no value at an end.
pub(super) fn moves(blocks: &[&Estimate], base: &Evaluated) -> Vec<Option<f64>> {
    let Some(goal) = base.goal.as_deref() else { return vec![None; base.inputs.len()] };
    let of = |input: &Input| {
        let (low, high) = match (input.low, input.high) {
            (Some(low), Some(high)) => (low, high),
            _ => (input.value * 0.5, input.value * 1.5),
        };
        let at = |number: f64| goal_with(blocks, base, goal, input, number);
        Some(ratio(at(low)?, at(high)?))
    };
    base.inputs.iter().map(of).collect()
}

/// The input that moves the goal most; the first of equals, none where nothing moves it.
pub(super) fn matters_most(base: &Evaluated) -> Option<String> {
    let mut most: Option<(f64, &str)> = None;
    for (input, ratio) in base.inputs.iter().zip(&base.moves) {
        let Some(ratio) = *ratio else { continue };
        if most.is_none_or(|(best, _)| ratio > best * (1.0 + 1e-9)) {
            most = Some((ratio, &input.name));
        }
    }
    most.filter(|(ratio, _)| *ratio > 1.0 + 1e-9).map(|(_, name)| name.to_owned())
}

/// From nothing to something, or through zero, is more than any ratio.
fn ratio(one: f64, other: f64) -> f64 {
    if one * other > 0.0 {
        (one / other).max(other / one)
    } else if one.to_bits() == other.to_bits() {
        1.0
    } else {
        f64::INFINITY
    }
}

/// The goal in base units where one input is `number` of its unit; none if it then has no value.
fn goal_with(
    blocks: &[&Estimate],
    base: &Evaluated,
    goal: &str,
    input: &Input,
    number: f64,
) -> Option<f64> {
    let mut scope = Scope { units: base.scope.units.clone(), ..Scope::default() };
    for other in &base.inputs {
        let known = base.scope.names.get(&other.name).cloned().flatten();
        scope.names.insert(other.name.clone(), known);
    }
    let moved = scope.literal(&format!("{number} {}", input.unit)).ok()?;
    scope.names.insert(input.name.clone(), Some(moved));
    for at in blocks.iter().flat_map(|block| &block.lines) {
        if let EstimateLine::Result { name, formula, .. } = &at.value {
            let value = scope.value(formula).ok();
            if name == goal {
                return value.map(|value| value.number.to_f64());
            }
            scope.names.insert(name.clone(), value);
        }
    }
    None
}
