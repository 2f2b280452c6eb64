//! Patterns of steps, and how far a trace follows one.

use super::trace::Event;
use super::words::OF_PREDICTORS;
use std::collections::BTreeSet;

/// Steps to be met in order, each with what may not come on the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    steps: Vec<Step>,
    /// What may not come after the last step, until its session is sealed.
    none_after: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Step {
    none_before: Vec<String>,
    event: String,
}

/// The word before an event that may not come.
const NO: &str = "no ";

impl Pattern {
    /// The pattern of `words`: events, and `no EVENT`, which holds between the steps beside it.
    pub(super) fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut steps, mut none) = (Vec::new(), Vec::new());
        for word in words {
            match word.strip_prefix(NO) {
                Some(event) => none.push(event.to_owned()),
                None => {
                    steps.push(Step { none_before: std::mem::take(&mut none), event: word.to_owned() });
                }
            }
        }
        Self { steps, none_after: none }
    }

    /// The event that a word of a pattern names.
    pub(super) fn event_of(word: &str) -> &str {
        word.strip_prefix(NO).unwrap_or(word)
    }

    /// Whether it names what predictors do.
    pub(super) fn asks_predictors(&self) -> bool {
        let of_step = |step: &Step| [step.none_before.as_slice(), std::slice::from_ref(&step.event)].concat();
        let mut words = self.steps.iter().flat_map(of_step).chain(self.none_after.clone());
        words.any(|word| OF_PREDICTORS.contains(&word.split(':').next().unwrap_or("")))
    }

    /// How many steps there are; that nothing may come after the last counts as one.
    pub(super) fn length(&self) -> usize {
        self.steps.len() + usize::from(!self.none_after.is_empty())
    }

    /// How many steps `events` follows it for; its [`Self::length`] when it follows it wholly.
    ///
    /// A pattern stays in one session: what lies beyond the seal is only reached by way of a step
    /// that names the end (`graded`, `outcome` or `sealed`), and then in the next session only.
    pub(super) fn followed(&self, events: &[Event]) -> usize {
        let mut reached: BTreeSet<usize> = BTreeSet::new();
        for (n, step) in self.steps.iter().enumerate() {
            let next: BTreeSet<usize> = if n == 0 {
                (0..events.len()).filter(|at| is(&events[*at], &step.event)).collect()
            } else {
                reached.iter().flat_map(|from| step.met_after(*from, events)).collect()
            };
            if next.is_empty() {
                return n;
            }
            reached = next;
        }
        let stays_away = |from: &usize| {
            let mut rest = within_reach(*from, events).map(|at| &events[at]);
            !rest.any(|event| self.none_after.iter().any(|word| is(event, word)))
        };
        let whole = reached.iter().any(stays_away);
        if whole { self.length() } else { self.steps.len() }
    }
}

impl Step {
    /// Where the step is met after the event at `from`.
    fn met_after(&self, from: usize, events: &[Event]) -> Vec<usize> {
        let mut met = Vec::new();
        for at in within_reach(from, events) {
            if is(&events[at], &self.event) {
                met.push(at);
            }
            if self.none_before.iter().any(|word| is(&events[at], word)) {
                break;
            }
        }
        met
    }
}

/// Whether `event` is what `word` names: itself, or one of its family.
fn is(event: &Event, word: &str) -> bool {
    event.name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
}

