//! What is typed at the foot of a lesson: a search, a place to go to, a note.

use super::super::field::{Field, Typed};
use super::super::keymap::{Action, Chord, Scope};
use super::super::message::{Ctx, Draft, Effect};
use super::{Mode, Reader};
use crate::journal::{Place, What};
use crate::markdown::Spot;
use crate::progress::KeptWhat;
use crate::recall::own_key;

/// What the text is for.
#[derive(Debug, Clone)]
pub(super) enum Prompt {
    /// `/`; Esc returns to where it began.
    Search { from: Spot },
    /// `:`
    GoTo,
    /// A note at a place, in place of older wordings.
    Note { place: Place, over: Vec<String> },
    /// A card of the reader's own: first the question, then the answer.
    Card { place: Place, question: Option<String>, answer: String },
}

impl<'c> Reader<'c> {
    pub(super) fn ask(&mut self, prompt: Prompt) {
        self.mode = Mode::Prompt(prompt, Field::default());
    }

    /// A note at the top line or on given lines; one that was begun goes on where it began, or on the given lines.
    pub(super) fn ask_note(&mut self, place: Option<Place>, ctx: &Ctx<'_, 'c>) {
        let draft = ctx.drafts.get(&self.about(&[]));
        let (began, text) = draft.map_or((None, ""), |draft| (draft.place.clone(), &draft.text));
        let place = place.or(began).unwrap_or_else(|| self.place_of(self.page.spot_of(self.top)));
        self.mode = Mode::Prompt(Prompt::Note { place, over: Vec::new() }, Field::new(text));
    }

    /// What a draft is about: a new note of this lesson, or the older ones that it stands in place of.
    pub(super) fn about(&self, over: &[String]) -> String {
        format!("{}#{}", self.entry.slug, over.join(" "))
    }

