//! Chance with a seed: the same seed gives the same run on every machine.

use rand::{Rng, RngExt, SeedableRng};
use rand_distr::{Distribution, Exp1, Poisson, StandardNormal, Zipf};
use rand_pcg::Pcg64Mcg;

/// A seeded generator with the distributions that labs use.
#[derive(Debug, Clone)]
pub struct Dice(Pcg64Mcg);

impl Dice {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Dice(Pcg64Mcg::seed_from_u64(seed))
    }

    /// Any number.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// In 0 to 1, without 1.
    pub fn unit(&mut self) -> f64 {
        self.0.random()
    }

    /// Whether something of this probability happens.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// In 0 to `n`, without `n`; 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { self.0.random_range(0..n) }
    }

    /// Exponentially distributed with this mean: the time between arrivals that know nothing of each other.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        let one: f64 = Exp1.sample(&mut self.0);
        one * mean
    }

    /// Normally distributed.
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let one: f64 = StandardNormal.sample(&mut self.0);
        mean + one * deviation
    }

    /// Log-normally distributed with this median; `sigma` is the deviation of its logarithm.
    pub fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        median * self.normal(0.0, sigma).exp()
    }

    /// Poisson distributed with this mean; 0 for a mean that is not above 0.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        Poisson::new(mean).map_or(0, |poisson| poisson.sample(&mut self.0) as u64)
    }

    /// A rank from 0, the smallest the most frequent: rank r has a weight of 1 / (r + 1)^s. `n` is at least 1.
    pub fn zipf(&mut self, n: usize, s: f64) -> usize {
        let rank = Zipf::new(n.max(1) as f64, s).map_or(1.0, |zipf| zipf.sample(&mut self.0));
        (rank as usize).clamp(1, n.max(1)) - 1
    }

    /// Puts a slice into a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_on_every_machine() {
        let mut dice = Dice::new(7);
        let drawn: Vec<usize> = (0..8).map(|_| dice.below(1000)).collect();
        let mut again = Dice::new(7);
        assert_eq!(drawn, (0..8).map(|_| again.below(1000)).collect::<Vec<_>>());
        let mut other = Dice::new(8);
        assert_ne!(drawn, (0..8).map(|_| other.below(1000)).collect::<Vec<_>>());
    }

    #[test]
    fn means_are_those_that_were_asked_for() {
        let mut dice = Dice::new(1);
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        let n = 100_000;
        let exponential = mean((0..n).map(|_| dice.exponential(3.0)).collect());
        assert!((exponential - 3.0).abs() < 0.05, "{exponential}");
        let poisson = mean((0..n).map(|_| dice.poisson(2.5) as f64).collect());
        assert!((poisson - 2.5).abs() < 0.03, "{poisson}");
        // With s = 1 over 10 ranks the first has 1 / (1 + 1/2 + ... + 1/10) = 34.1 %.
        let first = mean((0..n).map(|_| f64::from(u8::from(dice.zipf(10, 1.0) == 0))).collect());
        assert!((first - 0.341).abs() < 0.006, "{first}");
    }

    #[test]
    fn what_makes_no_sense_is_answered_without_a_panic() {
        let mut dice = Dice::new(1);
        assert_eq!((dice.below(0), dice.zipf(0, 1.0), dice.poisson(-1.0)), (0, 0, 0));
    }
}
