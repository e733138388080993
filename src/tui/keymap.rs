//! The one table of keys: it handles them, and it makes the `?` page, the README's table and `[keys]` of the
//! configuration.

use std::collections::BTreeMap;
use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::config::Keys;
use crate::error::{Exit, Failure, Outcome};

/// Where a binding holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// On every screen, unless the screen binds the key itself.
    All,
    /// The library.
    Library,
    /// The reader.
    Reader,
    /// The outline of a lesson.
    Outline,
    /// Lines being selected in the reader.
    Select,
    /// Lists with a field to type in: palette, search over all, what was kept.
    Menu,
    /// A card and its answer.
    Review,
    /// The designs that can be rehearsed.
    Designs,
    /// A rehearsal, while letters are text.
    Rehearse,
    /// A rehearsal, while a model answer is read and a rubric ticked.
    Rubric,
    /// The labs.
    Labs,
    /// One lab.
    Lab,
    /// A schedule of transactions played by hand.
    Play,
    /// An estimate with its inputs to change.
    Worksheet,
    /// The scratch sheet: letters are text.
    Scratch,
    /// The page of keys.
    Help,
}

impl Scope {
    /// Name in `[keys.NAME]`.
    pub fn name(self) -> &'static str {
        match self {
            Scope::All => "all",
            Scope::Library => "library",
            Scope::Reader => "reader",
            Scope::Outline => "outline",
            Scope::Select => "select",
            Scope::Menu => "menu",
            Scope::Review => "review",
            Scope::Designs => "designs",
            Scope::Rehearse => "rehearse",
            Scope::Rubric => "rubric",
            Scope::Labs => "labs",
            Scope::Lab => "lab",
            Scope::Play => "play",
            Scope::Worksheet => "worksheet",
            Scope::Scratch => "scratch",
            Scope::Help => "help",
        }
    }
}

/// What the reader means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // `TABLE` says what each does
pub enum Action {
    Down,
    Up,
    PageDown,
    PageUp,
    HalfDown,
    HalfUp,
    Top,
    Bottom,
    Back,
    Quit,
    Suspend,
    Keys,
    UndoAct,
    RedoAct,
    Theme,
    Redraw,
    Open,
    Fold,
    Group,
    Filter,
    Mark,
    UseTrack,
    Next,
    Previous,
    FocusNext,
    FocusPrevious,
    Return,
    Needs,
    Left,
    Right,
    Wrap,
    Answers,
    Outline,
    NextHeading,
    PreviousHeading,
    Search,
    SearchNext,
    SearchPrevious,
    SearchTerm,
    GoTo,
    LinkHints,
    Term,
    Bookmark,
    Note,
    Select,
    Highlight,
    Copy,
    Report,
    Palette,
    SearchAll,
    Kept,
    Remove,
    Mouse,
    Review,
    TypeAnswer,
    OpenLesson,
    SuspendCard,
    BuryCard,
    OwnCard,
    Rehearse,
    NewRehearsal,
    ShortRehearsal,
    FindFlaws,
    GoOn,
    Pause,
    Editor,
    Tick,
    Finish,
    Lab,
    Skip,
    Edit,
    Seed,
    Reset,
    Source,
    Play,
    MoveDown,
    MoveUp,
    BreakIt,
    Worksheet,
    ResetAll,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where.
    pub scope: Scope,
    /// What.
    pub action: Action,
    /// Name in the configuration.
    pub name: &'static str,
    /// Default keys; several strokes are separated by a blank.
    pub keys: &'static [&'static str],
    /// For the page of keys.
    pub help: &'static str,
}

const fn bind(
    scope: Scope,
    action: Action,
    name: &'static str,
    keys: &'static [&'static str],
    help: &'static str,
) -> Binding {
    Binding { scope, action, name, keys, help }
}