/// The events after `from` up to the one that seals a session, which is included.
fn within_reach(from: usize, events: &[Event]) -> impl Iterator<Item = usize> + '_ {
    let start = &events[from];
    let seals = move |at: usize| {
        let own = start.is_of_end() && events[at].session == start.session;
        events[at].is_last() && !own
    };
    let end = (from + 1..events.len()).find(|at| seals(*at)).map_or(events.len(), |at| at + 1);
    from + 1..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::trace::made;
    use proptest::prelude::*;

    fn followed(steps: &[&str], events: &[(&str, usize)]) -> usize {
        Pattern::of(steps.iter().copied()).followed(&made(events))
    }

    const ROAST: [(&str, usize); 6] = [
        ("charge:device", 0),
        ("turning_point:inferred", 0),
        ("flag:spike", 0),
        ("drop:device", 0),
        ("outcome:complete", 0),
        ("sealed:drop+cooldown", 0),
    ];

    #[test]
    fn steps_are_met_in_order_and_no_other() {
        assert_eq!(followed(&["charge", "drop", "outcome:complete"], &ROAST), 3);
        assert_eq!(followed(&["drop", "charge"], &ROAST), 1);
        assert_eq!(followed(&["charge", "drop:operator"], &ROAST), 1);
        assert_eq!(followed(&["cool_end"], &ROAST), 0);
        // Twice is twice, and a longer word is another.
        assert_eq!(followed(&["drop", "drop"], &ROAST), 1);
        assert_eq!(followed(&["char"], &ROAST), 0);
    }

    #[test]
    fn what_may_not_come_does_not() {
        assert_eq!(followed(&["charge", "no flag:spike", "drop"], &ROAST), 1);
        assert_eq!(followed(&["charge", "no flag:stuck", "drop"], &ROAST), 2);
        assert_eq!(followed(&["charge", "no flag", "drop"], &ROAST), 1);
        // After the last step it holds until the seal, and counts as a step.
        assert_eq!(followed(&["charge", "no drop"], &ROAST), 1);
        assert_eq!(Pattern::of(["charge", "no drop"]).length(), 2);
        assert_eq!(followed(&["drop", "no flag"], &ROAST), 2);
    }

    #[test]
    fn a_path_leaves_its_session_only_by_naming_the_end() {
        let second =
            [("charge:device", 1), ("drop:device", 1), ("outcome:aborted", 1), ("sealed:silence", 1)];
        let both = [ROAST.as_slice(), &second].concat();
        assert_eq!(followed(&["turning_point", "outcome:aborted"], &both), 1);
        assert_eq!(followed(&["turning_point", "sealed", "charge", "outcome:aborted"], &both), 4);
        assert_eq!(followed(&["drop", "outcome", "charge", "sealed:silence"], &both), 4);
        // The next session, and not the one after it.
        let third = [both.as_slice(), &[("charge:operator", 2), ("sealed:end_of_stream", 2)]].concat();
        assert_eq!(followed(&["turning_point", "sealed", "charge:operator"], &third), 2);
        assert_eq!(followed(&["turning_point", "no drop", "sealed:silence"], &both), 1);
    }

    /// Whether `events` hold the steps, tried in every way; one session, no seal.
    fn holds(steps: &[(Vec<char>, char)], none_after: &[char], events: &[char]) -> bool {
        let Some(((none, want), rest)) = steps.split_first() else {
            return !events.iter().any(|event| none_after.contains(event));
        };
        (0..events.len()).any(|at| {
            let clear = !events[..at].iter().any(|event| none.contains(event));
            events[at] == *want && clear && holds(rest, none_after, &events[at + 1..])
        })
    }

    proptest! {
        #[test]
        fn it_agrees_with_trying_everything(
            events in prop::collection::vec(prop::char::range('a', 'd'), 0..9),
            steps in prop::collection::vec((prop::collection::vec(prop::char::range('a', 'd'), 0..2), prop::char::range('a', 'd')), 1..5),
            none_after in prop::collection::vec(prop::char::range('a', 'd'), 0..2),
        ) {
            let mut steps = steps;
            steps[0].0.clear();
            let written: Vec<String> = steps
                .iter()
                .flat_map(|(none, want)| none.iter().map(|c| format!("no {c}")).chain([want.to_string()]).collect::<Vec<_>>())
                .chain(none_after.iter().map(|c| format!("no {c}")))
                .collect();
            let pattern = Pattern::of(written.iter().map(String::as_str));
            let named: Vec<String> = events.iter().map(char::to_string).collect();
            let placed: Vec<(&str, usize)> = named.iter().map(|name| (name.as_str(), 0)).collect();
            let whole = pattern.followed(&made(&placed)) == pattern.length();
            prop_assert_eq!(whole, holds(&steps, &none_after, &events));
        }
    }
}
