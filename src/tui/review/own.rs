//! A card of the reader's own, written or mended in the review: the question, then the answer. One that is left is held
//! for as long as the program runs.

use super::super::field::{Field, Typed};
use super::super::keymap::{Action, Chord, Scope};
use super::super::message::{Ctx, Draft, Effect};
use super::Review;
use crate::journal::{Place, What};
use crate::recall::own_key;

/// What is being written.
pub(super) struct Editing {
    key: String,
    /// What its draft is about: the card that was shown when it began.
    about: String,
    place: Option<Place>,
    /// The question, once it is written.
    question: Option<String>,
    /// The answer as it was, for the second step.
    answer: String,
    pub(super) field: Field,
}

impl Editing {
    /// What the field is for.
    pub(super) fn label(&self) -> &'static str {
        if self.question.is_none() { " question: " } else { " answer: " }
    }
}

impl<'c> Review<'c> {
    /// Mends the own card that is shown, or begins one beside the card that is shown.
    pub(super) fn edit(&mut self, ctx: &Ctx<'_, 'c>) {
        let Some(shown) = &self.shown else { return };
        let own = ctx.progress.own_cards().iter().find(|card| card.key == shown.key);
        let about = format!("{}#card", shown.key);
        let draft = ctx.drafts.get(&about);
        let mut editing = match own {
            Some(own) => Editing {
                key: own.key.clone(),
                about,
                place: own.place.clone(),
                question: None,
                answer: own.answer.clone(),
                field: Field::new(&own.question),
            },
            None => {
                let slug = shown.lesson.map_or("", |lesson| &lesson.slug);
                let place = shown
                    .words
                    .heading
                    .clone()
                    .map(|heading| Place { heading: Some(heading), ..Place::default() });
                Editing {
                    key: own_key(slug, ctx.now.wall),
                    about,
                    place,
                    question: None,
                    answer: String::new(),
                    field: Field::default(),
                }
            }
        };
        if let Some(draft) = draft {
            editing.question.clone_from(&draft.question);
            editing.field = Field::new(&draft.text);
        }
        self.editing = Some(editing);
    }

    pub(super) fn edit_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Option<Vec<Effect<'c>>> {
        let editing = self.editing.as_mut()?;
        match editing.field.key(chord) {
            Typed::Changed => return Some(Vec::new()),
            Typed::Other => return None,
            Typed::Left => return Some(self.leave_card(ctx)),
            Typed::Done => {}
        }
        let text = editing.field.text().trim().to_string();
        let known = ctx.progress.own_cards().iter().any(|card| card.key == editing.key);
        match (&editing.question, text.is_empty()) {
            (None, true) if !known => self.editing = None,
            // Without a question the card is gone.
            (None, true) => return Some(self.keep(String::new(), String::new(), "card removed")),
            (None, false) => {
                editing.question = Some(text);
                editing.field = Field::new(&editing.answer);
            }
            (Some(_), true) => return Some(vec![Effect::Say("an answer, please".into())]),
            (Some(question), false) => {
                let question = question.clone();
                return Some(self.keep(question, text, "card kept"));
            }
        }
        Some(Vec::new())
    }

    /// A card that is left unfinished is held; an empty one and an old one as it was are not.
    fn leave_card(&mut self, ctx: &Ctx<'_, 'c>) -> Vec<Effect<'c>> {
        let Some(Editing { key, about, question, answer, field, .. }) = self.editing.take() else {
            return Vec::new();
        };
        let text = field.text().to_string();
        let old = ctx.progress.own_cards().iter().find(|card| card.key == key);
        let same = match (&question, old) {
            (None, None) => text.trim().is_empty(),
            (None, Some(old)) => text == old.question,
            (Some(_), None) => false,
            (Some(question), Some(old)) => *question == old.question && text == old.answer,
        };
        if same {
            return vec![Effect::Draft(about, None)];
        }
        let key = ctx.keymap.key(Scope::Review, Action::OwnCard);
        vec![
            Effect::Draft(about, Some(Draft { place: None, question, answer, text })),
            Effect::Say(format!("draft kept; {key} goes on with it")),
        ]
    }

    fn keep(&mut self, question: String, answer: String, said: &str) -> Vec<Effect<'c>> {
        let Some(Editing { key, about, place, .. }) = self.editing.take() else {
            return Vec::new();
        };
        // The words on the screen are read again, and a card removed gives way to the next.
        if self.shown.as_ref().is_some_and(|shown| shown.key == key) {
            self.shown = None;
        }
        vec![
            Effect::Draft(about, None),
            Effect::Record(vec![What::Card { card: key, place, question, answer }]),
            Effect::Say(said.into()),
        ]
    }
}