/// All keys of the program.
pub const TABLE: &[Binding] = &[
    bind(
        Scope::All,
        Action::Down,
        "down",
        &["j", "down", "ctrl-n"],
        "down (a count before it: so many)",
    ),
    bind(Scope::All, Action::Up, "up", &["k", "up"], "up"),
    bind(Scope::All, Action::PageDown, "page-down", &["pagedown", "ctrl-f"], "a page down"),
    bind(Scope::All, Action::PageUp, "page-up", &["pageup", "ctrl-b"], "a page up"),
    bind(Scope::All, Action::HalfDown, "half-down", &["d", "ctrl-d"], "half a page down"),
    bind(Scope::All, Action::HalfUp, "half-up", &["ctrl-u"], "half a page up"),
    bind(Scope::All, Action::Top, "top", &["g g", "home"], "to the top"),
    bind(Scope::All, Action::Bottom, "bottom", &["G", "end"], "to the end"),
    bind(
        Scope::All,
        Action::UndoAct,
        "undo",
        &["u"],
        "take the last act back, and say what it was",
    ),
    bind(Scope::All, Action::RedoAct, "redo", &["ctrl-r"], "do it again"),
    bind(Scope::All, Action::Theme, "theme", &["t"], "next theme"),
    bind(
        Scope::All,
        Action::Palette,
        "palette",
        &["ctrl-p"],
        "go to a lesson, heading, term, track, lab or command by a few letters",
    ),
    bind(Scope::All, Action::SearchAll, "search-all", &["S"], "search all lessons and notes"),
    bind(
        Scope::All,
        Action::Kept,
        "kept",
        &["B"],
        "bookmarks, notes, highlights, own cards, cards put aside",
    ),
    bind(
        Scope::All,
        Action::Mouse,
        "mouse",
        &["M"],
        "give the mouse to the terminal, which then selects text, or take it back",
    ),
    bind(Scope::All, Action::Redraw, "redraw", &["ctrl-l"], "draw the screen anew"),
    bind(Scope::All, Action::Suspend, "suspend", &["ctrl-z"], "to the shell; `fg` comes back"),
    bind(Scope::All, Action::Keys, "keys", &["?", "f1"], "the keys of this screen"),
    bind(Scope::All, Action::Back, "back", &["esc"], "back"),
    bind(Scope::All, Action::Quit, "quit", &["q", "ctrl-c"], "leave"),
    bind(
        Scope::Library,
        Action::Open,
        "open",
        &["enter", "l", "right"],
        "open the lesson; fold a group",
    ),
    bind(Scope::Library, Action::Fold, "fold", &["space", "h", "left"], "fold or unfold the group"),
    bind(Scope::Library, Action::Group, "group", &["tab"], "group by level, track, kind"),
    bind(Scope::Library, Action::Filter, "filter", &["/"], "filter as you type; esc clears"),
    bind(Scope::Library, Action::Next, "next", &["n"], "open the next unread lesson"),
    bind(Scope::Library, Action::Mark, "mark", &["m"], "mark read, or unread again"),
    bind(Scope::Library, Action::Review, "review", &["r"], "review the cards that are due"),
    bind(Scope::Library, Action::Rehearse, "rehearse", &["R"], "rehearse a design"),
    bind(Scope::Library, Action::Lab, "labs", &["x"], "the labs: mechanisms to run"),
    bind(Scope::Library, Action::Worksheet, "scratch", &["E"], "a sheet for estimates of your own"),
    bind(
        Scope::Library,
        Action::UseTrack,
        "use-track",
        &["T"],
        "use the next track, after the last the series",
    ),
    bind(
        Scope::Reader,
        Action::PageDown,
        "page-down",
        &["space", "pagedown", "ctrl-f"],
        "a page down",
    ),
    bind(Scope::Reader, Action::PageUp, "page-up", &["pageup", "ctrl-b"], "a page up"),
    bind(
        Scope::Reader,
        Action::FocusNext,
        "focus-next",
        &["tab"],
        "to the next link, question, code or note on screen",
    ),
    bind(Scope::Reader, Action::FocusPrevious, "focus-previous", &["backtab"], "to the one before"),
    bind(
        Scope::Reader,
        Action::Open,
        "open",
        &["enter"],
        "follow the link; show or hide the answer; edit the note",
    ),
    bind(
        Scope::Reader,
        Action::Return,
        "return",
        &["backspace"],
        "back to where the link was followed",
    ),
    bind(Scope::Reader, Action::Answers, "answers", &["A"], "show or hide all answers"),
    bind(Scope::Reader, Action::Next, "next", &["L"], "next lesson"),
    bind(Scope::Reader, Action::Previous, "previous", &["H"], "previous lesson"),
    bind(
        Scope::Reader,
        Action::Needs,
        "needs",
        &["p"],
        "open the first unread lesson that this one builds on",
    ),
    bind(Scope::Reader, Action::Mark, "mark", &["m"], "mark read, or unread again"),
    bind(Scope::Reader, Action::Left, "left", &["h", "left"], "code and diagrams to the left"),
    bind(Scope::Reader, Action::Right, "right", &["l", "right"], "code and diagrams to the right"),
    bind(Scope::Reader, Action::Wrap, "wrap", &["w"], "wrap code, or scroll it sideways"),
    bind(Scope::Reader, Action::Outline, "outline", &["o"], "the outline"),
    bind(Scope::Reader, Action::NextHeading, "next-heading", &["]"], "next heading"),
    bind(Scope::Reader, Action::PreviousHeading, "previous-heading", &["["], "previous heading"),
    bind(
        Scope::Reader,
        Action::Search,
        "search",
        &["/"],
        "search in the lesson; a capital letter makes case count",
    ),
    bind(Scope::Reader, Action::SearchNext, "search-next", &["n"], "next place found"),
    bind(Scope::Reader, Action::SearchPrevious, "search-previous", &["N"], "the one before"),
    bind(
        Scope::Reader,
        Action::SearchTerm,
        "search-term",
        &["*"],
        "search a word on screen, picked by its letters",
    ),
    bind(Scope::Reader, Action::GoTo, "go-to", &[":"], "go to `50%`, or to row `120`"),
    bind(
        Scope::Reader,
        Action::LinkHints,
        "link-hints",
        &["f"],
        "follow a link on screen, picked by its letters",
    ),
    bind(
        Scope::Reader,
        Action::Term,
        "term",
        &["K"],
        "what the glossary says of a term on screen, picked by its letters",
    ),
    bind(Scope::Reader, Action::Bookmark, "bookmark", &["b"], "bookmark the top line, or not"),
    bind(Scope::Reader, Action::Note, "note", &["a"], "a note at the top line"),
    bind(Scope::Reader, Action::Select, "select", &["v"], "select lines"),
    bind(
        Scope::Reader,
        Action::OwnCard,
        "own-card",
        &["c"],
        "a card of your own, at the top line or from the note that has the focus",
    ),
    bind(
        Scope::Reader,
        Action::Rehearse,
        "rehearse",
        &["R"],
        "rehearse a design: this one, if it is one",
    ),
    bind(Scope::Reader, Action::Lab, "lab", &["x"], "the lab of this lesson"),
    bind(
        Scope::Reader,
        Action::Worksheet,
        "worksheet",
        &["E"],
        "the estimate on screen, with its inputs to change",
    ),
    bind(Scope::Reader, Action::Review, "review", &["r"], "review the cards that are due"),
    bind(
        Scope::Reader,
        Action::Copy,
        "copy",
        &["y"],
        "copy the code or link that has the focus, else the section",
    ),
    bind(
        Scope::Reader,
        Action::Report,
        "report",
        &["Y"],
        "copy lesson, heading and versions, for a report of an error",
    ),
    bind(Scope::Outline, Action::Open, "open", &["enter"], "to the section"),
    bind(
        Scope::Outline,
        Action::Fold,
        "fold",
        &["space", "h", "l", "left", "right"],
        "fold or unfold",
    ),
    bind(Scope::Outline, Action::Outline, "close", &["o"], "back to the text"),
    bind(Scope::Select, Action::Copy, "copy", &["y"], "copy the lines"),
    bind(Scope::Select, Action::Note, "note", &["a"], "a note on the lines"),
    bind(Scope::Select, Action::OwnCard, "own-card", &["c"], "a card of your own from the lines"),
    bind(Scope::Select, Action::Highlight, "highlight", &["enter", "b"], "highlight the lines"),
    bind(Scope::Select, Action::Select, "close", &["v"], "select nothing"),
    bind(Scope::Menu, Action::Down, "down", &["down", "ctrl-n", "ctrl-j"], "down"),
    bind(Scope::Menu, Action::Up, "up", &["up", "ctrl-p", "ctrl-k"], "up"),
    bind(Scope::Menu, Action::Open, "open", &["enter"], "go there, or do it"),
    bind(Scope::Menu, Action::Group, "group", &["tab"], "of this lesson, or of all"),
    bind(
        Scope::Menu,
        Action::Remove,
        "remove",
        &["ctrl-x"],
        "remove what was kept; a card put aside is asked again",
    ),
    bind(
        Scope::Review,
        Action::Open,
        "open",
        &["enter", "space"],
        "show the answer; then: good; at the end: beyond today's share",
    ),
    bind(
        Scope::Review,
        Action::TypeAnswer,
        "type-answer",
        &["a", "i"],
        "type your answer before you see it; 1 to 4 grade then",
    ),
    bind(Scope::Review, Action::OpenLesson, "open-lesson", &["e"], "open the lesson at that place"),
    bind(Scope::Review, Action::SuspendCard, "suspend-card", &["s"], "do not ask it any more"),
    bind(Scope::Review, Action::BuryCard, "bury-card", &["b"], "put it off to tomorrow"),
    bind(
        Scope::Review,
        Action::OwnCard,
        "own-card",
        &["c"],
        "mend a card of your own, or write one beside this; no question removes it",
    ),
    bind(Scope::Designs, Action::Open, "open", &["enter"], "begin, or go on with the one begun"),
    bind(Scope::Designs, Action::NewRehearsal, "new", &["n"], "begin anew"),
    bind(
        Scope::Designs,
        Action::ShortRehearsal,
        "short",
        &["s"],
        "ten minutes: your weakest phase",
    ),
    bind(Scope::Designs, Action::FindFlaws, "flaws", &["f"], "find the flaws of a finished design"),
    bind(Scope::Designs, Action::OpenLesson, "open-lesson", &["e"], "read the lesson"),
    bind(Scope::Rehearse, Action::GoOn, "go-on", &["ctrl-n"], "done here: go on"),
    bind(Scope::Rehearse, Action::Pause, "pause", &["ctrl-o"], "stop the clock, or let it run on"),
    bind(Scope::Rehearse, Action::Editor, "editor", &["ctrl-e"], "write in $EDITOR"),
    bind(
        Scope::Rehearse,
        Action::Worksheet,
        "sheet",
        &["ctrl-t"],
        "a sheet to compute on; the clock runs on",
    ),
    bind(
        Scope::Rehearse,
        Action::Finish,
        "finish",
        &["ctrl-x"],
        "end it here; what was written stays",
    ),
    bind(Scope::Rehearse, Action::Back, "back", &["esc"], "leave; it can be gone on with"),
    bind(Scope::Rubric, Action::Tick, "tick", &["space", "x"], "tick the line, or not"),
    bind(
        Scope::Rubric,
        Action::GoOn,
        "go-on",
        &["enter"],
        "go on; in the result: read that section",
    ),
    bind(
        Scope::Rubric,
        Action::PageDown,
        "page-down",
        &["pagedown", "ctrl-f", "d", "ctrl-d"],
        "the model answer down",
    ),
    bind(
        Scope::Rubric,
        Action::PageUp,
        "page-up",
        &["pageup", "ctrl-b", "ctrl-u"],
        "the model answer up",
    ),
    bind(Scope::Rubric, Action::Finish, "finish", &["ctrl-x"], "end it here"),
    bind(Scope::Labs, Action::Open, "open", &["enter", "l", "right"], "open the lab"),
    bind(
        Scope::Lab,
        Action::Open,
        "open",
        &["enter"],
        "run it with your prediction; then: once more",
    ),
    bind(Scope::Lab, Action::Skip, "skip", &["s"], "run it without a prediction"),
    bind(Scope::Lab, Action::FocusNext, "focus-next", &["tab"], "the next knob"),
    bind(Scope::Lab, Action::FocusPrevious, "focus-previous", &["backtab"], "the one before"),
    bind(Scope::Lab, Action::Left, "left", &["h", "left"], "the knob down"),
    bind(Scope::Lab, Action::Right, "right", &["l", "right"], "the knob up"),
    bind(Scope::Lab, Action::Edit, "edit", &["e"], "type the knob's value"),
    bind(Scope::Lab, Action::Seed, "seed", &["n"], "another seed"),
    bind(Scope::Lab, Action::Reset, "reset", &["r"], "knobs and seed as they come"),
    bind(Scope::Lab, Action::Source, "source", &["c"], "the mechanism as it runs, or the result"),
    bind(Scope::Lab, Action::Play, "play", &["p"], "isolation: play the schedule step by step"),
    bind(Scope::Lab, Action::OpenLesson, "open-lesson", &["o"], "its lesson"),
    bind(Scope::Lab, Action::Back, "back", &["esc"], "stop the run; else back"),
    bind(Scope::Play, Action::Open, "step", &["enter", "space", "l", "right"], "one step on"),
    bind(Scope::Play, Action::Return, "back-step", &["backspace", "h", "left"], "one step back"),
    bind(Scope::Play, Action::MoveDown, "move-down", &["J"], "this step later"),
    bind(Scope::Play, Action::MoveUp, "move-up", &["K"], "this step earlier"),
    bind(Scope::Play, Action::FocusNext, "next-level", &["tab"], "the next isolation level"),
    bind(Scope::Play, Action::FocusPrevious, "previous-level", &["backtab"], "the one before"),
    bind(
        Scope::Play,
        Action::BreakIt,
        "break-it",
        &["f"],
        "find the shortest order that breaks it",
    ),
    bind(Scope::Play, Action::Reset, "reset", &["r"], "the order in which it is told"),
    bind(
        Scope::Worksheet,
        Action::Open,
        "open",
        &["enter"],
        "change the input; all follows as you type",
    ),
    bind(Scope::Worksheet, Action::Reset, "reset", &["r"], "the input as the course has it"),
    bind(Scope::Worksheet, Action::ResetAll, "reset-all", &["R"], "all as the course has them"),
    bind(Scope::Worksheet, Action::FocusNext, "focus-next", &["tab"], "the lesson's next estimate"),
    bind(Scope::Worksheet, Action::FocusPrevious, "focus-previous", &["backtab"], "the one before"),
    bind(Scope::Scratch, Action::Editor, "editor", &["ctrl-e"], "write in $EDITOR"),
    bind(Scope::Scratch, Action::Back, "back", &["esc"], "back; the sheet is kept"),
];