    /// A note that is left unfinished is held; an empty one and an old one as it was are not.
    fn leave_note(
        &self,
        place: Place,
        over: &[String],
        text: String,
        ctx: &Ctx<'_, 'c>,
    ) -> Vec<Effect<'c>> {
        let same = self.kept.iter().any(|here| {
            over.contains(&here.kept.id) && here.kept.what == KeptWhat::Note(text.clone())
        });
        let about = self.about(over);
        if same || text.trim().is_empty() {
            return vec![Effect::Draft(about, None)];
        }
        let said = if over.is_empty() {
            let key = ctx.keymap.key(Scope::Reader, Action::Note);
            format!("draft kept; {key} goes on with it")
        } else {
            let key = ctx.keymap.key(Scope::Reader, Action::Open);
            format!("draft kept; {key} on the note goes on")
        };
        let draft = Draft { place: Some(place), question: None, answer: String::new(), text };
        vec![Effect::Draft(about, Some(draft)), Effect::Say(said)]
    }

    /// What the draft of a card is about: a lesson has one.
    fn about_card(&self) -> String {
        format!("{}#card", self.entry.slug)
    }

    /// The card that was begun in this lesson and left, or a new one at a place.
    pub(super) fn go_on_with_card(&mut self, place: Place, ctx: &Ctx<'_, 'c>) {
        let Some(draft) = ctx.drafts.get(&self.about_card()).cloned() else {
            return self.ask_card(place, String::new());
        };
        let place = draft.place.unwrap_or(place);
        let prompt = Prompt::Card { place, question: draft.question, answer: draft.answer };
        self.mode = Mode::Prompt(prompt, Field::new(&draft.text));
    }

    /// A card that is left unfinished is held, if anything of it was typed.
    fn leave_card(
        &self,
        place: Place,
        question: Option<String>,
        answer: String,
        text: String,
        ctx: &Ctx<'_, 'c>,
    ) -> Vec<Effect<'c>> {
        if question.is_none() && text.trim().is_empty() {
            return Vec::new();
        }
        let draft = Draft { place: Some(place), question, answer, text };
        let key = ctx.keymap.key(Scope::Reader, Action::OwnCard);
        vec![
            Effect::Draft(self.about_card(), Some(draft)),
            Effect::Say(format!("draft kept; {key} goes on with it")),
        ]
    }

    pub(super) fn prompt_key(
        &mut self,
        chord: Chord,
        ctx: &Ctx<'_, 'c>,
    ) -> Option<Vec<Effect<'c>>> {
        let Mode::Prompt(prompt, field) = &mut self.mode else { return None };
        if matches!(prompt, Prompt::Note { .. }) && chord.is_ctrl('e') {
            return Some(vec![Effect::Edit(field.text().to_string())]);
        }
        let typed = field.key(chord);
        let text = field.text().to_string();
        let prompt = prompt.clone();
        match typed {
            Typed::Other => return None,
            Typed::Changed => {
                if matches!(prompt, Prompt::Search { .. }) {
                    self.search_as_typed();
                }
                return Some(Vec::new());
            }
            Typed::Left => {
                if let Prompt::Search { from } = &prompt {
                    self.search = None;
                    self.go(*from);
                }
                self.mode = Mode::Text;
                return Some(match prompt {
                    Prompt::Note { place, over } => self.leave_note(place, &over, text, ctx),
                    Prompt::Card { place, question, answer } => {
                        self.leave_card(place, question, answer, text, ctx)
                    }
                    Prompt::Search { .. } | Prompt::GoTo => Vec::new(),
                });
            }
            Typed::Done => {}
        }
        self.mode = Mode::Text;
        Some(match prompt {
            Prompt::Search { from } => {
                let found = self.search.as_ref().is_some_and(|search| !search.hits.is_empty());
                if found {
                    self.trail.push(from);
                    self.attention.moved(ctx.now.mono);
                    Vec::new()
                } else if text.is_empty() {
                    Vec::new()
                } else {
                    vec![Effect::Say(self.nothing_found(ctx))]
                }
            }
            Prompt::GoTo => {
                if text.trim().is_empty() || self.go_to(&text) {
                    self.attention.moved(ctx.now.mono);
                    Vec::new()
                } else {
                    vec![Effect::Say(format!("\"{text}\" is no place; write 50% or 120"))]
                }
            }
            Prompt::Note { place, over } => self.note(Some(place), &text, over),
            Prompt::Card { place, question, answer } => {
                self.card_step(place, question, &answer, text.trim(), ctx)
            }
        })
    }

    /// A card of the reader's own at a place, its answer begun with a passage or a note.
    pub(super) fn ask_card(&mut self, place: Place, answer: String) {
        self.mode = Mode::Prompt(Prompt::Card { place, question: None, answer }, Field::default());
    }

    /// The question was written, or the answer.
    fn card_step(
        &mut self,
        place: Place,
        question: Option<String>,
        answer: &str,
        text: &str,
        ctx: &Ctx<'_, 'c>,
    ) -> Vec<Effect<'c>> {
        if text.is_empty() && question.is_some() {
            let prompt = Prompt::Card { place, question, answer: String::new() };
            self.ask(prompt);
            return vec![Effect::Say("an answer, please".into())];
        }
        if text.is_empty() {
            return vec![Effect::Draft(self.about_card(), None)];
        }
        let Some(question) = question else {
            let next =
                Prompt::Card { place, question: Some(text.to_string()), answer: String::new() };
            self.mode = Mode::Prompt(next, Field::new(answer));
            return Vec::new();
        };
        let what = What::Card {
            card: own_key(&self.entry.slug, ctx.now.wall),
            place: Some(place),
            question,
            answer: text.to_string(),
        };
        let key = ctx.keymap.key(Scope::Reader, Action::Review);
        vec![
            Effect::Draft(self.about_card(), None),
            Effect::Record(vec![what]),
            Effect::Say(format!("a card of your own; {key} reviews")),
        ]
    }

    /// The text of the note that was being written comes back from `$EDITOR`; none if that failed.
    pub fn edited(&mut self, text: Option<&str>) -> Vec<Effect<'c>> {
        let Mode::Prompt(Prompt::Note { place, over }, _) = &self.mode else { return Vec::new() };
        let (place, over) = (place.clone(), over.clone());
        match text {
            None => Vec::new(),
            Some(text) => {
                self.mode = Mode::Text;
                self.note(Some(place), text, over)
            }
        }
    }

    fn note(&mut self, place: Option<Place>, text: &str, over: Vec<String>) -> Vec<Effect<'c>> {
        let text = text.trim().to_string();
        let forget = Effect::Draft(self.about(&over), None);
        if text.is_empty() && over.is_empty() {
            return vec![forget];
        }
        let said = if text.is_empty() { "note removed" } else { "noted" };
        let lesson = self.entry.slug.to_string();
        vec![
            forget,
            Effect::Record(vec![What::Note { lesson, place, text, over }]),
            Effect::Say(said.into()),
        ]
    }
}
