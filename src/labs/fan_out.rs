//! Copy a post into every follower's feed (push), or look authors up when a feed is read (pull)?
//!
//! Theory: between an author who posts p times a day and a follower who reads r times a day, push makes p writes and
//! pull r lookups, whatever the number of followers: push is cheaper where p < r. Followers decide only because those
//! who have many post more: with p = p0 (f / mean)^g posts of an author with f followers, pull becomes cheaper above
//! f = mean (r / p0)^(1/g). The least total is the sum of f · min(p, r) over the authors. (Feeding Frenzy, Silberstein
//! et al., SIGMOD 2010, decides by the same two rates, for each pair of author and reader.) Followers fall with the
//! author's rank as rank^-0.7, a power law.

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "fan-out",
    lessons: &["fan-out", "design-news-feed", "design-chat"],
    claim: "Half of 20,000 users read 5 feeds a day; an author of 50 followers posts every second day, one of four \
            times as many twice as often. Least work is to push below about 1,250 followers and pull above.",
    question: Question::Number { ask, unit: "followers" },
    knobs: &[
        Knob::whole("users", "users; each follows 50", "", (20_000, 1_000, 100_000)),
        Knob::real("reads", "a day of a user who is awake", "", (5.0, 0.5, 100.0)),
        Knob::real("posts", "a day of an author with 50 followers", "", (0.5, 0.05, 20.0)),
        Knob::real("growth", "posts grow with followers to this power", "", (0.5, 0.1, 1.0)),
        Knob::real("awake", "users who read at all", "%", (50.0, 5.0, 100.0)),
    ],
    run,
    next: "awake 10",
    mechanism: mechanism!("fan_out.rs"),
};

fn ask(knobs: &Knobs) -> String {
    format!(
        "{} users follow {FOLLOWS} authors each. {} % of them read {} feeds a day, the others none. An author with \
         {FOLLOWS} followers posts {} times a day, and posts grow as followers to the power of {}. Above how many \
         followers is it less work to look an author up at each read than to copy each post?",
        knobs.whole("users"),
        knobs.real("awake"),
        knobs.real("reads"),
        knobs.real("posts"),
        knobs.real("growth")
    )
}

/// Authors that each user follows, so also the mean number of followers.
const FOLLOWS: usize = 50;
/// Days that are played.
const DAYS: f64 = 30.0;

// --- the mechanism

/// What one author costs over all days.
struct Author {
    followers: usize,
    posts: u64,
    /// Push: a post is written into the feed of every follower, awake or not.
    writes: u64,
    /// Pull: each read of a follower's feed looks the author up.
    lookups: u64,
}

impl Author {
    /// Plays the days of one author; `reads` has how often each user reads in them.
    fn play(followers: usize, posts_a_day: f64, reads: &[u64], dice: &mut Dice) -> Author {
        let posts = dice.poisson(posts_a_day * DAYS);
        let lookups = (0..followers).map(|_| reads[dice.below(reads.len())]).sum();
        Author { followers, posts, writes: posts * followers as u64, lookups }
    }

    /// Writes and lookups where authors with more followers than this are pulled.
    fn work(&self, pull_above: usize) -> (u64, u64) {
        if self.followers > pull_above { (0, self.lookups) } else { (self.writes, 0) }
    }
}

/// Followers of each author by rank, a power law; together each user follows `FOLLOWS`.
fn followers(users: usize) -> Vec<usize> {
    let weight = |rank: usize| (rank as f64).powf(-0.7);
    let total: f64 = (1..=users).map(weight).sum();
    let all = (users * FOLLOWS) as f64;
    (1..=users).map(|rank| ((all * weight(rank) / total).round() as usize).min(users - 1)).collect()
}

// --- the lab

/// What an author of so many followers posts a day, and what her follower reads.
#[derive(Clone, Copy)]
struct Rates {
    posts: f64,
    growth: f64,
    reads: f64,
}

impl Rates {
    fn posts_of(self, followers: usize) -> f64 {
        self.posts * (followers as f64 / FOLLOWS as f64).powf(self.growth)
    }

    /// Followers above which pull is cheaper.
    fn threshold(self) -> f64 {
        FOLLOWS as f64 * (self.reads / self.posts).powf(1.0 / self.growth)
    }
}

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let (users, awake) = (knobs.whole("users"), knobs.real("awake") / 100.0);
    let rates = Rates {
        posts: knobs.real("posts"),
        growth: knobs.real("growth"),
        reads: knobs.real("reads") * awake,
    };
    let mut reads = Vec::new();
    for _ in 0..users {
        let awake = dice.chance(awake);
        reads.push(if awake { dice.poisson(knobs.real("reads") * DAYS) } else { 0 });
    }
    let mut authors: Vec<Author> = Vec::new();
    let (followers, mut seen) = (followers(users), 0);
    let all: usize = followers.iter().sum();
    for (rank, count) in followers.iter().enumerate() {
        if (rank < 100 || rank % 500 == 0) && !watch.going((seen as f64 / all as f64).min(1.0)) {
            break;
        }
        authors.push(Author::play(*count, rates.posts_of(*count), &reads, dice));
        seen += count;
    }
    report(&authors, rates, watch.stopped())
}

