//! A card of the reader's own, written or mended in the review: the question, then the answer.

use super::super::field::{Field, Typed};
use super::super::keymap::Chord;
use super::super::message::{Ctx, Effect};
use super::Review;
use crate::journal::{Place, What};
use crate::recall::own_key;

/// What is being written.
pub(super) struct Editing {
    key: String,
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
        self.editing = Some(match own {
            Some(own) => Editing {
                key: own.key.clone(),
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
                    place,
                    question: None,
                    answer: String::new(),
                    field: Field::default(),
                }
            }
        });
    }

    pub(super) fn edit_key(&mut self, chord: Chord, ctx: &Ctx<'_, 'c>) -> Option<Vec<Effect<'c>>> {
        let editing = self.editing.as_mut()?;
        match editing.field.key(chord) {
            Typed::Changed => return Some(Vec::new()),
            Typed::Other => return None,
            Typed::Left => {
                self.editing = None;
                return Some(Vec::new());
            }
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

    fn keep(&mut self, question: String, answer: String, said: &str) -> Vec<Effect<'c>> {
        let Some(Editing { key, place, .. }) = self.editing.take() else { return Vec::new() };
        // The words on the screen are read again, and a card removed gives way to the next.
        if self.shown.as_ref().is_some_and(|shown| shown.key == key) {
            self.shown = None;
        }
        vec![
            Effect::Record(vec![What::Card { card: key, place, question, answer }]),
            Effect::Say(said.into()),
        ]
    }
}
