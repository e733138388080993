//! Raft under cuts of the network: elections, the log, and what an old leader may still do.
//!
//! Theory: Election Safety (at most one leader a term) and Leader Completeness (an entry that is committed in a term is
//! in the log of the leader of every later term): Ongaro, Ousterhout, In Search of an Understandable Consensus
//! Algorithm, 2014, figure 3 and sections 5.2 to 5.4. Both rest on this: two majorities share a server, and a server
//! votes once a term. Nothing there says that only one server believes that it leads: a leader that was cut off still
//! does, in its older term. Whoever it writes to must refuse it by a number that grows with each leader, a fencing token
//! (Kleppmann, How to do distributed locking, 2016); here the term.

use std::collections::BTreeMap;

use super::{Answer, Cell, Chart, Dice, Knob, Knobs, Lab, Question, Report, Watch};

pub const LAB: Lab = Lab {
    name: "raft",
    lessons: &["split-brain", "replication-and-failover"],
    claim: "In 100 runs of five servers under cuts no term has two leaders and no committed entry is lost, and yet \
            in most of the runs two servers lead at the same time, in different terms.",
    question: Question::Choice { ask, options: OUTCOMES },
    knobs: &[
        Knob::whole("servers", "that hold the log", "", (5, 2, 9)),
        Knob::whole("runs", "of 10 s each", "", (100, 10, 1000)),
        Knob::real(
            "cut",
            "share of the time that the network is in two parts",
            "%",
            (50.0, 0.0, 90.0),
        ),
        Knob::real("delay", "of a message, on average", "ms", (10.0, 1.0, 100.0)),
        Knob::choice("votes", "of a server in one term", &["once", "twice"]),
    ],
    run,
    next: "votes twice",
    mechanism: mechanism!("raft.rs"),
};

const OUTCOMES: &[&str] = &[
    "one leader at a time",
    "two leaders at a time, in different terms",
    "two leaders in one term",
    "a committed entry is lost",
];

fn ask(knobs: &Knobs) -> String {
    format!(
        "{} servers run Raft for 10 s, the network is in two parts for {} % of the time, a message takes {} ms on \
         average, and a server votes {} a term. What is the worst that happens in {} runs?",
        knobs.whole("servers"),
        knobs.real("cut"),
        knobs.real("delay"),
        knobs.choice("votes"),
        knobs.whole("runs"),
    )
}

// --- the mechanism

/// An entry of the log: the term of the leader that took it, and a command.
type Entry = (u64, u64);

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Follower,
    Candidate,
    Leader,
}

/// What a server keeps. Term, vote and log would be on its disk.
struct Server {
    term: u64,
    voted: Option<usize>,
    log: Vec<Entry>,
    role: Role,
    /// Entries that are known to be committed.
    commit: usize,
    /// Of a candidate: who votes for it.
    votes: Vec<bool>,
    /// Of a leader: how many entries it will assume, and knows, that each server has as it has them.
    next: Vec<usize>,
    same: Vec<usize>,
    /// When it stands for election unless it hears of a leader.
    patience: f64,
}

enum Message {
    /// Vote for me; my log has this length and its last entry this term.
    Vote {
        length: usize,
        last: u64,
    },
    Granted,
    /// Behind the first `from` entries, of which the last is of term `last`, come these; so many are committed.
    Append {
        from: usize,
        last: u64,
        entries: Vec<Entry>,
        commit: usize,
    },
    /// I have the first so many entries as you have them; or I have not what yours come behind.
    Appended(Result<usize, usize>),
}

impl Server {
    /// The term of the last of the first `length` entries.
    fn last(&self, length: usize) -> u64 {
        length.checked_sub(1).and_then(|at| self.log.get(at)).map_or(0, |entry| entry.0)
    }