/// One stroke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    code: KeyCode,
    ctrl: bool,
    alt: bool,
}

impl Chord {
    /// Of an event. Shift is in the character already, but for Tab.
    pub fn of(event: KeyEvent) -> Self {
        let code = match event.code {
            KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            code => code,
        };
        let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
        // What ctrl-h sends is Backspace on most terminals; crossterm already tells them apart where it can.
        Chord { code, ctrl, alt: event.modifiers.contains(KeyModifiers::ALT) }
    }

    /// The digit that may be a count.
    pub fn digit(self) -> Option<u32> {
        match self {
            Chord { code: KeyCode::Char(c), ctrl: false, alt: false } => c.to_digit(10),
            _ => None,
        }
    }

    /// The character typed into a text field.
    pub fn typed(self) -> Option<char> {
        match self {
            Chord { code: KeyCode::Char(c), ctrl: false, alt: false } => Some(c),
            _ => None,
        }
    }

    /// Key, and whether Ctrl and Alt are held.
    pub fn parts(self) -> (KeyCode, bool, bool) {
        (self.code, self.ctrl, self.alt)
    }

    /// Whether it is this key, unmodified.
    pub fn is(self, code: KeyCode) -> bool {
        self == Chord { code, ctrl: false, alt: false }
    }

    /// Whether it is this letter with Ctrl.
    pub fn is_ctrl(self, letter: char) -> bool {
        self == Chord { code: KeyCode::Char(letter), ctrl: true, alt: false }
    }

