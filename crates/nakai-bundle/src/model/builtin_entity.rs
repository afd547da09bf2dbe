use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An entity that Nakai knows by itself. A flow may ask for it by its name; no line in `entities.yaml` is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BuiltinEntity {
    /// A number: `3`, 二十五, `two and a half`.
    Number,
    /// A place in an order: 三番目, `the second`.
    Ordinal,
    /// A share: `15 %`, 三割.
    Percentage,
    /// An amount of money with its ISO 4217 currency.
    Money,
    /// How old someone or something is.
    Age,
    /// A temperature.
    Temperature,
    /// A length or distance.
    Distance,
    /// A weight.
    Weight,
    /// A day: `2026-11-23`.
    Date,
    /// A time of day: `15:00`.
    Time,
    /// A time on a day: `2026-11-23T15:00`.
    DateTime,
    /// From a day to another, the second excluded.
    DateRange,
    /// From a time of day to another.
    TimeRange,
    /// From a time on a day to another.
    DateTimeRange,
    /// A length of time, as TIMEX3 and ISO 8601 write it: `P3D`, `PT2H`.
    Duration,
    /// Something that comes again, as TIMEX3 writes it: `XXXX-WXX-1` is every Monday.
    Recurrence,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A web address.
    Url,
    /// A postal code.
    PostalCode,
    /// An order or booking number.
    OrderNumber,
    /// The name of a person.
    Person,
    /// The name of a place.
    Place,
    /// The name of a company or another organisation.
    Organization,
}

impl BuiltinEntity {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::Number,
        Self::Ordinal,
        Self::Percentage,
        Self::Money,
        Self::Age,
        Self::Temperature,
        Self::Distance,
        Self::Weight,
        Self::Date,
        Self::Time,
        Self::DateTime,
        Self::DateRange,
        Self::TimeRange,
        Self::DateTimeRange,
        Self::Duration,
        Self::Recurrence,
        Self::Phone,
        Self::Email,
        Self::Url,
        Self::PostalCode,
        Self::OrderNumber,
        Self::Person,
        Self::Place,
        Self::Organization,
    ];

    /// Its name in bundles and answers.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Ordinal => "ordinal",
            Self::Percentage => "percentage",
            Self::Money => "money",
            Self::Age => "age",
            Self::Temperature => "temperature",
            Self::Distance => "distance",
            Self::Weight => "weight",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "date_time",
            Self::DateRange => "date_range",
            Self::TimeRange => "time_range",
            Self::DateTimeRange => "date_time_range",
            Self::Duration => "duration",
            Self::Recurrence => "recurrence",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Url => "url",
            Self::PostalCode => "postal_code",
            Self::OrderNumber => "order_number",
            Self::Person => "person",
            Self::Place => "place",
            Self::Organization => "organization",
        }
    }

    /// The built-in entity of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|entity| entity.name() == name)
    }
}

/// Which reading of a day such as "Friday" is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimePreference {
    /// The next one: for bookings.
    #[default]
    Future,
    /// The last one: for reports of what happened.
    Past,
}

impl TimePreference {
    /// Whether it says nothing new.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What is taken for granted of times that people don't agree on: from when to when an evening is, how long the end of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeConvention {
    /// As Microsoft's Recognizers-Text has it: an evening is from 16:00 to 20:00, the end of a month its second half, the next three
    /// months start tomorrow.
    #[default]
    Recognizers,
    /// As Duckling has it, which bots written for Rasa use: an evening is from 18:00 to 24:00, the end of a month its last third, the next
    /// three months are whole ones.
    Duckling,
}

impl TimeConvention {
    /// Whether it says nothing new.
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_the_one_that_files_use() {
        for entity in BuiltinEntity::ALL {
            assert_eq!(serde_json::to_value(entity).unwrap(), entity.name());
            assert_eq!(BuiltinEntity::named(entity.name()), Some(entity));
        }
    }
}