    /// Handles one message; what it answers.
    fn receive(
        &mut self,
        from: usize,
        term: u64,
        message: Message,
        twice: bool,
    ) -> Option<Message> {
        if term > self.term {
            (self.term, self.voted, self.role) = (term, None, Role::Follower);
        }
        let stale = term < self.term;
        match message {
            Message::Vote { length, last } if !stale => {
                let free = self.voted.is_none_or(|to| to == from) || twice;
                // Only a log that has at least as much wins a vote; so a leader has all that is committed.
                let enough = (last, length) >= (self.last(self.log.len()), self.log.len());
                (free && enough).then(|| {
                    self.voted = Some(from);
                    Message::Granted
                })
            }
            Message::Granted if !stale && self.role == Role::Candidate => {
                self.votes[from] = true;
                if 2 * self.votes.iter().filter(|vote| **vote).count() > self.votes.len() {
                    self.role = Role::Leader;
                    self.next.fill(self.log.len());
                    self.same.fill(0);
                }
                None
            }
            // The sender finds the newer term in the answer, and leads no more.
            Message::Append { .. } if stale => Some(Message::Appended(Err(0))),
            Message::Append { from: length, last, entries, commit } => {
                self.role = Role::Follower;
                if length > self.log.len() || self.last(length) != last {
                    return Some(Message::Appended(Err(length)));
                }
                let have = length + entries.len();
                for (at, entry) in (length..).zip(entries) {
                    if self.log.get(at) != Some(&entry) {
                        self.log.truncate(at); // of a leader that lost: it was never committed
                        self.log.push(entry);
                    }
                }
                self.commit = self.commit.max(commit.min(have));
                Some(Message::Appended(Ok(have)))
            }
            Message::Appended(Ok(have)) if !stale && self.role == Role::Leader => {
                self.same[from] = self.same[from].max(have);
                self.next[from] = self.same[from];
                // Committed: a majority has it, and it is of the leader's own term (section 5.4.2).
                let others = self.same.iter().filter(|same| **same >= have).count();
                if 2 * (1 + others) > self.same.len() && self.last(have) == self.term {
                    self.commit = self.commit.max(have);
                }
                None
            }
            Message::Appended(Err(length)) if !stale && self.role == Role::Leader => {
                self.next[from] = self.next[from].min(length.saturating_sub(1));
                None
            }
            _ => None,
        }
    }
}

// --- the lab

/// Length of a run, and how long a follower waits for a leader at least (at most twice as long), in ms.
const END: f64 = 10_000.0;
const PATIENCE: f64 = 150.0;

enum Event {
    Arrives {
        from: usize,
        to: usize,
        term: u64,
        message: Message,
    },
    /// A leader sends, a follower looks whether it waited too long: every 20 to 40 ms.
    Tick(usize),
    /// The network falls into two parts, or is mended.
    Cut(bool),
}

/// What is looked for in one run.
#[derive(Default)]
struct Seen {
    /// Who led a term first.
    leaders: BTreeMap<u64, usize>,
    /// Each committed entry, and the term of the server that was first to know.
    committed: Vec<(Entry, u64)>,
    one_term: usize,
    lost: usize,
    at_a_time: usize,
    elections: usize,
    /// The newest term that wrote to a storage outside, and writes of older terms that came after it.
    token: u64,
    late: usize,
}

struct World<'a> {
    servers: Vec<Server>,
    /// On which side of the cut each server is.
    side: Vec<bool>,
    /// By time in µs, then by order.
    events: BTreeMap<(u64, usize), Event>,
    order: usize,
    now: f64,
    delay: f64,
    twice: bool,
    dice: &'a mut Dice,
    seen: Seen,
}