/// Writes and lookups a day where authors above a threshold are pulled.
fn work(authors: &[Author], pull_above: usize) -> (f64, f64) {
    let mut sum = (0, 0);
    for author in authors {
        let (writes, lookups) = author.work(pull_above);
        sum = (sum.0 + writes, sum.1 + lookups);
    }
    (sum.0 as f64 / DAYS, sum.1 as f64 / DAYS)
}

fn total((writes, lookups): (f64, f64)) -> f64 {
    writes + lookups
}

/// Thresholds that were tried, each 2^(1/4) times the one before, from pull for all to push for all.
fn thresholds(most: usize) -> Vec<f64> {
    (0..=68)
        .map(|step| 2f64.powf(f64::from(step) / 4.0))
        .take_while(|at| *at < most as f64 * 1.19)
        .collect()
}

fn report(authors: &[Author], rates: Rates, partial: bool) -> Report {
    let most = authors.iter().map(|author| author.followers).max().unwrap_or(0);
    let least_followers = authors.iter().map(|author| author.followers).min().unwrap_or(0);
    let day = |above: f64| work(authors, above as usize);
    let mut best = (0.0, total(day(0.0)));
    for above in thresholds(most) {
        let work = total(day(above));
        if work < best.1 {
            best = (above, work);
        }
    }
    // A threshold outside of what authors have says push for all or pull for all.
    let within = |at: f64| at.clamp(least_followers as f64, most.max(1) as f64);
    let (measured, theory) = (within(best.0), within(rates.threshold()));
    let tolerance = tolerance(authors, theory, rates.growth);
    let ratio = (measured / theory.max(1.0)).max(theory / measured.max(1.0));
    let mut tried = vec![("pull all".to_string(), 0.0)];
    for above in [50.0, 200.0, 800.0, 3200.0, 12_800.0] {
        if above < most as f64 {
            tried.push((format!("pull above {above}"), above));
        }
    }
    tried.push((format!("best: above {measured:.0}"), best.0));
    tried.push(("push all".to_string(), most as f64));
    let rows = tried.iter().map(|(name, above)| {
        let (writes, lookups) = day(*above);
        let longest = authors.iter().filter(|author| author.followers <= *above as usize);
        vec![
            Cell::text(name),
            Cell::number(writes, 0, ""),
            Cell::number(lookups, 0, ""),
            Cell::number(writes + lookups, 0, ""),
            Cell::number(longest.map(|author| author.followers).max().unwrap_or(0) as f64, 0, ""),
        ]
    });
    let bars = tried.iter().map(|(name, above)| {
        let work = total(day(*above));
        (name.clone(), work, crate::text::grouped(work, 0))
    });
    let pure = total(day(0.0)).min(total(day(most as f64))).max(1e-9);
    Report {
        answer: Answer::Number(measured),
        theory: Some(theory),
        measured,
        unit: "followers",
        holds: ratio <= tolerance,
        verdict: format!(
            "least work with pull above {measured:.0} followers, theory {theory:.0}, within a factor of \
             {tolerance:.2}; it is {:.0} % of the cheaper pure way",
            best.1 / pure * 100.0
        ),
        head: vec!["", "writes a day", "lookups", "work", "of one post"],
        rows: rows.collect(),
        chart: Some(Chart { title: "work a day".into(), bars: bars.collect() }),
        here: false,
        partial,
    }
}

/// By which factor the best threshold may be off: two steps of the grid, and four deviations of the posts (Poisson)
/// and lookups of the authors near it, which a growth of g turns into a factor in followers by the power 1/g.
fn tolerance(authors: &[Author], at: f64, growth: f64) -> f64 {
    let near = |author: &&Author| (at / 2.0..=at * 2.0).contains(&(author.followers as f64));
    let near: Vec<&Author> = authors.iter().filter(near).collect();
    let posts: u64 = near.iter().map(|author| author.posts).sum();
    let followers: usize = near.iter().map(|author| author.followers).sum();
    let noise = (1.0 / posts.max(1) as f64 + 1.0 / followers.max(1) as f64).sqrt();
    2f64.powf(0.5) * (1.0 + 4.0 * noise).powf(1.0 / growth)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{number, run_with, seeds};
    use super::*;

    #[test]
    fn the_least_work_lies_where_an_author_posts_as_often_as_followers_read() {
        for report in seeds(&LAB, 20) {
            assert!(report.holds, "{}", report.verdict);
            assert!((800.0..=2000.0).contains(&report.measured), "{}", report.verdict);
            let work: Vec<f64> = report.rows.iter().map(|row| number(&row[3])).collect();
            let best = work[work.len() - 2];
            assert!(work.iter().all(|other| *other >= best));
        }
    }

    #[test]
    fn sleeping_followers_move_the_threshold_down() {
        let report = run_with(&LAB, &[("awake", "20")], 1);
        assert!(report.holds && report.measured < 400.0, "{}", report.verdict);
    }

    #[test]
    fn where_all_read_more_than_anybody_posts_push_does_it_all() {
        let report = run_with(&LAB, &[("reads", "100")], 1);
        assert!(report.holds, "{}", report.verdict);
        assert!(number(&report.rows[report.rows.len() - 2][2]) < 1.0, "nobody is pulled");
    }
}