    fn parse(text: &str) -> Option<Chord> {
        let mut chord = Chord { code: KeyCode::Null, ctrl: false, alt: false };
        let mut name = text;
        loop {
            if let Some(rest) = name.strip_prefix("ctrl-") {
                (chord.ctrl, name) = (true, rest);
            } else if let Some(rest) = name.strip_prefix("alt-") {
                (chord.alt, name) = (true, rest);
            } else {
                break;
            }
        }
        let mut letters = name.chars();
        chord.code = match (letters.next(), letters.next()) {
            (Some(letter), None) if !letter.is_control() && letter != ' ' => KeyCode::Char(letter),
            (None, _) => return None,
            _ => match name {
                "enter" => KeyCode::Enter,
                "esc" => KeyCode::Esc,
                "space" => KeyCode::Char(' '),
                "tab" => KeyCode::Tab,
                "backtab" => KeyCode::BackTab,
                "backspace" => KeyCode::Backspace,
                "delete" => KeyCode::Delete,
                "up" => KeyCode::Up,
                "down" => KeyCode::Down,
                "left" => KeyCode::Left,
                "right" => KeyCode::Right,
                "home" => KeyCode::Home,
                "end" => KeyCode::End,
                "pageup" => KeyCode::PageUp,
                "pagedown" => KeyCode::PageDown,
                _ => KeyCode::F(
                    name.strip_prefix('f')?.parse().ok().filter(|n| (1..=24).contains(n))?,
                ),
            },
        };
        Some(chord)
    }