impl World<'_> {
    fn later(&mut self, ms: f64, event: Event) {
        self.order += 1;
        self.events.insert((((self.now + ms) * 1000.0) as u64, self.order), event);
    }

    fn patience(&mut self) -> f64 {
        self.now + PATIENCE * (1.0 + self.dice.unit())
    }

    fn send(&mut self, from: usize, to: usize, message: Message) {
        if self.side[from] == self.side[to] {
            let (ms, term) = (self.dice.exponential(self.delay), self.servers[from].term);
            self.later(ms, Event::Arrives { from, to, term, message });
        }
    }

    fn tick(&mut self, me: usize) {
        let others = (0..self.servers.len()).filter(|to| *to != me);
        if self.servers[me].role == Role::Leader {
            let term = self.servers[me].term;
            self.seen.late += usize::from(term < self.seen.token);
            self.seen.token = self.seen.token.max(term);
            let command = self.order as u64;
            self.servers[me].log.push((term, command));
            for to in others {
                let server = &self.servers[me];
                let from = server.next[to].min(server.log.len());
                let message = Message::Append {
                    from,
                    last: server.last(from),
                    entries: server.log[from..].to_vec(),
                    commit: server.commit,
                };
                self.send(me, to, message);
            }
        } else if self.now > self.servers[me].patience {
            let patience = self.patience();
            let server = &mut self.servers[me];
            (server.term, server.voted, server.role) = (server.term + 1, Some(me), Role::Candidate);
            server.votes.fill(false);
            server.votes[me] = true;
            server.patience = patience;
            let (length, last) = (server.log.len(), server.last(server.log.len()));
            for to in others {
                self.send(me, to, Message::Vote { length, last });
            }
        }
        let ms = 20.0 * (1.0 + self.dice.unit());
        self.later(ms, Event::Tick(me));
    }

    fn arrives(&mut self, from: usize, to: usize, term: u64, message: Message) {
        if self.side[from] != self.side[to] {
            return;
        }
        let (twice, patience) = (self.twice, self.patience());
        let server = &mut self.servers[to];
        let (led, knew) = (server.role == Role::Leader, server.commit);
        let answer = server.receive(from, term, message, twice);
        if answer.is_some() && term == server.term {
            server.patience = patience; // it voted, or heard of a leader
        }
        if server.role == Role::Leader && !led {
            self.elected(to);
        }
        self.committed(to, knew);
        if let Some(answer) = answer {
            self.send(to, from, answer);
        }
    }

    /// Looks whether the new leader is alone in its term and has all that older terms committed.
    fn elected(&mut self, me: usize) {
        let Seen { leaders, committed, .. } = &self.seen;
        let server = &self.servers[me];
        let alone = leaders.get(&server.term).is_none_or(|first| *first == me);
        let lacks = committed
            .iter()
            .enumerate()
            .any(|(at, (entry, term))| *term < server.term && server.log.get(at) != Some(entry));
        let leading = self.servers.iter().filter(|server| server.role == Role::Leader).count();
        self.seen.elections += 1;
        self.seen.one_term += usize::from(!alone);
        self.seen.lost += usize::from(lacks);
        self.seen.at_a_time += usize::from(leading > 1);
        self.seen.leaders.entry(self.servers[me].term).or_insert(me);
    }

    /// Notes what a server newly takes as committed, and looks whether another took something else.
    fn committed(&mut self, me: usize, knew: usize) {
        let server = &self.servers[me];
        for at in knew..server.commit {
            let Some(entry) = server.log.get(at) else { break };
            match self.seen.committed.get(at) {
                Some((other, _)) => self.seen.lost += usize::from(other != entry),
                None => self.seen.committed.push((*entry, server.term)),
            }
        }
    }
}

/// One run of 10 s.
fn play(knobs: &Knobs, dice: &mut Dice) -> Seen {
    let count = knobs.whole("servers");
    let (share, delay) = (knobs.real("cut") / 100.0, knobs.real("delay"));
    let mut world = World {
        servers: Vec::new(),
        side: vec![false; count],
        events: BTreeMap::new(),
        order: 0,
        now: 0.0,
        delay,
        twice: knobs.choice("votes") == "twice",
        dice,
        seen: Seen::default(),
    };
    for me in 0..count {
        let patience = world.patience();
        world.servers.push(Server {
            term: 0,
            voted: None,
            log: Vec::new(),
            role: Role::Follower,
            commit: 0,
            votes: vec![false; count],
            next: vec![0; count],
            same: vec![0; count],
            patience,
        });
        world.later(0.0, Event::Tick(me));
    }
    // A cut lasts 600 ms on average, and the time between two is such that the share is right.
    let whole = 600.0 * (1.0 - share) / share.max(1e-9);
    let first = world.dice.exponential(whole);
    world.later(first, Event::Cut(true));
    while let Some(((micros, _), event)) = world.events.pop_first() {
        world.now = micros as f64 / 1000.0;
        if world.now > END {
            break;
        }
        match event {
            Event::Arrives { from, to, term, message } => world.arrives(from, to, term, message),
            Event::Tick(me) => world.tick(me),
            Event::Cut(cut) => {
                for side in 0..count {
                    world.side[side] = cut && world.dice.chance(0.5);
                }
                let lasts = world.dice.exponential(if cut { 600.0 } else { whole });
                world.later(lasts, Event::Cut(!cut));
            }
        }
    }
    world.seen
}

