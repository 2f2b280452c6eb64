//! The account: every message received has one place, and the sums prove it. Not the rows that a
//! stream puts out, which [`super::Ledger`] counts.

use std::collections::BTreeMap;

/// Where a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the store, for the pipeline to use.
    Stored,
    /// Nowhere: the same was there already.
    Duplicate,
    /// Kept apart, with a reason.
    Quarantined,
    /// Not read, with a reason.
    Rejected,
}

impl Place {
    /// All of them, in the order of the equation.
    pub const ALL: [Self; 4] = [Self::Stored, Self::Duplicate, Self::Quarantined, Self::Rejected];

    /// The name used in tables and counters.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Duplicate => "duplicate",
            Self::Quarantined => "quarantined",
            Self::Rejected => "rejected",
        }
    }

    /// The place of this name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.name() == name)
    }
}

/// A number of messages and of the readings in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Messages.
    pub messages: u64,
    /// Readings; none are known of what could not be read.
    pub readings: u64,
}

impl Count {
    /// One message of this many readings.
    #[must_use]
    pub const fn one(readings: u64) -> Self {
        Self { messages: 1, readings }
    }

    /// Both numbers of both.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { messages: self.messages + other.messages, readings: self.readings + other.readings }
    }

    /// Both numbers less those of `other`; None where there are fewer.
    #[must_use]
    pub fn less(self, other: Self) -> Option<Self> {
        let messages = self.messages.checked_sub(other.messages)?;
        Some(Self { messages, readings: self.readings.checked_sub(other.readings)? })
    }
}

/// Whose messages are counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// The company whose door they came through.
    pub tenant: String,
    /// What spoke; empty for what could not be read.
    pub device: String,
}

impl Holder {
    /// The holder of what `device` of `tenant` says.
    #[must_use]
    pub fn of(tenant: &str, device: &str) -> Self {
        Self { tenant: tenant.to_owned(), device: device.to_owned() }
    }
}

/// A place with its reason; the reason is empty for what is stored or duplicate.
type Column = (Place, String);

/// What was received, and where it is: received = stored + duplicate + quarantined + rejected, in
/// messages and in readings, for each device.
///
/// Received is counted at the door and the places at the decision, so that the equation proves
/// something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    received: BTreeMap<Holder, Count>,
    places: BTreeMap<Holder, BTreeMap<Column, Count>>,
}

impl Account {
    /// Counts what came in at the door.
    pub fn receive(&mut self, holder: &Holder, count: Count) {
        let received = self.received.entry(holder.clone()).or_default();
        *received = received.plus(count);
    }

    /// Counts what was put in a place, for a reason where there is one.
    pub fn put(&mut self, holder: &Holder, place: Place, reason: &str, count: Count) {
        let columns = self.places.entry(holder.clone()).or_default();
        let column = columns.entry((place, reason.to_owned())).or_default();
        *column = column.plus(count);
    }

    /// Counts what was moved from a place to another, such as a release. False, and nothing is
    /// counted, where there is less than that in the first.
    pub fn transfer(
        &mut self,
        holder: &Holder,
        from: (Place, &str),
        to: (Place, &str),
        count: Count,
    ) -> bool {
        let columns = self.places.entry(holder.clone()).or_default();
        let key = (from.0, from.1.to_owned());
        let Some(left) = columns.get(&key).and_then(|there| there.less(count)) else {
            return false;
        };
        columns.insert(key, left);
        self.put(holder, to.0, to.1, count);
        true
    }

    /// Adds another account to this one.
    pub fn add(&mut self, other: &Self) {
        for (holder, count) in &other.received {
            self.receive(holder, *count);
        }
        for (holder, place, reason, count) in other.rows() {
            self.put(holder, place, reason, count);
        }
    }

    /// What came in at the door, by holder.
    pub fn received(&self) -> impl Iterator<Item = (&Holder, Count)> {
        self.received.iter().map(|(holder, count)| (holder, *count))
    }

    /// Where it is: holder, place, reason and how much.
    pub fn rows(&self) -> impl Iterator<Item = (&Holder, Place, &str, Count)> {
        self.places.iter().flat_map(|(holder, columns)| {
            columns.iter().map(move |((place, reason), count)| (holder, *place, reason.as_str(), *count))
        })
    }

    /// The sum over all holders of what is in `place`.
    #[must_use]
    pub fn total(&self, place: Place) -> Count {
        self.rows()
            .filter(|(_, at, ..)| *at == place)
            .fold(Count::default(), |sum, (.., count)| sum.plus(count))
    }

    /// The first holder for whom the equation does not hold, with what was received and what is in
    /// all places together; None when it holds for all.
    #[must_use]
    pub fn imbalance(&self) -> Option<(&Holder, Count, Count)> {
        let holders = self.received.keys().chain(self.places.keys());
        holders
            .map(|holder| {
                let received = self.received.get(holder).copied().unwrap_or_default();
                let columns = self.places.get(holder).into_iter().flat_map(BTreeMap::values);
                (holder, received, columns.fold(Count::default(), |sum, count| sum.plus(*count)))
            })
            .find(|(_, received, placed)| received != placed)
    }

    /// Whether received = stored + duplicate + quarantined + rejected, for every holder.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.imbalance().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_and_rulings_keep_the_balance() {
        let (a, b) = (Holder::of("t", "a"), Holder::of("t", "b"));
        let mut account = Account::default();
        for (holder, readings) in [(&a, 5), (&a, 3), (&b, 2)] {
            account.receive(holder, Count::one(readings));
        }
        account.put(&a, Place::Stored, "", Count::one(5));
        account.put(&a, Place::Quarantined, "late", Count::one(3));
        assert_eq!(account.imbalance(), Some((&b, Count::one(2), Count::default())));
        account.put(&b, Place::Rejected, "too_long", Count::one(2));
        assert!(account.balances());
        assert!(account.transfer(&a, (Place::Quarantined, "late"), (Place::Stored, ""), Count::one(3)));
        assert!(account.balances());
        assert_eq!(account.total(Place::Stored), Count { messages: 2, readings: 8 });
        // What is not there cannot be moved.
        assert!(!account.transfer(&a, (Place::Quarantined, "late"), (Place::Stored, ""), Count::one(3)));
        let mut twice = account.clone();
        twice.add(&account);
        assert!(twice.balances());
        assert_eq!(twice.total(Place::Rejected), Count { messages: 2, readings: 4 });
    }
}