    fn sequence(text: &str) -> Option<Vec<Chord>> {
        let chords: Option<Vec<Chord>> = text.split(' ').map(Chord::parse).collect();
        chords.filter(|chords| !chords.is_empty())
    }
}

/// What a sequence of strokes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Bound.
    Action(Action),
    /// The start of something bound.
    Prefix,
    /// Nothing.
    None,
}

/// The table with the reader's own keys in it.
#[derive(Debug, Clone)]
pub struct Keymap {
    bound: Vec<(Scope, Action, String, Vec<Chord>)>,
}

impl Keymap {
    /// From `[keys.SCREEN]`; `name` is the configuration file, for errors.
    ///
    /// # Errors
    /// A screen, an action or a key that does not exist, each with the nearest that does.
    pub fn new(own: &BTreeMap<String, BTreeMap<String, Keys>>, name: &str) -> Outcome<Self> {
        for (screen, actions) in own {
            let of_screen: Vec<&Binding> =
                TABLE.iter().filter(|b| b.scope.name() == screen).collect();
            if of_screen.is_empty() {
                let known = [
                    "all", "library", "reader", "outline", "select", "menu", "review", "designs",
                    "rehearse", "rubric",
                ];
                return Err(unknown(name, &format!("[keys.{screen}]"), screen, &known));
            }
            for action in actions.keys() {
                if !of_screen.iter().any(|b| b.name == action) {
                    let known: Vec<&str> = of_screen.iter().map(|b| b.name).collect();
                    return Err(unknown(
                        name,
                        &format!("[keys.{screen}] {action}"),
                        action,
                        &known,
                    ));
                }
            }
        }
        let mut bound = Vec::new();
        for binding in TABLE {
            let given = own.get(binding.scope.name()).and_then(|actions| actions.get(binding.name));
            let keys: Vec<String> = match given {
                Some(keys) => keys.list().to_vec(),
                None => binding.keys.iter().map(ToString::to_string).collect(),
            };
            for key in keys {
                let chords = Chord::sequence(&key).ok_or_else(|| {
                    let place = format!("{name}: [keys.{}] {}", binding.scope.name(), binding.name);
                    Failure::new(Exit::Usage, format!("{place}: \"{key}\" is no key"))
                        .hint("keys are written \"o\", \"G\", \"ctrl-d\", \"enter\", \"space\", \"pagedown\", \"f1\", \"g g\"")
                })?;
                bound.push((binding.scope, binding.action, key, chords));
            }
        }
        Ok(Keymap { bound })
    }