/// What a row of the table counts in one run.
type Of = fn(&Seen) -> usize;

fn run(knobs: &Knobs, dice: &mut Dice, watch: &mut Watch) -> Report {
    let wanted = knobs.whole("runs");
    let mut runs = Vec::new();
    while runs.len() < wanted && watch.going(runs.len() as f64 / wanted as f64) {
        runs.push(play(knobs, dice));
    }
    let broken = runs.iter().filter(|seen| seen.one_term + seen.lost > 0).count();
    let columns: [(&str, Of); 6] = [
        (OUTCOMES[1], |seen| seen.at_a_time),
        (OUTCOMES[2], |seen| seen.one_term),
        (OUTCOMES[3], |seen| seen.lost),
        ("an old leader writes after a newer one", |seen| seen.late),
        ("elections won", |seen| seen.elections),
        ("entries committed", |seen| seen.committed.len()),
    ];
    let having = |of: Of| runs.iter().filter(|seen| of(seen) > 0).count();
    let worst = (1..=3).rev().find(|at| having(columns[at - 1].1) > 0).unwrap_or(0);
    let rows = columns.iter().map(|(name, of)| {
        vec![
            Cell::text(*name),
            Cell::number(having(*of) as f64, 0, ""),
            Cell::number(runs.iter().map(of).sum::<usize>() as f64, 0, ""),
        ]
    });
    let bars = columns[..4].iter().map(|(name, of)| {
        let runs = having(*of);
        ((*name).to_string(), runs as f64, runs.to_string())
    });
    Report {
        answer: Answer::Choice(worst),
        theory: Some(0.0),
        measured: broken as f64,
        unit: "runs",
        holds: broken == 0,
        verdict: format!(
            "{broken} of {} runs had two leaders in one term or lost a committed entry, where Raft allows 0; {} had \
             two leaders at a time",
            runs.len(),
            having(columns[0].1)
        ),
        head: vec!["", "runs", "in all"],
        rows: rows.collect(),
        chart: Some(Chart { title: "runs in which it happened".into(), bars: bars.collect() }),
        here: false,
        partial: watch.stopped(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{run_with, seeds};
    use super::*;

    fn runs(report: &Report, row: usize) -> f64 {
        let Cell::Number(runs, _) = report.rows[row][1] else { panic!() };
        runs
    }

    #[test]
    fn no_term_has_two_leaders_and_nothing_committed_is_lost_though_two_lead_at_a_time() {
        for report in seeds(&LAB, 10) {
            assert!(report.holds, "{}", report.verdict);
            assert_eq!(report.answer, Answer::Choice(1));
            assert!(runs(&report, 0) > 60.0, "{}", report.verdict);
            assert!(runs(&report, 3) > 60.0, "an old leader hardly ever writes late");
        }
    }

    #[test]
    fn it_is_safe_with_any_number_of_servers_under_slow_messages_too() {
        for servers in ["2", "3", "4", "7"] {
            for delay in ["1", "40", "100"] {
                let report = run_with(&LAB, &[("servers", servers), ("delay", delay)], 1);
                assert!(report.holds, "{servers} servers, {delay} ms: {}", report.verdict);
            }
        }
    }

    #[test]
    fn a_server_that_votes_twice_gives_a_term_two_leaders_and_loses_what_was_committed() {
        let report = run_with(&LAB, &[("votes", "twice")], 1);
        assert!(!report.holds);
        assert!(runs(&report, 1) > 0.0 && runs(&report, 2) > 0.0, "{}", report.verdict);
    }

    #[test]
    fn without_cuts_the_group_commits_nearly_all_the_time() {
        let report = run_with(&LAB, &[("cut", "0"), ("delay", "1"), ("runs", "10")], 1);
        let Cell::Number(committed, _) = report.rows[5][2] else { panic!() };
        // an entry each 30 ms for 9.8 s, ten times
        assert!((2900.0..3400.0).contains(&committed), "{committed}");
    }
}