    /// What the strokes mean on a screen. The screen's own keys win over those of all screens.
    pub fn find(&self, scope: Scope, strokes: &[Chord]) -> Match {
        let mut prefix = false;
        for at in [scope, Scope::All] {
            for (_, action, _, chords) in self.bound.iter().filter(|(s, ..)| *s == at) {
                if chords == strokes {
                    return Match::Action(*action);
                }
                prefix |= chords.len() > strokes.len() && chords.starts_with(strokes);
            }
        }
        if prefix { Match::Prefix } else { Match::None }
    }

    /// Whether a stroke is bound on exactly this screen: where letters are text, no other binding counts.
    pub fn own(&self, scope: Scope, stroke: Chord) -> bool {
        self.bound.iter().any(|(s, _, _, chords)| *s == scope && chords[..] == [stroke])
    }

    /// The first key of an action on a screen, for hints at the bottom.
    pub fn key(&self, scope: Scope, action: Action) -> &str {
        [scope, Scope::All]
            .iter()
            .find_map(|at| self.bound.iter().find(|(s, a, ..)| s == at && *a == action))
            .map_or("", |(_, _, key, _)| key)
    }

    /// All keys of an action on exactly this scope, for the page of keys.
    pub fn keys(&self, scope: Scope, action: Action) -> String {
        let of_action = self.bound.iter().filter(|(s, a, ..)| *s == scope && *a == action);
        of_action.map(|(_, _, key, _)| key.replace(' ', "")).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Keymap {
    /// The table in markdown, as the README has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| where | keys | what | name |\n|---|---|---|---|")?;
        for binding in TABLE {
            let keys = self.keys(binding.scope, binding.action);
            let keys: Vec<String> = keys.split(' ').map(|key| format!("`{key}`")).collect();
            let (scope, help, name) = (binding.scope.name(), binding.help, binding.name);
            writeln!(f, "| {scope} | {} | {help} | `{name}` |", keys.join(" "))?;
        }
        Ok(())
    }
}

fn unknown(file: &str, place: &str, given: &str, known: &[&str]) -> Failure {
    let failure = Failure::new(Exit::Usage, format!("{file}: {place} does not exist"));
    let nearest = known.iter().min_by_key(|name| strsim::damerau_levenshtein(given, name));
    match nearest {
        Some(name) if strsim::damerau_levenshtein(given, name) <= 3 => {
            failure.hint(format!("did you mean `{name}`?"))
        }
        _ => failure.hint(format!("there are {}", known.join(", "))),
    }
}

/// Strokes and a count that are not an action yet.
#[derive(Debug, Clone, Default)]
pub struct Pending {
    strokes: Vec<Chord>,
    count: Option<u32>,
}

impl Pending {
    /// Takes a stroke; gives the action that it completes, with its count.
    pub fn press(
        &mut self,
        keymap: &Keymap,
        scope: Scope,
        chord: Chord,
    ) -> Option<(Action, Option<u32>)> {
        if self.strokes.is_empty()
            && let Some(digit) = chord.digit()
            && (digit > 0 || self.count.is_some())
        {
            let count = self.count.unwrap_or(0).saturating_mul(10).saturating_add(digit);
            self.count = Some(count.min(99_999));
            return None;
        }
        self.strokes.push(chord);
        match keymap.find(scope, &self.strokes) {
            Match::Action(action) => {
                self.strokes.clear();
                Some((action, self.count.take()))
            }
            Match::Prefix => None,
            Match::None => {
                *self = Pending::default();
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn keymap() -> Keymap {
        Keymap::new(&BTreeMap::new(), "config.toml").unwrap()
    }

    fn press(text: &str) -> Vec<(Action, Option<u32>)> {
        let (keymap, mut pending) = (keymap(), Pending::default());
        Chord::sequence(text)
            .unwrap()
            .into_iter()
            .filter_map(|chord| pending.press(&keymap, Scope::Reader, chord))
            .collect()
    }

    #[test]
    fn counts_and_sequences_are_as_in_vim() {
        assert_eq!(press("1 2 j"), [(Action::Down, Some(12))]);
        assert_eq!(press("g g"), [(Action::Top, None)]);
        assert_eq!(press("g x j"), [(Action::Down, None)], "a broken sequence is forgotten");
        assert_eq!(press("3 z j"), [(Action::Down, None)], "and so is its count");
    }

    #[test]
    fn a_screen_may_use_a_key_otherwise() {
        let keymap = keymap();
        let space = [Chord::parse("space").unwrap()];
        assert_eq!(keymap.find(Scope::Reader, &space), Match::Action(Action::PageDown));
        assert_eq!(keymap.find(Scope::Library, &space), Match::Action(Action::Fold));
    }

    #[test]
    fn no_key_of_a_screen_means_two_things() {
        for scope in
            [Scope::All, Scope::Library, Scope::Reader, Scope::Outline, Scope::Select, Scope::Menu]
        {
            let mut seen: Vec<&str> = Vec::new();
            for key in TABLE.iter().filter(|b| b.scope == scope).flat_map(|b| b.keys) {
                assert!(!seen.contains(key), "{} has {key} twice", scope.name());
                seen.push(key);
            }
        }
    }

    #[test]
    fn own_keys_replace_the_default_and_wrong_ones_are_named() {
        let own = |text: &str| crate::config::Config::parse(text, "c").unwrap().keys;
        let keymap = Keymap::new(&own("[keys.reader]\nmark = \"x\""), "c").unwrap();
        assert_eq!(keymap.keys(Scope::Reader, Action::Mark), "x");
        for (text, part) in [
            ("[keys.raeder]\nmark = \"x\"", "did you mean `reader`?"),
            ("[keys.reader]\nmrak = \"x\"", "did you mean `mark`?"),
            ("[keys.reader]\nmark = \"ctrl-\"", "\"ctrl-\" is no key"),
        ] {
            let said = Keymap::new(&own(text), "c").unwrap_err().to_string();
            assert!(said.contains(part), "{said}");
        }
    }
}
